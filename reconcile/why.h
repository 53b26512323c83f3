/* Why a store waits, in words: from explain.h, bounded per round, and only for those that need it. */
#ifndef RECONCILE_WHY_H
#define RECONCILE_WHY_H

#include "reconcile/world.h"

/* Once in each round, before the first store. */
void why_begin(struct world *w);

void why(struct world *w, struct store *s);

/* The same for an action that failed. */
void why_error(struct world *w, struct store *s, const struct err *e);

/* The same for one that is tried again soon, which is no failure: told once the store should long be ready. */
void why_again(struct world *w, struct store *s, const struct err *e);

#endif
