/*
 * The master process: keeps a number of workers running on one socket.  Knows processes
 * and time, nothing of requests.
 */
#ifndef FCGI_MASTER_H
#define FCGI_MASTER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define MASTER_WORKERS_MAX 256
#define MASTER_GRACE_MS 9000	/* from SIGTERM to SIGKILL */

/* One per worker, in memory that master and workers share. */
struct master_slot {
	_Alignas(64) _Atomic int64_t busy_since_ms;	/* clock_ms(); 0 = idle */
	_Atomic unsigned gates;				/* flags of gate.h */
};

/* Where a worker stands among the others. */
struct master_place {
	struct master_slot *slots;
	size_t workers, self;
};

struct master_options {
	int listen_fd;
	size_t workers;			/* 1 to MASTER_WORKERS_MAX */
	int64_t request_timeout_ms;	/* a worker busy for longer is killed */
	/* Runs in the worker's process, with SIGTERM and SIGINT blocked; returns the exit
	 * status. */
	int (*work)(void *ctx, int listen_fd, const struct master_place *at);
	void *ctx;
};

/*
 * Runs until SIGTERM or SIGINT, then lets the workers finish for MASTER_GRACE_MS.
 * A worker that ends is started again, at growing intervals if it did not live long.
 * Returns 0, or 1 when it could not begin.
 */
int master_run(const struct master_options *o);

#endif
