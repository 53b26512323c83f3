/*
 * Whether a shop is shut off, tried from a pod of it: what must not be reached are the parts of another shop, which are
 * up, and the API server; what must be reached is the shop's own Service by its name.
 */
#include "config.h"

#include "reconcile/isolation.h"

#include "reconcile/status.h"

#include <string.h>

enum { TARGETS_MAX = 12, TEXT_MAX = 4096 };

/* Another one that is up: the next in the order of namespaces. */
static const struct store *
neighbour(const struct world *w, const struct store *s)
{
	const size_t at = (size_t)(s - w->stores);

	for (size_t i = 1; i < w->nstores; i++) {
		const struct store *other = &w->stores[(at + i) % w->nstores];

		if (strcmp(other->now.phase, "ready") == 0 && other->seen.namespace == PLAN_NS_ACTIVE &&
		    other->desired == PLAN_PRESENT)
			return other;
	}
	return NULL;
}

static const struct json *
list(struct world *w, const struct store *s, const char *api, const char *plural, struct err *e)
{
	const struct json *o = kube_get(w->kube, w->a, arena_printf(w->a, "%s/namespaces/%s/%s?limit=20",
	    api, s->namespace, plural), e);

	return o ? json_get(o, "items") : NULL;
}

/* The Service that the ingress leads to: the one with a port named http. */
static const char *
own_service(struct world *w, const struct json *services)
{
	for (size_t i = 0; i < json_count(services); i++) {
		const struct json *o = json_item(services, i), *ports = json_get(o, "spec.ports");

		for (size_t k = 0; k < json_count(ports); k++)
			if (strcmp(json_text(json_item(ports, k), "name"), "http") == 0)
				return arena_printf(w->a, "%s/%lld", json_text(o, "metadata.name"),
				    (long long)json_int(json_item(ports, k), "port", 80));
	}
	return NULL;
}

struct targets {
	const char *shop;	/* what it is called to who reads the verdict */
	struct buf *text;
	size_t n;
};

/* A tenant is told nothing of another's shops, not even that this one is there. */
static const char *
shop_name(const struct store *s, const struct store *other)
{
	return strcmp(s->tenant, other->tenant) == 0 ? other->namespace : "another-shop";
}

static void
add(struct targets *t, const char *name, const char *host, int64_t port)
{
	if (!*host || strcmp(host, "None") == 0 || port <= 0 || t->n++ >= TARGETS_MAX)
		return;
	buf_printf(t->text, "%s%s/%s:%lld=%s/%lld", t->text->len ? " " : "", t->shop, name, (long long)port, host,
	    (long long)port);
}

static void
add_pods(struct targets *t, const struct json *slice)
{
	const struct json *pods = json_get(slice, "endpoints");

	for (size_t i = 0; i < json_count(pods); i++)
		if (json_bool(json_item(pods, i), "conditions.ready", false))
			add(t, json_text(json_item(pods, i), "targetRef.name"),
			    json_text(json_item(pods, i), "addresses.0"), json_int(slice, "ports.0.port", 0));
}

static int
find_targets(struct world *w, const struct store *other, struct targets *t, struct err *e)
{
	const struct json *services = list(w, other, "/api/v1", "services", e);
	const struct json *slices = services ? list(w, other, "/apis/discovery.k8s.io/v1", "endpointslices", e) : NULL;

	if (!slices)
		return -1;
	for (size_t i = 0; i < json_count(slices); i++)
		add_pods(t, json_item(slices, i));
	if (t->n == 0)
		return err_set(e, ERR_TRANSIENT, "nothing of %s is up", t->shop);
	for (size_t i = 0; i < json_count(services); i++)
		add(t, json_text(json_item(services, i), "metadata.name"),
		    json_text(json_item(services, i), "spec.clusterIP"), json_int(json_item(services, i), "spec.ports.0.port", 0));
	return 0;
}

static void
unknown(struct world *w, struct store *s, const char *reason, const char *message)
{
	status_put(w, s, &(struct status_condition){
	    .type = "Isolation", .status = "Unknown", .reason = reason, .message = message});
}

int
isolation_env(struct world *w, struct store *s, const struct check_env **env, struct err *e)
{
	const struct store *other = neighbour(w, s);
	BUF(text, TEXT_MAX);

	if (!other) {
		unknown(w, s, "NoOtherStore", "No other shop on this cluster is ready that could be tried.");
		return 0;
	}
	const struct json *services = list(w, s, "/api/v1", "services", e);
	const char *own = own_service(w, services);

	if (!services)
		return -1;
	if (!own)
		return err_set(e, ERR_MISSING, "the shop has no Service with a port named http");
	const int rc = find_targets(w, other, &(struct targets){shop_name(s, other), &text, 0}, e);
	struct check_env *all = arena_array(w->a, struct check_env, 3);

	all[0] = (struct check_env){"REACH", own};
	all[1] = (struct check_env){"BLOCKED", arena_strdup(w->a, buf_text(&text))};
	*env = all;
	return rc;
}

void
isolation_ended(struct world *w, struct store *s, const struct check_end *end, bool passed)
{
	const bool open = !passed && json_int(end->end, "exitCode", 2) == 1;

	if (open && strcmp(status_condition(w->a, s, "Isolation"), "False") != 0)
		store_event(s, "Warning", "IsolationOpen", end->said);
	status_put(w, s, &(struct status_condition){.type = "Isolation",
	    .status = passed ? "True" : open ? "False" : "Unknown", .reason = passed ? "Blocked" : open ? "Open" : "NotRun",
	    .message = *end->said ? end->said : !end->pods ? "What the check said cannot be read." :
	    "The check's pod did not start, or did not end in time.",
	    .at = end->at, .seconds = end->seconds});
}

void
isolation_failed(struct world *w, struct store *s, const struct err *e)
{
	unknown(w, s, "NotRun", arena_printf(w->a, "The check could not be started: %s.", e->msg));
}
