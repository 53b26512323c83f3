/* PersistentVolumes of a store that goes away: no controller of namespaces looks after them. */
#ifndef RECONCILE_VOLUMES_H
#define RECONCILE_VOLUMES_H

#include "reconcile/world.h"

/* "Delete" or "Retain", as the store's deletion policy wants it. */
const char *volumes_policy(const struct store *s);

/* Records every volume claimed from the store's namespace and gives it that reclaim policy. */
int volumes_settle(struct world *w, struct store *s, struct err *e);

/* Names of those that are left, as a JSON array; NULL when the list is not complete. */
struct json *volumes_left(struct world *w, const struct store *s, struct err *e);

#endif
