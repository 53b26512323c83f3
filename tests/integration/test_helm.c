/*
 * The real helm on the real cluster with the engine `minimal`, packed as the database keeps it: install, upgrade over drift,
 * adoption, kill -9 of helm and of its parent, unlocking, explanations, uninstall.  Needs
 * KUBECONFIG, HELM and ENGINES (the folder of engines) in the environment; skips without.
 */
#include "config.h"

#include "cli/engine_chart.h"
#include "reconcile/explain.h"
#include "reconcile/helm.h"
#include "reconcile/release.h"
#include "reconcile/values.h"
#include "tests/check.h"
#include "lib/clock.h"
#include "lib/crypto.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct kube *k;
static struct helm_config helm = {.timeout_s = 60};
static char ns[32], home[] = "/tmp/test_helm_home.XXXXXX";
static struct engine_chart chart;

static const char *
at(struct arena *a, const char *api, const char *what)
{
	return arena_printf(a, "%s/namespaces/%s/%s", api, ns, what);
}

static const char *
release_secret(struct arena *a, int revision)
{
	return arena_printf(a, "sh.helm.release.v1.%s.v%d", ns, revision);
}

static struct json *
parse(struct arena *a, const char *text)
{
	struct err e = {0};
	struct json *v = json_parse(a, text, strlen(text), &e);

	CHECK_STR(e.msg, "");
	return v;
}

static const char *
values(struct arena *a, const char *overrides)
{
	const char *hash;
	const struct values_input in = {
		.overrides = parse(a, overrides),
		.plan = parse(a, "{\"images\":{\"python\":\"sw.local/python:1\"}}"),
		.engine = "minimal", .installation = "11111111-1111-4111-8111-111111111111",
		.store = "22222222-2222-4222-8222-222222222222", .name = ns,
		.host = arena_printf(a, "%s.localhost", ns),
		.url = arena_printf(a, "http://%s.localhost:8080", ns),
		.ingress_class = "local", .storage_class = "local-path",
	};

	return values_text(a, &in, &hash);
}

static struct helm_child *
start(struct arena *a, enum helm_verb verb, const char *overrides)
{
	struct err e = {0};
	const struct helm_job job = {
		.verb = verb, .release = ns, .namespace = ns, .chart = chart.archive, .chart_len = chart.len,
		.values = values(a, overrides), .labels = "storeward.io/generation=3",
	};
	struct helm_child *child = helm_start(&helm, &job, &e);

	CHECK_STR(e.msg, "");
	return child;
}

static struct helm_result
run(struct arena *a, enum helm_verb verb, const char *overrides)
{
	struct helm_child *child = start(a, verb, overrides);

	CHECK(helm_wait(&child, 1, 90000) == 0);
	struct helm_result r = helm_result(child);
	r.output = arena_strdup(a, r.output);
	helm_free(child);
	return r;
}

static void
upgrade(struct arena *a, const char *overrides)
{
	const struct helm_result r = run(a, HELM_UPGRADE, overrides);

	if (!r.ok)
		fprintf(stderr, "# helm: %s\n", r.output);
	CHECK(r.ok);
}

static const char *
status_of(struct arena *a, int revision)
{
	struct err e = {0};
	const char *status = "none", *description;

	release_read(k, a, ns, release_secret(a, revision), &status, &description, &e);
	return status;
}

/* Waits until explain_store() says this reason; its last word otherwise. */
static struct explanation
explained(struct arena *a, const char *reason, int seconds)
{
	struct explanation got = {"", "", ""};

	for (; seconds > 0 && strcmp(got.reason, reason) != 0; seconds--) {
		struct err e = {0};
		sleep(1);
		CHECK(explain_store(k, a, ns, &got, &e) == 0);
	}
	CHECK_STR(got.reason, reason);
	printf("# %s: %s -> %s\n", got.reason, got.message, got.next_step);
	return got;
}

static void
knows_the_version(void)
{
	ARENA(a);
	struct err e = {0};
	const char *version = "";

	CHECK(helm_version(&helm, &a, &version, &e) == 0);
	CHECK(strncmp(version, "v4.", 3) == 0);
}

static void
refuses_bad_values(void)
{
	ARENA(a);
	struct explanation got;
	const struct helm_result r = run(&a, HELM_UPGRADE, "{\"storage\":3,\"nonsense\":1}");

	CHECK(!r.ok);
	explain_helm(&a, r.output, r.timed_out, &got);
	CHECK_STR(got.reason, "BadValues");
	CHECK(strstr(got.message, "nonsense") != NULL);
	printf("# %s: %s\n", got.reason, got.message);
}

