/*
 * THE table: what a struct's members are called outside and which values they may have.
 * The same rows read configuration, request bodies and engine.yaml, so that every input
 * is checked the same way and refused with the same words.
 */
#ifndef LIB_FIELD_H
#define LIB_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/json.h"

enum field_type {
	FIELD_STR,	/* const char *; min/max count code points */
	FIELD_INT,	/* int64_t; min/max are values */
	FIELD_BOOL,	/* bool */
	FIELD_JSON,	/* const struct json *: any value, unchecked unless .check */
};
enum field_need { FIELD_OPTIONAL, FIELD_REQUIRED };

struct field {
	const char *name;
	size_t offset;
	enum field_type type;
	enum field_need need;
	int64_t min, max;	/* 0, 0: no limit */
	const char *dflt;	/* for missing or null; text also for numbers and booleans */
	/* NULL if value is acceptable, else what it must be ("must be a DNS label ..."). */
	const char *(*check)(const char *value);
	bool secret;		/* masked when shown; value never in an error */
	const char *help;
};

#define FIELD(st, member, ty, nd, ...) \
	{.name = #member, .offset = offsetof(st, member), .type = FIELD_##ty, .need = FIELD_##nd, __VA_ARGS__}

/*
 * Fills *out from object `v` by `table` (ended by a row without a name).  Unknown members,
 * wrong types, values out of range: every error is added to e with the pointer
 * `prefix` "/name".  Strings are copied into a.  Returns -1 if there was any error.
 */
int field_read(struct arena *a, const struct field *table, const struct json *v,
    const char *prefix, void *out, struct err *e);

/* The same from text values, as from a query string or the environment: get() returns the
 * value for a name or NULL. Unknown names are the caller's business. */
int field_read_text(struct arena *a, const struct field *table,
    const char *(*get)(void *ctx, const char *name), void *ctx, void *out, struct err *e);

/* Checks for .check. */
const char *field_dns_label(const char *value);	/* RFC 1123: a-z 0-9 '-', no '-' at an end, 1-63 */
const char *field_uuid(const char *value);	/* 8-4-4-4-12 hex digits */
const char *field_email(const char *value);	/* one '@', something on both sides, no space */

#endif
