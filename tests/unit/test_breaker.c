/* breaker.c: at which share of missing stores a pass stops. */
#include "config.h"

#include "reconcile/breaker.h"

#include "tests/check.h"

static void
thresholds(void)
{
	static const struct { size_t expected, gone; bool trips; } cases[] = {
		{0, 0, false}, {1, 1, false}, {2, 2, false},	/* too few to judge by a share */
		{3, 1, false}, {3, 2, true}, {4, 2, false}, {4, 3, true}, {40, 20, false}, {40, 21, true},
		{1000, 20, false}, {1000, 21, true},		/* 2 % of 1,000 is 20 */
		{5000, 100, false}, {5000, 101, true}, {10000, 0, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(breaker_trips(cases[i].expected, cases[i].gone) == cases[i].trips);
}

int
main(void)
{
	static const struct test tests[] = {{"thresholds", thresholds}, {0}};

	return test_main(tests);
}
