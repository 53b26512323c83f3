/*
 * Bump allocation in chunks.  A request that is big beside a chunk gets one of its own,
 * put behind the newest, so that the space left there is still used.
 */
#include "config.h"

#include "lib/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)16 * 1024)
#define BIG (CHUNK_SIZE / 4)

struct arena_chunk {
	struct arena_chunk *next;	/* older */
	size_t size, used;		/* of data */
	alignas(max_align_t) unsigned char data[];
};

static struct arena_chunk *
chunk_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct arena_chunk))
		abort();
	struct arena_chunk *c = malloc(sizeof *c + size);
	if (!c)
		abort();
	c->next = NULL;
	c->size = size;
	c->used = 0;
	return c;
}

static void
chunks_free(struct arena_chunk *c)
{
	while (c) {
		struct arena_chunk *next = c->next;
		free(c);
		c = next;
	}
}

void
arena_fini(struct arena *a)
{
	chunks_free(a->head);
	a->head = NULL;
}

void
arena_wipe(struct arena *a)
{
	for (struct arena_chunk *c = a->head; c; c = c->next)
		explicit_bzero(c->data, c->used);
}

void
arena_reset(struct arena *a)
{
	struct arena_chunk *kept = a->head;

	/* A rare big chunk would otherwise stay for the life of the process. */
	while (kept && kept->size != CHUNK_SIZE) {
		struct arena_chunk *next = kept->next;
		free(kept);
		kept = next;
	}
	a->head = kept;
	if (!kept)
		return;
	chunks_free(kept->next);
	kept->next = NULL;
	kept->used = 0;
}

/* The chunk that has room for `size` bytes. */
static struct arena_chunk *
chunk_for(struct arena *a, size_t size)
{
	struct arena_chunk *head = a->head;

	if (head && size <= head->size - head->used)
		return head;
	struct arena_chunk *c = chunk_new(size > BIG ? size : CHUNK_SIZE);
	if (size > BIG && head) {
		c->next = head->next;
		head->next = c;
	} else {
		c->next = head;
		a->head = c;
	}
	return c;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);

	if (size > SIZE_MAX - align)
		abort();
	size = (size + align - 1) / align * align;
	struct arena_chunk *c = chunk_for(a, size);
	void *p = c->data + c->used;
	c->used += size;
	return memset(p, 0, size);
}

size_t
arena_mul(size_t x, size_t y)
{
	size_t product;

	if (__builtin_mul_overflow(x, y, &product))
		abort();
	return product;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	if (len == SIZE_MAX)
		abort();
	char *copy = arena_alloc(a, len + 1);
	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	const int len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		abort();
	char *text = arena_alloc(a, (size_t)len + 1);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}
