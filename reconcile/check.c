/* The schedule of checks, and what an ended run means. */
#include "config.h"

#include "reconcile/check.h"

#include "lib/clock.h"
#include "lib/log.h"
#include "reconcile/action.h"
#include "reconcile/explain.h"
#include "reconcile/isolation.h"
#include "reconcile/status.h"
#include "reconcile/told.h"

#include <stdlib.h>
#include <string.h>

enum { SOON_MS = 30 * 1000, BACKOFF_MS = 60 * 1000, BACKOFF_MAX_MS = 3600 * 1000, AWAITED_MS = 180 * 1000,
	STARTS_MIN = 4, STORES_PER_START = 100 };

static bool
same(const char *x, const char *y)
{
	return x && y && strcmp(x, y) == 0;
}

struct check_target
check_target(const struct world *w, const struct store *s)
{
	const struct check_target wanted = {s->hash, s->generation},
	    deployed = {s->now.applied_hash, s->now.applied_generation};
	const bool is_wanted = same(deployed.hash, wanted.hash) && deployed.generation == wanted.generation;

	return !is_wanted && same(s->now.verified_hash, deployed.hash) &&
	    same(status_condition(w->a, s, "Admitted"), "False") ? deployed : wanted;
}

const struct json *
check_spec(const struct world *w, const struct store *s)
{
	return s->applied_spec && check_target(w, s).generation != s->generation ? s->applied_spec : s->spec;
}

uint64_t
check_workloads(const struct world *w, const struct store *s)
{
	const size_t n = json_count(json_get(check_spec(w, s), "workloads"));

	return n >= 64 ? UINT64_MAX : ((uint64_t)1 << n) - 1;
}

bool
check_sold(const struct world *w, const struct store *s)
{
	return same(s->now.verified_hash, check_target(w, s).hash);
}

int64_t
check_slot(const char *id, int64_t period_ms, int64_t now_ms)
{
	const int64_t first = now_ms + period_ms / 2;

	for (int64_t k = first / period_ms;; k++) {
		uint64_t h = 14695981039346656037u ^ (uint64_t)k;	/* FNV-1a */

		for (const char *c = id; *c; c++)
			h = (h ^ (unsigned char)*c) * 1099511628211u;
		const int64_t at = k * period_ms + (int64_t)((h >> 16) % (uint64_t)period_ms);

		if (at >= first)
			return at;
	}
}

const char *
check_mode(const struct world *w, const struct store *s)
{
	if (!s->now.provisioning_completed_at)
		return "create";
	if (!check_sold(w, s))
		return "order";
	return s->probe_orders ? "order" : "browse";
}

/* 0 for what did not start: containerd says that it did in 1970. */
static int64_t
seconds(const struct json *end)
{
	const int64_t from = clock_parse(json_text(end, "startedAt")), to = clock_parse(json_text(end, "finishedAt"));

	return from > 0 && to > from ? (to - from) / 1000 : 0;
}

/* Whatever became of the run, what a probe tells beside the checkout is noted here. */
static int
read_end(struct world *w, struct store *s, enum check_kind kind, struct check_end *out, struct err *e)
{
	const char *job = check_job(w, s, kind, s->seen.run[kind].attempt);

	out->pods = kube_get(w->kube, w->a, arena_printf(w->a, "/api/v1/namespaces/%s/pods?limit=5&labelSelector=%s",
	    s->namespace, kube_escape(w->a, arena_printf(w->a, "job-name=%s", job))), e);
	if (!out->pods)
		return -1;
	out->end = json_get(out->pods, "items.0.status.containerStatuses.0.state.terminated");
	out->said = json_text(out->end, "message");
	out->at = out->end ? json_text(out->end, "finishedAt") : NULL;
	out->seconds = seconds(out->end);
	if (kind == CHECK_PROBE)
		out->said = told_put(w, s, out);
	return 0;
}

