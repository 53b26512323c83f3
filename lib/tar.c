/*
 * One header of 512 bytes for each file, its contents filled up to whole blocks, and two
 * empty blocks at the end.
 */
#include "config.h"

#include "lib/tar.h"

#include <stdio.h>
#include <string.h>

#define BLOCK ((size_t)512)
#define SIZE_LIMIT ((size_t)1 << 33)	/* eleven octal digits */

/* Fields in octal end in NUL; a name that fills its field does not. */
struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], chksum[8], typeflag;
	char linkname[100], magic[6], version[2], uname[32], gname[32], devmajor[8], devminor[8];
	char prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

/* The folders go to `prefix`, cut at the first '/' that leaves a name which fits. */
static int
set_path(struct header *h, const char *path, struct err *e)
{
	const size_t len = strlen(path);
	const char *name = path;

	if (len > sizeof h->name) {
		name = strchr(path + len - sizeof h->name - 1, '/');
		if (!name || name == path || (size_t)(name - path) > sizeof h->prefix || !name[1])
			return err_set(e, ERR_INPUT, "%.200s: the path is too long for an archive",
			    path);
		memcpy(h->prefix, path, (size_t)(name - path));
		name++;
	}
	memcpy(h->name, name, strlen(name));
	return 0;
}

/* The sum of all bytes, those of the sum itself taken as spaces. */
static void
set_sum(struct header *h)
{
	const unsigned char *byte = (const unsigned char *)h;
	unsigned sum = 0;

	memset(h->chksum, ' ', sizeof h->chksum);
	for (size_t i = 0; i < sizeof *h; i++)
		sum += byte[i];
	snprintf(h->chksum, sizeof h->chksum - 1, "%06o", sum);
}

static int
fill(struct buf *out, size_t len)
{
	static const char zeros[2 * BLOCK];

	return buf_add(out, zeros, len);
}

static int
full(const struct buf *out, struct err *e)
{
	return err_set(e, ERR_TOO_LARGE, "the archive has more than %zu bytes", out->max);
}

int
tar_add(struct buf *out, const char *path, const void *data, size_t len, struct err *e)
{
	struct header h = {
		.mode = "0000644", .uid = "0000000", .gid = "0000000", .mtime = "00000000000",
		.typeflag = '0', .magic = "ustar", .version = {'0', '0'},
	};

	if (len >= SIZE_LIMIT)
		return err_set(e, ERR_TOO_LARGE, "%.200s is too large for an archive", path);
	if (set_path(&h, path, e) != 0)
		return -1;
	snprintf(h.size, sizeof h.size, "%011zo", len);
	set_sum(&h);
	if (buf_add(out, &h, sizeof h) || buf_add(out, data, len) ||
	    fill(out, (BLOCK - len % BLOCK) % BLOCK))
		return full(out, e);
	return 0;
}

int
tar_end(struct buf *out, struct err *e)
{
	return fill(out, 2 * BLOCK) ? full(out, e) : 0;
}
