/*
 * Before anything is applied, what is wanted is rendered and added up: a quota too small for its own rolling update, or a
 * cluster without room, would show only later, as an update that hangs.  What the quota says is kept with the hash of the
 * wish; the cluster is asked again.
 */
#include "config.h"

#include "reconcile/action.h"

#include "lib/clock.h"
#include "reconcile/capacity.h"
#include "reconcile/chart.h"
#include "reconcile/explain.h"
#include "reconcile/fit.h"
#include "reconcile/status.h"

#include <string.h>

/* It changes nothing in the cluster, so it needs no claim. */
int
admit_start(struct world *w, struct store *s, struct err *e)
{
	if (!s->values)
		return err_set(e, ERR_INPUT, "the store's values are larger than 1 MiB");
	return chart_start(w, s, &(struct children_job){
	    .helm = {.verb = HELM_TEMPLATE, .release = s->namespace, .namespace = s->namespace, .values = s->values},
	    .hash = s->hash, .generation = s->generation}, e);
}

/* No change has begun. */
static void
not_begun(struct store *s)
{
	if (s->now.provisioning_completed_at && s->now.provisioning_started_at > s->now.provisioning_completed_at)
		s->now.provisioning_started_at = s->now.provisioning_completed_at;
}

static void
refuse(struct world *w, struct store *s, const struct fit *fit)
{
	const char *message = arena_printf(w->a, "The plan's quota is too small for its own rolling update: %s.", fit->message);

	s->now.refused_hash = s->hash;
	status_set(w, s, "Admitted", false, "QuotaExceeded", message);
	store_reason(s, "QuotaExceeded", message, arena_printf(w->a,
	    "Raise %s in the plan's quota (or choose a larger plan).", fit->next_step));
	not_begun(s);
}

/* A try like any other that failed: the next one looks again.  A shop that does not sell any more goes on saying that. */
static void
refuse_for_now(struct world *w, struct store *s, const struct capacity_verdict *verdict)
{
	const char *message = arena_printf(w->a, "The cluster has no room: %s.", verdict->message);
	const bool broken = s->now.reason && strcmp(s->now.reason, "CheckoutFailed") == 0 &&
	    strcmp(s->now.phase, "degraded") == 0;

	status_set(w, s, "Admitted", false, "ClusterFull", message);
	if (!broken)
		store_reason(s, "ClusterFull", message, arena_strdup(w->a, verdict->next_step));
	store_failed(s, w->now);
	not_begun(s);
}

/* A set-up that was done, or has its pod already, needs no further one, and none is proved to be needed by an answer that
 * says nothing; false when there was none to leave out. */
static bool
leave_out_setup(struct world *w, const struct store *s, struct fit *fit)
{
	bool found = false;
	struct err e;

	for (size_t i = 0; i < fit->npods; i++) {
		struct fit_pod *pod = &fit->pods[i];

		if (!pod->once || (!kube_get(w->kube, w->a, arena_printf(w->a, "/apis/batch/v1/namespaces/%s/jobs/%s",
		    s->namespace, pod->name), &e) && e.kind == ERR_MISSING))
			continue;
		pod->times = 0;
		found = true;
	}
	return found;
}

static bool
has_room(struct world *w, const struct store *s, struct fit *fit, struct capacity_verdict *verdict)
{
	return capacity_judge(w->capacity, s->namespace, fit, verdict) ||
	    (leave_out_setup(w, s, fit) && capacity_judge(w->capacity, s->namespace, fit, verdict));
}

/* It waited for room, and is only now being made. */
static void
begin(struct world *w, struct store *s)
{
	s->now.attempts = 0;
	s->now.next_attempt_at = 0;
	s->now.provisioning_started_at = w->now;
	store_reason(s, NULL, NULL, NULL);
}

/* What has stopped needs no room; true when it is let in, with what is to be said of it. */
static bool
find_room(struct world *w, struct store *s, struct fit *fit, const char **message)
{
	struct capacity_verdict verdict;

	*message = ADMITTED;
	if (s->desired != PLAN_PRESENT)
		return true;
	const char *unknown = capacity_look(w);

	if (!unknown && !has_room(w, s, fit, &verdict)) {
		refuse_for_now(w, s, &verdict);
		return false;
	}
	if (unknown)
		*message = arena_printf(w->a, ADMITTED " What the cluster has free is not known: %s.", unknown);
	else
		capacity_promise(w->capacity, s->namespace, fit, clock_ms());
	if (strcmp(json_text(status_get(w->a, s, "Admitted"), "reason"), "ClusterFull") == 0)
		begin(w, s);
	return true;
}

void
admit_ended(struct world *w, struct store *s, const struct children_end *end)
{
	const char *text = end->result.manifests, *message;
	struct fit fit = {.fits = true};
	struct err e;

	if (!s->hash || strcmp(end->hash, s->hash) != 0)
		return;		/* the wish changed meanwhile */
	const bool judged = fit_check(w->a, text, strlen(text), &fit, &e) == 0;

	if (judged && !fit.fits) {
		refuse(w, s, &fit);
		return;
	}
	if (judged && !find_room(w, s, &fit, &message))
		return;
	/* What cannot be added up is left to the cluster's own judgement. */
	s->now.admitted_hash = s->hash;
	status_put(w, s, &(struct status_condition){.type = "Admitted", .status = judged ? "True" : "Unknown",
	    .reason = judged ? "Fits" : "NotJudged",
	    .message = judged ? message : arena_strdup(w->a, e.msg)});
}
