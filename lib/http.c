/*
 * HTTP over libcurl's multi interface: a window of exchanges in flight, each with its own
 * deadline and size limit.  Knows nothing of what is asked for.
 */
#include "config.h"

#include "lib/http.h"

#include <curl/curl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum {
	AT_ONCE = 64,			/* in flight; the others wait their turn */
	CONNECTIONS = 16,		/* to one host, where it has no HTTP/2 */
	CONNECT_MS = 5000,
	TIMEOUT_MS = 120000,
	POLL_MS = 1000,
	ERROR_BODY_MAX = 64 << 10	/* kept of an error's body; the rest is dropped */
};

struct http {
	struct arena arena;		/* holds this struct */
	CURLM *multi;
	const char *user_agent;
	bool stale;			/* a connection may be dead: use new ones */
};

/* A server as libcurl wants it, made once for all requests of a call. */
struct target {
	const char *base, *bearer;
	struct curl_blob ca, cert, key;
	struct curl_slist *headers, *connect_to;
	bool insecure;
};

struct exchange {
	const struct http_request *req;
	struct http_answer *answer;
	CURL *easy;			/* NULL before and after the exchange */
	struct curl_slist *headers;
	struct buf body;
	size_t got;
	bool stopped;			/* by on_data */
	char detail[CURL_ERROR_SIZE];
};

/* PIPEWAIT: wait for the first connection and share it, rather than open one each. */
static const struct {
	CURLoption option;
	long value;
} fixed[] = {
	{CURLOPT_NOSIGNAL, 1},
	{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS},
	{CURLOPT_PIPEWAIT, 1},
	{CURLOPT_FOLLOWLOCATION, 0},
	{CURLOPT_PATH_AS_IS, 1},
	{CURLOPT_TCP_KEEPALIVE, 1},
	{CURLOPT_TCP_KEEPIDLE, 30},
	{CURLOPT_TCP_KEEPINTVL, 10},
	{CURLOPT_BUFFERSIZE, 64 << 10},
};

static void
open_multi(struct http *h)
{
	h->multi = curl_multi_init();
	if (h->multi == NULL)
		abort();
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)CONNECTIONS);
	h->stale = false;
}

struct http *
http_new(const char *user_agent)
{
	struct arena arena = {NULL};
	struct http *h = arena_new(&arena, struct http);
	struct sigaction old;

	h->user_agent = arena_strdup(&arena, user_agent);
	h->arena = arena;
	/* With NOSIGNAL libcurl leaves SIGPIPE to us: a lost peer must be an error. */
	if (sigaction(SIGPIPE, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	open_multi(h);
	return h;
}

void
http_free(struct http *h)
{
	if (h == NULL)
		return;
	struct arena arena = h->arena;
	curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	arena_fini(&arena);
}

static struct curl_blob
blob(struct arena *a, const char *pem)
{
	size_t len = pem ? strlen(pem) : 0;

	return (struct curl_blob){
	    arena_strndup(a, pem ? pem : "", len), len, CURL_BLOB_NOCOPY};
}

/* libcurl checks the certificate against the URL's host: to check it against another
 * name, that one goes into the URL and the true address into connect_to. */
static void
rename_host(struct target *t, struct arena *a, const struct http_server *s)
{
	CURLU *u = curl_url();
	char *host = NULL, *port = NULL, *url = NULL;

	if (curl_url_set(u, CURLUPART_URL, s->url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_HOST, s->tls_server_name, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_URL, &url, 0) == CURLUE_OK) {
		size_t len = strlen(url);

		if (len > 0 && url[len - 1] == '/')
			len--;
		t->base = arena_strndup(a, url, len);
		t->connect_to = curl_slist_append(NULL,
		    arena_printf(a, "::%s:%s", host, port));
		t->headers = curl_slist_append(t->headers,
		    arena_printf(a, "Host: %s:%s", host, port));
	}
	curl_free(host);
	curl_free(port);
	curl_free(url);
	curl_url_cleanup(u);
}

static void
target_init(struct target *t, struct arena *a, const struct http_server *s)
{
	*t = (struct target){
		.base = s->url,
		.bearer = s->bearer,
		.ca = blob(a, s->ca_pem),
		.cert = blob(a, s->cert_pem),
		.key = blob(a, s->key_pem),
		.insecure = s->insecure,
	};
	if (s->tls_server_name)
		rename_host(t, a, s);
}

static void
target_fini(struct target *t)
{
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->connect_to);
}

static size_t
take(char *data, size_t size, size_t n, void *ctx)
{
	struct exchange *x = ctx;
	const struct http_request *req = x->req;
	struct err *e = &x->answer->err;
	long status = 0;

	n *= size;
	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200 || status > 299) {
		buf_add(&x->body, data, n);
		return n;
	}
	if (n > req->answer_max - x->got) {
		err_set(e, ERR_TOO_LARGE, "%s %s: the answer has more than %zu bytes",
		    req->method, req->path, req->answer_max);
		return 0;
	}
	x->got += n;
	if (req->on_data == NULL)
		return buf_add(&x->body, data, n) == 0 ? n : 0;
	x->stopped = req->on_data(req->ctx, data, n, e) != 0;
	return x->stopped ? 0 : n;
}

