/*
 * Single calls to the Kubernetes API, and what its answers mean.  Lists of many objects
 * are in kube_list.c, credentials in kube_config.c.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
#include "config.h"

#include "lib/kube_private.h"
#include "lib/clock.h"

#include <errno.h>
#include <string.h>

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0"
#endif

enum {
	CALL_MS = 30000,
	TOKEN_MS = 60000,		/* client-go's period for the rotated pod token */
	BODY_MAX = 4 << 20,		/* twice what etcd takes */
	ANSWER_MAX = 16 << 20
};

/* Without a row of its own a failure is ERR_TRANSIENT: 408, 429, 5xx, redirects, 410. */
static const struct {
	int status;
	enum err_kind kind;
} kinds[] = {
	{400, ERR_INPUT}, {401, ERR_UNAUTHENTICATED}, {403, ERR_DENIED}, {405, ERR_BUG},
	{406, ERR_BUG}, {409, ERR_CONFLICT}, {413, ERR_TOO_LARGE}, {415, ERR_BUG},
	{422, ERR_INPUT},
};

static enum err_kind
kind_of(int64_t status)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].status == status)
			return kinds[i].kind;
	return ERR_TRANSIENT;
}

/* Sets e from a Status object, or from the bare HTTP status when v is none. */
static int
failure(const struct http_request *req, int64_t status, const struct json *v,
    struct err *e)
{
	bool ours = strcmp(json_text(v, "kind"), "Status") == 0;
	const char *reason = ours ? json_text(v, "reason") : "";
	const char *message = ours ? json_text(v, "message") : "";
	enum err_kind kind = kind_of(status);

	/* Only an answer that names an object says that it is not there: a proxy's 404,
	 * that of an API group that is gone (text) or of a resource the group has not (a
	 * Status of reason NotFound with empty details) says nothing of the object. */
	if (status == 404 && strcmp(reason, "NotFound") == 0 &&
	    json_text(v, "details.name")[0])
		kind = ERR_MISSING;
	else if (status == 404)
		reason = "";
	if (message[0])
		return err_code(e, kind, reason, "%s", message);
	return err_code(e, kind, reason, "%s %.*s: HTTP %d%s", req->method,
	    (int)strcspn(req->path, "?"), req->path, (int)status,
	    ours ? "" : " without a Status object");
}

int
kube_check(const struct http_request *req, const struct http_answer *answer,
    struct err *e)
{
	ARENA(a);
	struct err ignored = {0};

	if (answer->err.kind != ERR_NONE) {
		*e = answer->err;
		return -1;
	}
	if (answer->status >= 200 && answer->status <= 299)
		return 0;
	return failure(req, answer->status,
	    json_parse(&a, answer->body, answer->body_len, &ignored), e);
}

bool
kube_refresh(struct kube *k, bool now)
{
	ARENA(fresh);
	struct err ignored = {0};
	char *token;

	if (k->config.token_file == NULL)
		return false;
	if (!now && k->config.server.bearer && clock_ms() - k->token_read_ms < TOKEN_MS)
		return false;
	token = kube_config_token(&fresh, k->config.token_file, &ignored);
	if (token == NULL)
		return false;		/* the old one may still be good */
	arena_reset(&k->token_arena);
	k->config.server.bearer = arena_strdup(&k->token_arena, token);
	k->token_read_ms = clock_ms();
	return true;
}

struct kube *
kube_new(const char *kubeconfig, const char *context, struct err *e)
{
	struct arena arena = {NULL};
	struct kube *k = arena_new(&arena, struct kube);
	struct kube_config *c = &k->config;
	int bad = kubeconfig ? kube_config_file(&arena, kubeconfig, context, c, e) :
	    kube_config_pod(&arena, KUBE_POD_FOLDER, c, e);

	if (bad || (c->token_file && !kube_config_token(&arena, c->token_file, e))) {
		arena_fini(&arena);
		return NULL;
	}
	k->http = http_new(arena_printf(&arena, "%s/%s", program_invocation_short_name,
	    PACKAGE_VERSION));
	k->timeout_ms = CALL_MS;
	k->list_bytes = KUBE_LIST_BYTES;
	k->arena = arena;
	kube_refresh(k, true);
	return k;
}

void
kube_free(struct kube *k)
{
	if (k == NULL)
		return;
	struct arena arena = k->arena;
	http_free(k->http);
	arena_fini(&k->token_arena);
	arena_fini(&arena);
}

const char *
kube_url(const struct kube *k)
{
	return k->config.server.url;
}

void
kube_timeout(struct kube *k, int timeout_ms)
{
	k->timeout_ms = timeout_ms;
}

