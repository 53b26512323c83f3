/*
 * THE table of URLs.  What holds for every path is decided here, once: 400, 404, 405,
 * 413, 401 and unknown parameters.  No row, no endpoint.
 */
#include "config.h"

#include "fcgi/route.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

#define KIB ((size_t)1024)

static const struct route routes[] = {
	{"GET", "/health", ROUTE_ANYONE, 0, health_show, NULL},
	{"GET", "/livez", ROUTE_ANYONE, 0, health_live, NULL},
	{"GET", "/readyz", ROUTE_ANYONE, 0, health_ready, health_params},
	{"GET", "/version", ROUTE_ANYONE, 0, health_version, NULL},
	{"GET", "/api/v1/engines", ROUTE_VIEWER, 0, engine_list, NULL},
	{"GET", "/api/v1/plans", ROUTE_VIEWER, 0, plan_list, NULL},
	{"GET", "/api/v1/stores", ROUTE_VIEWER, 0, store_list, store_params},
	{"POST", "/api/v1/stores", ROUTE_OPERATOR, 8 * KIB, store_create, NULL},
	{"GET", "/api/v1/stores/{id}", ROUTE_VIEWER, 0, store_get, NULL},
	{"DELETE", "/api/v1/stores/{id}", ROUTE_OPERATOR, 0, store_delete, NULL},
};
#define NROUTES (sizeof routes / sizeof *routes)

/* Whether the path fits; *id becomes the segment in the place of "{id}". */
static bool
path_fits(const struct route *route, const struct request *r, const char **id)
{
	const char *at = route->path;
	size_t i = 0;

	for (; *at != '\0' && i < r->nsegments; i++) {
		const size_t len = strcspn(++at, "/");

		if (len == 4 && memcmp(at, "{id}", 4) == 0)
			*id = r->segments[i];
		else if (strlen(r->segments[i]) != len ||
		    memcmp(at, r->segments[i], len) != 0)
			return false;
		at += len;
	}
	return *at == '\0' && i == r->nsegments;
}

static void
allow(struct buf *methods, const char *method)
{
	buf_printf(methods, "%s%s", methods->len > 0 ? ", " : "", method);
	if (strcmp(method, "GET") == 0)
		buf_adds(methods, ", HEAD");
}

static int
find_route(struct route_ctx *c, struct err *e)
{
	BUF(methods, 128);

	for (size_t i = 0; i < NROUTES; i++) {
		const char *id = NULL;

		if (!path_fits(&routes[i], c->r, &id))
			continue;
		if (strcmp(routes[i].method, c->r->method) == 0) {
			c->route = &routes[i];
			c->id = id;
			return 0;
		}
		allow(&methods, routes[i].method);
	}
	if (methods.len == 0)
		return err_code(e, ERR_MISSING, "no_route",
		    "There is nothing at this path");
	reply_header(c->reply, "Allow", "%s", buf_text(&methods));
	return err_code(e, ERR_SYNTAX, "method_not_allowed",
	    "This path has only the methods %s",
	    buf_text(&methods));
}

/* Other bodies are measured when they are read. */
static int
refuse_body(const struct route_ctx *c, struct err *e)
{
	const char *length = fcgi_param(c->r->conn, "CONTENT_LENGTH");

	if (c->route->body_max == 0 && length && strtoimax(length, NULL, 10) > 0)
		return err_code(e, ERR_TOO_LARGE, "body_too_large",
		    "This request has no body");
	return 0;
}

static int
check_id(const struct route_ctx *c, struct err *e)
{
	const char *wrong = c->id ? field_uuid(c->id) : NULL;

	return wrong ? err_field(e, "id", "%s", wrong) : 0;
}

static int
handle(struct route_ctx *c, struct err *e)
{
	if (check_id(c, e) != 0 || request_check_params(c->r, c->route->params, e) != 0)
		return -1;
	return c->route->handler(c, e);
}

void
route_dispatch(struct route_ctx *c)
{
	struct err e = {.kind = ERR_NONE};

	if (find_route(c, &e) == 0 && refuse_body(c, &e) == 0 && auth_token(c, &e) == 0 &&
	    handle(c, &e) == 0)
		return;
	/* Strangers are told only that they are strangers, whatever else is wrong. */
	if (c->token_hash && !c->asked)
		auth_run(c, NULL, 0, NULL, &e);
	reply_err(c->reply, c->r, &e);
}