static CURLcode
set_tls(CURL *easy, struct target *t)
{
	CURLcode bad = CURLE_OK;

	if (t->ca.len) {
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &t->ca);
		/* or the system's own authorities would be trusted beside it */
		bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (t->cert.len)
		bad |= curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &t->cert);
	if (t->key.len)
		bad |= curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &t->key);
	if (t->insecure) {
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
	if (t->connect_to)
		bad |= curl_easy_setopt(easy, CURLOPT_CONNECT_TO, t->connect_to);
	if (t->bearer) {
		bad |= curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
		bad |= curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, t->bearer);
	}
	return bad;
}

static CURLcode
set_headers(struct exchange *x, struct arena *a, const struct target *t)
{
	const struct http_request *req = x->req;
	const char *lines[] = {
		arena_printf(a, "Accept: %s",
		    req->accept ? req->accept : "application/json"),
		arena_printf(a, "Content-Type: %s",
		    req->content_type ? req->content_type : "application/json"),
		"Expect:",		/* no extra round trip before a body */
	};
	size_t n = req->body ? sizeof lines / sizeof *lines : 1;

	for (const struct curl_slist *s = t->headers; s; s = s->next)
		x->headers = curl_slist_append(x->headers, s->data);
	for (size_t i = 0; i < n; i++)
		x->headers = curl_slist_append(x->headers, lines[i]);
	return curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->headers);
}

static CURLcode
set_request(struct exchange *x, struct http *h, struct arena *a, const struct target *t)
{
	const struct http_request *req = x->req;
	long timeout = req->timeout_ms > 0 && req->timeout_ms < TIMEOUT_MS ?
	    req->timeout_ms : TIMEOUT_MS;
	long connect = timeout < CONNECT_MS ? timeout : CONNECT_MS;
	CURLcode bad = CURLE_OK;

	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		bad |= curl_easy_setopt(x->easy, fixed[i].option, fixed[i].value);
	bad |= curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, timeout);
	bad |= curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
	bad |= curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(x->easy, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(x->easy, CURLOPT_USERAGENT, h->user_agent);
	bad |= curl_easy_setopt(x->easy, CURLOPT_URL,
	    arena_printf(a, "%s%s", t->base, req->path));
	if (req->body) {
		bad |= curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)req->body_len);
		bad |= curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, req->body);
	}
	if (strcmp(req->method, "HEAD") == 0)
		bad |= curl_easy_setopt(x->easy, CURLOPT_NOBODY, 1L);
	bad |= curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, req->method);
	bad |= curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->detail);
	bad |= curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, take);
	bad |= curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	bad |= curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
	return bad;
}

