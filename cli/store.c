/* Stores, over all tenants; people make and delete them through the API. */
#include "config.h"

#include "cli/cli.h"

int
stores_list(struct cli *c, struct err *e)
{
	return cli_list(c, Q_cli_store_list, DB_NOARGS, e);
}
