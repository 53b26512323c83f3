/*
 * Requests against what nodes have to give.  A store's own pods are added to what is free,
 * wherever they run: what stays where it is needs no other place.
 */
#include "config.h"

#include "reconcile/capacity_private.h"

#include "lib/quantity.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PROMISE_MS = 5 * 60 * 1000 };	/* by then its pods are there, or it failed */

/* What is left on a node; never below nothing, which some nodes are. */
static void
free_on(const struct node *n, int64_t room[NEEDS])
{
	for (size_t k = 0; k < NEEDS; k++) {
		room[k] = n->used[k] < n->total[k] ? n->total[k] - n->used[k] : 0;
		if (n->total[k] == INT64_MAX)
			room[k] = INT64_MAX;
	}
}

static bool
within(const int64_t need[NEEDS], const int64_t room[NEEDS])
{
	for (size_t k = 0; k < NEEDS; k++)
		if (need[k] > room[k])
			return false;
	return true;
}

/* Of a namespace's pods, those that have a node or those that have none. */
static void
seen_of(const struct capacity *c, const char *namespace, bool bound, int64_t sum[NEEDS])
{
	memset(sum, 0, NEEDS * sizeof *sum);
	for (size_t i = 0; i < c->npods; i++)
		if ((c->pods[i].node != UNBOUND) == bound && strcmp(c->pods[i].namespace, namespace) == 0)
			capacity_add(sum, c->pods[i].need);
}

static void
settle(const struct capacity *c, struct promise *p)
{
	int64_t bound[NEEDS], unbound[NEEDS];

	seen_of(c, p->namespace, true, bound);
	seen_of(c, p->namespace, false, unbound);
	capacity_add(bound, unbound);
	for (size_t k = 0; k < NEEDS; k++)
		p->left[k] = p->need[k] > bound[k] ? p->need[k] - bound[k] : 0;
}

void
capacity_pods_end(struct capacity *c, int64_t now_ms)
{
	size_t n = 0;

	for (size_t i = 0; i < c->npromises; i++) {
		struct promise *p = &c->promises[i];

		if (now_ms - p->at_ms > PROMISE_MS)
			continue;
		settle(c, p);
		c->promises[n++] = *p;
	}
	c->npromises = n;
}

/* All that stays, and one set-up at a time. */
static void
wanted(const struct fit *fit, int64_t need[NEEDS])
{
	int64_t most[NEEDS] = {0};

	memset(need, 0, NEEDS * sizeof *need);
	for (size_t i = 0; i < fit->npods; i++) {
		const struct fit_pod *p = &fit->pods[i];

		for (size_t k = 0; k < NEEDS && p->times > 0; k++) {
			if (!p->once)
				need[k] = need_plus(need[k], need_times(p->need[k], p->times));
			else if (p->need[k] > most[k])
				most[k] = p->need[k];
		}
	}
	capacity_add(need, most);
}

void
capacity_promise(struct capacity *c, const char *namespace, const struct fit *fit, int64_t now_ms)
{
	size_t at = 0;

	while (at < c->npromises && strcmp(c->promises[at].namespace, namespace) != 0)
		at++;
	if (at == PROMISES_MAX)		/* the oldest goes */
		memmove(c->promises, c->promises + 1, --at * sizeof *c->promises);
	else if (at == c->npromises)
		c->npromises++;
	struct promise *p = &c->promises[at];

	*p = (struct promise){.at_ms = now_ms};
	snprintf(p->namespace, sizeof p->namespace, "%s", namespace);
	wanted(fit, p->need);
	settle(c, p);
}

/* A judgement while it is made. */
struct judging {
	struct arena *a;
	const struct capacity *c;
	const char *namespace;
	int64_t (*own)[NEEDS];		/* the namespace's own, by node */
	int64_t lack[NEEDS];
	struct capacity_verdict *out;
	size_t len;			/* of its message */
};

/* The namespace's own pods, and what all nodes have together besides. */
static void
add_up(struct judging *j, int64_t own[NEEDS], int64_t room[NEEDS])
{
	const struct capacity *c = j->c;
	int64_t unbound[NEEDS], one[NEEDS];

	seen_of(c, j->namespace, true, own);
	seen_of(c, j->namespace, false, unbound);
	memset(room, 0, NEEDS * sizeof *room);
	for (size_t i = 0; i < c->npods; i++)
		if (c->pods[i].node >= 0 && strcmp(c->pods[i].namespace, j->namespace) == 0)
			capacity_add(j->own[c->pods[i].node], c->pods[i].need);
	for (size_t i = 0; i < c->nnodes; i++) {
		free_on(&c->nodes[i], one);
		capacity_add(room, one);
	}
	for (size_t k = 0; k < NEEDS; k++) {
		room[k] -= c->unbound[k] - unbound[k];
		for (size_t i = 0; i < c->npromises; i++)
			if (strcmp(c->promises[i].namespace, j->namespace) != 0)
				room[k] = need_plus(room[k], -c->promises[i].left[k]);
	}
}

