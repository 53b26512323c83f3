/*
 * Filling in struct err.  Texts that are too long are cut at a whole UTF-8 character, so
 * that an error can always be written as JSON.
 */
#include "config.h"

#include "lib/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Takes away an incomplete UTF-8 sequence at the end of a text that was cut. */
static void
trim_cut(char *text)
{
	size_t len = strlen(text), start = len;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start == 0)
		return;
	const unsigned char lead = (unsigned char)text[start - 1];
	const size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
	if (len - start + 1 < want)
		text[start - 1] = '\0';
}

static void __attribute__((format(printf, 3, 0)))
put(char *out, size_t size, const char *fmt, va_list ap)
{
	const int len = vsnprintf(out, size, fmt, ap);

	if (len < 0)
		out[0] = '\0';
	else if ((size_t)len >= size)
		trim_cut(out);
}

static void __attribute__((format(printf, 3, 4)))
putf(char *out, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(out, size, fmt, ap);
	va_end(ap);
}

/* Built aside: the arguments may be texts of *e itself. */
static int __attribute__((format(printf, 4, 0)))
set(struct err *e, enum err_kind kind, const char *code, const char *fmt, va_list ap)
{
	struct err now = {.kind = kind};

	putf(now.code, sizeof now.code, "%s", code);
	put(now.msg, sizeof now.msg, fmt, ap);
	*e = now;
	return -1;
}

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, kind, "", fmt, ap);
	va_end(ap);
	return -1;
}

int
err_code(struct err *e, enum err_kind kind, const char *code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, kind, code, fmt, ap);
	va_end(ap);
	return -1;
}

/* The sentence is the first field's error and how many others there are. */
static void
field_sentence(struct err *e, bool more)
{
	const struct err_field *first = &e->fields[0];
	const char *where = *first->pointer ? first->pointer : "the document";	/* RFC 6901 */

	if (more)
		putf(e->msg, sizeof e->msg, "%s: %s (and more than %d others)", where,
		    first->detail, ERR_FIELDS_MAX - 1);
	else if (e->nfields > 1)
		putf(e->msg, sizeof e->msg, "%s: %s (and %zu more)", where,
		    first->detail, e->nfields - 1);
	else
		putf(e->msg, sizeof e->msg, "%s: %s", where, first->detail);
}

int
err_field(struct err *e, const char *pointer, const char *fmt, ...)
{
	const bool more = e->nfields == ERR_FIELDS_MAX;

	if (!more) {
		struct err_field now = {0};
		va_list ap;

		putf(now.pointer, sizeof now.pointer, "%s", pointer);
		va_start(ap, fmt);
		put(now.detail, sizeof now.detail, fmt, ap);
		va_end(ap);
		if (e->nfields == 0)
			*e = (struct err){.kind = ERR_INPUT};
		e->fields[e->nfields++] = now;
	}
	field_sentence(e, more);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char context[sizeof e->msg], whole[2 * sizeof e->msg];
	va_list ap;

	va_start(ap, fmt);
	put(context, sizeof context, fmt, ap);
	va_end(ap);
	putf(whole, sizeof whole, "%s: %s", context, e->msg);
	putf(e->msg, sizeof e->msg, "%s", whole);
	return -1;
}

const char *
err_kind_name(enum err_kind kind)
{
	static const char *const names[] = {
		[ERR_NONE] = "none",
		[ERR_SYNTAX] = "syntax",
		[ERR_INPUT] = "input",
		[ERR_UNAUTHENTICATED] = "unauthenticated",
		[ERR_DENIED] = "denied",
		[ERR_MISSING] = "missing",
		[ERR_CONFLICT] = "conflict",
		[ERR_STALE] = "stale", [ERR_TOO_LARGE] = "too_large", [ERR_LIMITED] = "limited",
		[ERR_TRANSIENT] = "transient",
		[ERR_BUG] = "bug",
	};

	return names[kind];
}
