/*
 * This worker's clients of the Kubernetes clusters, opened when a request first needs one
 * and kept.  Who we are there: <kubeconfig_dir>/<cluster>.kubeconfig, or without that
 * folder the service account of our own pod, for the cluster that we run in.
 */
#ifndef FCGI_CLUSTERS_H
#define FCGI_CLUSTERS_H

#include <sys/stat.h>

#include "lib/kube.h"

#define CLUSTERS_MAX 8		/* kept at once; one more takes the place of the oldest */
#define CLUSTERS_TIMEOUT_MS 3000	/* of one call */

struct clusters {
	const char *folder;	/* conf's kubeconfig_dir */
	struct cluster {
		char name[64];	/* "" = unused */
		struct kube *kube;
		struct stat file;	/* the kubeconfig that was read */
	} kept[CLUSTERS_MAX];
	size_t oldest;
};

/*
 * The client of the cluster called `name`, valid until the next call here; `ours` is
 * whether it is the one whose pods we may be.  A kubeconfig that was changed is read
 * again.  NULL and ERR_MISSING when we have no access, ERR_INPUT when it cannot be used.
 */
struct kube *clusters_get(struct clusters *c, const char *name, bool ours, struct err *e);

/* Forgets a client whose call failed: the next one connects anew. */
void clusters_drop(struct clusters *c, const char *name);

void clusters_fini(struct clusters *c);

#endif
