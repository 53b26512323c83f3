/*
 * HTTP client, the only place that knows libcurl: one multi handle, connections kept,
 * HTTP/2 where the server has it, no proxy from the environment, no redirects followed.
 */
#ifndef LIB_HTTP_H
#define LIB_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/err.h"

/* What every request of one server shares.  PEM texts; NULL = none (system CA). */
struct http_server {
	const char *url;		/* "https://10.0.0.1:6443", no slash at the end */
	const char *ca_pem, *cert_pem, *key_pem;
	const char *bearer;		/* token without "Bearer " */
	bool insecure;			/* kubeconfig's insecure-skip-tls-verify */
	const char *tls_server_name;	/* NULL = the URL's host */
};

typedef int http_data_fn(void *ctx, const char *data, size_t len, struct err *e);

struct http_request {
	const char *method, *path;	/* path with query */
	const char *accept, *content_type;	/* NULL = application/json */
	const char *body;		/* NULL = none */
	size_t body_len;
	int timeout_ms;			/* of the whole exchange; at most 120,000 */
	size_t answer_max;		/* bytes; more is ERR_TOO_LARGE */
	/* With on_data, a 2xx body goes there as it comes and not into `body` of the answer. */
	http_data_fn *on_data;
	void *ctx;
};

struct http_answer {
	int status;			/* HTTP status; 0 = no answer, see err */
	char *body;			/* in the arena, NUL-terminated */
	size_t body_len;
	int retry_after_s;		/* 0 when not given */
	struct err err;			/* kind ERR_NONE unless status is 0 or on_data failed */
};

struct http;
struct http *http_new(const char *user_agent);
void http_free(struct http *h);

/* Runs n requests at once against one server and waits for all; each answer says how it
 * went.  Never fails as a whole. */
void http_all(struct http *h, struct arena *a, const struct http_server *s,
    const struct http_request *requests, struct http_answer *answers, size_t n);

#endif
