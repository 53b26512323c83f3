/*
 * The unit tests' harness: CHECK() counts and goes on, test_main() runs a table of tests
 * and prints "ok NAME" or "not ok NAME" for each.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

static int check_failures;

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			check_failures++; \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
		} \
	} while (0)

#define CHECK_STR(got, want) \
	do { \
		const char *got_ = (got), *want_ = (want); \
		if (got_ == NULL || want_ == NULL ? got_ != want_ : strcmp(got_, want_) != 0) { \
			check_failures++; \
			fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, __LINE__, \
			    #got, got_ ? got_ : "(null)", want_ ? want_ : "(null)"); \
		} \
	} while (0)

struct test {
	const char *name;
	void (*run)(void);
};

static inline int
test_main(const struct test *tests)
{
	int bad = 0;

	for (const struct test *t = tests; t->name; t++) {
		check_failures = 0;
		t->run();
		printf("%s %s\n", check_failures ? "not ok" : "ok", t->name);
		bad += check_failures != 0;
	}
	return bad != 0;
}

#endif
