/* How we are.  Open to all, so nothing here tells why: reasons are in the log. */
#include "config.h"

#include "fcgi/handlers.h"
#include "lib/log.h"

#define PASSES_MAX 50

/* The peer's form: 200 in any case. */
int
health_show(struct route_ctx *c, struct err *e)
{
	struct db_rows one;
	const bool up = db_one(c->db, c->a, Q_db_ping, DB_NOARGS, &one, e) == 0;

	if (!up)
		log_error("database is away", "why", e->msg, NULL);
	buf_adds(&c->reply->body,
	    up ? "{\"status\":\"healthy\",\"database\":\"connected\"}" :
	    "{\"status\":\"unhealthy\",\"database\":\"unreachable\"}");
	return 0;
}

/* This process answers; nothing else is asked. */
int
health_live(struct route_ctx *c, struct err *e)
{
	(void)e;
	c->reply->type = "text/plain";
	buf_adds(&c->reply->body, "ok\n");
	return 0;
}

int
health_version(struct route_ctx *c, struct err *e)
{
	(void)e;
	buf_adds(&c->reply->body,
	    "{\"name\":\"storeward\",\"version\":\"" PACKAGE_VERSION "\",\"api\":\"v1\"}");
	return 0;
}

struct probe {
	const char *verbose;
};
const struct field health_params[] = {
	FIELD(struct probe, verbose, STR, OPTIONAL),
	{0}
};

/* One line per cluster; a reconciler that is late or sees no cluster is no reason to take
 * the API out of service: requests are accepted. Returns whether all is well. */
static bool
show_passes(struct buf *out, const struct db_rows *passes)
{
	bool well = true;

	for (size_t i = 0; i < passes->n; i++) {
		const bool late = db_bool(passes, i, "late");
		const bool up = db_bool(passes, i, "kubernetes");
		const bool good = !late && up && db_int(passes, i, "errors", 0) == 0;

		buf_printf(out, "[%s] reconcile of cluster %s: ", good ? "+" : "~",
		    db_text(passes, i, "cluster"));
		if (!db_text(passes, i, "age_s"))
			buf_adds(out, "no pass yet\n");
		else
			buf_printf(out,
			    "last pass %s s ago%s, Kubernetes %s, %s errors\n",
			    db_text(passes, i, "age_s"), late ? " (late)" : "",
			    up ? "ok" : "not reachable",
			    db_text_or(passes, i, "errors", "0"));
		well = well && good;
	}
	return well;
}

int
health_ready(struct route_ctx *c, struct err *e)
{
	struct buf *out = &c->reply->body;
	struct probe probe = {0};
	struct db_rows passes;

	if (request_params(c->a, c->r, health_params, &probe, e) != 0)
		return -1;
	if (db_list(c->db, c->a, Q_health_passes, DB_NOARGS, PASSES_MAX, &passes, e) != 0) {
		e->kind = ERR_TRANSIENT;	/* a schema that is not there yet too is: not ready */
		return -1;
	}
	c->reply->type = "text/plain";
	if (!probe.verbose)
		return buf_adds(out, "ready\n");
	buf_adds(out, "[+] database: ok\n");
	return buf_adds(out, show_passes(out, &passes) ? "ready\n" :
	    "ready, but degraded\n");
}
