/* What is free against what is asked for: nodes, pods and stores as they come from the cluster, and the verdict. */
#include "config.h"

#include "reconcile/capacity.h"

#include "tests/check.h"

#define NODE(name, status, spec, has) "{\"metadata\":{\"name\":\"" name "\"},\"spec\":{" spec "},\"status\":{\"allocatable\":{" has \
	"},\"conditions\":[{\"type\":\"MemoryPressure\",\"status\":\"False\"},{\"type\":\"Ready\",\"status\":\"" status "\"}]}}"
#define OPEN(name, cpu, memory) NODE(name, "True", "", "\"cpu\":\"" cpu "\",\"memory\":\"" memory "\",\"pods\":\"10\"")
#define TAINT(effect) "\"taints\":[{\"key\":\"x\",\"effect\":\"" effect "\"}]"
#define ASKS(cpu, memory) "\"resources\":{\"requests\":{\"cpu\":\"" cpu "\",\"memory\":\"" memory "\"}}"
#define HAS "\"cpu\":\"4\",\"memory\":\"4Gi\",\"pods\":10"
#define POD(namespace, node, more, cpu, memory, status) "{\"metadata\":{\"namespace\":\"" namespace "\"" more "},\"spec\":{" node \
	"\"containers\":[{" ASKS(cpu, memory) "}]},\"status\":{" status "}}"
#define ON(name) "\"nodeName\":\"" name "\","
#define BOUND(namespace, node, cpu, memory) POD(namespace, ON(node), "", cpu, memory, "\"phase\":\"Running\"")
#define UNBOUND(namespace, cpu, memory) POD(namespace, "", "", cpu, memory, "\"phase\":\"Pending\"")
#define PLACELESS "\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":\"Unschedulable\"}]"
#define FULL "Add a node with at least "
#define ENDLESS "9000000000000000"
#define OR_ELSE " free, choose a smaller plan, or delete a store that is not needed; it is tried again by itself."

/* A store of one shop, and a set-up a fourth of it. */
static const char manifests[] = "kind: StatefulSet\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{resources: "
	"{requests: {cpu: 1, memory: 1Gi}}}]}}}\n---\nkind: Job\nmetadata: {name: setup}\nspec: {template: {spec: {containers: "
	"[{resources: {requests: {cpu: 250m, memory: 256Mi}}}]}}}\n---\nkind: CronJob\nmetadata: {name: probe}\nspec: {jobTemplate: "
	"{spec: {template: {spec: {containers: [{resources: {requests: {cpu: 64}}}]}}}}}\n";

