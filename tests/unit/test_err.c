/* lib/err: sentences, codes, fields and cutting. */
#include "config.h"

#include "lib/err.h"

#include "tests/check.h"

static void
setting(void)
{
	struct err e = {0};

	CHECK(err_field(&e, "/name", "is taken") == -1);
	CHECK(err_set(&e, ERR_MISSING, "store %s is unknown", "x") == -1);
	CHECK(e.kind == ERR_MISSING && e.nfields == 0 && e.code[0] == '\0');
	CHECK_STR(e.msg, "store x is unknown");
	CHECK(err_code(&e, ERR_CONFLICT, "name_taken", "taken") == -1);
	CHECK(e.kind == ERR_CONFLICT);
	CHECK_STR(e.code, "name_taken");
	CHECK(err_wrap(&e, "creating %s", "y") == -1);
	CHECK_STR(e.msg, "creating y: taken");
	CHECK_STR(e.code, "name_taken");
	/* The arguments may come from the same struct. */
	err_set(&e, ERR_BUG, "again: %s", e.msg);
	CHECK_STR(e.msg, "again: creating y: taken");
}

static void
fields(void)
{
	struct err e = {0};

	CHECK(err_field(&e, "/name", "must have at most %d characters", 50) == -1);
	CHECK(e.kind == ERR_INPUT && e.nfields == 1);
	CHECK_STR(e.fields[0].pointer, "/name");
	CHECK_STR(e.fields[0].detail, "must have at most 50 characters");
	CHECK_STR(e.msg, "/name: must have at most 50 characters");
	err_field(&e, "/plan", "is unknown");
	CHECK_STR(e.msg, "/name: must have at most 50 characters (and 1 more)");
	for (int i = 2; i < ERR_FIELDS_MAX + 3; i++)
		err_field(&e, "/x", "no");
	CHECK(e.nfields == ERR_FIELDS_MAX);
	CHECK_STR(e.fields[1].pointer, "/plan");
	CHECK_STR(e.msg, "/name: must have at most 50 characters (and more than 15 others)");
	e = (struct err){0};
	err_field(&e, "", "must be an object");
	CHECK_STR(e.msg, "the document: must be an object");
}

static void
cutting(void)
{
	struct err e;
	char text[2000];

	/* "é" is two bytes; after one byte in front a cut falls within a character. */
	text[0] = 'x';
	for (size_t i = 1; i < sizeof text - 1; i++)
		text[i] = i % 2 ? '\xC3' : '\xA9';
	text[sizeof text - 1] = '\0';
	err_set(&e, ERR_INPUT, "%s", text);
	CHECK(strlen(e.msg) == 399 && strncmp(e.msg, text, 399) == 0);
	err_set(&e, ERR_INPUT, "%s", text + 1);
	CHECK(strlen(e.msg) == 398);
	err_wrap(&e, "%s", text);
	CHECK(strlen(e.msg) == 399);
	err_set(&e, ERR_INPUT, "%.397s\xE2\x82\xAC", text);	/* a euro sign: 3 bytes, 2 fit */
	CHECK(strlen(e.msg) == 397);
}

static void
kinds(void)
{
	static const struct {
		enum err_kind kind;
		const char *name;
	} table[] = {
		{ERR_NONE, "none"}, {ERR_SYNTAX, "syntax"}, {ERR_INPUT, "input"},
		{ERR_UNAUTHENTICATED, "unauthenticated"}, {ERR_DENIED, "denied"},
		{ERR_MISSING, "missing"}, {ERR_CONFLICT, "conflict"},
		{ERR_TOO_LARGE, "too_large"}, {ERR_TRANSIENT, "transient"}, {ERR_BUG, "bug"},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		CHECK_STR(err_kind_name(table[i].kind), table[i].name);
}

int
main(void)
{
	static const struct test tests[] = {
		{"err_setting", setting}, {"err_fields", fields},
		{"err_cutting", cutting}, {"err_kinds", kinds}, {0},
	};

	return test_main(tests);
}
