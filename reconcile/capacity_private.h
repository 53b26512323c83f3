/* What capacity.c (judging) and capacity_look.c (seeing) share; for them alone. */
#ifndef RECONCILE_CAPACITY_PRIVATE_H
#define RECONCILE_CAPACITY_PRIVATE_H

#include "reconcile/capacity.h"

#define PROMISES_MAX 256
#define NAMESPACE_MAX 64
#define UNBOUND (-1)			/* on no node yet */
#define ELSEWHERE (-2)			/* on one that takes no pods */

struct node {
	const char *name;
	int64_t total[NEEDS], used[NEEDS];
};

/* A pod of a store. */
struct pod {
	const char *namespace;
	long node;			/* an index, or one of the above */
	int64_t need[NEEDS];
};

struct promise {
	char namespace[NAMESPACE_MAX];
	int64_t need[NEEDS], left[NEEDS];	/* left: what is not to be seen yet */
	int64_t at_ms;
};

struct capacity {
	struct arena nodes_arena, pods_arena;
	struct node *nodes;		/* by name, those that take pods */
	size_t nnodes, nodes_room;
	size_t not_ready, closed;	/* the others, and why */
	struct pod *pods;
	size_t npods, pods_room;
	int64_t unbound[NEEDS];		/* of all pods on their way to a node */
	struct promise promises[PROMISES_MAX];
	size_t npromises;
	int64_t looked_ms;		/* 0: never */
	char unknown[sizeof ((struct err *)0)->msg];	/* why the last look saw nothing; "" if it did */
};

static inline void
capacity_add(int64_t sum[NEEDS], const int64_t more[NEEDS])
{
	for (size_t k = 0; k < NEEDS; k++)
		sum[k] = need_plus(sum[k], more[k]);
}

#endif
