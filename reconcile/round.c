/* From what was seen to what is done, store by store; one store's error is its own. */
#include "config.h"

#include "reconcile/round.h"

#include "lib/log.h"
#include "reconcile/action.h"
#include "reconcile/breaker.h"
#include "reconcile/check.h"
#include "reconcile/cluster.h"
#include "reconcile/explain.h"
#include "reconcile/lease.h"
#include "reconcile/observe.h"
#include "reconcile/status.h"
#include "reconcile/why.h"

#include <string.h>

enum { SOON_MS = 5000 };

static bool
same(const char *x, const char *y)
{
	return x && y && strcmp(x, y) == 0;
}

/* What helm children that ended mean for their stores. */
static void
gather(struct world *w)
{
	struct children_end end;

	while (children_ended(w->children, &end)) {
		struct store *s = world_find(w, end.namespace);

		if (s)
			helm_ended(w, s, &end);
		children_dismiss(w->children);
	}
}

static void
note_seen(struct world *w, struct store *s, const struct plan_state *state)
{
	if (s->desired == PLAN_ABSENT)
		return;
	if (s->desired == PLAN_SUSPENDED)
		s->now.verified_hash = NULL;	/* what sold before must sell again after it */
	if (state->namespace == PLAN_NS_ACTIVE && !s->now.namespace_uid)
		s->now.namespace_uid = s->seen.namespace_uid;	/* the answer to our create was lost */
	if (state->release == PLAN_REL_CURRENT) {
		if (s->was.applied_generation != s->seen.release_generation)
			check_anew(s);
		s->now.release_revision = s->seen.revision;
		s->now.applied_hash = s->seen.release_hash;
		s->now.applied_version = s->engine_version;
		s->now.applied_generation = s->seen.release_generation;
	}
	if (s->desired == PLAN_PRESENT && state->release == PLAN_REL_CURRENT &&
	    state->work == PLAN_WORK_READY && state->probe == PLAN_PROBE_PASSED && !same(s->now.verified_hash, s->hash))
		check_verified(w, s);
}

static void
become_ready(struct world *w, struct store *s)
{
	const char *storefront = json_text_or(s->spec, "paths.storefront", "/");
	const char *admin = json_text(s->spec, "paths.admin");

	s->now.attempts = 0;
	s->now.next_attempt_at = 0;
	s->now.storefront_url = arena_printf(w->a, "%s%s", s->url, storefront);
	s->now.admin_url = *admin ? arena_printf(w->a, "%s%s", s->url, admin) : NULL;
	if (s->now.provisioning_completed_at < s->now.provisioning_started_at)
		s->now.provisioning_completed_at = w->now;
	store_reason(s, NULL, NULL, NULL);
}

static void
become_suspended(struct store *s)
{
	s->now.attempts = 0;
	s->now.next_attempt_at = 0;
	s->now.reason = "Suspended";	/* as wished, so no warning */
	s->now.message = "The shop is stopped; its data, passwords and address are kept.";
	s->now.next_step = explain_step("Suspended");
}

static void
tell_provisioning(struct store *s)
{
	if (same(s->was.phase, "suspended"))
		store_event(s, "Normal", "Resumed", "The shop is started again.");
	else if (s->now.provisioning_completed_at)
		store_event(s, "Normal", "Provisioning", "The shop is being changed.");
	else
		store_event(s, "Normal", "Provisioning", "The shop is being made.");
}

static void
tell_phase(struct world *w, struct store *s)
{
	if (s->now.deleting_step && !same(s->now.deleting_step, s->was.deleting_step))
		store_event(s, "Normal", "Deleting", arena_printf(w->a, "Deletion: %s.", s->now.deleting_step));
	if (same(s->now.phase, s->was.phase))
		return;
	switch (s->plan.phase) {
	case PLAN_READY:
		store_event(s, "Normal", "Ready", arena_printf(w->a, "The shop sells at %s.", s->now.storefront_url));
		break;
	case PLAN_DEGRADED:
		store_event(s, "Warning", "Degraded", same(s->now.reason, "CheckoutFailed") ?
		    "The shop does not sell any more." : "The shop is not all there any more.");
		break;
	case PLAN_FAILED:
		store_event(s, "Warning", "Failed", "The shop did not become ready; tries go on slowly.");
		break;
	case PLAN_PROVISIONING:
		tell_provisioning(s);
		break;
	case PLAN_IS_SUSPENDED:
		store_event(s, "Normal", "Suspended", s->now.message);
		break;
	case PLAN_STILL_READY:
		if (same(s->was.phase, "degraded"))
			store_event(s, "Normal", "Ready", "The shop sells again, as it was before the change.");
		else
			store_event(s, "Normal", "ChangeRefused", "The shop stays as it was before the change.");
		break;
	case PLAN_KEEP:
	case PLAN_DELETING:
	case PLAN_PHASE_COUNT:
		break;
	}
}