/* Bytes to whole Mi: a node's are an odd number of Ki. */
static const char *
text(struct arena *a, size_t k, int64_t value, bool up)
{
	const int64_t unit = need_names[k].bytes ? INT64_C(1000) << 20 : k == NEED_PODS ? 1000 : 1;

	if (value < 0)
		value = 0;
	if (value < INT64_MAX - unit)
		value = (value + (up ? unit - 1 : 0)) / unit * unit;
	return quantity_text(a, value, need_names[k].bytes);
}

static void __attribute__((format(printf, 2, 3)))
say(struct judging *j, const char *fmt, ...)
{
	char *at = j->out->message + j->len;
	const size_t room = CAPACITY_TEXT - j->len;
	va_list ap;

	j->out->room = false;
	va_start(ap, fmt);
	const int n = vsnprintf(at, room, fmt, ap);

	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		*at = '\0';		/* no half clause */
	else
		j->len += (size_t)n;
}

static void
judge_sum(struct judging *j, const struct fit *fit)
{
	int64_t need[NEEDS], own[NEEDS], room[NEEDS];

	wanted(fit, need);
	add_up(j, own, room);
	for (size_t k = 0; k < NEEDS; k++) {
		const int64_t more = need[k] - own[k];

		if (more <= 0 || more <= room[k])
			continue;
		say(j, "%s%s: %s needed, %s free on %zu node%s", j->len ? "; " : "", need_names[k].name,
		    text(j->a, k, more, true), text(j->a, k, room[k], false), j->c->nnodes, j->c->nnodes == 1 ? "" : "s");
		j->lack[k] = room[k] > 0 ? more - room[k] : more;
	}
}

/* The largest place for one pod, by resource; true if it fits in one. */
static bool
find_place(const struct judging *j, const int64_t need[NEEDS], int64_t most[NEEDS])
{
	const struct capacity *c = j->c;
	int64_t room[NEEDS];

	memset(most, 0, NEEDS * sizeof *most);
	for (size_t i = 0; i < c->nnodes; i++) {
		free_on(&c->nodes[i], room);
		capacity_add(room, j->own[i]);
		if (within(need, room))
			return true;
		for (size_t k = 0; k < NEEDS; k++)
			most[k] = room[k] > most[k] ? room[k] : most[k];
	}
	/* One of its size runs where no other may come. */
	for (size_t i = 0; i < c->npods; i++)
		if (c->pods[i].node == ELSEWHERE && within(need, c->pods[i].need) &&
		    strcmp(c->pods[i].namespace, j->namespace) == 0)
			return true;
	return false;
}

static void
judge_pod(struct judging *j, const struct fit_pod *p, bool silent)
{
	int64_t most[NEEDS];
	const size_t before = j->len;

	if (p->times <= 0 || find_place(j, p->need, most))
		return;
	for (size_t k = 0; k < NEEDS; k++) {
		if (k != NEED_PODS && p->need[k] > j->lack[k])	/* any node takes a pod */
			j->lack[k] = p->need[k];
		if (!silent && p->need[k] > most[k])
			say(j, "%s%s %s: %s: %s needed on one node, %s free where there is most", j->len ? "; " : "", p->kind,
			    p->name, need_names[k].name, text(j->a, k, p->need[k], true), text(j->a, k, most[k], false));
	}
	if (!silent && j->len == before)
		say(j, "%s%s %s: no node has cpu %s and memory %s at once", j->len ? "; " : "", p->kind, p->name,
		    text(j->a, NEED_CPU, p->need[NEED_CPU], true), text(j->a, NEED_MEMORY, p->need[NEED_MEMORY], true));
}

static void
advise(struct judging *j)
{
	const char *list = "";

	for (size_t k = 0; k < NEEDS; k++)
		if (j->lack[k] > 0)
			list = arena_printf(j->a, "%s%s%s %s", list, *list ? ", " : "", need_names[k].name,
			    text(j->a, k, j->lack[k], true));
	snprintf(j->out->next_step, CAPACITY_TEXT, "Add a node with at least %s free, choose a smaller plan, or delete a "
	    "store that is not needed; it is tried again by itself.", list);
}

bool
capacity_judge(struct capacity *c, const char *namespace, const struct fit *fit, struct capacity_verdict *out)
{
	ARENA(a);
	struct judging j = {.a = &a, .c = c, .namespace = namespace, .out = out};

	*out = (struct capacity_verdict){.room = true};
	if (c->nnodes == 0) {
		say(&j, "no node takes pods (%zu not ready, %zu closed to new pods)", c->not_ready, c->closed);
		snprintf(out->next_step, CAPACITY_TEXT, "Operator: see `kubectl get nodes` for why no node is ready and open "
		    "to pods, or add one; it is tried again by itself.");
		return false;
	}
	j.own = arena_alloc(&a, arena_mul(sizeof *j.own, c->nnodes));
	judge_sum(&j, fit);
	const bool short_of = !out->room;

	for (size_t i = 0; i < fit->npods; i++)
		judge_pod(&j, &fit->pods[i], short_of);
	if (!out->room)
		advise(&j);
	return out->room;
}
