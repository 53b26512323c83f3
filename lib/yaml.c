/*
 * YAML to JSON values, by libyaml's events.  The only file that includes it.
 * Core schema: https://yaml.org/spec/1.2.2/#103-core-schema
 */
#include "config.h"

#include "lib/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <yaml.h>

#define YAML_BYTES_MAX (1u << 20)

struct reader {
	struct arena *a;
	yaml_parser_t parser;
	size_t depth;
	struct err *e;
};

static int
refuse(struct reader *r, yaml_mark_t at, const char *what)
{
	return err_set(r->e, ERR_SYNTAX, "line %zu, column %zu: %s", at.line + 1, at.column + 1, what);
}

static int
next(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event))
		return 0;
	return refuse(r, r->parser.problem_mark, r->parser.problem ? r->parser.problem : "this is not YAML");
}

/* A plain scalar: null, boolean, whole number, float; else text.  NULL for a number that is too large. */
static struct json *
plain(struct arena *a, const char *s)
{
	static const struct { const char *word; enum json_type type; bool truth; } words[] = {
		{"", JSON_NULL, false}, {"~", JSON_NULL, false}, {"null", JSON_NULL, false},
		{"Null", JSON_NULL, false}, {"NULL", JSON_NULL, false},
		{"true", JSON_BOOL, true}, {"True", JSON_BOOL, true}, {"TRUE", JSON_BOOL, true},
		{"false", JSON_BOOL, false}, {"False", JSON_BOOL, false}, {"FALSE", JSON_BOOL, false},
	};
	char *end;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(s, words[i].word) == 0)
			return words[i].type == JSON_NULL ? json_string(a, NULL) : json_boolean(a, words[i].truth);
	if (s[strspn(s, "+-.0123456789eE")] == '\0' && strpbrk(s, "0123456789")) {
		errno = 0;
		long long whole = strtoll(s, &end, 10);
		if (*end == '\0' && errno == 0)
			return json_integer(a, whole);
		double number = strtod(s, &end);
		if (*end == '\0') {
			struct json *v = json_integer(a, 0);

			v->type = JSON_DOUBLE;
			v->number = number;
			return isfinite(number) ? v : NULL;	/* JSON has no infinity */
		}
	}
	return json_string(a, s);
}

static struct json *node(struct reader *r, yaml_event_t *event);

struct key {
	const char *name;
	yaml_mark_t at;
};

/* Room for more than n entries; doubles at powers of two, as json_set() expects it. */
#define IS_FULL(n) (((n) & ((n) - 1)) == 0)
static void *
grow(struct arena *a, const void *entries, size_t n, size_t size)
{
	void *more = arena_alloc(a, arena_mul(n ? 2 * n : 1, size));

	return n ? memcpy(more, entries, n * size) : more;
}

static struct json *
sequence(struct reader *r)
{
	struct json *v = json_array(r->a), *item;
	yaml_event_t event;

	for (;;) {
		if (next(r, &event) != 0)
			return NULL;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			break;
		item = node(r, &event);
		if (!item)
			return NULL;
		json_append(r->a, v, item);
	}
	yaml_event_delete(&event);
	return v;
}

static int
by_name(const void *x, const void *y)
{
	const struct key *a = x, *b = y;
	int order = strcmp(a->name, b->name);

	return order ? order : a->at.index < b->at.index ? -1 : 1;
}

/* All at once at the mapping's end: looking back from each key would take minutes for 1 MiB of them. */
static int
refuse_duplicates(struct reader *r, struct key *keys, size_t n)
{
	char what[128];

	if (n > 1)
		qsort(keys, n, sizeof *keys, by_name);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(keys[i - 1].name, keys[i].name) != 0)
			continue;
		size_t len = strlen(keys[i].name), cut = len < 80 ? len : 80;

		while (cut < len && (keys[i].name[cut] & 0xc0) == 0x80)
			cut--;	/* no half characters */
		snprintf(what, sizeof what, "the key \"%.*s\" appears twice", (int)cut, keys[i].name);
		return refuse(r, keys[i].at, what);
	}
	return 0;
}

static char *
read_key(struct reader *r, yaml_event_t *event)
{
	char *name = NULL;

	if (event->type != YAML_SCALAR_EVENT)
		refuse(r, event->start_mark, "a key must be a scalar");
	else if (event->data.scalar.anchor || event->data.scalar.tag)
		refuse(r, event->start_mark, "anchors and tags are not allowed");
	else if (strlen((char *)event->data.scalar.value) != event->data.scalar.length)
		refuse(r, event->start_mark, "NUL is not allowed");
	else
		name = arena_strdup(r->a, (char *)event->data.scalar.value);
	yaml_event_delete(event);
	return name;
}

