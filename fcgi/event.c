/* A store's timeline, and the same in the form of the API that this one continues. */
#include "config.h"

#include <inttypes.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

struct window {
	int64_t before, after, limit;
};
const struct field event_params[] = {
	FIELD(struct window, before, INT, OPTIONAL, .min = 1, .max = INT64_MAX),
	FIELD(struct window, after, INT, OPTIONAL, .min = 0, .max = INT64_MAX),
	FIELD(struct window, limit, INT, OPTIONAL, .min = 0, .max = 100, .dflt = "50"),
	{0}
};
const struct field event_log_params[] = {
	FIELD(struct window, limit, INT, OPTIONAL, .min = 0, .max = 100, .dflt = "50"),
	{0}
};

static const char *
number(struct arena *a, int64_t n)
{
	return arena_printf(a, "%" PRId64, n);
}

/* The events by `list`, of a store that is there. */
static int
show(struct route_ctx *c, struct db_step list, struct err *e)
{
	const struct db_step steps[] = {{Q_store_known, DB_ARGS(c->id)}, list};
	struct db_rows rows[2];

	if (auth_run(c, steps, 2, rows, e) != 0)
		return -1;
	if (rows[0].n == 0)
		return err_code(e, ERR_MISSING, "store_not_found", "Store not found");
	return db_json_rows(&c->reply->body, &rows[1]);
}

int
event_list(struct route_ctx *c, struct err *e)
{
	struct window w = {0};

	if (request_params(c->a, c->r, event_params, &w, e) != 0)
		return -1;
	const char *before = w.before > 0 ? number(c->a, w.before) : NULL;

	return show(c, (struct db_step){Q_event_list, DB_ARGS(c->id, before,
	    number(c->a, w.after), number(c->a, w.limit))}, e);
}

int
event_logs(struct route_ctx *c, struct err *e)
{
	struct window w = {0};

	if (request_params(c->a, c->r, event_log_params, &w, e) != 0)
		return -1;
	return show(c, (struct db_step){Q_event_logs, DB_ARGS(c->id,
	    number(c->a, w.limit))}, e);
}
