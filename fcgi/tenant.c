/* Tenants of the platform, for its administrators. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

int
tenant_list(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_tenant_list, DB_NOARGS};
	struct db_rows tenants;

	if (auth_run(c, &step, 1, &tenants, e) != 0)
		return -1;
	db_json_rows(&c->reply->body, &tenants);
	return 0;
}
