/* plan.c over every state there is: what must never happen does not, and nothing is left without a next step. */
#include "config.h"

#include "reconcile/plan.h"

#include "tests/check.h"

typedef void visit_fn(const struct plan_state *s, struct plan p);

/* Each member's number of values, and where it is set. */
static void
decode(unsigned n, struct plan_state *s)
{
#define DIGIT(member, count) s->member = n % (count); n /= (count)
	DIGIT(desired, PLAN_DESIRED_COUNT);
	DIGIT(namespace, PLAN_NS_COUNT);
	DIGIT(release, PLAN_REL_COUNT);
	DIGIT(work, PLAN_WORK_COUNT);
	DIGIT(probe, PLAN_PROBE_COUNT);
	DIGIT(volumes, PLAN_VOL_COUNT);
	s->admission = (enum plan_admission)(s->volumes % PLAN_ADM_COUNT);	/* the one is for what goes, the other for what stays */
	DIGIT(retry, PLAN_TIME_COUNT);
	DIGIT(look, PLAN_TIME_COUNT);
	DIGIT(claimed, 2);
	DIGIT(known, 2);
	DIGIT(stubborn, 2);
	DIGIT(served, 2);
	DIGIT(available, 2);
	DIGIT(sold, 2);
	DIGIT(exhausted, 2);
#undef DIGIT
}

#define STATES (PLAN_DESIRED_COUNT * PLAN_NS_COUNT * PLAN_REL_COUNT * PLAN_WORK_COUNT * \
	PLAN_PROBE_COUNT * PLAN_VOL_COUNT * PLAN_TIME_COUNT * PLAN_TIME_COUNT * 128u)

static void
each(visit_fn *visit)
{
	for (unsigned n = 0; n < STATES && check_failures < 10; n++) {
		struct plan_state s;

		decode(n, &s);
		visit(&s, plan_next(&s));
	}
}

static void
see_unknown(const struct plan_state *s, struct plan p)
{
	const bool acts = p.action != PLAN_WAIT && p.action != PLAN_NONE;

	if (s->namespace == PLAN_NS_UNKNOWN)
		CHECK(!acts);
	if (s->release == PLAN_REL_UNKNOWN && s->namespace != PLAN_NS_ABSENT)
		CHECK(!acts);
	if (s->volumes == PLAN_VOL_UNKNOWN)
		CHECK(p.action != PLAN_DELETE && p.action != PLAN_LOOK && p.action != PLAN_PURGE);
	if (s->work == PLAN_WORK_UNKNOWN && p.action == PLAN_APPLY)
		CHECK(s->release != PLAN_REL_CURRENT);
}
static void unknown_is_not_absent(void) { each(see_unknown); }

static void
see_destructive(const struct plan_state *s, struct plan p)
{
	if (p.action == PLAN_DELETE || p.action == PLAN_RECLAIM || p.action == PLAN_LOOK || p.action == PLAN_PURGE)
		CHECK(s->desired == PLAN_ABSENT);
	if (p.action == PLAN_UNINSTALL)
		CHECK(s->desired == PLAN_ABSENT || s->release == PLAN_REL_UNINSTALLING);
	if (p.action == PLAN_DELETE)
		CHECK(s->namespace == PLAN_NS_ACTIVE && (s->release == PLAN_REL_ABSENT || s->stubborn));
	if (p.action == PLAN_NAMESPACE || p.action == PLAN_ADMIT || p.action == PLAN_APPLY || p.action == PLAN_UNLOCK)
		CHECK(s->desired != PLAN_ABSENT);
	if (p.action == PLAN_PROBE || p.action == PLAN_COUNT_FAILURE)
		CHECK(s->desired == PLAN_PRESENT);	/* nothing is bought in a shop that stands still */
}
static void intent_before_deletion(void) { each(see_destructive); }

static void
see_purge(const struct plan_state *s, struct plan p)
{
	if (p.action != PLAN_PURGE && p.action != PLAN_LOOK)
		return;
	CHECK(s->namespace == PLAN_NS_ABSENT && s->release == PLAN_REL_ABSENT && !s->claimed);
	CHECK(s->volumes == PLAN_VOL_NONE || s->volumes == PLAN_VOL_KEPT);
	CHECK(p.action == PLAN_LOOK || s->look == PLAN_TIME_DUE);
}
static void purge_only_when_all_is_gone(void) { each(see_purge); }

