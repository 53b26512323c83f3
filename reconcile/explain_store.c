/*
 * Reads a store's namespace and asks each judge in turn.  What the pods tell is enough most
 * of the time and costs one GET; events last an hour and only say why something that is
 * still missing could not be made.
 */
#include "config.h"

#include "reconcile/explain_private.h"
#include "lib/clock.h"

#include <string.h>

#define CLAIM_MS (60 * 1000)	/* what making a volume may take */

/* The named object of a list, or NULL. */
static const struct json *
named(const struct json *list, const char *name)
{
	const struct json *items = json_get(list, "items");

	for (size_t i = 0; i < json_count(items); i++) {
		if (strcmp(json_text(json_item(items, i), "metadata.name"), name) == 0)
			return json_item(items, i);
	}
	return NULL;
}

/* Whether the controller that an event is about still lacks pods. */
static bool
lacks_pods(const struct explain_lists *in, const char *kind, const char *name)
{
	if (strcmp(kind, "StatefulSet") == 0) {
		const struct json *o = named(in->list[EXPLAIN_STATEFULSETS], name);
		return o && json_int(o, "status.replicas", 0) < json_int(o, "spec.replicas", 1);
	}
	if (strcmp(kind, "Job") == 0) {
		const struct json *o = named(in->list[EXPLAIN_JOBS], name);
		return o && json_int(o, "status.active", 0) == 0 &&
		    json_int(o, "status.succeeded", 0) == 0;
	}
	return false;
}

static bool
set_refused(struct arena *a, struct explanation *out, const char *who, const char *why)
{
	const bool quota = strstr(why, "quota") || strstr(why, "per Container") ||
	    strstr(why, "per Pod");

	return explain_set(a, out, quota ? "QuotaExceeded" : "BadValues", NULL,
	    arena_printf(a, "%s may not make its pod: %s", who, why));
}

/* Deployments say it in a condition. */
static bool
refused_deployment(struct arena *a, const struct json *deployments, struct explanation *out)
{
	const struct json *items = json_get(deployments, "items");

	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *d = json_item(items, i), *all = json_get(d, "status.conditions");
		for (size_t j = 0; j < json_count(all); j++) {
			const struct json *c = json_item(all, j);
			if (strcmp(json_text(c, "type"), "ReplicaFailure") == 0 &&
			    strcmp(json_text(c, "status"), "True") == 0)
				return set_refused(a, out, arena_printf(a, "Deployment %s",
				    json_text(d, "metadata.name")), json_text(c, "message"));
		}
	}
	return false;
}

/* StatefulSets and Jobs say it in events alone. */
bool
explain_refused(struct arena *a, const struct explain_lists *in, struct explanation *out)
{
	const struct json *items = json_get(in->list[EXPLAIN_EVENTS], "items");

	if (refused_deployment(a, in->list[EXPLAIN_DEPLOYMENTS], out))
		return true;
	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *event = json_item(items, i);
		const char *kind = json_text(event, "involvedObject.kind");
		const char *name = json_text(event, "involvedObject.name");
		if (strcmp(json_text(event, "reason"), "FailedCreate") == 0 &&
		    lacks_pods(in, kind, name))
			return set_refused(a, out, arena_printf(a, "%s %s", kind, name),
			    json_text(event, "message"));
	}
	return false;
}

/* The last warning about a claim, or NULL. */
static const char *
claim_warning(const struct json *events, const char *claim)
{
	const struct json *items = json_get(events, "items");
	const char *found = NULL;

	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *event = json_item(items, i);
		if (strcmp(json_text(event, "involvedObject.kind"), "PersistentVolumeClaim") == 0 &&
		    strcmp(json_text(event, "involvedObject.name"), claim) == 0)
			found = json_text(event, "message");
	}
	return found;
}

static bool
explain_claim(struct arena *a, const struct explain_lists *in, const struct json *claim,
    struct explanation *out)
{
	const char *name = json_text(claim, "metadata.name");
	const char *phase = json_text(claim, "status.phase");
	const char *warning = claim_warning(in->list[EXPLAIN_EVENTS], name);
	const int64_t age_ms = in->now_ms - clock_parse(json_text(claim, "metadata.creationTimestamp"));

	if (strcmp(phase, "Lost") == 0)
		return explain_set(a, out, "DataLost", NULL, arena_printf(a,
		    "The volume %s of claim %s is gone", json_text(claim, "spec.volumeName"), name));
	if (strcmp(phase, "Pending") != 0 || (!warning && age_ms < CLAIM_MS))
		return false;
	return explain_set(a, out, "VolumePending", NULL, arena_printf(a,
	    "Claim %s (%s, storage class %s) has had no volume for %lld s%s%s", name,
	    json_text(claim, "spec.resources.requests.storage"),
	    json_text_or(claim, "spec.storageClassName", "none"), (long long)(age_ms / 1000),
	    warning ? ": " : "", warning ? warning : ""));
}

bool
explain_claims(struct arena *a, const struct explain_lists *in, struct explanation *out)
{
	const struct json *items = json_get(in->list[EXPLAIN_CLAIMS], "items");

	for (size_t i = 0; i < json_count(items); i++) {
		if (explain_claim(a, in, json_item(items, i), out))
			return true;
	}
	return false;
}

/* Path before and after the namespace. */
static const struct { const char *before, *after; } paths[EXPLAIN_LISTS] = {
	[EXPLAIN_PODS] = {"/api/v1", "pods"},
	[EXPLAIN_DEPLOYMENTS] = {"/apis/apps/v1", "deployments"},
	[EXPLAIN_STATEFULSETS] = {"/apis/apps/v1", "statefulsets"},
	[EXPLAIN_JOBS] = {"/apis/batch/v1", "jobs"},
	[EXPLAIN_CLAIMS] = {"/api/v1", "persistentvolumeclaims"},
	[EXPLAIN_EVENTS] = {"/api/v1", "events"},
};

static const struct json *
read_list(struct kube *k, struct arena *a, const char *namespace, size_t i, struct err *e)
{
	const char *warnings = i == EXPLAIN_EVENTS ? "&fieldSelector=type%3DWarning" : "";
	const struct json *got = kube_get(k, a, arena_printf(a, "%s/namespaces/%s/%s?limit=100%s",
	    paths[i].before, namespace, paths[i].after, warnings), e);

	if (!got)
		err_wrap(e, "explaining %s", namespace);
	return got;
}

int
explain_store(struct kube *k, struct arena *a, const char *namespace, struct explanation *out,
    struct err *e)
{
	struct explain_lists in = {.now_ms = clock_unix_ms()};

	*out = (struct explanation){"", "", ""};
	for (size_t i = 0; i < EXPLAIN_LISTS; i++) {
		in.list[i] = read_list(k, a, namespace, i, e);
		if (!in.list[i])
			return -1;
		if (i == EXPLAIN_PODS && (explain_pods(a, &in, out) || explain_runs(a, &in, out)))
			return 0;
	}
	if (!explain_refused(a, &in, out))
		explain_claims(a, &in, out);
	return 0;
}
