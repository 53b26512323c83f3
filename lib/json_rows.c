/*
 * Cuts the elements of one big array, and the other top-level members, out of a JSON object
 * that arrives in pieces, and parses each on its own: memory is bounded by one element.
 */
#include "config.h"

#include <string.h>

#include "lib/json.h"

enum { MEMBERS_MAX = 64 };

enum state {
	BEFORE_OBJECT,
	BEFORE_NAME,	/* a name, or '}' of an empty object */
	BEFORE_COLON,
	BEFORE_VALUE,
	AFTER_VALUE,	/* ',' or '}' */
	BEFORE_ITEM,	/* an element, or ']' of an empty array */
	AFTER_ITEM,	/* ',' or ']' */
	NAME, HEAD, ITEM,	/* collecting a name, a member's value, an element */
	AFTER_OBJECT,
	FAILED,		/* for good: what came before an error is never a whole list */
};

struct json_rows {
	const char *member;
	json_row_fn *row;
	json_head_fn *head;
	void *ctx;
	enum state state;
	bool seen;		/* the member was there */
	bool fresh;		/* right after '{' or '[': the closing bracket may follow */
	struct buf text;	/* what is being collected */
	char name[256];
	struct json *names;	/* members seen so far, nnames of them */
	size_t nnames;
	size_t depth;		/* open brackets in text */
	bool in_string, escaped;
	struct arena a;		/* reset after each callback */
	struct arena self;
};

struct json_rows *
json_rows_new(const char *member, size_t item_max, json_row_fn *row, json_head_fn *head, void *ctx)
{
	struct arena a = {NULL};
	struct json_rows *r = arena_new(&a, struct json_rows);

	r->self = a;
	r->member = arena_strdup(&r->self, member);
	r->row = row;
	r->head = head;
	r->ctx = ctx;
	r->names = json_object(&r->self);
	buf_init(&r->text, item_max);
	return r;
}

void
json_rows_free(struct json_rows *r)
{
	struct arena a;

	if (!r)
		return;
	buf_fini(&r->text);
	arena_fini(&r->a);
	a = r->self;	/* r lives in it */
	arena_fini(&a);
}

/* Keeps the name of the member that follows. */
static int
take_name(struct json_rows *r, const struct json *name, struct err *e)
{
	if (name->len >= sizeof r->name)
		return err_set(e, ERR_SYNTAX, "a member's name is too long");
	memcpy(r->name, name->text, name->len + 1);
	json_set(&r->self, r->names, r->name, NULL);
	if (json_count(r->names) != ++r->nnames)
		return err_set(e, ERR_SYNTAX, "the member \"%s\" appears twice", r->name);
	if (r->nnames > MEMBERS_MAX)
		return err_set(e, ERR_SYNTAX, "more than %d members", MEMBERS_MAX);
	r->seen = r->seen || strcmp(r->name, r->member) == 0;
	return 0;
}

/* Anything else in the list's place would pass for an empty list; Go writes null for one. */
static int
take_member(struct json_rows *r, const struct json *v, struct err *e)
{
	if (v->type != JSON_NULL && strcmp(r->name, r->member) == 0)
		return err_set(e, ERR_SYNTAX, "the member \"%s\" is not an array", r->name);
	return r->head ? r->head(r->ctx, &r->a, r->name, v, e) : 0;
}

/* The collected text is whole: parse it and hand it over; arena and text are empty afterwards. */
static int
deliver(struct json_rows *r, struct err *e)
{
	struct json *v;
	int rc = 0;

	if (buf_full(&r->text))
		return err_set(e, ERR_TOO_LARGE, "an element of the list is larger than %zu bytes", r->text.max);
	v = json_parse(&r->a, buf_text(&r->text), r->text.len, e);
	if (!v)
		return -1;
	if (r->state == ITEM)
		rc = r->row(r->ctx, &r->a, v, e);
	else if (r->state == HEAD)
		rc = take_member(r, v, e);
	else
		rc = take_name(r, v, e);
	arena_reset(&r->a);
	buf_reset(&r->text);
	return rc;
}

