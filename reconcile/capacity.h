/*
 * What the cluster has free, and whether a store's pods can find room there.  Says no only
 * where it is proved; affinities, selectors and preemption are the scheduler's matter.
 * capacity.c is pure; capacity_look.c asks the cluster.
 */
#ifndef RECONCILE_CAPACITY_H
#define RECONCILE_CAPACITY_H

#include "reconcile/fit.h"

#define CAPACITY_TEXT 900
#define CAPACITY_FRESH_MS (30 * 1000)	/* so long a look is good */

/* The last look, and what was promised since; one per process, zeroed at first, its memory released by capacity_fini(). */
struct capacity;
struct capacity *capacity_new(struct arena *a);
void capacity_fini(struct capacity *c);

/* A look: forget the last one, all nodes, nodes_end, all pods, pods_end.  Pods that are over do not belong here. */
void capacity_begin(struct capacity *c);
void capacity_node(struct capacity *c, const struct json *node);
void capacity_nodes_end(struct capacity *c);
/* `kept`: of a store's namespace, so that it is not counted against that store. */
void capacity_pod(struct capacity *c, const struct json *pod, bool kept);
void capacity_pods_restart(struct capacity *c);
void capacity_pods_end(struct capacity *c, int64_t now_ms);

struct capacity_verdict {
	bool room;
	char message[CAPACITY_TEXT];	/* one clause per resource that is short, with numbers */
	char next_step[CAPACITY_TEXT];	/* the smallest change that would fit */
};
/* Whether these pods fit beside all others, those that the namespace has already being its own. */
bool capacity_judge(struct capacity *c, const char *namespace, const struct fit *fit, struct capacity_verdict *out);

/* They were let in: until their pods are seen, the next one finds so much less. */
void capacity_promise(struct capacity *c, const char *namespace, const struct fit *fit, int64_t now_ms);

struct world;

/* Looks, unless it did a moment ago; NULL, or why what is free is not known (a clause). */
const char *capacity_look(struct world *w);

#endif
