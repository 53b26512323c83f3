/*
 * lib/db on a real PostgreSQL: the connection string is STOREWARD_TEST_DB.  Needs no schema:
 * what takes an application's query is in tests/integration.
 */
#include "config.h"

#include "lib/db.h"

#include "lib/clock.h"
#include "tests/check.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>

#define RETRY_US 1100000	/* one try to connect a second, and a little */

static const char *url;

static struct db *
open_db(int timeout_ms)
{
	return db_new(url, "test_db", timeout_ms);
}

static int
script(struct db *db, void *sql, struct err *e)
{
	return db_script(db, sql, e);
}

/* Runs SQL in a transaction of its own. */
static int
run(struct db *db, const char *sql, struct err *e)
{
	char copy[400];

	snprintf(copy, sizeof copy, "%s", sql);
	return db_tx(db, script, copy, e);
}

static void
shapes(void)
{
	ARENA(a);
	struct db *db = open_db(3000);
	struct db_rows rows = {0};
	struct err e = {0};

	CHECK(db_one(db, &a, Q_db_ping, DB_NOARGS, &rows, &e) == 0);
	CHECK(rows.n == 1 && rows.ncols == 1);
	CHECK(rows.n == 1 && db_int(&rows, 0, "one", 0) == 1);
	CHECK(db_find(db, &a, Q_db_ping, DB_NOARGS, &rows, &e) == 0 && rows.n == 1);
	CHECK(db_list(db, &a, Q_db_ping, DB_NOARGS, 5, &rows, &e) == 0 && rows.n == 1);
	CHECK(e.kind == ERR_NONE);
	/* A row too many, and a parameter too many. */
	CHECK(db_list(db, &a, Q_db_ping, DB_NOARGS, 0, &rows, &e) == -1 && e.kind == ERR_BUG);
	CHECK(db_exec(db, Q_db_ping, DB_NOARGS, &e) == -1 && e.kind == ERR_BUG);
	CHECK(db_one(db, &a, Q_db_ping, DB_ARGS("x"), &rows, &e) == -1 && e.kind == ERR_BUG);
	CHECK_STR(e.msg, "db_ping takes 0 parameters, not 1");
	CHECK(db_one(db, &a, Q_db_ping, DB_NOARGS, &rows, &e) == 0);
	db_free(db);
	db_free(NULL);
}

static void
settings(void)
{
	struct db *db = open_db(1234);
	struct err e = {0};

	CHECK(run(db, "do $$ begin assert current_setting('statement_timeout') = '1234ms';"
	    " assert current_setting('search_path') = 'storeward, pg_temp';"
	    " assert current_setting('TimeZone') = 'UTC';"
	    " assert current_setting('client_encoding') = 'UTF8';"
	    " assert current_setting('application_name') = 'test_db'; end $$", &e) == 0);
	CHECK_STR(e.msg, "");
	db_free(db);
}

static void
errors(void)
{
	static const struct {
		const char *sql;
		enum err_kind kind;
		const char *sqlstate, *code, *msg, *pointer;
	} table[] = {
		{"do $$ begin raise exception 'Quota of % reached.', 3 using errcode = 'SW403',"
		    " constraint = 'quota', detail = 'hidden'; end $$",
		    ERR_DENIED, "SW403", "quota", "Quota of 3 reached.", NULL},
		{"do $$ begin raise exception 'Taken.' using errcode = 'SW409',"
		    " constraint = 'name_taken', column = 'name'; end $$",
		    ERR_CONFLICT, "SW409", "name_taken", "Taken.", "/name"},
		{"create temp table t (n int constraint t_once unique, constraint t_small"
		    " check (n < 9)); insert into t values (1), (1)", ERR_CONFLICT, "23505", "t_once",
		    "duplicate key value violates unique constraint \"t_once\"", NULL},
		{"create temp table t (n int constraint t_small check (n < 9));"
		    " insert into t values (9)", ERR_INPUT, "23514", "t_small",
		    "new row for relation \"t\" violates check constraint \"t_small\"", NULL},
		{"create temp table t (n int unique deferrable initially deferred);"
		    " insert into t values (1), (1)", ERR_CONFLICT, "23505", "t_n_key",
		    "duplicate key value violates unique constraint \"t_n_key\"", NULL},
		{"do $$ begin perform 'hunter2'::text::uuid; end $$", ERR_INPUT, "22P02", "",
		    "a value has the wrong form or is out of range", NULL},
		{"select 1;\nselect 2;\nselect nothing", ERR_BUG, "42703", "",
		    "line 3: a command: column \"nothing\" does not exist", NULL},
		{"copy pg_class to stdout", ERR_BUG, "", "",
		    "a command: the answer was not understood", NULL},
	};
	struct db *db = open_db(3000);

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err e = {0};
		CHECK(run(db, table[i].sql, &e) == -1);
		CHECK(e.kind == table[i].kind);
		CHECK_STR(e.sqlstate, table[i].sqlstate);
		CHECK_STR(e.code, table[i].code);
		CHECK_STR(e.msg, table[i].msg);
		CHECK_STR(e.nfields ? e.fields[0].pointer : NULL, table[i].pointer);
	}
	db_free(db);
}

