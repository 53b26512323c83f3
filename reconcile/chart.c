/* At most 1 MiB for each version: read when it is needed, forgotten when helm has it. */
#include "config.h"

#include "reconcile/chart.h"

#include "lib/crypto.h"

int
chart_start(struct world *w, const struct store *s, const struct children_job *job,
    struct err *e)
{
	ARENA(a);
	struct children_job with_chart = *job;
	struct db_rows r;

	if (db_find(w->db, &a, Q_engine_chart, DB_ARGS(s->id, s->chart_digest), &r, e) != 0)
		return -1;
	if (r.n == 0)
		return err_set(e, ERR_CONFLICT, "the store's version was changed meanwhile");
	const char *archive = db_text(&r, 0, "archive");
	if (!archive)
		return err_set(e, ERR_MISSING, "The chart of %s %s is not in the database; "
		    "load it again: storeward engines load.", db_text(&r, 0, "name"),
		    db_text(&r, 0, "version"));
	with_chart.helm.chart = crypto_unbase64(&a, archive, &with_chart.helm.chart_len, e);
	return with_chart.helm.chart ? children_start(w->children, &w->helm, &with_chart, e) : -1;
}