/* Its workloads are there, and nothing is to be done for it. */
static bool
rests(const struct store *s)
{
	return s->plan.action == PLAN_NONE && (s->plan.phase == PLAN_READY || s->plan.phase == PLAN_STILL_READY ||
	    s->plan.phase == PLAN_DEGRADED);
}

/* A shop that sells on after a change was refused has two things to tell: what is worse, and else why it was refused. */
static void
tell_refusal(struct world *w, struct store *s)
{
	const char *type = s->plan.phase == PLAN_STILL_READY ? "Admitted" : "CheckoutVerified";
	const struct json *c = status_get(w->a, s, type);
	const char *reason = json_text(c, "reason");

	if (same(json_text(c, "status"), "False") && !same(s->now.reason, reason))
		store_reason(s, reason, json_text(c, "message"), explain_step(reason));
}

/* A wish that nothing could be compared with was not seen: whoever waits for it goes on waiting. */
static void
unsee_wish(const struct world *w, struct store *s)
{
	if ((w->namespaces_known && w->releases_known) || s->now.observed_generation == s->was.observed_generation)
		return;
	s->now.observed_generation = s->was.observed_generation;
	s->now.provisioning_started_at = s->was.provisioning_started_at;
	s->now.attempts = s->was.attempts;
	s->now.next_attempt_at = s->was.next_attempt_at;
	s->now.refused_hash = s->was.refused_hash;
	s->now.reason = s->was.reason;
	s->now.message = s->was.message;
	s->now.next_step = s->was.next_step;
}

static void
decide(struct world *w, struct store *s)
{
	check_asked(w, s);
	check_judge(w, s);
	struct plan_state state = observe_state(w, s);

	note_seen(w, s, &state);
	state = observe_state(w, s);
	s->plan = plan_next(&state);
	if (s->plan.phase == PLAN_KEEP) {
		unsee_wish(w, s);
		return;
	}
	if (s->plan.phase == PLAN_DELETING && s->plan.step != PLAN_STEP_VERIFYING) {
		s->now.first_absent_at = 0;	/* something is there again: the proof begins anew */
		s->now.first_evidence = NULL;
	}
	s->now.phase = plan_phase_name(s->plan.phase);
	s->now.deleting_step = plan_step_name(s->plan.step);
	if (s->plan.phase == PLAN_READY)
		become_ready(w, s);
	if (s->plan.phase == PLAN_IS_SUSPENDED)
		become_suspended(s);
	if (rests(s) && s->plan.phase != PLAN_READY)
		tell_refusal(w, s);
	tell_phase(w, s);
}

/* -1 only when the pass must end: a row that the database refuses is its store's own trouble. */
static int
tell(struct world *w, struct store *s, struct round *out, struct err *e)
{
	const int written = status_write(w, s, e);

	if (written >= 0) {
		out->written += written > 0;
		return 0;
	}
	if (e->kind == ERR_CONFLICT || e->kind == ERR_TRANSIENT)
		return -1;
	out->errors++;
	log_error("status could not be written", "store", s->id, "error", e->msg, NULL);
	return 0;
}

/* -1 only when the pass must end. */
static int
act(struct world *w, struct store *s, struct round *out, struct err *e)
{
	struct err mine;
	bool acted;

	if (action_run(w, s, &acted, &mine) == 0) {
		out->acted += acted;
		return 0;
	}
	out->acted++;
	if (strcmp(mine.code, "lease_lost") == 0) {
		*e = mine;
		return -1;
	}
	log_info("action failed", "store", s->id, "action", plan_action_name(s->plan.action), "error", mine.msg, NULL);
	if (mine.kind == ERR_TRANSIENT || mine.kind == ERR_CONFLICT) {
		s->now.next_attempt_at = w->now + SOON_MS;	/* no failure of the store's */
		why_again(w, s, &mine);
		return 0;
	}
	out->errors++;
	store_failed(s, w->now);
	why_error(w, s, &mine);
	return 0;
}

static int
one(struct world *w, struct store *s, struct round *out, struct err *e)
{
	const size_t acted = out->acted;

	decide(w, s);
	if (act(w, s, out, e))
		return -1;
	if (s->gone) {
		log_info("store purged", "store", s->id, "namespace", s->namespace, NULL);
		out->written++;
		return 0;
	}
	if (out->acted == acted)
		why(w, s);
	const bool looks = rests(s) && check_sold(w, s);

	if (looks)
		check_due(w, s);
	out->waiting += s->plan.action != PLAN_NONE || (looks && check_awaited(w, s));
	return tell(w, s, out, e);
}

int
round_run(struct world *w, struct round *out, struct err *e)
{
	if (cluster_read(w, e) || store_read(w, e))
		return -1;
	gather(w);
	w->checks = 0;
	why_begin(w);
	w->namespaces_known = w->releases_known = w->work_known = w->volumes_known = false;
	if (w->reachable)
		observe(w);
	out->stores = w->nstores;
	out->waiting = out->errors = 0;
	if (breaker_open(w, e))
		return -1;
	for (size_t i = 0; i < w->nstores; i++)
		if (lease_keep(w, e) || one(w, &w->stores[i], out, e))
			return -1;
	return 0;
}
