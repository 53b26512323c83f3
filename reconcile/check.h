/*
 * What a shop is asked again and again: a Job made from a suspended CronJob of its chart, judged when it has ended.
 * One table: the checkout probe, and whether the shop is isolated.
 */
#ifndef RECONCILE_CHECK_H
#define RECONCILE_CHECK_H

#include "reconcile/world.h"

#define CHECK_FAILURES 2	/* of the probe in a row are no blip */

/* What the Job's container is told; ended by a NULL name. */
struct check_env {
	const char *name, *value;
};

/* Which release a check is of: its hash is on each run's Job, its generation in the Job's name. */
struct check_target {
	const char *hash;
	int64_t generation;
};

/* What is deployed and sold, where a change of it was refused; else what is wanted. */
struct check_target check_target(const struct world *w, const struct store *s);

/* engine.yaml of its version: what there is to be seen of it, and how it is checked. */
const struct json *check_spec(const struct world *w, const struct store *s);

/* The bits of all workloads that it has. */
uint64_t check_workloads(const struct world *w, const struct store *s);

/* Whether that was seen to sell. */
bool check_sold(const struct world *w, const struct store *s);

/* What is known of a run that ended. */
struct check_end {
	const struct json *pods, *end;	/* end: of its container */
	const char *said;		/* the termination message, "" = none */
	const char *at;			/* RFC 3339, NULL = not known */
	int64_t seconds;
};

/* Of which check this Job is, its generation and number; false when it is of none. */
bool check_parse(const char *job, enum check_kind *kind, int64_t *generation, int64_t *attempt);

/* The name of a run's Job. */
const char *check_job(struct world *w, const struct store *s, enum check_kind kind, int64_t attempt);

/* Makes the next run and takes away the one before. */
int check_start(struct world *w, struct store *s, enum check_kind kind, const struct check_env *env, struct err *e);

/* What is deployed sells, as its newest probe showed, if it has one: condition, event, and when the next one is due. */
void check_verified(struct world *w, struct store *s);

/* A person wants to know now: both are due, and a run that began before is no answer. */
void check_asked(struct world *w, struct store *s);

/* Somebody is waiting for the probe that was asked for. */
bool check_awaited(const struct world *w, const struct store *s);

/* Another generation is deployed: its runs are counted anew, and what is looked at in each one is due. */
void check_anew(struct store *s);

/* Judges scheduled runs that ended. */
void check_judge(struct world *w, struct store *s);

/* Starts what is due in a shop that is as wanted, or sells as it did; nothing waits for it. */
void check_due(struct world *w, struct store *s);

/* What the next run of the probe must do: "create" (a purchase with cash on delivery), "order" or "browse". */
const char *check_mode(const struct world *w, const struct store *s);

/* When a store's next run is due: spread over the period by its id, and the same after a restart. */
int64_t check_slot(const char *id, int64_t period_ms, int64_t now_ms);

#endif