static const struct {
	const char *name, *nodes, *pods, *message, *next_step;	/* message "" = there is room */
} cases[] = {
	{"an empty node", OPEN("a", "2", "2Gi"), "", "", ""},
	{"exactly", OPEN("a", "1250m", "1280Mi"), "", "", ""},
	{"one millicore less", OPEN("a", "1249m", "1280Mi"), "", "cpu: 1250m needed, 1249m free on 1 node", FULL "cpu 1m" OR_ELSE},
	{"bound pods take", OPEN("a", "2", "2Gi"), BOUND("x", "a", "1700m", "1Mi"), "cpu: 1250m needed, 300m free on 1 node",
	    FULL "cpu 1, memory 1Gi" OR_ELSE},
	{"two resources", OPEN("a", "1", "1Gi"), "", "cpu: 1250m needed, 1 free on 1 node; memory: 1280Mi needed, 1Gi free on 1 node",
	    FULL "cpu 250m, memory 256Mi" OR_ELSE},	/* the shop itself has its place */
	{"odd bytes are rounded to be read", OPEN("a", "2", "1048577Ki"), "", "memory: 1280Mi needed, 1Gi free on 1 node",
	    FULL "memory 256Mi" OR_ELSE},
	{"pods are counted", NODE("a", "True", "", "\"cpu\":\"4\",\"memory\":\"4Gi\",\"pods\":\"2\""), BOUND("x", "a", "1m", "1"),
	    "pods: 2 needed, 1 free on 1 node", FULL "pods 1" OR_ELSE},
	{"two nodes together", OPEN("a", "1", "1Gi") "," OPEN("b", "1", "1Gi"), "", "", ""},
	{"no place for the one", OPEN("a", "900m", "4Gi") "," OPEN("b", "900m", "4Gi"), "",
	    "StatefulSet shop: cpu: 1 needed on one node, 900m free where there is most", FULL "cpu 1, memory 1Gi" OR_ELSE},
	{"no node has both", OPEN("a", "4", "512Mi") "," OPEN("b", "500m", "4Gi"), "",
	    "StatefulSet shop: no node has cpu 1 and memory 1Gi at once", FULL "cpu 1, memory 1Gi" OR_ELSE},
	{"cordoned", OPEN("a", "1", "4Gi") "," NODE("b", "True", "\"unschedulable\":true", HAS), "",
	    "cpu: 1250m needed, 1 free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"tainted", OPEN("a", "1", "4Gi") "," NODE("b", "True", TAINT("NoSchedule"), HAS), "",
	    "cpu: 1250m needed, 1 free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"a taint that only prefers", NODE("b", "True", TAINT("PreferNoSchedule"), HAS), "", "", ""},
	{"not ready", OPEN("a", "1", "4Gi") "," NODE("b", "Unknown", "", HAS), "", "cpu: 1250m needed, 1 free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"none at all", NODE("a", "False", TAINT("NoExecute"), HAS) "," NODE("b", "True", "\"unschedulable\":true", HAS), "",
	    "no node takes pods (1 not ready, 1 closed to new pods)", "Operator: see `kubectl get nodes` for why no node is ready and open "
	    "to pods, or add one; it is tried again by itself."},
	{"what a node does not tell is plenty", NODE("a", "True", "", "\"cpu\":\"4\""), BOUND("x", "a", "1", "99Gi"), "", ""},
	{"what no one can read too", NODE("a", "True", "", "\"cpu\":\"4\",\"memory\":\"much\""), "", "", ""},
	{"its own pods are its own", OPEN("a", "1300m", "2Gi"), BOUND("mine", "a", "1", "1Gi"), "", ""},
	{"beyond what it has", OPEN("a", "1300m", "2Gi"), BOUND("mine", "a", "500m", "1Gi") "," BOUND("x", "a", "300m", "1Mi"),
	    "cpu: 750m needed, 500m free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"a smaller plan in a full cluster", OPEN("a", "2", "2Gi"), BOUND("mine", "a", "1500m", "1536Mi") "," BOUND("x", "a", "9", "9Gi"), "", ""},
	{"a smaller plan, and more on its way than there is room for", OPEN("a", "2", "2Gi"), BOUND("mine", "a", "1500m", "1536Mi") ","
	    UNBOUND("x", "9", "9Gi"), "", ""},
	{"its own where no new pod may come", OPEN("a", "300m", "2Gi") "," NODE("b", "True", "\"unschedulable\":true", HAS),
	    BOUND("mine", "b", "1", "1Gi"), "", ""},
	{"of others there is nothing gained", OPEN("a", "300m", "2Gi") "," NODE("b", "True", "\"unschedulable\":true", HAS),
	    BOUND("x", "b", "1", "1Gi"), "cpu: 1250m needed, 300m free on 1 node", FULL "cpu 1, memory 1Gi" OR_ELSE},
	{"on its way to a node", OPEN("a", "2", "2Gi"), UNBOUND("x", "1", "1Mi"), "cpu: 1250m needed, 1 free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"its own on its way", OPEN("a", "2", "2Gi"), UNBOUND("mine", "1", "1Mi"), "", ""},
	{"one that fits nowhere keeps nobody out", OPEN("a", "2", "2Gi"), POD("x", "", "", "64", "1Mi", PLACELESS), "", ""},
	{"unless somebody makes way for it", OPEN("a", "2", "2Gi"), POD("x", "", "", "1", "1Mi", PLACELESS ",\"nominatedNodeName\":\"a\""),
	    "cpu: 1250m needed, 1 free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"one that goes away", OPEN("a", "2", "2Gi"), POD("x", "", ",\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"", "1", "1Mi", ""), "", ""},
	{"more than there is", OPEN("a", "1", "1Gi"), BOUND("x", "a", "5", "1Mi"), "cpu: 1250m needed, 0 free on 1 node; memory: 1280Mi "
	    "needed, 1023Mi free on 1 node", FULL "cpu 1250m, memory 1Gi" OR_ELSE},
	{"init containers, sidecars and overhead", OPEN("a", "4", "4Gi"), "{\"metadata\":{\"namespace\":\"x\"},\"spec\":{" ON("a")
	    "\"overhead\":{\"cpu\":\"100m\"},\"initContainers\":[{\"restartPolicy\":\"Always\"," ASKS("500m", "0") "},{" ASKS("2500m", "0")
	    "}],\"containers\":[{" ASKS("1", "0") "}]}}", "cpu: 1250m needed, 900m free on 1 node", FULL "cpu 1, memory 1Gi" OR_ELSE},
	{"told of the whole pod", OPEN("a", "4", "4Gi"), "{\"metadata\":{\"namespace\":\"x\"},\"spec\":{" ON("a") ASKS("3", "1Mi")
	    ",\"containers\":[{" ASKS("1", "1Mi") "},{}]}}", "cpu: 1250m needed, 1 free on 1 node", FULL "cpu 250m" OR_ELSE},
	{"containers without end", OPEN("a", "4", "4Gi"), "{\"metadata\":{\"namespace\":\"x\"},\"spec\":{" ON("a") "\"overhead\":{\"cpu\":\""
	    ENDLESS "\"},\"initContainers\":[{\"restartPolicy\":\"Always\"," ASKS(ENDLESS, "8000Ti") "},{\"restartPolicy\":\"Always\"," ASKS(ENDLESS,
	    "8000Ti") "},{" ASKS(ENDLESS, "8000Ti") "}],\"containers\":[{" ASKS(ENDLESS, "8000Ti") "},{" ASKS(ENDLESS, "8000Ti") "}]}}",
	    "cpu: 1250m needed, 0 free on 1 node; memory: 1280Mi needed, 0 free on 1 node", FULL "cpu 1250m, memory 1280Mi" OR_ELSE},
	{"numbers without end", OPEN("a", "9P", "9E"), BOUND("x", "a", "9000000000000000", "8190Ti") "," BOUND("x", "a", "9000000000000000", "8190Ti"), "", ""},
};

static struct fit
rendered(struct arena *a)
{
	struct fit fit;
	struct err e = {0};

	CHECK(fit_check(a, manifests, strlen(manifests), &fit, &e) == 0);
	return fit;
}

static void
look(struct arena *a, struct capacity *c, const char *nodes, const char *pods, int64_t now_ms)
{
	const char *all = arena_printf(a, "{\"nodes\":[%s],\"pods\":[%s]}", nodes, pods);
	struct err e = {0};
	const struct json *v = json_parse(a, all, strlen(all), &e), *list = json_get(v, "nodes");

	CHECK_STR(e.msg, "");
	capacity_begin(c);
	for (size_t i = 0; i < json_count(list); i++)
		capacity_node(c, json_item(list, i));
	capacity_nodes_end(c);
	list = json_get(v, "pods");
	for (size_t i = 0; i < json_count(list); i++)
		capacity_pod(c, json_item(list, i), strcmp(json_text(json_item(list, i), "metadata.namespace"), "x") != 0);
	capacity_pods_end(c, now_ms);
}

static void
test_verdicts(void)
{
	ARENA(forever);
	struct capacity *c = capacity_new(&forever);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		const struct fit fit = rendered(&a);
		struct capacity_verdict verdict;
		const int before = check_failures;

		look(&a, c, cases[i].nodes, cases[i].pods, 0);
		CHECK(capacity_judge(c, "mine", &fit, &verdict) == !*cases[i].message);
		CHECK(verdict.room == !*cases[i].message);
		CHECK_STR(verdict.message, cases[i].message);
		CHECK_STR(verdict.next_step, cases[i].next_step);
		if (check_failures > before)
			printf("# in: %s\n", cases[i].name);
	}
	capacity_fini(c);
}

