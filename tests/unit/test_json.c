/* Reading, refusing, writing and merging JSON. */
#include "config.h"

#include "lib/json.h"

#include <string.h>

#include "tests/check.h"

/* text -> what it becomes, or NULL and a part of the error. */
static const struct {
	const char *text, *out, *error;
} cases[] = {
	{"{}", "{}", NULL},
	{" [ 1 , -2.5, true, null, \"x\" ] ", "[1,-2.5,true,null,\"x\"]", NULL},
	{"12", "12", NULL},
	{"\"\\u00e9\\n\\ud83d\\ude00\"", "\"\xc3\xa9\\n\xf0\x9f\x98\x80\"", NULL},
	{"{\"a\":{\"b\":[{\"a\":1}]},\"b\":2}", "{\"a\":{\"b\":[{\"a\":1}]},\"b\":2}", NULL},
	{"9223372036854775807", "9223372036854775807", NULL},
	{"9223372036854775808", NULL, "too large"},
	{"123456789012345678901234567890123456789", NULL, "too large"},
	{"", NULL, "no text"},
	{"{\"a\":1,\n \"a\":2}", NULL, "line 2, column 2: the member \"a\" appears twice"},
	{"[1e999]", NULL, "too large"},
	{"[-1.5e-999,0.1,1.5e300]", "[0,0.1,1.5e+300]", NULL},
	{"{\"x\":{\"a\":1},\"y\":{\"a\":2,\"b\":[{\"a\":3}],\"b\":4}}", NULL, "\"b\" appears twice"},
	{"{\"a\":1,\"\\u0061\":2}", NULL, "appears twice"},
	{"{\"a\":1,}", NULL, "column"},
	{"[1,]", NULL, "column"},
	{"{a:1}", NULL, "not JSON"},
	{"{'a':1}", NULL, "not JSON"},
	{"[NaN]", NULL, "not JSON"},
	{"[Infinity]", NULL, "not JSON"},
	{"[True]", NULL, "not JSON"},
	{"[01]", NULL, "not a number"},
	{"[1.]", NULL, "not a number"},
	{"[+1]", NULL, "not JSON"},
	{"[-]", NULL, "not a number"},
	{"[1e]", NULL, "not a number"},
	{"\"\\u0000\"", NULL, "NUL"},
	{"\"\\ud800\"", NULL, "surrogate"},
	{"\"\\ud800\\n\"", NULL, "surrogate"},
	{"\"\\udc00\"", NULL, "surrogate"},
	{"\"\\ud800\\ud800\"", NULL, "surrogate"},
	{"\"\\u12x4\"", NULL, "column"},
	{"\"a\tb\"", NULL, "control character"},
	{"\"\xff\"", NULL, "UTF-8"},
	{"\"\xc0\xaf\"", NULL, "UTF-8"},
	{"\"\xed\xa0\x80\"", NULL, "UTF-8"},
	{"\"abc", NULL, "does not end"},
	{"{} {}", NULL, "column 4"},
	{"[1] x", NULL, "not JSON"},
	{"[[[", NULL, "early"},
	{"]", NULL, "closes nothing"},
	{"/* c */ {}", NULL, "not JSON"},
};

static void
reads_and_refuses(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		BUF(out, 1000);
		struct err e = {0};
		struct json *v = json_parse(&a, cases[i].text, strlen(cases[i].text), &e);

		if (v)
			json_write(&out, v);
		if (cases[i].out)
			CHECK_STR(v ? buf_text(&out) : e.msg, cases[i].out);
		else
			CHECK(!v && e.kind == ERR_SYNTAX && strstr(e.msg, cases[i].error));
		if (check_failures)
			fprintf(stderr, "in case %s: %s\n", cases[i].text, e.msg);
	}
}

static void
refuses_nul_and_depth(void)
{
	ARENA(a);
	struct err e = {0};
	char deep[201];

	CHECK(!json_parse(&a, "[1\0]", 4, &e));
	memset(deep, '[', 100);
	memset(deep + 100, ']', 100);
	deep[200] = '\0';
	CHECK(!json_parse(&a, deep, 200, &e) && strstr(e.msg, "deep"));
	CHECK(json_parse(&a, deep + 68, 64, &e) != NULL);	/* 32 levels */
	CHECK(!json_parse(&a, deep + 67, 66, &e));
}

static struct json *
parse(struct arena *a, const char *text)
{
	struct err e = {0};

	return json_parse(a, text, strlen(text), &e);
}

