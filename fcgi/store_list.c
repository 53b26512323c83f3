/* Stores by the page, how many there are, and whether a name can be had. */
#include "config.h"

#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"
#include "fcgi/page.h"
#include "fcgi/store.h"

struct list {
	struct page page;
	const char *status, *engine, *q, *sort;
};

static bool
is_one_of(const char *const *words, const char *text, size_t len)
{
	for (; *words; words++) {
		if (strlen(*words) == len && memcmp(*words, text, len) == 0)
			return true;
	}
	return false;
}

static const char *
check_statuses(const char *value)
{
	static const char *const statuses[] = {"requested", "provisioning", "ready",
	    "degraded", "failed", "suspended", "deleting", NULL};

	for (const char *at = value;; at++) {
		const size_t len = strcspn(at, ",");

		if (!is_one_of(statuses, at, len))
			return "must be of requested, provisioning, ready, degraded, "
			    "failed, suspended, deleting, with commas between them";
		at += len;
		if (*at == '\0')
			return NULL;
	}
}

static const char *
check_sort(const char *value)
{
	static const char *const sorts[] = {"urgency", "name", "created_at", "changed_at",
	    NULL};
	const char *key = value + (*value == '-');

	return is_one_of(sorts, key, strlen(key)) ? NULL :
	    "must be urgency, name, created_at or changed_at, with '-' before it for the "
	    "other direction";
}

const struct field store_list_params[] = {
	PAGE_FIELDS(struct list),
	FIELD(struct list, status, STR, OPTIONAL, .min = 1, .max = 200,
	    .check = check_statuses),
	FIELD(struct list, engine, STR, OPTIONAL, .min = 1, .max = 63,
	    .check = field_dns_label),
	FIELD(struct list, q, STR, OPTIONAL, .min = 0, .max = 50),
	FIELD(struct list, sort, STR, OPTIONAL, .min = 1, .max = 20, .dflt = "-created_at",
	    .check = check_sort),
	{0}
};

int
store_list(struct route_ctx *c, struct err *e)
{
	struct list l = {0};
	struct db_rows rows[2];

	if (request_params(c->a, c->r, store_list_params, &l, e) != 0)
		return -1;
	const char *filters = arena_printf(c->a, "%s|%s|%s|%s", l.sort,
	    l.status ? l.status : "", l.engine ? l.engine : "", l.q ? l.q : "");
	/* Words of a closed list need no quotes in an array. */
	const char *statuses = l.status ? arena_printf(c->a, "{%s}", l.status) : NULL;
	struct page *p = &l.page;

	if (page_read(c, p, filters, e) != 0)
		return -1;
	const struct db_step steps[] = {
		{Q_store_count, DB_ARGS(statuses, l.engine, l.q)},
		{Q_store_list, DB_ARGS(statuses, l.engine, l.q, l.sort, p->after_key,
		    p->after_id, p->offset, p->rows)},
	};

	if (auth_run(c, steps, 2, rows, e) != 0)
		return page_refused(p, e);
	page_reply(c, p, filters, db_int(&rows[0], 0, "total", 0), &rows[1]);
	return 0;
}

int
store_summary(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_store_summary, DB_NOARGS};
	struct db_rows summary;

	if (auth_run(c, &step, 1, &summary, e) != 0)
		return -1;
	return db_json_row(&c->reply->body, &summary, 0);
}

struct candidate {
	const char *name;
};
const struct field store_name_params[] = {
	FIELD(struct candidate, name, STR, REQUIRED, .max = 200),
	{0}
};

/* The rule in one sentence; a name that breaks it is an answer, not an error. */
static const char *
name_rule(const char *name)
{
	const size_t len = strlen(name);

	if (len >= STORE_NAME_MIN && len <= STORE_NAME_MAX && !store_check_name(name))
		return NULL;
	return "A name has 3 to 50 characters: a-z, 0-9 and '-', not beginning or ending "
	    "with '-'.";
}

int
store_name_check(struct route_ctx *c, struct err *e)
{
	struct candidate candidate = {0};
	struct db_rows answer;

	if (request_params(c->a, c->r, store_name_params, &candidate, e) != 0)
		return -1;
	const char *name = store_lower(c->a, candidate.name);
	const struct db_step step = {Q_store_name_check, DB_ARGS(name, name_rule(name))};

	if (auth_run(c, &step, 1, &answer, e) != 0)
		return -1;
	return db_json_row(&c->reply->body, &answer, 0);
}
