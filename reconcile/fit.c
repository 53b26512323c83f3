/* Adding up what a chart's objects make: pods, claims. */
#include "config.h"

#include "reconcile/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/quantity.h"
#include "lib/yaml.h"

enum { OBJECTS_MAX = 200, JOB_PODS = 2, PODS_MAX = 64 };

/* Keys of a ResourceQuota and where a container names them; without `of`, they are counted
 * otherwise.  An older name of the same key is `alias`. */
static const struct key {
	const char *quota, *alias, *of, *resource;
	bool bytes;
} keys[] = {
	{"requests.cpu", "cpu", "requests", "cpu", false},
	{"limits.cpu", NULL, "limits", "cpu", false},
	{"requests.memory", "memory", "requests", "memory", true},
	{"limits.memory", NULL, "limits", "memory", true},
	{"requests.ephemeral-storage", "ephemeral-storage", "requests", "ephemeral-storage", true},
	{"limits.ephemeral-storage", NULL, "limits", "ephemeral-storage", true},
	{"pods", "count/pods", NULL, NULL, false},
	{"persistentvolumeclaims", "count/persistentvolumeclaims", NULL, NULL, false},
	{"requests.storage", NULL, NULL, NULL, true},
};
enum { POD_KEYS = 6, KEY_PODS = 6, KEY_CLAIMS, KEY_STORAGE, KEYS };

struct sum {
	struct arena *a;
	struct pod_reader pod;
	const struct json *quota;	/* ResourceQuota's spec */
	int64_t need[KEYS];
	struct fit *out;
};

/* maxSurge: a number, or a percentage rounded up; 25 % where nothing is said. */
static int64_t
surge(struct arena *a, const struct json *o, int64_t replicas)
{
	const char *text = pod_scalar(a, json_get(o, "spec.strategy.rollingUpdate.maxSurge"));

	if (strcmp(json_text(o, "spec.strategy.type"), "Recreate") == 0)
		return 0;
	if (!text)
		text = "25%";
	const int64_t n = strtol(text, NULL, 10);

	return strchr(text, '%') ? (replicas * n + 99) / 100 : n;
}

static int64_t
deployment_pods(struct arena *a, const struct json *o)
{
	const int64_t replicas = json_int(o, "spec.replicas", 1);

	return replicas + surge(a, o, replicas);
}

/* Pods are replaced one by one, the old one first. */
static int64_t
statefulset_pods(struct arena *a, const struct json *o)
{
	(void)a;
	return json_int(o, "spec.replicas", 1);
}

/* Its name changes with its template: the old one's pod may still be ending. */
static int64_t
job_pods(struct arena *a, const struct json *o)
{
	(void)a;
	return JOB_PODS * json_int(o, "spec.parallelism", 1);
}

static int64_t
cronjob_pods(struct arena *a, const struct json *o)
{
	(void)a;
	return json_int(o, "spec.jobTemplate.spec.parallelism", 1);
}

/* `steady`: how many stay, where that many are to be there before the store is ready. */
static const struct kind {
	const char *name, *pod, *steady;
	int64_t (*pods)(struct arena *a, const struct json *o);
	bool once;
} kinds[] = {
	{"Deployment", "spec.template.spec", "spec.replicas", deployment_pods, false},
	{"StatefulSet", "spec.template.spec", "spec.replicas", statefulset_pods, false},
	{"Job", "spec.template.spec", "spec.parallelism", job_pods, true},
	{"CronJob", "spec.jobTemplate.spec.template.spec", NULL, cronjob_pods, true},
};

/* Keeps what the cluster must have room for. */
static void
keep(struct sum *s, const struct json *o, const struct kind *kind)
{
	const int64_t n = kind->steady ? json_int(o, kind->steady, 1) : 0;

	if (n <= 0 || s->out->npods == PODS_MAX)
		return;
	struct fit_pod *pod = &s->out->pods[s->out->npods++];

	*pod = (struct fit_pod){.kind = kind->name, .name = json_text(o, "metadata.name"), .times = n, .once = kind->once};
	pod_need(&s->pod, json_get(o, kind->pod), pod->need);
}

static void
count(struct sum *s, size_t key, int64_t need, int64_t times)
{
	s->need[key] = need_plus(s->need[key], need_times(need, times));
}

