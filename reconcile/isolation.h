/* The check whether a shop is shut off from others: what it tries, and what its end means.  See check.c. */
#ifndef RECONCILE_ISOLATION_H
#define RECONCILE_ISOLATION_H

#include "reconcile/check.h"

int isolation_env(struct world *w, struct store *s, const struct check_env **env, struct err *e);
void isolation_ended(struct world *w, struct store *s, const struct check_end *end, bool passed);
void isolation_failed(struct world *w, struct store *s, const struct err *e);

#endif
