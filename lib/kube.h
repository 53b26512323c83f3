/*
 * The few Kubernetes API calls we make, over lib/http.  Knows paths, Accept headers, Tables
 * and Status objects; knows nothing of stores.  API conventions:
 * https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
#ifndef LIB_KUBE_H
#define LIB_KUBE_H

#include "lib/http.h"
#include "lib/json.h"

struct kube;

/*
 * Credentials: a kubeconfig file (its current-context or `context`; client certificate,
 * token or tokenFile; data or files), or with path NULL the pod's own service account.
 * Tokens from files are read again when older than 60 s and after a 401.
 * Free with kube_free.
 */
struct kube *kube_new(const char *kubeconfig, const char *context, struct err *e);
void kube_free(struct kube *k);
const char *kube_url(const struct kube *k);
/* Of each call but kube_lists from now on; 30 s until then. */
void kube_timeout(struct kube *k, int timeout_ms);

/*
 * One object or action.  `path` from the root: "/api/v1/namespaces/x".  The result is
 * the parsed body.
 * Errors: 404 with a Status object of reason NotFound is ERR_MISSING, any other 404
 * ERR_TRANSIENT (a proxy's);
 * 409 ERR_CONFLICT (code = Status reason: "AlreadyExists", "Conflict"); 401
 * ERR_UNAUTHENTICATED; 403 ERR_DENIED; 422 and 400 ERR_INPUT;
 * 429, 5xx and no answer ERR_TRANSIENT.  err.msg holds the Status message, err.code its reason.
 */
struct json *kube_get(struct kube *k, struct arena *a, const char *path, struct err *e);
/* Without its contents: of a Secret no value is read. */
struct json *kube_metadata(struct kube *k, struct arena *a, const char *path, struct err *e);
struct json *kube_post(struct kube *k, struct arena *a, const char *path, const struct json *body, struct err *e);
struct json *kube_patch(struct kube *k, struct arena *a, const char *path, const struct json *merge, struct err *e);	/* merge-patch+json */
/* body NULL or DeleteOptions: {"preconditions":{"uid":...},"propagationPolicy":...}. */
struct json *kube_delete(struct kube *k, struct arena *a, const char *path, const struct json *options, struct err *e);
/* Plain text, e.g. a pod's log, at most max bytes. */
char *kube_text(struct kube *k, struct arena *a, const char *path, size_t max, struct err *e);

/* One row of a Table LIST: cells by column name, and metadata when asked for. */
struct kube_row {
	struct arena *a;		/* reset after the call: copy what you keep */
	const struct json *cells;	/* array */
	const struct json *object;	/* PartialObjectMetadata, the whole with KUBE_OBJECT, NULL with KUBE_NO_OBJECT */
	const struct json *columns;	/* array of names */
};
/* A cell by its column's name as text (numbers too), "" where there is none. */
const char *kube_cell(const struct kube_row *row, const char *column);
/* Whether the server has such a column at all. */
bool kube_has_column(const struct kube_row *row, const char *column);

enum kube_object { KUBE_NO_OBJECT, KUBE_METADATA, KUBE_OBJECT };

struct kube_list {
	const char *path;		/* "/api/v1/namespaces" */
	const char *label_selector;	/* unescaped; NULL = none */
	const char *field_selector;	/* unescaped; NULL = none */
	enum kube_object object;
	bool cached;			/* the API server's cache will do, which may be some seconds old */
	int (*row)(void *ctx, const struct kube_row *row, struct err *e);
	void (*restart)(void *ctx);	/* forget the rows so far: the list begins anew, in pages */
	void *ctx;
	/* results */
	bool complete;			/* every row of one consistent answer was given to row() */
	size_t rows;
	struct err err;			/* why not, when not complete */
};

#define KUBE_LIST_BYTES (64u << 20)	/* one answer, four times that from the cache; above it the list is taken in pages of 500 */

/* All lists at once (Table, resourceVersion unset: most recent).  A list that failed, was cut, or expired
 * (410) midway is not complete, and its rows must not be trusted. */
void kube_lists(struct kube *k, struct kube_list *lists, size_t n, int timeout_ms);

/* Percent-encodes for a query value. */
char *kube_escape(struct arena *a, const char *s);

#endif
