/*
 * Adding up pods.  A pod's own need is the larger of its containers together and of each
 * init container with the sidecars before it:
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
#include "config.h"

#include "reconcile/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/quantity.h"
#include "lib/yaml.h"

enum { OBJECTS_MAX = 200, JOB_PODS = 2 };

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
	const struct json *limits, *quota;	/* LimitRange's and ResourceQuota's spec */
	int64_t need[KEYS];
	char wrong[200];	/* the first quantity that cannot be read */
};

/* A member whose name may hold dots and slashes. */
static const struct json *
member(const struct json *object, const char *name)
{
	for (size_t i = 0; object && object->type == JSON_OBJECT && name && i < object->nmembers; i++)
		if (strcmp(object->members[i].name, name) == 0)
			return object->members[i].value;
	return NULL;
}

/* YAML writes "2" without quotes as a number. */
static const char *
scalar(struct arena *a, const struct json *v)
{
	if (!v || v->type == JSON_NULL)
		return NULL;
	if (v->type == JSON_STRING)
		return v->text;
	return v->type == JSON_INT ? arena_printf(a, "%lld", (long long)v->integer) :
	    v->type == JSON_DOUBLE ? arena_printf(a, "%g", v->number) : "";
}

static int64_t
quantity(struct sum *s, const struct json *v)
{
	const char *text = scalar(s->a, v);
	int64_t value = 0;

	if (text && !quantity_parse(text, &value) && !s->wrong[0])
		snprintf(s->wrong, sizeof s->wrong, "%s", text[0] ? text : "(not a quantity)");
	return value;
}

/* What the LimitRange gives to a container that says nothing. */
static const struct json *
usual(const struct sum *s, const struct key *k)
{
	const bool limit = strcmp(k->of, "limits") == 0;
	const struct json *all = json_get(s->limits, "limits");

	for (size_t i = 0; i < json_count(all); i++)
		if (strcmp(json_text(json_item(all, i), "type"), "Container") == 0)
			return member(member(json_item(all, i), limit ? "default" : "defaultRequest"), k->resource);
	return NULL;
}

static int64_t
of_container(struct sum *s, const struct json *c, const struct key *k)
{
	const struct json *resources = member(c, "resources");
	const struct json *v = member(member(resources, k->of), k->resource);

	/* A limit alone is the request too. */
	if (!v && strcmp(k->of, "requests") == 0)
		v = member(member(resources, "limits"), k->resource);
	return quantity(s, v ? v : usual(s, k));
}

static int64_t
of_pod(struct sum *s, const struct json *pod, const struct key *k)
{
	const struct json *init = member(pod, "initContainers"), *all = member(pod, "containers");
	int64_t together = 0, sidecars = 0, most = 0;

	for (size_t i = 0; i < json_count(init); i++) {
		const struct json *c = json_item(init, i);
		const int64_t own = of_container(s, c, k);

		if (strcmp(json_text(c, "restartPolicy"), "Always") == 0)
			sidecars += own;
		else if (own + sidecars > most)
			most = own + sidecars;
	}
	for (size_t i = 0; i < json_count(all); i++)
		together += of_container(s, json_item(all, i), k);
	together += sidecars;
	return together > most ? together : most;
}

/* maxSurge: a number, or a percentage rounded up; 25 % where nothing is said. */
static int64_t
surge(struct arena *a, const struct json *o, int64_t replicas)
{
	const char *text = scalar(a, json_get(o, "spec.strategy.rollingUpdate.maxSurge"));

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

static const struct kind {
	const char *name, *pod;
	int64_t (*pods)(struct arena *a, const struct json *o);
} kinds[] = {
	{"Deployment", "spec.template.spec", deployment_pods},
	{"StatefulSet", "spec.template.spec", statefulset_pods},
	{"Job", "spec.template.spec", job_pods},
	{"CronJob", "spec.jobTemplate.spec.template.spec", cronjob_pods},
};

static void
add_claim(struct sum *s, const struct json *claim, int64_t times)
{
	s->need[KEY_CLAIMS] += 1000 * times;
	s->need[KEY_STORAGE] += times * quantity(s, member(json_get(claim, "spec.resources.requests"), "storage"));
}

static void
add(struct sum *s, const struct json *o)
{
	const char *kind = json_text(o, "kind");

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kind, kinds[i].name) != 0)
			continue;
		const int64_t pods = kinds[i].pods(s->a, o);

		s->need[KEY_PODS] += 1000 * pods;
		for (size_t k = 0; k < POD_KEYS; k++)
			s->need[k] += pods * of_pod(s, json_get(o, kinds[i].pod), &keys[k]);
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
	const struct json *hard = member(s->quota, "hard");
	size_t m = 0, n = 0;

	for (size_t k = 0; k < KEYS; k++) {
		const char *name = member(hard, keys[k].quota) ? keys[k].quota : keys[k].alias;
		const struct json *v = member(hard, name);
		const int64_t room = quantity(s, v);

		if (!v || s->need[k] <= room || m >= FIT_TEXT || n >= FIT_TEXT)
			continue;
		const char *need = quantity_text(s->a, s->need[k], keys[k].bytes);

		m += (size_t)snprintf(out->message + m, FIT_TEXT - m, "%s%s: %s needed, %s allowed", m ? "; " : "",
		    name, need, scalar(s->a, v));
		n += (size_t)snprintf(out->next_step + n, FIT_TEXT - n, "%s%s to %s", n ? ", " : "", name, need);
		out->fits = false;
	}
}

int
fit_check(struct arena *a, const char *manifests, size_t len, struct fit *out, struct err *e)
{
	const struct json **objects = arena_array(a, const struct json *, OBJECTS_MAX);
	struct sum s = {.a = a};
	size_t n;

	*out = (struct fit){.fits = true};
	if (read_objects(a, manifests, len, objects, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(json_text(objects[i], "kind"), "LimitRange") == 0)
			s.limits = member(objects[i], "spec");
		if (strcmp(json_text(objects[i], "kind"), "ResourceQuota") == 0)
			s.quota = member(objects[i], "spec");
	}
	for (size_t i = 0; i < n; i++) {
		add(&s, objects[i]);
		if (s.wrong[0])
			return err_set(e, ERR_INPUT, "%s %s: %s is no quantity", json_text(objects[i], "kind"),
			    json_text(objects[i], "metadata.name"), s.wrong);
	}
	compare(&s, out);
	return s.wrong[0] ? err_set(e, ERR_INPUT, "ResourceQuota: %s is no quantity", s.wrong) : 0;
}
