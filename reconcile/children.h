/*
 * The helm children of this process, each for one store's namespace.  They go on while rounds
 * of observing and deciding pass by, so that a slow one delays nobody.
 */
#ifndef RECONCILE_CHILDREN_H
#define RECONCILE_CHILDREN_H

#include "reconcile/helm.h"

#include <stddef.h>
#include <stdint.h>

#define CHILDREN_MAX 64

struct children;

struct children_job {
	struct helm_job helm;
	const char *hash;		/* of what is applied; NULL for an uninstall */
	int64_t generation;
};

struct children *children_new(struct arena *a, size_t parallel);
/* Ends all that run. */
void children_free(struct children *c);

bool children_room(const struct children *c);
size_t children_running(const struct children *c);
/* Whether one runs for this namespace. */
bool children_has(const struct children *c, const char *namespace);

/* Copies what it needs. */
int children_start(struct children *c, const struct helm_config *config, const struct children_job *job,
    struct err *e);

/* Waits at most timeout_ms until one ends; returns at once when none runs. */
void children_wait(struct children *c, int timeout_ms);

struct children_end {
	const char *namespace;
	enum helm_verb verb;
	const char *hash;
	int64_t generation;
	struct helm_result result;
};
/* One that ended, until it is dismissed; false when there is none left. */
bool children_ended(struct children *c, struct children_end *out);
/* Forgets the one that children_ended() returned last. */
void children_dismiss(struct children *c);

#endif
