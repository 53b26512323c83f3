/* Too much that looks gone at once is more likely a wrong answer than a loss: then nothing is changed. */
#ifndef RECONCILE_BREAKER_H
#define RECONCILE_BREAKER_H

#include "reconcile/world.h"

/* More than half of at least 3, or more than max(20, 2 %). */
bool breaker_trips(size_t expected, size_t gone);

/* Counts; where it trips, or tripped before and is not settled, makes everything unknown for this round.
 * -1 on a database error. */
int breaker_open(struct world *w, struct err *e);

#endif
