/* Who asks, and whether they may: decided in the transaction that does what they ask. */
#ifndef FCGI_AUTH_H
#define FCGI_AUTH_H

#include "fcgi/route.h"

#define AUTH_STEPS_MAX 6

/* Takes the token from the request where the route needs one.  ERR_UNAUTHENTICATED. */
int auth_token(struct route_ctx *c, struct err *e);

/*
 * Runs the steps of one request, in one transaction and one round trip, as the tenant of
 * its token: results[i] belongs to steps[i].  ERR_UNAUTHENTICATED or ERR_DENIED when the
 * token or its role does not do, and then no step had an effect.
 */
int auth_run(struct route_ctx *c, const struct db_step *steps, size_t n,
    struct db_rows *results, struct err *e);

#endif
