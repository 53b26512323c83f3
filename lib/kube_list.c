/*
 * Lists of many objects, taken as Tables (the few columns that kubectl shows) and read
 * row by row as they come.  A list is complete only if nothing at all was amiss: what is
 * missing from a complete list may be taken for gone, so in doubt it is not complete.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
#include "config.h"

#include "lib/kube_private.h"
#include "lib/clock.h"

#include <string.h>

enum {
	ROW_MAX = 4 << 20,		/* over what etcd takes for an object */
	PAGE = 500,
	PAGES_MAX = 2000,
	CACHED_TIMES = 4		/* larger than others may be an answer that would lose the cache in pages */
};

/* A list while it is taken.  `taking` and `fresh` say what the next request is. */
struct taking {
	struct kube_list *list;
	bool done;
	bool paged;			/* one answer would be over the limit */
	bool restarted;			/* after a 410; once is enough */
	bool reauthenticated;		/* after a 401; likewise */
	int pages;
	struct arena arena;		/* of `next` and `version` */
	const char *next;		/* of the next page, NULL at the start */
	const char *version;		/* resourceVersion that all pages must have */
	/* the answer being read */
	struct json_rows *reader;
	struct arena head;
	struct json *columns;
	bool table;
	const char *page_next, *page_version;
	size_t nul;			/* of kube_nul() */
};

/* json_text() of a value itself. */
static const char *
text_of(const struct json *v)
{
	return v && v->type == JSON_STRING ? v->text : "";
}

