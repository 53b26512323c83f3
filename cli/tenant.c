/* Tenants. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>

const struct cli_option tenant_add_options[] = {
	{"max-stores", "N", false, "how many stores it may have; 20 for a new tenant", 0, CLI_STORES_MAX},
	{"creates-per-minute", "N", false, "how often it may ask for a store; 30 for a new tenant", 0, CLI_STORES_MAX},
	{0},
};

int
tenant_add(struct cli *c, struct err *e)
{
	const char *wrong = field_dns_label(c->args[0]);
	struct db_rows r;

	if (wrong)
		return err_set(e, ERR_INPUT, "tenant %s: its name %s", c->args[0], wrong);
	if (cli_connect(c, e) != 0 || db_one(c->db, c->a, Q_cli_tenant_add,
	    DB_ARGS(c->args[0], args_option(c, "max-stores"), args_option(c, "creates-per-minute")), &r, e) != 0)
		return err_wrap(e, "tenant %s", c->args[0]);
	return table_print(c, &r, e);
}

int
tenant_list(struct cli *c, struct err *e)
{
	return cli_list(c, Q_cli_tenant_list, DB_NOARGS, e);
}
