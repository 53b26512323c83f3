/* From rows to stores. */
#include "config.h"

#include "reconcile/store.h"

#include "lib/crypto.h"
#include "reconcile/children.h"
#include "reconcile/claim.h"
#include "reconcile/values.h"
#include "reconcile/world.h"

#include <string.h>

enum { STORES_MAX = 20000, BACKOFF_MS = 30 * 1000, BACKOFF_MAX_MS = 30 * 60 * 1000 };

static const struct json *
parse(struct arena *a, const char *text)
{
	struct err e;

	return text ? json_parse(a, text, strlen(text), &e) : NULL;	/* PostgreSQL's own jsonb */
}

static void
read_status(struct store_status *st, const struct db_rows *r, size_t i)
{
	static const struct { const char *col; size_t offset; } texts[] = {
#define COLUMN(name, member) {name, offsetof(struct store_status, member)}
#define TEXT(member) COLUMN(#member, member)
#define CHECK(kind, name) COLUMN(name "_judged", check[kind].judged), \
	COLUMN(name "_failures", check[kind].failures), COLUMN(name "_next_at", check[kind].next_at)
		TEXT(phase), TEXT(deleting_step), TEXT(conditions), TEXT(reason), TEXT(message), TEXT(next_step),
		TEXT(claim_holder), TEXT(applied_hash), TEXT(applied_version), TEXT(namespace_uid), TEXT(verified_hash),
		TEXT(storefront_url), TEXT(admin_url), TEXT(first_evidence), TEXT(admitted_hash), TEXT(refused_hash),
	}, numbers[] = {
		TEXT(observed_generation), TEXT(attempts), TEXT(release_revision), TEXT(applied_generation),
		TEXT(next_attempt_at), TEXT(claim_until), TEXT(provisioning_started_at),
		TEXT(provisioning_completed_at), TEXT(first_absent_at), TEXT(checks_seen_at),
		CHECK(CHECK_PROBE, "probe"), CHECK(CHECK_ISOLATION, "isolation"),
#undef CHECK
#undef TEXT
#undef COLUMN
	};

	for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
		*(const char **)(void *)((char *)st + texts[k].offset) = db_text(r, i, texts[k].col);
	for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
		*(int64_t *)(void *)((char *)st + numbers[k].offset) = db_int(r, i, numbers[k].col, 0);
}

/* The values a release must have, and their hash; nothing for what goes away. */
static void
wish(struct world *w, struct store *s)
{
	if (w->port)
		s->url = arena_printf(w->a, "%s://%s:%lld", w->scheme, s->host, (long long)w->port);
	else
		s->url = arena_printf(w->a, "%s://%s", w->scheme, s->host);
	if (s->desired != PLAN_ABSENT)
		s->values = values_text(w->a, &(struct values_input){
		    .plan = s->plan_values, .cluster = w->engine_values, .overrides = s->overrides,
		    .engine = s->engine, .installation = w->installation, .store = s->id,
		    .name = s->name, .host = s->host, .url = s->url,
		    .ingress_class = w->ingress_class, .storage_class = w->storage_class,
		    .chart_digest = s->chart_digest, .suspended = s->desired == PLAN_SUSPENDED,
		    .credentials_revision = s->credentials_revision}, &s->hash);
}

