/* kstatus: https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus */
#include "config.h"

#include "reconcile/ready.h"

#include "reconcile/check.h"

#include <string.h>

enum { GETS_MAX = 60 };	/* of a round, and those of the last store whose turn it is */

bool
ready_object(const struct json *o)
{
	const int64_t replicas = json_int(o, "spec.replicas", 1);
	const char *current = json_text(o, "status.currentRevision"), *update = json_text(o, "status.updateRevision");

	return json_int(o, "status.observedGeneration", 0) == json_int(o, "metadata.generation", -1) &&
	    json_int(o, "status.replicas", 0) == replicas &&
	    json_int(o, "status.updatedReplicas", 0) == replicas &&
	    json_int(o, "status.readyReplicas", 0) == replicas &&
	    json_int(o, "status.availableReplicas", 0) == replicas &&
	    strcmp(current, update) == 0;	/* StatefulSets only; both "" for others */
}

static bool
confirm(struct world *w, const struct store *s, const struct json *one)
{
	struct err e;
	const char *plural = strcmp(json_text(one, "kind"), "Deployment") == 0 ? "deployments" : "statefulsets";
	const struct json *o = kube_get(w->kube, w->a, arena_printf(w->a, "/apis/apps/v1/namespaces/%s/%s/%s",
	    s->namespace, plural, json_text(one, "name")), &e);

	return o && ready_object(o);
}

/* How many were asked for. */
static size_t
confirm_all(struct world *w, struct store *s)
{
	const struct json *wanted = json_get(check_spec(w, s), "workloads");
	size_t gets = 0;

	for (size_t k = 0; k < json_count(wanted) && k < 64; k++) {
		const uint64_t bit = (uint64_t)1 << k;

		if (!(s->seen.workloads_ready & bit))
			continue;
		gets++;
		if (!confirm(w, s, json_item(wanted, k)))
			s->seen.workloads_ready &= ~bit;
	}
	return gets;
}

/* A shop that was seen to sell as it is now wanted was confirmed then, though it may not be well since. */
static bool
is_confirmed(const struct store *s)
{
	const char *phase = s->desired == PLAN_SUSPENDED ? "suspended" : "ready";

	return !s->seen.workloads_ready || s->desired == PLAN_ABSENT || strcmp(s->now.phase, phase) == 0 ||
	    (s->desired == PLAN_PRESENT && s->now.verified_hash && s->hash && strcmp(s->now.verified_hash, s->hash) == 0);
}

void
ready_confirm(struct world *w)
{
	const size_t first = w->confirm_from;
	size_t gets = 0;

	w->confirm_from = 0;
	for (size_t i = 0; i < w->nstores; i++) {
		const size_t at = (first + i) % w->nstores;
		struct store *s = &w->stores[at];

		if (is_confirmed(s))
			continue;
		if (gets < GETS_MAX)
			gets += confirm_all(w, s);
		else
			s->seen.workloads_ready = 0;
		if (gets >= GETS_MAX && !w->confirm_from)
			w->confirm_from = (at + 1) % w->nstores;
	}
}
