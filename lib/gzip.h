/* gzip (RFC 1952); the only place that knows zlib, which libcurl brings into the process anyway. */
#ifndef LIB_GZIP_H
#define LIB_GZIP_H

#include "lib/buf.h"
#include "lib/err.h"

/* Appends `len` bytes as one member without name and time: the same bytes give the same. */
int gzip_pack(struct buf *out, const void *data, size_t len, struct err *e);

/* The reverse of one whole member; at most out->max bytes. */
int gzip_unpack(struct buf *out, const void *data, size_t len, struct err *e);

#endif
