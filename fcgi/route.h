/* Which handler answers which request, and what each of them is given. */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include "fcgi/master.h"
#include "fcgi/reply.h"
#include "fcgi/request.h"
#include "lib/conf.h"
#include "lib/db.h"

/* What a role must be at least; the order is in storeward.admit() (migration 0005).
 * ROUTE_PLATFORM: administrators of the platform. */
enum route_role {
	ROUTE_ANYONE, ROUTE_VIEWER, ROUTE_OPERATOR, ROUTE_ADMIN, ROUTE_OWNER, ROUTE_PLATFORM
};

/* How often a tenant may ask per minute; routes with the same bucket count together. */
struct route_limit {
	const char *bucket;
	int per_minute;			/* 0 = the tenant's own max_creates_per_minute */
};

struct route_ctx;

/*
 * A handler parses, queries by auth_run() and fills the reply, which begins as an empty
 * 200 of JSON.  Returns 0, or -1 with *e, which becomes the answer.
 */
typedef int route_handler(struct route_ctx *c, struct err *e);

struct route {
	const char *method, *path;	/* segment "{id}" takes a UUID */
	enum route_role role;
	size_t body_max;		/* bytes; 0 = no body */
	route_handler *handler;
	const struct field *params;	/* of the query string; NULL = none */
	const struct route_limit *limit;	/* NULL = none */
	bool session_only;		/* not with a token, which may be a program's */
};

struct route_ctx {
	struct arena *a;		/* of this request */
	struct db *db;
	const struct conf *conf;
	const struct master_place *at;	/* for gate.h */
	struct metrics *metrics;	/* all workers' */
	struct clusters *clusters;	/* this worker's */
	const struct request *r;
	struct reply *reply;
	const struct route *route;
	const char *id;			/* the path's {id} */
	const char *credential;		/* "token" or "session"; NULL for ROUTE_ANYONE */
	const char *hash;		/* SHA-256 of it as bytea text */
	bool asked;			/* auth_run() was called and has given its verdict */
	bool counted;			/* for the rate limit: each request once */
	const char *generation;		/* of the store shown, for its ETag; or NULL */
};

/* Answers c->r into c->reply; a, db, conf, at, r and reply are set. */
void route_dispatch(struct route_ctx *c);

/* The table, for metrics and for tests that try each row. NULL past its end. */
const struct route *route_at(size_t i);
const char *route_role_name(enum route_role role);

#endif
