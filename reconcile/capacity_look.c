/*
 * Nodes and pods as they come from the cluster, each forgotten but for its requests: the lists
 * are read object by object, and those of the API server's cache are new enough.
 */
#include "config.h"

#include "reconcile/capacity_private.h"

#include "lib/clock.h"
#include "reconcile/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_TIMEOUT_MS = 10 * 1000, PODS_TIMEOUT_MS = 20 * 1000 };

struct capacity *
capacity_new(struct arena *a)
{
	return arena_new(a, struct capacity);
}

void
capacity_fini(struct capacity *c)
{
	if (!c)
		return;
	arena_fini(&c->nodes_arena);
	arena_fini(&c->pods_arena);
}

/* An array with room for one more; what it outgrew goes with the arena. */
static void *
grown(struct arena *a, void *old, size_t size, size_t n, size_t *room)
{
	if (n < *room)
		return old;
	*room = *room ? 2 * *room : 64;
	void *new = arena_alloc(a, arena_mul(size, *room));

	if (n)
		memcpy(new, old, size * n);
	return new;
}

void
capacity_begin(struct capacity *c)
{
	arena_reset(&c->nodes_arena);
	c->nodes = NULL;
	c->nnodes = c->nodes_room = c->not_ready = c->closed = 0;
	capacity_pods_restart(c);
}

static bool
is_ready(const struct json *node)
{
	const struct json *all = json_get(node, "status.conditions");

	for (size_t i = 0; i < json_count(all); i++)
		if (strcmp(json_text(json_item(all, i), "type"), "Ready") == 0)
			return strcmp(json_text(json_item(all, i), "status"), "True") == 0;
	return false;
}

/* No chart of ours tolerates a taint. */
static bool
is_closed(const struct json *node)
{
	const struct json *taints = json_get(node, "spec.taints");

	for (size_t i = 0; i < json_count(taints); i++)
		if (strcmp(json_text(json_item(taints, i), "effect"), "PreferNoSchedule") != 0)
			return true;
	return json_bool(node, "spec.unschedulable", false);
}

void
capacity_node(struct capacity *c, const struct json *node)
{
	ARENA(a);
	struct pod_reader r = {.a = &a};
	const struct json *has = json_get(node, "status.allocatable");

	if (!is_ready(node) || is_closed(node)) {
		*(is_ready(node) ? &c->closed : &c->not_ready) += 1;
		return;
	}
	c->nodes = grown(&c->nodes_arena, c->nodes, sizeof *c->nodes, c->nnodes, &c->nodes_room);
	struct node *n = &c->nodes[c->nnodes++];

	n->name = arena_strdup(&c->nodes_arena, json_text(node, "metadata.name"));
	for (size_t k = 0; k < NEEDS; k++) {
		const struct json *v = pod_member(has, need_names[k].name);

		r.wrong[0] = '\0';
		n->total[k] = pod_quantity(&r, v);
		if (!v || r.wrong[0])	/* of what is not told there may be plenty */
			n->total[k] = INT64_MAX;
	}
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(((const struct node *)x)->name, ((const struct node *)y)->name);
}

void
capacity_nodes_end(struct capacity *c)
{
	if (c->nnodes)
		qsort(c->nodes, c->nnodes, sizeof *c->nodes, by_name);
}

void
capacity_pods_restart(struct capacity *c)
{
	arena_reset(&c->pods_arena);
	c->pods = NULL;
	c->npods = c->pods_room = 0;
	memset(c->unbound, 0, sizeof c->unbound);
	for (size_t i = 0; i < c->nnodes; i++)
		memset(c->nodes[i].used, 0, sizeof c->nodes[i].used);
}

/* On its way to a node.  One that the scheduler found no node for takes no room, or it alone would keep out everybody. */
static bool
is_coming(const struct json *pod)
{
	const struct json *all = json_get(pod, "status.conditions");

	if (*json_text(pod, "metadata.deletionTimestamp"))
		return false;
	for (size_t i = 0; i < json_count(all); i++)
		if (strcmp(json_text(json_item(all, i), "type"), "PodScheduled") == 0 &&
		    strcmp(json_text(json_item(all, i), "status"), "False") == 0)
			return *json_text(pod, "status.nominatedNodeName") != '\0';
	return true;
}

