/* What waits for an administrator's decision, on all clusters. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

int
incident_list(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_incident_list, DB_NOARGS};
	struct db_rows incidents;

	if (auth_run(c, &step, 1, &incidents, e) != 0)
		return -1;
	db_json_rows(&c->reply->body, &incidents);
	return 0;
}