static void
probe_ended(struct world *w, struct store *s, const struct check_end *end, bool passed)
{
	struct status_condition c = {"CheckoutVerified", passed ? "True" : "False", passed ? "Verified" : "CheckoutFailed",
	    end->said, end->at, end->seconds};
	struct explanation x = {"", "The checkout probe did not end in time.", ""};

	if (!end->pods)
		x.message = "The checkout probe failed, and what it said cannot be read.";
	if (!passed) {
		(void)explain_probe(w->a, end->pods, &x);
		store_reason(s, c.reason, x.message, *x.next_step ? x.next_step : explain_step("CheckoutFailed"));
		c.message = s->now.message;
	}
	status_put(w, s, &c);
}

static int
probe_env(struct world *w, struct store *s, const struct check_env **env, struct err *e)
{
	struct check_env *all = arena_array(w->a, struct check_env, 2);

	(void)e;
	all[0] = (struct check_env){"PROBE_MODE", check_mode(w, s)};
	*env = all;
	return 0;
}

/* Nothing is known of the checkout then. */
static void
probe_not_started(struct world *w, struct store *s, const struct err *e)
{
	(void)w;
	log_info("a probe could not be started", "store", s->id, "error", e->msg, NULL);
}

static const struct check {
	size_t period;			/* of struct conf, seconds */
	int64_t failures;		/* that are a verdict */
	bool at_once;			/* first run as soon as the shop is ready: becoming so was none */
	/* What the run is told; leaves *env NULL when there is nothing to be asked now. */
	int (*env)(struct world *w, struct store *s, const struct check_env **env, struct err *e);
	/* A run passed, or enough failed in a row. */
	void (*ended)(struct world *w, struct store *s, const struct check_end *end, bool passed);
	void (*not_started)(struct world *w, struct store *s, const struct err *e);
} checks[CHECKS] = {
	[CHECK_PROBE] = {offsetof(struct conf, probe_period_s), CHECK_FAILURES, false, probe_env, probe_ended, probe_not_started},
	[CHECK_ISOLATION] = {offsetof(struct conf, isolation_period_s), 1, true, isolation_env, isolation_ended, isolation_failed},
};

static int64_t
period_ms(const struct world *w, enum check_kind kind)
{
	return 1000 * *(const int64_t *)(const void *)((const char *)w->conf + checks[kind].period);
}

/* A failure that stands alone is looked at again soon, one that lasts ever more seldom. */
static int64_t
again_ms(const struct world *w, enum check_kind kind, int64_t failures)
{
	const int64_t period = period_ms(w, kind), most = period < BACKOFF_MAX_MS ? period : BACKOFF_MAX_MS;
	int64_t ms = failures < CHECK_FAILURES ? SOON_MS : BACKOFF_MS;

	for (int64_t n = CHECK_FAILURES; n < failures && ms < most; n++)
		ms *= 2;
	return ms < most ? ms : most;
}

/* While a run is at work, its next_at is when it began: what is asked for later is not answered by it. */
static int64_t
began(const struct world *w, const struct store *s)
{
	return w->now > s->checks_requested_at ? w->now : s->checks_requested_at + 1;
}

static int64_t
next(const struct world *w, const struct store *s, enum check_kind kind, int64_t failures)
{
	if (s->checks_requested_at && s->checks_requested_at >= s->now.check[kind].next_at)
		return w->now;
	return failures == 0 ? check_slot(s->id, period_ms(w, kind), w->now) : w->now + again_ms(w, kind, failures);
}

void
check_asked(struct world *w, struct store *s)
{
	const int64_t asked = s->checks_requested_at;

	if (!asked || asked == s->now.checks_seen_at)	/* not "later": a clock may be set back */
		return;
	s->now.checks_seen_at = asked;
	for (size_t i = 0; i < CHECKS; i++)
		s->now.check[i].next_at = asked < w->now ? asked : w->now;
	if (same(s->seen.run[CHECK_PROBE].status, "Failed") && !check_sold(w, s) && s->now.next_attempt_at > w->now)
		s->now.next_attempt_at = w->now;	/* after a change: the same probe, before its time */
}

bool
check_awaited(const struct world *w, const struct store *s)
{
	return llabs(s->checks_requested_at - w->now) < AWAITED_MS && s->now.check[CHECK_PROBE].next_at <= began(w, s);
}

void
check_anew(struct store *s)
{
	for (size_t i = 0; i < CHECKS; i++) {
		struct store_check *c = &s->now.check[i];

		c->judged = 0;
		if (checks[i].at_once || c->failures > 0)
			c->next_at = 0;
	}
}

