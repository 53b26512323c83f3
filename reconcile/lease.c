/* One row; the database's clock only. */
#include "config.h"

#include "reconcile/lease.h"

#include "lib/clock.h"
#include "reconcile/claim.h"

#include <stdio.h>

#define RENEW_MS 20000

#define STRING(x) #x
#define SECONDS(x) STRING(x)

int
lease_take(struct world *w, struct err *e)
{
	struct db_rows r;
	const char *dead = NULL;

	if (db_find(w->db, w->a, Q_lease_find, DB_ARGS(w->cluster), &r, e))
		return -1;
	if (r.n && claim_dead(w->holder, db_text(&r, 0, "holder")))
		dead = db_text(&r, 0, "holder");
	if (db_find(w->db, w->a, Q_lease_take, DB_ARGS(w->cluster, w->holder, SECONDS(LEASE_S), dead), &r, e))
		return -1;
	w->token[0] = 0;
	if (r.n == 0)
		return 0;
	snprintf(w->token, sizeof w->token, "%s", db_text(&r, 0, "token"));
	w->renewed_ms = clock_ms();
	return 1;
}

int
lease_keep(struct world *w, struct err *e)
{
	const int64_t now = clock_ms();
	struct db_rows r;

	if (now - w->renewed_ms <= RENEW_MS)
		return 0;
	if (db_find(w->db, w->a, Q_lease_renew, DB_ARGS(w->cluster, w->token, SECONDS(LEASE_S)), &r, e))
		return -1;
	if (r.n == 0)
		return err_code(e, ERR_CONFLICT, "lease_lost", "the lease was lost");
	w->renewed_ms = now;
	return 0;
}

void
lease_release(struct world *w)
{
	struct err e;

	if (w->token[0])
		(void)db_exec(w->db, Q_lease_release, DB_ARGS(w->cluster, w->token), &e);	/* or it runs out */
	w->token[0] = 0;
}
