/*
 * One function for each action of plan.h: idempotent, time-limited, for one store.  It may change s->now and
 * add events; the caller writes both.  ERR_CONFLICT with code "lease_lost" ends the pass.
 */
#ifndef RECONCILE_ACTION_H
#define RECONCILE_ACTION_H

#include "reconcile/world.h"

int namespace_create(struct world *w, struct store *s, struct err *e);
int namespace_forget(struct world *w, struct store *s, struct err *e);
int namespace_delete(struct world *w, struct store *s, struct err *e);
int credentials_ensure(struct world *w, struct store *s, struct err *e);
int unlock_release(struct world *w, struct store *s, struct err *e);
int admit_start(struct world *w, struct store *s, struct err *e);
int helm_apply(struct world *w, struct store *s, struct err *e);
int helm_remove(struct world *w, struct store *s, struct err *e);
int probe_start(struct world *w, struct store *s, struct err *e);
int probe_failed(struct world *w, struct store *s, struct err *e);
int purge_look(struct world *w, struct store *s, struct err *e);
int purge_store(struct world *w, struct store *s, struct err *e);

/* What a helm child that ended means for its store. */
struct children_end;
#define ADMITTED "It fits its quota at its worst moment."
void admit_ended(struct world *w, struct store *s, const struct children_end *end);
void helm_ended(struct world *w, struct store *s, const struct children_end *end);

/* The ownership labels as an object, to go in the same request as a create. */
struct json *action_labels(struct world *w, const struct store *s);

/* Runs what the store's plan says.  0 also when there is nothing to do or no room; *acted tells. */
int action_run(struct world *w, struct store *s, bool *acted, struct err *e);

#endif
