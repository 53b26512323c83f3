/* Trying a password: the one place where a guess costs time, and where it is counted. */
#ifndef FCGI_PASSWORD_H
#define FCGI_PASSWORD_H

#include "fcgi/route.h"

#define PASSWORD_MAX 128	/* characters */
#define PASSWORD_NEW_MIN 12

struct password_owner {
	const char *user_id;	/* NULL: the password is wrong, or there is no such user */
	const char *hash;
};

/*
 * Checks a password.  A wrong one is counted and written to the audit log.  Returns 0 with
 * *owner, or -1: ERR_LIMITED "sign_in_delayed" after too many wrong ones, ERR_TRANSIENT
 * when others are being checked for too long.
 */
int password_check(struct route_ctx *c, const char *email, const char *password,
    struct password_owner *owner, struct err *e);

/* The hash to keep; ERR_TRANSIENT as above. */
int password_hash(struct route_ctx *c, const char *password, const char **hash,
    struct err *e);

/* What makes a new password easy to guess, for an error at its field; NULL if nothing. */
const char *password_weakness(const char *password, const char *email);

#endif