size_t
kube_nul(size_t *seen, const char *json, size_t len)
{
	static const char escape[] = "\\u0000";

	for (size_t i = 0; i < len; i++) {
		if (*seen == 1 && json[i] == '\\')
			*seen = 0;	/* a backslash itself */
		else if (json[i] == escape[*seen])
			(*seen)++;
		else
			*seen = json[i] == '\\';
		if (*seen == sizeof escape - 1) {
			*seen = 0;
			return i;
		}
	}
	return len;
}

static void
exchange(struct kube *k, struct arena *a, struct http_request *req,
    struct http_answer *out)
{
	req->timeout_ms = k->timeout_ms;
	kube_refresh(k, false);
	http_all(k->http, a, &k->config.server, req, out, 1);
	if (out->status == 401 && kube_refresh(k, true))
		http_all(k->http, a, &k->config.server, req, out, 1);
	for (size_t seen = 0, at = 0; (at += kube_nul(&seen, out->body + at, out->body_len - at)) < out->body_len; at++)
		out->body[at] = KUBE_NUL;
}

static struct json *
call(struct kube *k, struct arena *a, struct http_request req, const struct json *body,
    struct err *e)
{
	BUF(text, BODY_MAX);
	struct http_answer answer;
	struct err ignored = {0};
	struct json *v;

	if (body && json_write(&text, body) != 0) {
		err_set(e, ERR_TOO_LARGE, "%s %s: the body has more than %d bytes",
		    req.method, req.path, BODY_MAX);
		return NULL;
	}
	req.body = body ? buf_text(&text) : NULL;
	req.body_len = text.len;
	req.answer_max = ANSWER_MAX;
	exchange(k, a, &req, &answer);
	if (kube_check(&req, &answer, e) != 0)
		return NULL;
	v = json_parse(a, answer.body, answer.body_len, &ignored);
	if (v == NULL || v->type != JSON_OBJECT) {
		err_set(e, ERR_TRANSIENT, "%s %s: the answer is not from Kubernetes: %s",
		    req.method, req.path, v ? "not an object" : ignored.msg);
		return NULL;
	}
	if (strcmp(json_text(v, "kind"), "Status") == 0 &&
	    strcmp(json_text(v, "status"), "Failure") == 0) {
		failure(&req, json_int(v, "code", 0), v, e);
		return NULL;
	}
	return v;
}

struct json *
kube_get(struct kube *k, struct arena *a, const char *path, struct err *e)
{
	return call(k, a, (struct http_request){.method = "GET", .path = path}, NULL, e);
}

struct json *
kube_metadata(struct kube *k, struct arena *a, const char *path, struct err *e)
{
	struct http_request req = {.method = "GET", .path = path,
	    .accept = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"};

	return call(k, a, req, NULL, e);
}

struct json *
kube_post(struct kube *k, struct arena *a, const char *path, const struct json *body,
    struct err *e)
{
	return call(k, a, (struct http_request){.method = "POST", .path = path}, body, e);
}

struct json *
kube_patch(struct kube *k, struct arena *a, const char *path, const struct json *merge,
    struct err *e)
{
	struct http_request req = {.method = "PATCH", .path = path,
	    .content_type = "application/merge-patch+json"};

	return call(k, a, req, merge, e);
}

struct json *
kube_delete(struct kube *k, struct arena *a, const char *path, const struct json *options,
    struct err *e)
{
	struct http_request req = {.method = "DELETE", .path = path};

	return call(k, a, req, options, e);
}

/* Keeps what fits and then stops the transfer. */
static int
keep(void *ctx, const char *data, size_t len, struct err *e)
{
	return buf_add(ctx, data, len) == 0 ? 0 :
	    err_set(e, ERR_TOO_LARGE, "the text is longer than asked for");
}

char *
kube_text(struct kube *k, struct arena *a, const char *path, size_t max, struct err *e)
{
	BUF(text, max);
	struct http_request req = {.method = "GET", .path = path, .accept = "*/*",
	    .answer_max = SIZE_MAX, .on_data = keep, .ctx = &text};
	struct http_answer answer;

	exchange(k, a, &req, &answer);
	if (!buf_full(&text) && kube_check(&req, &answer, e) != 0)
		return NULL;
	return arena_strndup(a, buf_text(&text), text.len);
}

char *
kube_escape(struct arena *a, const char *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-._~";
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_array(a, char, arena_mul(strlen(s), 3) + 1), *p = out;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (strchr(plain, c)) {
			*p++ = *s;
			continue;
		}
		*p++ = '%';
		*p++ = hex[c >> 4];
		*p++ = hex[c & 15];
	}
	return out;
}
