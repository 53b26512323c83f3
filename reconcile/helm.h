/*
 * helm 4 as a child process: own process group, parent-death signal, a deadline enforced by a
 * watchdog that outlives us, values on stdin, the chart in a file in memory, output capped and
 * scrubbed.  Knows nothing of stores.
 */
#ifndef RECONCILE_HELM_H
#define RECONCILE_HELM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/arena.h"
#include "lib/err.h"

struct helm_config {
	const char *path;		/* helm 4 */
	const char *home;		/* HOME, caches: a private writable folder */
	const char *kubeconfig, *context;	/* NULL: the pod's service account */
	int timeout_s;			/* deadline of one child */
};

/* "v4.3.1"; ERR_MISSING when there is no helm, ERR_INPUT when it is not helm 4.  At most
 * 10 s. */
int helm_version(const struct helm_config *c, struct arena *a, const char **version, struct err *e);

enum helm_verb { HELM_UPGRADE, HELM_UNINSTALL, HELM_TEMPLATE };

#define HELM_MANIFESTS_MAX ((size_t)4 << 20)

struct helm_job {
	enum helm_verb verb;
	const char *release, *namespace;
	const void *chart;		/* .tgz; not for HELM_UNINSTALL */
	size_t chart_len;
	const char *values;		/* JSON text, written to stdin; not for HELM_UNINSTALL */
	const char *labels;		/* "storeward.io/generation=3,...": labels of the release Secret */
};

struct helm_child;

/* Starts one child; NULL and err when it could not be started.  Free with helm_free,
 * which kills what still runs. */
struct helm_child *helm_start(const struct helm_config *c, const struct helm_job *job, struct err *e);
void helm_free(struct helm_child *child);
pid_t helm_pid(const struct helm_child *child);

/* Reads output, reaps, kills past the deadline.  Waits at most timeout_ms for one of n children (NULLs
 * are skipped) to end; its index, or -1.  */
int helm_wait(struct helm_child *const *children, size_t n, int timeout_ms);

struct helm_result {
	bool ok;			/* exit status 0 */
	bool timed_out;			/* past the deadline; killed */
	int status;			/* exit status, or 128 + signal */
	const char *output;		/* last line or error of helm, scrubbed, at most 1,000 characters, in the child's memory */
	const char *manifests;		/* what HELM_TEMPLATE rendered, whole, in the child's memory; else "" */
};
/* After helm_wait returned the child's index. */
struct helm_result helm_result(const struct helm_child *child);

#endif
