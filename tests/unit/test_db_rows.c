/* lib/db_rows: values by name, and rows as JSON by their columns' suffixes. */
#include "config.h"

#include "lib/db.h"

#include "tests/check.h"

static const char *const cols[] = {"name", "ready_bool", "count_int", "values_json", "_int", "note"};
static const char *const values[] = {
	"a \"shop\"", "t", "-42", "{\"a\":[1]}", "x", NULL,
	"", "f", "NaN", "null", "9", "n\n",
	NULL, NULL, NULL, NULL, NULL, NULL,
};
static const struct db_rows rows = {.n = 3, .ncols = 6, .cols = cols, .v = values};

#define ROW0 "{\"name\":\"a \\\"shop\\\"\",\"ready\":true,\"count\":-42,\"values\":{\"a\":[1]}," \
	"\"_int\":\"x\",\"note\":null}"
#define ROW1 "{\"name\":\"\",\"ready\":false,\"count\":\"NaN\",\"values\":null," \
	"\"_int\":\"9\",\"note\":\"n\\n\"}"
#define ROW2 "{\"name\":null,\"ready\":null,\"count\":null,\"values\":null," \
	"\"_int\":null,\"note\":null}"

static void
json(void)
{
	static const char *const want[] = {ROW0, ROW1, ROW2};
	static const struct db_rows none = {0};
	BUF(all, 10000);
	BUF(empty, 10);

	for (size_t i = 0; i < 3; i++) {
		BUF(one, 1000);
		CHECK(db_json_row(&one, &rows, i) == 0);
		CHECK_STR(buf_text(&one), want[i]);
	}
	CHECK(db_json_rows(&all, &rows) == 0);
	CHECK_STR(buf_text(&all), "[" ROW0 "," ROW1 "," ROW2 "]");
	CHECK(db_json_rows(&empty, &none) == 0);
	CHECK_STR(buf_text(&empty), "[]");
}

static void
json_full(void)
{
	BUF(small, 50);

	CHECK(db_json_rows(&small, &rows) == -1 && buf_full(&small));
}

static void
access_by_name(void)
{
	CHECK_STR(db_text(&rows, 0, "name"), "a \"shop\"");
	CHECK(db_text(&rows, 2, "name") == NULL);
	CHECK_STR(db_text_or(&rows, 2, "name", "d"), "d");
	CHECK_STR(db_text_or(&rows, 1, "name", "d"), "");
	CHECK(db_int(&rows, 0, "count_int", 7) == -42 && db_int(&rows, 2, "count_int", 7) == 7);
	CHECK(db_bool(&rows, 0, "ready_bool") && !db_bool(&rows, 1, "ready_bool"));
	CHECK(!db_bool(&rows, 2, "ready_bool"));
}

int
main(void)
{
	static const struct test tests[] = {
		{"db_rows_json", json}, {"db_rows_json_full", json_full},
		{"db_rows_access", access_by_name}, {0},
	};

	return test_main(tests);
}
