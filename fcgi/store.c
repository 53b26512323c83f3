/* Stores: what the tenant wishes for goes in, what the reconciler saw comes out. */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/etag.h"
#include "fcgi/handlers.h"
#include "fcgi/store.h"
#include "lib/buf.h"
#include "lib/crypto.h"

#define NAME_MAX_BYTES 64
#define KEY_MAX 255

const char *
store_check_name(const char *value)
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
	FIELD(struct wish, name, STR, REQUIRED, .min = STORE_NAME_MIN,
	    .max = STORE_NAME_MAX, .check = store_check_name),
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

const char *
store_lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text);

	for (char *c = copy; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

/* Idempotency-Key: visible ASCII, of any form that the client likes. */
static int
read_key(const struct route_ctx *c, const char **key, struct err *e)
{
	*key = fcgi_param(c->r->conn, "HTTP_IDEMPOTENCY_KEY");
	const size_t len = *key ? strlen(*key) : 1;

	for (size_t i = 0; *key && i < len; i++) {
		if ((*key)[i] <= ' ' || (*key)[i] > '~')
			return err_field(e, "Idempotency-Key",
			    "must be visible ASCII characters");
	}
	return len >= 1 && len <= KEY_MAX ? 0 :
	    err_field(e, "Idempotency-Key", "must be 1 to %d characters", KEY_MAX);
}

/* What was asked for, whatever the order of its members. */
static const char *
request_hash(struct arena *a, const struct json *body, size_t max)
{
	BUF(text, 2 * max);

	json_write_sorted(&text, body);
	return arena_printf(a, "\\x%s", crypto_sha256_hex(a, buf_text(&text), text.len));
}

/* Only this refusal is written down.  It counts for the rate limit, which so bounds how
 * much is written. */
static int
quota_refused(struct route_ctx *c, const char *name, struct err *e)
{
	const struct db_step step = {Q_quota_refused, DB_ARGS(name)};
	struct db_rows none;
	struct err other = {.kind = ERR_NONE};

	if (auth_run(c, &step, 1, &none, &other) != 0)
		*e = other;
	return -1;
}

int
store_create(struct route_ctx *c, struct err *e)
{
	const struct json *body = request_json(c->a, c->r, c->route->body_max, e);
	struct wish w = {0};
	const char *key;

	if (!body || field_read(c->a, wish_fields, body, "", &w, e) != 0 ||
	    read_key(c, &key, e) != 0)
		return -1;
	const char *id = new_id(c->a), *name = store_lower(c->a, w.name);
	const char *hash = request_hash(c->a, body, c->route->body_max);
	const struct db_step steps[] = {
		{Q_store_create, DB_ARGS(id, name, w.engine, w.plan, w.deletion_policy, key,
		    hash)},
		{Q_store_get, DB_ARGS(id, key)},
	};
	struct db_rows rows[2];

	if (auth_run(c, steps, 2, rows, e) != 0) {
		explain_constraint(e);
		return strcmp(e->code, "quota_exceeded") == 0 ?
		    quota_refused(c, name, e) : -1;
	}
	if (store_reply(c, 202, &rows[1], e) != 0)
		return -1;
	reply_header(c->reply, "Location", "/api/v1/stores/%s", db_text(&rows[1], 0, "id"));
	return 0;
}

int
store_reply(struct route_ctx *c, int status, const struct db_rows *store, struct err *e)
{
	if (store->n == 0)	/* of another tenant too: these are not told apart */
		return err_code(e, ERR_MISSING, "store_not_found", "Store not found");
	c->reply->status = status;
	c->generation = db_text(store, 0, "generation_int");
	return db_json_row(&c->reply->body, store, 0);
}

int
store_get(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_store_get, DB_ARGS(c->id, NULL)};
	struct db_rows store;

	if (auth_run(c, &step, 1, &store, e) != 0)
		return -1;
	return store_reply(c, 200, &store, e);
}

int
store_delete(struct route_ctx *c, struct err *e)
{
	const char *generation;
	struct db_rows none;

	if (etag_generation(c, &generation, e) != 0)
		return -1;
	const struct db_step step = {Q_store_delete, DB_ARGS(c->id, generation)};

	if (auth_run(c, &step, 1, &none, e) != 0)
		return -1;
	c->reply->status = 202;
	return buf_adds(&c->reply->body,
	    "{\"message\":\"Store deletion initiated\",\"status\":\"deleting\"}");
}
