/*
 * The life of the one connection: when it is opened, what is set in it, and the transaction
 * that is open in it.
 */
#include "config.h"

#include "lib/db_private.h"

#include "lib/clock.h"

#include <stdio.h>

#define RETRY_MS 1000			/* between two tries to connect */
#define SCRIPT_MS (10 * 60 * 1000)	/* a whole script; each statement has timeout_ms */

struct db *
db_new(const char *url, const char *application_name, int timeout_ms)
{
	struct arena home = {NULL};
	struct db *db = arena_new(&home, struct db);

	db->url = arena_strdup(&home, url);
	db->application_name = arena_strdup(&home, application_name);
	db->timeout_ms = timeout_ms;
	db->home = home;
	return db;
}

void
db_free(struct db *db)
{
	if (!db)
		return;
	db_drop(db);
	struct arena home = db->home;
	arena_fini(&home);
}

/* Every connection begins with these, so that texts and limits do not depend on the server's
 * configuration. */
static int
open_connection(struct db *db, struct err *e)
{
	char settings[256];

	if (clock_ms() < db->retry_at_ms)
		return err_set(e, ERR_TRANSIENT, "the database cannot be reached; the next try is "
		    "within a second");
	db->retry_at_ms = clock_ms() + RETRY_MS;
	if (db_start(db, e) != 0)
		return -1;
	snprintf(settings, sizeof settings, "set statement_timeout = %d; "
	    "set idle_in_transaction_session_timeout = '60s'; set time zone 'UTC'; "
	    "set search_path = storeward, pg_temp", db->timeout_ms);
	if (db_command(db, settings, db->timeout_ms, e) == 0)
		return 0;
	db_drop(db);
	return -1;
}

int
db_connect(struct db *db, struct err *e)
{
	db_look(db);
	if (db->conn)
		return 0;
	if (db->in_tx)
		return err_set(e, ERR_TRANSIENT, "the database connection was lost within a "
		    "transaction");
	return open_connection(db, e);
}

int
db_tx(struct db *db, int (*fn)(struct db *db, void *arg, struct err *e), void *arg,
    struct err *e)
{
	struct err ignored;

	if (db->in_tx)
		return err_set(e, ERR_BUG, "a transaction within a transaction");
	if (db_connect(db, e) != 0 || db_command(db, "begin", db->timeout_ms, e) != 0)
		return -1;
	db->in_tx = true;
	int result = fn(db, arg, e);
	/* COMMIT would then answer ROLLBACK and no error. */
	if (result == 0 && db->conn && db_tx_is_failed(db))
		result = err_set(e, ERR_BUG, "a failed statement of a transaction was overlooked");
	if (result == 0 && !db->conn)
		result = err_set(e, ERR_TRANSIENT, "the connection was lost in a transaction");
	if (result == 0)
		result = db_command(db, "commit", db->timeout_ms, e);
	else if (db->conn)
		db_command(db, "rollback", db->timeout_ms, &ignored);
	db->in_tx = false;
	return result == 0 ? 0 : -1;
}

int
db_script(struct db *db, const char *sql, struct err *e)
{
	if (!db->in_tx)
		return err_set(e, ERR_BUG, "a script outside a transaction");
	if (db_connect(db, e) != 0)
		return -1;
	return db_command(db, sql, SCRIPT_MS, e);
}