static void
collect(struct json_rows *r, enum state state, char c)
{
	r->state = state;
	r->depth = c == '{' || c == '[';
	r->in_string = c == '"';
	r->escaped = false;
	buf_addc(&r->text, c);
}

/* Takes one more byte of a value.  1: the value ended with it; 2: it ended before it. */
static int
collect_more(struct json_rows *r, char c)
{
	if (r->in_string) {
		buf_addc(&r->text, c);
		if (!r->escaped && c == '"')
			r->in_string = false;
		r->escaped = !r->escaped && c == '\\';
		return !r->in_string && r->depth == 0;
	}
	if (r->depth == 0 && (c == ',' || c == '}' || c == ']' || strchr(" \t\r\n", c)))
		return 2;	/* a number or a word has no end of its own */
	buf_addc(&r->text, c);
	r->in_string = c == '"';
	r->depth += c == '{' || c == '[';
	if (c == '}' || c == ']')
		return --r->depth == 0;
	return 0;
}

/* A byte between values.  Returns -1 for one that cannot stand there. */
static int
between(struct json_rows *r, char c)
{
	bool fresh = r->fresh;

	if (c && strchr(" \t\r\n", c))
		return 0;
	r->fresh = false;
	switch (r->state) {
	case BEFORE_OBJECT:
		r->state = BEFORE_NAME;
		r->fresh = true;
		return c == '{' ? 0 : -1;
	case BEFORE_NAME:
		if (c == '"')
			collect(r, NAME, c);
		else
			r->state = AFTER_OBJECT;
		return c == '"' || (c == '}' && fresh) ? 0 : -1;
	case BEFORE_COLON:
		r->state = BEFORE_VALUE;
		return c == ':' ? 0 : -1;
	case BEFORE_VALUE:
		if (c == '[' && strcmp(r->name, r->member) == 0) {
			r->state = BEFORE_ITEM;
			r->fresh = true;
		} else {
			collect(r, HEAD, c);
		}
		return 0;
	case AFTER_VALUE:
		r->state = c == ',' ? BEFORE_NAME : AFTER_OBJECT;
		return c == ',' || c == '}' ? 0 : -1;
	case BEFORE_ITEM:
		if (c == ']' && fresh)
			r->state = AFTER_VALUE;
		else
			collect(r, ITEM, c);
		return 0;
	case AFTER_ITEM:
		r->state = c == ',' ? BEFORE_ITEM : AFTER_VALUE;
		return c == ',' || c == ']' ? 0 : -1;
	case NAME:
	case HEAD:
	case ITEM:
	case AFTER_OBJECT:
	case FAILED:
		break;
	}
	return -1;
}

static enum state
state_after(enum state collected)
{
	return collected == NAME ? BEFORE_COLON : collected == ITEM ? AFTER_ITEM : AFTER_VALUE;
}

static int
feed(struct json_rows *r, const char *data, size_t len, struct err *e)
{
	for (size_t i = 0; i < len; i++) {
		int ended = 2;	/* a byte between values is looked at again after nothing */

		if (r->state == NAME || r->state == HEAD || r->state == ITEM) {
			ended = collect_more(r, data[i]);
			if ((ended || buf_full(&r->text)) && deliver(r, e) != 0)
				return -1;
			if (ended)
				r->state = state_after(r->state);
		}
		if (ended == 2 && between(r, data[i]) != 0)
			return err_set(e, ERR_SYNTAX, "the list is not JSON: unexpected '%c'", data[i] >= 0x20 && data[i] < 0x7f ? data[i] : '?');
	}
	return 0;
}

int
json_rows_feed(struct json_rows *r, const char *data, size_t len, struct err *e)
{
	if (feed(r, data, len, e) == 0)
		return 0;
	r->state = FAILED;
	return -1;
}

int
json_rows_end(struct json_rows *r, struct err *e)
{
	if (r->state == AFTER_OBJECT)
		return 0;
	r->state = FAILED;
	return err_set(e, ERR_TRANSIENT, "the list ends in the middle");
}

bool
json_rows_seen(const struct json_rows *r)
{
	return r->seen;
}