const char *
kube_cell(const struct kube_row *row, const char *column)
{
	const struct json *v = NULL;

	for (size_t i = 0; i < json_count(row->columns) && v == NULL; i++)
		if (strcmp(text_of(json_item(row->columns, i)), column) == 0)
			v = json_item(row->cells, i);
	if (v == NULL)
		return "";
	switch (v->type) {
	case JSON_STRING:
		return v->text;
	case JSON_INT:
		return arena_printf(row->a, "%lld", (long long)v->integer);
	case JSON_DOUBLE:
		return arena_printf(row->a, "%.17g", v->number);
	case JSON_BOOL:
		return v->boolean ? "true" : "false";
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return "";
}

bool
kube_has_column(const struct kube_row *row, const char *column)
{
	for (size_t i = 0; i < json_count(row->columns); i++)
		if (strcmp(text_of(json_item(row->columns, i)), column) == 0)
			return true;
	return false;
}

static int
on_row(void *ctx, struct arena *a, const struct json *row, struct err *e)
{
	struct taking *t = ctx;
	struct kube_list *list = t->list;
	const struct json *object = json_get(row, "object");
	struct kube_row r = {.a = a, .columns = t->columns,
	    .cells = json_get(row, "cells")};

	if (!t->table || t->columns == NULL ||
	    json_count(r.cells) != json_count(t->columns))
		return err_set(e, ERR_TRANSIENT, "the answer is not a Table");
	if (list->object != KUBE_NO_OBJECT) {
		if (json_get(object, "metadata") == NULL)
			return err_set(e, ERR_TRANSIENT,
			    "the Table has a row without metadata");
		r.object = object;
	}
	list->rows++;
	return list->row(list->ctx, &r, e);
}

static int
on_head(void *ctx, struct arena *a, const char *name, const struct json *v, struct err *e)
{
	struct taking *t = ctx;

	(void)a;
	if (strcmp(name, "kind") == 0) {
		t->table = strcmp(text_of(v), "Table") == 0;
		if (!t->table)
			return err_set(e, ERR_TRANSIENT,
			    "the answer is a %s, not a Table", text_of(v));
	} else if (strcmp(name, "metadata") == 0) {
		t->page_next = arena_strdup(&t->head, json_text(v, "continue"));
		t->page_version = arena_strdup(&t->head, json_text(v, "resourceVersion"));
	} else if (strcmp(name, "columnDefinitions") == 0) {
		t->columns = json_array(&t->head);
		for (size_t i = 0; i < json_count(v); i++)
			json_append(&t->head, t->columns, json_string(&t->head,
			    arena_strdup(&t->head, json_text(json_item(v, i), "name"))));
	}
	return 0;
}

static int
on_data(void *ctx, const char *data, size_t len, struct err *e)
{
	static const char nul = KUBE_NUL;
	struct taking *t = ctx;
	int bad = 0;

	for (size_t at = 0, n; at < len && !bad; at += n + 1) {
		n = kube_nul(&t->nul, data + at, len - at);
		bad = json_rows_feed(t->reader, data + at, n, e) != 0 ||
		    (at + n < len && json_rows_feed(t->reader, &nul, 1, e) != 0);
	}
	if (bad && e->kind == ERR_SYNTAX)
		e->kind = ERR_TRANSIENT;	/* some proxy's page */
	return bad ? -1 : 0;
}

static char *
query(struct arena *a, const struct taking *t)
{
	const struct kube_list *list = t->list;
	static const char *const objects[] = {
	    [KUBE_NO_OBJECT] = "None", [KUBE_METADATA] = "Metadata", [KUBE_OBJECT] = "Object"};
	char *path = arena_printf(a, "%s?includeObject=%s", list->path, objects[list->object]);

	if (list->label_selector)
		path = arena_printf(a, "%s&labelSelector=%s", path,
		    kube_escape(a, list->label_selector));
	if (list->field_selector)
		path = arena_printf(a, "%s&fieldSelector=%s", path,
		    kube_escape(a, list->field_selector));
	if (t->paged)
		path = arena_printf(a, "%s&limit=%d", path, PAGE);
	else if (list->cached)		/* which has no pages */
		path = arena_printf(a, "%s&resourceVersion=0", path);
	if (t->next)
		path = arena_printf(a, "%s&continue=%s", path, kube_escape(a, t->next));
	return path;
}

static void
begin(struct taking *t, struct arena *a, struct http_request *req)
{
	t->reader = json_rows_new("rows", ROW_MAX, on_row, on_head, t);
	arena_reset(&t->head);
	t->columns = NULL;
	t->table = false;
	t->page_next = t->page_version = NULL;
	t->nul = 0;
	*req = (struct http_request){
		.method = "GET",
		.path = query(a, t),
		.accept = "application/json;as=Table;g=meta.k8s.io;v=v1",
		.on_data = on_data,
		.ctx = t,
	};
}

static void
restart(struct taking *t)
{
	t->list->restart(t->list->ctx);
	t->list->rows = 0;
	t->next = t->version = NULL;
	t->pages = 0;
	arena_reset(&t->arena);
}

/* Whether a failed request is worth another one, and makes ready for it. */
static bool
again(struct taking *t, struct kube *k, const struct http_answer *answer)
{
	if (answer->status == 401 && !t->reauthenticated) {
		t->reauthenticated = true;
		return kube_refresh(k, true);
	}
	if (answer->status == 0 && answer->err.kind == ERR_TOO_LARGE && !t->paged) {
		t->paged = k->paged = true;	/* at once, next time */
		restart(t);
		return true;
	}
	/* Its snapshot is gone.  The rest of a new one must never be mixed with it. */
	if (answer->status == 410 && t->paged && !t->restarted) {
		t->restarted = true;
		restart(t);
		return true;
	}
	return false;
}

/* Judges a whole 200 answer: 0 if it is all it should be, and sets `next`. */
static int
accept_page(struct taking *t, struct err *e)
{
	if (json_rows_end(t->reader, e) != 0)
		return -1;
	if (!t->table || t->page_next == NULL || !t->page_version[0] ||
	    !json_rows_seen(t->reader))	/* or a list without rows would be an empty one */
		return err_set(e, ERR_TRANSIENT, "the answer is not a Table");
	if (t->version && strcmp(t->version, t->page_version) != 0)
		return err_set(e, ERR_TRANSIENT, "the pages are not of one snapshot");
	if (t->page_next[0] && ++t->pages >= PAGES_MAX)
		return err_set(e, ERR_TOO_LARGE, "more than %d pages", PAGES_MAX);
	const char *version = arena_strdup(&t->arena, t->page_version);
	t->next = t->page_next[0] ? arena_strdup(&t->arena, t->page_next) : NULL;
	t->version = version;
	return 0;
}

/* Judges one answer: the list is complete, goes on, begins anew, or has failed. */
static void
judge(struct taking *t, struct kube *k, const struct http_request *req,
    const struct http_answer *answer)
{
	struct kube_list *list = t->list;
	struct err e = {0};
	int bad = kube_check(req, answer, &e);

	if (!bad && answer->status != 200)
		bad = err_set(&e, ERR_TRANSIENT, "HTTP %d is no list", answer->status);
	if (!bad)
		bad = accept_page(t, &e);
	json_rows_free(t->reader);
	t->reader = NULL;
	if (bad && again(t, k, answer))
		return;
	if (bad) {
		err_wrap(&e, "list %s", list->path);
		list->err = e;
	}
	list->complete = !bad && t->next == NULL;
	t->done = bad || list->complete;
}

/* One request for each list that is not done; returns how many there were. */
static size_t
round_of(struct kube *k, struct taking *all, size_t n, int timeout_ms)
{
	ARENA(a);
	struct http_request *requests = arena_array(&a, struct http_request, n);
	struct http_answer *answers = arena_array(&a, struct http_answer, n);
	struct taking **of = arena_array(&a, struct taking *, n);
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (all[i].done)
			continue;
		begin(&all[i], &a, &requests[m]);
		requests[m].timeout_ms = timeout_ms;
		requests[m].answer_max = all[i].list->cached ? CACHED_TIMES * k->list_bytes : k->list_bytes;
		of[m++] = &all[i];
	}
	if (m == 0)
		return 0;
	kube_refresh(k, false);
	http_all(k->http, &a, &k->config.server, requests, answers, m);
	for (size_t i = 0; i < m; i++)
		judge(of[i], k, &requests[i], &answers[i]);
	return m;
}

void
kube_lists(struct kube *k, struct kube_list *lists, size_t n, int timeout_ms)
{
	ARENA(a);
	struct taking *all = arena_array(&a, struct taking, n);
	int64_t until = clock_ms() + timeout_ms, left = timeout_ms;

	for (size_t i = 0; i < n; i++) {
		all[i].list = &lists[i];
		all[i].paged = k->paged;
		lists[i].complete = false;
		lists[i].rows = 0;
		lists[i].err = (struct err){0};
	}
	while (left > 0 && round_of(k, all, n, (int)left) > 0)
		left = until - clock_ms();
	for (size_t i = 0; i < n; i++) {
		if (!all[i].done)
			err_set(&lists[i].err, ERR_TRANSIENT,
			    "list %s: not done in %d ms", lists[i].path, timeout_ms);
		arena_fini(&all[i].arena);
		arena_fini(&all[i].head);
	}
}
