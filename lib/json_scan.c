/*
 * One pass over JSON text with a small state; grammar is json-c's business.
 * RFC 8259: https://www.rfc-editor.org/rfc/rfc8259
 */
#include "config.h"

#include "lib/json_scan.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"

int
json_scan_error(const char *text, size_t at, struct err *e, const char *what)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at; i++) {
		column = text[i] == '\n' ? 1 : column + 1;
		line += text[i] == '\n';
	}
	return err_set(e, ERR_SYNTAX, "line %zu, column %zu: %s", line, column, what);
}

size_t
utf8_length(const unsigned char *p, size_t n)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;

	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if (len == 3 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)))
		return 0;	/* overlong, or a surrogate */
	if (len == 4 && ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)))
		return 0;	/* overlong, or beyond U+10FFFF */
	return len;
}

/* Bytes of the escape that begins at p with a backslash (n bytes left); 0, with *wrong, if it is not
 * allowed: NUL, or half of a surrogate pair (RFC 8259 section 8.2).  Other faults are json-c's to find. */
static size_t
escape_length(const char *p, size_t n, const char **wrong)
{
	char hex[5] = "";
	unsigned long unit;

	if (n < 6 || p[1] != 'u')
		return n < 2 ? 1 : 2;
	memcpy(hex, p + 2, 4);
	unit = strtoul(hex, NULL, 16);
	*wrong = unit == 0 ? "NUL is not allowed in a string" : "half of a surrogate pair is no character";
	if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return 0;
	if (unit < 0xd800 || unit > 0xdfff)
		return 6;
	if (n < 12 || p[6] != '\\' || p[7] != 'u')
		return 0;
	memcpy(hex, p + 8, 4);
	unit = strtoul(hex, NULL, 16);
	return unit >= 0xdc00 && unit <= 0xdfff ? 12 : 0;
}

/* Returns the index behind the closing quote of the string that begins at `at`, 0 on error. */
static size_t
scan_string(const char *text, size_t len, size_t at, struct err *e)
{
	const char *wrong = NULL;

	for (size_t i = at + 1, n; i < len; i += n) {
		unsigned char c = (unsigned char)text[i];

		n = utf8_length((const unsigned char *)text + i, len - i);
		if (n == 0)
			return (json_scan_error(text, i, e, "the text is not UTF-8"), 0);
		if (c == '"')
			return i + 1;
		if (c < 0x20)
			return (json_scan_error(text, i, e, "a control character in a string must be escaped"), 0);
		if (c != '\\')
			continue;
		n = escape_length(text + i, len - i, &wrong);
		if (n == 0)
			return (json_scan_error(text, i, e, wrong), 0);
	}
	return (json_scan_error(text, at, e, "the string does not end"), 0);
}

static size_t
digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Whether int64_t or double holds the number; text goes on behind its len bytes. */
static bool
number_fits(const char *text, size_t len, bool whole)
{
	if (!whole)
		return isfinite(strtod(text, NULL));
	if (len <= 18)
		return true;	/* always */
	errno = 0;
	strtoll(text, NULL, 10);
	return errno == 0;
}

static size_t
scan_number(const char *text, size_t len, size_t at, struct err *e)
{
	size_t i = at + (text[at] == '-'), n = digits(text + i, len - i);
	bool whole = true;

	if (n == 0 || (n > 1 && text[i] == '0'))
		return (json_scan_error(text, at, e, "this is not a number"), 0);
	i += n;
	if (i < len && text[i] == '.') {
		n = digits(text + i + 1, len - i - 1);
		if (n == 0)
			return (json_scan_error(text, at, e, "this is not a number"), 0);
		i += n + 1;
		whole = false;
	}
	if (i < len && (text[i] == 'e' || text[i] == 'E')) {
		i += 1 + (i + 1 < len && (text[i + 1] == '+' || text[i + 1] == '-'));
		n = digits(text + i, len - i);
		if (n == 0)
			return (json_scan_error(text, at, e, "this is not a number"), 0);
		i += n;
		whole = false;
	}
	if (!number_fits(text + at, i - at, whole))
		return (json_scan_error(text, at, e, "the number is too large"), 0);
	return i;
}

static size_t
scan_word(const char *text, size_t len, size_t at, struct err *e)
{
	static const char *const words[] = {"true", "false", "null"};

	for (size_t w = 0; w < 3; w++) {
		size_t n = strlen(words[w]);

		if (len - at >= n && memcmp(text + at, words[w], n) == 0)
			return at + n;
	}
	json_scan_error(text, at, e, "this is not JSON");
	return 0;
}

int
json_scan(const char *text, size_t len, size_t *names, struct err *e)
{
	size_t depth = 0, i = 0;

	*names = 0;
	while (i < len) {
		char c = text[i];

		if (strchr("{[", c) && c && ++depth > JSON_DEPTH_MAX)
			return json_scan_error(text, i, e, "the value is nested too deeply");
		if ((c == '}' || c == ']') && depth-- == 0)
			return json_scan_error(text, i, e, "a bracket closes nothing");
		*names += c == ':';
		if (c == '"')
			i = scan_string(text, len, i, e);
		else if (c == '-' || (c >= '0' && c <= '9'))
			i = scan_number(text, len, i, e);
		else if (c && strchr("{}[]:, \t\r\n", c))
			i++;
		else
			i = scan_word(text, len, i, e);
		if (i == 0)
			return -1;
	}
	return 0;
}

struct name {
	size_t at, len, depth;
};

static int
refuse_name(const char *text, const struct name *name, struct err *e)
{
	size_t len = name->len < 80 ? name->len : 80;
	char what[128];

	while (len < name->len && (text[name->at + len] & 0xc0) == 0x80)
		len--;	/* no half characters */
	snprintf(what, sizeof what, "the member \"%.*s\" appears twice", (int)len, text + name->at);
	return json_scan_error(text, name->at - 1, e, what);
}

int
json_scan_duplicate(const char *text, size_t len, struct err *e)
{
	struct name seen[256];
	size_t n = 0, depth = 0, end;
	struct err ignored;

	for (size_t i = 0; i < len; i = end) {
		end = i + 1;
		depth += text[i] == '{' || text[i] == '[';
		if (text[i] == '}' || text[i] == ']') {
			while (n > 0 && seen[n - 1].depth == depth)
				n--;
			depth--;
		}
		if (text[i] != '"')
			continue;
		end = scan_string(text, len, i, &ignored);
		if (end == 0)
			break;
		size_t colon = end + strspn(text + end, " \t\r\n");
		if (text[colon] != ':' || n == sizeof seen / sizeof *seen)
			continue;
		seen[n] = (struct name){i + 1, end - i - 2, depth};
		for (size_t s = n; s-- > 0 && seen[s].depth == depth;)
			if (seen[s].len == seen[n].len && memcmp(text + seen[s].at, text + seen[n].at, seen[n].len) == 0)
				return refuse_name(text, &seen[n], e);
		n++;
	}
	return err_set(e, ERR_SYNTAX, "a member's name appears twice in one object");
}
