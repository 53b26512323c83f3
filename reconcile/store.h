/*
 * One store as a pass knows it: what is wanted (its row), what we hold (its status, before and
 * now), and what was seen in the cluster.  All texts live in the arena of the round.
 */
#ifndef RECONCILE_STORE_H
#define RECONCILE_STORE_H

#include "lib/db.h"
#include "lib/json.h"
#include "reconcile/plan.h"

/* What a store is asked again and again; check.c has the table. */
enum check_kind { CHECK_PROBE, CHECK_ISOLATION, CHECKS };

struct store_check {
	int64_t judged;			/* the highest number of a run of what is deployed */
	int64_t failures;		/* in a row */
	int64_t next_at;		/* of one that is at work: when it began */
};

/* Columns of store_status that we write; times in unix milliseconds, 0 is NULL. */
struct store_status {
	int64_t observed_generation, attempts, release_revision, applied_generation;
	const char *phase, *deleting_step, *conditions;
	const char *reason, *message, *next_step;
	const char *claim_holder, *applied_hash, *applied_version, *namespace_uid, *verified_hash;
	const char *storefront_url, *admin_url, *first_evidence;
	const char *admitted_hash, *refused_hash;
	struct store_check check[CHECKS];
	int64_t next_attempt_at, claim_until, provisioning_started_at, provisioning_completed_at, first_absent_at;
	int64_t checks_seen_at;
};

/* What the lists said; filled by observe.c. */
struct store_seen {
	enum plan_namespace namespace;
	const char *namespace_uid;
	const char *secret;		/* of the newest revision */
	const char *release_status, *release_hash;
	int64_t revision, release_generation;
	uint64_t workloads, workloads_ready;	/* bit i: spec.workloads[i] */
	uint64_t workloads_up;		/* pods enough are ready, maybe older ones than wanted */
	uint64_t workloads_down;	/* scaled to zero */
	size_t setup_jobs, setup_done;
	const char *setup_unfinished;	/* one of them */
	bool setup_going;		/* one is being deleted, and its pods may be at work still */
	struct store_run {
		int64_t attempt;	/* newest Job of the wanted hash; 0 = none */
		const char *status;
		int64_t last;		/* highest attempt of this generation, any hash */
		const char *old;	/* a Job of another generation */
	} run[CHECKS];
	size_t volumes, volumes_other;	/* claimed from the namespace; of these with the other reclaim policy */
};

#define STORE_EVENTS_MAX 16	/* of a round; a probe alone may have TOLD_MAX to tell */
struct store_event {
	const char *type, *reason, *message;
};

struct store {
	const char *id, *tenant, *name, *engine, *engine_version, *namespace, *chart_digest;
	enum plan_desired desired;
	bool retain, probe_orders;
	int64_t generation;
	int64_t credentials_revision;	/* 0: the passwords are the first ones */
	int64_t checks_requested_at;	/* by a person who wants to know now */
	const struct json *spec, *plan_values, *overrides;
	const struct json *applied_spec;	/* of another version that was applied last; NULL = of none */
	const char *url, *host, *values, *hash;	/* what a release must have */
	struct store_status now, was;
	struct store_seen seen;
	struct plan plan;
	struct store_event events[STORE_EVENTS_MAX];
	size_t nevents;
	bool claimed;			/* by somebody who may be alive */
	bool gone;			/* purged in this round */
};

struct world;

/* Reads all stores of the cluster into w->stores. */
int store_read(struct world *w, struct err *e);

/* It is being made, and longer than that may take. */
bool store_late(const struct world *w, const struct store *s);

/* A line for the timeline, written with the status. */
void store_event(struct store *s, const char *type, const char *reason, const char *message);

/* Why it is not ready. */
void store_reason(struct store *s, const char *reason, const char *message, const char *next_step);

/* A try failed: counts it and sets the time of the next, min(30 s * 2^n, 30 min) +- 20 %. */
void store_failed(struct store *s, int64_t now_ms);

#endif
