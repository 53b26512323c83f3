/*
 * What went wrong: a class that decides what happens next, and a sentence for a person.
 * Functions that can fail take `struct err *` last, return -1 (or NULL), and leave it
 * untouched on success.  Only fcgi/reply.c and reconcile/loop.c interpret the class.
 */
#ifndef LIB_ERR_H
#define LIB_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_NONE,
	ERR_SYNTAX,	/* not parsable at all: 400 */
	ERR_INPUT,	/* parsable, not acceptable: 422 */
	ERR_UNAUTHENTICATED,	/* no valid credential: 401 */
	ERR_DENIED,	/* 403 */
	ERR_MISSING,	/* 404 */
	ERR_CONFLICT,	/* 409 */
	ERR_STALE,	/* a precondition does not hold: 412 */
	ERR_TOO_LARGE,	/* over a stated maximum: 413 */
	ERR_LIMITED,	/* too often: 429 */
	ERR_TRANSIENT,	/* try again later: 503 */
	ERR_BUG,	/* ours: 500 */
};

#define ERR_FIELDS_MAX 16

struct err_field {
	char pointer[96];	/* RFC 6901 pointer into the body, or the parameter's name */
	char detail[200];
};

struct err {
	enum err_kind kind;
	char sqlstate[6];	/* "" unless PostgreSQL answered */
	char code[48];		/* stable snake_case name for programs, "" for the class's own */
	char msg[400];		/* one sentence */
	size_t nfields;
	struct err_field fields[ERR_FIELDS_MAX];	/* more are counted in msg only */
};

/* Sets kind and sentence, clears the rest; returns -1. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with a stable code. */
int err_code(struct err *e, enum err_kind kind, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds one field error; the first one also sets kind ERR_INPUT and msg. Returns -1. */
int err_field(struct err *e, const char *pointer, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " before the sentence; returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "input", "transient", ... */
const char *err_kind_name(enum err_kind kind);

#endif
