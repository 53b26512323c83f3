/* The checkout probe: a Job made from the chart's suspended CronJob, a new name for each try. */
#include "config.h"

#include "reconcile/action.h"

#include "reconcile/explain.h"

static const char *
jobs(struct world *w, const struct store *s)
{
	return arena_printf(w->a, "/apis/batch/v1/namespaces/%s/jobs", s->namespace);
}

static struct json *
body(struct world *w, const struct store *s, const struct json *cron, int64_t attempt)
{
	struct json *o = json_object(w->a), *meta = json_object(w->a), *labels = action_labels(w, s);

	labels = json_merge(w->a, json_get(cron, "spec.jobTemplate.metadata.labels"), labels);
	json_set(w->a, labels, "storeward.io/hash", json_string(w->a, s->hash));
	json_set(w->a, meta, "name", json_string(w->a, arena_printf(w->a, "probe-g%lld-%lld",
	    (long long)s->generation, (long long)attempt)));
	json_set(w->a, meta, "labels", labels);
	json_set(w->a, o, "apiVersion", json_string(w->a, "batch/v1"));
	json_set(w->a, o, "kind", json_string(w->a, "Job"));
	json_set(w->a, o, "metadata", meta);
	json_set(w->a, o, "spec", json_merge(w->a, json_get(cron, "spec.jobTemplate.spec"), json_object(w->a)));
	return o;
}

int
probe_start(struct world *w, struct store *s, struct err *e)
{
	struct json *options = json_object(w->a);
	const struct json *cron = kube_get(w->kube, w->a, arena_printf(w->a,
	    "/apis/batch/v1/namespaces/%s/cronjobs/%s", s->namespace, json_text(s->spec, "probe.cronJob")), e);
	struct err ignored;

	if (!cron)
		return err_wrap(e, "the probe's CronJob");
	if (s->seen.probe_last > 0) {	/* the one before; the pods go with it */
		json_set(w->a, options, "propagationPolicy", json_string(w->a, "Background"));
		(void)kube_delete(w->kube, w->a, arena_printf(w->a, "%s/probe-g%lld-%lld", jobs(w, s),
		    (long long)s->generation, (long long)s->seen.probe_last), options, &ignored);
	}
	if (!kube_post(w->kube, w->a, jobs(w, s), body(w, s, cron, s->seen.probe_last + 1), e) &&
	    e->kind != ERR_CONFLICT)
		return err_wrap(e, "the checkout probe");
	s->now.next_attempt_at = 0;
	return 0;
}

int
probe_failed(struct world *w, struct store *s, struct err *e)
{
	struct explanation x = {"", "", ""};

	(void)e;
	(void)explain_store(w->kube, w->a, s->namespace, &x, e);
	store_failed(s, w->now);
	store_reason(s, *x.reason ? x.reason : "CheckoutFailed",
	    *x.message ? x.message : "The checkout probe failed.",
	    *x.next_step ? x.next_step : explain_step("CheckoutFailed"));
	return 0;
}
