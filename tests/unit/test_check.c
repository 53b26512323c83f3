/*
 * Checks without a cluster: names of runs, when they are due, what they are told, what a failure means, and what a
 * refused quota says.
 */
#include "config.h"

#include "reconcile/action.h"
#include "reconcile/check.h"
#include "reconcile/children.h"
#include "reconcile/observe.h"

#include "tests/check.h"

#define HOUR ((int64_t)3600 * 1000)

static struct arena arena;
static struct conf conf = {.probe_period_s = 3600};
static struct world w = {.conf = &conf, .a = &arena, .now = 100 * HOUR};

static void
names(void)
{
	static const struct { const char *job; bool is; enum check_kind kind; int64_t generation, attempt; } cases[] = {
		{"probe-g3-2", true, CHECK_PROBE, 3, 2},
		{"isolation-g12-7", true, CHECK_ISOLATION, 12, 7},
		{"probe-3-2", false}, {"setup-0123456789", false}, {"probe-g3", false}, {"", false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum check_kind kind = CHECK_PROBE;
		int64_t generation = 0, attempt = 0;

		CHECK(check_parse(cases[i].job, &kind, &generation, &attempt) == cases[i].is);
		if (cases[i].is)
			CHECK(kind == cases[i].kind && generation == cases[i].generation && attempt == cases[i].attempt);
	}
}

/* Half a period to two ahead, the same when asked again, and spread over the stores. */
static void
slots(void)
{
	size_t per_minute[180] = {0};

	for (int i = 0; i < 6000; i++) {
		const char *id = arena_printf(&arena, "%08x-0000-4000-8000-000000000000", i);
		const int64_t at = check_slot(id, HOUR, 100 * HOUR + 7);

		CHECK(at == check_slot(id, HOUR, 100 * HOUR + 7));
		CHECK(at >= 100 * HOUR + HOUR / 2 && at < 102 * HOUR + HOUR / 2);
		CHECK(check_slot(id, HOUR, at) > at);
		per_minute[(at / 60000 - 6000) % 180]++;
	}
	for (size_t i = 0; i < 180; i++)
		CHECK(per_minute[i] < 250);
}

static void
modes(void)
{
	static const struct { int64_t completed; const char *verified; bool orders; const char *mode; } cases[] = {
		{0, NULL, false, "create"}, {0, NULL, true, "create"},
		{1, NULL, false, "order"}, {1, "old", false, "order"},
		{1, "h", false, "browse"}, {1, "h", true, "order"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.hash = "h", .probe_orders = cases[i].orders, .now = {
		    .provisioning_completed_at = cases[i].completed, .verified_hash = cases[i].verified}};

		CHECK_STR(check_mode(&w, &s), cases[i].mode);
	}
}

/* One failure is a blip, two are not. */
static void
broken(void)
{
	const char *spec = "{\"probe\":{\"cronJob\":\"probe\"}}";
	struct err e;

	for (int64_t failures = 0; failures < 4; failures++) {
		struct store s = {.id = "s", .namespace = "n", .hash = "h",
		    .spec = json_parse(&arena, spec, strlen(spec), &e),
		    .now = {.verified_hash = "h", .check[CHECK_PROBE].failures = failures}};

		CHECK(observe_state(&w, &s).probe == (failures < 2 ? PLAN_PROBE_PASSED : PLAN_PROBE_BROKEN));
	}
}

/* What is asked, of which release: what sells where its change was refused. */
static void
targets(void)
{
	static const struct { const char *verified, *applied, *admitted, *hash; int64_t generation; bool sold; } cases[] = {
		{"new", "new", "True", "new", 5, true},		/* as wanted */
		{"old", "old", "True", "new", 5, false},	/* a change is being made */
		{"old", "old", "Unknown", "new", 5, false},
		{"old", "old", "False", "old", 4, true},
		{NULL, "old", "False", "new", 5, false},	/* nobody saw it sell */
		{"old", "mid", "False", "new", 5, false},	/* nor that */
		{"new", "new", "False", "new", 4, true},	/* the cluster was full for a mere retry */
		{NULL, NULL, "False", "new", 5, false},
	};
	const char *spec = "{\"probe\":{\"cronJob\":\"probe\"}}";
	struct err e;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.namespace = "n", .hash = "new", .generation = 5, .spec = json_parse(&arena, spec, strlen(spec), &e),
		    .now = {.verified_hash = cases[i].verified, .applied_hash = cases[i].applied, .applied_generation = 4,
		    .conditions = arena_printf(&arena, "[{\"type\":\"Admitted\",\"status\":\"%s\"}]", cases[i].admitted), .provisioning_completed_at = 1, .check[CHECK_PROBE].failures = 2}};

		CHECK_STR(check_target(&w, &s).hash, cases[i].hash);
		CHECK(check_target(&w, &s).generation == cases[i].generation);
		CHECK(check_sold(&w, &s) == cases[i].sold);
		CHECK((observe_state(&w, &s).probe == PLAN_PROBE_BROKEN) == cases[i].sold);
		CHECK_STR(check_mode(&w, &s), cases[i].sold ? "browse" : "order");
	}
}

