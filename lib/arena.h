/*
 * Memory of one request or one pass.  Everything is released at once by arena_reset();
 * nothing taken from an arena is ever freed on its own.  Out of memory aborts.
 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;
struct arena {
	struct arena_chunk *head;	/* newest chunk; NULL while empty */
};

/* Declares an empty arena that is released at the end of its scope. */
#define ARENA(name) __attribute__((cleanup(arena_fini))) struct arena name = {NULL}

void arena_fini(struct arena *a);

/* Releases what was taken; keeps one chunk for the next round. */
void arena_reset(struct arena *a);

/* Overwrites all that was taken, for secrets; it is released as always. */
void arena_wipe(struct arena *a);

/* `size` zeroed bytes, aligned for any type.  Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), arena_mul(sizeof(type), (n))))

/* x * y; aborts on overflow. */
size_t arena_mul(size_t x, size_t y);

/* Copies ending in NUL.  arena_strdup(a, NULL) is NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#endif
