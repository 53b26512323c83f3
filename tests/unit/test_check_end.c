/* What the end of a check's run means, by what its pod said: of a scripted API server, without a database. */
#include "config.h"

#include "reconcile/check.h"
#include "reconcile/isolation.h"
#include "reconcile/status.h"
#include "reconcile/told.h"

#include "tests/unit/kube_fake.h"

#define POD(name, code, said) "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{\"name\":\"" name "\"," \
	"\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\":{\"storeward.io/component\":\"probe\"}}," \
	"\"status\":{\"phase\":\"Failed\",\"containerStatuses\":[{\"name\":\"probe\",\"state\":{\"terminated\":{" \
	"\"exitCode\":" code ",\"message\":\"" said "\",\"startedAt\":\"2026-01-01T00:00:00Z\"," \
	"\"finishedAt\":\"2026-01-01T00:00:07Z\"}}}]}}]}"
#define SERVICES(name, port) "{\"kind\":\"ServiceList\",\"items\":[{\"metadata\":{\"name\":\"db\"},\"spec\":{" \
	"\"clusterIP\":\"None\",\"ports\":[{\"port\":3306}]}},{\"metadata\":{\"name\":\"" name "\"},\"spec\":{" \
	"\"clusterIP\":\"10.0.0.9\",\"ports\":[{\"name\":\"http\",\"port\":" port "}]}}]}"
#define SLICES "{\"kind\":\"EndpointSliceList\",\"items\":[{\"ports\":[{\"port\":3306}],\"endpoints\":[{\"addresses\":" \
	"[\"10.1.0.2\"],\"conditions\":{\"ready\":true},\"targetRef\":{\"name\":\"db-0\"}},{\"addresses\":[\"10.1.0.3\"]," \
	"\"conditions\":{\"ready\":false},\"targetRef\":{\"name\":\"db-1\"}}]}]}"

static const struct fake_answer answers[] = {
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Dprobe-g1-2 ", "403 Forbidden", "{\"kind\":\"Status\",\"reason\":\"Forbidden\"}"},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Dprobe-g1-4 ", "200 OK", POD("p4", "0", "Bought it.")},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Dprobe-g1-5 ", "500 Oops", "{}"},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Dprobe-g1-6 ", "200 OK", POD("p6", "0", "Bought\\u0000it.")},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Dprobe-g1-", "200 OK", POD("p", "1", "payment: no way of paying; turn one on")},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Disolation-g1-1 ", "200 OK", POD("i", "0", "All shut.")},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Disolation-g1-2 ", "200 OK", POD("i", "1", "One reaches: x.")},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Disolation-g1-5 ", "403 Forbidden", "{\"kind\":\"Status\",\"reason\":\"Forbidden\"}"},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Disolation-g1-6 ", "200 OK", "{\"kind\":\"PodList\",\"items\":[{\"status\":{"
	    "\"containerStatuses\":[{\"state\":{\"terminated\":{\"exitCode\":128,\"reason\":\"StartError\",\"message\":\"no such file\","
	    "\"startedAt\":\"1970-01-01T00:00:00Z\",\"finishedAt\":\"2026-01-01T00:00:07Z\"}}}]}}]}"},
	{"/ns-judge/pods?limit=5&labelSelector=job-name%3Disolation-g1-", "200 OK", "{\"kind\":\"PodList\",\"items\":[]}"},
	{"/ns-told/pods?limit=5&labelSelector=job-name%3Dprobe-g4-1 ", "200 OK", POD("t1", "0", "Bought it.\\nWays False Few: only one\\nOther True X: y")},
	{"/ns-told/pods?limit=5&labelSelector=job-name%3Dprobe-g4-2 ", "200 OK", POD("t2", "1", "pay: no way; switch on\\nWays False Few: none")},
	{"/ns-told/pods?limit=5&labelSelector=job-name%3Dprobe-g4-3 ", "200 OK", POD("t3", "1", "pay: no way; switch on\\nWays True Enough: two")},
	{"/ns-told/pods?limit=5&labelSelector=job-name%3Dprobe-g4-4 ", "200 OK", POD("t4", "0", "Bought it again.")},
	{"/ns-told/pods?limit=5&labelSelector=job-name%3Dprobe-g4-5 ", "200 OK", POD("t5", "0", "Bought it.\\nWays True Enough: two")},
	{"/ns-judge/services?", "200 OK", SERVICES("shop", "81")},
	{"/ns-near/services?", "200 OK", SERVICES("web", "80")},
	{"/ns-near/endpointslices?", "200 OK", SLICES},
};

static void
serve(int fd, const char *request)
{
	fake_answer(fd, request, answers, sizeof answers / sizeof *answers);
}

