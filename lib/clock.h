/* Time, in one place so that tests can set it. */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void);		/* monotonic milliseconds: deadlines and durations */
int64_t clock_us(void);		/* the same clock in microseconds */
int64_t clock_unix_ms(void);	/* milliseconds since 1970-01-01T00:00:00Z */

/* Writes RFC 3339 UTC with milliseconds, "2026-11-23T15:24:42.826Z" and NUL (25 bytes). */
#define CLOCK_TEXT 25
void clock_text(int64_t unix_ms, char out[CLOCK_TEXT]);

/* From RFC 3339 (any fraction, Z or offset) to unix milliseconds; -1 if not a time. */
int64_t clock_parse(const char *text);

/* Tests: makes both clocks stand at `ms`; a negative value lets them run again. */
void clock_set(int64_t ms);

#endif
