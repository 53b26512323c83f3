/*
 * lib/kube against a real API server, in a namespace of its own that is deleted at the end.
 * Needs KUBECONFIG with the rights of an administrator; skips without.
 */
#include "config.h"

#include "lib/kube_private.h"
#include "lib/clock.h"
#include "tests/check.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

enum { MANY = 1100, LIST_MS = 30000 };

static struct kube *k;
static char ns[64], folder[] = "/tmp/test_kube.XXXXXX";

static const char *
at(struct arena *a, const char *what)
{
	return arena_printf(a, "/api/v1/namespaces/%s/%s", ns, what);
}

static struct json *
parse(struct arena *a, const char *text)
{
	struct err e = {0};
	struct json *v = json_parse(a, text, strlen(text), &e);

	CHECK(v != NULL);
	return v;
}

static char *
put(struct arena *a, const char *name, const char *text)
{
	char *path = arena_printf(a, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
	return path;
}

/* `call` with &f as its last argument. */
#define FAILS(call, want_kind, want_code) \
	do { \
		struct err f = {0}; \
		CHECK((call) == NULL); \
		CHECK(f.kind == (want_kind) && f.msg[0] != '\0'); \
		CHECK_STR(f.code, (want_code)); \
	} while (0)

static void
test_life(void)
{
	ARENA(a);
	struct err e = {0};
	const char *path = at(&a, "secrets/one");
	const struct json *body = parse(&a, "{\"metadata\":{\"name\":\"one\"},"
	    "\"stringData\":{\"key\":\"value\"}}");
	const struct json *made = kube_post(k, &a, at(&a, "secrets"), body, &e);
	const char *uid = json_text(made, "metadata.uid");
	const char *version = json_text(made, "metadata.resourceVersion");

	CHECK(uid[0] && version[0]);
	FAILS(kube_post(k, &a, at(&a, "secrets"), body, &f), ERR_CONFLICT, "AlreadyExists");
	CHECK_STR(json_text(kube_get(k, &a, path, &e), "data.key"), "dmFsdWU=");
	CHECK_STR(json_text(kube_patch(k, &a, path, parse(&a,
	    "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"), &e), "metadata.labels.a"), "b");
	FAILS(kube_patch(k, &a, path, parse(&a, arena_printf(&a,
	    "{\"metadata\":{\"resourceVersion\":\"%s\",\"labels\":{\"a\":\"c\"}}}", version)), &f),
	    ERR_CONFLICT, "Conflict");
	FAILS(kube_delete(k, &a, path, parse(&a, "{\"preconditions\":{\"uid\":\"other\"}}"), &f),
	    ERR_CONFLICT, "Conflict");
	CHECK_STR(json_text(kube_get(k, &a, path, &e), "metadata.labels.a"), "b");
	CHECK(kube_delete(k, &a, path, parse(&a, arena_printf(&a,
	    "{\"preconditions\":{\"uid\":\"%s\"}}", uid)), &e) != NULL);
	CHECK_STR(e.msg, "");
	FAILS(kube_get(k, &a, path, &f), ERR_MISSING, "NotFound");
	FAILS(kube_delete(k, &a, path, NULL, &f), ERR_MISSING, "NotFound");
}

static void
test_failures(void)
{
	ARENA(a);

	FAILS(kube_get(k, &a, "/api/v1/namespaces/kube-test-none", &f), ERR_MISSING, "NotFound");
	/* A 404 that says nothing of the object. */
	FAILS(kube_get(k, &a, "/apis/none.example/v1/namespaces/x/things/y", &f),
	    ERR_TRANSIENT, "");
	FAILS(kube_get(k, &a, "/apis/apps/v1/none", &f), ERR_TRANSIENT, "");
	FAILS(kube_get(k, &a, "/api/v1/namespaces/default/none/x", &f), ERR_TRANSIENT, "");
	FAILS(kube_get(k, &a, "/api/v1/pods?fieldSelector=x", &f), ERR_INPUT, "BadRequest");
	FAILS(kube_get(k, &a, "/healthz", &f), ERR_TRANSIENT, "");	/* "ok" is no object */
	FAILS(kube_post(k, &a, at(&a, "secrets"), parse(&a,
	    "{\"metadata\":{\"name\":\"No!\"}}"), &f), ERR_INPUT, "Invalid");
	FAILS(kube_post(k, &a, "/api/v1/namespaces", parse(&a, "{\"metadata\":3}"), &f),
	    ERR_INPUT, "BadRequest");
	kube_timeout(k, 200);
	FAILS(kube_get(k, &a, "/api/v1/namespaces?watch=1", &f), ERR_TRANSIENT, "");
	kube_timeout(k, 30000);
	FAILS(kube_get(k, &a, at(&a, "secrets/none"), &f), ERR_MISSING, "NotFound");
}

static void
test_text(void)
{
	ARENA(a);
	struct err e = {0};
	const struct json *pods = kube_get(k, &a,
	    "/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns", &e);
	const char *pod = json_text(pods, "items.0.metadata.name");
	const char *log = arena_printf(&a, "/api/v1/namespaces/kube-system/pods/%s/log?", pod);
	char *text;

	CHECK(pod[0]);
	CHECK_STR(kube_text(k, &a, "/healthz", 100, &e), "ok");
	CHECK_STR(kube_text(k, &a, "/healthz", 2, &e), "ok");
	CHECK_STR(kube_text(k, &a, "/healthz", 1, &e), "o");
	text = kube_text(k, &a, "/metrics", 1000, &e);
	CHECK(text != NULL && strlen(text) == 1000);
	text = kube_text(k, &a, log, 1 << 20, &e);
	CHECK(text != NULL && strstr(text, "CoreDNS") != NULL);
	CHECK_STR(e.msg, "");
	FAILS(kube_text(k, &a, at(&a, "pods/none/log"), 100, &f), ERR_MISSING, "NotFound");
}

struct seen {
	size_t rows, ours;
	int restarts;
	bool with_object;
};

static int
on_row(void *ctx, const struct kube_row *row, struct err *e)
{
	struct seen *s = ctx;
	const char *name = kube_cell(row, "Name");

	(void)e;
	CHECK(name[0]);
	CHECK((row->object != NULL) == s->with_object);
	if (row->object)
		CHECK_STR(json_text(row->object, "metadata.name"), name);
	s->rows++;
	s->ours += strcmp(kube_cell(row, "Data"), "1") == 0 && strncmp(name, "many-", 5) == 0;
	return 0;
}

static void
on_restart(void *ctx)
{
	struct seen *s = ctx;

	s->restarts++;
	s->rows = s->ours = 0;
}

static struct kube_list
list_of(const char *path, struct seen *seen)
{
	return (struct kube_list){.path = path, .row = on_row, .restart = on_restart,
	    .ctx = seen, .object = seen->with_object ? KUBE_METADATA : KUBE_NO_OBJECT};
}

/* Makes MANY Secrets at once: more requests than are in flight together. */
static void
make_many(struct arena *a)
{
	struct http_request *req = arena_array(a, struct http_request, MANY);
	struct http_answer *answer = arena_array(a, struct http_answer, MANY);

	for (size_t i = 0; i < MANY; i++) {
		req[i] = (struct http_request){.method = "POST", .path = at(a, "secrets"),
		    .timeout_ms = 60000, .answer_max = 1 << 20};
		req[i].body = arena_printf(a, "{\"metadata\":{\"name\":\"many-%04zu\","
		    "\"labels\":{\"odd\":\"%zu\"}},\"stringData\":{\"k\":\"v\"}}", i, i % 2);
		req[i].body_len = strlen(req[i].body);
	}
	http_all(k->http, a, &k->config.server, req, answer, MANY);
	for (size_t i = 0; i < MANY; i++)
		CHECK(answer[i].status == 201);
}

static void
test_lists(void)
{
	ARENA(a);
	struct seen seen[6] = {{.with_object = true}};
	struct kube_list lists[] = {
		list_of(at(&a, "secrets"), &seen[0]),
		list_of("/api/v1/secrets", &seen[1]),
		list_of(at(&a, "secrets"), &seen[2]),
		list_of("/api/v1/namespaces", &seen[3]),
		list_of(at(&a, "pods"), &seen[4]),
		list_of("/apis/none.example/v1/things", &seen[5]),
	};

	make_many(&a);
	lists[2].label_selector = "odd=1,odd!=0";
	lists[2].field_selector = "type=Opaque";
	lists[3].field_selector = arena_printf(&a, "metadata.name=%s", ns);
	kube_lists(k, lists, 6, LIST_MS);
	for (size_t i = 0; i < 5; i++) {
		CHECK_STR(lists[i].err.msg, "");
		CHECK(lists[i].complete && lists[i].rows == seen[i].rows && !seen[i].restarts);
	}
	CHECK(seen[0].rows == MANY && seen[0].ours == MANY);
	CHECK(seen[1].ours >= MANY);
	CHECK(seen[2].rows == MANY / 2 && seen[2].ours == MANY / 2);
	CHECK(seen[3].rows == 1 && seen[4].rows == 0);
	CHECK(!lists[5].complete && lists[5].err.kind == ERR_TRANSIENT);
}

/* The limit lies between one page of 500 rows (27 kB) and all 1100 (60 kB). */
static void
test_pages(void)
{
	ARENA(a);
	struct seen seen = {0}, fat = {.with_object = true};
	struct kube_list list = list_of(at(&a, "secrets"), &seen);
	struct kube_list too_fat = list_of(at(&a, "secrets"), &fat);

	k->list_bytes = 40000;
	kube_lists(k, &list, 1, LIST_MS);
	kube_lists(k, &too_fat, 1, LIST_MS);
	k->list_bytes = KUBE_LIST_BYTES;
	CHECK_STR(list.err.msg, "");
	CHECK(list.complete && seen.restarts == 1);
	CHECK(list.rows == MANY && seen.rows == MANY && seen.ours == MANY);
	CHECK(!too_fat.complete && too_fat.err.kind == ERR_TOO_LARGE);
}

static void
on_alarm(int signo)
{
	(void)signo;
}

static void
test_signals(void)
{
	ARENA(a);
	struct sigaction act = {.sa_handler = on_alarm}, old;
	struct itimerval often = {{0, 500}, {0, 500}}, off = {{0, 0}, {0, 0}};

	sigaction(SIGALRM, &act, &old);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 20; i++) {
		struct seen seen = {0};
		struct kube_list list = list_of(at(&a, "secrets"), &seen);

		kube_lists(k, &list, 1, LIST_MS);
		CHECK_STR(list.err.msg, "");
		CHECK(list.complete && seen.ours == MANY);
	}
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old, NULL);
}