static void
add_claim(struct sum *s, const struct json *claim, int64_t times)
{
	const int64_t storage = pod_quantity(&s->pod, pod_member(json_get(claim, "spec.resources.requests"), "storage"));

	count(s, KEY_CLAIMS, 1000, times);
	count(s, KEY_STORAGE, storage, times);
}

static void
add(struct sum *s, const struct json *o)
{
	const char *kind = json_text(o, "kind");

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kind, kinds[i].name) != 0)
			continue;
		const int64_t pods = kinds[i].pods(s->a, o);

		count(s, KEY_PODS, 1000, pods);
		for (size_t k = 0; k < POD_KEYS; k++)
			count(s, k, pod_sum(&s->pod, json_get(o, kinds[i].pod), keys[k].of, keys[k].resource), pods);
		keep(s, o, &kinds[i]);
	}
	const struct json *claims = json_get(o, "spec.volumeClaimTemplates");

	for (size_t i = 0; i < json_count(claims); i++)
		add_claim(s, json_item(claims, i), json_int(o, "spec.replicas", 1));
	if (strcmp(kind, "PersistentVolumeClaim") == 0)
		add_claim(s, o, 1);
}

/* The documents of a stream; a line of three dashes ends one. */
static int
read_objects(struct arena *a, const char *text, size_t len, const struct json **objects, size_t *n, struct err *e)
{
	const char *end = text + len;

	for (*n = 0; text < end;) {
		const char *next = text;

		while (next < end && !(next[0] == '-' && end - next >= 3 && strncmp(next, "---", 3) == 0 &&
		    (next == text || next[-1] == '\n')))
			next++;
		if (next > text) {
			if (*n == OBJECTS_MAX)
				return err_set(e, ERR_INPUT, "the chart renders more than %d objects", OBJECTS_MAX);
			objects[*n] = yaml_parse(a, text, (size_t)(next - text), e);
			if (!objects[*n])
				return err_wrap(e, "object %zu of the rendered chart", *n + 1);
			*n += objects[*n]->type == JSON_OBJECT;
		}
		text = next + 3 > end ? end : next + 3;
	}
	return 0;
}

static void
compare(struct sum *s, struct fit *out)
{
	const struct json *hard = pod_member(s->quota, "hard");
	size_t m = 0, n = 0;

	for (size_t k = 0; k < KEYS; k++) {
		const char *name = pod_member(hard, keys[k].quota) ? keys[k].quota : keys[k].alias;
		const struct json *v = pod_member(hard, name);
		const int64_t room = pod_quantity(&s->pod, v);

		if (!v || s->need[k] <= room || m >= FIT_TEXT || n >= FIT_TEXT)
			continue;
		const char *need = quantity_text(s->a, s->need[k], keys[k].bytes);

		m += (size_t)snprintf(out->message + m, FIT_TEXT - m, "%s%s: %s needed, %s allowed", m ? "; " : "",
		    name, need, pod_scalar(s->a, v));
		n += (size_t)snprintf(out->next_step + n, FIT_TEXT - n, "%s%s to %s", n ? ", " : "", name, need);
		out->fits = false;
	}
}

int
fit_check(struct arena *a, const char *manifests, size_t len, struct fit *out, struct err *e)
{
	const struct json **objects = arena_array(a, const struct json *, OBJECTS_MAX);
	struct sum s = {.a = a, .pod.a = a, .out = out};
	size_t n;

	*out = (struct fit){.fits = true, .pods = arena_array(a, struct fit_pod, PODS_MAX)};
	if (read_objects(a, manifests, len, objects, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(json_text(objects[i], "kind"), "LimitRange") == 0)
			s.pod.limits = pod_member(objects[i], "spec");
		if (strcmp(json_text(objects[i], "kind"), "ResourceQuota") == 0)
			s.quota = pod_member(objects[i], "spec");
	}
	for (size_t i = 0; i < n; i++) {
		add(&s, objects[i]);
		if (s.pod.wrong[0])
			return err_set(e, ERR_INPUT, "%s %s: %s is no quantity", json_text(objects[i], "kind"),
			    json_text(objects[i], "metadata.name"), s.pod.wrong);
	}
	compare(&s, out);
	return s.pod.wrong[0] ? err_set(e, ERR_INPUT, "ResourceQuota: %s is no quantity", s.pod.wrong) : 0;
}
