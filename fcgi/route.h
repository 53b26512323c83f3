/* Which handler answers which request, and what each of them is given. */
#ifndef FCGI_ROUTE_H
#define FCGI_ROUTE_H

#include "fcgi/reply.h"
#include "fcgi/request.h"
#include "lib/db.h"

/* What a token's role must be at least; the order is in sql/queries/authenticate.sql. */
enum route_role { ROUTE_ANYONE, ROUTE_VIEWER, ROUTE_OPERATOR, ROUTE_ADMIN, ROUTE_OWNER };

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
};

struct route_ctx {
	struct arena *a;		/* of this request */
	struct db *db;
	const struct request *r;
	struct reply *reply;
	const struct route *route;
	const char *id;			/* the path's {id} */
	const char *token_hash;		/* as bytea text; NULL for ROUTE_ANYONE */
	bool asked;			/* auth_run() was called and has given its verdict */
};

/* Answers c->r into c->reply; a, db, r and reply are set. */
void route_dispatch(struct route_ctx *c);

#endif