static struct arena arena;
static struct conf conf = {.probe_period_s = 3600, .isolation_period_s = 86400};
static struct world w = {.conf = &conf, .a = &arena, .installation = "inst", .now = 10000000};

/* In turn: what a run's end makes of a live shop.  One that cannot be read is not judged. */
static void
test_judge(void)
{
	static const struct { enum check_kind kind; int64_t attempt; const char *status; int64_t judged, failures; const char *says; } runs[] = {
		{CHECK_PROBE, 1, "Running", 0, 0, "[]"},
		{CHECK_PROBE, 1, "Failed", 1, 1, "[]"},		/* a blip so far */
		{CHECK_PROBE, 1, "Failed", 1, 1, "[]"},		/* judged once */
		{CHECK_PROBE, 2, "Failed", 2, 2, "\"CheckoutFailed\",\"message\":\"The checkout probe failed, and what it said cannot be read.\""},
		{CHECK_PROBE, 3, "Failed", 3, 3, "\"CheckoutVerified\",\"status\":\"False\",\"reason\":\"CheckoutFailed\",\"message\":\"Pod p: payment: no way of paying\""},
		{CHECK_PROBE, 4, "Complete", 4, 0, "\"CheckoutVerified\",\"status\":\"True\",\"reason\":\"Verified\",\"message\":\"Bought it.\""},
		{CHECK_PROBE, 5, "Failed", 4, 0, "\"at\":\"2026-01-01T00:00:07Z\",\"seconds\":7"},
		{CHECK_PROBE, 6, "Complete", 6, 0, "\"CheckoutVerified\",\"status\":\"True\",\"reason\":\"Verified\",\"message\":\"Bought it.\""},
		{CHECK_ISOLATION, 1, "Complete", 1, 0, "\"Isolation\",\"status\":\"True\""},
		{CHECK_ISOLATION, 2, "Failed", 2, 1, "\"Isolation\",\"status\":\"False\""},
		{CHECK_ISOLATION, 3, "Failed", 3, 2, "\"Isolation\",\"status\":\"Unknown\""},
		{CHECK_ISOLATION, 5, "Complete", 5, 0, "\"Isolation\",\"status\":\"True\",\"reason\":\"Blocked\",\"message\":\"What the check said cannot be read.\""},
		{CHECK_ISOLATION, 6, "Failed", 6, 1, "\"at\":\"2026-01-01T00:00:07Z\",\"seconds\":0"},	/* it did not start */
	};
	struct store s = {.id = "s1", .namespace = "ns-judge", .generation = 1, .hash = "h", .now = {.conditions = "[]", .verified_hash = "h"}};

	w.work_known = true;
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		s.seen.run[runs[i].kind] = (struct store_run){.attempt = runs[i].attempt, .status = runs[i].status};
		check_judge(&w, &s);
		CHECK(s.now.check[runs[i].kind].judged == runs[i].judged && s.now.check[runs[i].kind].failures == runs[i].failures);
		CHECK(runs[i].judged == 0 || s.now.check[runs[i].kind].next_at > w.now);
		if (!strstr(s.now.conditions, runs[i].says))
			CHECK_STR(s.now.conditions, runs[i].says);
	}
	CHECK_STR(s.now.reason, "CheckoutFailed");
	CHECK_STR(s.now.next_step, "turn one on");
}

/*
 * In turn: what a probe tells beside the checkout, of a shop that sells on after a change of it was refused.  A run that
 * is a blip tells too; a request that came while one was at work has the next one begin at once.
 */
