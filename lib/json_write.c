/* JSON values to text: compact, and where asked with members in order. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"

int
json_write_string(struct buf *out, const char *s)
{
	static const char escapes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *from = s;

	if (!s)
		return buf_adds(out, "null");
	buf_addc(out, '"');
	for (; *s; s++) {
		const char *found = strchr(escapes, *s);

		if (!found && (unsigned char)*s >= 0x20)
			continue;
		buf_add(out, from, (size_t)(s - from));
		from = s + 1;
		if (found)
			buf_printf(out, "\\%c", letters[found - escapes]);
		else
			buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*s);
	}
	buf_add(out, from, (size_t)(s - from));
	return buf_addc(out, '"');
}

static int
by_name(const void *x, const void *y)
{
	const struct json_member *const *a = x, *const *b = y;

	return strcmp((*a)->name, (*b)->name);
}

static void
write_value(struct buf *out, struct arena *a, const struct json *v);

/* With an arena the members are sorted, without they keep their order. */
static void
write_object(struct buf *out, struct arena *a, const struct json *v)
{
	const struct json_member **order = a ? arena_array(a, const struct json_member *, v->nmembers + 1) : NULL;

	for (size_t i = 0; order && i < v->nmembers; i++)
		order[i] = &v->members[i];
	if (order)
		qsort(order, v->nmembers, sizeof *order, by_name);
	buf_addc(out, '{');
	for (size_t i = 0; i < v->nmembers; i++) {
		const struct json_member *m = order ? order[i] : &v->members[i];

		if (i > 0)
			buf_addc(out, ',');
		json_write_string(out, m->name);
		buf_addc(out, ':');
		write_value(out, a, m->value);
	}
	buf_addc(out, '}');
}

static void
write_array(struct buf *out, struct arena *a, const struct json *v)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < v->n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		write_value(out, a, v->items[i]);
	}
	buf_addc(out, ']');
}

/* Reads back to the same number; JSON has no infinities (RFC 8259 section 6). */
static void
write_double(struct buf *out, double number)
{
	char text[40];

	if (!isfinite(number)) {
		buf_adds(out, "null");
		return;
	}
	number += 0.0;	/* -0 becomes 0, which is what it reads back as */
	snprintf(text, sizeof text, "%.15g", number);	/* 0.1, not 0.10000000000000001 */
	if (strtod(text, NULL) != number)
		snprintf(text, sizeof text, "%.17g", number);
	buf_adds(out, text);
}

static void
write_value(struct buf *out, struct arena *a, const struct json *v)
{
	switch (v ? v->type : JSON_NULL) {
	case JSON_NULL:
		buf_adds(out, "null");
		break;
	case JSON_BOOL:
		buf_adds(out, v->boolean ? "true" : "false");
		break;
	case JSON_INT:
		buf_printf(out, "%" PRId64, v->integer);
		break;
	case JSON_DOUBLE:
		write_double(out, v->number);
		break;
	case JSON_STRING:
		json_write_string(out, v->text);
		break;
	case JSON_ARRAY:
		write_array(out, a, v);
		break;
	case JSON_OBJECT:
		write_object(out, a, v);
		break;
	}
}

int
json_write(struct buf *out, const struct json *v)
{
	write_value(out, NULL, v);
	return buf_full(out) ? -1 : 0;
}

int
json_write_sorted(struct buf *out, const struct json *v)
{
	ARENA(a);

	write_value(out, &a, v);
	return buf_full(out) ? -1 : 0;
}
