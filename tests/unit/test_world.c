/*
 * What the reconciler makes of a world that is not as it seems: lists and answers of a scripted server, without a
 * database.  Nothing may be taken for gone that was not seen to be gone.
 */
#include "config.h"

#include "reconcile/action.h"
#include "reconcile/check.h"
#include "reconcile/isolation.h"
#include "reconcile/observe.h"
#include "reconcile/ready.h"
#include "reconcile/status.h"
#include "reconcile/told.h"

#include "tests/check.h"
#include "tests/unit/http_fake.h"

#define NAMESPACE(name, store) "{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"" name "\",\"uid\":\"u1\"," \
	"\"labels\":{\"storeward.io/installation\":\"inst\",\"storeward.io/store\":\"" store "\"}}}"
#define GONE(name) "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"message\":\"no " name "\"," \
	"\"details\":{\"name\":\"" name "\",\"kind\":\"namespaces\"},\"code\":404}"
#define SECRETS(next, items) "{\"kind\":\"SecretList\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"" \
	next "\"}" items "}"
#define VOLUMES(columns, cells) "{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"7\"}," \
	"\"columnDefinitions\":[" columns "],\"rows\":[{\"cells\":[" cells "]," \
	"\"object\":{\"metadata\":{\"name\":\"pv\",\"uid\":\"v1\",\"resourceVersion\":\"5\"}}}]}"
#define CLAIMS "{\"name\":\"Name\"},{\"name\":\"Claim\"},{\"name\":\"Reclaim Policy\"}"

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

static const struct { const char *path, *status, *body; } answers[] = {
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
	{"/api/v1/namespaces/ns-gone ", "404 Not Found", GONE("ns-gone")},
	{"/api/v1/namespaces/ns-proxy ", "404 Not Found", "<html>"},
	{"/api/v1/namespaces/ns-denied ", "403 Forbidden", "{\"kind\":\"Status\",\"reason\":\"Forbidden\"}"},
	{"/api/v1/namespaces/ns-there ", "200 OK", NAMESPACE("ns-there", "s1")},
	{"/api/v1/namespaces/ns-other ", "200 OK", NAMESPACE("ns-other", "s2")},
	{"/api/v1/namespaces/ns-", "404 Not Found", GONE("ns")},
	{"storeward.io%2Fstore%3Dwhole", "200 OK", SECRETS("", ",\"items\":[]")},
	{"storeward.io%2Fstore%3Dnull", "200 OK", SECRETS("", ",\"items\":null")},
	{"storeward.io%2Fstore%3Dpaged", "200 OK", SECRETS("more", ",\"items\":[]")},
	{"storeward.io%2Fstore%3Dnone", "200 OK", SECRETS("", "")},
	{"storeward.io%2Fstore%3Dleft", "200 OK", SECRETS("", ",\"items\":[{\"metadata\":{\"name\":\"x\"}}]")},
	{"/apis/apps/v1/namespaces/ns-up/deployments/shop ", "200 OK", "{\"metadata\":{\"generation\":1},\"status\":{\"observedGeneration\":1,"
	    "\"replicas\":1,\"updatedReplicas\":1,\"readyReplicas\":1,\"availableReplicas\":1}}"},
	{"/api/v1/persistentvolumes", "200 OK", VOLUMES("{\"name\":\"Name\"}", "\"pv\"")},
};

static void
serve(int fd, const char *request)
{
	const char *status = "500 Unexpected", *body = "";

	if (strstr(request, "/secrets?limit=10 "))	/* those of a namespace */
		status = "200 OK", body = SECRETS("", ",\"items\":[]");
	for (size_t i = 0; i < sizeof answers / sizeof *answers && !*body; i++)
		if (memmem(request, strcspn(request, "\r"), answers[i].path, strlen(answers[i].path)))
			status = answers[i].status, body = answers[i].body;
	fake_reply(fd, status, NULL, body);
}

static struct arena arena;
static struct conf conf = {.setup_timeout_s = 900, .second_look_s = 15, .probe_period_s = 3600, .isolation_period_s = 86400};
static struct world w = {.conf = &conf, .a = &arena, .installation = "inst", .cluster_uid = "c", .now = 10000000};

