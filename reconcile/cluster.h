/* The cluster this reconciler serves: its row, the way to it, and whether it is still the same one. */
#ifndef RECONCILE_CLUSTER_H
#define RECONCILE_CLUSTER_H

#include "reconcile/world.h"

/* Reads the row and the database's clock; ERR_MISSING when there is no such cluster. */
int cluster_read(struct world *w, struct err *e);

/* Finds the way there (once) and compares the uid of kube-system with the recorded one.
 * False, with w->kubernetes saying why, when nothing may be done there. */
bool cluster_contact(struct world *w);

#endif
