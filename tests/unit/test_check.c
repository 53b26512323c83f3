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

		CHECK_STR(check_mode(&s), cases[i].mode);
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
		{"what fits is admitted", admission},
		{0},
	};
	const int bad = test_main(tests);

	arena_fini(&arena);
	return bad;
}