static void
see_claim(const struct plan_state *s, struct plan p)
{
	if (s->claimed)
		CHECK(p.action == PLAN_WAIT);
	if (s->namespace == PLAN_NS_FOREIGN)
		CHECK(p.action == PLAN_WAIT);
	if (s->namespace == PLAN_NS_TERMINATING)	/* a volume to be kept is told so in time, whoever deletes */
		CHECK(p.action == PLAN_WAIT || (p.action == PLAN_RECLAIM && s->volumes == PLAN_VOL_LEFT));
	if (s->retry == PLAN_TIME_AHEAD)
		CHECK(p.action == PLAN_WAIT || p.action == PLAN_NONE || p.action == PLAN_UNLOCK);
}
static void nobody_acts_beside_a_child(void) { each(see_claim); }

static void
see_ready(const struct plan_state *s, struct plan p)
{
	if (p.action == PLAN_NONE)
		CHECK(p.phase == PLAN_READY || p.phase == PLAN_IS_SUSPENDED || s->admission == PLAN_ADM_REFUSED ||
		    (s->admission == PLAN_ADM_FULL && s->available && s->retry == PLAN_TIME_AHEAD) ||
		    (p.phase == PLAN_DEGRADED && s->probe == PLAN_PROBE_BROKEN));
	else
		CHECK(p.phase != PLAN_READY && p.phase != PLAN_IS_SUSPENDED);
	if (p.phase == PLAN_READY)
		CHECK(s->desired == PLAN_PRESENT && s->namespace == PLAN_NS_ACTIVE && s->release == PLAN_REL_CURRENT &&
		    s->work == PLAN_WORK_READY && s->probe == PLAN_PROBE_PASSED);
	if (p.phase == PLAN_DEGRADED)
		CHECK(s->served || s->sold || (s->available && s->exhausted) || s->probe == PLAN_PROBE_BROKEN);
	if (p.phase == PLAN_FAILED && s->namespace != PLAN_NS_FOREIGN && s->admission != PLAN_ADM_REFUSED)
		CHECK(s->exhausted && !s->available && !s->served);
	CHECK((p.phase == PLAN_DELETING) == (p.step != PLAN_STEP_NONE));
	if (p.phase == PLAN_DELETING)
		CHECK(s->desired == PLAN_ABSENT);
}
static void ready_means_it_sells(void) { each(see_ready); }

/* Suspended is said of what was applied and has stopped; on the way there a store keeps its phase, or has failed. */
static void
see_suspended(const struct plan_state *s, struct plan p)
{
	if (p.phase == PLAN_IS_SUSPENDED)
		CHECK(s->desired == PLAN_SUSPENDED && s->namespace == PLAN_NS_ACTIVE &&
		    s->release == PLAN_REL_CURRENT && s->work == PLAN_WORK_READY);
	if (s->desired == PLAN_SUSPENDED)
		CHECK(p.phase == PLAN_IS_SUSPENDED || p.phase == PLAN_KEEP || p.phase == PLAN_DEGRADED ||
		    (p.phase == PLAN_FAILED && (s->exhausted || s->namespace == PLAN_NS_FOREIGN)));
}
static void suspended_is_stopped(void) { each(see_suspended); }

/* But for the probe, a store that is to be suspended goes the way of one that is to sell. */
static void
see_same_way(const struct plan_state *s, struct plan p)
{
	struct plan_state other = *s;

	if (s->desired != PLAN_SUSPENDED || p.action == PLAN_NONE)
		return;
	other.desired = PLAN_PRESENT;
	CHECK(plan_next(&other).action == p.action);
}
static void suspending_is_applying(void) { each(see_same_way); }

