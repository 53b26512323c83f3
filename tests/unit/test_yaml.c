/* YAML to values, and what is refused. */
#include "config.h"

#include "lib/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/clock.h"
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
	{"!!str a: 1\n", NULL, "tags"},
	{"&x a: 1\n", NULL, "anchors"},
	{"a: 1e999\n", NULL, "line 1, column 4: the number is too large"},
	{"b: 1\nc: 2\na: 3\nc: 4\n", NULL, "line 4, column 1: the key \"c\" appears twice"},
	{"{z: 1, y: 2, x: 3}\n", "{\"z\":1,\"y\":2,\"x\":3}", NULL},
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

static void
does_not_wait_for_a_fifo(void)
{
	ARENA(a);
	struct err e = {0};
	char folder[] = "/tmp/storeward-yaml-XXXXXX";

	CHECK(mkdtemp(folder) != NULL);
	const char *path = arena_printf(&a, "%s/fifo", folder);
	CHECK(mkfifo(path, 0600) == 0);
	alarm(10);	/* ends the test where it would wait for ever */
	CHECK(yaml_file(&a, path, &e) != NULL);
	alarm(0);
	unlink(path);
	rmdir(folder);
}

/* As many keys as fit: seconds would mean that each is compared with all. */
static void
many_keys(void)
{
	ARENA(a);
	BUF(text, 1 << 20);
	struct err e = {0};
	int64_t start = clock_ms();

	for (int i = 0; text.len < text.max - 20; i++)
		buf_printf(&text, "k%d: 1\n", i);
	CHECK(json_count(yaml_parse(&a, text.data, text.len, &e)) > 90000);
	CHECK(clock_ms() - start < 8000);
	buf_adds(&text, "k7: 1\n");
	CHECK(!yaml_parse(&a, text.data, text.len, &e) && strstr(e.msg, "\"k7\" appears twice"));
}

int
main(void)
{
	static const struct test tests[] = {
		{"yaml: reads and refuses", reads_and_refuses},
		{"yaml: names the file", names_the_file},
		{"yaml: does not wait for a FIFO", does_not_wait_for_a_fifo},
		{"yaml: many keys", many_keys},
		{NULL, NULL},
	};

	return test_main(tests);
}
