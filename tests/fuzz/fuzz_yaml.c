/* Whatever YAML is read can be written as JSON that reads back. */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>

#include "lib/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA(a);
	BUF(out, 1 << 20);
	struct err e = {0};
	struct json *v = yaml_parse(&a, (const char *)data, size, &e);

	if (!v)
		return 0;
	json_write(&out, v);
	if (!json_parse(&a, buf_text(&out), out.len, &e))
		abort();
	return 0;
}
