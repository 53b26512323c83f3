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
#include "fcgi/etag.h"
#include "fcgi/handlers.h"

#define KIB ((size_t)1024)

/* What is dear, or can be guessed at, per tenant and minute.  What everybody may change of
 * their own does not use up what operators have for stores. */
static const struct route_limit creates = {"create", 0}, reveals = {"reveal", 10},
    changes = {"change", 120}, own = {"own", 120};

#define V1 "/api/v1"
#define LIMIT(x) .limit = &(x)
#define SESSION .session_only = true

/* The first row that fits decides: fixed names before "{id}". */
static const struct route routes[] = {
	{"GET", "/health", ROUTE_ANYONE, 0, health_show, NULL},
	{"GET", "/livez", ROUTE_ANYONE, 0, health_live, NULL},
	{"GET", "/readyz", ROUTE_ANYONE, 0, health_ready, health_params},
	{"GET", "/version", ROUTE_ANYONE, 0, health_version, NULL},
	{"GET", "/metrics", ROUTE_ANYONE, 0, metrics_show, NULL},

	{"POST", V1 "/session", ROUTE_ANYONE, 4 * KIB, session_create, NULL},
	{"PATCH", V1 "/session", ROUTE_VIEWER, 4 * KIB, session_change, NULL,
	    LIMIT(own), SESSION},
	{"DELETE", V1 "/session", ROUTE_VIEWER, 0, session_delete, NULL, SESSION},
	{"GET", V1 "/me", ROUTE_VIEWER, 0, me_show, NULL},
	{"POST", V1 "/me/password", ROUTE_VIEWER, 4 * KIB, me_password, NULL, LIMIT(own),
	    SESSION},
	{"GET", V1 "/me/sessions", ROUTE_VIEWER, 0, me_sessions, NULL, SESSION},
	{"DELETE", V1 "/me/sessions/{id}", ROUTE_VIEWER, 0, me_session_end, NULL, SESSION},
	{"GET", V1 "/me/tokens", ROUTE_VIEWER, 0, me_tokens, NULL, SESSION},
	{"POST", V1 "/me/tokens", ROUTE_VIEWER, 4 * KIB, me_token_create, NULL,
	    LIMIT(own), SESSION},
	{"DELETE", V1 "/me/tokens/{id}", ROUTE_VIEWER, 0, me_token_revoke, NULL, SESSION},
	{"GET", V1 "/tenants", ROUTE_PLATFORM, 0, tenant_list, NULL},
	{"GET", V1 "/incidents", ROUTE_PLATFORM, 0, incident_list, NULL},

	{"GET", V1 "/engines", ROUTE_VIEWER, 0, engine_list, NULL},
	{"GET", V1 "/plans", ROUTE_VIEWER, 0, plan_list, NULL},

	{"GET", V1 "/stores", ROUTE_VIEWER, 0, store_list, store_list_params},
	{"POST", V1 "/stores", ROUTE_OPERATOR, 8 * KIB, store_create, NULL, LIMIT(creates)},
	{"GET", V1 "/stores/summary", ROUTE_VIEWER, 0, store_summary, NULL},
	{"GET", V1 "/stores/name-check", ROUTE_VIEWER, 0, store_name_check,
	    store_name_params},
	{"GET", V1 "/stores/audit-logs", ROUTE_ADMIN, 0, audit_list, audit_params},
	{"GET", V1 "/stores/{id}", ROUTE_VIEWER, 0, store_get, NULL},
	{"PATCH", V1 "/stores/{id}", ROUTE_OPERATOR, 8 * KIB, store_change, NULL,
	    LIMIT(changes)},
	{"DELETE", V1 "/stores/{id}", ROUTE_OPERATOR, 0, store_delete, NULL, LIMIT(changes)},
	{"POST", V1 "/stores/{id}/retry", ROUTE_OPERATOR, 8 * KIB, store_retry, NULL,
	    LIMIT(changes)},
	{"POST", V1 "/stores/{id}/check", ROUTE_OPERATOR, 8 * KIB, store_check, NULL,
	    LIMIT(changes)},
	{"GET", V1 "/stores/{id}/events", ROUTE_VIEWER, 0, event_list, event_params},
	{"GET", V1 "/stores/{id}/logs", ROUTE_VIEWER, 0, event_logs, event_log_params},
	{"POST", V1 "/stores/{id}/credentials/reveal", ROUTE_OPERATOR, 8 * KIB,
	    credentials_reveal, NULL, LIMIT(reveals)},
	{"POST", V1 "/stores/{id}/credentials/rotate", ROUTE_OPERATOR, 8 * KIB,
	    store_rotate, NULL, LIMIT(changes)},

	{"GET", V1 "/audit-logs", ROUTE_ADMIN, 0, audit_list, audit_params},
	{"GET", V1 "/observability/health", ROUTE_VIEWER, 0, observe_health, NULL},
	{"GET", V1 "/observability/metrics", ROUTE_VIEWER, 0, observe_metrics, NULL},
	{"GET", V1 "/observability/history", ROUTE_VIEWER, 0, observe_history,
	    observe_params},
};
#define NROUTES (sizeof routes / sizeof *routes)

const struct route *
route_at(size_t i)
{
	return i < NROUTES ? &routes[i] : NULL;
}

const char *
route_role_name(enum route_role role)
{
	static const char *const names[] = {
		[ROUTE_ANYONE] = "anyone", [ROUTE_VIEWER] = "viewer",
		[ROUTE_OPERATOR] = "operator", [ROUTE_ADMIN] = "admin",
		[ROUTE_OWNER] = "owner", [ROUTE_PLATFORM] = "platform",
	};

	return names[role];
}

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

static void
conditional(struct route_ctx *c)
{
	if (strcmp(c->route->method, "GET") == 0 && c->route->role != ROUTE_ANYONE &&
	    c->reply->status == 200)
		etag_reply(c);
}

void
route_dispatch(struct route_ctx *c)
{
	struct err e = {.kind = ERR_NONE};

	if (find_route(c, &e) == 0 && refuse_body(c, &e) == 0 &&
	    auth_credential(c, &e) == 0 && handle(c, &e) == 0)
		return conditional(c);
	/* Strangers are told only that they are strangers, whatever else is wrong. */
	if (c->hash && !c->asked)
		auth_only(c, &e);
	reply_err(c->reply, c->r, &e);
}
