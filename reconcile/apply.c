/* Helm children: claimed before they start, judged when they end. */
#include "config.h"

#include "reconcile/action.h"

#include "lib/log.h"
#include "reconcile/chart.h"
#include "reconcile/crash.h"
#include "reconcile/explain.h"
#include "reconcile/release.h"
#include "reconcile/status.h"

#include <string.h>

/* After helm's deadline and the watchdog's grace nothing of a child is left. */
#define CLAIM_GRACE_S 30

static int
claim(struct world *w, struct store *s, struct err *e)
{
	const int64_t seconds = w->conf->helm_timeout_s + CLAIM_GRACE_S;
	struct db_rows r;

	/* What the status says of a holder was judged dead when it was read. */
	if (db_find(w->db, w->a, Q_status_claim, DB_ARGS(s->id, w->cluster, w->token, w->holder,
	    arena_printf(w->a, "%lld", (long long)seconds), s->was.claim_holder), &r, e))
		return -1;
	if (r.n == 0)
		return err_code(e, ERR_CONFLICT, "lease_lost", "the lease or the claim is another's");
	s->now.claim_holder = s->was.claim_holder = w->holder;
	s->now.claim_until = s->was.claim_until = db_int(&r, 0, "claim_until", 0);
	return 0;
}

static int
start(struct world *w, struct store *s, const struct children_job *job, struct err *e)
{
	if (claim(w, s, e))
		return -1;
	crash_at("before-helm");
	if (job->helm.verb == HELM_UNINSTALL ? children_start(w->children, &w->helm, job, e) :
	    chart_start(w, s, job, e)) {
		s->now.claim_holder = NULL;
		s->now.claim_until = 0;
		return -1;
	}
	crash_at("helm-started");
	return 0;
}

/* Deployed as wanted, yet something of it was deleted: a try that counts, so that it cannot go on for ever. */
static bool
is_again(const struct store *s)
{
	return s->seen.secret && strcmp(s->seen.release_status, "deployed") == 0 &&
	    strcmp(s->seen.release_hash, s->hash) == 0 && s->seen.release_generation == s->generation;
}

/* A new generation, be it a mere retry, begins a set-up that hangs or failed anew: its steps can be run again. */
static int
restart_setup(struct world *w, const struct store *s, struct err *e)
{
	struct json *options = json_object(w->a);

	if (!s->seen.setup_unfinished || s->seen.release_generation == s->generation)
		return 0;
	json_set(w->a, options, "propagationPolicy", json_string(w->a, "Background"));
	if (kube_delete(w->kube, w->a, arena_printf(w->a, "/apis/batch/v1/namespaces/%s/jobs/%s", s->namespace,
	    s->seen.setup_unfinished), options, e) || e->kind == ERR_MISSING)
		return 0;
	return err_wrap(e, "the set-up Job");
}

int
helm_apply(struct world *w, struct store *s, struct err *e)
{
	if (!s->values)
		return err_set(e, ERR_INPUT, "the store's values are larger than 1 MiB");
	if (credentials_ensure(w, s, e))
		return -1;
	if (strcmp(status_condition(w->a, s, "Admitted"), "False") == 0)	/* that was another wish */
		status_set(w, s, "Admitted", true, "Fits", ADMITTED);
	if (is_again(s))
		store_failed(s, w->now);
	else if (s->desired == PLAN_PRESENT && s->now.provisioning_completed_at >= s->now.provisioning_started_at)
		s->now.provisioning_started_at = w->now;	/* of another chart */
	if (restart_setup(w, s, e))
		return -1;
	const char *labels = arena_printf(w->a, "storeward.io/generation=%lld,storeward.io/hash=%s,"
	    "storeward.io/fence=%s,storeward.io/store=%s,storeward.io/installation=%s",
	    (long long)s->generation, s->hash, w->token, s->id, w->installation);

	return start(w, s, &(struct children_job){
	    .helm = {.verb = HELM_UPGRADE, .release = s->namespace, .namespace = s->namespace,
	        .values = s->values, .labels = labels},
	    .hash = s->hash, .generation = s->generation}, e);
}

int
helm_remove(struct world *w, struct store *s, struct err *e)
{
	return start(w, s, &(struct children_job){
	    .helm = {.verb = HELM_UNINSTALL, .release = s->namespace, .namespace = s->namespace}}, e);
}

int
unlock_release(struct world *w, struct store *s, struct err *e)
{
	if (release_unlock(w->kube, w->a, s->namespace, s->seen.secret, e) &&
	    e->kind != ERR_MISSING && e->kind != ERR_CONFLICT)
		return -1;
	store_event(s, "Warning", "ReleaseUnlocked", arena_printf(w->a,
	    "A helm run for release %s was cut off; its lock (%s) was taken off.", s->namespace,
	    s->seen.release_status));
	return 0;
}

static void
failed(struct world *w, struct store *s, const struct children_end *end)
{
	struct explanation x = {"", "", ""};

	explain_helm(w->a, arena_strdup(w->a, end->result.output), end->result.timed_out, &x);
	store_failed(s, w->now);
	store_reason(s, *x.reason ? x.reason : "HelmFailed",
	    *x.message ? x.message : "helm failed without a word.",
	    *x.next_step ? x.next_step : explain_step("HelmFailed"));
	log_info("helm failed", "store", s->id, "output", end->result.output, NULL);
}

void
helm_ended(struct world *w, struct store *s, const struct children_end *end)
{
	if (end->verb == HELM_TEMPLATE && end->result.ok) {
		admit_ended(w, s, end);
		return;
	}
	if (end->verb != HELM_TEMPLATE)
		crash_at("before-status");
	if (end->generation && end->generation != s->generation)
		return;		/* the wish changed meanwhile: the next round applies it */
	if (!end->result.ok) {
		failed(w, s, end);
		return;
	}
	if (end->verb == HELM_UNINSTALL) {
		store_event(s, "Normal", "ReleaseUninstalled",
		    arena_printf(w->a, "Release %s was uninstalled.", s->namespace));
		return;
	}
	s->now.applied_hash = arena_strdup(w->a, end->hash);
	s->now.applied_version = s->engine_version;
	s->now.applied_generation = end->generation;
	store_event(s, "Normal", "ReleaseApplied", arena_printf(w->a,
	    "Release %s was applied for generation %lld.", s->namespace, (long long)end->generation));
}
