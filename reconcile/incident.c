/* Incidents of this cluster. */
#include "config.h"

#include "reconcile/incident.h"

#include "lib/log.h"

int
incident_open(struct world *w, const char *kind, const char *object, const char *message, const char *next_step)
{
	struct err e;

	if (db_exec(w->db, Q_incident_open, DB_ARGS(w->cluster, kind, object, message, next_step), &e) >= 0)
		return 0;
	log_error("incident could not be written", "kind", kind, "object", object, "error", e.msg, NULL);
	return -1;
}

int
incident_state(struct world *w, const char *kind, struct incident_state *out, struct err *e)
{
	struct db_rows r;

	if (db_one(w->db, w->a, Q_incident_state, DB_ARGS(w->cluster, kind), &r, e))
		return -1;
	out->open = db_int(&r, 0, "open", 0);
	out->is_open = db_bool(&r, 0, "is_open");
	out->is_settled = db_bool(&r, 0, "is_settled");
	return 0;
}
