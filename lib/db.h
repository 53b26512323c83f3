/*
 * PostgreSQL, the only place that knows libpq.  Every query is a file in sql/queries; its
 * name says which row shape it has.  One connection per process; it is opened on first
 * use, and after a loss again, at most once a second.
 */
#ifndef LIB_DB_H
#define LIB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/arena.h"
#include "lib/buf.h"
#include "lib/err.h"

/* enum query { Q_store_get, ... }: generated from sql/queries. */
#include "sql/queries.h"

struct db;

/* Keeps url (libpq conninfo or URI, "" = environment) without connecting.
 * timeout_ms bounds connecting and each statement. */
struct db *db_new(const char *url, const char *application_name, int timeout_ms);
void db_free(struct db *db);

/* 0 when connected or reconnected now; ERR_TRANSIENT else. */
int db_connect(struct db *db, struct err *e);

/* Parameters as text; NULL is SQL NULL.  DB_ARGS("a", "b") / DB_NOARGS. */
struct db_args {
	const char *const *v;
	size_t n;
};
#define DB_ARGS(...) \
	((struct db_args){(const char *const[]){__VA_ARGS__}, \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)})
#define DB_NOARGS ((struct db_args){NULL, 0})

/* A result copied into the arena: rows of text values, NULL for SQL NULL. */
struct db_rows {
	size_t n, ncols;
	const char *const *cols;	/* column names */
	const char *const *v;		/* row-major */
};
/* Value by column name; NULL for SQL NULL. An unknown column aborts (a bug). */
const char *db_text(const struct db_rows *r, size_t row, const char *col);
const char *db_text_or(const struct db_rows *r, size_t row, const char *col, const char *dflt);
int64_t db_int(const struct db_rows *r, size_t row, const char *col, int64_t dflt);
bool db_bool(const struct db_rows *r, size_t row, const char *col);	/* NULL is false */

/*
 * Runs one query.  _one: exactly one row, none is ERR_MISSING; _find: one or none (out->n);
 * _list: at most max rows, more is ERR_BUG; _exec: no rows expected, returns rows affected.
 * Errors by SQLSTATE: class SW and constraint violations as db_sqlstate() says.
 */
int db_one(struct db *db, struct arena *a, enum query q, struct db_args args, struct db_rows *out, struct err *e);
int db_find(struct db *db, struct arena *a, enum query q, struct db_args args, struct db_rows *out, struct err *e);
int db_list(struct db *db, struct arena *a, enum query q, struct db_args args, size_t max, struct db_rows *out, struct err *e);
int64_t db_exec(struct db *db, enum query q, struct db_args args, struct err *e);

/*
 * Several queries in one round trip and one implicit transaction (libpq pipeline mode): all
 * succeed or none has an effect.  results[i] belongs to steps[i].  On failure *failed (may
 * be NULL) is the index of the step that failed.
 */
struct db_step {
	enum query q;
	struct db_args args;
};
int db_pipeline(struct db *db, struct arena *a, const struct db_step *steps, size_t n,
    struct db_rows *results, size_t *failed, struct err *e);

/* Runs fn between BEGIN and COMMIT; any failure rolls back. */
int db_tx(struct db *db, int (*fn)(struct db *db, void *arg, struct err *e), void *arg, struct err *e);

/* Many statements of one migration or role file, for the migrator only; inside db_tx. */
int db_script(struct db *db, const char *sql, struct err *e);

/* Prepares every query of sql/queries; the first that fails is named. For tests and doctor. */
int db_prepare_all(struct db *db, struct err *e);

/*
 * LISTEN on a channel; db_wait() returns 1 when a notification came, 0 after timeout_ms,
 * -1 when the connection is lost (ERR_TRANSIENT; the next db_wait listens again) or when
 * the descriptor extra_fd (-1: none) became readable: then it returns 2.
 */
int db_listen(struct db *db, const char *channel, struct err *e);
int db_wait(struct db *db, int timeout_ms, int extra_fd, struct err *e);

/* The kind for a SQLSTATE: SW401 UNAUTHENTICATED, SW403 DENIED, SW404 MISSING, SW409 and 23505 CONFLICT,
 * SW412 STALE, SW422, 22xxx, 23502, 23503, 23514 INPUT, 08xxx, 40xxx, 53xxx, 57xxx TRANSIENT, 42501
 * DENIED, others BUG.
 * err.code is the constraint's name, the first err.field the column named with it. */
enum err_kind db_sqlstate(const char *sqlstate);

/* Appends rows [0, n) of r as a JSON array of objects (or row i as one object); columns whose names end in
 * "_json" are raw JSON and lose the suffix, "_bool" columns t/f become booleans, "_int"
 * columns numbers (suffix lost too), all else strings;
 * NULL is null. */
int db_json_rows(struct buf *out, const struct db_rows *r);
int db_json_row(struct buf *out, const struct db_rows *r, size_t i);

#endif
