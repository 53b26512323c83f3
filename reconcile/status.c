/* The status row as parameters: the same list is compared and written. */
#include "config.h"

#include "reconcile/status.h"

#include "lib/clock.h"
#include "reconcile/check.h"

#include <string.h>

enum { ARGS = 32, CONDITIONS_MAX = 64 * 1024, EVENT_MAX = 1900 };

static const char *
number(struct arena *a, int64_t v)
{
	return arena_printf(a, "%lld", (long long)v);
}

static const char *
number_or_null(struct arena *a, int64_t v)
{
	return v ? number(a, v) : NULL;
}

/* In the order of status_write.sql, from $4. */
static void
args(struct arena *a, const struct store_status *st, const char *v[ARGS])
{
	const char *const all[ARGS] = {
		number(a, st->observed_generation), st->phase, st->deleting_step, st->conditions,
		st->reason, st->message, st->next_step, number(a, st->attempts),
		number_or_null(a, st->next_attempt_at), st->claim_holder, number_or_null(a, st->claim_until),
		number_or_null(a, st->release_revision), st->applied_hash, st->applied_version,
		number_or_null(a, st->applied_generation), st->namespace_uid, st->verified_hash,
		st->storefront_url, st->admin_url, number_or_null(a, st->provisioning_started_at),
		number_or_null(a, st->provisioning_completed_at), number_or_null(a, st->first_absent_at),
		st->first_evidence, st->admitted_hash, st->refused_hash,
		number(a, st->check[CHECK_PROBE].judged), number(a, st->check[CHECK_PROBE].failures),
		number_or_null(a, st->check[CHECK_PROBE].next_at),
		number(a, st->check[CHECK_ISOLATION].judged), number(a, st->check[CHECK_ISOLATION].failures),
		number_or_null(a, st->check[CHECK_ISOLATION].next_at),
		number_or_null(a, st->checks_seen_at),
	};

	memcpy(v, all, sizeof all);
}

static bool
same(const char *x, const char *y)
{
	return x == y || (x && y && strcmp(x, y) == 0);
}

static struct json *
parse_conditions(struct arena *a, const struct store *s)
{
	struct err e;
	struct json *v = json_parse(a, s->now.conditions, strlen(s->now.conditions), &e);

	return v && v->type == JSON_ARRAY ? v : json_array(a);
}

static const struct json *
find(const struct json *conditions, const char *type)
{
	for (size_t i = 0; i < json_count(conditions); i++)
		if (strcmp(json_text(json_item(conditions, i), "type"), type) == 0)
			return json_item(conditions, i);
	return NULL;
}

const struct json *
status_get(struct arena *a, const struct store *s, const char *type)
{
	return find(parse_conditions(a, s), type);
}

const char *
status_condition(struct arena *a, const struct store *s, const char *type)
{
	return json_text(status_get(a, s, type), "status");
}

void
status_put(struct world *w, struct store *s, const struct status_condition *c)
{
	struct json *old = parse_conditions(w->a, s), *all = json_array(w->a), *new = json_object(w->a);
	const struct json *before = find(old, c->type);
	const char *since = json_text(before, "since");
	const bool stays = same(json_text(before, "status"), c->status);
	char text[CLOCK_TEXT];
	BUF(out, CONDITIONS_MAX);

	if (stays && same(json_text(before, "reason"), c->reason) && same(json_text(before, "message"), c->message) &&
	    same(json_text(before, "at"), c->at ? c->at : ""))
		return;
	clock_text(w->now, text);
	json_set(w->a, new, "type", json_string(w->a, c->type));
	json_set(w->a, new, "status", json_string(w->a, c->status));
	json_set(w->a, new, "reason", json_string(w->a, c->reason));
	json_set(w->a, new, "message", json_string(w->a, c->message));
	json_set(w->a, new, "since", json_string(w->a, stays && *since ? since : text));
	if (c->at) {
		json_set(w->a, new, "at", json_string(w->a, c->at));
		json_set(w->a, new, "seconds", json_integer(w->a, c->seconds));
	}
	for (size_t i = 0; i < json_count(old); i++)
		json_append(w->a, all, json_item(old, i) == before ? new : old->items[i]);
	if (!before)
		json_append(w->a, all, new);
	if (json_write(&out, all) == 0)
		s->now.conditions = arena_strndup(w->a, out.data, out.len);
}

void
status_set(struct world *w, struct store *s, const char *type, bool is, const char *reason, const char *message)
{
	status_put(w, s, &(struct status_condition){
	    .type = type, .status = is ? "True" : "False", .reason = reason, .message = message});
}

/* A change is being made to a shop that sold until then and whose pods are there. */
static bool
serves(const struct world *w, const struct store *s)
{
	return same(s->now.phase, "provisioning") && s->now.verified_hash && w->work_known &&
	    s->seen.workloads_up == check_workloads(w, s);
}

