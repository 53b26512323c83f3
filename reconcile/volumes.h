/* PersistentVolumes of a store that goes away: no controller of namespaces looks after them. */
#ifndef RECONCILE_VOLUMES_H
#define RECONCILE_VOLUMES_H

#include "reconcile/world.h"

/* "Delete" or "Retain", as the store's deletion policy wants it. */
const char *volumes_policy(const struct store *s);

/* Records every volume claimed from the store's namespace and gives it that reclaim policy. */
int volumes_settle(struct world *w, struct store *s, struct err *e);

/* Those that are left, as a JSON array; NULL when the list is not complete. */
struct json *volumes_left(struct world *w, const struct store *s, struct err *e);

/* Notes that the store's recorded volumes that are not in `left` are gone. */
int volumes_gone(struct world *w, const struct store *s, const struct json *left, struct err *e);

/* NAMESPACE/NAME of the claim of a row of the list of volumes, "" without one; NULL where the row does not say. */
const char *volumes_claim(const struct kube_row *row, struct err *e);

#endif
