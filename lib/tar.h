/*
 * Writes a tar archive: "ustar Interchange Format" of POSIX.1-2017, utility pax.  Regular files
 * alone, of nobody in particular and of no time, so that the same files make the same bytes.
 */
#ifndef LIB_TAR_H
#define LIB_TAR_H

#include "lib/buf.h"
#include "lib/err.h"

/* Appends one file.  ERR_INPUT where the path does not fit a header (names of at most 100
 * bytes, folders of at most 155); ERR_TOO_LARGE where the buffer is full. */
int tar_add(struct buf *out, const char *path, const void *data, size_t len, struct err *e);

/* Appends what ends an archive. */
int tar_end(struct buf *out, struct err *e);

#endif
