/* Stores: what the tenant wishes for goes in, what the reconciler saw comes out. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"
#include "lib/crypto.h"

#define NAME_MAX_BYTES 64

static const char *
check_name(const char *value)
{
	char lower[NAME_MAX_BYTES] = "";

	for (size_t i = 0; value[i] != '\0'; i++) {
		if (i == sizeof lower - 1)
			return NULL;	/* the length is refused by max */
		lower[i] = (char)tolower((unsigned char)value[i]);
	}
	return field_dns_label(lower);
}

static const char *
check_policy(const char *value)
{
	return strcmp(value, "destroy") == 0 || strcmp(value, "retain") == 0 ? NULL :
	    "must be destroy or retain";
}

struct wish {
	const char *name, *engine, *plan, *deletion_policy;
};
static const struct field wish_fields[] = {
	FIELD(struct wish, name, STR, REQUIRED, .min = 3, .max = 50, .check = check_name),
	FIELD(struct wish, engine, STR, REQUIRED, .min = 1, .max = 63,
	    .check = field_dns_label),
	FIELD(struct wish, plan, STR, OPTIONAL, .min = 1, .max = 63,
	    .check = field_dns_label),
	FIELD(struct wish, deletion_policy, STR, OPTIONAL, .dflt = "destroy",
	    .check = check_policy),
	{0}
};

/* What the database's own constraints mean to a client. */
static const struct {
	const char *constraint;
	enum err_kind kind;
	const char *code, *pointer, *detail;
} refusals[] = {
	{"store_name_key", ERR_CONFLICT, "name_taken", "/name", "is taken"},
	{"store_name_reserved", ERR_INPUT, "name_reserved", "/name", "is reserved"},
	{"store_name_length", ERR_INPUT, "invalid", "/name",
	    "must have 3 to 50 characters"},
	{"dns_label_check", ERR_INPUT, "invalid", "/name", "must be a DNS label"},
};

static void
explain_constraint(struct err *e)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		if (e->sqlstate[0] == '\0' ||
		    strcmp(e->code, refusals[i].constraint) != 0)
			continue;
		e->nfields = 0;
		err_field(e, refusals[i].pointer, "%s", refusals[i].detail);
		e->kind = refusals[i].kind;
		snprintf(e->code, sizeof e->code, "%s", refusals[i].code);
		return;
	}
}

/* A random UUID (RFC 9562, version 4). */
static const char *
new_id(struct arena *a)
{
	unsigned char b[16];

	crypto_random(b, sizeof b);
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	const char *hex = crypto_hex(a, b, sizeof b);

	return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12,
	    hex + 16, hex + 20);
}

static const char *
lower_case(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* store_create made no row. */
static int
explain_refusal(struct route_ctx *c, const struct wish *w, struct err *e)
{
	struct db_rows why;

	const struct db_args args = DB_ARGS(w->engine, w->plan);

	if (db_list(c->db, c->a, Q_store_refusal, args, 2, &why, e) != 0)
		return -1;
	for (size_t i = 0; i < why.n; i++)
		err_field(e, db_text(&why, i, "pointer"), "%s",
		    db_text(&why, i, "detail"));
	if (why.n == 0)
		err_code(e, ERR_CONFLICT, "cluster_full",
		    "No cluster has room for another store.");
	return -1;
}

int
store_create(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct wish w = {0};

	if (!body || field_read(c->a, wish_fields, body, "", &w, e) != 0)
		return -1;
	const char *id = new_id(c->a), *name = lower_case(c->a, w.name);
	const struct db_step steps[] = {
		{Q_store_create, DB_ARGS(id, name, w.engine, w.plan, w.deletion_policy)},
		{Q_store_get, DB_ARGS(id)},
	};
	struct db_rows rows[2];

	if (auth_run(c, steps, 2, rows, e) != 0) {
		explain_constraint(e);
		return -1;
	}
	if (rows[1].n == 0)
		return explain_refusal(c, &w, e);
	c->reply->status = 202;
	reply_header(c->reply, "Location", "/api/v1/stores/%s", id);
	db_json_row(&c->reply->body, &rows[1], 0);
	return 0;
}

/* Unknown ids and other tenants' ids are not told apart. */
static int
not_found(struct err *e)
{
	return err_code(e, ERR_MISSING, "store_not_found", "Store not found");
}

int
store_get(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_store_get, DB_ARGS(c->id)};
	struct db_rows store;

	if (auth_run(c, &step, 1, &store, e) != 0)
		return -1;
	if (store.n == 0)
		return not_found(e);
	db_json_row(&c->reply->body, &store, 0);
	return 0;
}

int
store_delete(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_store_delete, DB_ARGS(c->id)};
	struct db_rows gone;

	if (auth_run(c, &step, 1, &gone, e) != 0)
		return -1;
	if (gone.n == 0)
		return not_found(e);
	c->reply->status = 202;
	buf_adds(&c->reply->body,
	    "{\"message\":\"Store deletion initiated\",\"status\":\"deleting\"}");
	return 0;
}

struct page {
	int64_t skip, limit;
};
const struct field store_params[] = {
	FIELD(struct page, skip, INT, OPTIONAL, .min = 0, .max = 1000000000, .dflt = "0"),
	FIELD(struct page, limit, INT, OPTIONAL, .min = 0, .max = 100, .dflt = "20"),
	{0}
};

#define LINK "</api/v1/stores?skip=%" PRId64 "&limit=%" PRId64 ">; rel=\"%s\""

/* Where there is more: Link (RFC 8288) and the total. */
static void
page_headers(struct reply *p, const struct page *page, int64_t total)
{
	const int64_t before = page->skip > page->limit ? page->skip - page->limit : 0;

	reply_header(p, "X-Total-Count", "%" PRId64, total);
	if (page->limit > 0 && page->skip + page->limit < total)
		reply_header(p, "Link", LINK, page->skip + page->limit, page->limit,
		    "next");
	if (page->limit > 0 && page->skip > 0)
		reply_header(p, "Link", LINK, before, page->limit, "prev");
}

int
store_list(struct route_ctx *c, struct err *e)
{
	struct page page = {0};
	struct db_rows rows[2];

	if (request_params(c->a, c->r, store_params, &page, e) != 0)
		return -1;
	const char *skip = arena_printf(c->a, "%" PRId64, page.skip);
	const char *limit = arena_printf(c->a, "%" PRId64, page.limit);
	const struct db_step steps[] = {
		{Q_store_count, DB_NOARGS},
		{Q_store_list, DB_ARGS(skip, limit)},
	};

	if (auth_run(c, steps, 2, rows, e) != 0)
		return -1;
	page_headers(c->reply, &page, db_int(&rows[0], 0, "total", 0));
	db_json_rows(&c->reply->body, &rows[1]);
	return 0;
}
