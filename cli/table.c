/* Lists: aligned columns for people, JSON for programs. */
#include "config.h"

#include "cli/cli.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define JSON_MAX (64 << 20)

/* The column's name without the suffix that says its JSON type. */
static int
title_len(const char *col)
{
	static const char *const suffixes[] = {"_int", "_bool", "_json"};
	const size_t len = strlen(col);

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		const size_t n = strlen(suffixes[i]);

		if (len > n && strcmp(col + len - n, suffixes[i]) == 0)
			return (int)(len - n);
	}
	return (int)len;
}

static const char *
value_at(const struct db_rows *r, size_t row, size_t col)
{
	const char *text = r->v[row * r->ncols + col];

	if (!text)
		return "-";
	if (strlen(r->cols[col]) > 5 && strcmp(strchr(r->cols[col], '\0') - 5, "_bool") == 0)
		return *text == 't' ? "yes" : "no";
	return text;
}

/* Code points, for columns that line up; text from outside loses its control characters. */
static int
width(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void
print_cell(const char *text, int pad)
{
	for (const char *c = text; *c; c++)
		putchar(iscntrl((unsigned char)*c) ? ' ' : *c);
	if (pad >= 0)
		printf("%*s", pad + 2, "");
}

static void
print_columns(const struct cli *c, const struct db_rows *r)
{
	int *widths = arena_array(c->a, int, r->ncols);

	for (size_t col = 0; col < r->ncols; col++) {
		widths[col] = title_len(r->cols[col]);
		for (size_t row = 0; row < r->n; row++) {
			const int w = width(value_at(r, row, col));

			widths[col] = w > widths[col] ? w : widths[col];
		}
	}
	for (size_t col = 0; col < r->ncols; col++) {
		char *title = arena_strndup(c->a, r->cols[col], (size_t)title_len(r->cols[col]));

		for (char *t = title; *t; t++)
			*t = *t == '_' ? ' ' : (char)toupper((unsigned char)*t);
		print_cell(title, col + 1 < r->ncols ? widths[col] - width(title) : -1);
	}
	putchar('\n');
	for (size_t row = 0; row < r->n; row++) {
		for (size_t col = 0; col < r->ncols; col++) {
			const char *text = value_at(r, row, col);

			print_cell(text, col + 1 < r->ncols ? widths[col] - width(text) : -1);
		}
		putchar('\n');
	}
}

int
table_print(const struct cli *c, const struct db_rows *r, struct err *e)
{
	if (!c->json) {
		print_columns(c, r);
		return 0;
	}
	BUF(out, JSON_MAX);
	if (db_json_rows(&out, r) != 0 || buf_full(&out))
		return err_set(e, ERR_TOO_LARGE, "the list is larger than %d MiB", JSON_MAX >> 20);
	puts(buf_text(&out));
	return 0;
}
