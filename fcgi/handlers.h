/* All handlers, each in the file of its noun, and the query parameters they take. */
#ifndef FCGI_HANDLERS_H
#define FCGI_HANDLERS_H

#include "fcgi/route.h"

route_handler health_show, health_live, health_ready, health_version;
route_handler engine_list, plan_list;
route_handler store_list, store_create, store_get, store_delete;

extern const struct field health_params[], store_params[];

#endif
