/* One client per cluster, kept until its kubeconfig changes or too many are there. */
#include "config.h"

#include "fcgi/clusters.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/check.h"

static char folder[] = "/tmp/storeward-clusters-XXXXXX";

static void
write_kubeconfig(const char *cluster, const char *server)
{
	ARENA(a);
	FILE *f = fopen(arena_printf(&a, "%s/%s.kubeconfig", folder, cluster), "w");

	CHECK(f != NULL);
	fprintf(f, "current-context: x\n"
	    "contexts: [{name: x, context: {cluster: c, user: u}}]\n"
	    "clusters: [{name: c, cluster: {server: '%s'}}]\n"
	    "users: [{name: u, user: {token: t}}]\n", server);
	fclose(f);
}

static void
remove_kubeconfig(const char *cluster)
{
	ARENA(a);

	CHECK(unlink(arena_printf(&a, "%s/%s.kubeconfig", folder, cluster)) == 0);
}

static void
kept_until_the_file_changes(void)
{
	struct clusters c = {.folder = folder};
	struct err e = {0};

	write_kubeconfig("one", "https://127.0.0.1:1");
	struct kube *first = clusters_get(&c, "one", false, &e);

	CHECK(first && clusters_get(&c, "one", false, &e) == first);
	CHECK_STR(kube_url(first), "https://127.0.0.1:1");
	write_kubeconfig("one", "https://127.0.0.1:22");
	CHECK_STR(kube_url(clusters_get(&c, "one", false, &e)), "https://127.0.0.1:22");
	clusters_drop(&c, "one");
	clusters_drop(&c, "never-seen");
	CHECK_STR(kube_url(clusters_get(&c, "one", false, &e)), "https://127.0.0.1:22");
	remove_kubeconfig("one");
	CHECK(clusters_get(&c, "one", false, &e) == NULL && e.kind == ERR_MISSING);
	clusters_fini(&c);
}

static void
no_access(void)
{
	struct clusters none = {.folder = ""}, some = {.folder = folder};
	struct err e = {0};

	unsetenv("KUBERNETES_SERVICE_HOST");
	CHECK(!clusters_get(&none, "one", true, &e) && e.kind == ERR_MISSING);
	setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1", 1);
	setenv("KUBERNETES_SERVICE_PORT", "1", 1);
	CHECK(!clusters_get(&none, "one", false, &e) && e.kind == ERR_MISSING);
	/* In a pod, its own cluster: tried, but this is no pod. */
	CHECK(!clusters_get(&none, "one", true, &e) && e.kind == ERR_INPUT);
	/* A folder is a wish: the pod's account does not stand in for a missing file. */
	CHECK(!clusters_get(&some, "one", true, &e) && e.kind == ERR_MISSING);
	unsetenv("KUBERNETES_SERVICE_HOST");
	write_kubeconfig("broken", "ftp://x");
	CHECK(!clusters_get(&some, "broken", false, &e) && e.kind == ERR_INPUT);
	remove_kubeconfig("broken");
	clusters_fini(&none);
	clusters_fini(&some);
}

static void
more_than_can_be_kept(void)
{
	struct clusters c = {.folder = folder};
	struct err e = {0};
	ARENA(a);

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < CLUSTERS_MAX + 3; i++) {
			const char *name = arena_printf(&a, "c%d", i);
			const char *url = arena_printf(&a, "https://127.0.0.1:%d", 100 + i);

			if (round == 0)
				write_kubeconfig(name, url);
			struct kube *kube = clusters_get(&c, name, false, &e);

			CHECK(kube && strcmp(kube_url(kube), url) == 0);
		}
	}
	for (int i = 0; i < CLUSTERS_MAX + 3; i++)
		remove_kubeconfig(arena_printf(&a, "c%d", i));
	clusters_fini(&c);
}

int
main(void)
{
	static const struct test tests[] = {
		{"clusters: kept until the kubeconfig changes", kept_until_the_file_changes},
		{"clusters: no access is said", no_access},
		{"clusters: more than can be kept", more_than_can_be_kept},
		{NULL, NULL},
	};

	CHECK(mkdtemp(folder) != NULL);
	const int result = test_main(tests);

	rmdir(folder);
	return result;
}