/* All is known, nothing is to be waited for: then something happens, or the cluster is at work. */
static void
see_stuck(const struct plan_state *s, struct plan p)
{
	if (p.action != PLAN_WAIT || s->claimed)
		return;
	CHECK(s->namespace == PLAN_NS_UNKNOWN || s->namespace == PLAN_NS_TERMINATING ||
	    s->namespace == PLAN_NS_FOREIGN || s->release == PLAN_REL_UNKNOWN ||
	    s->work == PLAN_WORK_UNKNOWN || s->work == PLAN_WORK_PROGRESS ||
	    s->probe == PLAN_PROBE_UNKNOWN || s->probe == PLAN_PROBE_RUNNING ||
	    s->volumes == PLAN_VOL_UNKNOWN || s->volumes == PLAN_VOL_GOING ||
	    s->retry == PLAN_TIME_AHEAD || s->look == PLAN_TIME_AHEAD ||
	    (s->namespace == PLAN_NS_ABSENT && s->release != PLAN_REL_ABSENT) ||
		    (s->admission == PLAN_ADM_REFUSED && s->sold));
}
static void every_wait_has_an_end(void) { each(see_stuck); }

/* What does not fit is not applied, and a shop that sells goes on selling as it was. */
static void
see_refused(const struct plan_state *s, struct plan p)
{
	if (s->admission != PLAN_ADM_REFUSED || s->desired == PLAN_ABSENT || s->namespace != PLAN_NS_ACTIVE ||
	    s->release == PLAN_REL_CURRENT || s->claimed)
		return;
	CHECK(p.action != PLAN_APPLY && p.action != PLAN_ADMIT);
	if (p.action == PLAN_NONE && s->desired == PLAN_PRESENT && s->release != PLAN_REL_UNKNOWN && s->retry != PLAN_TIME_AHEAD)
		CHECK(p.phase == (!s->available ? PLAN_FAILED : s->probe == PLAN_PROBE_BROKEN ? PLAN_DEGRADED : PLAN_STILL_READY));
	if (s->sold && !s->available && s->desired == PLAN_PRESENT && s->retry != PLAN_TIME_AHEAD &&
	    (s->release == PLAN_REL_ABSENT || s->release == PLAN_REL_STALE))
		CHECK(p.phase == PLAN_DEGRADED && p.action == PLAN_WAIT);	/* its pods start anew, no more */
}

/* Where the cluster has no room, it is asked again and again; a shop that sells keeps its phase all the while. */
static void
see_full(const struct plan_state *s, struct plan p)
{
	if (s->admission != PLAN_ADM_FULL || s->desired != PLAN_PRESENT || s->namespace != PLAN_NS_ACTIVE ||
	    s->release == PLAN_REL_CURRENT || s->release == PLAN_REL_UNKNOWN)
		return;
	CHECK(p.action != PLAN_APPLY && (p.action != PLAN_NONE || s->retry == PLAN_TIME_AHEAD));
	if (s->available && !s->claimed && s->retry == PLAN_TIME_AHEAD && s->release == PLAN_REL_STALE)
		CHECK(p.action == PLAN_NONE);	/* so that it goes on being probed */
	if (s->available || s->sold)
		CHECK(p.phase == (!s->available || s->probe == PLAN_PROBE_BROKEN ? PLAN_DEGRADED : PLAN_STILL_READY));
	if (!s->claimed && s->retry != PLAN_TIME_AHEAD && (s->release == PLAN_REL_ABSENT || s->release == PLAN_REL_STALE))
		CHECK(p.action == PLAN_ADMIT);
}
static void room_is_waited_for(void) { each(see_full); }

static void
see_judged(const struct plan_state *s, struct plan p)
{
	if (p.action == PLAN_APPLY && s->release != PLAN_REL_CURRENT)
		CHECK(s->admission == PLAN_ADM_GRANTED);
	if (p.phase == PLAN_STILL_READY)
		CHECK(s->available && (s->admission == PLAN_ADM_REFUSED || s->admission == PLAN_ADM_FULL));
}
static void what_does_not_fit_is_not_applied(void) { each(see_refused); each(see_judged); }

