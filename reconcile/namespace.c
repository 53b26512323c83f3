/* A store's namespace: made with its labels in one request, deleted only by its uid. */
#include "config.h"

#include "reconcile/action.h"

#include "reconcile/explain.h"
#include "reconcile/incident.h"
#include "reconcile/status.h"
#include "reconcile/volumes.h"

#include <string.h>

static struct json *
body(struct world *w, const struct store *s)
{
	struct json *o = json_object(w->a), *meta = json_object(w->a), *labels = action_labels(w, s);

	json_set(w->a, labels, "pod-security.kubernetes.io/enforce",
	    json_string(w->a, json_text_or(s->spec, "podSecurity", "restricted")));
	json_set(w->a, meta, "name", json_string(w->a, s->namespace));
	json_set(w->a, meta, "labels", labels);
	json_set(w->a, o, "apiVersion", json_string(w->a, "v1"));
	json_set(w->a, o, "kind", json_string(w->a, "Namespace"));
	return json_set(w->a, o, "metadata", meta);
}

static const char *
path(struct world *w, const struct store *s)
{
	return arena_printf(w->a, "/api/v1/namespaces/%s", s->namespace);
}

static bool
is_ours(struct world *w, const struct store *s, const struct json *o)
{
	return strcmp(json_text(o, "metadata.labels.storeward\\.io/store"), s->id) == 0 &&
	    strcmp(json_text(o, "metadata.labels.storeward\\.io/installation"), w->installation) == 0;
}

static void
conflict(struct world *w, struct store *s)
{
	store_failed(s, w->now);
	store_reason(s, "NamespaceConflict", arena_printf(w->a,
	    "Namespace %s exists and does not belong to this store.", s->namespace),
	    explain_step("NamespaceConflict"));
	incident_open(w, "NamespaceConflict", s->namespace,
	    "A namespace with a store's name does not belong to the store.",
	    explain_step("NamespaceConflict"));
}

int
namespace_create(struct world *w, struct store *s, struct err *e)
{
	const struct json *o = kube_post(w->kube, w->a, "/api/v1/namespaces", body(w, s), e);

	if (!o && e->kind == ERR_CONFLICT)	/* another's, or ours by an answer that was lost */
		o = kube_get(w->kube, w->a, path(w, s), e);
	if (!o)
		return -1;
	if (!is_ours(w, s, o)) {
		conflict(w, s);
		return 0;
	}
	s->now.namespace_uid = arena_strdup(w->a, json_text(o, "metadata.uid"));
	if (!s->now.provisioning_started_at)
		s->now.provisioning_started_at = w->now;
	store_event(s, "Normal", "NamespaceCreated", arena_printf(w->a, "Namespace %s was made.", s->namespace));
	return 0;
}

int
namespace_forget(struct world *w, struct store *s, struct err *e)
{
	const struct json *o = kube_get(w->kube, w->a, path(w, s), e);

	/* Without its label it is in no list of ours, and yet all there. */
	if (o && !is_ours(w, s, o)) {
		conflict(w, s);
		return 0;
	}
	if (o)
		return err_set(e, ERR_TRANSIENT, "namespace %s is there after all", s->namespace);
	if (e->kind != ERR_MISSING)
		return -1;
	const char *message = arena_printf(w->a,
	    "Namespace %s was deleted by someone else, with all data in it; it is made again.", s->namespace);

	s->now.namespace_uid = NULL;
	s->now.verified_hash = NULL;
	s->now.provisioning_started_at = s->now.provisioning_completed_at = 0;	/* it is made anew */
	s->now.next_attempt_at = 0;
	status_set(w, s, "DataLost", true, "NamespaceVanished", message);
	store_event(s, "Warning", "DataLost", message);
	return 0;
}

int
namespace_delete(struct world *w, struct store *s, struct err *e)
{
	struct json *options = json_object(w->a), *conditions = json_object(w->a);

	if (volumes_settle(w, s, e))
		return -1;
	json_set(w->a, conditions, "uid", json_string(w->a, s->seen.namespace_uid));
	json_set(w->a, options, "preconditions", conditions);
	if (!kube_delete(w->kube, w->a, path(w, s), options, e) && e->kind != ERR_MISSING)
		return -1;
	s->now.attempts = 0;
	s->now.next_attempt_at = 0;
	store_event(s, "Normal", "NamespaceDeletion",
	    arena_printf(w->a, "The deletion of namespace %s was asked for.", s->namespace));
	return 0;
}