/* kill -9 of helm itself, as soon as its release Secret says pending. */
static void
unlocks_after_a_kill(void)
{
	ARENA(a);
	struct err e = {0};
	const struct json *secret = NULL;
	struct helm_child *child = start(&a, HELM_UPGRADE, "{}");

	for (int i = 0; i < 1000 && !secret; i++) {
		struct err missing = {0};
		usleep(2000);
		secret = kube_get(k, &a, at(&a, "/api/v1", arena_printf(&a, "secrets/%s",
		    release_secret(&a, 1))), &missing);
	}
	kill(-helm_pid(child), SIGKILL);
	CHECK(helm_wait(&child, 1, 5000) == 0);
	CHECK(helm_result(child).status == 137 && !helm_result(child).timed_out);
	helm_free(child);
	CHECK_STR(status_of(&a, 1), "pending-install");
	const struct helm_result r = run(&a, HELM_UPGRADE, "{}");
	CHECK(!r.ok && strstr(r.output, "another operation") != NULL);
	CHECK(release_unlock(k, &a, ns, release_secret(&a, 1), &e) == 0);
	CHECK_STR(status_of(&a, 1), "failed");
	CHECK(release_unlock(k, &a, ns, release_secret(&a, 1), &e) == 0);	/* nothing to do */
	upgrade(&a, "{}");
	CHECK_STR(status_of(&a, 2), "deployed");
}

/* Somebody else's field manager owns the field: see helm_command.c. */
static void
puts_drift_back(void)
{
	ARENA(a);
	struct err e = {0};
	const char *path = at(&a, "/api/v1", "resourcequotas/store");

	CHECK(kube_patch(k, &a, path, parse(&a, "{\"spec\":{\"hard\":{\"pods\":\"99\"}}}"), &e) != NULL);
	upgrade(&a, "{}");
	CHECK_STR(json_text(kube_get(k, &a, path, &e), "spec.hard.pods"), "6");
}

static void
adopts_after_loss(void)
{
	ARENA(a);
	struct err e = {0};

	for (int i = 1; i < 9; i++) {
		struct err missing = {0};
		kube_delete(k, &a, at(&a, "/api/v1", arena_printf(&a, "secrets/%s",
		    release_secret(&a, i))), NULL, &missing);
	}
	upgrade(&a, "{}");
	const struct json *secret = kube_get(k, &a, at(&a, "/api/v1",
	    arena_printf(&a, "secrets/%s", release_secret(&a, 1))), &e);
	CHECK_STR(json_text(secret, "metadata.labels.status"), "deployed");
	CHECK_STR(json_text(secret, "metadata.labels.storeward\\.io/generation"), "3");
}

/* helm dies with its parent: nothing of the group is left, and the release can be used. */
static void
dies_with_its_parent(void)
{
	ARENA(a);
	int fds[2];

	CHECK(pipe(fds) == 0);
	const pid_t parent = fork();
	if (parent == 0) {
		const pid_t pid = helm_pid(start(&a, HELM_UPGRADE, "{}"));
		if (write(fds[1], &pid, sizeof pid) < 0)
			_exit(1);
		pause();
	}
	pid_t group = 0;
	CHECK(read(fds[0], &group, sizeof group) == sizeof group && group > 0);
	usleep(100000);
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	const int64_t killed = clock_ms();
	while (group > 0 && kill(-group, 0) == 0 && clock_ms() - killed < 15000)
		usleep(10000);
	CHECK(group > 0 && kill(-group, 0) != 0);
	printf("# helm ended %lld ms after its parent; release %s\n",
	    (long long)(clock_ms() - killed), status_of(&a, 2));
	struct err e = {0};
	release_unlock(k, &a, ns, release_secret(&a, 2), &e);
	upgrade(&a, "{}");
}

static void
explains_an_image(void)
{
	ARENA(a);

	upgrade(&a, "{\"images\":{\"python\":\"sw.local/nothing:9\"},\"imagePullPolicy\":\"IfNotPresent\"}");
	const struct explanation got = explained(&a, "ImagePullBackOff", 60);
	CHECK(strstr(got.message, "sw.local/nothing:9") != NULL);
}

