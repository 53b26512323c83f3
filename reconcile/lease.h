/* The shard's lease: without it nothing is written, neither here nor there. */
#ifndef RECONCILE_LEASE_H
#define RECONCILE_LEASE_H

#include "reconcile/world.h"

#define LEASE_S 90

/* 1 when it is ours, 0 when another holds it, -1 on error.  A holder known to be dead is followed at once. */
int lease_take(struct world *w, struct err *e);
/* Makes it longer when that is due, so often that a stopped process notices before it acts; ERR_CONFLICT when it
 * was lost. */
int lease_keep(struct world *w, struct err *e);
void lease_release(struct world *w);

#endif