/* The life of a store, step by step. */
static void
life(void)
{
	static const struct { struct plan_state s; enum plan_action action; } steps[] = {
		{{.namespace = PLAN_NS_ABSENT, .release = PLAN_REL_ABSENT}, PLAN_NAMESPACE},
		{{.namespace = PLAN_NS_ABSENT, .release = PLAN_REL_ABSENT, .known = true}, PLAN_FORGET},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_ABSENT}, PLAN_ADMIT},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_ABSENT, .admission = PLAN_ADM_REFUSED}, PLAN_NONE},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_ABSENT, .admission = PLAN_ADM_GRANTED}, PLAN_APPLY},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_PENDING}, PLAN_UNLOCK},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_FAILED, .admission = PLAN_ADM_GRANTED}, PLAN_APPLY},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_UNINSTALLING}, PLAN_UNINSTALL},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_STALE}, PLAN_ADMIT},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_STALE, .admission = PLAN_ADM_GRANTED}, PLAN_APPLY},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT, .work = PLAN_WORK_PROGRESS}, PLAN_WAIT},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT, .work = PLAN_WORK_READY,
		    .probe = PLAN_PROBE_NONE}, PLAN_PROBE},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT, .work = PLAN_WORK_READY,
		    .probe = PLAN_PROBE_FAILED}, PLAN_COUNT_FAILURE},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT, .work = PLAN_WORK_READY,
		    .probe = PLAN_PROBE_FAILED, .retry = PLAN_TIME_DUE}, PLAN_PROBE},
		{{.namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT, .work = PLAN_WORK_READY,
		    .probe = PLAN_PROBE_PASSED}, PLAN_NONE},
		{{.desired = PLAN_SUSPENDED, .namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_STALE,
		    .admission = PLAN_ADM_GRANTED}, PLAN_APPLY},
		{{.desired = PLAN_SUSPENDED, .namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT,
		    .work = PLAN_WORK_PROGRESS}, PLAN_WAIT},
		{{.desired = PLAN_SUSPENDED, .namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT,
		    .work = PLAN_WORK_READY}, PLAN_NONE},
		{{.desired = PLAN_ABSENT, .namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_CURRENT}, PLAN_UNINSTALL},
		{{.desired = PLAN_ABSENT, .namespace = PLAN_NS_ACTIVE, .release = PLAN_REL_ABSENT,
		    .volumes = PLAN_VOL_LEFT}, PLAN_DELETE},
		{{.desired = PLAN_ABSENT, .namespace = PLAN_NS_TERMINATING, .release = PLAN_REL_ABSENT,
		    .volumes = PLAN_VOL_LEFT}, PLAN_RECLAIM},
		{{.desired = PLAN_ABSENT, .namespace = PLAN_NS_ABSENT, .release = PLAN_REL_ABSENT,
		    .volumes = PLAN_VOL_LEFT}, PLAN_RECLAIM},
		{{.desired = PLAN_ABSENT, .namespace = PLAN_NS_ABSENT, .release = PLAN_REL_ABSENT,
		    .volumes = PLAN_VOL_NONE}, PLAN_LOOK},
		{{.desired = PLAN_ABSENT, .namespace = PLAN_NS_ABSENT, .release = PLAN_REL_ABSENT,
		    .volumes = PLAN_VOL_KEPT, .look = PLAN_TIME_DUE}, PLAN_PURGE},
	};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		const struct plan p = plan_next(&steps[i].s);

		CHECK_STR(plan_action_name(p.action), plan_action_name(steps[i].action));
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"unknown is not absent", unknown_is_not_absent},
		{"nothing is deleted before it is wished", intent_before_deletion},
		{"a row is purged only when all is gone", purge_only_when_all_is_gone},
		{"nobody acts beside a helm child", nobody_acts_beside_a_child},
		{"ready means it sells", ready_means_it_sells},
		{"suspended means stopped", suspended_is_stopped},
		{"suspending is applying without a probe", suspending_is_applying},
		{"every wait has an end", every_wait_has_an_end},
		{"what does not fit is not applied", what_does_not_fit_is_not_applied},
		{"room is waited for, and sold meanwhile", room_is_waited_for},
		{"a store's life", life},
		{0},
	};

	return test_main(tests);
}
