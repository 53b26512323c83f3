/*
 * A pod's own need is the larger of its containers together and of each init container with the
 * sidecars before it; what is told of the whole pod counts in their place; its overhead is on top:
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 * https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#pod-level-resource-specification
 * https://kubernetes.io/docs/concepts/scheduling-eviction/pod-overhead/
 */
#include "config.h"

#include "reconcile/pod_need.h"

#include "lib/quantity.h"

#include <stdio.h>
#include <string.h>

const struct need_name need_names[NEEDS] = {
	[NEED_CPU] = {"cpu", false}, [NEED_MEMORY] = {"memory", true},
	[NEED_STORAGE] = {"ephemeral-storage", true}, [NEED_PODS] = {"pods", false},
};

const struct json *
pod_member(const struct json *object, const char *name)
{
	for (size_t i = 0; object && object->type == JSON_OBJECT && name && i < object->nmembers; i++)
		if (strcmp(object->members[i].name, name) == 0)
			return object->members[i].value;
	return NULL;
}

const char *
pod_scalar(struct arena *a, const struct json *v)
{
	if (!v || v->type == JSON_NULL)
		return NULL;
	if (v->type == JSON_STRING)
		return v->text;
	return v->type == JSON_INT ? arena_printf(a, "%lld", (long long)v->integer) :
	    v->type == JSON_DOUBLE ? arena_printf(a, "%g", v->number) : "";
}

int64_t
pod_quantity(struct pod_reader *r, const struct json *v)
{
	const char *text = pod_scalar(r->a, v);
	int64_t value = 0;

	if (text && !quantity_parse(text, &value) && !r->wrong[0])
		snprintf(r->wrong, sizeof r->wrong, "%s", text[0] ? text : "(not a quantity)");
	return value;
}

/* A limit alone is the request too. */
static const struct json *
told(const struct json *resources, const char *of, const char *resource)
{
	const struct json *v = pod_member(pod_member(resources, of), resource);

	if (!v && strcmp(of, "requests") == 0)
		v = pod_member(pod_member(resources, "limits"), resource);
	return v;
}

/* What the LimitRange gives to a container that says nothing. */
static const struct json *
usual(const struct pod_reader *r, const char *of, const char *resource)
{
	const bool limit = strcmp(of, "limits") == 0;
	const struct json *all = json_get(r->limits, "limits");

	for (size_t i = 0; i < json_count(all); i++)
		if (strcmp(json_text(json_item(all, i), "type"), "Container") == 0)
			return pod_member(pod_member(json_item(all, i), limit ? "default" : "defaultRequest"), resource);
	return NULL;
}

static int64_t
of_container(struct pod_reader *r, const struct json *c, const char *of, const char *resource)
{
	const struct json *v = told(pod_member(c, "resources"), of, resource);

	return pod_quantity(r, v ? v : usual(r, of, resource));
}

static int64_t
of_containers(struct pod_reader *r, const struct json *spec, const char *of, const char *resource)
{
	const struct json *init = pod_member(spec, "initContainers"), *all = pod_member(spec, "containers");
	int64_t together = 0, sidecars = 0, most = 0;

	for (size_t i = 0; i < json_count(init); i++) {
		const struct json *c = json_item(init, i);
		const int64_t own = of_container(r, c, of, resource);

		if (strcmp(json_text(c, "restartPolicy"), "Always") == 0)
			sidecars = need_plus(sidecars, own);
		else if (need_plus(own, sidecars) > most)
			most = need_plus(own, sidecars);
	}
	for (size_t i = 0; i < json_count(all); i++)
		together = need_plus(together, of_container(r, json_item(all, i), of, resource));
	together = need_plus(together, sidecars);
	return together > most ? together : most;
}

/* Of the whole pod a limit is the request only where its containers ask for nothing. */
int64_t
pod_sum(struct pod_reader *r, const struct json *spec, const char *of, const char *resource)
{
	const struct json *resources = pod_member(spec, "resources");
	const struct json *whole = pod_member(pod_member(resources, of), resource);
	int64_t sum = whole ? pod_quantity(r, whole) : of_containers(r, spec, of, resource);

	if (sum == 0)
		sum = pod_quantity(r, told(resources, of, resource));
	return need_plus(sum, pod_quantity(r, pod_member(pod_member(spec, "overhead"), resource)));
}

void
pod_need(struct pod_reader *r, const struct json *spec, int64_t need[NEEDS])
{
	for (size_t k = 0; k < NEED_PODS; k++)
		need[k] = pod_sum(r, spec, "requests", need_names[k].name);
	need[NEED_PODS] = 1000;
}
