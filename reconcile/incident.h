/* What a person must look at: opened here, settled with `storeward incidents settle`. */
#ifndef RECONCILE_INCIDENT_H
#define RECONCILE_INCIDENT_H

#include "reconcile/world.h"

int incident_open(struct world *w, const char *kind, const char *object, const char *message, const char *next_step);

struct incident_state {
	int64_t open;			/* of the cluster, any kind */
	bool is_open, is_settled;	/* of the kind; settled within the last hour */
};
int incident_state(struct world *w, const char *kind, struct incident_state *out, struct err *e);

#endif
