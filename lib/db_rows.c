/* Reading a result that was copied out of libpq, and writing it as JSON. */
#include "config.h"

#include "lib/db.h"

#include "lib/json.h"
#include "lib/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Asking for what the query does not select is a mistake in the program. */
static size_t
column(const struct db_rows *r, const char *col)
{
	for (size_t i = 0; i < r->ncols; i++) {
		if (strcmp(r->cols[i], col) == 0)
			return i;
	}
	log_error("a query's result has no such column", "column", col, NULL);
	abort();
}

const char *
db_text(const struct db_rows *r, size_t row, const char *col)
{
	const size_t c = column(r, col);

	if (row >= r->n) {
		log_error("a query's result has no such row", "column", col, NULL);
		abort();
	}
	return r->v[row * r->ncols + c];
}

const char *
db_text_or(const struct db_rows *r, size_t row, const char *col, const char *dflt)
{
	const char *text = db_text(r, row, col);

	return text ? text : dflt;
}

int64_t
db_int(const struct db_rows *r, size_t row, const char *col, int64_t dflt)
{
	const char *text = db_text(r, row, col);

	return text ? strtoimax(text, NULL, 10) : dflt;
}

bool
db_bool(const struct db_rows *r, size_t row, const char *col)
{
	const char *text = db_text(r, row, col);

	return text && text[0] == 't';
}

static int
write_raw(struct buf *out, const char *value)
{
	return buf_adds(out, value);
}

static int
write_bool(struct buf *out, const char *value)
{
	return buf_adds(out, value[0] == 't' ? "true" : "false");
}

/* Only digits are a number for sure: a numeric may be NaN. */
static int
write_int(struct buf *out, const char *value)
{
	const char *digits = value + (value[0] == '-');

	if (digits[0] != '\0' && digits[strspn(digits, "0123456789")] == '\0')
		return buf_adds(out, value);
	return json_write_string(out, value);
}

static const struct suffix {
	const char *text;
	size_t len;
	int (*write)(struct buf *out, const char *value);
} suffixes[] = {
	{"_json", 5, write_raw},
	{"_bool", 5, write_bool},
	{"_int", 4, write_int},
	{"", 0, json_write_string},
};

/* The last row fits every name. */
static const struct suffix *
suffix_of(const char *col, size_t len)
{
	const struct suffix *s = suffixes;

	while (s->len > 0 && (len <= s->len ||
	    memcmp(col + len - s->len, s->text, s->len) != 0))
		s++;
	return s;
}

int
db_json_row(struct buf *out, const struct db_rows *r, size_t i)
{
	buf_addc(out, '{');
	for (size_t c = 0; c < r->ncols; c++) {
		const char *value = r->v[i * r->ncols + c];
		const size_t len = strlen(r->cols[c]);
		const struct suffix *s = suffix_of(r->cols[c], len);

		/* Names are SQL identifiers we wrote: nothing in them needs escaping. */
		buf_adds(out, c > 0 ? ",\"" : "\"");
		buf_add(out, r->cols[c], len - s->len);
		buf_adds(out, "\":");
		if (value)
			s->write(out, value);
		else
			buf_adds(out, "null");
	}
	return buf_addc(out, '}');
}

int
db_json_rows(struct buf *out, const struct db_rows *r)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < r->n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		db_json_row(out, r, i);
	}
	return buf_addc(out, ']');
}
