/*
 * Secret store-credentials: random once, and again where new passwords are asked for; never read here.  Its annotation
 * says which revision it has.  It is the Secret that comes first and the shop that follows it: helm is told the revision
 * after it, and set-up runs again for each one, so that whatever is cut off goes on from what the Secret says.
 */
#include "config.h"

#include "reconcile/action.h"

#include "lib/crypto.h"
#include "reconcile/crash.h"

#include <stdlib.h>

#define NAME "store-credentials"
#define REVISION "storeward.io/credentials-revision"
#define REVISION_PATH "metadata.annotations.storeward\\.io/credentials-revision"

enum { LENGTH_MIN = 16, LENGTH_MAX = 128 };

/* An engine's `credentials`: a fixed value, or random characters.  All of them, or those that rotate. */
static struct json *
values(struct world *w, const struct store *s, bool all)
{
	struct json *out = json_object(w->a);
	const struct json *keys = json_get(s->spec, "credentials");

	for (size_t i = 0; i < json_count(keys); i++) {
		const struct json *one = json_item(keys, i);
		int64_t n = json_int(one, "generate", 0);
		const char *value = json_text(one, "value");

		if (!all && !json_bool(one, "rotate", false))
			continue;
		if (n != 0) {
			n = n < LENGTH_MIN ? LENGTH_MIN : n > LENGTH_MAX ? LENGTH_MAX : n;
			value = crypto_random_text(w->a, (size_t)n);
		}
		json_set(w->a, out, json_text(one, "key"), json_string(w->a, value));
	}
	return out;
}

static struct json *
annotations(struct world *w, const struct store *s)
{
	return json_set(w->a, json_object(w->a), REVISION,
	    json_string(w->a, arena_printf(w->a, "%lld", (long long)s->credentials_revision)));
}

/* ERR_CONFLICT with code "AlreadyExists" where there is one. */
static int
create(struct world *w, const struct store *s, struct err *e)
{
	struct json *o = json_object(w->a), *meta = json_object(w->a);

	json_set(w->a, meta, "name", json_string(w->a, NAME));
	json_set(w->a, meta, "labels", action_labels(w, s));
	if (s->credentials_revision)
		json_set(w->a, meta, "annotations", annotations(w, s));
	json_set(w->a, o, "apiVersion", json_string(w->a, "v1"));
	json_set(w->a, o, "kind", json_string(w->a, "Secret"));
	json_set(w->a, o, "type", json_string(w->a, "Opaque"));
	json_set(w->a, o, "metadata", meta);
	json_set(w->a, o, "stringData", values(w, s, true));
	return kube_post(w->kube, w->a, arena_printf(w->a, "/api/v1/namespaces/%s/secrets", s->namespace), o, e) ? 0 : -1;
}

/* A set-up that read the old passwords may not write them over the new ones: it is ended first, its pods too. */
static int
end_setup(struct world *w, const struct store *s, struct err *e)
{
	struct json *options = json_object(w->a);

	if (!s->seen.setup_unfinished && !s->seen.setup_going)
		return 0;
	json_set(w->a, options, "propagationPolicy", json_string(w->a, "Foreground"));
	if (s->seen.setup_unfinished && !kube_delete(w->kube, w->a, arena_printf(w->a, "/apis/batch/v1/namespaces/%s/jobs/%s",
	    s->namespace, s->seen.setup_unfinished), options, e) && e->kind != ERR_MISSING)
		return err_wrap(e, "the set-up Job");
	return err_set(e, ERR_TRANSIENT, "new passwords wait for the end of the set-up that is at work");
}

/* The Secret as it was read: whoever was quicker is not written over. */
static int
renew(struct world *w, struct store *s, const char *version, struct err *e)
{
	struct json *o = json_object(w->a), *meta = json_object(w->a);

	json_set(w->a, meta, "resourceVersion", json_string(w->a, version));
	json_set(w->a, meta, "annotations", annotations(w, s));
	json_set(w->a, o, "metadata", meta);
	json_set(w->a, o, "stringData", values(w, s, false));
	if (!kube_patch(w->kube, w->a, arena_printf(w->a, "/api/v1/namespaces/%s/secrets/" NAME, s->namespace), o, e))
		return -1;
	crash_at("credentials-renewed");
	store_event(s, "Normal", "CredentialsRotated", "New passwords were made; set-up gives them to the shop.");
	return 0;
}

/* A shop that was ready is at work with the passwords of a Secret that is gone: new ones would open neither its database nor
 * its administration. */
static int
lost(struct err *e, const struct store *s)
{
	return s->now.provisioning_completed_at ? err_set(e, ERR_MISSING, "the Secret was deleted by someone else") :
	    err_set(e, ERR_TRANSIENT, "it went away meanwhile");
}

static int
ensure(struct world *w, struct store *s, struct err *e)
{
	if (!s->now.provisioning_completed_at) {
		if (create(w, s, e) == 0)
			return 0;
		if (e->kind != ERR_CONFLICT)
			return -1;
		if (s->credentials_revision == 0)
			return 0;
	}
	const struct json *o = kube_metadata(w->kube, w->a,
	    arena_printf(w->a, "/api/v1/namespaces/%s/secrets/" NAME, s->namespace), e);

	if (!o)
		return e->kind == ERR_MISSING ? lost(e, s) : -1;
	if (strtoll(json_text(o, REVISION_PATH), NULL, 10) >= s->credentials_revision)
		return 0;
	return end_setup(w, s, e) ? -1 : renew(w, s, json_text(o, "metadata.resourceVersion"), e);
}

int
credentials_ensure(struct world *w, struct store *s, struct err *e)
{
	return ensure(w, s, e) ? err_wrap(e, "Secret " NAME) : 0;
}
