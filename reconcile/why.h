/* Why a store waits, in words: from explain.h, bounded per round, and only for those that need it. */
#ifndef RECONCILE_WHY_H
#define RECONCILE_WHY_H

#include "reconcile/world.h"

void why(struct world *w, struct store *s);

/* The same for an action that failed. */
void why_error(struct world *w, struct store *s, const struct err *e);

#endif