static void
test_forget(void)
{
	static const struct { const char *namespace; int rc; enum err_kind kind; bool forgotten; } cases[] = {
		{"ns-gone", 0, ERR_NONE, true},
		{"ns-proxy", -1, ERR_TRANSIENT, false},
		{"ns-denied", -1, ERR_DENIED, false},
		{"ns-there", -1, ERR_TRANSIENT, false},		/* the list missed it */
		{"ns-other", 0, ERR_NONE, false},		/* another's label */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s1", .namespace = cases[i].namespace, .now = {.conditions = "[]",
		    .namespace_uid = "u1", .provisioning_started_at = 5, .provisioning_completed_at = 6}};
		struct err e = {0};

		CHECK(namespace_forget(&w, &s, &e) == cases[i].rc);
		CHECK(cases[i].rc == 0 || e.kind == cases[i].kind);
		CHECK((s.now.namespace_uid == NULL) == cases[i].forgotten);
		CHECK((strstr(s.now.conditions, "DataLost") != NULL) == cases[i].forgotten);
		CHECK((s.now.provisioning_started_at == 0) == cases[i].forgotten);
	}
}

static void
test_proof(void)
{
	static const struct { const char *id, *says; } cases[] = {
		{"whole", "does not show claims"},	/* the list of volumes, which comes last */
		{"null", "does not show claims"},
		{"paged", "no whole list"},
		{"none", "no whole list"},
		{"left", "Secret x is still there"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = cases[i].id, .namespace = "ns-x", .desired = PLAN_ABSENT};
		struct err e = {0};

		CHECK(purge_look(&w, &s, &e) == -1 && s.now.first_absent_at == 0);
		if (!strstr(e.msg, cases[i].says))
			CHECK_STR(e.msg, cases[i].says);
	}
}

/* A shop that was ready and still stands is not called failed because its next version does not come up. */
static void
test_degraded(void)
{
	static const struct { struct store_status now; uint64_t up; enum plan_phase phase; } cases[] = {
		{{.attempts = 5, .provisioning_started_at = 1, .provisioning_completed_at = 2}, 1, PLAN_DEGRADED},
		{{.attempts = 5, .provisioning_started_at = 1, .provisioning_completed_at = 2}, 0, PLAN_FAILED},
		{{.attempts = 5, .provisioning_started_at = 1}, 1, PLAN_FAILED},
		{{.attempts = 1, .provisioning_started_at = 1, .provisioning_completed_at = 2}, 1, PLAN_PROVISIONING},
		{{.attempts = 1, .provisioning_started_at = 2, .provisioning_completed_at = 1}, 0, PLAN_FAILED},
	};
	struct err e;
	const char *spec = "{\"workloads\":[{\"kind\":\"Deployment\",\"name\":\"shop\"}]}";

	w.releases_known = w.work_known = true;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s1", .namespace = "ns-x", .hash = "new", .generation = 1, .now = cases[i].now,
		    .spec = json_parse(&arena, spec, strlen(spec), &e),
		    .seen = {.namespace = PLAN_NS_ACTIVE, .secret = "x", .release_status = "failed", .release_hash = "new",
		    .release_generation = 1, .workloads = 1, .workloads_up = cases[i].up}};
		const struct plan_state state = observe_state(&w, &s);

		CHECK(plan_next(&state).phase == cases[i].phase);
	}
}

