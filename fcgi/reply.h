/* The answer: JSON, text, or problem+json (RFC 9457), and which status an error has. */
#ifndef FCGI_REPLY_H
#define FCGI_REPLY_H

#include "fcgi/request.h"
#include "lib/buf.h"
#include "lib/err.h"

#define REPLY_BODY_MAX ((size_t)8 << 20)
#define REPLY_RETRY_AFTER_S 5	/* with each 503 */

struct reply {
	int status;
	const char *type;	/* Content-Type */
	struct buf headers;	/* more header lines, each ending in CR LF */
	struct buf body;
	bool etag;		/* an ETag header is there (etag.h) */
};

/* An empty 200 of JSON. */
void reply_init(struct reply *p);
void reply_fini(struct reply *p);

/* Adds a header line; the value must not hold CR or LF. */
void reply_header(struct reply *p, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Makes the answer that e stands for, in place of what is there; headers stay.  Errors of
 * ours are logged and not told. */
void reply_err(struct reply *p, const struct request *r, const struct err *e);

void reply_send(struct reply *p, const struct request *r);

#endif