/* Who a fresh service account is, with its token where a pod has it. */
static void
test_service_account(void)
{
	ARENA(a);
	struct err e = {0};
	struct kube_config ours = k->config;
	struct seen seen = {0};
	struct kube_list list = list_of(at(&a, "secrets"), &seen);
	const char *colon = strrchr(ours.server.url, ':');

	CHECK(kube_post(k, &a, at(&a, "serviceaccounts"),
	    parse(&a, "{\"metadata\":{\"name\":\"tester\"}}"), &e) != NULL);
	const char *token = json_text(kube_post(k, &a, at(&a, "serviceaccounts/tester/token"),
	    parse(&a, "{\"spec\":{\"expirationSeconds\":600}}"), &e), "status.token");
	CHECK(token[0]);
	put(&a, "ca.crt", ours.server.ca_pem);
	put(&a, "token", "stale");
	setenv("KUBERNETES_SERVICE_HOST", arena_strndup(&a, ours.server.url + 8,
	    (size_t)(colon - ours.server.url - 8)), 1);
	setenv("KUBERNETES_SERVICE_PORT", colon + 1, 1);
	CHECK(kube_config_pod(&a, folder, &k->config, &e) == 0);
	FAILS(kube_get(k, &a, at(&a, "secrets"), &f), ERR_UNAUTHENTICATED, "Unauthorized");
	kube_lists(k, &list, 1, LIST_MS);
	CHECK(!list.complete && list.err.kind == ERR_UNAUTHENTICATED);
	/* Rotated: the 401 makes it read the file again. */
	put(&a, "token", token);
	CHECK(strstr(json_text(kube_post(k, &a,
	    "/apis/authentication.k8s.io/v1/selfsubjectreviews", parse(&a, "{}"), &e),
	    "status.userInfo.username"), ":tester") != NULL);
	FAILS(kube_delete(k, &a, at(&a, "secrets/x"), NULL, &f), ERR_DENIED, "Forbidden");
	kube_lists(k, &list, 1, LIST_MS);
	CHECK(!list.complete && list.err.kind == ERR_DENIED);
	k->config = ours;
}