static long
node_of(const struct capacity *c, const char *name)
{
	const struct node wanted = {.name = name};
	const struct node *found = c->nnodes ?
	    bsearch(&wanted, c->nodes, c->nnodes, sizeof *c->nodes, by_name) : NULL;

	return found ? (long)(found - c->nodes) : ELSEWHERE;
}

/* Pods come namespace by namespace. */
static const char *
kept_name(struct capacity *c, const char *namespace)
{
	if (c->npods && strcmp(c->pods[c->npods - 1].namespace, namespace) == 0)
		return c->pods[c->npods - 1].namespace;
	return arena_strdup(&c->pods_arena, namespace);
}

void
capacity_pod(struct capacity *c, const struct json *pod, bool kept)
{
	ARENA(a);
	struct pod_reader r = {.a = &a};
	const char *name = json_text(pod, "spec.nodeName");
	struct pod p = {.node = *name ? node_of(c, name) : UNBOUND};

	if (!*name && !is_coming(pod))
		return;
	pod_need(&r, json_get(pod, "spec"), p.need);
	if (p.node != ELSEWHERE)
		capacity_add(p.node == UNBOUND ? c->unbound : c->nodes[p.node].used, p.need);
	if (!kept)
		return;
	p.namespace = kept_name(c, json_text(pod, "metadata.namespace"));
	c->pods = grown(&c->pods_arena, c->pods, sizeof *c->pods, c->npods, &c->pods_room);
	c->pods[c->npods++] = p;
}

static int
see_node(void *ctx, const struct kube_row *row, struct err *e)
{
	(void)e;
	capacity_node(((struct world *)ctx)->capacity, row->object);
	return 0;
}

static int
see_pod(void *ctx, const struct kube_row *row, struct err *e)
{
	struct world *w = ctx;

	(void)e;
	capacity_pod(w->capacity, row->object, world_find(w, json_text(row->object, "metadata.namespace")) != NULL);
	return 0;
}

static void
restart_nodes(void *ctx)
{
	capacity_begin(((struct world *)ctx)->capacity);
}

static void
restart_pods(void *ctx)
{
	capacity_pods_restart(((struct world *)ctx)->capacity);
}

static bool
take(struct world *w, struct kube_list list, int timeout_ms)
{
	list.object = KUBE_OBJECT;
	list.cached = true;
	list.ctx = w;
	kube_lists(w->kube, &list, 1, timeout_ms);
	if (!list.complete)
		snprintf(w->capacity->unknown, sizeof w->capacity->unknown, "%s", list.err.msg);
	return list.complete;
}

/* What was promised to a store that was given up since is free again. */
static void
forget_given_up(struct world *w)
{
	struct capacity *c = w->capacity;
	size_t n = 0;

	for (size_t i = 0; i < c->npromises; i++) {
		const struct store *s = world_find(w, c->promises[i].namespace);

		if (s && s->desired == PLAN_PRESENT)
			c->promises[n++] = c->promises[i];
	}
	c->npromises = n;
}

static void
look(struct world *w)
{
	struct capacity *c = w->capacity;

	forget_given_up(w);
	c->unknown[0] = '\0';
	capacity_begin(c);
	if (!take(w, (struct kube_list){.path = "/api/v1/nodes", .row = see_node, .restart = restart_nodes}, NODES_TIMEOUT_MS))
		return;
	capacity_nodes_end(c);
	if (take(w, (struct kube_list){.path = "/api/v1/pods", .row = see_pod, .restart = restart_pods,
	    .field_selector = "status.phase!=Succeeded,status.phase!=Failed"}, PODS_TIMEOUT_MS))
		capacity_pods_end(c, clock_ms());
}

const char *
capacity_look(struct world *w)
{
	struct capacity *c = w->capacity;
	const int64_t now = clock_ms();

	if (!w->reachable)
		return "the cluster does not answer";
	if (w->autoscaled)
		return "the cluster adds nodes for pods that wait";
	if (!c->looked_ms || now - c->looked_ms >= CAPACITY_FRESH_MS) {
		look(w);
		c->looked_ms = clock_ms();
	}
	return c->unknown[0] ? c->unknown : NULL;
}
