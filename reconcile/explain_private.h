/*
 * What the parts of explain share: judging what was read, without any I/O.  explain.c has
 * the reasons and texts, explain_pod.c pods, explain_store.c the rest of a namespace.
 */
#ifndef RECONCILE_EXPLAIN_PRIVATE_H
#define RECONCILE_EXPLAIN_PRIVATE_H

#include "reconcile/explain.h"

enum explain_list {
	EXPLAIN_PODS, EXPLAIN_DEPLOYMENTS, EXPLAIN_STATEFULSETS, EXPLAIN_JOBS, EXPLAIN_CLAIMS,
	EXPLAIN_EVENTS, EXPLAIN_LISTS,
};

/* Lists as the API gives them ({"items": [...]}); NULL = not read. */
struct explain_lists {
	const struct json *list[EXPLAIN_LISTS];
	int64_t now_ms;			/* unix */
};

/* Fills *out with cleaned, cut texts; step NULL = the reason's own. Returns true. */
bool explain_set(struct arena *a, struct explanation *out, const char *reason,
    const char *step, const char *message);

/* Each is true when it set a reason. */
bool explain_pods(struct arena *a, const struct explain_lists *in, struct explanation *out);
bool explain_runs(struct arena *a, const struct explain_lists *in, struct explanation *out);
bool explain_refused(struct arena *a, const struct explain_lists *in, struct explanation *out);
bool explain_claims(struct arena *a, const struct explain_lists *in, struct explanation *out);

#endif
