/* What becomes of a store whose manifests were rendered, by what a scripted cluster says of its nodes and pods. */
#include "config.h"

#include "reconcile/action.h"
#include "reconcile/capacity.h"
#include "reconcile/observe.h"

#include "lib/clock.h"
#include "tests/unit/kube_fake.h"

#include <sys/mman.h>

#define TABLE(rows) "{\"kind\":\"Table\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"\"},\"columnDefinitions\":[{\"name\":\"Name\"}]," \
	"\"rows\":[" rows "]}"
#define ROW(object) "{\"cells\":[\"x\"],\"object\":{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"}," object "}}"
#define NODE(cpu) ROW("\"spec\":{},\"status\":{\"allocatable\":{\"cpu\":\"" cpu "\"},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}")
#define POD ROW("\"spec\":{\"nodeName\":\"a\",\"containers\":[{\"resources\":{\"requests\":{\"cpu\":\"1\"}}}]}")
#define FORBIDDEN(what) "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"message\":\"" what " is forbidden\"}"
#define NO_JOB "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"details\":{\"name\":\"setup\"}}"

static const char manifests[] = "kind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{resources: {requests: "
	"{cpu: 1}}}]}}}\n---\nkind: Job\nmetadata: {name: setup}\nspec: {template: {spec: {containers: [{resources: {requests: {cpu: 500m}}}]}}}\n";

static const struct scene {
	const char *name, *nodes, *pods, *job;	/* what is asked for; the status and the body */
	enum plan_desired desired;
	enum plan_admission is;
	const char *says;		/* in the conditions */
} scenes[] = {
	{"room", "200 OK " TABLE(NODE("2")), "200 OK " TABLE(""), NO_JOB, PLAN_PRESENT, PLAN_ADM_GRANTED,
	    "\"True\",\"reason\":\"Fits\",\"message\":\"" ADMITTED "\""},
	{"no room", "200 OK " TABLE(NODE("1")), "200 OK " TABLE(""), "404 Not Found " NO_JOB, PLAN_PRESENT, PLAN_ADM_FULL,
	    "\"False\",\"reason\":\"ClusterFull\",\"message\":\"The cluster has no room: cpu: 1500m needed, 1 free on 1 node.\""},
	{"the set-up was done", "200 OK " TABLE(NODE("1")), "200 OK " TABLE(""), "200 OK {\"kind\":\"Job\"}", PLAN_PRESENT, PLAN_ADM_GRANTED, "\"Fits\""},
	{"whether it was is not told", "200 OK " TABLE(NODE("1")), "200 OK " TABLE(""), "503 Busy {}", PLAN_PRESENT, PLAN_ADM_GRANTED, "\"Fits\""},
	{"its own pod", "200 OK " TABLE(NODE("1500m")), "200 OK " TABLE(POD), "404 Not Found " NO_JOB, PLAN_PRESENT, PLAN_ADM_GRANTED, "\"Fits\""},
	{"what stops needs none", "200 OK " TABLE(NODE("1")), "200 OK " TABLE(""), "404 Not Found " NO_JOB, PLAN_SUSPENDED, PLAN_ADM_GRANTED, "\"Fits\""},
	{"nodes are not told", "403 Forbidden " FORBIDDEN("nodes"), "200 OK " TABLE(""), "404 Not Found " NO_JOB, PLAN_PRESENT, PLAN_ADM_GRANTED,
	    "\"Fits\",\"message\":\"" ADMITTED " What the cluster has free is not known: list /api/v1/nodes: nodes is forbidden.\""},
	{"pods are not told", "200 OK " TABLE(NODE("1")), "403 Forbidden " FORBIDDEN("pods"), "404 Not Found " NO_JOB, PLAN_PRESENT, PLAN_ADM_GRANTED,
	    ADMITTED " What the cluster has free is not known: list /api/v1/pods: pods is forbidden."},
	{"a list that was cut", "200 OK {\"kind\":\"Table\",\"rows\":[", "200 OK " TABLE(""), "404 Not Found " NO_JOB, PLAN_PRESENT, PLAN_ADM_GRANTED,
	    "What the cluster has free is not known: list /api/v1/nodes"},
	{"no node", "200 OK " TABLE(""), "200 OK " TABLE(""), "404 Not Found " NO_JOB, PLAN_PRESENT, PLAN_ADM_FULL,
	    "The cluster has no room: no node takes pods (0 not ready, 0 closed to new pods)."},
};
enum { SCENES = sizeof scenes / sizeof *scenes };

