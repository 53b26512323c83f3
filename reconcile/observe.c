/* The lists and their rows. */
#include "config.h"

#include "reconcile/observe.h"

#include "reconcile/check.h"
#include "reconcile/incident.h"
#include "reconcile/ready.h"
#include "reconcile/volumes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LISTS_TIMEOUT_MS = 20 * 1000, NAME_MAX_LENGTH = 253 };

#define LABEL(name) "metadata.labels.storeward\\.io/" name

/* The store whose namespace this object is in, if the object is the store's own. */
static struct store *
owner(const struct world *w, const struct kube_row *row)
{
	struct store *s = world_find(w, json_text(row->object, "metadata.namespace"));

	return s && strcmp(json_text(row->object, LABEL("store")), s->id) == 0 ? s : NULL;
}

static int
see_namespace(void *ctx, const struct kube_row *row, struct err *e)
{
	struct world *w = ctx;
	const char *name = json_text(row->object, "metadata.name"), *uid = json_text(row->object, "metadata.uid");
	struct store *s = world_find(w, name);

	(void)e;
	if (!s) {
		incident_open(w, "OrphanNamespace", name,
		    "A namespace carries this installation's label, but no store has it.",
		    "Look into it, then adopt or delete it with `storeward orphans`.");
		return 0;
	}
	s->seen.namespace_uid = arena_strdup(w->a, uid);
	if (strcmp(json_text(row->object, LABEL("store")), s->id) != 0 ||
	    (s->now.namespace_uid && strcmp(s->now.namespace_uid, uid) != 0))
		s->seen.namespace = PLAN_NS_FOREIGN;
	else if (*json_text(row->object, "metadata.deletionTimestamp"))
		s->seen.namespace = PLAN_NS_TERMINATING;
	else
		s->seen.namespace = PLAN_NS_ACTIVE;
	return 0;
}

/* sh.helm.release.v1.NAME.vN: the highest N counts. */
static int
see_release(void *ctx, const struct kube_row *row, struct err *e)
{
	struct world *w = ctx;
	struct store *s = owner(w, row);
	const char *name = json_text(row->object, "metadata.name");
	const int64_t revision = strtoll(json_text(row->object, "metadata.labels.version"), NULL, 10);

	(void)e;
	if (!s || strcmp(json_text(row->object, "metadata.labels.name"), s->namespace) != 0 ||
	    revision <= s->seen.revision)
		return 0;
	s->seen.revision = revision;
	s->seen.secret = arena_strdup(w->a, name);
	s->seen.release_status = arena_strdup(w->a, json_text(row->object, "metadata.labels.status"));
	s->seen.release_hash = arena_strdup(w->a, json_text(row->object, LABEL("hash")));
	s->seen.release_generation = strtoll(json_text(row->object, LABEL("generation")), NULL, 10);
	return 0;
}

/* "1/1": as many as wanted, which is how many; -1 when it is not so. */
static long
all_of(const char *cell)
{
	char *end;
	const long have = strtol(cell, &end, 10);

	return end != cell && *end == '/' && strtol(end + 1, NULL, 10) == have ? have : -1;
}

static void
see_workload(struct world *w, const struct kube_row *row, const char *kind)
{
	struct store *s = owner(w, row);
	const struct json *wanted = s ? json_get(check_spec(w, s), "workloads") : NULL;
	const char *name = json_text(row->object, "metadata.name");

	for (size_t i = 0; i < json_count(wanted) && i < 64; i++) {
		const struct json *one = json_item(wanted, i);

		if (strcmp(json_text(one, "kind"), kind) != 0 || strcmp(json_text(one, "name"), name) != 0)
			continue;
		const uint64_t bit = (uint64_t)1 << i;
		const long pods = *json_text(row->object, "metadata.deletionTimestamp") ? -1 : all_of(kube_cell(row, "Ready"));

		s->seen.workloads |= bit;
		s->seen.workloads_up |= pods > 0 ? bit : 0;
		s->seen.workloads_down |= pods == 0 ? bit : 0;
	}
}

static int
see_deployment(void *ctx, const struct kube_row *row, struct err *e)
{
	(void)e;
	see_workload(ctx, row, "Deployment");
	return 0;
}

static int
see_statefulset(void *ctx, const struct kube_row *row, struct err *e)
{
	(void)e;
	see_workload(ctx, row, "StatefulSet");
	return 0;
}

static void
see_check(struct world *w, struct store *s, const struct kube_row *row, const char *status)
{
	const char *name = json_text(row->object, "metadata.name");
	int64_t generation, attempt;
	enum check_kind kind;

	if (!check_parse(name, &kind, &generation, &attempt) || *json_text(row->object, "metadata.deletionTimestamp"))
		return;
	struct store_run *run = &s->seen.run[kind];
	const struct check_target t = check_target(w, s);

	if (generation != t.generation)
		run->old = arena_strdup(w->a, name);
	else if (attempt > run->last)
		run->last = attempt;
	if (t.hash && strcmp(json_text(row->object, LABEL("hash")), t.hash) == 0 &&
	    generation == t.generation && attempt > run->attempt) {
		run->attempt = attempt;
		run->status = arena_strdup(w->a, status);
	}
}

