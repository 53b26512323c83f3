/* Other wishes for a store that is there: another plan or version, a pause, one more try,
 * new passwords, a look at how it does.  Each is answered with the store. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/etag.h"
#include "fcgi/handlers.h"
#include "fcgi/store.h"

struct change {
	const char *plan, *engine_version;
	bool suspended, without_backup, probe_orders;
};
static const struct field change_fields[] = {
	FIELD(struct change, plan, STR, OPTIONAL, .min = 1, .max = 63,
	    .check = field_dns_label),
	FIELD(struct change, suspended, BOOL, OPTIONAL),
	FIELD(struct change, engine_version, STR, OPTIONAL, .min = 1, .max = 50),
	FIELD(struct change, without_backup, BOOL, OPTIONAL),
	FIELD(struct change, probe_orders, BOOL, OPTIONAL),
	{0}
};

/* null would take a member away (RFC 7396): a store has all of them. */
static int
refuse_nulls(struct arena *a, const struct json *body, struct err *e)
{
	int rc = 0;

	for (const struct field *f = change_fields; f->name; f++) {
		const struct json *given = json_get(body, f->name);

		if (given && given->type == JSON_NULL)
			rc = err_field(e, arena_printf(a, "/%s", f->name),
			    "cannot be taken away");
	}
	return rc;
}

/* What field_read() does not see: each member alone may be right. */
static int
check_members(struct arena *a, const struct json *body, struct err *e)
{
	if (body->type != JSON_OBJECT)
		return 0;	/* refused by field_read() */
	if (json_count(body) == 0)
		return err_field(e, "", "must have at least one of plan, suspended, "
		    "engine_version, probe_orders");
	const int rc = refuse_nulls(a, body, e);

	if (json_get(body, "without_backup") && !json_get(body, "engine_version"))
		return err_field(e, "/without_backup", "is of use only with engine_version");
	return rc;
}

/* For the database: NULL where the member is not there. */
static const char *
flag(const struct json *body, const char *member, bool value)
{
	return !json_get(body, member) ? NULL : value ? "t" : "f";
}

static int
wish(struct route_ctx *c, const struct db_step *step, struct err *e)
{
	const struct db_step steps[] = {*step, {Q_store_get, DB_ARGS(c->id, NULL)}};
	struct db_rows rows[2];

	if (auth_run(c, steps, 2, rows, e) != 0)
		return -1;
	return store_reply(c, 202, &rows[1], e);
}

int
store_change(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct change change = {0};
	const char *generation;

	if (!body || check_members(c->a, body, e) != 0 ||
	    field_read(c->a, change_fields, body, "", &change, e) != 0 ||
	    etag_generation(c, &generation, e) != 0)
		return -1;
	const struct db_step step = {Q_store_change, DB_ARGS(c->id, generation, change.plan,
	    flag(body, "suspended", change.suspended), change.engine_version,
	    flag(body, "without_backup", change.without_backup),
	    flag(body, "probe_orders", change.probe_orders))};

	return wish(c, &step, e);
}

/* There is nothing to say in the bodies of the others: one that is sent is not read. */
int
store_retry(struct route_ctx *c, struct err *e)
{
	const char *generation;

	if (etag_generation(c, &generation, e) != 0)
		return -1;
	const struct db_step step = {Q_store_retry, DB_ARGS(c->id, generation)};

	return wish(c, &step, e);
}

int
store_rotate(struct route_ctx *c, struct err *e)
{
	const char *generation;

	if (etag_generation(c, &generation, e) != 0)
		return -1;
	const struct db_step step = {Q_store_rotate, DB_ARGS(c->id, generation)};

	return wish(c, &step, e);
}

/* No wish for another state, so whatever was changed meanwhile does not matter. */
int
store_check(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_store_check, DB_ARGS(c->id)};

	return wish(c, &step, e);
}