struct work {
	int (*second)(struct db *db, struct err *e);
	int result;
};

static int
write_then(struct db *db, void *arg, struct err *e)
{
	struct work *w = arg;

	if (db_script(db, "insert into test_db_tx values (1)", e) != 0)
		return -1;
	if (w->second && w->second(db, e) != 0)
		return -1;
	return w->result == 0 ? 0 : err_set(e, ERR_INPUT, "refused by fn");
}

static int
ping(struct db *db, struct err *e)
{
	ARENA(a);
	struct db_rows rows;

	return db_one(db, &a, Q_db_ping, DB_NOARGS, &rows, e);
}

static int
overlook(struct db *db, struct err *e)
{
	(void)e;
	struct err mine;

	CHECK(db_script(db, "select nothing", &mine) == -1);
	CHECK(ping(db, &mine) == -1);
	CHECK_STR(mine.sqlstate, "25P02");
	return 0;
}

static int
nest(struct db *db, struct err *e)
{
	return run(db, "select 1", e);
}

static int
terminate(struct db *db, struct err *e)
{
	struct err mine = {0};

	CHECK(db_script(db, "select pg_terminate_backend(pg_backend_pid())", &mine) == -1);
	CHECK(mine.kind == ERR_TRANSIENT);
	CHECK(ping(db, e) == -1 && e->kind == ERR_TRANSIENT);	/* no reconnection here */
	return 0;						/* overlooked */
}

static void
transactions(void)
{
	static const struct {
		struct work work;
		enum err_kind kind;
		int rows;
	} table[] = {
		{{NULL, 0}, ERR_NONE, 1}, {{ping, 0}, ERR_NONE, 1}, {{NULL, -1}, ERR_INPUT, 0},
		{{overlook, 0}, ERR_BUG, 0}, {{nest, 0}, ERR_BUG, 0},
		{{terminate, 0}, ERR_TRANSIENT, 0},
	};
	struct db *db = open_db(3000);
	struct err e = {0};

	CHECK(run(db, "create table public.test_db_tx (n int)", &e) == 0);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct work work = table[i].work;
		char sql[200];
		e.kind = ERR_NONE;
		CHECK(run(db, "truncate public.test_db_tx; set search_path = public", &e) == 0);
		CHECK(db_tx(db, write_then, &work, &e) == (table[i].kind == ERR_NONE ? 0 : -1));
		CHECK(e.kind == table[i].kind);
		if (table[i].kind == ERR_TRANSIENT)
			usleep(RETRY_US);
		snprintf(sql, sizeof sql, "do $$ begin assert (select count(*) from "
		    "public.test_db_tx) = %d; end $$", table[i].rows);
		CHECK(run(db, sql, &e) == 0);
	}
	CHECK(db_script(db, "select 1", &e) == -1 && e.kind == ERR_BUG);	/* outside */
	CHECK(run(db, "drop table public.test_db_tx", &e) == 0);
	db_free(db);
}

static int
pipeline_after_failure(struct db *db, void *arg, struct err *e)
{
	ARENA(a);
	const struct db_step steps[] = {{Q_db_ping, DB_NOARGS}, {Q_db_ping, DB_NOARGS}};
	struct db_rows rows[2];

	db_script(db, "select nothing", e);
	return db_pipeline(db, &a, steps, 2, rows, arg, e);
}

static void
pipelines(void)
{
	ARENA(a);
	struct db *db = open_db(3000);
	struct db_step steps[200];
	struct db_rows rows[200];
	struct err e = {0};
	size_t failed = 77;

	for (size_t i = 0; i < 200; i++)
		steps[i] = (struct db_step){Q_db_ping, DB_NOARGS};
	CHECK(db_pipeline(db, &a, steps, 200, rows, &failed, &e) == 0);
	for (size_t i = 0; i < 200; i++)
		CHECK(rows[i].n == 1 && db_int(&rows[i], 0, "one", 0) == 1);
	CHECK(db_pipeline(db, &a, steps, 0, rows, NULL, &e) == 0);
	CHECK(ping(db, &e) == 0 && e.kind == ERR_NONE);
	/* Step 3 has a parameter too many. */
	steps[3].args = DB_ARGS("x");
	CHECK(db_pipeline(db, &a, steps, 5, rows, &failed, &e) == -1);
	CHECK(failed == 3 && e.kind == ERR_BUG);
	/* The first step of two is refused by the server. */
	CHECK(ping(db, &e) == 0);
	CHECK(db_tx(db, pipeline_after_failure, &failed, &e) == -1);
	CHECK(failed == 0);
	CHECK_STR(e.sqlstate, "25P02");
	CHECK(ping(db, &e) == 0);
	db_free(db);
}

