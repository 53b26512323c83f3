/*
 * What PostgreSQL's errors mean to us.  Class SW is raised by our own triggers, whose text,
 * constraint and column are meant for the person and the program that asked.
 */
#include "config.h"

#include "lib/db_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first row whose prefix fits decides. */
static const struct {
	const char *prefix;
	enum err_kind kind;
} kinds[] = {
	{"SW401", ERR_UNAUTHENTICATED},
	{"SW403", ERR_DENIED},
	{"SW404", ERR_MISSING},
	{"SW409", ERR_CONFLICT},
	{"SW412", ERR_STALE},
	{"SW422", ERR_INPUT},
	{"22", ERR_INPUT},		/* data exception */
	{"23502", ERR_INPUT},		/* not null */
	{"23503", ERR_INPUT},		/* foreign key */
	{"23505", ERR_CONFLICT},	/* unique */
	{"23514", ERR_INPUT},		/* check */
	{"42501", ERR_DENIED},		/* insufficient privilege, row-level security */
	{"08", ERR_TRANSIENT},		/* connection */
	{"40", ERR_TRANSIENT},		/* serialisation, deadlock */
	{"53", ERR_TRANSIENT},		/* insufficient resources */
	{"57", ERR_TRANSIENT},		/* cancelled, shutting down */
};

enum err_kind
db_sqlstate(const char *sqlstate)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strncmp(sqlstate, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return kinds[i].kind;
	}
	return ERR_BUG;
}

static bool
in_class(const char *sqlstate, const char *class)
{
	return strncmp(sqlstate, class, 2) == 0;
}

/* DETAIL is never shown, and class 22 is reworded: they quote the values given. */
int
db_refused(const struct db_refusal *r, struct err *e)
{
	const char *text = in_class(r->sqlstate, "22") ?
	    "a value has the wrong form or is out of range" :
	    r->text ? r->text : "the database gave no reason";

	err_code(e, db_sqlstate(r->sqlstate), r->constraint ? r->constraint : "", "%s", text);
	if (r->column && in_class(r->sqlstate, "SW")) {
		char pointer[sizeof e->fields[0].pointer];
		struct err field = {0};

		/* Made aside: err_field() would take the kind and the code away. */
		snprintf(pointer, sizeof pointer, "/%s", r->column);
		err_field(&field, pointer, "%s", text);
		e->fields[0] = field.fields[0];
		e->nfields = 1;
	}
	snprintf(e->sqlstate, sizeof e->sqlstate, "%s", r->sqlstate);
	return e->kind == ERR_BUG ? err_wrap(e, "%s", r->what) : -1;
}

int
db_error_line(const char *sql, const char *position)
{
	long left = position ? strtol(position, NULL, 10) : 0;
	int line = left > 0;

	/* Positions count characters, not bytes. */
	for (; *sql && left > 1; sql++) {
		line += *sql == '\n';
		left -= ((unsigned char)sql[1] & 0xC0) != 0x80;
	}
	return line;
}
