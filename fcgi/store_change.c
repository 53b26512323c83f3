/* Other wishes for a store that is there: another plan, a pause, one more try. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/etag.h"
#include "fcgi/handlers.h"
#include "fcgi/store.h"

struct change {
	const char *plan;
	bool suspended;
};
static const struct field change_fields[] = {
	FIELD(struct change, plan, STR, OPTIONAL, .min = 1, .max = 63,
	    .check = field_dns_label),
	FIELD(struct change, suspended, BOOL, OPTIONAL),
	{0}
};

/* null would take a member away (RFC 7396): a store has both. */
static int
refuse_nulls(struct arena *a, const struct json *body, struct err *e)
{
	int rc = 0;

	if (body->type != JSON_OBJECT)
		return 0;	/* refused by field_read() */
	for (const struct field *f = change_fields; f->name; f++) {
		const struct json *given = json_get(body, f->name);

		if (given && given->type == JSON_NULL)
			rc = err_field(e, arena_printf(a, "/%s", f->name),
			    "cannot be taken away");
	}
	if (json_count(body) == 0)
		rc = err_field(e, "", "must have plan, suspended or both");
	return rc;
}

int
store_change(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct change change = {0};
	const char *generation;

	if (!body || refuse_nulls(c->a, body, e) != 0 ||
	    field_read(c->a, change_fields, body, "", &change, e) != 0 ||
	    etag_generation(c, &generation, e) != 0)
		return -1;
	const char *suspended = !json_get(body, "suspended") ? NULL :
	    change.suspended ? "t" : "f";
	const struct db_step steps[] = {
		{Q_store_change, DB_ARGS(c->id, generation, change.plan, suspended)},
		{Q_store_get, DB_ARGS(c->id, NULL)},
	};
	struct db_rows rows[2];

	if (auth_run(c, steps, 2, rows, e) != 0)
		return -1;
	return store_reply(c, 202, &rows[1], e);
}

/* There is nothing to say in a body: one that is sent is not read. */
int
store_retry(struct route_ctx *c, struct err *e)
{
	const char *generation;

	if (etag_generation(c, &generation, e) != 0)
		return -1;
	const struct db_step steps[] = {
		{Q_store_retry, DB_ARGS(c->id, generation)},
		{Q_store_get, DB_ARGS(c->id, NULL)},
	};
	struct db_rows rows[2];

	if (auth_run(c, steps, 2, rows, e) != 0)
		return -1;
	return store_reply(c, 202, &rows[1], e);
}
