/* Writes what was seen, with the lease's fencing token, and only what changed. */
#ifndef RECONCILE_STATUS_H
#define RECONCILE_STATUS_H

#include "reconcile/world.h"

/* Brings the conditions up to date, then writes status and events in one transaction if anything differs;
 * 1 when it wrote, 0 when nothing differs; ERR_CONFLICT when the lease was lost. */
int status_write(struct world *w, struct store *s, struct err *e);

/* How many bytes of an event's message are written: whole characters, or the database would refuse it. */
size_t status_event_length(const char *message);

/* A condition of the row as it is now; NULL if there is none. */
const struct json *status_get(struct arena *a, const struct store *s, const char *type);

/* Its status ("True"), or "". */
const char *status_condition(struct arena *a, const struct store *s, const char *type);

struct status_condition {
	const char *type, *status, *reason, *message;
	const char *at;			/* when it was last looked at, as RFC 3339, and how long that took; NULL = not told */
	int64_t seconds;
};
/* Sets a condition that stays until it is set otherwise ("since" is kept where the status did not change). */
void status_put(struct world *w, struct store *s, const struct status_condition *c);

/* The same for one that is true or false. */
void status_set(struct world *w, struct store *s, const char *type, bool is, const char *reason, const char *message);

#endif