static void
read_store(struct world *w, struct store *s, const struct db_rows *r, size_t i)
{
	const char *desired = db_text(r, i, "desired");

	s->id = db_text(r, i, "id");
	s->tenant = db_text(r, i, "tenant_id");
	s->name = db_text(r, i, "name");
	s->engine = db_text(r, i, "engine");
	s->engine_version = db_text(r, i, "engine_version");
	s->namespace = db_text(r, i, "namespace");
	s->chart_digest = db_text(r, i, "chart_digest");
	s->desired = strcmp(desired, "absent") == 0 ? PLAN_ABSENT :
	    strcmp(desired, "suspended") == 0 ? PLAN_SUSPENDED : PLAN_PRESENT;
	s->probe_orders = db_bool(r, i, "probe_orders");
	s->retain = strcmp(db_text(r, i, "deletion_policy"), "retain") == 0;
	s->generation = db_int(r, i, "generation", 0);
	s->credentials_revision = db_int(r, i, "credentials_revision", 0);
	s->checks_requested_at = db_int(r, i, "checks_requested_at", 0);
	s->spec = parse(w->a, db_text(r, i, "spec"));
	s->applied_spec = parse(w->a, db_text(r, i, "applied_spec"));
	s->plan_values = parse(w->a, db_text(r, i, "plan_values"));
	s->overrides = parse(w->a, db_text(r, i, "overrides"));
	s->host = arena_printf(w->a, "%s.%s", s->name, db_text(r, i, "base_domain"));
	read_status(&s->was, r, i);
	s->now = s->was;
	wish(w, s);
	s->claimed = s->was.claim_until > w->now && s->was.claim_holder &&
	    (strcmp(s->was.claim_holder, w->holder) == 0 ? children_has(w->children, s->namespace) :
	    claim_alive(w->holder, s->was.claim_holder, s->namespace));
	s->claimed |= children_has(w->children, s->namespace);	/* one that only renders needs no claim */
	if (s->was.claim_holder && !s->claimed) {
		s->now.claim_holder = NULL;
		s->now.claim_until = 0;
	}
	if (s->now.observed_generation != s->generation) {
		s->now.observed_generation = s->generation;
		s->now.attempts = 0;
		s->now.next_attempt_at = 0;
		if (s->desired == PLAN_PRESENT)	/* made, changed or resumed: it is to become ready anew */
			s->now.provisioning_started_at = w->now;
		s->now.reason = s->now.message = s->now.next_step = NULL;
		s->now.refused_hash = NULL;	/* whoever retries wants to hear it again */
	}
}

int
store_read(struct world *w, struct err *e)
{
	struct db_rows r;

	if (db_list(w->db, w->a, Q_reconcile_stores, DB_ARGS(w->cluster), STORES_MAX, &r, e))
		return -1;
	w->nstores = r.n;
	w->stores = arena_array(w->a, struct store, r.n + 1);
	for (size_t i = 0; i < r.n; i++)
		read_store(w, &w->stores[i], &r, i);
	return 0;
}

struct store *
world_find(const struct world *w, const char *namespace)
{
	size_t lo = 0, hi = w->nstores;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		const int c = strcmp(namespace, w->stores[mid].namespace);

		if (c == 0)
			return &w->stores[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

bool
store_late(const struct world *w, const struct store *s)
{
	return s->now.provisioning_completed_at < s->now.provisioning_started_at &&
	    w->now > s->now.provisioning_started_at + w->conf->setup_timeout_s * 1000;
}

void
store_event(struct store *s, const char *type, const char *reason, const char *message)
{
	if (s->nevents < STORE_EVENTS_MAX)
		s->events[s->nevents++] = (struct store_event){type, reason, message};
}

void
store_reason(struct store *s, const char *reason, const char *message, const char *next_step)
{
	const bool changed = reason && (!s->now.reason || strcmp(reason, s->now.reason) != 0);

	s->now.reason = reason;
	s->now.message = message;
	s->now.next_step = next_step;
	if (changed)
		store_event(s, "Warning", reason, message);
}

void
store_failed(struct store *s, int64_t now_ms)
{
	unsigned char random;
	int64_t ms = BACKOFF_MS;

	for (int64_t n = 0; n < s->now.attempts && ms < BACKOFF_MAX_MS; n++)
		ms *= 2;
	ms = ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : ms;
	crypto_random(&random, 1);
	s->now.attempts++;
	s->now.next_attempt_at = now_ms + ms * 8 / 10 + ms * 4 / 10 * random / 255;
}
