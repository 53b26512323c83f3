/* A fixed row of slots. */
#include "config.h"

#include "reconcile/children.h"

#include <string.h>

struct slot {
	struct arena a;
	struct children_job job;
	bool ended;
};

struct children {
	size_t parallel, last;
	struct helm_child *child[CHILDREN_MAX];	/* NULL: the slot is free */
	struct slot slots[CHILDREN_MAX];
};

struct children *
children_new(struct arena *a, size_t parallel)
{
	struct children *c = arena_new(a, struct children);

	c->parallel = parallel < CHILDREN_MAX ? parallel : CHILDREN_MAX;
	return c;
}

static void
release(struct children *c, size_t i)
{
	helm_free(c->child[i]);
	c->child[i] = NULL;
	arena_fini(&c->slots[i].a);
	c->slots[i] = (struct slot){.ended = false};
}

void
children_free(struct children *c)
{
	for (size_t i = 0; i < c->parallel; i++)
		if (c->child[i])
			release(c, i);
}

bool
children_room(const struct children *c)
{
	for (size_t i = 0; i < c->parallel; i++)
		if (!c->child[i])
			return true;
	return false;
}

size_t
children_running(const struct children *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->parallel; i++)
		n += c->child[i] && !c->slots[i].ended;
	return n;
}

bool
children_has(const struct children *c, const char *namespace)
{
	for (size_t i = 0; i < c->parallel; i++)
		if (c->child[i] && !c->slots[i].ended &&
		    strcmp(c->slots[i].job.helm.namespace, namespace) == 0)
			return true;
	return false;
}

int
children_start(struct children *c, const struct helm_config *config, const struct children_job *job,
    struct err *e)
{
	size_t i = 0;

	while (i < c->parallel && c->child[i])
		i++;
	if (i == c->parallel)
		return err_set(e, ERR_BUG, "no room for another helm child");
	c->child[i] = helm_start(config, &job->helm, e);
	if (!c->child[i])
		return -1;
	c->slots[i].job = *job;
	c->slots[i].job.helm.namespace = arena_strdup(&c->slots[i].a, job->helm.namespace);
	c->slots[i].job.hash = arena_strdup(&c->slots[i].a, job->hash);
	return 0;
}

void
children_wait(struct children *c, int timeout_ms)
{
	struct helm_child *running[CHILDREN_MAX] = {NULL};

	if (children_running(c) == 0)
		return;
	for (int i = 0; i >= 0; timeout_ms = 0) {
		for (size_t k = 0; k < c->parallel; k++)
			running[k] = c->slots[k].ended ? NULL : c->child[k];
		i = helm_wait(running, c->parallel, timeout_ms);
		if (i >= 0)
			c->slots[i].ended = true;
	}
}

bool
children_ended(struct children *c, struct children_end *out)
{
	for (size_t i = 0; i < c->parallel; i++)
		if (c->child[i] && c->slots[i].ended) {
			const struct children_job *job = &c->slots[i].job;

			c->last = i;
			*out = (struct children_end){job->helm.namespace, job->helm.verb, job->hash,
			    job->generation, helm_result(c->child[i])};
			return true;
		}
	return false;
}

void
children_dismiss(struct children *c)
{
	release(c, c->last);
}
