/* A small table: most installations have one cluster. */
#include "config.h"

#include "fcgi/clusters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cluster *
find(struct clusters *c, const char *name)
{
	for (size_t i = 0; i < CLUSTERS_MAX; i++) {
		if (strcmp(c->kept[i].name, name) == 0)
			return &c->kept[i];
	}
	return NULL;
}

static void
forget(struct cluster *one)
{
	kube_free(one->kube);
	*one = (struct cluster){.name = ""};
}

static bool
same_file(const struct stat *x, const struct stat *y)
{
	return x->st_dev == y->st_dev && x->st_ino == y->st_ino &&
	    x->st_size == y->st_size && x->st_mtim.tv_sec == y->st_mtim.tv_sec &&
	    x->st_mtim.tv_nsec == y->st_mtim.tv_nsec;
}

static bool
in_pod(void)
{
	const char *host = getenv("KUBERNETES_SERVICE_HOST");

	return host && host[0] != '\0';
}

static struct kube *
keep(struct clusters *c, const char *name, const char *path, const struct stat *file,
    struct err *e)
{
	struct kube *kube = kube_new(path, NULL, e);
	struct cluster *place = find(c, "");

	if (!kube)
		return NULL;
	if (!place) {
		place = &c->kept[c->oldest];
		c->oldest = (c->oldest + 1) % CLUSTERS_MAX;
		forget(place);
	}
	kube_timeout(kube, CLUSTERS_TIMEOUT_MS);
	snprintf(place->name, sizeof place->name, "%s", name);
	place->kube = kube;
	place->file = *file;
	return kube;
}

struct kube *
clusters_get(struct clusters *c, const char *name, bool ours, struct err *e)
{
	const bool by_file = c->folder[0] != '\0';
	struct cluster *kept = find(c, name);
	struct stat file = {0};
	ARENA(a);
	const char *path = by_file ?
	    arena_printf(&a, "%s/%s.kubeconfig", c->folder, name) : NULL;

	if (by_file ? stat(path, &file) != 0 : !ours || !in_pod()) {
		err_set(e, ERR_MISSING, "no access to cluster %s: %s", name,
		    by_file ? path : "kubeconfig_dir is not set");
		return NULL;
	}
	if (kept && same_file(&kept->file, &file))
		return kept->kube;
	if (kept)
		forget(kept);
	return keep(c, name, path, &file, e);
}

void
clusters_drop(struct clusters *c, const char *name)
{
	struct cluster *kept = find(c, name);

	if (kept)
		forget(kept);
}

void
clusters_fini(struct clusters *c)
{
	for (size_t i = 0; i < CLUSTERS_MAX; i++)
		forget(&c->kept[i]);
}
