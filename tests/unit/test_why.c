/* Why a store waits: who is told what, and when it is whose turn.  The cluster answers nothing. */
#include "config.h"

#include "reconcile/why.h"

#include "tests/check.h"

#include <stdlib.h>
#include <unistd.h>

static struct arena arena;
static struct conf conf = {.setup_timeout_s = 900};
static struct world w = {.conf = &conf, .a = &arena, .now = 10000000};

/* A cluster that is away is a reason only for what waits for it. */
static void
test_away(void)
{
	static const struct { enum plan_desired desired; const char *phase; bool waits; } cases[] = {
		{PLAN_PRESENT, "ready", false}, {PLAN_PRESENT, "degraded", true}, {PLAN_PRESENT, "suspended", true},
		{PLAN_SUSPENDED, "suspended", false}, {PLAN_SUSPENDED, "ready", true}, {PLAN_ABSENT, "ready", true},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s1", .desired = cases[i].desired, .plan = {.action = PLAN_WAIT},
		    .now = {.phase = cases[i].phase}, .seen = {.namespace = PLAN_NS_UNKNOWN}};

		why(&w, &s);
		CHECK((s.now.reason && strcmp(s.now.reason, "ClusterUnavailable") == 0) == cases[i].waits);
		s.generation = 1;	/* a wish that was not seen */
		why(&w, &s);
		CHECK_STR(s.now.reason, "ClusterUnavailable");
	}
}

/* So many in a round, each in its turn; those that wait for a moment to come take nobody's. */
static void
test_explained(void)
{
	enum { WAITING = 40, LATE = 25, ALL = WAITING + LATE };
	bool told[ALL] = {false};
	size_t n = 0;

	for (size_t round = 0; round < 4; round++) {
		size_t now = 0;

		why_begin(&w);
		for (size_t i = 0; i < ALL; i++) {
			struct store s = {.id = "s1", .namespace = "ns-x", .plan = {.action = PLAN_WAIT},
			    .now = {.phase = "provisioning", .provisioning_started_at = 5, .next_attempt_at = i < WAITING ? w.now + 1 : 0},
			    .seen = {.namespace = PLAN_NS_ACTIVE}};

			why(&w, &s);
			now += s.now.reason != NULL;
			told[i] |= s.now.reason && strcmp(s.now.reason, "DeadlineExceeded") == 0;
		}
		CHECK(now == 10);
	}
	for (size_t i = 0; i < ALL; i++) {
		CHECK(!told[i] || i >= WAITING);
		n += told[i];
	}
	CHECK(n == LATE);
}

/* What goes on being tried without a failure, as new passwords behind a set-up that does not end, says so in the end. */
static void
test_again(void)
{
	static const struct { enum plan_desired desired; int64_t started; const char *was, *want, *says; } cases[] = {
		{PLAN_PRESENT, 5, NULL, "DeadlineExceeded", "The shop was not ready in time: it waits."},
		{PLAN_PRESENT, 5, "CrashLoopBackOff", "CrashLoopBackOff", NULL},
		{PLAN_PRESENT, 9999999, NULL, NULL, NULL},
		{PLAN_PRESENT, 1, NULL, NULL, NULL},		/* it is ready */
		{PLAN_ABSENT, 5, NULL, NULL, NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s1", .desired = cases[i].desired, .now = {.reason = cases[i].was,
		    .provisioning_started_at = cases[i].started, .provisioning_completed_at = 2}};
		struct err e;

		err_set(&e, ERR_TRANSIENT, "it waits");
		why_again(&w, &s, &e);
		CHECK((s.now.reason == NULL) == (cases[i].want == NULL) && (!s.now.reason || strcmp(s.now.reason, cases[i].want) == 0));
		if (cases[i].says)
			CHECK_STR(s.now.message, cases[i].says);
	}
}

static void
test_refused(void)
{
	static const struct { enum err_kind kind; const char *msg, *reason; } cases[] = {
		{ERR_DENIED, "pods \"x\" is forbidden: exceeded quota: store, used: pods=5", "QuotaExceeded"},
		{ERR_DENIED, "secrets is forbidden: User \"x\" cannot create resource", "HelmFailed"},
		{ERR_INPUT, "name: Invalid value", "BadValues"},
		{ERR_TOO_LARGE, "the values are larger", "BadValues"},
		{ERR_BUG, "HTTP 405", "HelmFailed"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s1"};
		struct err e;

		err_set(&e, cases[i].kind, "%s", cases[i].msg);
		why_error(&w, &s, &e);
		CHECK_STR(s.now.reason, cases[i].reason);
		CHECK_STR(s.now.message, cases[i].msg);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"who waits for a cluster that is away", test_away},
		{"how many are explained", test_explained},
		{"what is tried again and again says why", test_again},
		{"a refusal says who refused", test_refused},
		{0},
	};
	char config[] = "/tmp/test_why.XXXXXX";
	const int fd = mkstemp(config);
	struct err e = {0};
	int bad = 1;

	if (fd < 0)
		return 1;
	dprintf(fd, "current-context: x\ncontexts: [{name: x, context: {cluster: x, user: x}}]\n"
	    "clusters: [{name: x, cluster: {server: \"http://127.0.0.1:1\"}}]\nusers: [{name: x, user: {token: t}}]\n");
	close(fd);
	w.kube = kube_new(config, NULL, &e);
	if (w.kube)
		bad = test_main(tests);
	fprintf(stderr, "%s", e.msg);
	kube_free(w.kube);
	remove(config);
	arena_fini(&arena);
	return bad;
}
