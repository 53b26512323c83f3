/*
 * JSON text to values in an arena, by json-c.  The only file that includes it.
 */
#include "config.h"

/* json-c's types have names that lib/json.h uses for other things. */
#define json_object jsonc_object
#define json_type jsonc_type
#define json_bool jsonc_bool
#include <json-c/json.h>
#include <json-c/json_object_iterator.h>
#undef json_object
#undef json_type
#undef json_bool

#include "lib/json.h"

#include <string.h>

#include "lib/json_scan.h"

static struct json *convert(struct arena *a, struct jsonc_object *o, size_t *names);

/* Entries to make room for, as json_set() and json_append() expect it: a power of two. */
static size_t
room(size_t n)
{
	size_t size = 1;

	while (size < n)
		size *= 2;
	return size;
}

static struct json *
convert_array(struct arena *a, struct jsonc_object *o, size_t *names)
{
	struct json *v = json_array(a);

	v->n = json_object_array_length(o);
	v->items = arena_array(a, struct json *, room(v->n));
	for (size_t i = 0; i < v->n; i++)
		v->items[i] = convert(a, json_object_array_get_idx(o, i), names);
	return v;
}

static struct json *
convert_object(struct arena *a, struct jsonc_object *o, size_t *names)
{
	struct json *v = json_object(a);
	size_t n = (size_t)json_object_object_length(o);

	struct json_object_iterator at = json_object_iter_begin(o), end = json_object_iter_end(o);

	v->members = arena_array(a, struct json_member, room(n));
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		v->members[v->nmembers].name = arena_strdup(a, json_object_iter_peek_name(&at));
		v->members[v->nmembers++].value = convert(a, json_object_iter_peek_value(&at), names);
	}
	*names += n;
	return v;
}

static struct json *
convert(struct arena *a, struct jsonc_object *o, size_t *names)
{
	struct json *v;

	switch (json_object_get_type(o)) {
	case json_type_null:
		break;
	case json_type_boolean:
		return json_boolean(a, json_object_get_boolean(o));
	case json_type_int:
		return json_integer(a, json_object_get_int64(o));
	case json_type_double:
		v = arena_new(a, struct json);
		v->type = JSON_DOUBLE;
		v->number = json_object_get_double(o);
		return v;
	case json_type_string:
		v = arena_new(a, struct json);
		v->type = JSON_STRING;
		v->len = (size_t)json_object_get_string_len(o);
		v->text = arena_strndup(a, json_object_get_string(o), v->len);
		return v;
	case json_type_array:
		return convert_array(a, o, names);
	case json_type_object:
		return convert_object(a, o, names);
	}
	v = arena_new(a, struct json);
	v->type = JSON_NULL;
	return v;
}

static struct json *
parse(struct json_tokener *tok, struct arena *a, const char *text, size_t len, struct err *e)
{
	size_t wanted, names = 0;

	if (json_scan(text, len, &wanted, e) != 0)
		return NULL;
	if (len > INT32_MAX)
		return (err_set(e, ERR_TOO_LARGE, "the JSON text is too long"), NULL);
	struct jsonc_object *o = json_tokener_parse_ex(tok, text, (int)len);
	enum json_tokener_error why = json_tokener_get_error(tok);
	if (why == json_tokener_continue && len > 0) {	/* a number at the very end needs a terminator */
		o = json_tokener_parse_ex(tok, "", -1);
		why = json_tokener_get_error(tok);
		if (why != json_tokener_success)
			return (json_scan_error(text, len, e, "the text ends too early"), NULL);
	} else if (why != json_tokener_success) {
		size_t at = json_tokener_get_parse_end(tok);
		return (json_scan_error(text, at < len ? at : len, e, len ? json_tokener_error_desc(why) : "there is no text"), NULL);
	} else {
		size_t at = json_tokener_get_parse_end(tok);
		at += strspn(text + at, " \t\r\n");
		if (at < len) {
			json_object_put(o);
			return (json_scan_error(text, at, e, "there is more after the value"), NULL);
		}
	}
	struct json *v = convert(a, o, &names);
	json_object_put(o);
	if (names != wanted)
		return (json_scan_duplicate(text, len, e), NULL);
	return v;
}

struct json *
json_parse(struct arena *a, const char *text, size_t len, struct err *e)
{
	/* One parser for each thread: its buffers are reused from row to row of a list. */
	static _Thread_local struct json_tokener *tok;
	const char *copy;

	if (!tok) {
		tok = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
		if (!tok)
			return (err_set(e, ERR_BUG, "json-c: out of memory"), NULL);
		json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	}
	json_tokener_reset(tok);
	copy = arena_strndup(a, text, len);	/* ends in NUL, which the scanners rely on */
	return parse(tok, a, copy, len, e);
}