static int
see_job(void *ctx, const struct kube_row *row, struct err *e)
{
	struct world *w = ctx;
	struct store *s = owner(w, row);
	const char *name = json_text(row->object, "metadata.name"), *status = kube_cell(row, "Status");

	(void)e;
	if (!s)
		return 0;
	if (!*status && all_of(kube_cell(row, "Completions")) > 0)	/* servers before 1.31 have no such column */
		status = "Complete";
	see_check(w, s, row, status);
	const char *setup = json_text(check_spec(w, s), "setup.job");
	const size_t len = strlen(setup);

	if (!len || strncmp(name, setup, len) != 0 || name[len] != '-')
		return 0;
	if (*json_text(row->object, "metadata.deletionTimestamp")) {
		s->seen.setup_going = true;
		return 0;
	}
	s->seen.setup_jobs++;
	if (strcmp(status, "Complete") == 0)
		s->seen.setup_done++;
	else
		s->seen.setup_unfinished = arena_strdup(w->a, name);
	return 0;
}

static int
see_volume(void *ctx, const struct kube_row *row, struct err *e)
{
	struct world *w = ctx;
	const char *claim = volumes_claim(row, e), *slash = claim ? strchr(claim, '/') : NULL;
	struct store *s = slash ? world_find(w, arena_strndup(row->a, claim, (size_t)(slash - claim))) : NULL;

	if (!claim)
		return -1;
	if (s) {
		s->seen.volumes++;
		s->seen.volumes_other += strcmp(kube_cell(row, "Reclaim Policy"), volumes_policy(s)) != 0;
	}
	return 0;
}

/* A list that begins anew makes what it gave so far unknown: the next round takes it again. */
static void
restart(void *ctx)
{
	struct world *w = ctx;

	for (size_t i = 0; i < w->nstores; i++)
		w->stores[i].seen = (struct store_seen){.namespace = PLAN_NS_UNKNOWN};
	snprintf(w->kubernetes, sizeof w->kubernetes, "a list began anew in pages");
}

static bool
anyone_deleting(const struct world *w)
{
	for (size_t i = 0; i < w->nstores; i++)
		if (w->stores[i].desired == PLAN_ABSENT)
			return true;
	return false;
}

void
observe(struct world *w)
{
	enum { NAMESPACES, RELEASES, DEPLOYMENTS, STATEFULSETS, JOBS, VOLUMES, LISTS };
	const char *ours = arena_printf(w->a, "storeward.io/installation=%s", w->installation);
	const char *helm = arena_printf(w->a, "owner=helm,%s", ours);
	struct kube_list l[LISTS] = {
		[NAMESPACES] = {.path = "/api/v1/namespaces", .label_selector = ours, .row = see_namespace},
		[RELEASES] = {.path = "/api/v1/secrets", .label_selector = helm, .row = see_release},
		[DEPLOYMENTS] = {.path = "/apis/apps/v1/deployments", .label_selector = ours, .row = see_deployment},
		[STATEFULSETS] = {.path = "/apis/apps/v1/statefulsets", .label_selector = ours, .row = see_statefulset},
		[JOBS] = {.path = "/apis/batch/v1/jobs", .label_selector = ours, .row = see_job},
		[VOLUMES] = {.path = "/api/v1/persistentvolumes", .row = see_volume},
	};
	const size_t n = anyone_deleting(w) ? LISTS : VOLUMES;

	snprintf(w->kubernetes, sizeof w->kubernetes, "ok");
	for (size_t i = 0; i < n; i++) {
		l[i].object = KUBE_METADATA;
		l[i].ctx = w;
		l[i].restart = restart;
	}
	kube_lists(w->kube, l, n, LISTS_TIMEOUT_MS);
	for (size_t i = 0; i < n; i++)
		if (!l[i].complete && strcmp(w->kubernetes, "ok") == 0)
			snprintf(w->kubernetes, sizeof w->kubernetes, "%.60s: %.300s", l[i].path, l[i].err.msg);
	const bool whole = strcmp(w->kubernetes, "a list began anew in pages") != 0;

	w->namespaces_known = whole && l[NAMESPACES].complete;
	w->releases_known = whole && l[RELEASES].complete;
	w->work_known = whole && l[DEPLOYMENTS].complete && l[STATEFULSETS].complete && l[JOBS].complete;
	w->volumes_known = whole && n == LISTS && l[VOLUMES].complete;
	for (size_t i = 0; i < w->nstores; i++) {
		struct store *s = &w->stores[i];

		s->seen.workloads_ready = s->desired == PLAN_SUSPENDED ? s->seen.workloads_down : s->seen.workloads_up;
		if (!w->namespaces_known)
			s->seen.namespace = PLAN_NS_UNKNOWN;
		else if (s->seen.namespace == PLAN_NS_UNKNOWN)
			s->seen.namespace = PLAN_NS_ABSENT;
	}
	ready_confirm(w);
}