static void
reconnecting(void)
{
	struct db *db = open_db(3000), *other = open_db(3000);
	struct err e = {0};

	CHECK(ping(db, &e) == 0);
	CHECK(run(other, "select pg_terminate_backend(pid) from pg_stat_activity where "
	    "application_name = 'test_db' and pid <> pg_backend_pid()", &e) == 0);
	/* Within the same second nothing is tried; after it one call is enough. */
	usleep(100000);
	CHECK(ping(db, &e) == -1 && e.kind == ERR_TRANSIENT);
	usleep(RETRY_US);
	CHECK(ping(db, &e) == 0);
	/* A connection that is found broken later than that is not noticed at all. */
	usleep(RETRY_US);
	CHECK(run(other, "select pg_terminate_backend(pid) from pg_stat_activity where "
	    "application_name = 'test_db' and pid <> pg_backend_pid()", &e) == 0);
	usleep(100000);
	CHECK(ping(db, &e) == 0);
	db_free(db);
	db_free(other);
}

static void
slow(void)
{
	struct db *db = open_db(300);
	struct err e = {0};
	const int64_t begin_ms = clock_ms();

	CHECK(run(db, "select pg_sleep(20)", &e) == -1 && e.kind == ERR_TRANSIENT);
	CHECK_STR(e.sqlstate, "57014");
	CHECK(clock_ms() - begin_ms < 2000);
	CHECK(ping(db, &e) == 0);
	db_free(db);
}

static void
unreachable(void)
{
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t len = sizeof address;
	struct err e = {0};
	char silent[100];

	/* Takes connections (in its backlog) and never says a word. */
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(fd, (struct sockaddr *)&address, len) == 0 && listen(fd, 4) == 0);
	CHECK(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
	snprintf(silent, sizeof silent, "host=127.0.0.1 port=%d sslmode=disable", ntohs(address.sin_port));
	struct db *db = db_new(silent, "test_db", 300);
	const int64_t begin_ms = clock_ms();
	CHECK(db_connect(db, &e) == -1 && e.kind == ERR_TRANSIENT);
	CHECK_STR(e.msg, "cannot connect to the database: no answer within 300 ms");
	CHECK(clock_ms() - begin_ms >= 300 && clock_ms() - begin_ms < 1000);
	CHECK(db_connect(db, &e) == -1 && strstr(e.msg, "within a second"));
	db_free(db);
	close(fd);

	/* Nobody listens there any more; and a password is never a part of the message. */
	db = db_new(silent, "test_db", 300);
	CHECK(db_connect(db, &e) == -1 && e.kind == ERR_TRANSIENT && strstr(e.msg, "refused"));
	db_free(db);
	db = db_new("postgres://u:hunt/er2@127.0.0.1/x", "test_db", 300);
	CHECK(db_connect(db, &e) == -1 && !strstr(e.msg, "hunt") && !strstr(e.msg, "er2"));
	db_free(db);
}

static void
notifications(void)
{
	struct db *db = open_db(3000), *other = open_db(3000);
	struct err e = {0};
	int64_t begin_ms;
	int fds[2];

	CHECK(pipe(fds) == 0);
	CHECK(db_listen(db, "test_channel", &e) == 0);
	begin_ms = clock_ms();
	CHECK(db_wait(db, 200, fds[0], &e) == 0 && clock_ms() - begin_ms >= 200);
	CHECK(run(other, "notify test_channel", &e) == 0);
	CHECK(db_wait(db, 3000, fds[0], &e) == 1);
	CHECK(db_wait(db, 0, -1, &e) == 0);
	/* One that comes with another answer is kept. */
	CHECK(run(other, "notify test_channel", &e) == 0);
	CHECK(ping(db, &e) == 0);
	CHECK(db_wait(db, 3000, -1, &e) == 1);
	CHECK(write(fds[1], "x", 1) == 1 && db_wait(db, 3000, fds[0], &e) == 2);
	/* Lost: said once, then it listens again and says that something may have come. */
	CHECK(run(other, "select pg_terminate_backend(pid) from pg_stat_activity where "
	    "application_name = 'test_db' and pid <> pg_backend_pid()", &e) == 0);
	CHECK(db_wait(db, 3000, -1, &e) == -1 && e.kind == ERR_TRANSIENT);
	CHECK(db_wait(db, 3000, -1, &e) == 1);
	CHECK(run(other, "notify test_channel", &e) == 0);
	CHECK(db_wait(db, 3000, -1, &e) == 1);
	close(fds[0]);
	close(fds[1]);
	db_free(db);
	db_free(other);
}

int
main(void)
{
	static const struct test tests[] = {
		{"db_shapes", shapes}, {"db_settings", settings}, {"db_errors", errors},
		{"db_transactions", transactions}, {"db_pipelines", pipelines},
		{"db_reconnecting", reconnecting}, {"db_slow", slow},
		{"db_unreachable", unreachable}, {"db_notifications", notifications}, {0},
	};

	url = getenv("STOREWARD_TEST_DB");
	if (!url) {
		printf("skip db: STOREWARD_TEST_DB is not set\n");
		return 77;
	}
	return test_main(tests);
}
