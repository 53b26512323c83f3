/*
 * What to do next with one store: a pure function of what is wanted and what was seen, read
 * from one table.  No I/O, no clock, no strings; tests/unit/test_plan.c tries every state.
 */
#ifndef RECONCILE_PLAN_H
#define RECONCILE_PLAN_H

#include <stdbool.h>

enum plan_desired { PLAN_PRESENT, PLAN_SUSPENDED, PLAN_ABSENT, PLAN_DESIRED_COUNT };

/* Of a namespace: ABSENT only by a complete list; FOREIGN has another owner or another uid. */
enum plan_namespace {
	PLAN_NS_UNKNOWN, PLAN_NS_ABSENT, PLAN_NS_ACTIVE, PLAN_NS_TERMINATING, PLAN_NS_FOREIGN, PLAN_NS_COUNT
};

/* Of the newest revision; STALE is deployed with another hash or generation than wanted. */
enum plan_release {
	PLAN_REL_UNKNOWN, PLAN_REL_ABSENT, PLAN_REL_PENDING, PLAN_REL_UNINSTALLING,
	PLAN_REL_FAILED, PLAN_REL_STALE, PLAN_REL_CURRENT, PLAN_REL_COUNT
};

/* Whether what is wanted fits its own quota, and the cluster: asked before it is applied.  FULL is asked again. */
enum plan_admission { PLAN_ADM_UNKNOWN, PLAN_ADM_GRANTED, PLAN_ADM_REFUSED, PLAN_ADM_FULL, PLAN_ADM_COUNT };

/* Of all workloads and the set-up Job together; READY is scaled to zero where the store is
 * suspended; MISSING is deleted by someone else. */
enum plan_work {
	PLAN_WORK_UNKNOWN, PLAN_WORK_MISSING, PLAN_WORK_PROGRESS, PLAN_WORK_READY, PLAN_WORK_COUNT
};

/* Of the checkout probe for what is deployed now; BROKEN once passed, and a scheduled one failed since. */
enum plan_probe {
	PLAN_PROBE_UNKNOWN, PLAN_PROBE_NONE, PLAN_PROBE_RUNNING, PLAN_PROBE_FAILED,
	PLAN_PROBE_PASSED, PLAN_PROBE_BROKEN, PLAN_PROBE_COUNT
};

/* Of the volumes claimed from the namespace: LEFT must be told to go with their claims,
 * GOING are on their way, KEPT are retained by policy and recorded. */
enum plan_volumes {
	PLAN_VOL_UNKNOWN, PLAN_VOL_NONE, PLAN_VOL_LEFT, PLAN_VOL_GOING, PLAN_VOL_KEPT, PLAN_VOL_COUNT
};

/* Of a moment to wait for. */
enum plan_time { PLAN_TIME_NONE, PLAN_TIME_AHEAD, PLAN_TIME_DUE, PLAN_TIME_COUNT };

struct plan_state {
	enum plan_desired desired;
	enum plan_namespace namespace;
	enum plan_release release;
	enum plan_admission admission;
	enum plan_work work;
	enum plan_probe probe;
	enum plan_volumes volumes;
	enum plan_time retry;		/* next_attempt_at */
	enum plan_time look;		/* the second look of a deletion's proof */
	bool claimed;			/* a helm child may be at work */
	bool known;			/* the store had a namespace */
	bool stubborn;			/* several uninstalls failed: the namespace's deletion does it */
	bool served;			/* was ready with what is wanted now */
	bool available;			/* was ready once, and its workloads still are there */
	bool sold;			/* a change was refused, and what is there was seen to sell */
	bool exhausted;			/* too many tries, or too late */
};

enum plan_action {
	PLAN_NONE,			/* as wanted, or nothing to be done but to check again */
	PLAN_WAIT,			/* for the cluster, a child or a moment */
	PLAN_NAMESPACE,			/* create it */
	PLAN_FORGET,			/* a namespace vanished: note the loss before it is made again */
	PLAN_UNLOCK,			/* mark a stale pending release failed */
	PLAN_ADMIT,			/* render what is wanted, to see whether it fits */
	PLAN_APPLY,			/* credentials, then helm upgrade --install */
	PLAN_PROBE,			/* start the checkout probe */
	PLAN_COUNT_FAILURE,		/* note that a probe failed */
	PLAN_UNINSTALL,			/* helm uninstall */
	PLAN_DELETE,			/* record volumes, delete the namespace */
	PLAN_RECLAIM,			/* let volumes go that stayed behind */
	PLAN_LOOK,			/* first look of the proof */
	PLAN_PURGE,			/* second look; then the tombstone */
	PLAN_ACTION_COUNT
};

enum plan_phase {
	PLAN_KEEP,			/* what it was: nothing new is known */
	PLAN_PROVISIONING, PLAN_READY,
	PLAN_STILL_READY,		/* sells as before a wish that was refused */
	PLAN_DEGRADED, PLAN_FAILED, PLAN_IS_SUSPENDED, PLAN_DELETING,
	PLAN_PHASE_COUNT
};

enum plan_step { PLAN_STEP_NONE, PLAN_STEP_RELEASE, PLAN_STEP_NAMESPACE, PLAN_STEP_VOLUMES, PLAN_STEP_VERIFYING };

struct plan {
	enum plan_action action;
	enum plan_phase phase;
	enum plan_step step;		/* while deleting */
};

struct plan plan_next(const struct plan_state *s);

/* As the database knows them; NULL for KEEP and NONE. */
const char *plan_phase_name(enum plan_phase phase);
const char *plan_step_name(enum plan_step step);
const char *plan_action_name(enum plan_action action);

#endif
