/*
 * What lib/db.c (everything that needs libpq) gives to the rest of the database's files:
 * db_session.c (life of the connection), db_query.c (shapes), db_listen.c.
 */
#ifndef LIB_DB_PRIVATE_H
#define LIB_DB_PRIVATE_H

#include "lib/db.h"

#define DB_CHANNELS 4
#define DB_CHANNEL_MAX 64		/* PostgreSQL's limit of a name, and NUL */

struct pg_conn;				/* libpq's PGconn */

struct db {
	struct arena home;		/* this struct and its texts */
	const char *url, *application_name;
	int timeout_ms;
	struct pg_conn *conn;		/* NULL while there is none */
	int64_t retry_at_ms;		/* no connection is tried before */
	bool in_tx;
	bool listening;			/* on every channel, in this connection */
	bool prepared[Q_COUNT];		/* in this connection */
	char channels[DB_CHANNELS][DB_CHANNEL_MAX];
	size_t nchannels;
};

struct db_call {
	struct db_step step;
	size_t max;			/* more rows are ERR_BUG */
	struct db_rows *rows;		/* NULL: not wanted */
	int64_t affected;		/* set on success */
};

/* An answer that is an error.  All but sqlstate may be NULL. */
struct db_refusal {
	const char *sqlstate, *text, *constraint, *column;
	const char *what;		/* put before the text where the fault is ours */
};

/* Opens the connection, once, without any setting; closes it, also where there is none. */
int db_start(struct db *db, struct err *e);
void db_drop(struct db *db);

/* Closes a connection that the server has hung up since the last call, so that the next
 * one need not fail for it. */
void db_look(struct db *db);

/* Runs one prepared query; the rows are copied into a. */
int db_run(struct db *db, struct arena *a, struct db_call *call, struct err *e);

/* Runs SQL text that gives no rows on the connection there is, within bound_ms. */
int db_command(struct db *db, const char *sql, int bound_ms, struct err *e);

/* Connects and prepares q. */
int db_make_ready(struct db *db, enum query q, struct err *e);

/* The name of its file. */
const char *db_query_name(enum query q);

/* Of the connection there is: whether a statement of the transaction has failed; 1 when
 * notifications have come (they are taken), 0 none, -1 lost; its descriptor. */
bool db_tx_is_failed(const struct db *db);
int db_notified(struct db *db, struct err *e);
int db_socket(const struct db *db);

/* Sets *e and returns -1. */
int db_refused(const struct db_refusal *r, struct err *e);

/* The line of character `position` (a number's text or NULL) of sql; 0 where unknown. */
int db_error_line(const char *sql, const char *position);

#endif
