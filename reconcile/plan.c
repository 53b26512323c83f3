/* The table of rules.  The first row that fits decides; a member left out fits anything. */
#include "config.h"

#include "reconcile/plan.h"

#include <stddef.h>

/* Sets of values, one bit each; 0 is any. */
#define IN(value) (1u << (value))
#define NOT(value) (~(1u << (value)))
#define YES 2u
#define NO 1u

struct rule {
	unsigned desired, namespace, release, admission, work, probe, volumes, retry, look;
	unsigned claimed, known, stubborn, available, sold;
	struct plan plan;
};

#define PRESENT .desired = IN(PLAN_PRESENT)
#define SUSPENDED .desired = IN(PLAN_SUSPENDED)
#define WANTED .desired = NOT(PLAN_ABSENT)
#define ABSENT .desired = IN(PLAN_ABSENT)
#define NS(x) .namespace = IN(PLAN_NS_##x)
#define REL(x) .release = IN(PLAN_REL_##x)
#define ADM(x) .admission = IN(PLAN_ADM_##x)
#define WORK(x) .work = IN(PLAN_WORK_##x)
#define PROBE(x) .probe = IN(PLAN_PROBE_##x)
#define VOL(x) .volumes = IN(PLAN_VOL_##x)
#define RETRY(x) .retry = IN(PLAN_TIME_##x)
#define LOOK(x) .look = IN(PLAN_TIME_##x)
#define DO(action, phase) .plan = {PLAN_##action, PLAN_##phase, PLAN_STEP_NONE}
#define DEL(action, step) .plan = {PLAN_##action, PLAN_DELETING, PLAN_STEP_##step}

