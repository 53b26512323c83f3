/* The state of the installation, and what happened to the tenant's stores. */
#include "config.h"

#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

static int
one_row(struct route_ctx *c, enum query q, struct err *e)
{
	const struct db_step step = {q, DB_NOARGS};
	struct db_rows row;

	if (auth_run(c, &step, 1, &row, e) != 0)
		return -1;
	return db_json_row(&c->reply->body, &row, 0);
}

int
observe_health(struct route_ctx *c, struct err *e)
{
	return one_row(c, Q_observe_health, e);
}

int
observe_metrics(struct route_ctx *c, struct err *e)
{
	return one_row(c, Q_observe_metrics, e);
}

/* As many points as a chart can show. */
static const struct span {
	const char *hours, *buckets, *seconds;
} spans[] = {
	{"24", "24", "3600"}, {"168", "28", "21600"}, {"720", "30", "86400"},
};
#define NSPANS (sizeof spans / sizeof *spans)

static const struct span *
find_span(const char *hours)
{
	for (size_t i = 0; i < NSPANS; i++) {
		if (strcmp(spans[i].hours, hours) == 0)
			return &spans[i];
	}
	return NULL;
}

static const char *
check_hours(const char *value)
{
	return find_span(value) ? NULL : "must be 24, 168 or 720";
}

struct history {
	const char *hours;
};
const struct field observe_params[] = {
	FIELD(struct history, hours, STR, OPTIONAL, .dflt = "24", .check = check_hours),
	{0}
};

int
observe_history(struct route_ctx *c, struct err *e)
{
	struct history h = {0};
	struct db_rows points;

	if (request_params(c->a, c->r, observe_params, &h, e) != 0)
		return -1;
	const struct span *span = find_span(h.hours);
	const struct db_step step = {Q_observe_history, DB_ARGS(span->buckets, span->seconds)};

	if (auth_run(c, &step, 1, &points, e) != 0)
		return -1;
	buf_printf(&c->reply->body, "{\"hours\":%s,\"bucket_seconds\":%s,\"points\":",
	    span->hours, span->seconds);
	db_json_rows(&c->reply->body, &points);
	return buf_addc(&c->reply->body, '}');
}
