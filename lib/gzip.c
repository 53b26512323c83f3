/* One pass of zlib from memory to a buffer. */
#include "config.h"

#include "lib/gzip.h"

#include <limits.h>
#include <stdint.h>
#include <zlib.h>

#define WINDOW_GZIP (15 + 16)		/* the largest window, gzip header */
#define MEMORY_DEFAULT 8

/* Runs one zlib stream to its end: step is inflate or deflate. */
static int
run_stream(z_stream *z, int (*step)(z_stream *, int), struct buf *out)
{
	unsigned char part[16384];
	int rc;

	do {
		z->next_out = part;
		z->avail_out = sizeof part;
		rc = step(z, Z_FINISH);
		if (buf_add(out, part, sizeof part - z->avail_out) != 0)
			return Z_MEM_ERROR;
	} while (rc == Z_OK || (rc == Z_BUF_ERROR && z->avail_out == 0));
	return rc;
}

/* zlib only reads it, whatever its type says. */
static z_stream
stream(const void *data, size_t len)
{
	return (z_stream){.next_in = (Bytef *)(uintptr_t)data, .avail_in = (uInt)len};
}

int
gzip_pack(struct buf *out, const void *data, size_t len, struct err *e)
{
	z_stream z = stream(data, len);

	if (len > UINT_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu bytes are too many for gzip", len);
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_GZIP, MEMORY_DEFAULT,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		return err_set(e, ERR_BUG, "zlib cannot start");
	const int rc = run_stream(&z, deflate, out);
	deflateEnd(&z);
	if (buf_full(out))
		return err_set(e, ERR_TOO_LARGE, "it has over %zu bytes packed", out->max);
	return rc == Z_STREAM_END ? 0 : err_set(e, ERR_BUG, "zlib cannot compress");
}

int
gzip_unpack(struct buf *out, const void *data, size_t len, struct err *e)
{
	z_stream z = stream(data, len);

	if (len > UINT_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu bytes are too many for gzip", len);
	if (inflateInit2(&z, WINDOW_GZIP) != Z_OK)
		return err_set(e, ERR_BUG, "zlib cannot start");
	const int rc = run_stream(&z, inflate, out);
	inflateEnd(&z);
	if (buf_full(out))
		return err_set(e, ERR_TOO_LARGE, "it has over %zu bytes unpacked", out->max);
	return rc == Z_STREAM_END ? 0 : err_set(e, ERR_INPUT, "it is not whole gzip");
}
