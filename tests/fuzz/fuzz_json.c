/* Whatever is read can be written, and reads back as the same. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a);
	BUF(once, 1 << 20);
	BUF(twice, 1 << 20);
	struct err e = {0};
	struct json *v = json_parse(&a, (const char *)data, size, &e);

	if (!v)
		return 0;
	json_write_sorted(&once, v);
	v = json_parse(&a, buf_text(&once), once.len, &e);
	if (!v)
		abort();
	json_write_sorted(&twice, v);
	if (strcmp(buf_text(&once), buf_text(&twice)) != 0)
		abort();
	return 0;
}
