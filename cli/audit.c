/* The audit log's hash chains. */
#include "config.h"

#include "cli/cli.h"

int
audit_verify(struct cli *c, struct err *e)
{
	struct db_rows r;
	size_t broken = 0;

	if (cli_connect(c, e) != 0 ||
	    db_list(c->db, c->a, Q_cli_audit_chains, DB_NOARGS, CLI_ROWS_MAX, &r, e) != 0 ||
	    table_print(c, &r, e) != 0)
		return -1;
	for (size_t i = 0; i < r.n; i++)
		broken += db_text(&r, i, "broken_at_int") != NULL;
	return broken == 0 ? 0 : err_set(e, ERR_CONFLICT,
	    "%zu of %zu audit chains are broken: entries were changed or removed", broken, r.n);
}