static int
status_with(struct http_server server, struct err *e)
{
	ARENA(a);
	struct http *h = http_new("kube-test/1");
	struct http_request req = {.method = "GET", .path = "/api/v1/namespaces/default",
	    .timeout_ms = 5000, .answer_max = 1 << 20};
	struct http_answer answer;

	http_all(h, &a, &server, &req, &answer, 1);
	CHECK(answer.status != 200 || strstr(answer.body, "\n ") == NULL);	/* not pretty */
	*e = answer.err;
	http_free(h);
	return answer.status;
}

static void
test_tls(void)
{
	struct err e = {0};
	const struct http_server good = k->config.server;
	struct http_server s = good;

	CHECK(status_with(s, &e) == 200);
	s.tls_server_name = "kubernetes.default.svc";
	CHECK(status_with(s, &e) == 200);
	s.tls_server_name = "other.example";
	CHECK(status_with(s, &e) == 0 && e.kind == ERR_TRANSIENT);
	CHECK(strstr(e.msg, "certificate") != NULL);
	s = good;
	s.ca_pem = NULL;		/* the system's do not know this cluster */
	CHECK(status_with(s, &e) == 0 && strstr(e.msg, "certificate") != NULL);
	s.ca_pem = good.cert_pem;	/* a certificate, but no authority */
	CHECK(status_with(s, &e) == 0 && e.kind == ERR_TRANSIENT);
	s.insecure = true;
	CHECK(status_with(s, &e) == 200);
	s.cert_pem = s.key_pem = NULL;
	CHECK(status_with(s, &e) == 403 || status_with(s, &e) == 401);
	s.key_pem = "no key";
	s.cert_pem = good.cert_pem;
	CHECK(status_with(s, &e) == 0 && e.kind == ERR_TRANSIENT);
	CHECK(strstr(e.msg, "no key") == NULL);
}

