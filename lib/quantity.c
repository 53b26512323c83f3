/* Suffixes are a table; all arithmetic is checked for overflow. */
#include "config.h"

#include "lib/quantity.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT INT64_C(9000000000000000000)	/* thousandths: 8190 Ti of bytes */
#define NANO INT64_C(1000000)		/* in a thousandth */

static const struct suffix {
	const char *text;
	int64_t times, per;	/* thousandths of one unit: times / per */
} suffixes[] = {
	{"", 1000, 1}, {"m", 1, 1}, {"u", 1, 1000}, {"n", 1, NANO},
	{"k", INT64_C(1000) * 1000, 1}, {"M", INT64_C(1000) * 1000000, 1},
	{"G", INT64_C(1000) * 1000000000, 1}, {"T", INT64_C(1000) * 1000000000000, 1},
	{"Ki", INT64_C(1000) << 10, 1}, {"Mi", INT64_C(1000) << 20, 1},
	{"Gi", INT64_C(1000) << 30, 1}, {"Ti", INT64_C(1000) << 40, 1},
};

static const struct suffix *
find(const char *text)
{
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
		if (strcmp(suffixes[i].text, text) == 0)
			return &suffixes[i];
	return NULL;
}

/* value * times / per, rounded up. */
static bool
scale(int64_t *value, int64_t times, int64_t per)
{
	int64_t product;

	if (__builtin_mul_overflow(*value, times, &product))
		return false;
	*value = product / per + (product % per != 0);
	return true;
}

static int64_t
power_of_ten(int64_t exponent)
{
	int64_t result = 1;

	for (int64_t i = 0; i < exponent; i++)
		result *= 10;
	return result;
}

/* Digits with at most one point; *per is 10 to the number of digits after it. */
static const char *
number(const char *at, int64_t *value, int64_t *per)
{
	bool point = false, any = false;

	*value = 0;
	*per = 1;
	for (; (*at >= '0' && *at <= '9') || (*at == '.' && !point); at++) {
		if (*at == '.') {
			point = true;
			continue;
		}
		any = true;
		if (*value > LIMIT / 10 || *per > LIMIT / 10)
			return NULL;
		*value = *value * 10 + (*at - '0');
		*per *= point ? 10 : 1;
	}
	return any ? at : NULL;
}

/* "e3", "E-2": an exponent in place of a suffix. */
static bool
exponent(const char *at, int64_t *times, int64_t *per)
{
	char *end;
	const long e = strtol(at + 1, &end, 10);

	if ((*at != 'e' && *at != 'E') || end == at + 1 || *end != '\0' || e > 12 || e < -9)
		return false;
	*times = 1000 * power_of_ten(e > 0 ? e : 0);
	*per = power_of_ten(e < 0 ? -e : 0);
	return true;
}

bool
quantity_parse(const char *text, int64_t *thousandths)
{
	int64_t value, per, times = 0, unit_per = 1;
	const char *rest = number(text + (*text == '+'), &value, &per);
	const struct suffix *suffix = rest ? find(rest) : NULL;

	if (!rest)
		return false;
	if (suffix) {
		times = suffix->times;
		unit_per = suffix->per;
	} else if (!exponent(rest, &times, &unit_per)) {
		return false;
	}
	/* The fraction is a divisor too: together, so that nothing is rounded twice. */
	if (__builtin_mul_overflow(per, unit_per, &per) || !scale(&value, times, per) ||
	    value > LIMIT)
		return false;
	*thousandths = value;
	return true;
}

const char *
quantity_text(struct arena *a, int64_t thousandths, bool bytes)
{
	static const char *const units[] = {"", "Ki", "Mi", "Gi", "Ti"};
	int64_t whole = thousandths / 1000 + (thousandths % 1000 != 0);
	size_t unit = 0;

	if (!bytes && thousandths % 1000 != 0)
		return arena_printf(a, "%" PRId64 "m", thousandths);
	while (bytes && whole != 0 && whole % 1024 == 0 && unit < 4) {
		whole /= 1024;
		unit++;
	}
	return arena_printf(a, "%" PRId64 "%s", whole, units[unit]);
}
