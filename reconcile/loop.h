/* Passes: lease, rounds until nothing moves, a row that says how it went. */
#ifndef RECONCILE_LOOP_H
#define RECONCILE_LOOP_H

#include "reconcile/world.h"

#include <signal.h>

enum loop_result { LOOP_CONVERGED, LOOP_ERROR, LOOP_PENDING, LOOP_INCIDENTS };

/* One pass; *moved says whether anything was done or written.  `stop` ends it early. */
enum loop_result loop_pass(struct world *w, const volatile sig_atomic_t *stop, bool *moved);

/* Passes until `stop`. */
void loop_watch(struct world *w, const volatile sig_atomic_t *stop);

#endif