static void
test_told(void)
{
	static const struct { const char *status, *says, *event; int64_t asked; bool again; } runs[] = {
		{"Complete", "\"Ways\",\"status\":\"False\",\"reason\":\"Few\",\"message\":\"only one\"", "Warning Few only one", 0, false},
		{"Failed", "\"Ways\",\"status\":\"False\",\"reason\":\"Few\",\"message\":\"none\"", "", 0, false},
		{"Failed", "\"message\":\"Pod t3: pay: no way\"", "Normal Enough two, Warning CheckoutFailed Pod t3: pay: no way", 10, false},
		{"Complete", "\"Ways\",\"status\":\"Unknown\",\"reason\":\"NotTold\"", "", 30, true},
		{"Complete", "\"Verified\",\"message\":\"Bought it.\"", "Normal Enough two", 0, false},
	};
	/* It has the version before: the one wanted, which has more to it, was refused. */
	const char *spec = "{\"workloads\":[{}],\"probe\":{\"cronJob\":\"probe\",\"conditions\":[\"Ways\"]}}", *wanted = "{\"workloads\":[{},{}]}";
	struct err e;
	struct store s = {.id = "s1", .namespace = "ns-told", .generation = 5, .hash = "refused",
	    .spec = json_parse(&arena, wanted, strlen(wanted), &e), .applied_spec = json_parse(&arena, spec, strlen(spec), &e), .now = {.verified_hash = "h", .applied_hash = "h", .applied_generation = 4,
	    .conditions = "[{\"type\":\"Admitted\",\"status\":\"False\"},{\"type\":\"Older\",\"status\":\"True\"}]"}};

	w.work_known = true;
	CHECK(check_workloads(&w, &s) == 1);
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
		const char *told = "";

		s.nevents = 0;
		s.checks_requested_at = runs[i].asked;
		s.now.check[CHECK_PROBE].next_at = 20;		/* when the run began */
		s.seen.run[CHECK_PROBE] = (struct store_run){.attempt = (int64_t)i + 1, .status = runs[i].status};
		check_judge(&w, &s);
		CHECK(s.now.check[CHECK_PROBE].judged == (int64_t)i + 1);
		CHECK((s.now.check[CHECK_PROBE].next_at == w.now) == runs[i].again);
		if (!strstr(s.now.conditions, runs[i].says))
			CHECK_STR(s.now.conditions, runs[i].says);
		for (size_t k = 0; k < s.nevents; k++)
			told = arena_printf(&arena, "%s%s%s %s %s", told, *told ? ", " : "", s.events[k].type, s.events[k].reason, s.events[k].message);
		CHECK_STR(told, runs[i].event);
	}
	(void)status_write(&w, &s, &e);		/* there is no database: the conditions are set before */
	CHECK(strstr(s.now.conditions, "Admitted") && strstr(s.now.conditions, "Ways") && !strstr(s.now.conditions, "Older"));
}

/* However much a probe has to tell, what comes after it in that round has its line: that a shop is ready is counted by it. */
static void
test_much_told(void)
{
	const char *spec = "{\"probe\":{\"conditions\":[\"A\",\"B\",\"C\",\"D\",\"E\",\"F\",\"G\",\"H\"]}}";
	const char *said = "Bought it.\nA False X: y\nB False X: y\nC False X: y\nD False X: y\nE False X: y\nF False X: y\nG False X: y\nH False X: y";
	const struct check_end end = {.said = said};
	struct err e;
	struct store s = {.id = "s1", .spec = json_parse(&arena, spec, strlen(spec), &e), .now = {.conditions = "[]"}};

	CHECK_STR(told_put(&w, &s, &end), "Bought it.");
	CHECK(s.nevents == TOLD_MAX);
	store_event(&s, "Normal", "Ready", "");
	CHECK(s.nevents == TOLD_MAX + 1 && strcmp(s.events[TOLD_MAX].reason, "Ready") == 0);
}

/* What must be reached and what must not; nothing is tried while there is nobody else. */
static void
test_isolation(void)
{
	struct store stores[] = {
		{.tenant = "t1", .namespace = "ns-judge", .now = {.conditions = "[]", .phase = "ready"}, .seen.namespace = PLAN_NS_ACTIVE},
		{.tenant = "t1", .namespace = "ns-near", .now = {.conditions = "[]", .phase = "degraded"}, .seen.namespace = PLAN_NS_ACTIVE},
	};
	const struct check_env *env = NULL;
	struct err e;

	w.stores = stores;
	w.nstores = 2;
	CHECK(isolation_env(&w, &stores[0], &env, &e) == 0 && !env);
	CHECK(strstr(stores[0].now.conditions, "\"Unknown\",\"reason\":\"NoOtherStore\"") != NULL);
	stores[1].now.phase = "ready";
	CHECK(isolation_env(&w, &stores[0], &env, &e) == 0 && env);
	if (!env)
		return;
	CHECK_STR(env[0].value, "shop/81");
	CHECK_STR(env[1].value, "ns-near/db-0:3306=10.1.0.2/3306 ns-near/web:80=10.0.0.9/80");
	stores[1].tenant = "t2";	/* of whom this one is told nothing */
	CHECK(isolation_env(&w, &stores[0], &env, &e) == 0);
	CHECK_STR(env[1].value, "another-shop/db-0:3306=10.1.0.2/3306 another-shop/web:80=10.0.0.9/80");
	CHECK(isolation_env(&w, &stores[1], &env, &e) == -1);	/* nothing of ns-judge can be read */
	w.stores = NULL;
	w.nstores = 0;
}

int
main(void)
{
	static const struct test tests[] = {
		{"what a run's end means", test_judge},
		{"what a probe tells beside the checkout", test_told},
		{"a probe that has much to tell", test_much_told},
		{"what is tried of isolation", test_isolation},
		{0},
	};
	w.db = db_new("host=/nonexistent", "test", 1000);
	const int bad = fake_kube_main(tests, &w.kube, serve);

	db_free(w.db);
	arena_fini(&arena);
	return bad;
}
