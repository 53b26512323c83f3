/*
 * Bearer tokens.  authenticate.sql comes first in every transaction and sets the tenant
 * that row-level security goes by; where it is left out, there is no tenant and no row.
 */
#include "config.h"

#include "fcgi/auth.h"

#include <string.h>

#include "lib/crypto.h"

static const char *const role_names[] = {
	[ROUTE_VIEWER] = "viewer", [ROUTE_OPERATOR] = "operator",
	[ROUTE_ADMIN] = "admin", [ROUTE_OWNER] = "owner",
};

int
auth_token(struct route_ctx *c, struct err *e)
{
	const char *token = c->route->role == ROUTE_ANYONE ? NULL : request_bearer(c->r);

	if (c->route->role == ROUTE_ANYONE)
		return 0;
	if (!token || !crypto_token_valid(token))
		return err_code(e, ERR_UNAUTHENTICATED, "token_invalid",
		    "A valid token is needed: Authorization: Bearer storeward_pat_...");
	c->token_hash = arena_printf(c->a, "\\x%s",
	    crypto_sha256_hex(c->a, token, strlen(token)));
	return 0;
}

int
auth_run(struct route_ctx *c, const struct db_step *steps, size_t n,
    struct db_rows *results, struct err *e)
{
	struct db_step all[AUTH_STEPS_MAX + 1];
	struct db_rows rows[AUTH_STEPS_MAX + 1];
	const char *role = role_names[c->route->role];

	if (n > AUTH_STEPS_MAX)
		return err_set(e, ERR_BUG, "more than %d steps in one request",
		    AUTH_STEPS_MAX);
	c->asked = true;
	all[0] = (struct db_step){Q_authenticate,
	    DB_ARGS(c->token_hash, c->r->ip, c->r->id, role)};
	for (size_t i = 0; i < n; i++)
		all[i + 1] = steps[i];
	if (db_pipeline(c->db, c->a, all, n + 1, rows, NULL, e) != 0)
		return -1;
	if (!db_bool(&rows[0], 0, "allowed"))
		return err_code(e, ERR_DENIED, "role_too_low",
		    "Your role is %s; this needs %s or higher",
		    db_text(&rows[0], 0, "role"), role);
	for (size_t i = 0; i < n; i++)
		results[i] = rows[i + 1];
	return 0;
}
