/* lib/clock: text forms both ways, and standing clocks. */
#include "config.h"

#include "lib/clock.h"

#include "tests/check.h"

static void
parsing(void)
{
	static const struct {
		const char *text;
		int64_t ms;
	} table[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2026-11-23T15:24:42.826Z", INT64_C(1795447482826)},
		{"2026-11-23T15:24:42.826999999Z", INT64_C(1795447482826)},
		{"2026-11-23T15:24:42.8Z", INT64_C(1795447482800)},
		{"2026-11-23t17:24:42+02:00", INT64_C(1795447482000)},
		{"2026-11-23 09:54:42-05:30", INT64_C(1795447482000)},
		{"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
		{"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
		{"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
		{"", -1},
		{"2026-11-23", -1},
		{"2026-11-23T15:24:42", -1},
		{"2026-11-23T15:24:42.Z", -1},
		{"2026-11-23T15:24:42ZZ", -1},
		{"2026-02-29T00:00:00Z", -1},
		{"2026-13-01T00:00:00Z", -1},
		{"2026-11-00T00:00:00Z", -1},
		{"2026-11-23T24:00:00Z", -1},
		{"2026-11-23T15:60:00Z", -1},
		{"2026-11-23T15:24:42+0200", -1},
		{"2026-11-23T15:24:42+24:00", -1},
		{"26-11-23T15:24:42Z", -1},
		{"1969-12-31T23:59:59Z", -1},
		{"2026-11-2\xC3\xA9T15:24:42Z", -1},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const int64_t got = clock_parse(table[i].text);
		CHECK(got == table[i].ms);
		if (got != table[i].ms)
			fprintf(stderr, "%s gives %lld\n", table[i].text, (long long)got);
	}
}

static void
writing(void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} table[] = {
		{0, "1970-01-01T00:00:00.000Z"},
		{INT64_C(1795447482826), "2026-11-23T15:24:42.826Z"},
		{INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
		{INT64_MAX, "9999-12-31T23:59:59.999Z"},
		{-1, "1970-01-01T00:00:00.000Z"},
	};
	char text[CLOCK_TEXT];

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		clock_text(table[i].ms, text);
		CHECK_STR(text, table[i].text);
	}
}

static void
standing(void)
{
	const int64_t before = clock_ms(), unix_before = clock_unix_ms();

	CHECK(before >= 0 && unix_before > INT64_C(1700000000000));
	clock_set(5000);
	CHECK(clock_ms() == 5000 && clock_unix_ms() == 5000);
	clock_set(-1);
	CHECK(clock_ms() >= before && clock_unix_ms() >= unix_before);
}

int
main(void)
{
	static const struct test tests[] = {
		{"clock_parsing", parsing}, {"clock_writing", writing}, {"clock_standing", standing}, {0},
	};

	return test_main(tests);
}