/* Writes the answer and releases what the exchange held. */
static void
finish(struct exchange *x, struct arena *a, const struct target *t, CURLcode code)
{
	struct http_answer *answer = x->answer;
	const struct http_request *req = x->req;
	curl_off_t retry_after = 0;
	long status = 0;

	curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(x->easy, CURLINFO_RETRY_AFTER, &retry_after);
	/* An error's status counts even where its body was cut.  libcurl 7.88 loses the
	 * body if the server says 401 and GOAWAY before it has read ours, as Kubernetes
	 * does. */
	if (code != CURLE_OK && !x->stopped && status < 300)
		status = 0;
	if (status == 0 && answer->err.kind == ERR_NONE) {
		err_set(&answer->err, ERR_TRANSIENT, "%s %s%.*s: %s", req->method,
		    t->base, (int)strcspn(req->path, "?"), req->path,
		    x->detail[0] ? x->detail : curl_easy_strerror(code));
	}
	answer->status = (int)status;
	answer->retry_after_s = retry_after < TIMEOUT_MS ? (int)retry_after : TIMEOUT_MS;
	answer->body_len = status ? x->body.len : 0;
	answer->body = arena_strndup(a, buf_text(&x->body), answer->body_len);
	buf_fini(&x->body);
	curl_slist_free_all(x->headers);
	x->headers = NULL;
	curl_easy_cleanup(x->easy);
	x->easy = NULL;
}

/* Returns how many exchanges it set going: 1, or 0 when libcurl refuses the request. */
static size_t
start(struct http *h, struct exchange *x, struct arena *a, struct target *t)
{
	const struct http_request *req = x->req;
	CURLcode bad;

	buf_init(&x->body, req->on_data ? ERROR_BODY_MAX : req->answer_max);
	x->easy = curl_easy_init();
	bad = set_request(x, h, a, t) | set_tls(x->easy, t) | set_headers(x, a, t);
	if (bad == CURLE_OK && curl_multi_add_handle(h->multi, x->easy) == CURLM_OK)
		return 1;
	err_set(&x->answer->err, ERR_BUG, "%s %s: libcurl refuses the request",
	    req->method, req->path);
	finish(x, a, t, CURLE_FAILED_INIT);
	return 0;
}

/* Returns how many exchanges came to an end. */
static size_t
collect(struct http *h, struct arena *a, const struct target *t)
{
	size_t done = 0;
	int left;

	for (CURLMsg *m; (m = curl_multi_info_read(h->multi, &left)); done++) {
		struct exchange *x = NULL;
		CURLcode code = m->data.result;	/* m dies with the handle's removal */

		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &x);
		curl_multi_remove_handle(h->multi, m->easy_handle);
		if (code == CURLE_OPERATION_TIMEDOUT)
			h->stale = true;
		finish(x, a, t, code);
	}
	return done;
}

void
http_all(struct http *h, struct arena *a, const struct http_server *s,
    const struct http_request *requests, struct http_answer *answers, size_t n)
{
	struct exchange *all = arena_array(a, struct exchange, n);
	struct target t;
	size_t started = 0, running = 0;
	int ignored;

	target_init(&t, a, s);
	while (started < n || running > 0) {
		for (; started < n && running < AT_ONCE; started++) {
			answers[started] = (struct http_answer){0};
			all[started].req = &requests[started];
			all[started].answer = &answers[started];
			running += start(h, &all[started], a, &t);
		}
		if (curl_multi_perform(h->multi, &ignored) != CURLM_OK)
			abort();	/* out of memory, or a bug */
		running -= collect(h, a, &t);
		/* A signal ends the wait early, which is harmless. */
		if (running > 0)
			curl_multi_poll(h->multi, NULL, 0, POLL_MS, NULL);
	}
	target_fini(&t);
	/* A connection whose peer is gone would swallow every later request too. */
	if (h->stale) {
		curl_multi_cleanup(h->multi);
		open_multi(h);
	}
}