static void
test_namespace_goes(void)
{
	ARENA(a);
	struct err e = {0};
	const char *path = arena_printf(&a, "/api/v1/namespaces/%s", ns);
	const char *uid = json_text(kube_get(k, &a, path, &e), "metadata.uid");
	const int64_t until = clock_ms() + 120000;

	CHECK(kube_delete(k, &a, path, parse(&a, arena_printf(&a,
	    "{\"preconditions\":{\"uid\":\"%s\"}}", uid)), &e) != NULL);
	while (clock_ms() < until && kube_get(k, &a, path, &e)) {
		arena_reset(&a);
		path = arena_printf(&a, "/api/v1/namespaces/%s", ns);
		usleep(200000);
	}
	CHECK(e.kind == ERR_MISSING);
	CHECK_STR(e.code, "NotFound");
}

int
main(void)
{
	static const struct test tests[] = {
		{"kube: an object's life", test_life},
		{"kube: failures", test_failures},
		{"kube: texts", test_text},
		{"kube: lists", test_lists},
		{"kube: lists in pages", test_pages},
		{"kube: lists under signals", test_signals},
		{"kube: a service account", test_service_account},
		{"kube: TLS", test_tls},
		{"kube: a namespace goes", test_namespace_goes},
		{NULL, NULL},
	};
	ARENA(a);
	struct err e = {0};
	int bad = 1;

	if (getenv("KUBECONFIG") == NULL) {
		printf("skip kube: KUBECONFIG is not set\n");
		return 77;
	}
	snprintf(ns, sizeof ns, "kube-test-%d", (int)getpid());
	k = kube_new(getenv("KUBECONFIG"), NULL, &e);
	if (k && mkdtemp(folder) && kube_post(k, &a, "/api/v1/namespaces", parse(&a,
	    arena_printf(&a, "{\"metadata\":{\"name\":\"%s\"}}", ns)), &e))
		bad = test_main(tests);
	else
		printf("not ok kube: %s\n", e.msg);
	kube_free(k);
	remove(arena_printf(&a, "%s/ca.crt", folder));
	remove(arena_printf(&a, "%s/token", folder));
	remove(folder);
	return bad;
}
