/* Reading structs by a table, with the same checks and words for every source. */
#include "config.h"

#include "lib/field.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_scan.h"

#define CHECKED_MAX ((size_t)1 << 20)	/* bytes of a value that is checked as text */

static bool
is_utf8(const char *s)
{
	size_t left = strlen(s), n = 1;

	for (; left > 0 && n > 0; s += n, left -= n)
		n = utf8_length((const unsigned char *)s, left);
	return n > 0;
}

static size_t
code_points(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* What is wrong with the number of characters or the value, as text in the arena; NULL if nothing. */
static const char *
range(struct arena *a, const struct field *f, int64_t n, const char *unit)
{
	if ((f->min == 0 && f->max == 0) || (n >= f->min && (f->max == 0 || n <= f->max)))
		return NULL;
	if (f->max == 0)
		return arena_printf(a, "must be at least %" PRId64 "%s", f->min, unit);
	if (f->min == f->max)
		return arena_printf(a, "must be %" PRId64 "%s", f->min, unit);
	return arena_printf(a, "must be %" PRId64 " to %" PRId64 "%s", f->min, f->max, unit);
}

static const char *
set_text(struct arena *a, const struct field *f, const char *text, void *at)
{
	const char *wrong = range(a, f, (int64_t)code_points(text), " characters");

	if (!wrong && f->check)
		wrong = f->check(text);
	*(const char **)at = arena_strdup(a, text);
	return wrong;
}

static const char *
set_number(struct arena *a, const struct field *f, int64_t n, void *at)
{
	*(int64_t *)at = n;
	return range(a, f, n, "");
}

/* Stores a value that is given as text; returns what is wrong with it. */
static const char *
from_text(struct arena *a, const struct field *f, const char *text, void *at)
{
	char *end;
	long long n;

	switch (f->type) {
	case FIELD_STR:
		return is_utf8(text) ? set_text(a, f, text, at) : "must be UTF-8";
	case FIELD_INT:
		errno = 0;
		n = strtoll(text, &end, 10);
		if (*text == '\0' || *end != '\0' || errno != 0 || text[strspn(text, "-0123456789")] != '\0')
			return "must be a whole number";
		return set_number(a, f, n, at);
	case FIELD_BOOL:
		*(bool *)at = strcmp(text, "true") == 0;
		return *(bool *)at || strcmp(text, "false") == 0 ? NULL : "must be true or false";
	case FIELD_JSON:
		*(const struct json **)at = json_string(a, text);
		return f->check ? f->check(text) : NULL;
	}
	return "has no type";
}

static const char *
check_json(const struct field *f, const struct json *v)
{
	BUF(text, CHECKED_MAX);

	return json_write(&text, v) == 0 ? f->check(buf_text(&text)) : "is too long";
}

static const char *
from_json(struct arena *a, const struct field *f, const struct json *v, void *at)
{
	switch (f->type) {
	case FIELD_STR:
		return v->type == JSON_STRING ? set_text(a, f, v->text, at) : "must be a string";
	case FIELD_INT:
		return v->type == JSON_INT ? set_number(a, f, v->integer, at) : "must be a whole number";
	case FIELD_BOOL:
		*(bool *)at = v->type == JSON_BOOL && v->boolean;
		return v->type == JSON_BOOL ? NULL : "must be true or false";
	case FIELD_JSON:
		*(const struct json **)at = v;
		return f->check ? check_json(f, v) : NULL;
	}
	return "has no type";
}

/* The default, or NULL, 0, false. */
static void
set_default(struct arena *a, const struct field *f, void *at)
{
	if (f->dflt)
		from_text(a, f, f->dflt, at);
	else if (f->type == FIELD_STR)
		*(const char **)at = NULL;
	else if (f->type == FIELD_INT)
		*(int64_t *)at = 0;
	else if (f->type == FIELD_BOOL)
		*(bool *)at = false;
	else
		*(const struct json **)at = NULL;
}

static const struct field *
find(const struct field *table, const char *name)
{
	for (const struct field *f = table; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

/* "name, engine, plan" */
static const char *
names(struct arena *a, const struct field *table)
{
	const char *list = "";

	for (const struct field *f = table; f->name; f++)
		list = arena_printf(a, "%s%s%s", list, *list ? ", " : "", f->name);
	return list;
}

/* RFC 6901: ~ and / in a name are written ~0 and ~1. */
static const char *
pointer(struct arena *a, const char *prefix, const char *name)
{
	BUF(out, 400);

	buf_adds(&out, prefix);
	buf_addc(&out, '/');
	for (; *name; name++) {
		if (*name == '~' || *name == '/')
			buf_adds(&out, *name == '~' ? "~0" : "~1");
		else
			buf_addc(&out, *name);
	}
	return arena_strdup(a, buf_text(&out));
}

int
field_read(struct arena *a, const struct field *table, const struct json *v,
    const char *prefix, void *out, struct err *e)
{
	int rc = 0;

	if (!v || v->type != JSON_OBJECT)
		return err_field(e, prefix, "must be an object");
	for (const struct field *f = table; f->name; f++) {
		const struct json *given = NULL;
		void *at = (char *)out + f->offset;
		const char *wrong = NULL;

		for (size_t i = 0; i < v->nmembers; i++)
			if (strcmp(v->members[i].name, f->name) == 0)
				given = v->members[i].value;
		set_default(a, f, at);
		if (given && given->type != JSON_NULL)
			wrong = from_json(a, f, given, at);
		else if (f->need == FIELD_REQUIRED)
			wrong = "is required";
		if (wrong)
			rc = err_field(e, pointer(a, prefix, f->name), "%s", wrong);
	}
	for (size_t i = 0; i < v->nmembers; i++)
		if (!find(table, v->members[i].name))
			rc = err_field(e, pointer(a, prefix, v->members[i].name), "is not known; known are %s", names(a, table));
	return rc;
}

int
field_read_text(struct arena *a, const struct field *table,
    const char *(*get)(void *ctx, const char *name), void *ctx, void *out, struct err *e)
{
	int rc = 0;

	for (const struct field *f = table; f->name; f++) {
		const char *text = get(ctx, f->name), *wrong = NULL;
		void *at = (char *)out + f->offset;

		set_default(a, f, at);
		if (text)
			wrong = from_text(a, f, text, at);
		else if (f->need == FIELD_REQUIRED)
			wrong = "is required";
		if (wrong)
			rc = err_field(e, f->name, "%s", wrong);
	}
	return rc;
}

const char *
field_dns_label(const char *value)
{
	size_t len = strlen(value);

	if (len >= 1 && len <= 63 && value[0] != '-' && value[len - 1] != '-' &&
	    value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0')
		return NULL;
	return "must be a DNS label: a-z, 0-9 and '-', not beginning or ending with '-'";
}

const char *
field_uuid(const char *value)
{
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (value[i] == '\0' || (dash ? value[i] != '-' : !strchr("0123456789abcdefABCDEF", value[i])))
			return "must be a UUID";
	}
	return value[36] == '\0' ? NULL : "must be a UUID";
}

const char *
field_email(const char *value)
{
	const char *at = strchr(value, '@');

	if (at && at != value && at[1] && !strchr(at + 1, '@') && !strpbrk(value, " \t\r\n") && strlen(value) <= 254)
		return NULL;
	return "must be an e-mail address";
}
