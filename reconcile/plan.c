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
	unsigned desired, namespace, release, work, probe, volumes, retry, look;
	unsigned claimed, known, stubborn;
	struct plan plan;
};

#define PRESENT .desired = IN(PLAN_PRESENT)
#define ABSENT .desired = IN(PLAN_ABSENT)
#define NS(x) .namespace = IN(PLAN_NS_##x)
#define REL(x) .release = IN(PLAN_REL_##x)
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

	/* Left alone while suspended. */
	{.desired = IN(PLAN_SUSPENDED), DO(WAIT, IS_SUSPENDED)},

	/* Wanted. */
	{PRESENT, NS(UNKNOWN), DO(WAIT, KEEP)},
	{PRESENT, .claimed = YES, DO(WAIT, PROVISIONING)},
	{PRESENT, NS(FOREIGN), DO(WAIT, FAILED)},
	{PRESENT, NS(TERMINATING), DO(WAIT, PROVISIONING)},
	{PRESENT, NS(ABSENT), RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{PRESENT, NS(ABSENT), .known = YES, DO(FORGET, PROVISIONING)},
	{PRESENT, NS(ABSENT), DO(NAMESPACE, PROVISIONING)},
	{PRESENT, REL(UNKNOWN), DO(WAIT, KEEP)},
	{PRESENT, REL(PENDING), DO(UNLOCK, PROVISIONING)},
	{PRESENT, .release = NOT(PLAN_REL_CURRENT), RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{PRESENT, REL(UNINSTALLING), DO(UNINSTALL, PROVISIONING)},
	{PRESENT, .release = NOT(PLAN_REL_CURRENT), DO(APPLY, PROVISIONING)},
	{PRESENT, WORK(UNKNOWN), DO(WAIT, KEEP)},
	{PRESENT, WORK(MISSING), RETRY(AHEAD), DO(WAIT, PROVISIONING)},
	{PRESENT, WORK(MISSING), DO(APPLY, PROVISIONING)},
	{PRESENT, WORK(PROGRESS), DO(WAIT, PROVISIONING)},
	{PRESENT, PROBE(PASSED), DO(NONE, READY)},
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
	    in(r->release, s->release) && in(r->work, s->work) && in(r->probe, s->probe) &&
	    in(r->volumes, s->volumes) && in(r->retry, s->retry) && in(r->look, s->look) &&
	    in(r->claimed, s->claimed) && in(r->known, s->known) && in(r->stubborn, s->stubborn);
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
		p.phase = s->served || (s->exhausted && s->available) ? PLAN_DEGRADED :
		    s->exhausted ? PLAN_FAILED : PLAN_PROVISIONING;
	return p;
}

const char *
plan_phase_name(enum plan_phase phase)
{
	static const char *const names[PLAN_PHASE_COUNT] = {
	    NULL, "provisioning", "ready", "degraded", "failed", "suspended", "deleting"};

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
	    "unlock", "apply", "probe", "count failure", "uninstall", "delete", "reclaim", "look", "purge"};

	return names[action];
}