/* Shared with the server: the scene, and how often it was asked for nodes. */
static struct { size_t scene, looks; } *stage;

static void
reply(int fd, const char *status_and_body)
{
	const char *body = strchr(status_and_body, '{');
	char status[64];

	snprintf(status, sizeof status, "%.*s", (int)(body - status_and_body - 1), status_and_body);
	fake_reply(fd, status, NULL, body);
}

static void
serve(int fd, const char *request)
{
	const struct scene *s = &scenes[stage->scene];

	if (strstr(request, "GET /api/v1/nodes?includeObject=Object&resourceVersion=0 ")) {
		stage->looks++;
		reply(fd, s->nodes);
	} else if (strstr(request, "GET /api/v1/pods?includeObject=Object&fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed"
	    "&resourceVersion=0 "))
		reply(fd, s->pods);
	else if (strstr(request, "GET /apis/batch/v1/namespaces/n/jobs/setup "))
		reply(fd, s->job);
	else
		reply(fd, "500 Unexpected {}");
}

static struct arena arena;
static struct conf conf = {.setup_timeout_s = 900, .second_look_s = 15, .probe_period_s = 3600, .isolation_period_s = 86400};
static struct store stores[1] = {{.namespace = "n"}};
static struct world w = {.conf = &conf, .a = &arena, .now = 10000000, .reachable = true, .stores = stores, .nstores = 1};

static struct store
judged(enum plan_desired desired, const char *phase, const char *reason, const char *conditions)
{
	struct store s = {.id = "s", .namespace = "n", .hash = "h", .desired = desired, .spec = json_object(&arena), .now = {
	    .phase = phase, .conditions = conditions, .reason = reason, .attempts = 2, .provisioning_completed_at = 5, .provisioning_started_at = 9}};
	const struct children_end end = {"n", HELM_TEMPLATE, "h", 1, {.ok = true, .manifests = manifests}};

	admit_ended(&w, &s, &end);
	return s;
}

static void
test_scenes(void)
{
	for (stage->scene = 0; stage->scene < SCENES; stage->scene++) {
		const struct scene *x = &scenes[stage->scene];

		w.capacity = capacity_new(&arena);
		struct store s = judged(x->desired, "ready", NULL, "[]");
		const int before = check_failures;

		CHECK(observe_state(&w, &s).admission == x->is);
		if (!strstr(s.now.conditions, x->says))
			CHECK_STR(s.now.conditions, x->says);
		CHECK(s.now.refused_hash == NULL);
		if (x->is == PLAN_ADM_FULL) {
			CHECK_STR(s.now.reason, "ClusterFull");
			CHECK(s.now.attempts == 3 && s.now.next_attempt_at > w.now && s.now.admitted_hash == NULL);
			CHECK(s.now.provisioning_started_at == 5);	/* no change has begun */
		} else {
			CHECK_STR(s.now.admitted_hash, "h");
			CHECK(s.now.reason == NULL && s.now.attempts == 2 && s.now.provisioning_started_at == 9);
		}
		if (check_failures > before)
			printf("# in: %s\n", x->name);
		capacity_fini(w.capacity);
	}
}

/* Found room at last: its making begins now. */
static void
test_room_appears(void)
{
	w.capacity = capacity_new(&arena);
	stage->scene = 0;
	struct store s = judged(PLAN_PRESENT, "provisioning", "ClusterFull", "[{\"type\":\"Admitted\",\"status\":\"False\",\"reason\":\"ClusterFull\"}]");

	CHECK(s.now.reason == NULL && s.now.attempts == 0 && s.now.next_attempt_at == 0);
	CHECK(s.now.provisioning_started_at == w.now);
	capacity_fini(w.capacity);
}