static void
looks_up(void)
{
	ARENA(a);
	const struct json *v = parse(&a, "{\"a\":{\"b.c\":[{\"d\":\"x\"},7]},\"t\":true,\"n\":null}");

	CHECK_STR(json_text(v, "a.b\\.c.0.d"), "x");
	CHECK(json_int(v, "a.b\\.c.1", 0) == 7);
	CHECK(json_int(v, "a.b\\.c.2", -1) == -1);
	CHECK_STR(json_text(v, "a.missing.d"), "");
	CHECK_STR(json_text_or(v, "t", "dflt"), "dflt");
	CHECK(json_bool(v, "t", false) && json_bool(v, "n", true));
	CHECK(json_count(json_get(v, "a.b\\.c")) == 2 && json_count(NULL) == 0);
	CHECK(json_item(json_get(v, "t"), 0) == NULL);
}

static void
merges(void)
{
	static const struct { const char *base, *overlay, *want; } merging[] = {
		{"{\"a\":1,\"b\":{\"c\":1,\"d\":2}}", "{\"b\":{\"c\":3}}", "{\"a\":1,\"b\":{\"c\":3,\"d\":2}}"},
		{"{\"a\":1}", "{\"a\":null}", "{}"},
		{"{\"a\":[1,2]}", "{\"a\":[3]}", "{\"a\":[3]}"},
		{"{\"a\":{\"b\":1}}", "{\"a\":2}", "{\"a\":2}"},
		{"{\"a\":2}", "{\"a\":{\"b\":1}}", "{\"a\":{\"b\":1}}"},
		{"{}", "{\"a\":{\"b\":null,\"c\":1}}", "{\"a\":{\"c\":1}}"},
	};

	for (size_t i = 0; i < sizeof merging / sizeof *merging; i++) {
		ARENA(a);
		BUF(out, 1000);
		struct json *base = parse(&a, merging[i].base);

		json_write_sorted(&out, json_merge(&a, base, parse(&a, merging[i].overlay)));
		CHECK_STR(buf_text(&out), merging[i].want);
		buf_reset(&out);
		json_write(&out, base);
		CHECK_STR(buf_text(&out), merging[i].base);
	}
	ARENA(a);
	BUF(out, 100);
	json_write(&out, json_merge(&a, parse(&a, "{\"a\":1}"), NULL));
	CHECK_STR(buf_text(&out), "{\"a\":1}");
}

static void
writes(void)
{
	ARENA(a);
	BUF(out, 1000);
	BUF(small, 10);
	struct json *v = json_object(&a), *list = json_array(&a);

	for (int i = 0; i < 9; i++)
		json_append(&a, list, json_integer(&a, i));
	json_set(&a, v, "z", list);
	json_set(&a, v, "a", json_string(&a, "q\"\\\n\x01"));
	json_set(&a, v, "z2", json_boolean(&a, false));
	json_set(&a, v, "z2", json_string(&a, NULL));
	CHECK(json_write_sorted(&out, v) == 0);
	CHECK_STR(buf_text(&out), "{\"a\":\"q\\\"\\\\\\n\\u0001\",\"z\":[0,1,2,3,4,5,6,7,8],\"z2\":null}");
	CHECK(json_write(&small, v) == -1);
}

/* Also what was parsed has room for more: of every small size, beside a value that must not change. */
static void
grows_what_was_parsed(void)
{
	static const char *const parsed[] = {"{}", "{\"a\":1}", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2,\"c\":3}",
	    "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}"};

	for (size_t i = 0; i < sizeof parsed / sizeof *parsed; i++) {
		ARENA(a);
		BUF(out, 1000);
		struct json *v = parse(&a, parsed[i]), *list = parse(&a, "[1,2,3]"), *beside = json_string(&a, "beside");
		size_t n = json_count(v);

		for (int k = 0; k < 9; k++) {
			json_set(&a, v, arena_printf(&a, "k%d", k), json_integer(&a, k));
			json_append(&a, list, json_integer(&a, k + 4));
		}
		json_write(&out, list);
		CHECK_STR(buf_text(&out), "[1,2,3,4,5,6,7,8,9,10,11,12]");
		CHECK(json_count(v) == n + 9 && json_int(v, "k0", -1) == 0 && json_int(v, "k8", -1) == 8);
		CHECK(n == 0 || json_int(v, "a", 0) == 1);
		CHECK_STR(beside->text, "beside");
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"json: reads and refuses", reads_and_refuses},
		{"json: refuses NUL and depth", refuses_nul_and_depth},
		{"json: looks up by path", looks_up},
		{"json: merges like Helm", merges},
		{"json: writes", writes},
		{"json: grows what was parsed", grows_what_was_parsed},
		{NULL, NULL},
	};

	return test_main(tests);
}
