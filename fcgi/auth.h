/* Who asks, and whether they may: decided in the transaction that does what they ask. */
#ifndef FCGI_AUTH_H
#define FCGI_AUTH_H

#include "fcgi/route.h"

#define AUTH_STEPS_MAX 6
#define AUTH_COOKIE "__Host-storeward"
#define AUTH_COOKIE_CHARS 32	/* of its value */

/*
 * Takes the token or the session's cookie from the request where the route needs one, and
 * refuses what another site's page made a browser send.  ERR_UNAUTHENTICATED, ERR_DENIED
 * ("csrf", "session_only"), ERR_SYNTAX ("two_credentials").
 */
int auth_credential(struct route_ctx *c, struct err *e);

/*
 * Runs the steps of one request, in one transaction and one round trip, as the tenant of
 * its credential: results[i] belongs to steps[i].  ERR_UNAUTHENTICATED, ERR_DENIED or
 * ERR_LIMITED when credential, role or rate do not do, and then no step had an effect.
 */
int auth_run(struct route_ctx *c, const struct db_step *steps, size_t n,
    struct db_rows *results, struct err *e);

/* The same without a step, and without counting for the rate limit. */
int auth_only(struct route_ctx *c, struct err *e);

/* SHA-256 of a credential as the database takes it (bytea text). */
const char *auth_hash(struct arena *a, const char *credential);

#endif
