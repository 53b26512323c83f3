/*
 * Growing bytes with a stated maximum.  Going over the maximum is not fatal: the buffer
 * keeps what fitted, and buf_full() is true from then on, so writers check once at the end.
 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;		/* NUL after data[len - 1]; NULL until the first byte */
	size_t len, size, max;	/* bytes used, allocated, and allowed (without the NUL) */
	bool full;		/* something did not fit */
};

/* Declares an empty buffer of at most `max` bytes, freed at the end of its scope. */
#define BUF(name, max_bytes) \
	__attribute__((cleanup(buf_fini))) struct buf name = {.max = (max_bytes)}

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);
void buf_reset(struct buf *b);	/* empties it, keeps memory and maximum, clears full */

/* Each returns 0, or -1 when something did not fit. */
int buf_add(struct buf *b, const void *data, size_t len);
int buf_adds(struct buf *b, const char *s);
int buf_addc(struct buf *b, char c);
int buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text, "" while empty; valid until the next change. */
const char *buf_text(const struct buf *b);
static inline bool buf_full(const struct buf *b) { return b->full; }

#endif
