/* Incidents: what the reconciler will not decide by itself. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

const struct cli_option incidents_list_options[] = {
	{"all", NULL, false, "settled ones too"},
	{0},
};
const struct cli_option incidents_settle_options[] = {
	{"resolution", "TEXT", true, "what was found and done"},
	{0},
};

int
incidents_list(struct cli *c, struct err *e)
{
	return cli_list(c, Q_cli_incident_list, DB_ARGS(args_option(c, "all") ? "true" : "false"), e);
}

int
incidents_settle(struct cli *c, struct err *e)
{
	const char *id = c->args[0];
	struct db_rows r;

	if (strlen(id) > 18 || id[strspn(id, "0123456789")] != '\0')
		return err_set(e, ERR_INPUT, "%s is no incident's number", id);
	if (cli_connect(c, e) != 0 || db_find(c->db, c->a, Q_cli_incident_settle,
	    DB_ARGS(id, args_option(c, "resolution")), &r, e) != 0)
		return -1;
	if (r.n == 0)
		return err_set(e, ERR_MISSING, "no incident %s is open", id);
	printf("settled %s %s\n", db_text(&r, 0, "id"), db_text(&r, 0, "kind"));
	return 0;
}
