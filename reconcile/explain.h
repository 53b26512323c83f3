/*
 * Why a store is not ready: one reason of a closed list, a causal sentence naming the
 * object, and the next safe
 * step.  Looks only into the store's own namespace, at most six GETs, and only for
 * stores that need it.
 */
#ifndef RECONCILE_EXPLAIN_H
#define RECONCILE_EXPLAIN_H

#include "lib/kube.h"

/* reason CamelCase from explain_reasons[]; texts in the arena, at most 500 characters
 * each; "" when nothing is known. */
struct explanation {
	const char *reason, *message, *next_step;
};

extern const char *const explain_reasons[];	/* ended by NULL */

/* The next step for a reason where nothing better is known; "" for what is no reason. */
const char *explain_step(const char *reason);

/*
 * Order: failing pods (init containers first:
 * ImagePullBackOff/ErrImagePull/InvalidImageName -> ImagePullBackOff,
 * CreateContainerConfigError -> BadValues,
 * CrashLoopBackOff, OOMKilled, Unschedulable), the set-up pod's termination message
 * (SetupFailed; the newest set-up pod's lastState.terminated.message or
 * state.terminated.message, "<step>: <what>; <next step>",
 * split at the last ';'), probe pods likewise (CheckoutFailed), FailedCreate of
 * controllers (QuotaExceeded), unbound claims (VolumePending),
 * then nothing.  0 with an empty reason when all looks merely in progress.
 */
int explain_store(struct kube *k, struct arena *a, const char *namespace, struct explanation *out, struct err *e);

/* From a list of a probe's pods alone: why it failed; false when they do not say. */
bool explain_probe(struct arena *a, const struct json *pods, struct explanation *out);

/* A namespace that is stuck in Terminating: from its status.conditions, NamespaceBlocked
 * or APIServiceUnavailable, naming object and finalizer. */
int explain_namespace(struct arena *a, const struct json *namespace_object, struct explanation *out);

/* The same for a helm output: BadValues, QuotaExceeded, HelmFailed, DeadlineExceeded ... */
void explain_helm(struct arena *a, const char *output, bool timed_out, struct explanation *out);

#endif
