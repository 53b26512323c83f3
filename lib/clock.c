/* Both clocks, their text form, and the switch that makes them stand in tests. */
#include "config.h"

#include "lib/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LAST_MS INT64_C(253402300799999)	/* the end of the year 9999 */

static int64_t standing_ms = -1;

static int64_t
now_us(clockid_t id)
{
	struct timespec ts;

	if (standing_ms >= 0)
		return standing_ms * 1000;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t
clock_us(void)
{
	return now_us(CLOCK_MONOTONIC);
}

int64_t
clock_ms(void)
{
	return now_us(CLOCK_MONOTONIC) / 1000;
}

int64_t
clock_unix_ms(void)
{
	return now_us(CLOCK_REALTIME) / 1000;
}

void
clock_set(int64_t ms)
{
	standing_ms = ms;
}

/* Times before 1970 and after 9999 are shown as the nearest that the form can hold. */
void
clock_text(int64_t unix_ms, char out[CLOCK_TEXT])
{
	const int64_t ms = unix_ms < 0 ? 0 : unix_ms > LAST_MS ? LAST_MS : unix_ms;
	const time_t seconds = (time_t)(ms / 1000);
	char text[CLOCK_TEXT], whole[CLOCK_TEXT + 16];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(whole, sizeof whole, "%s.%03dZ", text, (int)(ms % 1000));
	memcpy(out, whole, CLOCK_TEXT - 1);
	out[CLOCK_TEXT - 1] = '\0';
}

/* `n` digits as a number in [min, max], moving *p behind them. */
static bool
number(const char **p, int n, int min, int max, int *out)
{
	int value = 0;

	for (; n > 0; n--, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		value = value * 10 + (**p - '0');
	}
	*out = value;
	return value >= min && value <= max;
}

static bool
mark(const char **p, const char *any_of)
{
	if (**p == '\0' || !strchr(any_of, **p))
		return false;
	(*p)++;
	return true;
}

/* ".826", ".826123456" or nothing: milliseconds, the rest cut off. */
static bool
fraction(const char **p, int *ms)
{
	int unit = 100;

	*ms = 0;
	if (**p != '.')
		return true;
	(*p)++;
	if (**p < '0' || **p > '9')
		return false;
	for (; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
		*ms += (**p - '0') * unit;
	return true;
}

/* "Z" or "+02:00", as seconds east. */
static bool
offset(const char **p, int *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (mark(p, "Zz"))
		return true;
	const int sign = **p == '-' ? -1 : 1;
	if (!mark(p, "+-") || !number(p, 2, 0, 23, &hours) || !mark(p, ":") ||
	    !number(p, 2, 0, 59, &minutes))
		return false;
	*seconds = sign * (hours * 3600 + minutes * 60);
	return true;
}

int64_t
clock_parse(const char *text)
{
	const char *p = text;
	struct tm tm = {0};
	int year, month, ms, east;

	/* RFC 3339 section 5.6; second 60 is a leap second. */
	if (!number(&p, 4, 1970, 9999, &year) || !mark(&p, "-") ||
	    !number(&p, 2, 1, 12, &month) || !mark(&p, "-") ||
	    !number(&p, 2, 1, 31, &tm.tm_mday) || !mark(&p, "Tt ") ||
	    !number(&p, 2, 0, 23, &tm.tm_hour) || !mark(&p, ":") ||
	    !number(&p, 2, 0, 59, &tm.tm_min) || !mark(&p, ":") ||
	    !number(&p, 2, 0, 60, &tm.tm_sec) || !fraction(&p, &ms) || !offset(&p, &east) ||
	    *p != '\0')
		return -1;
	const int second = tm.tm_sec, day = tm.tm_mday;
	tm.tm_sec = 0;
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	const time_t minute = timegm(&tm);
	if (tm.tm_mday != day)
		return -1;	/* normalised: there was no such day */
	const int64_t unix_ms = ((int64_t)minute + second - east) * 1000 + ms;
	return unix_ms >= 0 ? unix_ms : -1;
}
