/* A run of a check: a Job made from the chart's suspended CronJob, a new name for each, the one before forgotten. */
#include "config.h"

#include "reconcile/check.h"

#include "reconcile/action.h"

#include <stdio.h>
#include <string.h>

static const char *const names[CHECKS] = {[CHECK_PROBE] = "probe", [CHECK_ISOLATION] = "isolation"};

/* "probe-g3-2": the second run for generation 3. */
bool
check_parse(const char *job, enum check_kind *kind, int64_t *generation, int64_t *attempt)
{
	for (size_t i = 0; i < CHECKS; i++) {
		const size_t len = strlen(names[i]);
		long long g = 0, n = 0;

		if (strncmp(job, names[i], len) != 0 || sscanf(job + len, "-g%lld-%lld", &g, &n) != 2)
			continue;
		*kind = (enum check_kind)i;
		*generation = g;
		*attempt = n;
		return true;
	}
	return false;
}

const char *
check_job(struct world *w, const struct store *s, enum check_kind kind, int64_t attempt)
{
	return arena_printf(w->a, "%s-g%lld-%lld", names[kind], (long long)check_target(w, s).generation, (long long)attempt);
}

static const char *
jobs(struct world *w, const struct store *s)
{
	return arena_printf(w->a, "/apis/batch/v1/namespaces/%s/jobs", s->namespace);
}

/* The template's variables without those that we set, and then these. */
static struct json *
variables(struct arena *a, const struct json *old, const struct check_env *env)
{
	struct json *all = json_array(a);

	for (size_t i = 0; i < json_count(old); i++) {
		const char *name = json_text(json_item(old, i), "name");
		bool ours = false;

		for (size_t k = 0; env[k].name; k++)
			ours |= strcmp(env[k].name, name) == 0;
		if (!ours)
			json_append(a, all, old->items[i]);
	}
	for (size_t k = 0; env[k].name; k++) {
		struct json *one = json_set(a, json_object(a), "name", json_string(a, env[k].name));

		json_append(a, all, json_set(a, one, "value", json_string(a, env[k].value)));
	}
	return all;
}

/* The Job's spec, with the variables in every container of its pod. */
static struct json *
spec(struct arena *a, const struct json *cron, const struct check_env *env)
{
	const struct json *old = json_get(cron, "spec.jobTemplate.spec.template.spec.containers");
	struct json *containers = json_array(a), *over = json_object(a);

	for (size_t i = 0; i < json_count(old); i++) {
		struct json *own = json_object(a);

		json_set(a, own, "env", variables(a, json_get(json_item(old, i), "env"), env));
		json_append(a, containers, json_merge(a, json_item(old, i), own));
	}
	json_set(a, over, "containers", containers);
	over = json_set(a, json_object(a), "template", json_set(a, json_object(a), "spec", over));
	return json_merge(a, json_get(cron, "spec.jobTemplate.spec"), over);
}

static struct json *
body(struct world *w, const struct store *s, const struct json *cron, const char *name, const struct check_env *env)
{
	struct json *o = json_object(w->a), *meta = json_object(w->a), *labels = action_labels(w, s);

	labels = json_merge(w->a, json_get(cron, "spec.jobTemplate.metadata.labels"), labels);
	json_set(w->a, labels, "storeward.io/hash", json_string(w->a, check_target(w, s).hash));
	json_set(w->a, meta, "name", json_string(w->a, name));
	json_set(w->a, meta, "labels", labels);
	json_set(w->a, o, "apiVersion", json_string(w->a, "batch/v1"));
	json_set(w->a, o, "kind", json_string(w->a, "Job"));
	json_set(w->a, o, "metadata", meta);
	return json_set(w->a, o, "spec", spec(w->a, cron, env));
}

/* One that was before: its pods go with it, and no more than these two are ever left. */
static void
forget(struct world *w, const struct store *s, const char *job)
{
	struct json *options = json_object(w->a);
	struct err ignored;

	json_set(w->a, options, "propagationPolicy", json_string(w->a, "Background"));
	(void)kube_delete(w->kube, w->a, arena_printf(w->a, "%s/%s", jobs(w, s), job), options, &ignored);
}

int
check_start(struct world *w, struct store *s, enum check_kind kind, const struct check_env *env, struct err *e)
{
	const struct store_run *run = &s->seen.run[kind];
	const int64_t judged = s->now.check[kind].judged, last = run->last > judged ? run->last : judged;
	const char *cron_name = kind == CHECK_PROBE ? json_text(check_spec(w, s), "probe.cronJob") : names[kind];
	const struct json *cron = kube_get(w->kube, w->a, arena_printf(w->a,
	    "/apis/batch/v1/namespaces/%s/cronjobs/%s", s->namespace, cron_name), e);

	if (!cron)
		return err_wrap(e, "CronJob %s", cron_name);
	if (run->last > 0)
		forget(w, s, check_job(w, s, kind, run->last));
	if (run->old)
		forget(w, s, run->old);
	if (!kube_post(w->kube, w->a, jobs(w, s), body(w, s, cron, check_job(w, s, kind, last + 1), env), e) &&
	    e->kind != ERR_CONFLICT)
		return err_wrap(e, "a Job from CronJob %s", cron_name);
	return 0;
}
