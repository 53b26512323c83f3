/*
 * release.c against a Secret in memory, whose kube_get() and kube_patch() stand here: what
 * was patched is read again.  That helm takes it is seen in tests/integration/test_helm.c.
 */
#include "config.h"

#include "reconcile/release.h"
#include "tests/check.h"
#include "lib/crypto.h"

#include <stdlib.h>

/* gzip of {"name":"s","info":{...,"status":...},"config":{...},...}, twice base64. */
static const char pending[] =
	"SDRzSUFBQUFBQUFDQXkyUDNRckNNQXlGWDJYazJrazczZng1QSsrOWtvRjBhNmFCTGkxTFZZYjQ3clpU"
	"Q0lSejhpV0h2SUhOaUhBc1FHQlZBUEhnazNqRFFKUEVxOFhnL0l3Mnp5dFZOYVhXWlhVNHE5MVJxVlNY"
	"dkNMUnhJZGtJaUJiNGx0Sm5Eem44dENpOUJPRlNKNHpjV0tLWkZ6eEo0b0hXNXhlWm9aUFludlBBOTJX"
	"OUVDcGJkWjFjcnZGMHRWbVd6ZTcvVUhwakk2R2FVQ0orYVpwdVlXdWhaWno0Qk1uK1lYcHBFd0licjZP"
	"R085KytVSEV3T2NMWHpveS9mTUFBQUE9";
static const char deployed[] =
	"SDRzSUFBQUFBQUFDQXoyTzNRcURNQXlGWDBWeXJhT3RVemZmWVBlN0dnV3AybTZGL21HNmdZanZ2dGJC"
	"SUpDYzVFdE9ObkRDU3VnTFFDZ0wwRTc1SkRaUWVzRTR6RElZdjhvNXp4bGhiVVZweGE1MzB2V0VwSGpr"
	"Rll3aXZqRVRmN3JNTlU2TERsRjdsMGMzbHpCamlzbmJZR1NVc0NkbThrN3A1MkVYZEVyMXFVbmQ4V2hS"
	"VnArYnRydGNDYzJvRlU0cmlUSGZFdHh4R0Rsd2w0MCtjc0dmQ1UxS2hHRFd3Y3I0OHNmVGlBTDJMeWM5"
	"cW9Ma0FBQUE=";

static const char *payload;	/* NULL: the Secret is gone */
static struct json *patched;
static bool conflict;

struct json *
kube_get(struct kube *k, struct arena *a, const char *path, struct err *e)
{
	struct json *meta = json_object(a), *data = json_object(a);

	(void)k;
	CHECK_STR(path, "/api/v1/namespaces/n/secrets/sh.helm.release.v1.s.v1");
	if (!payload) {
		err_code(e, ERR_MISSING, "NotFound", "secrets not found");
		return NULL;
	}
	json_set(a, meta, "resourceVersion", json_string(a, "42"));
	json_set(a, data, "release", json_string(a, payload));
	return json_set(a, json_set(a, json_object(a), "metadata", meta), "data", data);
}

struct json *
kube_patch(struct kube *k, struct arena *a, const char *path, const struct json *merge,
    struct err *e)
{
	(void)k;
	CHECK_STR(path, "/api/v1/namespaces/n/secrets/sh.helm.release.v1.s.v1");
	if (conflict) {
		err_code(e, ERR_CONFLICT, "Conflict", "the object has been modified");
		return NULL;
	}
	patched = json_merge(a, json_object(a), merge);
	payload = json_text(patched, "data.release");
	return patched;
}

static int
unlock(struct arena *a, struct err *e)
{
	return release_unlock(NULL, a, "n", "sh.helm.release.v1.s.v1", e);
}

static void
unlocks_pending(void)
{
	ARENA(a);
	struct err e = {0};
	const char *status = "", *description = "";

	payload = pending;
	CHECK(unlock(&a, &e) == 0);
	CHECK_STR(json_text(patched, "metadata.resourceVersion"), "42");
	CHECK_STR(json_text(patched, "metadata.labels.status"), "failed");
	CHECK(strtoll(json_text(patched, "metadata.labels.modifiedAt"), NULL, 10) > 1700000000);
	CHECK(release_read(NULL, &a, "n", "sh.helm.release.v1.s.v1", &status, &description, &e) == 0);
	CHECK_STR(status, "failed");
	CHECK_STR(description, "Release unlocked from stale 'pending-install' state");
	CHECK(e.kind == ERR_NONE);
}

/* All of the release but status and description is as it was. */
static void
keeps_the_rest(void)
{
	ARENA(a);
	struct err e = {0};
	size_t len = 0;

	payload = pending;
	CHECK(unlock(&a, &e) == 0);
	const unsigned char *outer = crypto_unbase64(&a, payload, &len, &e);
	CHECK(outer != NULL);
	if (!outer)
		return;
	const unsigned char *gz = crypto_unbase64(&a, arena_strndup(&a, (const char *)outer, len),
	    &len, &e);
	CHECK(gz && len > 18 && gz[0] == 0x1F && gz[1] == 0x8B && gz[2] == 8);
	if (!gz)
		return;
	/* The trailer is CRC-32 and length of the JSON (RFC 1952 section 2.3.1). */
	static const char want[] = "{\"name\":\"s\",\"config\":{\"pi\":3.5,\"big\":12345678901},"
	    "\"manifest\":\"a\\n\\\"b\\\"\\n\",\"version\":1,\"apply_method\":\"ssa\","
	    "\"info\":{\"first_deployed\":\"2026-11-29T07:00:00Z\",\"status\":\"failed\","
	    "\"description\":\"Release unlocked from stale 'pending-install' state\"}}";
	const unsigned char *t = gz + len - 8;
	CHECK((t[0] | (unsigned)t[1] << 8 | (unsigned)t[2] << 16 | (unsigned)t[3] << 24) ==
	    crypto_crc32(want, sizeof want - 1));
	CHECK((t[4] | (unsigned)t[5] << 8) == sizeof want - 1);
}

static void
leaves_others(void)
{
	ARENA(a);
	struct err e = {0};

	payload = deployed;
	patched = NULL;
	CHECK(unlock(&a, &e) == 0 && !patched && e.kind == ERR_NONE);
}

static void
tells_errors(void)
{
	ARENA(a);
	char *cut = arena_strdup(&a, pending);
	const struct { const char *payload; bool conflict; enum err_kind kind; } rows[] = {
		{NULL, false, ERR_MISSING},
		{pending, true, ERR_CONFLICT},
		{"", false, ERR_INPUT},
		{"bm8=", false, ERR_INPUT},
		{"SDRzSUFBQUFBQUFD", false, ERR_INPUT},
		{cut, false, ERR_INPUT},
	};

	cut[strlen(cut) / 8 * 4] = '\0';
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = {0};
		payload = rows[i].payload;
		conflict = rows[i].conflict;
		patched = NULL;
		CHECK(unlock(&a, &e) == -1 && !patched);
		CHECK(e.kind == rows[i].kind || (rows[i].kind == ERR_INPUT && e.kind == ERR_SYNTAX));
		CHECK(strstr(e.msg, "sh.helm.release.v1.s.v1") != NULL);
	}
	conflict = false;
}

static const struct test tests[] = {
	{"unlocks a pending release", unlocks_pending},
	{"keeps the rest of the release", keeps_the_rest},
	{"leaves a release that is not pending", leaves_others},
	{"tells errors", tells_errors},
	{0}
};

int
main(void)
{
	return test_main(tests);
}
