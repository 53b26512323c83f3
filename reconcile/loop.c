/*
 * A pass goes through rounds while something moves: then a store needs one pass, not ten.  It ends when all is as
 * wanted, when nothing moved for a while, or when its time is up; never while a helm child runs.
 */
#include "config.h"

#include "reconcile/loop.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "reconcile/cluster.h"
#include "reconcile/incident.h"
#include "reconcile/lease.h"
#include "reconcile/round.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	PASS_MS = 40 * 1000,		/* no further round after this, unless helm runs */
	IDLE_MS = 15 * 1000,		/* nor after this without any movement */
	ROUND_MS = 1000,
	SOON_MS = 2000
};

struct pass {
	const char *id;
	struct round total;
	int64_t began, moved;
	struct arena a;
};

/* Between two rounds: until a child ends, or a second. */
static void
pause_round(struct world *w)
{
	const struct timespec t = {0, (long)ROUND_MS * 1000000 - 1};

	if (children_running(w->children))
		children_wait(w->children, ROUND_MS);
	else
		nanosleep(&t, NULL);
}

static int
start(struct world *w, struct pass *p, struct err *e)
{
	struct db_rows r;
	const int taken = cluster_read(w, e) ? -1 : lease_take(w, e);

	if (taken <= 0)
		return taken;
	if (db_one(w->db, w->a, Q_pass_start, DB_ARGS(w->cluster, w->holder), &r, e))
		return -1;
	p->id = arena_strdup(&p->a, db_text(&r, 0, "id"));
	p->began = p->moved = clock_ms();
	w->reachable = cluster_contact(w);
	if (!w->helm_version) {
		struct err ignored;

		if (helm_version(&w->helm, &w->forever, &w->helm_version, &ignored))
			log_error("helm is not usable", "error", ignored.msg, NULL);
	}
	return 1;
}

/* 1 to go on, 0 when the pass is over. */
static int
round_once(struct world *w, struct pass *p, struct err *e)
{
	struct round r = p->total;
	const size_t before = r.acted + r.written;

	arena_reset(w->a);
	if (lease_keep(w, e) || round_run(w, &r, e))
		return -1;
	p->total = r;
	const int64_t now = clock_ms();

	if (r.acted + r.written > before)
		p->moved = now;
	if (children_running(w->children))
		return 1;
	return w->reachable && r.waiting > 0 && now - p->began < PASS_MS && now - p->moved < IDLE_MS;
}

static const char *
count(struct arena *a, size_t n)
{
	return arena_printf(a, "%zu", n);
}

static enum loop_result
finish(struct world *w, struct pass *p, enum loop_result result)
{
	struct err e;
	struct incident_state incidents = {0};
	struct arena *a = &p->a;
	const struct round *t = &p->total;

	if (db_exec(w->db, Q_pass_finish, DB_ARGS(p->id, count(a, t->stores), count(a, t->acted),
	    count(a, t->waiting), count(a, t->errors), w->kubernetes,
	    w->helm_version ? w->helm_version : "not usable"), &e) < 0 ||
	    incident_state(w, "", &incidents, &e))
		result = LOOP_ERROR;
	log_info("pass", "stores", count(a, t->stores), "acted", count(a, t->acted), "waiting",
	    count(a, t->waiting), "kubernetes", w->kubernetes, NULL);
	if (result != LOOP_CONVERGED)
		return result;
	if (incidents.open > 0)
		return LOOP_INCIDENTS;
	return t->waiting > 0 || !w->reachable ? LOOP_PENDING : LOOP_CONVERGED;
}

enum loop_result
loop_pass(struct world *w, const volatile sig_atomic_t *stop, bool *moved)
{
	struct pass p = {.id = NULL};
	struct err e;
	ARENA(round);
	enum loop_result result = LOOP_CONVERGED;
	int go;

	w->a = &round;
	*moved = false;
	snprintf(w->kubernetes, sizeof w->kubernetes, "not asked");
	go = start(w, &p, &e);
	if (go == 0) {
		log_info("another reconciler holds the lease", NULL);
		arena_fini(&p.a);
		return LOOP_PENDING;
	}
	while (go > 0 && !*stop) {
		go = round_once(w, &p, &e);
		if (go > 0)
			pause_round(w);
	}
	if (go < 0) {
		log_error("pass ended early", "error", e.msg, NULL);
		children_free(w->children);	/* their claims say until when nobody else acts */
		result = LOOP_ERROR;
	}
	*moved = p.total.acted + p.total.written > 0;
	if (p.id)
		result = finish(w, &p, result);
	arena_fini(&p.a);
	return result;
}

void
loop_watch(struct world *w, const volatile sig_atomic_t *stop)
{
	struct err e;
	bool moved;

	if (db_listen(w->db, "storeward_store", &e))
		log_error("cannot listen", "error", e.msg, NULL);	/* the tick is enough */
	while (!*stop) {
		const enum loop_result result = loop_pass(w, stop, &moved);
		const int tick = (int)w->conf->tick_s * 1000;
		const int timeout = result == LOOP_CONVERGED || tick < SOON_MS ? tick :
		    moved ? SOON_MS : tick < 2 * SOON_MS ? tick : 2 * SOON_MS;

		if (!*stop && db_wait(w->db, timeout, -1, &e) < 0) {
			const struct timespec t = {1, 0};

			nanosleep(&t, NULL);
		}
	}
}