static const struct rule rules[] = {
	/* Going away.  Release, then namespace, then volumes, then the proof. */
	{ABSENT, .claimed = YES, DEL(WAIT, RELEASE)},
	{ABSENT, NS(UNKNOWN), .plan = {PLAN_WAIT, PLAN_KEEP, PLAN_STEP_NONE}},
	{ABSENT, NS(FOREIGN), DEL(WAIT, NAMESPACE)},
	{ABSENT, NS(TERMINATING), .release = NOT(PLAN_REL_UNKNOWN), VOL(LEFT), .retry = NOT(PLAN_TIME_AHEAD),
	    DEL(RECLAIM, NAMESPACE)},
	{ABSENT, NS(TERMINATING), DEL(WAIT, NAMESPACE)},
	{ABSENT, REL(UNKNOWN), DEL(WAIT, RELEASE)},
	{ABSENT, NS(ACTIVE), RETRY(AHEAD), DEL(WAIT, RELEASE)},
	{ABSENT, NS(ACTIVE), .release = NOT(PLAN_REL_ABSENT), .stubborn = NO, DEL(UNINSTALL, RELEASE)},
	{ABSENT, NS(ACTIVE), VOL(UNKNOWN), DEL(WAIT, NAMESPACE)},
	{ABSENT, NS(ACTIVE), DEL(DELETE, NAMESPACE)},
	{ABSENT, VOL(UNKNOWN), DEL(WAIT, VOLUMES)},
	{ABSENT, VOL(LEFT), RETRY(AHEAD), DEL(WAIT, VOLUMES)},
	{ABSENT, VOL(LEFT), DEL(RECLAIM, VOLUMES)},
	{ABSENT, VOL(GOING), DEL(WAIT, VOLUMES)},
	{ABSENT, .release = NOT(PLAN_REL_ABSENT), DEL(WAIT, VERIFYING)},
	{ABSENT, RETRY(AHEAD), DEL(WAIT, VERIFYING)},
	{ABSENT, LOOK(NONE), DEL(LOOK, VERIFYING)},
	{ABSENT, LOOK(AHEAD), DEL(WAIT, VERIFYING)},
	{ABSENT, LOOK(DUE), DEL(PURGE, VERIFYING)},

	/* Wanted: selling, or suspended, which differs only in how many pods there are. */
	{WANTED, NS(UNKNOWN), DO(WAIT, KEEP)},
	{WANTED, .claimed = YES, DO(WAIT, PROVISIONING)},
	{WANTED, NS(FOREIGN), DO(WAIT, FAILED)},
	{WANTED, NS(TERMINATING), DO(WAIT, PROVISIONING)},
	{WANTED, NS(ABSENT), RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{WANTED, NS(ABSENT), .known = YES, DO(FORGET, PROVISIONING)},
	{WANTED, NS(ABSENT), DO(NAMESPACE, PROVISIONING)},
	{WANTED, REL(UNKNOWN), DO(WAIT, KEEP)},
	{WANTED, REL(PENDING), DO(UNLOCK, PROVISIONING)},
	{WANTED, .release = NOT(PLAN_REL_CURRENT), ADM(FULL), .available = YES, RETRY(AHEAD), DO(NONE, PROVISIONING)},
	{WANTED, .release = NOT(PLAN_REL_CURRENT), RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{WANTED, REL(UNINSTALLING), DO(UNINSTALL, PROVISIONING)},
	{WANTED, .release = NOT(PLAN_REL_CURRENT), .admission = IN(PLAN_ADM_UNKNOWN) | IN(PLAN_ADM_FULL), DO(ADMIT, PROVISIONING)},
	{SUSPENDED, .release = NOT(PLAN_REL_CURRENT), ADM(REFUSED), DO(NONE, KEEP)},
	{PRESENT, .release = NOT(PLAN_REL_CURRENT), ADM(REFUSED), PROBE(BROKEN), .available = YES, DO(NONE, DEGRADED)},
	{PRESENT, .release = NOT(PLAN_REL_CURRENT), ADM(REFUSED), .available = YES, DO(NONE, STILL_READY)},
	{PRESENT, .release = NOT(PLAN_REL_CURRENT), ADM(REFUSED), .sold = YES, DO(WAIT, DEGRADED)},
	{PRESENT, .release = NOT(PLAN_REL_CURRENT), ADM(REFUSED), DO(NONE, FAILED)},
	{WANTED, .release = NOT(PLAN_REL_CURRENT), DO(APPLY, PROVISIONING)},
	{WANTED, WORK(UNKNOWN), DO(WAIT, KEEP)},
	{WANTED, WORK(MISSING), RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{WANTED, WORK(MISSING), DO(APPLY, PROVISIONING)},
	{WANTED, WORK(PROGRESS), DO(WAIT, PROVISIONING)},
	{SUSPENDED, DO(NONE, IS_SUSPENDED)},
	{PRESENT, PROBE(PASSED), DO(NONE, READY)},
	{PRESENT, PROBE(BROKEN), DO(NONE, DEGRADED)},
	{PRESENT, PROBE(UNKNOWN), DO(WAIT, KEEP)},
	{PRESENT, PROBE(RUNNING), DO(WAIT, PROVISIONING)},
	{PRESENT, RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{PRESENT, PROBE(FAILED), RETRY(NONE), DO(COUNT_FAILURE, PROVISIONING)},
	{PRESENT, DO(PROBE, PROVISIONING)},
};

static bool
in(unsigned set, int value)
{
	return set == 0 || (set >> value & 1u) != 0;
}

static bool
fits(const struct rule *r, const struct plan_state *s)
{
	return in(r->desired, s->desired) && in(r->namespace, s->namespace) &&
	    in(r->release, s->release) && in(r->admission, s->admission) && in(r->work, s->work) && in(r->probe, s->probe) &&
	    in(r->volumes, s->volumes) && in(r->retry, s->retry) && in(r->look, s->look) &&
	    in(r->claimed, s->claimed) && in(r->known, s->known) && in(r->stubborn, s->stubborn) &&
	    in(r->available, s->available) && in(r->sold, s->sold);
}

/* What a store is called while it is not yet as wanted.  One that is to stop stays what it was until it has stopped. */
static enum plan_phase
unfinished(const struct plan_state *s)
{
	if (s->admission == PLAN_ADM_FULL && (s->available || s->sold) && s->desired == PLAN_PRESENT)	/* it waits for room, and sells on */
		return s->available && s->probe != PLAN_PROBE_BROKEN ? PLAN_STILL_READY : PLAN_DEGRADED;
	if (s->served || (s->exhausted && s->available))
		return PLAN_DEGRADED;
	if (s->exhausted)
		return PLAN_FAILED;
	return s->desired == PLAN_SUSPENDED ? PLAN_KEEP : PLAN_PROVISIONING;
}

struct plan
plan_next(const struct plan_state *s)
{
	struct plan p = {PLAN_WAIT, PLAN_KEEP, PLAN_STEP_NONE};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (fits(&rules[i], s)) {
			p = rules[i].plan;
			break;
		}
	if (p.phase == PLAN_PROVISIONING)
		p.phase = unfinished(s);
	return p;
}

const char *
plan_phase_name(enum plan_phase phase)
{
	static const char *const names[PLAN_PHASE_COUNT] = {
	    NULL, "provisioning", "ready", "ready", "degraded", "failed", "suspended", "deleting"};

	return names[phase];
}

const char *
plan_step_name(enum plan_step step)
{
	static const char *const names[] = {NULL, "release", "namespace", "volumes", "verifying"};

	return names[step];
}

const char *
plan_action_name(enum plan_action action)
{
	static const char *const names[PLAN_ACTION_COUNT] = {"none", "wait", "namespace", "forget",
	    "unlock", "admit", "apply", "probe", "count failure", "uninstall", "delete", "reclaim", "look", "purge"};

	return names[action];
}
