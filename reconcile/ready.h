/* Whether workloads that look ready in a list are: a Table's cells say nothing of an update that has not begun. */
#ifndef RECONCILE_READY_H
#define RECONCILE_READY_H

#include "reconcile/world.h"

/* GETs the workloads of stores that are not ready yet but look so, so many in a round and each in its turn; takes back what
 * is not confirmed. */
void ready_confirm(struct world *w);

/* The rules of kstatus for Deployment and StatefulSet, for tests. */
bool ready_object(const struct json *object);

#endif