/* A shop that waits for room and does not sell: that is worse, and told once, not after each try. */
static void
test_worse(void)
{
	static const char full[] = "[{\"type\":\"Admitted\",\"status\":\"False\",\"reason\":\"ClusterFull\"}]";
	static const struct { const char *phase, *reason, *want; size_t events; } cases[] = {
		{"degraded", "CheckoutFailed", "CheckoutFailed", 0},
		{"degraded", "ClusterFull", "ClusterFull", 0},
		{"provisioning", "CheckoutFailed", "ClusterFull", 1},	/* that was before another wish */
		{"provisioning", NULL, "ClusterFull", 1},
	};

	stage->scene = 1;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		w.capacity = capacity_new(&arena);
		struct store s = judged(PLAN_PRESENT, cases[i].phase, cases[i].reason, full);

		CHECK_STR(s.now.reason, cases[i].want);
		CHECK(s.nevents == cases[i].events && s.now.attempts == 3);
		CHECK(strstr(s.now.conditions, "1500m needed, 1 free on 1 node") != NULL);
		CHECK(observe_state(&w, &s).admission == PLAN_ADM_FULL);
		capacity_fini(w.capacity);
	}
}

/* What was promised to a store that is given up at once keeps nobody out. */
static void
test_given_up(void)
{
	struct fit fit;
	struct capacity_verdict verdict;
	struct err e;

	w.capacity = capacity_new(&arena);
	clock_set(1000000);
	stage->scene = 0;
	CHECK(fit_check(&arena, manifests, sizeof manifests - 1, &fit, &e) == 0);
	(void)judged(PLAN_PRESENT, "provisioning", NULL, "[]");
	CHECK(!capacity_judge(w.capacity, "other", &fit, &verdict));
	clock_set(1000000 + CAPACITY_FRESH_MS);
	CHECK(!capacity_look(&w) && !capacity_judge(w.capacity, "other", &fit, &verdict));
	stores[0].desired = PLAN_ABSENT;
	clock_set(1000000 + 2 * CAPACITY_FRESH_MS);
	CHECK(!capacity_look(&w) && capacity_judge(w.capacity, "other", &fit, &verdict));
	stores[0].desired = PLAN_PRESENT;
	clock_set(-1);
	capacity_fini(w.capacity);
}

static void
test_looks(void)
{
	w.capacity = capacity_new(&arena);
	clock_set(1000000);
	stage->scene = 0;
	stage->looks = 0;
	CHECK(capacity_look(&w) == NULL && capacity_look(&w) == NULL);
	CHECK(stage->looks == 1);
	clock_set(1000000 + CAPACITY_FRESH_MS - 1);
	CHECK(capacity_look(&w) == NULL && stage->looks == 1);
	stage->scene = 6;
	clock_set(1000000 + CAPACITY_FRESH_MS);
	CHECK(capacity_look(&w) != NULL && stage->looks == 2);
	CHECK(capacity_look(&w) != NULL && stage->looks == 2);	/* neither is a failure asked again at once */
	w.reachable = false;
	CHECK_STR(capacity_look(&w), "the cluster does not answer");
	w.reachable = true;
	w.autoscaled = true;
	CHECK_STR(capacity_look(&w), "the cluster adds nodes for pods that wait");
	CHECK(stage->looks == 2);
	w.autoscaled = false;
	clock_set(-1);
	capacity_fini(w.capacity);
}

int
main(void)
{
	static const struct test tests[] = {
		{"what the cluster has free decides", test_scenes},
		{"room appears", test_room_appears},
		{"no room for a shop that does not sell", test_worse},
		{"what is given up is free", test_given_up},
		{"one look in a while", test_looks},
		{0},
	};
	stage = mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED)
		return 1;
	const int bad = fake_kube_main(tests, &w.kube, serve);

	arena_fini(&arena);
	return bad;
}
