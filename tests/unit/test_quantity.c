/* Kubernetes quantities, both ways. */
#include "config.h"

#include "lib/quantity.h"

#include "tests/check.h"

#define NONE INT64_C(-1)

static void
test_parse(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
		{"0", 0}, {"1", 1000}, {"100m", 100}, {"0.5", 500}, {".5", 500}, {"2.", 2000},
		{"1500m", 1500}, {"+3", 3000}, {"1k", 1000000}, {"1Ki", 1024000}, {"1Mi", 1048576000},
		{"1.5Gi", INT64_C(1610612736000)}, {"1T", INT64_C(1000000000000000)},
		{"2e3", 2000000}, {"2E3", 2000000}, {"5e-1", 500}, {"1u", 1}, {"1n", 1}, {"1000u", 1},
		{"0.0001", 1}, {"1.0005", 1001}, {"8Ti", INT64_C(8796093022208000)}, {"8000Ti", INT64_C(8796093022208000000)},
		{"", NONE}, {"m", NONE}, {".", NONE}, {"-1", NONE}, {"1 ", NONE}, {"1mi", NONE}, {"1KI", NONE},
		{"1K", NONE}, {"1.2.3", NONE}, {"1e", NONE}, {"e3", NONE}, {"1e99", NONE}, {"0x10", NONE},
		{"99999999999999999999", NONE}, {"9000Ti", NONE}, {"16777216Gi", NONE}, {"1Gib", NONE},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t got = NONE;
		const bool ok = quantity_parse(cases[i].text, &got);

		if (ok != (cases[i].want != NONE) || got != cases[i].want)
			CHECK_STR(cases[i].text, NULL);
	}
}

static void
test_text(void)
{
	static const struct {
		int64_t thousandths;
		bool bytes;
		const char *want;
	} cases[] = {
		{0, false, "0"}, {250, false, "250m"}, {2000, false, "2"}, {1001, false, "1001m"},
		{0, true, "0"}, {1000, true, "1"}, {1024000, true, "1Ki"}, {INT64_C(536870912000), true, "512Mi"},
		{INT64_C(1610612736000), true, "1536Mi"}, {INT64_C(2147483648000), true, "2Gi"},
		{1500, true, "2"},
	};
	ARENA(a);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_STR(quantity_text(&a, cases[i].thousandths, cases[i].bytes), cases[i].want);
}

int
main(void)
{
	static const struct test tests[] = {
		{"quantities are read", test_parse},
		{"quantities are written", test_text},
		{0}
	};

	return test_main(tests);
}