static void
explains_a_quota(void)
{
	ARENA(a);
	struct err e = {0};

	upgrade(&a, "{\"quota\":{\"limits.memory\":\"1Mi\"}}");
	kube_delete(k, &a, at(&a, "/api/v1", "pods/shop-0"), NULL, &e);
	const struct json *jobs = kube_get(k, &a, at(&a, "/apis/batch/v1", "jobs"), &e);
	for (size_t i = 0; i < json_count(json_get(jobs, "items")); i++)
		kube_delete(k, &a, at(&a, "/apis/batch/v1", arena_printf(&a, "jobs/%s", json_text(
		    json_item(json_get(jobs, "items"), i), "metadata.name"))),
		    parse(&a, "{\"propagationPolicy\":\"Background\"}"), &e);
	CHECK(strstr(explained(&a, "QuotaExceeded", 60).message, "exceeded quota") != NULL);
}

static void
stops_at_the_deadline(void)
{
	ARENA(a);
	struct explanation got;
	const int saved = helm.timeout_s;

	helm.timeout_s = 1;
	struct helm_child *child = start(&a, HELM_UPGRADE, "{}");
	kill(-helm_pid(child), SIGSTOP);	/* a helm that hangs; timeout(1) too */
	CHECK(helm_wait(&child, 1, 60000) == 0);
	const struct helm_result r = helm_result(child);
	CHECK(r.timed_out && !r.ok);
	explain_helm(&a, r.output, r.timed_out, &got);
	CHECK_STR(got.reason, "DeadlineExceeded");
	helm_free(child);
	helm.timeout_s = saved;
}

static void
uninstalls(void)
{
	ARENA(a);
	struct err e = {0};

	CHECK(run(&a, HELM_UNINSTALL, "{}").ok);
	CHECK(kube_get(k, &a, at(&a, "/apis/apps/v1", "statefulsets/shop"), &e) == NULL);
	CHECK(e.kind == ERR_MISSING);
	CHECK(run(&a, HELM_UNINSTALL, "{}").ok);	/* again: nothing there is as wanted */
}

static const struct test tests[] = {
	{"helm tells its version", knows_the_version},
	{"helm refuses bad values", refuses_bad_values},
	{"helm killed in an install is unlocked", unlocks_after_a_kill},
	{"helm puts drift back", puts_drift_back},
	{"helm adopts after its Secrets are lost", adopts_after_loss},
	{"helm dies with its parent", dies_with_its_parent},
	{"explain names an image", explains_an_image},
	{"explain names a quota", explains_a_quota},
	{"helm is stopped at the deadline", stops_at_the_deadline},
	{"helm uninstalls", uninstalls},
	{0}
};

static int
make_namespace(struct arena *a, struct err *e)
{
	snprintf(ns, sizeof ns, "store-%.8s", crypto_sha256_hex(a, crypto_random_text(a, 16), 16));
	if (!kube_post(k, a, "/api/v1/namespaces", parse(a, arena_printf(a,
	    "{\"metadata\":{\"name\":\"%s\",\"labels\":{"
	    "\"storeward.io/installation\":\"11111111-1111-4111-8111-111111111111\","
	    "\"storeward.io/store\":\"22222222-2222-4222-8222-222222222222\"}}}", ns)), e))
		return -1;
	return kube_post(k, a, at(a, "/api/v1", "secrets"), parse(a,
	    "{\"metadata\":{\"name\":\"store-credentials\"},\"stringData\":"
	    "{\"admin-user\":\"admin\",\"admin-password\":\"test\"}}"), e) ? 0 : -1;
}

int
main(void)
{
	ARENA(a);
	struct err e = {0};

	helm.path = getenv("HELM");
	helm.kubeconfig = getenv("KUBECONFIG");
	if (!helm.path || !helm.kubeconfig || !getenv("ENGINES")) {
		printf("skip helm on a cluster: HELM, KUBECONFIG and ENGINES are not all set\n");
		return 77;
	}
	helm.home = mkdtemp(home);
	k = kube_new(helm.kubeconfig, NULL, &e);
	if (!k || engine_chart_pack(&a, arena_printf(&a, "%s/minimal", getenv("ENGINES")), "minimal", &chart, &e) != 0 ||
	    make_namespace(&a, &e) != 0) {
		printf("not ok chart and namespace: %s\n", e.msg);
		return 1;
	}
	const int bad = test_main(tests);
	kube_delete(k, &a, arena_printf(&a, "/api/v1/namespaces/%s", ns), NULL, &e);
	kube_free(k);
	return bad;
}
