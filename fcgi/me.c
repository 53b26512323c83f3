/* The person who asks: what they may see and do, and their password. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/handlers.h"
#include "fcgi/password.h"

struct change {
	const char *current, *password;
};
static const struct field change_fields[] = {
	FIELD(struct change, current, STR, REQUIRED, .min = 1, .max = PASSWORD_MAX,
	    .secret = true),
	FIELD(struct change, password, STR, REQUIRED, .min = PASSWORD_NEW_MIN,
	    .max = PASSWORD_MAX, .secret = true),
	{0}
};

int
me_show(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_me, DB_NOARGS};
	struct db_rows me;

	if (auth_run(c, &step, 1, &me, e) != 0)
		return -1;
	if (me.n == 0)
		return err_set(e, ERR_BUG, "who was let in is nobody");
	db_json_row(&c->reply->body, &me, 0);
	return 0;
}

/* Who stole a session must not find out the password by it: tries count as in signing in. */
int
me_password(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	const struct db_step who = {Q_me_email, DB_NOARGS};
	struct change change = {0};
	struct password_owner owner;
	struct db_rows row;
	const char *hash;

	if (!body || field_read(c->a, change_fields, body, "", &change, e) != 0 ||
	    auth_run(c, &who, 1, &row, e) != 0)
		return -1;
	const char *email = db_text(&row, 0, "email");
	const char *weakness = password_weakness(change.password, email);

	if (weakness)
		return err_field(e, "/password", "%s", weakness);
	if (password_check(c, email, change.current, &owner, e) != 0)
		return -1;
	if (!owner.user_id)
		return err_field(e, "/current", "is wrong");
	if (password_hash(c, change.password, &hash, e) != 0)
		return -1;
	const struct db_step set = {Q_me_password, DB_ARGS(owner.hash, hash)};

	if (auth_run(c, &set, 1, &row, e) != 0)
		return -1;
	if (!db_bool(&row, 0, "changed"))
		return err_field(e, "/current", "was changed meanwhile");
	c->reply->status = 204;
	return 0;
}
