/* Plans: the sizes in which an engine comes. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

int
plan_list(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_plan_list, DB_NOARGS};
	struct db_rows plans;

	if (auth_run(c, &step, 1, &plans, e) != 0)
		return -1;
	db_json_rows(&c->reply->body, &plans);
	return 0;
}
