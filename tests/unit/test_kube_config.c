/* lib/kube_config.c: kubeconfig files as they are found, and a pod's service account. */
#include "config.h"

#include "lib/kube_private.h"
#include "tests/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test_kube_config.XXXXXX";

static char *
put(struct arena *a, const char *name, const char *text)
{
	char *path = arena_printf(a, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
	return path;
}

#define CONFIG(cluster, user) \
	"apiVersion: v1\nkind: Config\ncurrent-context: one\n" \
	"contexts:\n" \
	"- name: other\n  context: {cluster: none, user: u}\n" \
	"- name: one\n  context: {cluster: c, user: u}\n" \
	"clusters:\n- name: c\n  cluster: {" cluster "}\n" \
	"users:\n- name: u\n  user: {" user "}\n"
#define SERVER "server: \"https://10.0.0.1:6443\""

static void
test_accepted(void)
{
	static const struct {
		const char *text;
		struct http_server want;
		const char *token_file;		/* relative to the folder */
	} cases[] = {
		{CONFIG(SERVER, "token: abc"),
		 {.url = "https://10.0.0.1:6443", .bearer = "abc"}, NULL},
		{CONFIG("server: \"http://localhost:8001/prefix/\"", ""),
		 {.url = "http://localhost:8001/prefix"}, NULL},
		{CONFIG(SERVER ", certificate-authority-data: Q0E=, tls-server-name: kube",
		    "client-certificate-data: Q0VSVA==, client-key-data: S0VZ"),
		 {.url = "https://10.0.0.1:6443", .ca_pem = "CA", .cert_pem = "CERT",
		  .key_pem = "KEY", .tls_server_name = "kube"}, NULL},
		{CONFIG(SERVER ", certificate-authority: ca.pem, insecure-skip-tls-verify: true",
		    "client-certificate: sub/cert.pem, client-key: sub/key.pem"),
		 {.url = "https://10.0.0.1:6443", .ca_pem = "ca file\n", .cert_pem = "cert file\n",
		  .key_pem = "key file\n", .insecure = true}, NULL},
		{CONFIG(SERVER ", certificate-authority: none, certificate-authority-data: Q0E=",
		    "tokenFile: token, token: abc"),
		 {.url = "https://10.0.0.1:6443", .ca_pem = "CA", .bearer = "abc"}, "token"},
		{CONFIG(SERVER, "exec: null, token: abc"),
		 {.url = "https://10.0.0.1:6443", .bearer = "abc"}, NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct err e = {0};
		struct kube_config got = {0};
		const struct http_server *s = &got.server, *want = &cases[i].want;
		const char *path = put(&a, "config", cases[i].text);

		CHECK(kube_config_file(&a, path, NULL, &got, &e) == 0);
		CHECK_STR(e.msg, "");
		CHECK_STR(s->url, want->url);
		CHECK_STR(s->ca_pem, want->ca_pem);
		CHECK_STR(s->cert_pem, want->cert_pem);
		CHECK_STR(s->key_pem, want->key_pem);
		CHECK_STR(s->bearer, want->bearer);
		CHECK_STR(s->tls_server_name, want->tls_server_name);
		CHECK(s->insecure == want->insecure);
		CHECK_STR(got.token_file, cases[i].token_file ?
		    arena_printf(&a, "%s/%s", folder, cases[i].token_file) : NULL);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *text, *context, *says;
	} cases[] = {
		{CONFIG(SERVER, "exec: {command: aws}"), NULL,
		 "user \"u\" has exec: exec plugins are not supported; use a token"},
		{CONFIG(SERVER, "auth-provider: {name: gcp}"), NULL, "user \"u\" has auth-provider"},
		{CONFIG(SERVER, "username: u, password: hunter2"), NULL, "user \"u\" has username"},
		{CONFIG(SERVER, "token: abc, as: root"), NULL, "user \"u\" has as"},
		{CONFIG(SERVER ", proxy-url: \"http://p\"", ""), NULL, "cluster \"c\" has proxy-url"},
		{CONFIG(SERVER, "token: abc"), "three", "there is no context \"three\""},
		{CONFIG(SERVER, "token: abc"), "other", "there is no cluster \"none\""},
		{CONFIG("server: \"10.0.0.1\"", ""), NULL, "server must be a URL"},
		{CONFIG("", ""), NULL, "server must be a URL"},
		{CONFIG(SERVER, "token: \"a\\r\\nX: y\""), NULL, "token has white space"},
		{CONFIG(SERVER, "client-key-data: S0VZ"), NULL, "needs both"},
		{CONFIG(SERVER, "client-certificate-data: \"?\""), NULL, "is not base64"},
		{CONFIG(SERVER, "client-certificate-data: AAAA"), NULL, "is not base64 of a PEM"},
		{CONFIG(SERVER ", certificate-authority: none.pem", ""), NULL, "none.pem"},
		{CONFIG(SERVER ", certificate-authority: sub", ""), NULL, "not a file"},
		{"clusters: []\n", NULL, "there is no current-context"},
		{"", NULL, "there is no current-context"},
		{"- [\n", NULL, "config"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct err e = {0};
		struct kube_config got = {0};
		const char *path = put(&a, "config", cases[i].text);

		CHECK(kube_config_file(&a, path, cases[i].context, &got, &e) == -1);
		CHECK(e.kind == ERR_INPUT || (e.kind == ERR_SYNTAX && cases[i].text[0] == '-'));
		CHECK(strstr(e.msg, path) != NULL);
		if (strstr(e.msg, cases[i].says) == NULL)
			CHECK_STR(e.msg, cases[i].says);
		CHECK(strstr(e.msg, "hunter2") == NULL);
		CHECK(got.server.url == NULL);
	}
}

static void
test_no_file(void)
{
	ARENA(a);
	struct err e = {0};

	CHECK(kube_new(arena_printf(&a, "%s/none", folder), NULL, &e) == NULL);
	CHECK(e.kind == ERR_MISSING && strstr(e.msg, folder) != NULL);
}

static void
test_token_file(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"abc.def\n", "abc.def"}, {" abc \r\n", "abc"}, {"abc", "abc"},
		{"", NULL}, {" \n", NULL}, {"a b", NULL}, {"a\nb\n", NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct err e = {0};

		CHECK_STR(kube_config_token(&a, put(&a, "token", cases[i].text), &e),
		    cases[i].want);
		CHECK(e.kind == (cases[i].want ? ERR_NONE : ERR_INPUT));
	}
}

/* A rotated token is taken at the next refresh; while the file is gone the old one stays. */
static void
test_token_rotates(void)
{
	ARENA(a);
	struct err e = {0};
	const char *token = put(&a, "token", "first\n");
	struct kube *k = kube_new(put(&a, "config", CONFIG(SERVER, "tokenFile: token")), NULL, &e);

	CHECK(k != NULL);
	if (k == NULL)
		return;
	CHECK_STR(kube_url(k), "https://10.0.0.1:6443");
	CHECK_STR(k->config.server.bearer, "first");
	put(&a, "token", "second\n");
	CHECK(!kube_refresh(k, false));
	CHECK_STR(k->config.server.bearer, "first");
	k->token_read_ms -= 60001;
	CHECK(kube_refresh(k, false));
	CHECK_STR(k->config.server.bearer, "second");
	put(&a, "token", "third\n");
	CHECK(kube_refresh(k, true));
	CHECK_STR(k->config.server.bearer, "third");
	unlink(token);
	CHECK(!kube_refresh(k, true));
	CHECK_STR(k->config.server.bearer, "third");
	kube_free(k);
	CHECK(kube_new(arena_printf(&a, "%s/config", folder), NULL, &e) == NULL);
	CHECK(e.kind == ERR_INPUT && strstr(e.msg, token) != NULL);
}

static void
test_pod(void)
{
	ARENA(a);
	struct err e = {0};
	struct kube_config got = {0};

	unsetenv("KUBERNETES_SERVICE_HOST");
	setenv("KUBERNETES_SERVICE_PORT", "443", 1);
	CHECK(kube_config_pod(&a, folder, &got, &e) == -1 && e.kind == ERR_INPUT);
	CHECK(strstr(e.msg, "give a kubeconfig") != NULL);
	setenv("KUBERNETES_SERVICE_HOST", "fd00::1", 1);
	CHECK(kube_config_pod(&a, "/nonexistent", &got, &e) == -1);
	CHECK(strstr(e.msg, "/nonexistent/ca.crt") != NULL);
	put(&a, "ca.crt", "CA\n");
	CHECK(kube_config_pod(&a, folder, &got, &e) == 0);
	CHECK_STR(got.server.url, "https://[fd00::1]:443");
	CHECK_STR(got.server.ca_pem, "CA\n");
	CHECK_STR(got.token_file, arena_printf(&a, "%s/token", folder));
	CHECK(!got.server.insecure && got.server.bearer == NULL);
	setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1", 1);
	CHECK(kube_config_pod(&a, folder, &got, &e) == 0);
	CHECK_STR(got.server.url, "https://10.96.0.1:443");
}

int
main(void)
{
	static const struct test tests[] = {
		{"kubeconfigs that are taken", test_accepted},
		{"kubeconfigs that are refused", test_refused},
		{"no kubeconfig", test_no_file},
		{"token files", test_token_file},
		{"a token that changes", test_token_rotates},
		{"a pod's service account", test_pod},
		{NULL, NULL},
	};
	static const char *const files[] = {"config", "token", "ca.crt", "ca.pem",
	    "sub/cert.pem", "sub/key.pem", "sub", ""};
	ARENA(a);
	int bad;

	if (mkdtemp(folder) == NULL || mkdir(arena_printf(&a, "%s/sub", folder), 0700) != 0)
		return 1;
	put(&a, "ca.pem", "ca file\n");
	put(&a, "sub/cert.pem", "cert file\n");
	put(&a, "sub/key.pem", "key file\n");
	bad = test_main(tests);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		remove(arena_printf(&a, "%s/%s", folder, files[i]));
	return bad;
}
