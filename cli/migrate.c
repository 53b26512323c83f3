/*
 * Brings the schema up to date: roles first, then each numbered migration that was not
 * applied yet, in a transaction of its own under an advisory lock.  Forward only: a changed
 * or unknown migration is refused before anything is done.
 */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "lib/crypto.h"
#include "sql/migrations.h"

#define N_MIGRATIONS (sizeof migrations / sizeof *migrations)

struct step {
	struct arena *a;
	const struct migration *m;
	bool applied;		/* by this run */
};

static int
lock(struct db *db, struct arena *a, const char *role, struct err *e)
{
	struct db_rows r;

	return db_one(db, a, Q_migration_lock, DB_ARGS(role), &r, e);
}

static int
make_roles(struct db *db, void *arg, struct err *e)
{
	struct arena *a = arg;
	struct db_rows r;

	if (lock(db, a, "", e) != 0 ||
	    db_one(db, a, Q_migration_may_make_roles, DB_NOARGS, &r, e) != 0)
		return -1;
	if (strcmp(db_text_or(&r, 0, "may_bool", "f"), "t") != 0)
		return 0;
	return db_script(db, migration_roles, e) == 0 ? 0 : err_wrap(e, "roles");
}

/* Compares what was applied with what this program has; *done is how many were. */
static int
check_applied(struct db *db, struct arena *a, size_t *done, struct err *e)
{
	struct db_rows r;

	if (db_list(db, a, Q_migration_list, DB_NOARGS, CLI_ROWS_MAX, &r, e) != 0)
		return -1;
	for (size_t i = 0; i < r.n; i++) {
		const char *name = db_text(&r, i, "name");

		if (i >= N_MIGRATIONS)
			return err_set(e, ERR_CONFLICT, "the database is newer than this program: it has "
			    "migration %s (%s); use a newer storeward", db_text(&r, i, "number"), name);
		const struct migration *m = &migrations[i];
		if (db_int(&r, i, "number", 0) != m->number)
			return err_set(e, ERR_CONFLICT, "migration %04d (%s) was not applied, but a later "
			    "one was", m->number, m->name);
		if (strcmp(db_text(&r, i, "sha256"),
		    crypto_sha256_hex(a, m->text, strlen(m->text))) != 0)
			return err_set(e, ERR_CONFLICT, "migration %04d (%s) was changed after it was applied; "
			    "changes need a migration of their own", m->number, m->name);
	}
	*done = r.n;
	return 0;
}

struct start {
	struct arena *a;
	size_t done;
};

/* Makes the table of migrations where it is missing, and looks what is in it. */
static int
begin(struct db *db, void *arg, struct err *e)
{
	struct start *s = arg;
	struct db_rows r;

	if (lock(db, s->a, "storeward_owner", e) != 0 ||
	    db_one(db, s->a, Q_migration_state, DB_NOARGS, &r, e) != 0)
		return -1;
	if (!db_bool(&r, 0, "there_bool") && (db_exec(db, Q_migration_schema, DB_NOARGS, e) < 0 ||
	    db_exec(db, Q_migration_table, DB_NOARGS, e) < 0))
		return -1;
	return check_applied(db, s->a, &s->done, e);
}

static int
apply(struct db *db, void *arg, struct err *e)
{
	struct step *s = arg;
	size_t done;

	/* Again under the lock: another migrator may have been faster. */
	if (lock(db, s->a, "storeward_owner", e) != 0 || check_applied(db, s->a, &done, e) != 0)
		return -1;
	if (done >= (size_t)s->m->number)
		return 0;
	const char *number = arena_printf(s->a, "%d", s->m->number);
	const char *sha256 = crypto_sha256_hex(s->a, s->m->text, strlen(s->m->text));

	if (db_script(db, s->m->text, e) != 0 ||
	    db_exec(db, Q_migration_record, DB_ARGS(number, s->m->name, sha256), e) < 0)
		return err_wrap(e, "migration %04d (%s), nothing of it was kept", s->m->number, s->m->name);
	s->applied = true;
	return 0;
}

int
migrate_run(struct cli *c, struct err *e)
{
	struct start start = {.a = c->a};

	if (db_tx(c->db, make_roles, c->a, e) != 0 || db_tx(c->db, begin, &start, e) != 0)
		return -1;
	for (size_t i = start.done; i < N_MIGRATIONS; i++) {
		struct step s = {.a = c->a, .m = &migrations[i]};

		if (db_tx(c->db, apply, &s, e) != 0)
			return -1;
		if (s.applied)
			printf("applied %04d %s\n", s.m->number, s.m->name);
	}
	if (start.done == N_MIGRATIONS)
		printf("up to date: %04zu %s\n", N_MIGRATIONS, migrations[N_MIGRATIONS - 1].name);
	return 0;
}

int
doctor_run(struct cli *c, struct err *e)
{
	size_t done;

	if (cli_connect(c, e) != 0 || check_applied(c->db, c->a, &done, e) != 0)
		return -1;
	if (done < N_MIGRATIONS)
		return err_set(e, ERR_CONFLICT, "migration %04d (%s) is not applied yet; run storeward migrate",
		    migrations[done].number, migrations[done].name);
	printf("ok schema %04zu\n", done);
	if (db_prepare_all(c->db, e) != 0)
		return -1;
	printf("ok %d queries prepared\n", Q_COUNT - 1);
	return audit_verify(c, e);
}
