/*
 * The connection to PostgreSQL and everything that needs libpq, which is used without
 * blocking: every wait is a poll() with a deadline.  The server's statement_timeout ends a
 * slow statement first; the deadline here, a little later, is for a server that is gone.
 */
#include "config.h"

#define DB_QUERIES	/* the texts of the queries are wanted here only */
#include "lib/db.h"

#include "lib/clock.h"
#include "lib/db_private.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#define GRACE_MS 2000			/* how much later than the server's our deadline is */

static void
result_clear(PGresult **r)
{
	PQclear(*r);
}
#define RESULT(name) __attribute__((cleanup(result_clear))) PGresult *name = NULL

const char *
db_query_name(enum query q)
{
	return db_queries[q].name;
}

void
db_drop(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->listening = false;
	memset(db->prepared, 0, sizeof db->prepared);
}

/* Gives up the connection; the reason is the first line of libpq's message. */
static int
lost(struct db *db, struct err *e)
{
	const char *why = PQerrorMessage(db->conn);

	err_set(e, ERR_TRANSIENT, "the database connection was lost: %.*s",
	    (int)strcspn(why, "\n"), why);
	db_drop(db);
	return -1;
}

static int
left_ms(int64_t deadline_ms)
{
	const int64_t left = deadline_ms - clock_ms();

	return left > 0 ? (int)left : 0;
}

/*
 * Sends what is unsent and waits until PQgetResult() would not block.  There is no
 * PQcancel() at the deadline: it waits without a limit itself, and where the server is
 * alive its statement_timeout has ended the statement already.
 */
static int
wait_result(struct db *db, int64_t deadline_ms, struct err *e)
{
	for (;;) {
		const int unsent = PQflush(db->conn);
		if (unsent < 0)
			return lost(db, e);
		if (!unsent && !PQisBusy(db->conn))
			return 0;
		struct pollfd p = {.fd = PQsocket(db->conn),
		    .events = (short)(POLLIN | (unsent ? POLLOUT : 0))};
		const int n = poll(&p, 1, left_ms(deadline_ms));
		if (n == 0) {
			db_drop(db);
			return err_set(e, ERR_TRANSIENT, "the database did not answer in time");
		}
		if (n < 0 && errno != EINTR)
			return lost(db, e);
		if (n > 0 && (p.revents & ~POLLOUT) && !PQconsumeInput(db->conn))
			return lost(db, e);
	}
}

/* The next result; *out is NULL after the last one of a statement. */
static int
next_result(struct db *db, int64_t deadline_ms, PGresult **out, struct err *e)
{
	if (wait_result(db, deadline_ms, e) != 0)
		return -1;
	*out = PQgetResult(db->conn);
	return 0;
}

static int64_t
statement_deadline(const struct db *db)
{
	return clock_ms() + db->timeout_ms + GRACE_MS;
}

/* The one result of one statement, or NULL when the connection is lost. */
static PGresult *
only_result(struct db *db, struct err *e)
{
	const int64_t deadline_ms = statement_deadline(db);
	PGresult *first = NULL, *more;

	if (next_result(db, deadline_ms, &first, e) != 0)
		return NULL;
	if (!first) {
		lost(db, e);
		return NULL;
	}
	do {
		if (next_result(db, deadline_ms, &more, e) != 0) {
			PQclear(first);
			return NULL;
		}
		PQclear(more);
	} while (more);
	return first;
}

/* Turns a result that is an error into *e. */
static int
refused(struct db *db, const PGresult *r, const char *what, struct err *e)
{
	const struct db_refusal refusal = {
		.sqlstate = PQresultErrorField(r, PG_DIAG_SQLSTATE),
		.text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY),
		.constraint = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME),
		.column = PQresultErrorField(r, PG_DIAG_COLUMN_NAME),
		.what = what,
	};
	const bool broken = PQstatus(db->conn) == CONNECTION_BAD;

	if (!refusal.sqlstate) {	/* libpq's own: a break, or COPY was asked for */
		lost(db, e);
		return broken ? -1 : err_set(e, ERR_BUG, "%s: the answer was not understood", what);
	}
	db_refused(&refusal, e);
	/* "cached plan must not change result type": a migration changed what a prepared query
	 * gives.  A new connection prepares it anew. */
	if (broken || strcmp(refusal.sqlstate, "0A000") == 0) {
		db_drop(db);
		e->kind = ERR_TRANSIENT;
	}
	return -1;
}

