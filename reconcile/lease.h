/* The shard's lease: without it nothing is written, neither here nor there. */
#ifndef RECONCILE_LEASE_H
#define RECONCILE_LEASE_H

#include "reconcile/world.h"

#define LEASE_S 90

/* 1 when it is ours, 0 when another holds it, -1 on error.  A holder known to be dead is followed at once. */
int lease_take(struct world *w, struct err *e);
/* ERR_CONFLICT when it was lost. */
int lease_renew(struct world *w, struct err *e);
void lease_release(struct world *w);

#endif