/* A request is heard once, and by both checks. */
static void
asked(void)
{
	static const struct { int64_t requested, seen, next, want_seen, want_next; bool awaited; } cases[] = {
		{0, 0, 105, 0, 105, false},
		{99, 0, 105, 99, 99, true},
		{99, 99, 105, 99, 105, false},		/* answered */
		{99, 99, 99, 99, 99, true},		/* heard, not answered */
		{99, 98, 105, 99, 99, true},
		{101, 99, 105, 101, 100, true},		/* since the round began */
		{30, 0, 105, 30, 30, false},		/* too long ago for anybody to wait */
		{99, 103, 105, 99, 99, true},		/* the database's clock was set back */
		{150, 0, 105, 150, 100, false},		/* nobody waits for that long */
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.checks_requested_at = cases[i].requested * HOUR / 50, .now = {
		    .checks_seen_at = cases[i].seen * HOUR / 50, .check[CHECK_PROBE].next_at = cases[i].next * HOUR / 50}};
		struct world at = w;

		at.now = 100 * HOUR / 50;
		check_asked(&at, &s);
		CHECK(s.now.checks_seen_at == cases[i].want_seen * HOUR / 50);
		CHECK(s.now.check[CHECK_PROBE].next_at == cases[i].want_next * HOUR / 50);
		CHECK((s.now.check[CHECK_ISOLATION].next_at > 0) == (cases[i].requested != cases[i].seen));
		CHECK(check_awaited(&at, &s) == cases[i].awaited);
	}
}

/* After a change whose probe failed, the next try is now. */
static void
asked_between_tries(void)
{
	static const struct { const char *status, *verified; int64_t want; } cases[] = {
		{"Failed", "old", 0}, {"Failed", "h", 60}, {"Running", "old", 60}, {NULL, "old", 60},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.hash = "h", .checks_requested_at = w.now, .seen.run[CHECK_PROBE].status = cases[i].status,
		    .now = {.verified_hash = cases[i].verified, .next_attempt_at = w.now + 60}};

		check_asked(&w, &s);
		CHECK(s.now.next_attempt_at == w.now + cases[i].want);
	}
}

/* Another generation counts from one; what failed, and isolation, is looked at at once. */
static void
anew(void)
{
	struct store s = {.now = {.check = {{.judged = 7, .next_at = 9}, {.judged = 2, .next_at = 9}}}};

	check_anew(&s);
	CHECK(s.now.check[CHECK_PROBE].judged == 0 && s.now.check[CHECK_PROBE].next_at == 9);
	CHECK(s.now.check[CHECK_ISOLATION].judged == 0 && s.now.check[CHECK_ISOLATION].next_at == 0);
	s.now.check[CHECK_PROBE].failures = 2;
	check_anew(&s);
	CHECK(s.now.check[CHECK_PROBE].failures == 2 && s.now.check[CHECK_PROBE].next_at == 0);
}

#define QUOTA "kind: ResourceQuota\nmetadata: {name: q}\nspec: {hard: {limits.memory: 100Mi}}\n"
#define DEPLOYMENT(memory) "---\nkind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: " \
	"[{name: c, resources: {limits: {memory: " memory "}}}]}}}\n"

static void
admission(void)
{
	static const struct { const char *manifests, *hash; enum plan_admission is; const char *says; } cases[] = {
		{QUOTA DEPLOYMENT("50Mi"), "h", PLAN_ADM_GRANTED, "\"Admitted\",\"status\":\"True\""},
		{QUOTA DEPLOYMENT("64Mi"), "h", PLAN_ADM_REFUSED, "limits.memory: 128Mi needed, 100Mi allowed"},
		{QUOTA DEPLOYMENT("64Mi"), "older", PLAN_ADM_UNKNOWN, "[]"},
		{QUOTA "---\n*x\n", "h", PLAN_ADM_GRANTED, "\"Admitted\",\"status\":\"Unknown\""},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = {.id = "s", .namespace = "n", .hash = "h", .spec = json_object(&arena),
		    .now = {.conditions = "[]", .provisioning_completed_at = 5, .provisioning_started_at = 9}};
		const struct children_end end = {"n", HELM_TEMPLATE, cases[i].hash, 1,
		    {.ok = true, .manifests = cases[i].manifests}};

		admit_ended(&w, &s, &end);
		CHECK(observe_state(&w, &s).admission == cases[i].is);
		if (!strstr(s.now.conditions, cases[i].says))
			CHECK_STR(s.now.conditions, cases[i].says);
		if (cases[i].is != PLAN_ADM_REFUSED)
			continue;
		CHECK_STR(s.now.message, "The plan's quota is too small for its own rolling update: "
		    "limits.memory: 128Mi needed, 100Mi allowed.");
		CHECK_STR(s.now.next_step, "Raise limits.memory to 128Mi in the plan's quota (or choose a larger plan).");
		CHECK_STR(s.now.reason, "QuotaExceeded");
		CHECK(s.now.provisioning_started_at == 5);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"names of runs", names},
		{"when a run is due", slots},
		{"what a probe is told", modes},
		{"one failure is a blip", broken},
		{"which release is asked", targets},
		{"a request is heard once", asked},
		{"a request between two tries", asked_between_tries},
		{"another generation is looked at anew", anew},
		{"what fits is admitted", admission},
		{0},
	};
	const int bad = test_main(tests);

	arena_fini(&arena);
	return bad;
}
