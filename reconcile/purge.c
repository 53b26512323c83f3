/*
 * The proof of deletion: two looks some time apart, each by reads begun after the last delete.
 * What was read is the evidence; helm's word is none.
 */
#include "config.h"

#include "reconcile/action.h"

#include "lib/clock.h"
#include "reconcile/explain.h"
#include "reconcile/incident.h"
#include "reconcile/volumes.h"

#include <string.h>

enum { EVIDENCE_MAX = 64 * 1024 };

static int
found(struct err *e, const char *what, const char *name)
{
	return err_code(e, ERR_CONFLICT, "not_gone", "%s %s is still there", what, name);
}

/* An empty page need not be the last one. */
static bool
is_whole(const struct json *list, const struct json *items)
{
	return strcmp(json_text(list, "kind"), "SecretList") == 0 && items &&
	    (items->type == JSON_ARRAY || items->type == JSON_NULL) &&
	    !*json_text(list, "metadata.continue") && *json_text(list, "metadata.resourceVersion");
}

/* No release Secret with the store's label; the list's version is evidence. */
static int
look_releases(struct world *w, const struct store *s, struct json *out, struct err *e)
{
	const char *paths[] = {
		arena_printf(w->a, "/api/v1/secrets?limit=10&labelSelector=storeward.io%%2Fstore%%3D%s", s->id),
		arena_printf(w->a, "/api/v1/namespaces/%s/secrets?limit=10", s->namespace),
	};

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const struct json *list = kube_get(w->kube, w->a, paths[i], e);
		const struct json *items = json_get(list, "items"), *read = NULL;

		if (!list)
			return -1;
		if (json_count(items) > 0)
			return found(e, "Secret", json_text(json_item(items, 0), "metadata.name"));
		if (!is_whole(list, items))
			return err_set(e, ERR_TRANSIENT, "the answer is no whole list of Secrets");
		read = json_set(w->a, json_set(w->a, json_object(w->a), "path", json_string(w->a, paths[i])),
		    "resource_version", json_string(w->a, json_text(list, "metadata.resourceVersion")));
		json_append(w->a, out, json_merge(w->a, read, json_object(w->a)));
	}
	return 0;
}

static int
look_namespace(struct world *w, const struct store *s, struct json *evidence, struct err *e)
{
	const char *path = arena_printf(w->a, "/api/v1/namespaces/%s", s->namespace);
	const struct json *o = kube_get(w->kube, w->a, path, e);

	if (o) {
		if (strcmp(json_text(o, "metadata.labels.storeward\\.io/store"), s->id) != 0)
			incident_open(w, "NamespaceConflict", s->namespace,
			    "A namespace with a store's name does not belong to the store.",
			    explain_step("NamespaceConflict"));
		return found(e, "namespace", s->namespace);
	}
	if (e->kind != ERR_MISSING)
		return -1;
	json_set(w->a, evidence, "namespace", json_string(w->a, e->msg));
	return 0;
}

/* 0 and the evidence as JSON text when nothing is left. */
static int
look(struct world *w, struct store *s, const char **text, struct err *e)
{
	struct json *evidence = json_object(w->a), *secrets = json_array(w->a), *volumes;
	char at[CLOCK_TEXT];
	BUF(out, EVIDENCE_MAX);

	clock_text(clock_unix_ms(), at);
	json_set(w->a, evidence, "at", json_string(w->a, at));
	json_set(w->a, evidence, "holder", json_string(w->a, w->holder));
	json_set(w->a, evidence, "fence", json_string(w->a, w->token));
	json_set(w->a, evidence, "cluster_uid", json_string(w->a, w->cluster_uid));
	if (look_namespace(w, s, evidence, e) || look_releases(w, s, secrets, e))
		return -1;
	volumes = volumes_left(w, s, e);
	if (!volumes)
		return -1;
	for (size_t i = 0; i < json_count(volumes); i++)
		if (!s->retain || strcmp(json_text(json_item(volumes, i), "reclaim_policy"), "Retain") != 0)
			return found(e, "volume", json_text(json_item(volumes, i), "name"));
	if (json_count(volumes) && volumes_settle(w, s, e))	/* kept by policy: recorded */
		return -1;
	json_set(w->a, evidence, "secrets", secrets);
	json_set(w->a, evidence, "volumes", volumes);
	if (json_write(&out, evidence))
		return err_set(e, ERR_TOO_LARGE, "the evidence is too large");
	*text = arena_strndup(w->a, out.data, out.len);
	return volumes_gone(w, s, volumes, e);
}

int
purge_look(struct world *w, struct store *s, struct err *e)
{
	if (look(w, s, &s->now.first_evidence, e))
		return -1;
	s->now.first_absent_at = w->now + clock_ms() - w->now_ms;	/* a round may be long */
	store_event(s, "Normal", "NothingLeft", arena_printf(w->a,
	    "Nothing of the store was found; a second look follows in %lld s.", (long long)w->conf->second_look_s));
	return 0;
}

int
purge_store(struct world *w, struct store *s, struct err *e)
{
	const char *second;
	struct db_rows results[2];

	if (look(w, s, &second, e)) {
		if (strcmp(e->code, "not_gone") == 0) {	/* the proof begins anew */
			s->now.first_absent_at = 0;
			s->now.first_evidence = NULL;
		}
		return -1;
	}
	const struct db_step steps[] = {
		{Q_tombstone_add, DB_ARGS(s->id, w->cluster, w->token, second)},
		{Q_reconcile_purge, DB_ARGS(s->id)},
	};
	if (db_pipeline(w->db, w->a, steps, 2, results, NULL, e))
		return -1;
	s->gone = true;
	return 0;
}
