/* JSON values: building, look-ups, merging. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json.h"

static struct json *
value(struct arena *a, enum json_type type)
{
	struct json *v = arena_new(a, struct json);

	v->type = type;
	return v;
}

struct json *
json_object(struct arena *a)
{
	return value(a, JSON_OBJECT);
}

struct json *
json_array(struct arena *a)
{
	return value(a, JSON_ARRAY);
}

struct json *
json_string(struct arena *a, const char *text)
{
	struct json *v = value(a, text ? JSON_STRING : JSON_NULL);

	if (text) {
		v->text = arena_strdup(a, text);
		v->len = strlen(text);
	}
	return v;
}

struct json *
json_integer(struct arena *a, int64_t number)
{
	struct json *v = value(a, JSON_INT);

	v->integer = number;
	return v;
}

struct json *
json_boolean(struct arena *a, bool truth)
{
	struct json *v = value(a, JSON_BOOL);

	v->boolean = truth;
	return v;
}

static struct json_member *
member(const struct json *object, const char *name, size_t len)
{
	if (!object || object->type != JSON_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->nmembers; i++)
		if (strncmp(object->members[i].name, name, len) == 0 && object->members[i].name[len] == '\0')
			return &object->members[i];
	return NULL;
}

/* Lists grow to the next power of two: a full one has a power of two as its length. */
static bool
is_full(size_t n)
{
	return (n & (n - 1)) == 0;
}

struct json *
json_set(struct arena *a, struct json *object, const char *name, struct json *v)
{
	struct json_member *m = member(object, name, strlen(name));

	if (m) {
		m->value = v;
		return object;
	}
	if (is_full(object->nmembers)) {
		struct json_member *more = arena_array(a, struct json_member, object->nmembers ? 2 * object->nmembers : 1);

		if (object->nmembers)
			memcpy(more, object->members, object->nmembers * sizeof *more);
		object->members = more;
	}
	object->members[object->nmembers++] = (struct json_member){arena_strdup(a, name), v};
	return object;
}

struct json *
json_append(struct arena *a, struct json *array, struct json *v)
{
	if (is_full(array->n)) {
		struct json **more = arena_array(a, struct json *, array->n ? 2 * array->n : 1);

		if (array->n)
			memcpy(more, array->items, array->n * sizeof *more);
		array->items = more;
	}
	array->items[array->n++] = v;
	return array;
}

struct json *
json_merge(struct arena *a, const struct json *base, const struct json *overlay)
{
	struct json *out = json_object(a);

	if (!overlay || overlay->type != JSON_OBJECT || !base || base->type != JSON_OBJECT) {
		out = value(a, JSON_NULL);
		if (overlay || base)
			*out = overlay ? *overlay : *base;
		if (!overlay || overlay->type != JSON_OBJECT)
			return out;
		base = json_object(a);	/* nulls within the overlay are removed all the same */
		out = json_object(a);
	}
	for (size_t i = 0; i < base->nmembers; i++)
		if (!member(overlay, base->members[i].name, strlen(base->members[i].name)))
			json_set(a, out, base->members[i].name, base->members[i].value);
	for (size_t i = 0; i < overlay->nmembers; i++) {
		const struct json_member *over = &overlay->members[i];
		const struct json_member *under = member(base, over->name, strlen(over->name));

		if (over->value->type != JSON_NULL)
			json_set(a, out, over->name, json_merge(a, under ? under->value : NULL, over->value));
	}
	return out;
}

/* Reads one step of a path into step (escapes removed); returns what follows, NULL at the end. */
static const char *
next_step(const char *path, char *step, size_t size)
{
	size_t n = 0;

	for (; *path && *path != '.'; path++) {
		if (*path == '\\' && path[1])
			path++;
		if (n + 1 < size)
			step[n++] = *path;
	}
	step[n] = '\0';
	return *path ? path + 1 : NULL;
}

const struct json *
json_get(const struct json *v, const char *path)
{
	char step[128];

	if (*path == '\0')
		return v;
	while (v && path) {
		path = next_step(path, step, sizeof step);
		if (v->type == JSON_ARRAY) {
			char *end;
			unsigned long i = strtoul(step, &end, 10);

			v = *end == '\0' && end != step ? json_item(v, i) : NULL;
		} else {
			const struct json_member *m = member(v, step, strlen(step));

			v = m ? m->value : NULL;
		}
	}
	return v;
}

const char *
json_text_or(const struct json *v, const char *path, const char *dflt)
{
	v = json_get(v, path);
	return v && v->type == JSON_STRING ? v->text : dflt;
}

const char *
json_text(const struct json *v, const char *path)
{
	return json_text_or(v, path, "");
}

int64_t
json_int(const struct json *v, const char *path, int64_t dflt)
{
	v = json_get(v, path);
	return v && v->type == JSON_INT ? v->integer : dflt;
}

bool
json_bool(const struct json *v, const char *path, bool dflt)
{
	v = json_get(v, path);
	return v && v->type == JSON_BOOL ? v->boolean : dflt;
}

size_t
json_count(const struct json *v)
{
	return !v ? 0 : v->type == JSON_ARRAY ? v->n : v->type == JSON_OBJECT ? v->nmembers : 0;
}

const struct json *
json_item(const struct json *array, size_t i)
{
	return array && array->type == JSON_ARRAY && i < array->n ? array->items[i] : NULL;
}
