/* One table, the same checks for every source. */
#include "config.h"

#include "lib/field.h"

#include <string.h>

#include "tests/check.h"

struct thing {
	const char *name, *note;
	int64_t size;
	bool on;
	const struct json *extra, *list;
};

static const char *
a_list(const char *value)
{
	return value[0] == '[' ? NULL : "must be a list";
}

static const struct field thing_fields[] = {
	FIELD(struct thing, name, STR, REQUIRED, .min = 3, .max = 5, .check = field_dns_label),
	FIELD(struct thing, size, INT, OPTIONAL, .min = 1, .max = 9, .dflt = "4"),
	FIELD(struct thing, on, BOOL, OPTIONAL, .dflt = "true"),
	FIELD(struct thing, note, STR, OPTIONAL, .max = 4),
	FIELD(struct thing, extra, JSON, OPTIONAL),
	FIELD(struct thing, list, JSON, OPTIONAL, .check = a_list),
	{0},
};

/* body -> "" or pointer and part of the detail of the first field error, and how many there are. */
static const struct {
	const char *body, *pointer, *detail;
	size_t n;
} cases[] = {
	{"{\"name\":\"abc\"}", NULL, NULL, 0},
	{"{\"name\":\"abc\",\"size\":null,\"extra\":[1]}", NULL, NULL, 0},
	{"{\"name\":\"abc\",\"list\":[1]}", NULL, NULL, 0},
	{"{\"name\":\"abc\",\"list\":{}}", "/list", "must be a list", 1},
	{"{}", "/name", "required", 1},
	{"{\"name\":\"ab\"}", "/name", "3 to 5 characters", 1},
	{"{\"name\":\"abcdef\"}", "/name", "3 to 5 characters", 1},
	{"{\"name\":\"-abc\"}", "/name", "DNS label", 1},
	{"{\"name\":7}", "/name", "string", 1},
	{"{\"name\":\"abc\",\"size\":10}", "/size", "1 to 9", 1},
	{"{\"name\":\"abc\",\"size\":\"4\"}", "/size", "whole number", 1},
	{"{\"name\":\"abc\",\"size\":1.5}", "/size", "whole number", 1},
	{"{\"name\":\"abc\",\"on\":\"true\"}", "/on", "true or false", 1},
	{"{\"name\":\"abc\",\"a/b~\":1}", "/a~1b~0", "not known", 1},
	{"{\"size\":0,\"zzz\":1}", "/name", "required", 3},
	{"[]", "", "must be an object", 1},
};

static void
reads_json(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct thing t;
		struct err e = {0};
		struct json *v = json_parse(&a, cases[i].body, strlen(cases[i].body), &e);
		int rc = field_read(&a, thing_fields, v, "", &t, &e);

		CHECK((rc == 0) == (cases[i].n == 0) && e.nfields == cases[i].n);
		if (cases[i].n > 0 && e.nfields > 0) {
			CHECK(e.kind == ERR_INPUT);
			CHECK_STR(e.fields[0].pointer, cases[i].pointer);
			CHECK(strstr(e.fields[0].detail, cases[i].detail));
		}
		if (rc == 0) {
			CHECK_STR(t.name, "abc");
			CHECK(t.size == 4 && t.on);
		}
		if (check_failures)
			fprintf(stderr, "in case %s: %s\n", cases[i].body, e.msg);
	}
}

static const char *
get(void *ctx, const char *name)
{
	const char *const *pairs = ctx;

	for (; *pairs; pairs += 2)
		if (strcmp(pairs[0], name) == 0)
			return pairs[1];
	return NULL;
}

static void
reads_text(void)
{
	static const struct { const char *pairs[7]; size_t n; } texts[] = {
		{{"name", "abc", "size", "9", "on", "false", NULL}, 0},
		{{"name", "abc", NULL}, 0},
		{{"name", "abc", "size", "", NULL}, 1},
		{{"name", "abc", "size", " 1", NULL}, 1},
		{{"name", "abc", "size", "1e3", NULL}, 1},
		{{"name", "abc", "size", "99999999999999999999", NULL}, 1},
		{{"name", "abc", "size", "0", "on", "1", NULL}, 2},
		{{"size", "1", NULL}, 1},
		{{"name", "abc", "note", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", NULL}, 0},
		{{"name", "abc", "note", "a\xff", NULL}, 1},
		{{"name", "abc", "note", "a\xc3", NULL}, 1},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		ARENA(a);
		struct thing t;
		struct err e = {0};

		field_read_text(&a, thing_fields, get, (void *)(uintptr_t)texts[i].pairs, &t, &e);
		CHECK(e.nfields == texts[i].n);
		if (i == 0)
			CHECK(t.size == 9 && !t.on);
		if (check_failures)
			fprintf(stderr, "in case %zu: %s\n", i, e.msg);
	}
}

static void
checks(void)
{
	static const struct { const char *(*check)(const char *); const char *value; bool good; } values[] = {
		{field_dns_label, "a", true}, {field_dns_label, "a-1", true}, {field_dns_label, "", false},
		{field_dns_label, "A", false}, {field_dns_label, "a-", false}, {field_dns_label, "a.b", false},
		{field_uuid, "cdec2c12-f8ee-4451-8596-0968e5a97ba7", true}, {field_uuid, "CDEC2C12-F8EE-4451-8596-0968E5A97BA7", true},
		{field_uuid, "cdec2c12-f8ee-4451-8596-0968e5a97ba", false}, {field_uuid, "cdec2c12-f8ee-4451-8596-0968e5a97ba7a", false},
		{field_uuid, "cdec2c12xf8ee-4451-8596-0968e5a97ba7", false}, {field_uuid, "", false},
		{field_email, "a@b", true}, {field_email, "@b", false}, {field_email, "a@", false}, {field_email, "a@b@c", false}, {field_email, "a b@c", false},
	};

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		CHECK((values[i].check(values[i].value) == NULL) == values[i].good);
		if (check_failures)
			fprintf(stderr, "in case %s\n", values[i].value);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"field: reads JSON", reads_json},
		{"field: reads text", reads_text},
		{"field: labels, UUIDs, e-mail addresses", checks},
		{NULL, NULL},
	};

	return test_main(tests);
}
