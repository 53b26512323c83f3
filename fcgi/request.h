/*
 * What a request asks for: method, path, parameters, body, and who sent it.  Made from
 * REQUEST_URI alone: web servers differ in what they put into SCRIPT_NAME and PATH_INFO.
 */
#ifndef FCGI_REQUEST_H
#define FCGI_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "fcgi/fcgi.h"
#include "lib/field.h"

#define REQUEST_URI_MAX 2048
#define REQUEST_SEGMENTS_MAX 8
#define REQUEST_PARAMS_MAX 16

struct request_param {
	const char *name, *value;	/* decoded; value "" where there is no '=' */
};

struct request {
	const char *method;		/* HEAD is GET with head set */
	bool head;
	const char *raw_path;		/* as sent, without the query: for the log */
	const char *segments[REQUEST_SEGMENTS_MAX];	/* decoded, without empty ones */
	size_t nsegments;
	struct request_param params[REQUEST_PARAMS_MAX];
	size_t nparams;
	const char *id;			/* the client's X-Request-Id if usable, or ours */
	const char *ip;			/* NULL when the web server gives none */
	struct fcgi_conn *conn;
};

/* Fills what needs no body.  After an error, method, raw_path, id and ip are there. */
int request_read(struct arena *a, struct fcgi_conn *conn, struct request *out,
    struct err *e);

/* Splits and decodes a request target: path segments and parameters. ERR_SYNTAX. */
int request_target(struct arena *a, const char *uri, struct request *out, struct err *e);

/* A cookie's value (RFC 6265), or NULL. */
const char *request_cookie(struct arena *a, const struct request *r, const char *name);

/* The bearer token, or NULL. */
const char *request_bearer(const struct request *r);

/* The body as JSON, of at most `max` bytes.  NULL and ERR_TOO_LARGE, ERR_SYNTAX, or code
 * "body_timeout", "content_type". */
const struct json *request_json(struct arena *a, const struct request *r, size_t max,
    struct err *e);

/* Refuses parameters that `table` does not have (NULL: any) or that come twice. */
int request_check_params(const struct request *r, const struct field *table,
    struct err *e);

/* Fills *out from the parameters by `table`. */
int request_params(struct arena *a, const struct request *r, const struct field *table,
    void *out, struct err *e);

#endif