static struct json *
mapping(struct reader *r)
{
	struct json *v = json_object(r->a);
	struct key *keys = NULL;
	yaml_event_t event;

	for (size_t n = 0;; n = ++v->nmembers) {
		if (next(r, &event) != 0)
			return NULL;
		if (event.type == YAML_MAPPING_END_EVENT)
			break;
		if (IS_FULL(n)) {
			v->members = grow(r->a, v->members, n, sizeof *v->members);
			keys = grow(r->a, keys, n, sizeof *keys);
		}
		keys[n].at = event.start_mark;
		keys[n].name = v->members[n].name = read_key(r, &event);
		if (!keys[n].name || next(r, &event) != 0)
			return NULL;
		v->members[n].value = node(r, &event);
		if (!v->members[n].value)
			return NULL;
	}
	yaml_event_delete(&event);
	return refuse_duplicates(r, keys, v->nmembers) == 0 ? v : NULL;
}

static struct json *
scalar(struct reader *r, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;

	if (event->data.scalar.anchor || event->data.scalar.tag)
		return (refuse(r, event->start_mark, "anchors and tags are not allowed"), NULL);
	if (strlen(text) != event->data.scalar.length)
		return (refuse(r, event->start_mark, "NUL is not allowed"), NULL);
	if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return json_string(r->a, text);
	struct json *v = plain(r->a, text);
	if (!v)
		refuse(r, event->start_mark, "the number is too large");
	return v;
}

/* The value that begins with this event, which is consumed. */
static struct json *
node(struct reader *r, yaml_event_t *event)
{
	yaml_event_type_t type = event->type;
	bool decorated = (type == YAML_SEQUENCE_START_EVENT && (event->data.sequence_start.anchor || event->data.sequence_start.tag)) ||
	    (type == YAML_MAPPING_START_EVENT && (event->data.mapping_start.anchor || event->data.mapping_start.tag));
	yaml_mark_t at = event->start_mark;
	struct json *v = type == YAML_SCALAR_EVENT ? scalar(r, event) : NULL;

	yaml_event_delete(event);
	if (type == YAML_SCALAR_EVENT)
		return v;
	if (type == YAML_ALIAS_EVENT || decorated)
		return (refuse(r, at, "anchors, aliases and tags are not allowed"), NULL);
	if (r->depth == JSON_DEPTH_MAX)
		return (refuse(r, at, "the value is nested too deeply"), NULL);
	r->depth++;
	v = type == YAML_SEQUENCE_START_EVENT ? sequence(r) : mapping(r);
	r->depth--;
	return v;
}

/* Skips the events that begin a stream and a document; 1 when there is no document. */
static int
begin(struct reader *r, yaml_event_t *event)
{
	for (;;) {
		if (next(r, event) != 0)
			return -1;
		if (event->type != YAML_STREAM_START_EVENT && event->type != YAML_DOCUMENT_START_EVENT)
			break;
		yaml_event_delete(event);
	}
	if (event->type != YAML_STREAM_END_EVENT)
		return 0;
	yaml_event_delete(event);
	return 1;
}

static int
only_document(struct reader *r)
{
	yaml_event_t event;

	for (;;) {
		if (next(r, &event) != 0)
			return -1;
		yaml_event_type_t type = event.type;
		yaml_mark_t at = event.start_mark;
		yaml_event_delete(&event);
		if (type == YAML_STREAM_END_EVENT)
			return 0;
		if (type == YAML_DOCUMENT_START_EVENT)
			return refuse(r, at, "there is more than one document");
	}
}

struct json *
yaml_parse(struct arena *a, const char *text, size_t len, struct err *e)
{
	struct reader r = {.a = a, .e = e};
	struct json *v = NULL;
	yaml_event_t event;

	if (len > YAML_BYTES_MAX)
		return (err_set(e, ERR_TOO_LARGE, "the YAML text is longer than %u bytes", YAML_BYTES_MAX), NULL);
	if (!yaml_parser_initialize(&r.parser))
		return (err_set(e, ERR_BUG, "libyaml: out of memory"), NULL);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	switch (begin(&r, &event)) {
	case 0:
		v = node(&r, &event);
		break;
	case 1:
		v = json_string(a, NULL);
		yaml_parser_delete(&r.parser);
		return v;
	}
	if (v && only_document(&r) != 0)
		v = NULL;
	yaml_parser_delete(&r.parser);
	return v;
}

struct json *
yaml_file(struct arena *a, const char *path, struct err *e)
{
	BUF(text, YAML_BYTES_MAX + 1);
	char piece[8192];
	ssize_t n = -1;
	struct json *v;
	/* Not blocking: a FIFO without a writer would hold the start for ever. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0)
		while ((n = read(fd, piece, sizeof piece)) > 0 && buf_add(&text, piece, (size_t)n) == 0)
			;
	if (n < 0) {
		int why = errno;

		if (fd >= 0)
			close(fd);
		return (err_set(e, why == ENOENT ? ERR_MISSING : ERR_INPUT, "%s: %s", path, strerror(why)), NULL);
	}
	close(fd);
	v = yaml_parse(a, buf_text(&text), text.len, e);
	if (!v)
		err_wrap(e, "%s", path);
	return v;
}
