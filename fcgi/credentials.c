/*
 * What opens a shop's administration, read from its cluster for whoever may know it.  It
 * is in no row, log or error, and the memory that we had it in is overwritten.
 */
#include "config.h"

#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/clusters.h"
#include "fcgi/gate.h"
#include "fcgi/handlers.h"
#include "lib/crypto.h"
#include "lib/log.h"

#define GATE_WAIT_MS 500

/* reply.c makes it a 503 that tells the sentence; one of class ERR_TRANSIENT would not. */
static int
away(struct err *e, const char *cluster, const char *why)
{
	return err_code(e, ERR_CONFLICT, "cluster_away", "Cluster %s %s", cluster, why);
}

static int
not_ready(struct err *e, const char *why)
{
	return err_code(e, ERR_CONFLICT, "not_ready", "%s", why);
}

/* Whether there can be anything to read, by what the database knows. */
static int
check_store(const struct db_rows *store, struct err *e)
{
	if (store->n == 0)
		return err_code(e, ERR_MISSING, "store_not_found", "Store not found");
	if (db_bool(store, 0, "deleting"))
		return err_code(e, ERR_CONFLICT, "store_deleting",
		    "The store is being deleted, and its credentials with it.");
	if (!db_bool(store, 0, "begun"))
		return not_ready(e, "The store has no credentials yet: they are made with "
		    "its namespace. Wait until it is ready.");
	return 0;
}

/* What the operator must know goes to the log, the next step to who asked. */
static int
explain(const struct db_rows *store, const char *cluster, struct err *e)
{
	const bool was_ready = db_bool(store, 0, "was_ready");

	log_error("credentials cannot be read", "cluster", cluster, "class",
	    err_kind_name(e->kind), "code", e->code, "why", e->msg, NULL);
	if (e->kind == ERR_MISSING && was_ready)
		return not_ready(e, "The store's Secret is no longer in its namespace; the "
		    "store's events tell what happened. Its operator must put it back.");
	/* Secret and access come with the store's first steps. */
	if (!was_ready && (e->kind == ERR_MISSING || e->kind == ERR_DENIED))
		return not_ready(e, "The store's credentials are still being made. "
		    "Wait until it is ready.");
	if (e->kind == ERR_DENIED || e->kind == ERR_UNAUTHENTICATED)
		return away(e, cluster, "refuses this API: its operator must check the API's "
		    "access (docs/security.md, the API's access).");
	return away(e, cluster, "does not answer; the shop itself may be well. Try again in "
	    "a few seconds.");
}

/* The Secret; NULL and *e. */
static const struct json *
read_secret(struct route_ctx *c, struct arena *a, const struct db_rows *store,
    struct err *e)
{
	const char *cluster = db_text(store, 0, "cluster");
	const char *path = arena_printf(c->a,
	    "/api/v1/namespaces/%s/secrets/store-credentials",
	    db_text(store, 0, "namespace"));
	struct kube *kube = clusters_get(c->clusters, cluster,
	    db_bool(store, 0, "by_service_account"), e);

	if (!kube) {
		log_error("no access to a cluster", "cluster", cluster, "why", e->msg, NULL);
		away(e, cluster, "keeps its Secrets from this API: its operator must give "
		    "it access (docs/security.md, the API's access).");
		return NULL;
	}
	if (gate_enter(c->at, GATE_KUBERNETES, 0, GATE_WAIT_MS, e) != 0)
		return NULL;
	const struct json *secret = kube_get(kube, a, path, e);

	gate_leave(c->at, GATE_KUBERNETES);
	if (secret)
		return secret;
	if (e->kind == ERR_TRANSIENT)
		clusters_drop(c->clusters, cluster);
	explain(store, cluster, e);
	return NULL;
}

/* A member by its whole name, which may hold dots. */
static const struct json *
member(const struct json *object, const char *name)
{
	for (size_t i = 0; object && object->type == JSON_OBJECT && i < object->nmembers; i++) {
		if (strcmp(object->members[i].name, name) == 0)
			return object->members[i].value;
	}
	return NULL;
}

/* The plain text of one value; NULL where the Secret does not have it as text. */
static const char *
plain(struct arena *a, const struct json *data, const char *key)
{
	const char *base64 = json_text_or(member(data, key), "", NULL);
	struct err ignored;
	size_t len;
	const unsigned char *text = base64 ? crypto_unbase64(a, base64, &len, &ignored) : NULL;

	return text && strlen((const char *)text) == len ? (const char *)text : NULL;
}

static int
write_answer(struct route_ctx *c, struct arena *a, const struct db_rows *store,
    const struct json *secret, struct err *e)
{
	const char *shown = db_text(store, 0, "shown");
	const struct json *list = json_parse(a, shown, strlen(shown), e);
	const struct json *data = json_get(secret, "data");
	struct json *out = json_array(a);

	if (!list)
		return -1;
	for (size_t i = 0; i < json_count(list); i++) {
		const char *key = json_text(json_item(list, i), "key");
		struct json *one = json_object(a);

		json_set(a, one, "key", json_string(a, key));
		json_set(a, one, "title", json_string(a, json_text(json_item(list, i), "title")));
		json_set(a, one, "value", json_string(a, plain(a, data, key)));
		json_append(a, out, one);
	}
	buf_adds(&c->reply->body, "{\"admin_url\":");
	json_write_string(&c->reply->body, db_text(store, 0, "admin_url"));
	buf_adds(&c->reply->body, ",\"credentials\":");
	json_write(&c->reply->body, out);
	buf_addc(&c->reply->body, '}');
	return 0;
}

int
credentials_reveal(struct route_ctx *c, struct err *e)
{
	const struct db_step steps[] = {
		{Q_credentials_source, DB_ARGS(c->id)},
		{Q_credentials_audit, DB_ARGS(c->id)},
	};
	struct db_rows rows[2];
	ARENA(a);

	if (auth_run(c, steps, 2, rows, e) != 0 || check_store(&rows[0], e) != 0)
		return -1;
	const struct json *secret = read_secret(c, &a, &rows[0], e);
	const int result = secret ? write_answer(c, &a, &rows[0], secret, e) : -1;

	arena_wipe(&a);
	return result;
}
