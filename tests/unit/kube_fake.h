/* A scripted Kubernetes API server and a client of it, for the length of a test program. */
#ifndef TESTS_UNIT_KUBE_FAKE_H
#define TESTS_UNIT_KUBE_FAKE_H

#include "lib/kube.h"
#include "tests/check.h"
#include "tests/unit/http_fake.h"

struct fake_answer {
	const char *path, *status, *body;
};

/* The first row whose path is in the request's first line; 500 where there is none. */
static inline void
fake_answer(int fd, const char *request, const struct fake_answer *rows, size_t n)
{
	size_t i = 0;

	while (i < n && !memmem(request, strcspn(request, "\r"), rows[i].path, strlen(rows[i].path)))
		i++;
	fake_reply(fd, i < n ? rows[i].status : "500 Unexpected", NULL, i < n ? rows[i].body : "");
}

/* Runs the tests with *kube, a client of what serve() writes; the program's exit status. */
static inline int
fake_kube_main(const struct test *tests, struct kube **kube, fake_fn *serve)
{
	char config[] = "/tmp/kube_fake.XXXXXX";
	const int fd = mkstemp(config);
	struct err e = {0};
	struct fake fake;
	int bad = 1;

	if (fd < 0)
		return 1;
	fake_start(&fake, serve);
	dprintf(fd, "current-context: x\ncontexts: [{name: x, context: {cluster: x, user: x}}]\n"
	    "clusters: [{name: x, cluster: {server: \"%s\"}}]\nusers: [{name: x, user: {token: t}}]\n", fake.url);
	close(fd);
	*kube = kube_new(config, NULL, &e);
	if (*kube)
		bad = test_main(tests);
	fprintf(stderr, "%s", e.msg);
	kube_free(*kube);
	fake_stop(&fake);
	remove(config);
	return bad;
}

#endif
