/* Conditional requests (RFC 9110 section 13): reads that changed nothing are 304, and a
 * write may name the generation it was made for. */
#ifndef FCGI_ETAG_H
#define FCGI_ETAG_H

#include "fcgi/route.h"

/* Gives a 200 its ETag, "<generation>-<hash of the body>" or "<hash>", and makes it a 304
 * when If-None-Match has it. */
void etag_reply(struct route_ctx *c);

/*
 * The generation that If-Match names, for the query to compare; NULL when there is none or
 * it is "*".  What the reconciler saw is not compared: it is no other person's wish.
 * Returns -1 with ERR_STALE for what cannot be a store's ETag.
 */
int etag_generation(const struct route_ctx *c, const char **generation, struct err *e);

#endif
