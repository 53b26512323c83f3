/* Big lists cut into rows, however the bytes arrive. */
#include "config.h"

#include "lib/json.h"

#include <string.h>

#include "tests/check.h"

static int
take_row(void *ctx, struct arena *a, const struct json *row, struct err *e)
{
	struct buf *seen = ctx;

	(void)a, (void)e;
	buf_addc(seen, 'r');
	return json_write(seen, row);
}

static int
take_head(void *ctx, struct arena *a, const char *name, const struct json *v, struct err *e)
{
	struct buf *seen = ctx;

	(void)a, (void)e;
	buf_printf(seen, "h%s=", name);
	return json_write(seen, v);
}

/* text -> what was handed over, or NULL and the kind of the error. */
static const struct {
	const char *text, *seen;
	enum err_kind kind;
} cases[] = {
	{"{\"kind\":\"Table\",\"n\":12,\"rows\":[{\"a\":[1,\"]}\\\"\"]}, 2 ,\"x\"],\"m\":{\"c\":\"\"}}",
	    "hkind=\"Table\"hn=12r{\"a\":[1,\"]}\\\"\"]}r2r\"x\"hm={\"c\":\"\"}", ERR_NONE},
	{"{}", "", ERR_NONE},
	{" { \"rows\" : [ ] } \n", "", ERR_NONE},
	{"{\"rows\":null}", "hrows=null", ERR_NONE},
	{"{\"n\":1}", "hn=1", ERR_NONE},
	{"{\"rows\":[1,2", NULL, ERR_TRANSIENT},
	{"{\"rows\":[1,2]", NULL, ERR_TRANSIENT},
	{"", NULL, ERR_TRANSIENT},
	{"{\"rows\":[{\"a\":1,\"a\":2}]}", NULL, ERR_SYNTAX},
	{"{\"rows\":[1,]}", NULL, ERR_SYNTAX},
	{"{\"rows\":[1 2]}", NULL, ERR_SYNTAX},
	{"{\"rows\":[]]}", NULL, ERR_SYNTAX},
	{"{\"a\":1,}", NULL, ERR_SYNTAX},
	{"{} x", NULL, ERR_SYNTAX},
	{"<html>", NULL, ERR_SYNTAX},
	{"{ x", NULL, ERR_SYNTAX},
	{"{\"rows\":5}", NULL, ERR_SYNTAX},
	{"{\"rows\":{\"a\":1}}", NULL, ERR_SYNTAX},
	{"{\"rows\":[1],\"rows\":[]}", NULL, ERR_SYNTAX},
	{"{\"m\":{\"c\":1},\"\\u006d\":{}}", NULL, ERR_SYNTAX},
	{"{\"rows\":[\"0123456789012345678901234567890123456789012345678901234567890123", NULL, ERR_TOO_LARGE},
	{"{\"rows\":[\"0123456789012345678901234567890123456789012345678901234567890123456789\"]}", NULL, ERR_TOO_LARGE},
};

static void
feed(size_t i, size_t piece)
{
	BUF(seen, 1000);
	struct err e = {0};
	struct json_rows *r = json_rows_new("rows", 64, take_row, take_head, &seen);
	size_t len = strlen(cases[i].text);
	int rc = 0;

	for (size_t at = 0; at < len && rc == 0; at += piece)
		rc = json_rows_feed(r, cases[i].text + at, len - at < piece ? len - at : piece, &e);
	if (rc == 0)
		rc = json_rows_end(r, &e);
	CHECK(e.kind == cases[i].kind);
	CHECK((rc == 0) == (cases[i].seen != NULL));
	/* What failed stays failed, also for who does not look. */
	if (rc != 0)
		CHECK(json_rows_feed(r, "{}", 2, &e) == -1 && json_rows_end(r, &e) == -1);
	if (cases[i].seen)
		CHECK_STR(buf_text(&seen), cases[i].seen);
	if (check_failures)
		fprintf(stderr, "in case %s by %zu: %s\n", cases[i].text, piece, e.msg);
	json_rows_free(r);
}

static void
cuts(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t piece = 1; piece < 40; piece += 6)
			feed(i, piece);
}

static int
refuse_row(void *ctx, struct arena *a, const struct json *row, struct err *e)
{
	(void)ctx, (void)a, (void)row;
	return err_set(e, ERR_BUG, "no");
}

static void
stops_when_told(void)
{
	struct err e = {0};
	struct json_rows *r = json_rows_new("rows", 64, refuse_row, NULL, NULL);

	CHECK(json_rows_feed(r, "{\"rows\":[1,2]}", 14, &e) == -1 && e.kind == ERR_BUG);
	json_rows_free(r);
}

int
main(void)
{
	static const struct test tests[] = {
		{"json_rows: cuts and refuses, in pieces of any size", cuts},
		{"json_rows: stops when the row function fails", stops_when_told},
		{NULL, NULL},
	};

	return test_main(tests);
}
