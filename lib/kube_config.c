/*
 * Where the API server is and who we are: a kubeconfig file, or the service account that
 * Kubernetes mounts into each pod.  Makes no request itself.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
#include "config.h"

#include "lib/kube_private.h"
#include "lib/crypto.h"
#include "lib/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CREDENTIAL_MAX = 256 << 10 };

/* One kubeconfig while it is read. */
struct source {
	struct arena *a;
	const char *path;		/* of the kubeconfig */
	const struct json *root;
	struct err *e;
};

/* What a kubeconfig may ask for and we do not do: refused, never passed over. */
static const struct {
	const char *section, *member, *advice;
} unsupported[] = {
	{"user", "exec", "exec plugins are not supported; use a token, tokenFile or "
	    "client certificate, as from `kubectl create token`"},
	{"user", "auth-provider", "auth-provider plugins are not supported; use a token, "
	    "tokenFile or client certificate"},
	{"user", "username", "Kubernetes takes no passwords; use a token, tokenFile or "
	    "client certificate"},
	{"user", "as", "impersonation is not supported; use credentials of the user "
	    "itself"},
	{"cluster", "proxy-url", "proxies are not supported; give an address that can be "
	    "reached directly"},
};

static char *
read_file(struct arena *a, const char *path, struct err *e)
{
	BUF(text, CREDENTIAL_MAX);
	char chunk[4096];
	struct stat st;
	ssize_t n = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		err_set(e, ERR_INPUT, "%s: %s", path,
		    fd < 0 ? strerror(errno) : "not a file");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		buf_add(&text, chunk, (size_t)n);
	close(fd);
	if (n < 0 || text.len == 0 || buf_full(&text)) {
		err_set(e, ERR_INPUT, "%s: cannot be read, is empty or has more than "
		    "%d bytes", path, CREDENTIAL_MAX);
		return NULL;
	}
	return arena_strndup(a, text.data, text.len);
}

