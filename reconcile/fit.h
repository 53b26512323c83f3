/*
 * Whether what a chart renders fits the quota that it renders with it, at its worst moment:
 * every pod there, a rolling update's surge, the old set-up pod not yet gone when the new
 * one begins, probes.  Asked before anything is applied: a quota too small would only show
 * later, as an update that hangs.  Also says which pods there will be.  Pure: manifests in, a verdict out.
 */
#ifndef RECONCILE_FIT_H
#define RECONCILE_FIT_H

#include "reconcile/pod_need.h"

#define FIT_TEXT 900

/* Pods that must run before the store is ready: those of a workload, or of a Job, which come and go. */
struct fit_pod {
	const char *kind, *name;
	int64_t need[NEEDS];		/* of one */
	int64_t times;			/* how many */
	bool once;			/* a Job's */
};

struct fit {
	bool fits;
	char message[FIT_TEXT];		/* one clause per resource that does not fit, with numbers */
	char next_step[FIT_TEXT];	/* the smallest change that would fit */
	struct fit_pod *pods;		/* for reconcile/capacity.h */
	size_t npods;
};

/*
 * `manifests`: what `helm template` printed.  Where no ResourceQuota is in it, it fits.
 * -1 with ERR_INPUT, naming the object, for manifests that cannot be read.
 */
int fit_check(struct arena *a, const char *manifests, size_t len, struct fit *out, struct err *e);

#endif
