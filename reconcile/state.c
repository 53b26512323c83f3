/* From columns and cells to the few values that plan.c decides by. */
#include "config.h"

#include "reconcile/observe.h"

#include "reconcile/check.h"
#include "reconcile/status.h"

#include <string.h>

enum { TRIES_MAX = 5, UNINSTALLS_MAX = 3 };

static bool
same(const char *x, const char *y)
{
	return x && y && strcmp(x, y) == 0;
}

static enum plan_release
release(const struct world *w, const struct store *s)
{
	static const struct { const char *status; enum plan_release release; } names[] = {
		{"pending-install", PLAN_REL_PENDING}, {"pending-upgrade", PLAN_REL_PENDING},
		{"pending-rollback", PLAN_REL_PENDING}, {"uninstalling", PLAN_REL_UNINSTALLING},
		{"failed", PLAN_REL_FAILED}, {"deployed", PLAN_REL_STALE},
	};

	if (!w->releases_known)
		return PLAN_REL_UNKNOWN;
	if (!s->seen.secret)
		return PLAN_REL_ABSENT;
	if (same(s->seen.release_status, "deployed") && same(s->seen.release_hash, s->hash) &&
	    s->seen.release_generation == s->generation)
		return PLAN_REL_CURRENT;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (same(s->seen.release_status, names[i].status))
			return names[i].release;
	return PLAN_REL_FAILED;		/* superseded or unknown: applied again */
}

/* What else is worse than that, as a checkout that fails, may be its reason now. */
static bool
full(const struct world *w, const struct store *s)
{
	return (same(s->now.reason, "ClusterFull") || same(s->now.reason, "CheckoutFailed")) &&
	    same(json_text(status_get(w->a, s, "Admitted"), "reason"), "ClusterFull");
}

static enum plan_admission
admission(const struct world *w, const struct store *s)
{
	if (same(s->now.refused_hash, s->hash))
		return PLAN_ADM_REFUSED;
	if (same(s->now.admitted_hash, s->hash))
		return PLAN_ADM_GRANTED;
	return full(w, s) ? PLAN_ADM_FULL : PLAN_ADM_UNKNOWN;
}

static enum plan_work
work(const struct world *w, const struct store *s)
{
	const uint64_t all = check_workloads(w, s);
	const bool setup = *json_text(check_spec(w, s), "setup.job") != 0;

	if (!w->work_known)
		return PLAN_WORK_UNKNOWN;
	if (s->seen.workloads != all || (setup && s->seen.setup_jobs == 0))
		return PLAN_WORK_MISSING;
	return s->seen.workloads_ready == all && (s->desired == PLAN_SUSPENDED || s->seen.setup_done == s->seen.setup_jobs) ?
	    PLAN_WORK_READY : PLAN_WORK_PROGRESS;
}

static enum plan_probe
probe(const struct world *w, const struct store *s)
{
	const struct store_run *run = &s->seen.run[CHECK_PROBE];

	if (!*json_text(check_spec(w, s), "probe.cronJob"))
		return PLAN_PROBE_PASSED;
	if (check_sold(w, s))
		return s->now.check[CHECK_PROBE].failures < CHECK_FAILURES ? PLAN_PROBE_PASSED : PLAN_PROBE_BROKEN;
	if (!w->work_known)
		return PLAN_PROBE_UNKNOWN;
	if (run->attempt == 0)
		return PLAN_PROBE_NONE;
	if (same(run->status, "Complete"))
		return PLAN_PROBE_PASSED;
	return same(run->status, "Failed") ? PLAN_PROBE_FAILED : PLAN_PROBE_RUNNING;
}

static enum plan_volumes
volumes(const struct world *w, const struct store *s)
{
	if (!w->volumes_known)
		return PLAN_VOL_UNKNOWN;
	if (s->seen.volumes == 0)
		return PLAN_VOL_NONE;
	if (s->seen.volumes_other)
		return PLAN_VOL_LEFT;
	return s->retain ? PLAN_VOL_KEPT : PLAN_VOL_GOING;
}

static enum plan_time
moment(int64_t at, int64_t now)
{
	return at == 0 ? PLAN_TIME_NONE : at > now ? PLAN_TIME_AHEAD : PLAN_TIME_DUE;
}

struct plan_state
observe_state(struct world *w, struct store *s)
{
	const int64_t look = s->now.first_absent_at;

	return (struct plan_state){
		.desired = s->desired, .namespace = s->seen.namespace, .release = release(w, s),
		.admission = admission(w, s), .work = work(w, s), .probe = probe(w, s), .volumes = volumes(w, s),
		.retry = moment(s->now.next_attempt_at, w->now),
		.look = moment(look ? look + w->conf->second_look_s * 1000 : 0, w->now),
		.claimed = s->claimed, .known = s->now.namespace_uid != NULL,
		.stubborn = s->now.attempts >= UNINSTALLS_MAX,
		.served = s->now.provisioning_completed_at &&
		    s->now.provisioning_completed_at >= s->now.provisioning_started_at && same(s->now.verified_hash, s->hash),
		.available = s->now.provisioning_completed_at && w->work_known &&
		    s->seen.namespace == PLAN_NS_ACTIVE && s->seen.workloads_up == check_workloads(w, s),
		.sold = s->now.provisioning_completed_at && s->hash && check_target(w, s).generation != s->generation && check_sold(w, s),
		.exhausted = s->now.attempts >= TRIES_MAX || store_late(w, s),
	};
}
