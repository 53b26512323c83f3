/* API tokens of the person who asks, for the tenant they work for now. */
#include "config.h"

#include <inttypes.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"
#include "lib/crypto.h"

struct wanted {
	const char *name;
	int64_t expires_in_days;
};
static const struct field wanted_fields[] = {
	FIELD(struct wanted, name, STR, REQUIRED, .min = 1, .max = 100),
	FIELD(struct wanted, expires_in_days, INT, OPTIONAL, .min = 1, .max = 365,
	    .dflt = "90"),
	{0}
};

int
me_tokens(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_token_list, DB_NOARGS};
	struct db_rows tokens;

	if (auth_run(c, &step, 1, &tokens, e) != 0)
		return -1;
	db_json_rows(&c->reply->body, &tokens);
	return 0;
}

static void
member(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "%s\"%s\":", out->len == 0 ? "{" : ",", name);
	json_write_string(out, value);
}

int
me_token_create(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct wanted wanted = {0};
	struct db_rows made;

	if (!body || field_read(c->a, wanted_fields, body, "", &wanted, e) != 0)
		return -1;
	const char *token = crypto_token_new(c->a), *hash = auth_hash(c->a, token);
	const char *days = arena_printf(c->a, "%" PRId64, wanted.expires_in_days);
	const struct db_step step = {Q_token_create, DB_ARGS(wanted.name, hash, days)};

	if (auth_run(c, &step, 1, &made, e) != 0)
		return -1;
	if (made.n == 0)
		return err_code(e, ERR_DENIED, "not_a_member", "A token acts as a member of "
		    "the tenant, and you are none of this one");
	c->reply->status = 201;
	member(&c->reply->body, "id", db_text(&made, 0, "id"));
	member(&c->reply->body, "name", wanted.name);
	member(&c->reply->body, "token", token);
	member(&c->reply->body, "expires_at", db_text(&made, 0, "expires_at"));
	buf_addc(&c->reply->body, '}');
	return 0;
}

int
me_token_revoke(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_token_revoke, DB_ARGS(c->id)};
	struct db_rows row;

	if (auth_run(c, &step, 1, &row, e) != 0)
		return -1;
	if (!db_bool(&row, 0, "revoked"))
		return err_code(e, ERR_MISSING, "token_not_found", "Token not found");
	c->reply->status = 204;
	return 0;
}
