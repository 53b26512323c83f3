/* lib/buf: growing, and what is left when the maximum is reached. */
#include "config.h"

#include "lib/buf.h"

#include "tests/check.h"

static void
adding(void)
{
	BUF(b, 1000);

	CHECK_STR(buf_text(&b), "");
	CHECK(buf_adds(&b, "a") == 0 && buf_addc(&b, 'b') == 0 && buf_add(&b, "cde", 2) == 0);
	CHECK(buf_printf(&b, "%d", 42) == 0);
	CHECK_STR(buf_text(&b), "abcd42");
	CHECK(b.len == 6 && !buf_full(&b));
	CHECK(buf_add(&b, "\0x", 2) == 0 && b.len == 8);
	buf_reset(&b);
	CHECK_STR(buf_text(&b), "");
	CHECK(buf_printf(&b, "%s", "") == 0 && b.len == 0);
}

static void
maximum(void)
{
	static const struct {
		size_t max;
		const char *kept;
		int result;
	} table[] = {
		{0, "", -1}, {1, "s", -1}, {9, "store sho", -1}, {10, "store shop", 0}, {11, "store shop", 0},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		BUF(added, table[i].max);
		BUF(printed, table[i].max);
		CHECK(buf_adds(&added, "store shop") == table[i].result);
		CHECK(buf_printf(&printed, "%s shop", "store") == table[i].result);
		CHECK_STR(buf_text(&added), table[i].kept);
		CHECK_STR(buf_text(&printed), table[i].kept);
		CHECK(buf_full(&added) == (table[i].result != 0));
	}
}

static void
nothing_after_full(void)
{
	BUF(b, 4);

	buf_adds(&b, "abc");
	CHECK(buf_adds(&b, "def") == -1);
	CHECK(buf_addc(&b, 'x') == -1 && buf_printf(&b, "x") == -1 && buf_add(&b, "", 0) == -1);
	CHECK_STR(buf_text(&b), "abcd");
	buf_reset(&b);
	CHECK(!buf_full(&b) && buf_adds(&b, "wxyz") == 0);
	CHECK_STR(buf_text(&b), "wxyz");
	buf_fini(&b);
	CHECK(b.max == 4 && b.data == NULL && b.len == 0);
}

static void
growing(void)
{
	BUF(b, 1 << 20);

	for (int i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	CHECK(b.len == 100000 && strlen(buf_text(&b)) == 100000);
	CHECK(b.data[99999] == 'a' + 99999 % 26);
}

int
main(void)
{
	static const struct test tests[] = {
		{"buf_adding", adding}, {"buf_maximum", maximum},
		{"buf_nothing_after_full", nothing_after_full}, {"buf_growing", growing}, {0},
	};

	return test_main(tests);
}