char *
kube_config_token(struct arena *a, const char *path, struct err *e)
{
	static const char space[] = " \t\r\n";
	char *text = read_file(a, path, e);

	if (text == NULL)
		return NULL;
	text += strspn(text, space);
	size_t len = strcspn(text, space);
	if (len == 0 || text[len + strspn(text + len, space)] != '\0') {
		err_set(e, ERR_INPUT, "%s: is not a token", path);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

/* A file named in a kubeconfig is relative to the kubeconfig's own folder. */
static char *
beside(const struct source *s, const char *file)
{
	const char *slash = strrchr(s->path, '/');

	if (file[0] == '/' || slash == NULL)
		return arena_strdup(s->a, file);
	return arena_printf(s->a, "%.*s/%s", (int)(slash - s->path), s->path, file);
}

/* A PEM given as base64 in NAME-data, which wins, or as a file in NAME; NULL without. */
static int
read_pem(const struct source *s, const struct json *from, const char *name,
    const char **out)
{
	const char *data = json_text(from, arena_printf(s->a, "%s-data", name));
	const char *file = json_text(from, name);
	size_t len;

	*out = NULL;
	if (data[0]) {
		*out = (char *)crypto_unbase64(s->a, data, &len, s->e);
		if (*out == NULL || strlen(*out) != len || len == 0)
			return err_set(s->e, ERR_INPUT, "%s: %s-data is not base64 of a "
			    "PEM", s->path, name);
	} else if (file[0]) {
		*out = read_file(s->a, beside(s, file), s->e);
		if (*out == NULL)
			return err_wrap(s->e, "%s: %s", s->path, name);
	}
	return 0;
}

/* The member `what` of the entry called `name` in list `what`s. */
static const struct json *
entry(const struct source *s, const char *what, const char *name)
{
	const struct json *list = json_get(s->root, arena_printf(s->a, "%ss", what));

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_item(list, i);
		const struct json *found = json_get(item, what);

		if (strcmp(json_text(item, "name"), name) == 0 && found)
			return found;
	}
	err_set(s->e, ERR_INPUT, "%s: there is no %s \"%s\"", s->path, what, name);
	return NULL;
}

static int
refuse_unsupported(const struct source *s, const char *section, const char *name,
    const struct json *v)
{
	for (size_t i = 0; i < sizeof unsupported / sizeof *unsupported; i++) {
		const struct json *found = json_get(v, unsupported[i].member);

		if (strcmp(unsupported[i].section, section) == 0 && found &&
		    found->type != JSON_NULL)
			return err_set(s->e, ERR_INPUT, "%s: %s \"%s\" has %s: %s",
			    s->path, section, name, unsupported[i].member,
			    unsupported[i].advice);
	}
	return 0;
}

static int
read_cluster(const struct source *s, const char *name, struct http_server *out)
{
	const struct json *v = entry(s, "cluster", name);
	const char *url = json_text(v, "server");
	const char *tls_name = json_text(v, "tls-server-name");
	size_t len = strlen(url);

	if (v == NULL || refuse_unsupported(s, "cluster", name, v) != 0)
		return -1;
	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		return err_set(s->e, ERR_INPUT, "%s: cluster \"%s\": server must be a "
		    "URL", s->path, name);
	while (len > 0 && url[len - 1] == '/')
		len--;
	out->url = arena_strndup(s->a, url, len);
	out->insecure = json_bool(v, "insecure-skip-tls-verify", false);
	out->tls_server_name = tls_name[0] ? tls_name : NULL;
	return read_pem(s, v, "certificate-authority", &out->ca_pem);
}

static int
read_user(const struct source *s, const char *name, struct kube_config *out)
{
	const struct json *v = entry(s, "user", name);
	const char *token = json_text(v, "token"), *file = json_text(v, "tokenFile");
	struct http_server *server = &out->server;

	if (v == NULL || refuse_unsupported(s, "user", name, v) != 0 ||
	    read_pem(s, v, "client-certificate", &server->cert_pem) != 0 ||
	    read_pem(s, v, "client-key", &server->key_pem) != 0)
		return -1;
	if (!server->cert_pem != !server->key_pem)
		return err_set(s->e, ERR_INPUT, "%s: user \"%s\" needs both "
		    "client-certificate and client-key", s->path, name);
	if (strpbrk(token, " \t\r\n"))
		return err_set(s->e, ERR_INPUT, "%s: user \"%s\": token has white space",
		    s->path, name);
	server->bearer = token[0] ? token : NULL;
	out->token_file = file[0] ? beside(s, file) : NULL;
	return 0;
}

int
kube_config_file(struct arena *a, const char *path, const char *context,
    struct kube_config *out, struct err *e)
{
	const struct json *root = yaml_file(a, path, e);
	struct source s = {a, path, root, e};
	struct kube_config config = {0};

	if (root == NULL)
		return -1;
	if (context == NULL)
		context = json_text(root, "current-context");
	if (context[0] == '\0')
		return err_set(e, ERR_INPUT, "%s: there is no current-context, name one",
		    path);
	const struct json *c = entry(&s, "context", context);
	if (c == NULL || read_cluster(&s, json_text(c, "cluster"), &config.server) != 0 ||
	    read_user(&s, json_text(c, "user"), &config) != 0)
		return -1;
	*out = config;
	return 0;
}

int
kube_config_pod(struct arena *a, const char *folder, struct kube_config *out,
    struct err *e)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");
	const char *port = getenv("KUBERNETES_SERVICE_PORT");
	struct kube_config config = {0};

	if (host == NULL || port == NULL || host[0] == '\0' || port[0] == '\0')
		return err_set(e, ERR_INPUT, "not in a pod: KUBERNETES_SERVICE_HOST or "
		    "KUBERNETES_SERVICE_PORT is not set; give a kubeconfig");
	/* An IPv6 address stands in brackets in a URL. */
	config.server.url = arena_printf(a, strchr(host, ':') ? "https://[%s]:%s" :
	    "https://%s:%s", host, port);
	config.server.ca_pem = read_file(a, arena_printf(a, "%s/ca.crt", folder), e);
	config.token_file = arena_printf(a, "%s/token", folder);
	if (config.server.ca_pem == NULL)
		return -1;
	*out = config;
	return 0;
}
