/* The values a chart gets, and their hash: plan < cluster (all engines) < cluster (this engine) < store < identity. */
#ifndef RECONCILE_VALUES_H
#define RECONCILE_VALUES_H

#include "lib/json.h"

struct values_input {
	const struct json *plan, *cluster, *overrides;	/* cluster: {"*": {...}, "ENGINE": {...}} */
	const char *engine;
	const char *installation, *store, *name, *host, *url, *ingress_class, *storage_class;
	const char *chart_digest;
	bool suspended;
	int64_t credentials_revision;	/* 0 is not told: nothing changes for a store that never got new passwords */
};

/* The merged values as sorted JSON text; hash = first 16 hex digits of SHA-256 over them and the chart's digest.
 * NULL, and hash untouched, when they have over 1 MiB. */
const char *values_text(struct arena *a, const struct values_input *in, const char **hash);

#endif
