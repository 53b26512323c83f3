/*
 * Layers of values, the later one wins, and identity last: neither a plan nor a tenant can
 * make a store answer for another's host or wear another's label.
 */
#include "config.h"

#include "reconcile/values.h"
#include "lib/crypto.h"

#include <string.h>

#define VALUES_MAX ((size_t)1 << 20)	/* a release Secret would not hold as much */
#define HASH_DIGITS 16

static struct json *
text_value(struct arena *a, const char *text)
{
	return json_string(a, text ? text : "");
}

static struct json *
identity(struct arena *a, const struct values_input *in)
{
	struct json *who = json_object(a), *v = json_object(a);

	json_set(a, who, "installation", text_value(a, in->installation));
	json_set(a, who, "store", text_value(a, in->store));
	json_set(a, who, "name", text_value(a, in->name));
	/* Null takes away what a layer below may have said. */
	json_set(a, who, "suspended", in->suspended ? json_boolean(a, true) : json_string(a, NULL));
	json_set(a, who, "credentialsRevision",
	    in->credentials_revision ? json_integer(a, in->credentials_revision) : json_string(a, NULL));
	json_set(a, v, "storeward", who);
	json_set(a, v, "host", text_value(a, in->host));
	json_set(a, v, "url", text_value(a, in->url));
	json_set(a, v, "ingressClassName", text_value(a, in->ingress_class));
	json_set(a, v, "storageClassName", text_value(a, in->storage_class));
	return v;
}

/* A member by its exact name: engines' names may hold a '.', which json_get() would split. */
static const struct json *
member(const struct json *object, const char *name)
{
	if (!object || object->type != JSON_OBJECT || !name)
		return NULL;
	for (size_t i = 0; i < object->nmembers; i++) {
		if (strcmp(object->members[i].name, name) == 0)
			return object->members[i].value;
	}
	return NULL;
}

static const char *
hash_of(struct arena *a, const struct buf *text, const char *digest)
{
	BUF(hashed, VALUES_MAX + 1024);

	buf_add(&hashed, text->data, text->len);
	buf_addc(&hashed, '\n');
	buf_adds(&hashed, digest ? digest : "");
	return arena_strndup(a, crypto_sha256_hex(a, hashed.data, hashed.len), HASH_DIGITS);
}

const char *
values_text(struct arena *a, const struct values_input *in, const char **hash)
{
	const struct json *layers[] = {
		in->plan,
		member(in->cluster, "*"),
		member(in->cluster, in->engine),
		in->overrides,
		identity(a, in),
	};
	struct json *all = json_object(a);
	BUF(text, VALUES_MAX);

	for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
		/* Anything but an object would replace the layers below it. */
		if (layers[i] && layers[i]->type == JSON_OBJECT)
			all = json_merge(a, all, layers[i]);
	}
	if (json_write_sorted(&text, all) != 0)
		return NULL;
	*hash = hash_of(a, &text, in->chart_digest);
	return arena_strdup(a, buf_text(&text));
}