/* An engine's probe may tell more, under names of its own; those of a version that is left behind are dropped. */
static bool
is_known(const struct json *spec, const char *type)
{
	static const char *const ours[] = {"Admitted", "Available", "CheckoutVerified", "DataLost", "Deleting", "Isolation",
	    "SetupComplete"};
	const struct json *declared = json_get(spec, "probe.conditions");

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcmp(ours[i], type) == 0)
			return true;
	for (size_t i = 0; i < json_count(declared); i++)
		if (strcmp(json_text(json_item(declared, i), ""), type) == 0)
			return true;
	return false;
}

static void
drop_unknown(struct world *w, struct store *s)
{
	const struct json *old = parse_conditions(w->a, s);
	struct json *kept = json_array(w->a);
	BUF(out, CONDITIONS_MAX);

	for (size_t i = 0; i < json_count(old); i++)
		if (is_known(check_spec(w, s), json_text(json_item(old, i), "type")))
			json_append(w->a, kept, old->items[i]);
	if (kept->n < old->n && json_write(&out, kept) == 0)
		s->now.conditions = arena_strndup(w->a, out.data, out.len);
}

/* What the phase and the lists say in Kubernetes' manner. */
static void
conditions(struct world *w, struct store *s)
{
	const bool ready = same(s->now.phase, "ready");
	const char *reason = ready ? "Ready" : s->now.reason ? s->now.reason : "InProgress";

	if (same(s->now.phase, "requested"))
		return;
	if (s->desired == PLAN_ABSENT) {
		if (s->plan.step != PLAN_STEP_NONE)
			status_set(w, s, "Deleting", true, "Deleting", plan_step_name(s->plan.step));
		status_set(w, s, "Available", false, "Deleting", "");
		return;
	}
	drop_unknown(w, s);
	if (s->plan.phase == PLAN_KEEP)
		return;
	if (serves(w, s))
		status_set(w, s, "Available", true, "Updating", "It goes on selling as it did before the change.");
	else
		status_set(w, s, "Available", ready, reason, ready || !s->now.message ? "" : s->now.message);
	if (w->work_known && s->seen.namespace == PLAN_NS_ACTIVE) {
		const bool done = s->seen.setup_jobs > 0 && s->seen.setup_done == s->seen.setup_jobs;

		status_set(w, s, "SetupComplete", done, done ? "Completed" : "InProgress", "");
	}
	/* What it is while it sells is said by who looked: check.c. */
	const bool failed = same(s->now.reason, "CheckoutFailed");

	if (!s->now.verified_hash || !same(s->now.verified_hash, s->now.applied_hash))
		status_set(w, s, "CheckoutVerified", false, failed ? "CheckoutFailed" : "NotVerified",
		    failed && s->now.message ? s->now.message : "");
}

size_t
status_event_length(const char *message)
{
	size_t n = strnlen(message, EVENT_MAX);

	while (n > 0 && ((unsigned char)message[n] & 0xC0) == 0x80)
		n--;
	return n;
}

static int
write(struct world *w, struct store *s, const char *const v[ARGS], struct err *e)
{
	struct db_step steps[STORE_EVENTS_MAX + 1];
	struct db_rows results[STORE_EVENTS_MAX + 1];
	const char *all[ARGS + 3] = {s->id, w->cluster, w->token};
	size_t n = 0;

	memcpy(all + 3, v, ARGS * sizeof *v);
	for (size_t i = 0; i < s->nevents; i++) {
		const char **ev = arena_array(w->a, const char *, 6);
		const char *const texts[6] = {s->id, w->cluster, w->token, s->events[i].type,
		    s->events[i].reason, arena_strndup(w->a, s->events[i].message,
		    status_event_length(s->events[i].message))};

		memcpy(ev, texts, sizeof texts);
		steps[n++] = (struct db_step){Q_event_add, {ev, 6}};
	}
	/* After its events: a trigger makes the history of a store that becomes ready from them. */
	steps[n++] = (struct db_step){Q_status_write, {all, ARGS + 3}};
	if (db_pipeline(w->db, w->a, steps, n, results, NULL, e))
		return -1;
	if (results[n - 1].n != 1)
		return err_set(e, ERR_CONFLICT, "the lease was lost");
	s->was = s->now;
	s->nevents = 0;
	return 0;
}

int
status_write(struct world *w, struct store *s, struct err *e)
{
	const char *was[ARGS], *now[ARGS];
	bool changed = s->nevents > 0;

	conditions(w, s);
	args(w->a, &s->was, was);
	args(w->a, &s->now, now);
	for (size_t i = 0; i < ARGS && !changed; i++)
		changed = !same(was[i], now[i]);
	return !changed ? 0 : write(w, s, now, e) ? -1 : 1;
}