/* Of a Job that is there already nothing is asked. */
static void
test_set_up(void)
{
	ARENA(a);
	struct capacity *c = capacity_new(&a);
	struct fit fit = rendered(&a);
	struct capacity_verdict verdict;

	look(&a, c, OPEN("a", "1", "1Gi"), "", 0);
	CHECK(fit.npods == 2 && !fit.pods[0].once && fit.pods[1].once);
	CHECK(!capacity_judge(c, "mine", &fit, &verdict));
	fit.pods[1].times = 0;
	CHECK(capacity_judge(c, "mine", &fit, &verdict));
	capacity_fini(c);
}

/* Two that are let in after one look do not both get the last place. */
static void
test_promises(void)
{
	static const char node[] = OPEN("a", "2500m", "4Gi");
	ARENA(a);
	struct capacity *c = capacity_new(&a);
	const struct fit fit = rendered(&a);
	struct capacity_verdict verdict;

	look(&a, c, node, "", 0);
	CHECK(capacity_judge(c, "one", &fit, &verdict));
	capacity_promise(c, "one", &fit, 0);
	CHECK(capacity_judge(c, "one", &fit, &verdict));	/* its own */
	CHECK(capacity_judge(c, "two", &fit, &verdict));
	capacity_promise(c, "two", &fit, 0);
	capacity_promise(c, "two", &fit, 0);			/* once is enough */
	CHECK(!capacity_judge(c, "three", &fit, &verdict));
	CHECK_STR(verdict.message, "cpu: 1250m needed, 0 free on 1 node");

	/* Half of what was promised to one is seen, the other half still promised. */
	look(&a, c, node, BOUND("one", "a", "1", "1Gi"), 1000);
	CHECK(!capacity_judge(c, "three", &fit, &verdict));
	CHECK_STR(verdict.message, "cpu: 1250m needed, 0 free on 1 node");
	/* No longer after some minutes. */
	look(&a, c, node, BOUND("one", "a", "1", "1Gi"), 5 * 60 * 1000 + 1);
	CHECK(capacity_judge(c, "three", &fit, &verdict));
	capacity_fini(c);
}

