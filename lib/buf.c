/*
 * Growing bytes with a maximum.  Once something did not fit nothing more is taken, so that
 * what is kept is always a true beginning of what was written.
 */
#include "config.h"

#include "lib/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE ((size_t)256)

/* Makes room for `len` more bytes and the NUL, which the caller knows to be allowed. */
static void
grow(struct buf *b, size_t len)
{
	const size_t need = b->len + len + 1;

	if (need <= b->size)
		return;
	size_t size = b->size ? b->size : FIRST_SIZE;
	while (size < need)
		size = size > SIZE_MAX / 2 ? need : size * 2;
	if (size > b->max)
		size = b->max + 1;	/* need is at most this */
	char *data = realloc(b->data, size);
	if (!data)
		abort();
	b->data = data;
	b->size = size;
}

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void
buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){.max = b->max};
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
	if (b->data)
		b->data[0] = '\0';
}

int
buf_add(struct buf *b, const void *data, size_t len)
{
	if (b->full)
		return -1;
	if (len > b->max - b->len) {
		b->full = true;
		len = b->max - b->len;
	}
	if (len > 0) {
		grow(b, len);
		memcpy(b->data + b->len, data, len);
		b->len += len;
		b->data[b->len] = '\0';
	}
	return b->full ? -1 : 0;
}

int
buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_addc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	if (b->full)
		return -1;
	va_start(ap, fmt);
	const int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	size_t len = (size_t)n;
	if (len > b->max - b->len) {
		b->full = true;
		len = b->max - b->len;
	}
	grow(b, len);
	va_start(ap, fmt);
	vsnprintf(b->data + b->len, len + 1, fmt, ap);
	va_end(ap);
	b->len += len;
	return b->full ? -1 : 0;
}

const char *
buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}
