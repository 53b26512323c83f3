/* Sessions of people in browsers: signing in and out, the tenant they work for. */
#include "config.h"

#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"
#include "fcgi/password.h"
#include "lib/crypto.h"

#define USER_AGENT_MAX ((size_t)200)
#define COOKIE AUTH_COOKIE "=%s; Path=/; Secure; HttpOnly; SameSite=Lax"

struct sign_in {
	const char *email, *password, *tenant;
};
static const struct field sign_in_fields[] = {
	FIELD(struct sign_in, email, STR, REQUIRED, .min = 1, .max = 254,
	    .check = field_email),
	FIELD(struct sign_in, password, STR, REQUIRED, .min = 1, .max = PASSWORD_MAX,
	    .secret = true),
	FIELD(struct sign_in, tenant, STR, OPTIONAL, .min = 1, .max = 63),
	{0}
};

struct choice {
	const char *tenant;
};
static const struct field choice_fields[] = {
	FIELD(struct choice, tenant, STR, REQUIRED, .min = 1, .max = 63),
	{0}
};

static int
no_tenant(const char *name, struct err *e)
{
	if (name)
		return err_code(e, ERR_MISSING, "tenant_not_found",
		    "You are no member of a tenant of that name");
	return err_code(e, ERR_DENIED, "no_tenant", "You are no member of any tenant yet; "
	    "an administrator of the platform can change that");
}

/* What people recognise their browser by; anything but plain text is not kept. */
static const char *
user_agent(const struct route_ctx *c)
{
	const char *given = fcgi_param(c->r->conn, "HTTP_USER_AGENT");
	char *copy = given ?
	    arena_strndup(c->a, given, strnlen(given, USER_AGENT_MAX)) : arena_strdup(c->a, "");

	for (char *at = copy; *at; at++) {
		if (*at < 0x20 || *at > 0x7e)
			*at = '?';
	}
	return copy;
}

/* The session that this browser has until now: nobody could end it later. */
static const char *
former_session(const struct route_ctx *c)
{
	const char *cookie = request_cookie(c->a, c->r, AUTH_COOKIE);

	return cookie ? auth_hash(c->a, cookie) : NULL;
}

int
session_create(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct sign_in in = {0};
	struct password_owner owner;
	struct db_rows session;

	if (!body || field_read(c->a, sign_in_fields, body, "", &in, e) != 0 ||
	    password_check(c, in.email, in.password, &owner, e) != 0)
		return -1;
	if (!owner.user_id)
		return err_code(e, ERR_UNAUTHENTICATED, "credentials_wrong",
		    "The e-mail address or the password is wrong.");
	const char *cookie = crypto_random_text(c->a, AUTH_COOKIE_CHARS);
	const char *hash = auth_hash(c->a, cookie);
	const struct db_args args = DB_ARGS(owner.user_id, owner.hash, hash, former_session(c),
	    in.tenant, c->r->ip, user_agent(c), c->r->id);

	if (db_find(c->db, c->a, Q_sign_in, args, &session, e) != 0)
		return -1;
	if (session.n == 0)
		return no_tenant(in.tenant, e);
	c->credential = "session";
	c->hash = hash;
	if (me_show(c, e) != 0)
		return -1;
	c->reply->status = 201;
	reply_header(c->reply, "Set-Cookie", COOKIE, cookie);
	return 0;
}

int
session_change(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct choice choice = {0};
	struct db_rows chosen;

	if (!body || field_read(c->a, choice_fields, body, "", &choice, e) != 0)
		return -1;
	const struct db_step step = {Q_session_tenant, DB_ARGS(choice.tenant)};

	if (auth_run(c, &step, 1, &chosen, e) != 0)
		return -1;
	return chosen.n == 0 ? no_tenant(choice.tenant, e) : me_show(c, e);
}

/* Ends the session `id`, or the one that asks (NULL), whose cookie goes too. */
static int
end_session(struct route_ctx *c, const char *id, struct err *e)
{
	const struct db_step step = {Q_session_end, DB_ARGS(id)};
	struct db_rows row;

	if (auth_run(c, &step, 1, &row, e) != 0)
		return -1;
	if (!db_bool(&row, 0, "ended"))
		return err_code(e, ERR_MISSING, "session_not_found", "Session not found");
	if (db_bool(&row, 0, "own"))
		reply_header(c->reply, "Set-Cookie", COOKIE "; Max-Age=0", "");
	c->reply->status = 204;
	return 0;
}

int
session_delete(struct route_ctx *c, struct err *e)
{
	return end_session(c, NULL, e);
}

int
me_session_end(struct route_ctx *c, struct err *e)
{
	return end_session(c, c->id, e);
}

int
me_sessions(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_session_list, DB_NOARGS};
	struct db_rows sessions;

	if (auth_run(c, &step, 1, &sessions, e) != 0)
		return -1;
	db_json_rows(&c->reply->body, &sessions);
	return 0;
}