void
check_verified(struct world *w, struct store *s)
{
	struct check_end end = {.said = ""};
	struct err ignored;

	s->now.verified_hash = s->hash;
	if (s->seen.run[CHECK_PROBE].attempt > 0)
		(void)read_end(w, s, CHECK_PROBE, &end, &ignored);
	store_event(s, "Normal", "CheckoutVerified", *end.said ? end.said : "The checkout was tried and works.");
	probe_ended(w, s, &end, true);
	s->now.check[CHECK_PROBE] = (struct store_check){.judged = s->seen.run[CHECK_PROBE].attempt,
	    .next_at = next(w, s, CHECK_PROBE, 0)};
}

static void
judge(struct world *w, struct store *s, enum check_kind kind)
{
	struct store_check *c = &s->now.check[kind];
	const struct store_run *run = &s->seen.run[kind];
	const bool passed = same(run->status, "Complete");
	struct check_end end = {.said = ""};
	struct err e;

	if (run->attempt <= c->judged || (!passed && !same(run->status, "Failed")))
		return;
	if (read_end(w, s, kind, &end, &e)) {
		if (e.kind == ERR_TRANSIENT)
			return;		/* asked again */
		log_info("what a check said cannot be read", "store", s->id, "error", e.msg, NULL);
	}
	c->judged = run->attempt;
	c->failures = passed ? 0 : c->failures + 1;
	c->next_at = next(w, s, kind, c->failures);
	if (passed || c->failures >= checks[kind].failures)
		checks[kind].ended(w, s, &end, passed);
	else
		log_info("a check failed and is tried again", "store", s->id, "said", end.said, NULL);
}

void
check_judge(struct world *w, struct store *s)
{
	if (!w->work_known || s->desired != PLAN_PRESENT || !check_sold(w, s))
		return;
	for (size_t i = 0; i < CHECKS; i++)
		judge(w, s, (enum check_kind)i);
}

static void
start(struct world *w, struct store *s, enum check_kind kind)
{
	const struct check_env *env = NULL;
	struct err e;

	if (checks[kind].env(w, s, &env, &e) == 0) {
		if (!env)
			return;
		w->checks++;
		if (check_start(w, s, kind, env, &e) == 0) {
			s->now.check[kind].next_at = began(w, s);
			return;
		}
	}
	/* Without its CronJob an engine has no such check. */
	s->now.check[kind].next_at = w->now + (e.kind == ERR_MISSING ? period_ms(w, kind) : BACKOFF_MS);
	checks[kind].not_started(w, s, &e);
}

/* Stores that were there before the check was get a time of their own, not all the same one. */
void
check_due(struct world *w, struct store *s)
{
	for (size_t i = 0; i < CHECKS; i++) {
		struct store_check *c = &s->now.check[i];

		if (s->seen.run[i].attempt > c->judged)
			continue;	/* one is at work */
		if (c->next_at == 0 && c->failures == 0 && !checks[i].at_once)
			c->next_at = check_slot(s->id, period_ms(w, (enum check_kind)i), w->now);
		else if (c->next_at <= w->now && w->checks < STARTS_MIN + w->nstores / STORES_PER_START)
			start(w, s, (enum check_kind)i);
	}
}

int
probe_start(struct world *w, struct store *s, struct err *e)
{
	const struct check_env *env = NULL;

	if (probe_env(w, s, &env, e) || check_start(w, s, CHECK_PROBE, env, e))
		return -1;
	s->now.next_attempt_at = 0;
	s->now.check[CHECK_PROBE].next_at = began(w, s);
	return 0;
}

int
probe_failed(struct world *w, struct store *s, struct err *e)
{
	struct explanation x = {"", "", ""};
	struct check_end end;

	(void)read_end(w, s, CHECK_PROBE, &end, e);
	(void)explain_store(w->kube, w->a, s->namespace, &x, e);
	store_failed(s, w->now);
	store_reason(s, *x.reason ? x.reason : "CheckoutFailed",
	    *x.message ? x.message : "The checkout probe failed.",
	    *x.next_step ? x.next_step : explain_step("CheckoutFailed"));
	return 0;
}
