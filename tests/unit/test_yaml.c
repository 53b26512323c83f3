/* YAML to values, and what is refused. */
#include "config.h"

#include "lib/yaml.h"

#include <string.h>

#include "tests/check.h"

static const struct {
	const char *text, *out, *error;
} cases[] = {
	{"", "null", NULL},
	{"# nothing\n", "null", NULL},
	{"a: 1\nb: [x, 'y', \"z\", ~, true, 1.5, -3, 0x1f, 1.2.3, \"7\"]\n",
	    "{\"a\":1,\"b\":[\"x\",\"y\",\"z\",null,true,1.5,-3,\"0x1f\",\"1.2.3\",\"7\"]}", NULL},
	{"a: {b: {c: }}\n", "{\"a\":{\"b\":{\"c\":null}}}", NULL},
	{"a: |\n  two\n  lines\n", "{\"a\":\"two\\nlines\\n\"}", NULL},
	{"a: yes\n", "{\"a\":\"yes\"}", NULL},
	{"a: 99999999999999999999\n", "{\"a\":1e+20}", NULL},
	{"---\na: 1\n...\n", "{\"a\":1}", NULL},
	{"a: 1\na: 2\n", NULL, "appears twice"},
	{"a: &x 1\nb: *x\n", NULL, "anchors"},
	{"a: &x [1]\n", NULL, "anchors"},
	{"a: !!str 1\n", NULL, "tags"},
	{"a: !!map {}\n", NULL, "tags"},
	{"a: 1\n---\nb: 2\n", NULL, "more than one"},
	{"[1, 2\n", NULL, "line"},
	{"? [a]\n: 1\n", NULL, "scalar"},
	{"a: \"x\\0y\"\n", NULL, "NUL"},
	{"a: \xff\n", NULL, "line"},
	{"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL, "deep"},
};

static void
reads_and_refuses(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		BUF(out, 1000);
		struct err e = {0};
		struct json *v = yaml_parse(&a, cases[i].text, strlen(cases[i].text), &e);

		if (v)
			json_write(&out, v);
		if (cases[i].out)
			CHECK_STR(v ? buf_text(&out) : e.msg, cases[i].out);
		else
			CHECK(!v && e.kind == ERR_SYNTAX && strstr(e.msg, cases[i].error));
		if (check_failures)
			fprintf(stderr, "in case %s: %s\n", cases[i].text, v ? buf_text(&out) : e.msg);
	}
}

static void
names_the_file(void)
{
	ARENA(a);
	struct err e = {0};

	CHECK(!yaml_file(&a, "/nonexistent.yaml", &e) && e.kind == ERR_MISSING && strstr(e.msg, "/nonexistent.yaml"));
	CHECK(!yaml_file(&a, "/", &e) && e.kind == ERR_INPUT);
}

int
main(void)
{
	static const struct test tests[] = {
		{"yaml: reads and refuses", reads_and_refuses},
		{"yaml: names the file", names_the_file},
		{NULL, NULL},
	};

	return test_main(tests);
}
