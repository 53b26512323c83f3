/* One reason at a time; it stays until another is known or all is well. */
#include "config.h"

#include "reconcile/why.h"

#include "reconcile/explain.h"
#include "reconcile/incident.h"

#include <string.h>

enum { EXPLAINED_MAX = 10 };	/* per round; the others keep what they have until it is their turn */

static bool
same(const char *x, const char *y)
{
	return x && y && strcmp(x, y) == 0;
}

static void
use(struct store *s, const struct explanation *x)
{
	store_reason(s, x->reason, x->message, *x->next_step ? x->next_step : explain_step(x->reason));
}

static void
unknown(struct store *s)
{
	if (same(s->now.reason, "CheckoutFailed"))
		return;		/* which is worse */
	/* As wanted when it was last seen: nothing is waiting for the cluster. */
	if (strcmp(s->now.phase, s->desired == PLAN_SUSPENDED ? "suspended" : "ready") != 0 || s->desired == PLAN_ABSENT ||
	    s->now.observed_generation != s->generation)
		store_reason(s, "ClusterUnavailable", "The cluster does not answer completely.",
		    explain_step("ClusterUnavailable"));
}

static void
conflict(struct world *w, struct store *s)
{
	store_reason(s, "NamespaceConflict", arena_printf(w->a,
	    "Namespace %s is not the one that was made for this store.", s->namespace), explain_step("NamespaceConflict"));
	incident_open(w, "NamespaceConflict", s->namespace,
	    "A namespace with a store's name does not belong to the store.",
	    explain_step("NamespaceConflict"));
}

static void
terminating(struct world *w, struct store *s)
{
	struct explanation x = {"", "", ""};
	struct err e;
	const struct json *o = kube_get(w->kube, w->a,
	    arena_printf(w->a, "/api/v1/namespaces/%s", s->namespace), &e);

	if (o && explain_namespace(w->a, o, &x) == 0 && *x.reason)
		use(s, &x);
	else
		store_reason(s, NULL, NULL, NULL);
}

static void
progressing(struct world *w, struct store *s)
{
	struct explanation x = {"", "", ""};
	struct err e;

	if (explain_store(w->kube, w->a, s->namespace, &x, &e) == 0 && *x.reason)
		use(s, &x);
	else if (store_late(w, s))
		store_reason(s, "DeadlineExceeded", "The shop was not ready in time.", explain_step("DeadlineExceeded"));
	else
		store_reason(s, NULL, NULL, NULL);
}

void
why_begin(struct world *w)
{
	w->explain.from = w->explain.asked ? (w->explain.from + EXPLAINED_MAX) % w->explain.asked : 0;
	w->explain.all = w->explain.asked;
	w->explain.asked = 0;
}

/* By where it is among those that ask, which are taken to be as many as in the round before. */
static bool
has_turn(struct world *w)
{
	const size_t at = w->explain.asked++, all = w->explain.all;

	if (all <= EXPLAINED_MAX)
		return at < EXPLAINED_MAX;
	return at < all && (at + all - w->explain.from) % all < EXPLAINED_MAX;
}

void
why(struct world *w, struct store *s)
{
	if (s->plan.action != PLAN_WAIT || (s->desired != PLAN_ABSENT && s->hash && same(s->now.refused_hash, s->hash)))
		return;		/* a refusal has said why */
	if (s->seen.namespace == PLAN_NS_UNKNOWN) {
		unknown(s);
		return;
	}
	if (same(s->now.reason, "ClusterUnavailable"))
		store_reason(s, NULL, NULL, NULL);
	if (s->seen.namespace == PLAN_NS_FOREIGN)
		conflict(w, s);
	else if (s->seen.namespace == PLAN_NS_TERMINATING) {
		if (has_turn(w))
			terminating(w, s);
	} else if (s->seen.namespace == PLAN_NS_ACTIVE && s->desired == PLAN_PRESENT && !s->claimed &&
	    s->now.next_attempt_at <= w->now && has_turn(w))
		progressing(w, s);
}

void
why_error(struct world *w, struct store *s, const struct err *e)
{
	const bool values = e->kind == ERR_INPUT || e->kind == ERR_TOO_LARGE;
	struct explanation x = {"BadValues", arena_strdup(w->a, e->msg), ""};

	if (!values)	/* a refusal: by a quota, or for want of a right */
		explain_helm(w->a, x.message, false, &x);
	use(s, &x);
}

void
why_again(struct world *w, struct store *s, const struct err *e)
{
	if (s->desired == PLAN_PRESENT && !s->now.reason && store_late(w, s))
		store_reason(s, "DeadlineExceeded", arena_printf(w->a, "The shop was not ready in time: %s.", e->msg),
		    explain_step("DeadlineExceeded"));
}
