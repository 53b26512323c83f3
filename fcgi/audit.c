/* The tenant's audit log, as JSON or for a spreadsheet. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"
#include "fcgi/page.h"
#include "lib/clock.h"

#define CSV_ROWS 10000
#define CSV_MAX (REPLY_BODY_MAX - ((size_t)1 << 20))	/* a row is shorter than the rest */

struct search {
	const char *actor, *action, *resource_id, *q, *since, *until, *format;
	int64_t before, limit;
};

static const char *
check_time(const char *value)
{
	return clock_parse(value) >= 0 ? NULL :
	    "must be a time like 2026-11-29T10:00:00Z (RFC 3339)";
}

static const char *
check_format(const char *value)
{
	return strcmp(value, "json") == 0 || strcmp(value, "csv") == 0 ? NULL :
	    "must be json or csv";
}

const struct field audit_params[] = {
	FIELD(struct search, actor, STR, OPTIONAL, .min = 1, .max = 300),
	FIELD(struct search, action, STR, OPTIONAL, .min = 1, .max = 100),
	FIELD(struct search, resource_id, STR, OPTIONAL, .min = 1, .max = 100),
	FIELD(struct search, q, STR, OPTIONAL, .min = 0, .max = 100),
	FIELD(struct search, since, STR, OPTIONAL, .check = check_time),
	FIELD(struct search, until, STR, OPTIONAL, .check = check_time),
	FIELD(struct search, before, INT, OPTIONAL, .min = 1, .max = INT64_MAX),
	FIELD(struct search, limit, INT, OPTIONAL, .min = 0, .max = 100, .dflt = "50"),
	FIELD(struct search, format, STR, OPTIONAL, .dflt = "json", .check = check_format),
	{0}
};

static const char *
number(struct arena *a, int64_t n)
{
	return arena_printf(a, "%" PRId64, n);
}

static const char *
milliseconds(struct arena *a, const char *time)
{
	return time ? number(a, clock_parse(time)) : NULL;
}

/* RFC 4180. A spreadsheet takes what begins like these for a formula: a ' before it makes
 * it text. */
static void
csv_cell(struct buf *out, const char *value)
{
	const bool formula = value[0] != '\0' && strchr("=+-@\t\r", value[0]);

	buf_adds(out, formula ? "\"'" : "\"");
	for (; *value; value++) {
		if (*value == '"')
			buf_addc(out, '"');
		buf_addc(out, *value);
	}
	buf_addc(out, '"');
}

/* Returns how many of the rows found room. */
static size_t
csv_reply(struct reply *p, const struct db_rows *rows)
{
	static const struct {
		const char *name, *column;
	} cells[] = {
		{"id", "id_int"}, {"action", "action"}, {"resource_type", "resource_type"},
		{"resource_id", "resource_id"}, {"ip_address", "ip_address"},
		{"created_at", "created_at"}, {"metadata_", "metadata__json"},
		{"actor", "actor"}, {"request_id", "request_id"}, {"seq", "seq_int"},
		{"hash", "hash"},
	};
	const size_t n = sizeof cells / sizeof *cells;
	size_t i = 0;

	p->type = "text/csv; charset=utf-8";
	reply_header(p, "Content-Disposition", "attachment; filename=\"audit-log.csv\"");
	for (size_t c = 0; c < n; c++)
		buf_printf(&p->body, "%s%s", cells[c].name, c + 1 < n ? "," : "\r\n");
	for (; i < rows->n && p->body.len < CSV_MAX; i++) {
		for (size_t c = 0; c < n; c++) {
			csv_cell(&p->body, db_text_or(rows, i, cells[c].column, ""));
			buf_adds(&p->body, c + 1 < n ? "," : "\r\n");
		}
	}
	return i;
}

/* Where there may be more, a Link says where it goes on. */
static void
csv_part(struct route_ctx *c, const struct db_rows *rows)
{
	const size_t shown = csv_reply(c->reply, rows);

	if (shown > 0 && (shown < rows->n || rows->n == CSV_ROWS))
		page_link(c, "next", "before", db_text(rows, shown - 1, "id_int"));
}

int
audit_list(struct route_ctx *c, struct err *e)
{
	struct search s = {0};
	struct db_rows rows;

	if (request_params(c->a, c->r, audit_params, &s, e) != 0)
		return -1;
	const bool csv = strcmp(s.format, "csv") == 0;
	const char *before = s.before > 0 ? number(c->a, s.before) : NULL;
	const struct db_step step = {Q_audit_list, DB_ARGS(s.actor, s.action, s.resource_id,
	    s.q, milliseconds(c->a, s.since), milliseconds(c->a, s.until), before,
	    number(c->a, csv ? CSV_ROWS : s.limit))};

	if (auth_run(c, &step, 1, &rows, e) != 0)
		return -1;
	if (csv)
		csv_part(c, &rows);
	else
		db_json_rows(&c->reply->body, &rows);
	return 0;
}
