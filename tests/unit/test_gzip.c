/* Packing and unpacking, each to its maximum; what is cut or no gzip at all. */
#include "config.h"

#include "lib/gzip.h"

#include "lib/crypto.h"
#include "tests/check.h"

#define PLAIN_MAX ((size_t)1 << 20)

static void
goes_both_ways(void)
{
	static const size_t sizes[] = {0, 1, 16384, 16385, 200000};
	ARENA(a);
	char *data = arena_alloc(&a, 200000);

	crypto_random(data, 100000);	/* and zeros */
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		BUF(packed, PLAIN_MAX);
		BUF(again, PLAIN_MAX);
		BUF(plain, PLAIN_MAX);
		struct err e = {0};

		CHECK(gzip_pack(&packed, data, sizes[i], &e) == 0 && gzip_pack(&again, data, sizes[i], &e) == 0);
		CHECK(packed.len == again.len && memcmp(packed.data, again.data, packed.len) == 0);
		CHECK(packed.len > 18 && memcmp(packed.data, "\x1F\x8B\x08\0\0\0\0\0", 8) == 0);	/* no name, no time */
		CHECK(gzip_unpack(&plain, packed.data, packed.len, &e) == 0);
		CHECK(plain.len == sizes[i] && memcmp(buf_text(&plain), data, sizes[i]) == 0);
	}
}

static void
tells_errors(void)
{
	static const char zeros[100000];
	BUF(packed, PLAIN_MAX);
	struct err e = {0};

	CHECK(gzip_pack(&packed, zeros, sizeof zeros, &e) == 0 && packed.len < 1000);
	const struct { const char *data; size_t len, max; enum err_kind kind; } rows[] = {
		{packed.data, packed.len, sizeof zeros, ERR_NONE},
		{packed.data, packed.len, sizeof zeros - 1, ERR_TOO_LARGE},
		{packed.data, packed.len - 1, PLAIN_MAX, ERR_INPUT},
		{packed.data, 0, PLAIN_MAX, ERR_INPUT},
		{zeros, 100, PLAIN_MAX, ERR_INPUT},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		BUF(plain, rows[i].max);
		struct err mine = {0};
		gzip_unpack(&plain, rows[i].data, rows[i].len, &mine);
		CHECK(mine.kind == rows[i].kind);
	}
	BUF(little, 20);
	CHECK(gzip_pack(&little, zeros, sizeof zeros, &e) == -1 && e.kind == ERR_TOO_LARGE);
}

static const struct test tests[] = {
	{"gzip: what is packed is unpacked, and is the same each time", goes_both_ways},
	{"gzip: tells errors", tells_errors},
	{0}
};

int
main(void)
{
	return test_main(tests);
}
