/*
 * Before anything is applied, what is wanted is rendered and added up: a quota too small for its own rolling update would
 * show only later, as an update that hangs.  The verdict is kept with the hash of the wish.
 */
#include "config.h"

#include "reconcile/action.h"

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
	return children_start(w->children, &w->helm, &(struct children_job){
	    .helm = {HELM_TEMPLATE, s->namespace, s->namespace,
	        arena_printf(w->a, "%s/%s", w->conf->engines_dir, s->engine), s->values, NULL},
	    .hash = s->hash, .generation = s->generation}, e);
}

static void
refuse(struct world *w, struct store *s, const struct fit *fit)
{
	const char *message = arena_printf(w->a, "The plan's quota is too small for its own rolling update: %s.", fit->message);

	s->now.refused_hash = s->hash;
	status_set(w, s, "Admitted", false, "QuotaExceeded", message);
	store_reason(s, "QuotaExceeded", message, arena_printf(w->a,
	    "Raise %s in the plan's quota (or choose a larger plan).", fit->next_step));
	if (s->now.provisioning_completed_at && s->now.provisioning_started_at > s->now.provisioning_completed_at)
		s->now.provisioning_started_at = s->now.provisioning_completed_at;	/* no change has begun */
}

void
admit_ended(struct world *w, struct store *s, const struct children_end *end)
{
	const char *text = end->result.manifests;
	struct fit fit = {.fits = true};
	struct err e;

	if (!s->hash || strcmp(end->hash, s->hash) != 0)
		return;		/* the wish changed meanwhile */
	const bool judged = fit_check(w->a, text, strlen(text), &fit, &e) == 0;

	if (judged && !fit.fits) {
		refuse(w, s, &fit);
		return;
	}
	/* What cannot be added up is left to the cluster's own judgement. */
	s->now.admitted_hash = s->hash;
	status_put(w, s, &(struct status_condition){.type = "Admitted", .status = judged ? "True" : "Unknown",
	    .reason = judged ? "Fits" : "NotJudged",
	    .message = judged ? ADMITTED : arena_strdup(w->a, e.msg)});
}