/* A shop that goes on selling while a change is made says so; nothing else is available but what is ready. */
static void
test_available(void)
{
	static const struct {
		enum plan_desired desired;
		enum plan_phase phase;
		const char *name, *verified;
		uint64_t up;
		const char *says;
	} cases[] = {
		{PLAN_PRESENT, PLAN_READY, "ready", "new", 1, "\"status\":\"True\",\"reason\":\"Ready\""},
		{PLAN_PRESENT, PLAN_PROVISIONING, "provisioning", "old", 1, "\"status\":\"True\",\"reason\":\"Updating\""},
		{PLAN_PRESENT, PLAN_PROVISIONING, "provisioning", "old", 0, "\"status\":\"False\",\"reason\":\"InProgress\""},
		{PLAN_PRESENT, PLAN_PROVISIONING, "provisioning", NULL, 1, "\"status\":\"False\",\"reason\":\"InProgress\""},
		{PLAN_PRESENT, PLAN_DEGRADED, "degraded", "old", 1, "\"status\":\"False\",\"reason\":\"InProgress\""},
		{PLAN_SUSPENDED, PLAN_IS_SUSPENDED, "suspended", NULL, 0, "\"status\":\"False\",\"reason\":\"Suspended\""},
		{PLAN_SUSPENDED, PLAN_KEEP, "ready", NULL, 1, "[]"},	/* as it was before */
	};
	const char *spec = "{\"workloads\":[{\"kind\":\"Deployment\",\"name\":\"shop\"}]}";
	struct err e;

	w.work_known = true;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s1", .namespace = "ns-x", .hash = "new", .desired = cases[i].desired,
		    .spec = json_parse(&arena, spec, strlen(spec), &e), .plan = {.phase = cases[i].phase},
		    .now = {.conditions = "[]", .phase = cases[i].name, .verified_hash = cases[i].verified,
		    .reason = cases[i].desired == PLAN_SUSPENDED ? "Suspended" : NULL},
		    .seen = {.namespace = PLAN_NS_ACTIVE, .workloads = 1, .workloads_up = cases[i].up}};

		(void)status_write(&w, &s, &e);		/* there is no database: the conditions are set before */
		if (!strstr(s.now.conditions, cases[i].says))
			CHECK_STR(s.now.conditions, cases[i].says);
	}
}

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

/*
 * However many shops are not well, a new one becomes ready: those that were seen to sell as they are now are not confirmed
 * again, and of the others each has its turn.
 */
static void
test_confirmed(void)
{
	enum { MANY = 150 };
	static struct store stores[MANY];
	size_t confirmed[2] = {0};
	const char *spec = "{\"workloads\":[{\"kind\":\"Deployment\",\"name\":\"shop\"}]}";
	struct err e;

	w.stores = stores;
	w.nstores = MANY;
	for (size_t seldom = 0; seldom < 2; seldom++) {
		bool seen[MANY] = {false};

		for (size_t round = 0; round < (seldom ? 3 : 1); round++) {
			for (size_t i = 0; i < MANY; i++)
				stores[i] = (struct store){.namespace = "ns-up", .hash = "h", .spec = json_parse(&arena, spec, strlen(spec), &e),
				    .now = {.phase = "degraded", .verified_hash = !seldom && i + 1 < MANY ? "h" : "older"}, .seen.workloads_ready = 1};
			ready_confirm(&w);
			for (size_t i = 0; i < MANY; i++)
				seen[i] |= stores[i].seen.workloads_ready == 1;
		}
		for (size_t i = 0; i < MANY; i++)
			confirmed[seldom] += seen[i];
	}
	CHECK(confirmed[0] == MANY);
	CHECK(confirmed[1] == MANY);
	w.stores = NULL;
	w.nstores = 0;
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

static void
test_cut(void)
{
	char text[2400];

	for (size_t shift = 0; shift < 4; shift++) {
		size_t n = 0;

		while (n < shift)
			text[n++] = 'x';
		for (; n + 4 < sizeof text; n += 4)
			memcpy(text + n, "\xF0\x9F\x9B\x92", 4);
		text[n] = 0;
		n = status_event_length(text);
		CHECK(n <= 1900 && n > 1896 && (n - shift) % 4 == 0);
	}
	CHECK(status_event_length("short") == 5 && status_event_length("") == 0);
}

int
main(void)
{
	static const struct test tests[] = {
		{"only what is seen to be gone is forgotten", test_forget},
		{"a proof needs whole lists", test_proof},
		{"a shop that stands is degraded, not failed", test_degraded},
		{"a shop that goes on selling says so", test_available},
		{"what a run's end means", test_judge},
		{"what a probe tells beside the checkout", test_told},
		{"everybody's turn to be confirmed", test_confirmed},
		{"a probe that has much to tell", test_much_told},
		{"what is tried of isolation", test_isolation},
		{"an event is cut at a whole character", test_cut},
		{0},
	};
	char config[] = "/tmp/test_world.XXXXXX";
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
	w.db = db_new("host=/nonexistent", "test", 1000);	/* incidents cannot be written */
	w.kube = kube_new(config, NULL, &e);
	if (w.kube)
		bad = test_main(tests);
	fprintf(stderr, "%s", e.msg);
	kube_free(w.kube);
	db_free(w.db);
	fake_stop(&fake);
	remove(config);
	arena_fini(&arena);
	return bad;
}
