/*
 * Tokens and sessions.  authenticate.sql comes first in every transaction and sets the
 * tenant that row-level security goes by; where it is left out, there is no tenant and no
 * row.
 */
#include "config.h"

#include "fcgi/auth.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/crypto.h"

const char *
auth_hash(struct arena *a, const char *credential)
{
	return arena_printf(a, "\\x%s",
	    crypto_sha256_hex(a, credential, strlen(credential)));
}

static bool
is_safe(const struct request *r)
{
	return strcmp(r->method, "GET") == 0;
}

/* Whether an Origin is the host that was asked; the scheme may have changed at a proxy. */
static bool
own_origin(const char *origin, const char *host)
{
	const char *at = strstr(origin, "://");

	return at && host && strcasecmp(at + 3, host) == 0;
}

/*
 * A page of another site can make a browser send our cookie, but it cannot add a header
 * of its own without our leave, and browsers say where a request comes from (Fetch
 * Metadata).
 */
static int
refuse_foreign(const struct request *r, struct err *e)
{
	const char *own = fcgi_param(r->conn, "HTTP_X_STOREWARD_CSRF");
	const char *site = fcgi_param(r->conn, "HTTP_SEC_FETCH_SITE");
	const char *origin = fcgi_param(r->conn, "HTTP_ORIGIN");
	const bool foreign = site ? strcmp(site, "same-origin") != 0 :
	    origin && !own_origin(origin, fcgi_param(r->conn, "HTTP_HOST"));

	if (foreign || !own || strcmp(own, "1") != 0)
		return err_code(e, ERR_DENIED, "csrf",
		    "A session's requests must come from this site, "
		    "with the header X-Storeward-CSRF: 1");
	return 0;
}

static int
take_token(struct route_ctx *c, const char *token, struct err *e)
{
	if (request_cookie(c->a, c->r, AUTH_COOKIE))
		return err_code(e, ERR_SYNTAX, "two_credentials",
		    "Send a token or a session's cookie, not both");
	if (!crypto_token_valid(token))
		return err_code(e, ERR_UNAUTHENTICATED, "token_invalid",
		    "The token is not one of ours, or was not copied whole");
	if (c->route->session_only)
		return err_code(e, ERR_DENIED, "session_only",
		    "This needs a session: sign in with your password");
	c->credential = "token";
	c->hash = auth_hash(c->a, token);
	return 0;
}

static int
take_session(struct route_ctx *c, const char *cookie, struct err *e)
{
	if (!cookie)
		return err_code(e, ERR_UNAUTHENTICATED, "token_invalid", "Sign in, or send "
		    "a token: Authorization: Bearer storeward_pat_...");
	if (strlen(cookie) != AUTH_COOKIE_CHARS)
		return err_code(e, ERR_UNAUTHENTICATED, "session_ended",
		    "You are signed out; sign in again.");
	if (!is_safe(c->r) && refuse_foreign(c->r, e) != 0)
		return -1;
	c->credential = "session";
	c->hash = auth_hash(c->a, cookie);
	return 0;
}

int
auth_credential(struct route_ctx *c, struct err *e)
{
	const char *token = request_bearer(c->r);

	if (c->route->role == ROUTE_ANYONE)
		return is_safe(c->r) ? 0 : refuse_foreign(c->r, e);
	return token ? take_token(c, token, e) :
	    take_session(c, request_cookie(c->a, c->r, AUTH_COOKIE), e);
}

/* RateLimit fields: draft-ietf-httpapi-ratelimit-headers-10. */
static void
tell_limit(struct route_ctx *c, const struct db_rows *who)
{
	const char *bucket = c->route->limit ? c->route->limit->bucket : NULL;
	const int64_t used = db_int(who, 0, "quota_used", 0);
	const int64_t quota = db_int(who, 0, "quota_limit", 0);
	const long long left = used < quota ? quota - used : 0;

	if (!bucket || !db_text(who, 0, "quota_used"))
		return;
	reply_header(c->reply, "RateLimit-Policy", "\"%s\";q=%lld;w=60", bucket,
	    (long long)quota);
	reply_header(c->reply, "RateLimit", "\"%s\";r=%lld;t=%s", bucket, left,
	    db_text(who, 0, "reset_s"));
}

static int
verdict(struct route_ctx *c, const struct db_rows *who, struct err *e)
{
	const char *needed = route_role_name(c->route->role);

	if (!db_bool(who, 0, "allowed"))
		return err_code(e, ERR_DENIED, "role_too_low",
		    c->route->role == ROUTE_PLATFORM ?
		    "Your role is %s; this is for administrators of the platform" :
		    "Your role is %s; this needs %s or higher",
		    db_text(who, 0, "role"), needed);
	tell_limit(c, who);
	if (!db_bool(who, 0, "limited"))
		return 0;
	reply_header(c->reply, "Retry-After", "%s", db_text(who, 0, "reset_s"));
	return err_code(e, ERR_LIMITED, "rate_limited",
	    "Rate limit exceeded: %s per 1 minute", db_text(who, 0, "quota_limit"));
}

static int
run(struct route_ctx *c, const struct route_limit *limit, const struct db_step *steps,
    size_t n, struct db_rows *results, struct err *e)
{
	struct db_step all[AUTH_STEPS_MAX + 1];
	struct db_rows rows[AUTH_STEPS_MAX + 1];
	char quota[16];

	if (n > AUTH_STEPS_MAX)
		return err_set(e, ERR_BUG, "more than %d steps in one request",
		    AUTH_STEPS_MAX);
	c->asked = true;
	snprintf(quota, sizeof quota, "%d", limit ? limit->per_minute : 0);
	all[0] = (struct db_step){Q_authenticate, DB_ARGS(c->credential, c->hash, c->r->ip,
	    c->r->id, fcgi_param(c->r->conn, "HTTP_X_STOREWARD_POLL") ? "f" : "t",
	    route_role_name(c->route->role), limit ? limit->bucket : NULL, quota)};
	for (size_t i = 0; i < n; i++)
		all[i + 1] = steps[i];
	if (db_pipeline(c->db, c->a, all, n + 1, rows, NULL, e) != 0)
		return -1;
	c->counted = c->counted || limit;
	for (size_t i = 0; i < n; i++)
		results[i] = rows[i + 1];
	return verdict(c, &rows[0], e);
}

int
auth_run(struct route_ctx *c, const struct db_step *steps, size_t n,
    struct db_rows *results, struct err *e)
{
	return run(c, c->counted ? NULL : c->route->limit, steps, n, results, e);
}

int
auth_only(struct route_ctx *c, struct err *e)
{
	return run(c, NULL, NULL, 0, NULL, e);
}
