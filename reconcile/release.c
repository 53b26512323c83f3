/* Reading and unlocking Helm's release Secret, whose payload is gzip. */
#include "config.h"

#include "reconcile/release.h"
#include "lib/clock.h"
#include "lib/crypto.h"
#include "lib/gzip.h"

#include <string.h>

#define PAYLOAD_MAX ((size_t)32 << 20)	/* a Secret has at most 1 MiB */

/* The API's base64 around Helm's base64 around gzip around JSON. */
static struct json *
decode(struct arena *a, const char *text, struct err *e)
{
	size_t len;
	BUF(plain, PAYLOAD_MAX);

	const unsigned char *inner = crypto_unbase64(a, text, &len, e);
	if (!inner)
		return NULL;
	const char *helms = arena_strndup(a, (const char *)inner, len);
	const unsigned char *packed = crypto_unbase64(a, helms, &len, e);
	if (!packed || gzip_unpack(&plain, packed, len, e) != 0)
		return NULL;
	return json_parse(a, buf_text(&plain), plain.len, e);
}

static const char *
encode(struct arena *a, const struct json *release, struct err *e)
{
	BUF(plain, PAYLOAD_MAX);
	BUF(packed, PAYLOAD_MAX);

	if (json_write(&plain, release) != 0) {
		err_set(e, ERR_TOO_LARGE, "the release has over %zu bytes", PAYLOAD_MAX);
		return NULL;
	}
	if (gzip_pack(&packed, plain.data, plain.len, e) != 0)
		return NULL;
	const char *inner = crypto_base64(a, packed.data, packed.len);
	return crypto_base64(a, inner, strlen(inner));
}

struct secret {
	const char *path;
	const struct json *object, *release;
};

static int
get(struct kube *k, struct arena *a, const char *path, struct secret *s, struct err *e)
{
	s->path = path;
	s->object = kube_get(k, a, path, e);
	if (!s->object)
		return err_wrap(e, "reading release %s", path);
	s->release = decode(a, json_text(s->object, "data.release"), e);
	return s->release ? 0 : err_wrap(e, "reading release %s", path);
}

static const char *
path_of(struct arena *a, const char *namespace, const char *secret)
{
	return arena_printf(a, "/api/v1/namespaces/%s/secrets/%s", namespace, secret);
}

/* {"status": "failed", "description": ...} as payload and label want it. */
static struct json *
unlocked(struct arena *a, const struct secret *s, const char *status, struct err *e)
{
	struct json *info = json_object(a), *release = json_object(a), *labels = json_object(a);
	struct json *meta = json_object(a), *data = json_object(a), *patch = json_object(a);

	json_set(a, info, "status", json_string(a, "failed"));
	json_set(a, info, "description", json_string(a,
	    arena_printf(a, "Release unlocked from stale '%s' state", status)));
	json_set(a, release, "info", info);
	const char *text = encode(a, json_merge(a, s->release, release), e);
	if (!text)
		return NULL;
	json_set(a, data, "release", json_string(a, text));
	json_set(a, labels, "status", json_string(a, "failed"));
	json_set(a, labels, "modifiedAt", json_string(a,
	    arena_printf(a, "%lld", (long long)(clock_unix_ms() / 1000))));
	json_set(a, meta, "labels", labels);
	json_set(a, meta, "resourceVersion",
	    json_string(a, json_text(s->object, "metadata.resourceVersion")));
	json_set(a, patch, "metadata", meta);
	return json_set(a, patch, "data", data);
}

int
release_unlock(struct kube *k, struct arena *a, const char *namespace, const char *secret,
    struct err *e)
{
	struct secret s;

	if (get(k, a, path_of(a, namespace, secret), &s, e) != 0)
		return -1;
	const char *status = json_text(s.release, "info.status");
	if (strncmp(status, "pending-", 8) != 0)
		return 0;
	const struct json *patch = unlocked(a, &s, status, e);
	if (!patch || !kube_patch(k, a, s.path, patch, e))
		return err_wrap(e, "unlocking release %s", s.path);
	return 0;
}

int
release_read(struct kube *k, struct arena *a, const char *namespace, const char *secret,
    const char **status, const char **description, struct err *e)
{
	struct secret s;

	if (get(k, a, path_of(a, namespace, secret), &s, e) != 0)
		return -1;
	*status = json_text(s.release, "info.status");
	*description = json_text(s.release, "info.description");
	return 0;
}