static bool
is_good(const PGresult *r)
{
	const ExecStatusType status = PQresultStatus(r);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
	    status == PGRES_EMPTY_QUERY;
}

int
db_command(struct db *db, const char *sql, int bound_ms, struct err *e)
{
	const int64_t deadline_ms = clock_ms() + bound_ms + GRACE_MS;
	int result = 0;

	if (!PQsendQuery(db->conn, sql))
		return lost(db, e);
	for (;;) {
		RESULT(r);
		if (next_result(db, deadline_ms, &r, e) != 0)
			return -1;
		if (!r)
			return result;
		if (is_good(r) || result != 0)
			continue;
		const int line = db_error_line(sql,
		    PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION));
		result = refused(db, r, "a command", e);
		if (line > 0)
			err_wrap(e, "line %d", line);
		if (!db->conn)
			return -1;
	}
}

static void
ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* Anything but a refused or failed connection is about the connection string, and its
 * message may quote a part of a password. */
static int
connect_failed(struct db *db, struct err *e)
{
	const char *why = PQerrorMessage(db->conn);

	if (strncmp(why, "connection to server", 20) == 0)
		err_set(e, ERR_TRANSIENT, "cannot connect to the database: %.*s",
		    (int)strcspn(why, "\n"), why);
	else
		err_set(e, ERR_TRANSIENT, "cannot connect to the database: its host is unknown "
		    "or the connection string is not right");
	db_drop(db);
	return -1;
}

int
db_start(struct db *db, struct err *e)
{
	char user_timeout[16];

	snprintf(user_timeout, sizeof user_timeout, "%d", db->timeout_ms + GRACE_MS);
	const char *const keys[] = {"dbname", "application_name", "client_encoding",
	    "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
	    "tcp_user_timeout", NULL};
	const char *const values[] = {db->url, db->application_name, "UTF8",
	    "1", "30", "10", "3", user_timeout, NULL};
	const int64_t deadline_ms = clock_ms() + db->timeout_ms;
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	db->conn = PQconnectStartParams(keys, values, 1);
	if (!db->conn)
		abort();	/* out of memory */
	while (PQstatus(db->conn) != CONNECTION_BAD && want != PGRES_POLLING_OK &&
	    want != PGRES_POLLING_FAILED) {
		struct pollfd p = {.fd = PQsocket(db->conn),
		    .events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT};
		const int n = poll(&p, 1, left_ms(deadline_ms));
		if (n == 0) {
			db_drop(db);
			return err_set(e, ERR_TRANSIENT, "cannot connect to the database: no answer "
			    "within %d ms", db->timeout_ms);
		}
		if (n > 0)
			want = PQconnectPoll(db->conn);
	}
	if (PQstatus(db->conn) != CONNECTION_OK)
		return connect_failed(db, e);
	PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
	return PQsetnonblocking(db->conn, 1) == 0 ? 0 : lost(db, e);
}

void
db_look(struct db *db)
{
	for (int i = 0; i < 4 && db->conn; i++) {
		struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
		const bool readable = !db->in_tx && poll(&p, 1, 0) > 0;
		if (PQstatus(db->conn) == CONNECTION_BAD ||
		    (readable && !PQconsumeInput(db->conn)))
			db_drop(db);
		else if (!readable)
			return;
	}
}

int
db_make_ready(struct db *db, enum query q, struct err *e)
{
	if (db_connect(db, e) != 0)
		return -1;
	if (db->prepared[q])
		return 0;
	if (!PQsendPrepare(db->conn, db_queries[q].name, db_queries[q].text, 0, NULL))
		return lost(db, e);
	RESULT(r);
	r = only_result(db, e);
	if (!r)
		return -1;
	if (!is_good(r))
		return refused(db, r, db_queries[q].name, e);
	db->prepared[q] = true;
	return 0;
}

static int
send_step(struct db *db, const struct db_step *step, struct err *e)
{
	const struct db_args *args = &step->args;

	if (!PQsendQueryPrepared(db->conn, db_queries[step->q].name, (int)args->n, args->v,
	    NULL, NULL, 0))
		return lost(db, e);
	return 0;
}

static int
step_ready(struct db *db, const struct db_step *step, struct err *e)
{
	if (step->args.n != db_queries[step->q].nparams)
		return err_set(e, ERR_BUG, "%s takes %zu parameters, not %zu",
		    db_queries[step->q].name, db_queries[step->q].nparams, step->args.n);
	return db_make_ready(db, step->q, e);
}

