/*
 * JSON (RFC 8259), the only place that knows json-c.  Values live in an arena and are never
 * changed after parsing.  The parser refuses what json-c lets pass: duplicate names, input
 * that is not UTF-8, NUL in strings, more than JSON_DEPTH_MAX levels.
 */
#ifndef LIB_JSON_H
#define LIB_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/err.h"

#define JSON_DEPTH_MAX 32

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_DOUBLE, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_member;
struct json {
	enum json_type type;
	union {
		bool boolean;
		int64_t integer;
		double number;
		struct { const char *text; size_t len; };	/* JSON_STRING, NUL-terminated */
		struct { struct json **items; size_t n; };	/* JSON_ARRAY */
		struct { struct json_member *members; size_t nmembers; };	/* JSON_OBJECT */
	};
};
struct json_member {
	const char *name;
	struct json *value;
};

/* Parses all of text; ERR_SYNTAX names line and column.  A whole number outside int64 is
 * ERR_SYNTAX too. */
struct json *json_parse(struct arena *a, const char *text, size_t len, struct err *e);

/* Building, for values that are handed to helm or Kubernetes. */
struct json *json_object(struct arena *a);
struct json *json_array(struct arena *a);
struct json *json_string(struct arena *a, const char *text);	/* NULL gives JSON_NULL */
struct json *json_integer(struct arena *a, int64_t value);
struct json *json_boolean(struct arena *a, bool value);
/* Sets or replaces a member, returns object; appends, returns array. */
struct json *json_set(struct arena *a, struct json *object, const char *name, struct json *value);
struct json *json_append(struct arena *a, struct json *array, struct json *value);

/* base with overlay laid over it: objects member by member, anything else replaced, null
 * removes the member (as Helm merges values).  Neither input is changed. */
struct json *json_merge(struct arena *a, const struct json *base, const struct json *overlay);

/* Look-ups that never fail: NULL, the default, or "" for missing or of another type.
 * `path` is names and array indexes joined by '.', a '.' within a name written as '\\.':
 * "status.conditions.0.reason". */
const struct json *json_get(const struct json *v, const char *path);
const char *json_text(const struct json *v, const char *path);			/* "" */
const char *json_text_or(const struct json *v, const char *path, const char *dflt);
int64_t json_int(const struct json *v, const char *path, int64_t dflt);
bool json_bool(const struct json *v, const char *path, bool dflt);
size_t json_count(const struct json *v);	/* items or members; 0 for others and NULL */
const struct json *json_item(const struct json *array, size_t i);	/* NULL beyond the end */

/* Writes v compactly.  Sorted: members in byte order of their names, so that equal values
 * give equal text (for hashes). */
int json_write(struct buf *out, const struct json *v);
int json_write_sorted(struct buf *out, const struct json *v);

/* Writes one string with quotes, escaped; NULL gives null. */
int json_write_string(struct buf *out, const char *s);

/*
 * Incremental reader for big lists: feed() bytes as they come, and each element of the
 * array at the top-level member `member` ("rows", "items") is parsed on its own and given
 * to row(); `head` receives every other top-level member (small ones: metadata,
 * columnDefinitions, kind).  Both get an arena that is reset after the call.
 */
struct json_rows;
typedef int json_row_fn(void *ctx, struct arena *a, const struct json *row, struct err *e);
typedef int json_head_fn(void *ctx, struct arena *a, const char *name, const struct json *v, struct err *e);

/* An element or head member may have at most item_max bytes.  Free with json_rows_free. */
struct json_rows *json_rows_new(const char *member, size_t item_max, json_row_fn *row, json_head_fn *head, void *ctx);
void json_rows_free(struct json_rows *r);
int json_rows_feed(struct json_rows *r, const char *data, size_t len, struct err *e);
/* 0 only if the whole object was seen and closed: a cut answer is ERR_TRANSIENT. */
int json_rows_end(struct json_rows *r, struct err *e);
/* Whether `member` was there, as an array or (Go's empty list) as null. */
bool json_rows_seen(const struct json_rows *r);

#endif
