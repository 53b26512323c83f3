/* lib/sqlstate: the whole mapping, what of an error is shown, and lines of scripts. */
#include "config.h"

#include "lib/db_private.h"

#include "tests/check.h"

static void
kinds(void)
{
	static const struct {
		const char *sqlstate;
		enum err_kind kind;
	} table[] = {
		{"SW401", ERR_UNAUTHENTICATED}, {"SW403", ERR_DENIED}, {"SW404", ERR_MISSING},
		{"SW409", ERR_CONFLICT}, {"SW412", ERR_STALE}, {"SW422", ERR_INPUT}, {"SW500", ERR_BUG},
		{"22P02", ERR_INPUT}, {"22003", ERR_INPUT}, {"23502", ERR_INPUT},
		{"23503", ERR_INPUT}, {"23505", ERR_CONFLICT}, {"23514", ERR_INPUT},
		{"23P01", ERR_BUG}, {"08006", ERR_TRANSIENT}, {"40001", ERR_TRANSIENT},
		{"40P01", ERR_TRANSIENT}, {"53300", ERR_TRANSIENT}, {"57014", ERR_TRANSIENT},
		{"57P01", ERR_TRANSIENT}, {"42501", ERR_DENIED}, {"42P01", ERR_BUG},
		{"P0001", ERR_BUG}, {"XX000", ERR_BUG}, {"", ERR_BUG},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		CHECK(db_sqlstate(table[i].sqlstate) == table[i].kind);
		if (db_sqlstate(table[i].sqlstate) != table[i].kind)
			fprintf(stderr, "SQLSTATE %s\n", table[i].sqlstate);
	}
}

static void
refusals(void)
{
	static const struct {
		struct db_refusal refusal;
		enum err_kind kind;
		const char *code, *msg, *pointer;	/* pointer NULL: no field */
	} table[] = {
		{{"SW403", "Quota exceeded.", "quota_exceeded", NULL, "q"},
		    ERR_DENIED, "quota_exceeded", "Quota exceeded.", NULL},
		{{"SW409", "The name is taken.", "name_taken", "name", "q"},
		    ERR_CONFLICT, "name_taken", "The name is taken.", "/name"},
		{{"SW422", "No such plan.", NULL, "plan", "q"},
		    ERR_INPUT, "", "No such plan.", "/plan"},
		{{"23505", "duplicate key", "store_name_key", "name", "q"},
		    ERR_CONFLICT, "store_name_key", "duplicate key", NULL},
		{{"22P02", "invalid input syntax for type uuid: \"hunter2\"", NULL, NULL, "q"},
		    ERR_INPUT, "", "a value has the wrong form or is out of range", NULL},
		{{"42P01", "relation \"x\" does not exist", NULL, NULL, "store_get"},
		    ERR_BUG, "", "store_get: relation \"x\" does not exist", NULL},
		{{"57014", NULL, NULL, NULL, "q"},
		    ERR_TRANSIENT, "", "the database gave no reason", NULL},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err e = {0};
		CHECK(db_refused(&table[i].refusal, &e) == -1);
		CHECK(e.kind == table[i].kind);
		CHECK_STR(e.sqlstate, table[i].refusal.sqlstate);
		CHECK_STR(e.code, table[i].code);
		CHECK_STR(e.msg, table[i].msg);
		CHECK(e.nfields == (table[i].pointer != NULL));
		if (table[i].pointer) {
			CHECK_STR(e.fields[0].pointer, table[i].pointer);
			CHECK_STR(e.fields[0].detail, table[i].msg);
		}
	}
}

static void
lines(void)
{
	static const struct {
		const char *sql, *position;
		int line;
	} table[] = {
		{"select x", NULL, 0}, {"select x", "8", 1}, {"select\nx", "7", 1},
		{"select\nx", "8", 2}, {"\n\n\nx", "4", 4}, {"\xC3\xA9\nx", "3", 2},
		{"a\nb", "99", 2}, {"", "1", 1},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		CHECK(db_error_line(table[i].sql, table[i].position) == table[i].line);
}

int
main(void)
{
	static const struct test tests[] = {
		{"sqlstate_kinds", kinds}, {"sqlstate_refusals", refusals},
		{"sqlstate_lines", lines}, {0},
	};

	return test_main(tests);
}
