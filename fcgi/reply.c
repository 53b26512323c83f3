/* The one place in the API where an error's class becomes a status. */
#include "config.h"

#include "fcgi/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/json.h"
#include "lib/log.h"

#define HEADERS_MAX 4096

/* What a class of errors looks like outside.  `detail` replaces the sentence where that
 * is for us and not for the client. */
static const struct class {
	int status;
	const char *title, *code, *detail;
} classes[] = {
	[ERR_NONE] = {500, "Internal Server Error", "internal",
	    "Something went wrong here."},
	[ERR_SYNTAX] = {400, "Bad Request", "syntax", NULL},
	[ERR_INPUT] = {422, "Unprocessable Content", "invalid", NULL},
	[ERR_UNAUTHENTICATED] = {401, "Unauthorized", "unauthenticated", NULL},
	[ERR_DENIED] = {403, "Forbidden", "denied", NULL},
	[ERR_MISSING] = {404, "Not Found", "not_found", NULL},
	[ERR_CONFLICT] = {409, "Conflict", "conflict", NULL},
	[ERR_STALE] = {412, "Precondition Failed", "stale", NULL},
	[ERR_LIMITED] = {429, "Too Many Requests", "rate_limited", NULL},
	[ERR_TOO_LARGE] = {413, "Content Too Large", "too_large", NULL},
	[ERR_TRANSIENT] = {503, "Service Unavailable", "unavailable",
	    "The service cannot answer at the moment; try again in a few seconds."},
	[ERR_BUG] = {500, "Internal Server Error", "internal",
	    "Something went wrong here; the request id helps to find out what."},
};

/* Codes that HTTP has a status of its own for. */
static const struct {
	const char *code;
	int status;
	const char *title;
} special[] = {
	{"two_credentials", 400, "Bad Request"},
	{"not_failed", 400, "Bad Request"},
	{"method_not_allowed", 405, "Method Not Allowed"},
	{"body_timeout", 408, "Request Timeout"},
	{"content_type", 415, "Unsupported Media Type"},
	{"cluster_away", 503, "Service Unavailable"},
};

void
reply_init(struct reply *p)
{
	*p = (struct reply){.status = 200, .type = "application/json"};
	buf_init(&p->headers, HEADERS_MAX);
	buf_init(&p->body, REPLY_BODY_MAX);
}

void
reply_fini(struct reply *p)
{
	buf_fini(&p->headers);
	/* Some answers are secrets: tokens, shops' passwords. */
	if (p->body.len > 0)
		explicit_bzero(p->body.data, p->body.len);
	buf_fini(&p->body);
}

void
reply_header(struct reply *p, const char *name, const char *fmt, ...)
{
	char value[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	buf_printf(&p->headers, "%s: %s\r\n", name, value);
}

/* An error of PostgreSQL's own that no handler has put into words is a mistake of ours;
 * its text may hold data. Class SW are sentences of our triggers. */
static enum err_kind
outer_kind(const struct err *e)
{
	const bool native = e->sqlstate[0] != '\0' && strncmp(e->sqlstate, "SW", 2) != 0;

	return native && e->kind != ERR_TRANSIENT ? ERR_BUG : e->kind;
}

static void
member(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, ",\"%s\":", name);
	json_write_string(out, value);
}

static void
write_problem(struct buf *out, const struct class *c, const struct request *r,
    const struct err *e)
{
	buf_adds(out, "{\"type\":\"about:blank\"");
	member(out, "title", c->title);
	buf_printf(out, ",\"status\":%d", c->status);
	member(out, "detail", c->detail);
	member(out, "code", c->code);
	member(out, "request_id", r->id);
	if (c->status == 429)
		member(out, "error", c->detail);	/* where clients of the peer look */
	for (size_t i = 0; i < e->nfields; i++) {
		buf_adds(out, i == 0 ? ",\"errors\":[{\"pointer\":" : ",{\"pointer\":");
		json_write_string(out, e->fields[i].pointer);
		member(out, "detail", e->fields[i].detail);
		buf_addc(out, '}');
	}
	buf_adds(out, e->nfields > 0 ? "]}" : "}");
}

void
reply_err(struct reply *p, const struct request *r, const struct err *e)
{
	struct class c = classes[outer_kind(e)];

	if (c.detail)
		log_error("request failed", "class", err_kind_name(e->kind), "sqlstate",
		    e->sqlstate, "code", e->code, "why", e->msg, NULL);
	else if (e->code[0] != '\0')
		c.code = e->code;
	if (!c.detail)
		c.detail = e->msg;
	for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
		if (strcmp(c.code, special[i].code) == 0) {
			c.status = special[i].status;
			c.title = special[i].title;
		}
	}
	if (c.status == 401)
		reply_header(p, "WWW-Authenticate", "Bearer");
	if (c.status == 503)
		reply_header(p, "Retry-After", "%d", REPLY_RETRY_AFTER_S);
	p->status = c.status;
	p->type = "application/problem+json";
	p->etag = false;
	buf_reset(&p->body);
	write_problem(&p->body, &c, r, e);
}

static const char fixed_headers[] =
	"X-Content-Type-Options: nosniff\r\n"
	"Cross-Origin-Resource-Policy: same-origin\r\n"
	"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; sandbox\r\n"
	"X-Accel-Buffering: no\r\n"
	"X-Storeward-Version: " PACKAGE_VERSION "\r\n";

void
reply_send(struct reply *p, const struct request *r)
{
	BUF(head, 2 * HEADERS_MAX);

	if (buf_full(&p->body) || buf_full(&p->headers)) {
		struct err e;

		err_set(&e, ERR_BUG, "the answer is larger than its maximum");
		buf_reset(&p->headers);
		reply_err(p, r, &e);
	}
	buf_printf(&head, "Status: %d\r\n", p->status);
	if (p->status != 304 && p->status != 204)
		buf_printf(&head, "Content-Type: %s\r\nContent-Length: %zu\r\n",
		    p->type, p->body.len);
	/* no-cache where there is an ETag: a browser may keep it, but asks each time. */
	buf_printf(&head, "X-Request-Id: %s\r\nCache-Control: %s\r\n%s%s\r\n",
	    r->id, p->etag ? "private, no-cache" : "no-store", fixed_headers,
	    buf_text(&p->headers));
	fcgi_write(r->conn, buf_text(&head), head.len);
	if (!r->head)
		fcgi_write(r->conn, buf_text(&p->body), p->body.len);
}
