/* All handlers, by the file they are in, and the query parameters they take. */
#ifndef FCGI_HANDLERS_H
#define FCGI_HANDLERS_H

#include "fcgi/route.h"

route_handler health_show, health_live, health_ready, health_version;
route_handler metrics_show;
route_handler session_create, session_change, session_delete;
route_handler me_show, me_password, me_sessions, me_session_end;
route_handler me_tokens, me_token_create, me_token_revoke;
route_handler tenant_list, incident_list;
route_handler engine_list, plan_list;
route_handler store_list, store_summary, store_name_check;
route_handler store_create, store_get, store_change, store_delete, store_retry;
route_handler store_rotate, store_check;
route_handler event_list, event_logs;
route_handler credentials_reveal;
route_handler audit_list;
route_handler observe_health, observe_metrics, observe_history;

extern const struct field health_params[], store_list_params[], store_name_params[];
extern const struct field event_params[], event_log_params[], audit_params[];
extern const struct field observe_params[];

#endif
