/*
 * How many workers may do something dear or slow at the same time, in memory that they
 * share.  A worker that dies inside is let out by the master.
 */
#ifndef FCGI_GATE_H
#define FCGI_GATE_H

#include "fcgi/master.h"
#include "lib/err.h"

enum gate {
	GATE_PASSWORD,		/* scrypt: 32 MiB and a core for a tenth of a second */
	GATE_KUBERNETES,	/* calls to a cluster: up to three seconds of waiting */
};

/*
 * Waits up to wait_ms for one of `max` places (0: half of the workers, at least one).
 * Returns 0, or -1 with ERR_TRANSIENT "busy" when none became free.  Then gate_leave().
 */
int gate_enter(const struct master_place *at, enum gate gate, size_t max, int wait_ms,
    struct err *e);
void gate_leave(const struct master_place *at, enum gate gate);

#endif