static void
copy_rows(struct arena *a, const PGresult *r, struct db_rows *out)
{
	const int n = PQntuples(r), ncols = PQnfields(r);
	const char **cols = arena_array(a, const char *, (size_t)ncols);
	const char **v = arena_array(a, const char *, arena_mul((size_t)n, (size_t)ncols));

	for (int c = 0; c < ncols; c++)
		cols[c] = arena_strdup(a, PQfname(r, c));
	for (int i = 0; i < n; i++) {
		for (int c = 0; c < ncols; c++) {
			if (!PQgetisnull(r, i, c))
				v[i * ncols + c] = arena_strndup(a, PQgetvalue(r, i, c),
				    (size_t)PQgetlength(r, i, c));
		}
	}
	*out = (struct db_rows){(size_t)n, (size_t)ncols, cols, v};
}

int
db_run(struct db *db, struct arena *a, struct db_call *call, struct err *e)
{
	const char *name = db_queries[call->step.q].name;

	if (step_ready(db, &call->step, e) != 0 || send_step(db, &call->step, e) != 0)
		return -1;
	RESULT(r);
	r = only_result(db, e);
	if (!r)
		return -1;
	if (!is_good(r))
		return refused(db, r, name, e);
	if ((size_t)PQntuples(r) > call->max)
		return err_set(e, ERR_BUG, "%s: more than %zu rows", name, call->max);
	if (call->rows)
		copy_rows(a, r, call->rows);
	call->affected = strtoll(PQcmdTuples(r), NULL, 10);
	return 0;
}

/* One step's result, or -1.  A step behind the one that failed has none and no error. */
static int
pipeline_step(struct db *db, struct arena *a, enum query q, struct db_rows *rows,
    struct err *e)
{
	RESULT(r);

	r = only_result(db, e);
	if (!r)
		return -1;
	if (PQresultStatus(r) == PGRES_PIPELINE_ABORTED)
		return 0;
	if (!is_good(r))
		return refused(db, r, db_queries[q].name, e);
	copy_rows(a, r, rows);
	return 0;
}

/* Waits for the end of the pipeline; the commit itself may be refused there. */
static int
pipeline_end(struct db *db, struct err *e)
{
	const int64_t deadline_ms = statement_deadline(db);
	int result = 0;

	for (;;) {
		RESULT(r);
		if (next_result(db, deadline_ms, &r, e) != 0)
			return -1;
		if (r && PQresultStatus(r) == PGRES_PIPELINE_SYNC)
			break;
		if (r && !is_good(r) && result == 0)
			result = refused(db, r, "commit", e);
		if (!db->conn)
			return -1;
	}
	return PQexitPipelineMode(db->conn) ? result : lost(db, e);
}

int
db_pipeline(struct db *db, struct arena *a, const struct db_step *steps, size_t n,
    struct db_rows *results, size_t *failed, struct err *e)
{
	size_t unused, *at = failed ? failed : &unused;
	struct err ignored;
	int result = 0;

	/* Nothing can be prepared once in the pipeline without being a part of it. */
	for (*at = 0; *at < n; ++*at) {
		if (step_ready(db, &steps[*at], e) != 0)
			return -1;
	}
	*at = 0;
	if (n == 0)
		return 0;
	if (!PQenterPipelineMode(db->conn))
		return lost(db, e);
	for (size_t i = 0; i < n; i++) {
		if (send_step(db, &steps[i], e) != 0)
			return -1;
	}
	if (!PQpipelineSync(db->conn))
		return lost(db, e);
	for (size_t i = 0; i < n && db->conn; i++) {
		if (pipeline_step(db, a, steps[i].q, &results[i], result ? &ignored : e) != 0) {
			*at = result ? *at : i;
			result = -1;
		}
	}
	if (!db->conn)
		return -1;
	if (pipeline_end(db, result ? &ignored : e) != 0 && result == 0) {
		*at = n - 1;
		result = -1;
	}
	return result;
}

bool
db_tx_is_failed(const struct db *db)
{
	return PQtransactionStatus(db->conn) == PQTRANS_INERROR;
}

int
db_notified(struct db *db, struct err *e)
{
	int result = 0;

	if (!PQconsumeInput(db->conn))
		return lost(db, e);
	for (PGnotify *n; (n = PQnotifies(db->conn)) != NULL; PQfreemem(n))
		result = 1;
	return result;
}

int
db_socket(const struct db *db)
{
	return PQsocket(db->conn);
}
