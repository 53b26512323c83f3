/* A list in pieces gives the same rows as the list in one. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>

#include "lib/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
count(void *ctx, struct arena *a, const struct json *row, struct err *e)
{
	(void)a, (void)row, (void)e;
	++*(size_t *)ctx;
	return 0;
}

static size_t
rows(const uint8_t *data, size_t size, size_t piece, int *rc)
{
	size_t n = 0;
	struct err e = {0};
	struct json_rows *r = json_rows_new("rows", 4096, count, NULL, &n);

	*rc = 0;
	for (size_t at = 0; at < size && *rc == 0; at += piece)
		*rc = json_rows_feed(r, (const char *)data + at, size - at < piece ? size - at : piece, &e);
	if (*rc == 0)
		*rc = json_rows_end(r, &e);
	json_rows_free(r);
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int whole, pieces;

	if (rows(data, size, size + 1, &whole) != rows(data, size, 3, &pieces) || whole != pieces)
		abort();
	return 0;
}
