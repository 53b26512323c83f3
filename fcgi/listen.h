/* The listening socket: made by us, or handed over by a supervisor. Unix sockets only. */
#ifndef FCGI_LISTEN_H
#define FCGI_LISTEN_H

#include <stdint.h>

#include "lib/err.h"

struct listen_options {
	const char *path;	/* "" = descriptor 3 (LISTEN_FDS) or 0 (spawn-fcgi) */
	int64_t mode;		/* octal digits as written: 660 */
	const char *group;	/* "" = leave */
};

/* A listening, non-blocking descriptor. */
int listen_open(const struct listen_options *o, struct err *e);

#endif
