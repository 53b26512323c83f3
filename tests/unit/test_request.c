/* Request targets: how they are split and decoded, and what is refused. */
#include "config.h"

#include "fcgi/request.h"

#include "tests/check.h"

/* Segments as "a|b", then parameters as "?n=v". */
static const char *
show(struct arena *a, const struct request *r)
{
	const char *text = "";

	for (size_t i = 0; i < r->nsegments; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? "|" : "", r->segments[i]);
	for (size_t i = 0; i < r->nparams; i++)
		text = arena_printf(a, "%s?%s=%s", text, r->params[i].name, r->params[i].value);
	return text;
}

static void
test_targets(void)
{
	static const struct {
		const char *uri, *want;	/* want NULL: refused */
	} cases[] = {
		{"/", ""}, {"/a", "a"}, {"/a/", "a"}, {"/a/b%20c", "a|b c"}, {"/a%2f", NULL},
		{"/a%2F", NULL}, {"/%25", "%"}, {"/a+b", "a+b"}, {"/%41%6a", "Aj"},
		{"", NULL}, {"a", NULL}, {"*", NULL}, {"http://h/a", NULL}, {"//", NULL},
		{"//a", NULL}, {"/a//b", NULL}, {"/a//", NULL}, {"/.", NULL}, {"/..", NULL},
		{"/a/../b", NULL}, {"/%2e%2E", NULL}, {"/...", "..."}, {"/%", NULL}, {"/%4", NULL},
		{"/%4g", NULL}, {"/%-1", NULL}, {"/%00", NULL}, {"/a\tb", NULL}, {"/%7f", NULL},
		{"/\xc5\x82", "\xc5\x82"}, {"/1/2/3/4/5/6/7/8", "1|2|3|4|5|6|7|8"},
		{"/1/2/3/4/5/6/7/8/9", NULL},
		{"/a?", "a"}, {"/?a", "?a="}, {"/?a=", "?a="}, {"/?a=1&b=2", "?a=1?b=2"},
		{"/?&&a=1&", "?a=1"}, {"/?a=1=2", "?a=1=2"}, {"/?a=b+c%2B%2f", "?a=b c+/"},
		{"/?a%3d=1", "?a==1"}, {"/?=1", "?=1"}, {"/?a=%00", NULL}, {"/?a=%", NULL},
		{"/?a=//..", "?a=//.."}, {"/?\xff=1", NULL}, {"/?a=?", "?a=?"},
		{"/?1&2&3&4&5&6&7&8&9&a&b&c&d&e&f&g",
		    "?1=?2=?3=?4=?5=?6=?7=?8=?9=?a=?b=?c=?d=?e=?f=?g="},
		{"/?1&2&3&4&5&6&7&8&9&a&b&c&d&e&f&g&h", NULL},
	};
	ARENA(a);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct request r = {0};
		struct err e = {0};

		if (request_target(&a, cases[i].uri, &r, &e) != 0)
			CHECK_STR(cases[i].want ? cases[i].uri : NULL, NULL);
		else
			CHECK_STR(show(&a, &r), cases[i].want);
		CHECK((e.kind != ERR_NONE) == (cases[i].want == NULL));
	}
}

static void
test_length(void)
{
	ARENA(a);
	char uri[REQUEST_URI_MAX + 2];
	struct request r = {0}, longer = {0};
	struct err e = {0};

	memset(uri, 'a', sizeof uri);
	uri[0] = '/';
	uri[REQUEST_URI_MAX] = '\0';
	CHECK(request_target(&a, uri, &r, &e) == 0);
	uri[REQUEST_URI_MAX] = 'a';
	uri[REQUEST_URI_MAX + 1] = '\0';
	CHECK(request_target(&a, uri, &longer, &e) != 0 && e.kind == ERR_SYNTAX);
	CHECK(strlen(longer.raw_path) == 256);
}

struct page {
	int64_t limit;
};
static const struct field page_fields[] = {
	FIELD(struct page, limit, INT, OPTIONAL, .min = 0, .max = 100, .dflt = "20"),
	{0}
};

static void
test_params(void)
{
	static const struct {
		const char *uri;
		size_t errors;
		int64_t limit;
	} cases[] = {
		{"/", 0, 20}, {"/?limit=7", 0, 7}, {"/?limit=101", 1, 0}, {"/?limit=", 1, 0},
		{"/?limit=1&limit=2", 1, 0}, {"/?x=1", 1, 0}, {"/?x=1&limit=5&y", 2, 0},
	};
	ARENA(a);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct request r = {0};
		struct page page = {0};
		struct err e = {0};

		CHECK(request_target(&a, cases[i].uri, &r, &e) == 0);
		const int bad = request_check_params(&r, page_fields, &e) != 0 ||
		    request_params(&a, &r, page_fields, &page, &e) != 0;

		CHECK(bad == (cases[i].errors > 0) && e.nfields == cases[i].errors);
		CHECK(bad || page.limit == cases[i].limit);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"request targets", test_targets},
		{"request target's length", test_length},
		{"request parameters by a table", test_params},
		{0}
	};

	return test_main(tests);
}
