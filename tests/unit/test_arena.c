/* lib/arena: alignment, zeroes, reset, copies. */
#include "config.h"

#include "lib/arena.h"

#include "tests/check.h"

#include <stdalign.h>
#include <stdint.h>

static void
sizes(void)
{
	static const size_t table[] = {0, 1, 7, 16, 100, 4095, 4097, 16384, 70000, 1, 300};
	ARENA(a);

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		unsigned char *p = arena_alloc(&a, table[i]);
		size_t dirty = 0;
		CHECK((uintptr_t)p % alignof(max_align_t) == 0);
		for (size_t n = 0; n < table[i]; n++)
			dirty += p[n] != 0;
		CHECK(dirty == 0);
		memset(p, 0xAA, table[i]);
	}
}

static void
no_overlap(void)
{
	ARENA(a);
	unsigned char *blocks[300];

	for (size_t i = 0; i < 300; i++) {
		const size_t size = i % 50 == 0 ? 9000 : 200;
		blocks[i] = arena_alloc(&a, size);
		memset(blocks[i], (int)(i % 251) + 1, size);
	}
	for (size_t i = 0; i < 300; i++)
		CHECK(blocks[i][0] == i % 251 + 1 && blocks[i][199] == i % 251 + 1);
}

static void
reset(void)
{
	ARENA(a);

	char *first = arena_alloc(&a, 64);
	memset(first, 'x', 64);
	arena_alloc(&a, 1 << 20);
	arena_reset(&a);
	char *again = arena_alloc(&a, 64);
	CHECK(again == first);	/* the chunk was kept */
	CHECK(again[0] == '\0' && again[63] == '\0');
	arena_fini(&a);
	CHECK(a.head == NULL);
	arena_alloc(&a, 1 << 20);
	arena_reset(&a);
	CHECK(a.head == NULL);	/* a big chunk is not what stays */
	arena_reset(&a);
}

static void
wipe(void)
{
	ARENA(a);
	static const char none[20000];
	char *small = arena_strdup(&a, "secret"), *big = arena_alloc(&a, sizeof none);

	memset(big, 'x', sizeof none);
	arena_wipe(&a);
	CHECK(memcmp(small, none, 6) == 0 && memcmp(big, none, sizeof none) == 0);
	CHECK_STR(arena_strdup(&a, "more"), "more");
	arena_fini(&a);
	arena_wipe(&a);
	CHECK(a.head == NULL);
}

static void
texts(void)
{
	ARENA(a);
	char longer[20000];

	CHECK(arena_strdup(&a, NULL) == NULL);
	CHECK_STR(arena_strdup(&a, ""), "");
	CHECK_STR(arena_strdup(&a, "shop"), "shop");
	CHECK_STR(arena_strndup(&a, "shopping", 4), "shop");
	CHECK_STR(arena_strndup(&a, NULL, 0), "");
	CHECK_STR(arena_printf(&a, "%s-%d", "store", 7), "store-7");
	memset(longer, 'y', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	CHECK_STR(arena_printf(&a, "%s", longer), longer);
	CHECK(arena_mul(3, 5) == 15);
}

int
main(void)
{
	static const struct test tests[] = {
		{"arena_sizes", sizes}, {"arena_no_overlap", no_overlap},
		{"arena_reset", reset}, {"arena_wipe", wipe}, {"arena_texts", texts}, {0},
	};

	return test_main(tests);
}
