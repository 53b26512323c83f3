/* What a reconciler has at hand: connections, lease, and the round's stores.  One per process. */
#ifndef RECONCILE_WORLD_H
#define RECONCILE_WORLD_H

#include "lib/conf.h"
#include "lib/db.h"
#include "lib/kube.h"
#include "reconcile/children.h"
#include "reconcile/helm.h"
#include "reconcile/store.h"

struct world {
	const struct conf *conf;
	struct db *db;
	struct kube *kube;
	struct helm_config helm;
	struct children *children;
	struct capacity *capacity;	/* what the cluster had free at the last look */
	const char *helm_version;	/* NULL until known */
	char holder[160];		/* who we are: see claim.h */
	char token[24];			/* the lease's, "" without it */
	int64_t renewed_ms;		/* when it was made longer, by clock_ms() */
	struct arena forever;
	char cluster[40];		/* its id; "" until read */
	size_t confirm_from;		/* the store whose turn it is in ready.c */
	struct { size_t asked, all, from; } explain;	/* in this round, in the one before, and whose turn it is: why.c */

	/* the round's */
	struct arena *a;
	int64_t now;			/* the database's clock as the round began */
	int64_t now_ms;			/* clock_ms() at that moment */
	const char *installation, *cluster_uid;
	const char *base_domain, *scheme, *ingress_class, *storage_class;
	int64_t port;
	const struct json *engine_values;
	struct store *stores;		/* by namespace */
	size_t nstores;
	bool reachable;			/* as the pass found at its start */
	bool lost, autoscaled;		/* the cluster, says its row */
	size_t checks;			/* so many in this round */
	bool namespaces_known, releases_known, work_known, volumes_known;
	char kubernetes[400];		/* "ok", or why not */
};

/* The store with this namespace; NULL if there is none. */
struct store *world_find(const struct world *w, const char *namespace);

#endif
