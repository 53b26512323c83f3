/* The cluster in a few lists taken at once, laid over the stores.  What was not seen completely is unknown. */
#ifndef RECONCILE_OBSERVE_H
#define RECONCILE_OBSERVE_H

#include "reconcile/world.h"

/* Fills each store's `seen` and w->*_known; also opens incidents for namespaces of nobody.  w->kubernetes says how it went. */
void observe(struct world *w);

/* From what is held and seen to what plan.c wants to know. */
struct plan_state observe_state(struct world *w, struct store *s);

#endif
