/*
 * What the reconciler makes of a world that is not as it seems: lists and answers of a scripted server, without a
 * database.  Nothing may be taken for gone that was not seen to be gone.
 */
#include "config.h"

#include "reconcile/action.h"
#include "reconcile/observe.h"
#include "reconcile/ready.h"
#include "reconcile/status.h"

#include "tests/unit/kube_fake.h"

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

static const struct fake_answer answers[] = {
	{"/secrets?limit=10 ", "200 OK", SECRETS("", ",\"items\":[]")},	/* those of a namespace */
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
	fake_answer(fd, request, answers, sizeof answers / sizeof *answers);
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
		{"everybody's turn to be confirmed", test_confirmed},
		{"an event is cut at a whole character", test_cut},
		{0},
	};
	w.db = db_new("host=/nonexistent", "test", 1000);	/* incidents cannot be written */
	const int bad = fake_kube_main(tests, &w.kube, serve);

	db_free(w.db);
	arena_fini(&arena);
	return bad;
}