static void
test_many(void)
{
	ARENA(a);
	struct capacity *c = capacity_new(&a);
	const struct fit fit = rendered(&a);
	struct capacity_verdict verdict;
	const char *nodes = OPEN("n", "1", "4Gi"), *pods = BOUND("x", "n", "1m", "1Mi");

	for (int i = 0; i < 200; i++) {
		nodes = arena_printf(&a, "%s," OPEN("n%d", "1", "1Gi"), nodes, i);
		pods = arena_printf(&a, "%s," BOUND("s%d", "n%d", "900m", "1Mi"), pods, i, i);
	}
	look(&a, c, nodes, pods, 0);
	CHECK(capacity_judge(c, "s7", &fit, &verdict));		/* the place of its own pod is a place */
	CHECK(!capacity_judge(c, "new", &fit, &verdict));
	CHECK_STR(verdict.message, "StatefulSet shop: cpu: 1 needed on one node, 999m free where there is most");
	/* More promises than are kept: the oldest go. */
	for (int i = 0; i < 300; i++)
		capacity_promise(c, arena_printf(&a, "p%d", i), &fit, i);
	CHECK(!capacity_judge(c, "p0", &fit, &verdict));
	CHECK(strstr(verdict.message, "cpu: 1250m needed, 0 free on 201 nodes") == verdict.message);
	/* A list that began anew. */
	capacity_pods_restart(c);
	capacity_pods_end(c, 6 * 60 * 1000);
	CHECK(capacity_judge(c, "new", &fit, &verdict));
	capacity_fini(c);
}

int
main(void)
{
	static const struct test tests[] = {
		{"what is free against what is asked for", test_verdicts},
		{"a set-up that was done needs no room", test_set_up},
		{"what was promised is taken", test_promises},
		{"many nodes, pods and promises", test_many},
		{0}
	};

	return test_main(tests);
}
