/* Secret store-credentials: random once, never changed, never read here. */
#include "config.h"

#include "reconcile/action.h"

#include "lib/crypto.h"

enum { LENGTH_MIN = 16, LENGTH_MAX = 128 };

/* An engine's `credentials`: a fixed value, or random characters. */
static struct json *
values(struct world *w, const struct store *s)
{
	struct json *out = json_object(w->a);
	const struct json *keys = json_get(s->spec, "credentials");

	for (size_t i = 0; i < json_count(keys); i++) {
		const struct json *one = json_item(keys, i);
		int64_t n = json_int(one, "generate", 0);
		const char *value = json_text(one, "value");

		if (n != 0) {
			n = n < LENGTH_MIN ? LENGTH_MIN : n > LENGTH_MAX ? LENGTH_MAX : n;
			value = crypto_random_text(w->a, (size_t)n);
		}
		json_set(w->a, out, json_text(one, "key"), json_string(w->a, value));
	}
	return out;
}

int
credentials_ensure(struct world *w, struct store *s, struct err *e)
{
	struct json *o = json_object(w->a), *meta = json_object(w->a);

	json_set(w->a, meta, "name", json_string(w->a, "store-credentials"));
	json_set(w->a, meta, "labels", action_labels(w, s));
	json_set(w->a, o, "apiVersion", json_string(w->a, "v1"));
	json_set(w->a, o, "kind", json_string(w->a, "Secret"));
	json_set(w->a, o, "type", json_string(w->a, "Opaque"));
	json_set(w->a, o, "metadata", meta);
	json_set(w->a, o, "stringData", values(w, s));
	if (kube_post(w->kube, w->a, arena_printf(w->a, "/api/v1/namespaces/%s/secrets", s->namespace), o, e))
		return 0;
	return e->kind == ERR_CONFLICT ? 0 : err_wrap(e, "Secret store-credentials");
}
