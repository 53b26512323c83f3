/* Engines: what a store can be made of. */
#include "config.h"

#include "fcgi/auth.h"
#include "fcgi/handlers.h"

int
engine_list(struct route_ctx *c, struct err *e)
{
	const struct db_step step = {Q_engine_list, DB_NOARGS};
	struct db_rows engines;

	if (auth_run(c, &step, 1, &engines, e) != 0)
		return -1;
	db_json_rows(&c->reply->body, &engines);
	return 0;
}
