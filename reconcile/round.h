/* One round: rows, lists, decisions, actions, status.  A pass is a few of them. */
#ifndef RECONCILE_ROUND_H
#define RECONCILE_ROUND_H

#include "reconcile/world.h"

struct round {
	size_t stores, acted, waiting, written, errors;
};

/* Adds to the counts.  -1 when the pass must end: database away, lease lost. */
int round_run(struct world *w, struct round *out, struct err *e);

#endif
