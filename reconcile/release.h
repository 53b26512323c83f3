/*
 * Helm's release Secret (helm 4 pkg/storage/driver): name sh.helm.release.v1.NAME.vN,
 * labels owner, name,
 * version, status; data.release = base64(base64(gzip(JSON))).  Unlocking changes label
 * and payload.
 */
#ifndef RECONCILE_RELEASE_H
#define RECONCILE_RELEASE_H

#include "lib/kube.h"

/* Marks a pending-* release failed ("Release unlocked from stale 'pending-install' state"), with the Secret's resourceVersion as
 * precondition.  ERR_CONFLICT when it changed meanwhile, ERR_MISSING when gone; a
 * release that is not pending any more is 0. */
int release_unlock(struct kube *k, struct arena *a, const char *namespace, const char *secret, struct err *e);

/* info.status and info.description of the payload. */
int release_read(struct kube *k, struct arena *a, const char *namespace, const char *secret,
    const char **status, const char **description, struct err *e);

#endif
