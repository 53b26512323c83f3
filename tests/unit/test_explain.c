/*
 * explain over canned lists: reason, the object it names and the next step.  In the JSON of
 * this file ' stands for ".  kube_get() stands here, to see what is asked for.
 */
#include "config.h"

#include "reconcile/explain_private.h"
#include "tests/check.h"
#include "lib/clock.h"

#include <stdlib.h>

#define NOW "2026-11-29T07:10:00Z"
#define POD(name, rest) "{'metadata':{'name':'" name "','creationTimestamp':'2026-11-29T07:00:00Z'}," rest "}"
#define RUN(name, component, at, rest) "{'metadata':{'name':'" name "','creationTimestamp':'" at "'," \
	"'labels':{'storeward.io/component':'" component "'}}," rest "}"
#define ONE(name, rest) "'status':{'phase':'Running','containerStatuses':[{'name':'" name "','image':'r/i:1','restartCount':2," rest "}]}"
#define INIT(name, rest) "'status':{'phase':'Pending','initContainerStatuses':[{'name':'" name "','image':'r/i:1'," rest "}]}"
#define WAIT(reason, message) "'ready':false,'state':{'waiting':{'reason':'" reason "','message':'" message "'}}"
#define ENDED(reason, code, message) "{'terminated':{'exitCode':" code ",'reason':'" reason "','message':'" message "'}}"
#define UNSCHEDULED(since, message) "'status':{'phase':'Pending','conditions':[{'type':'PodScheduled','status':'False'," \
	"'reason':'Unschedulable','lastTransitionTime':'" since "','message':'" message "'}]}"

/* Texts by list; NULL = the list is empty. */
struct world {
	const char *list[EXPLAIN_LISTS];
};

static const struct world *world;
static int gets;

static struct json *
parse(struct arena *a, const char *text)
{
	struct err e = {0};
	char *json = arena_strdup(a, text);

	for (char *p = json; *p; p++) {
		if (*p == '\'')
			*p = '"';
	}
	struct json *v = json_parse(a, json, strlen(json), &e);
	CHECK_STR(e.msg, "");
	return v;
}

struct json *
kube_get(struct kube *k, struct arena *a, const char *path, struct err *e)
{
	static const char *const paths[EXPLAIN_LISTS] = {
		"/api/v1/namespaces/n/pods?limit=100",
		"/apis/apps/v1/namespaces/n/deployments?limit=100",
		"/apis/apps/v1/namespaces/n/statefulsets?limit=100",
		"/apis/batch/v1/namespaces/n/jobs?limit=100",
		"/api/v1/namespaces/n/persistentvolumeclaims?limit=100",
		"/api/v1/namespaces/n/events?limit=100&fieldSelector=type%3DWarning",
	};

	(void)k;
	gets++;
	for (size_t i = 0; world && i < EXPLAIN_LISTS; i++) {
		if (strcmp(path, paths[i]) == 0)
			return parse(a, arena_printf(a, "{'items':[%s]}",
			    world->list[i] ? world->list[i] : ""));
	}
	err_set(e, ERR_TRANSIENT, "no answer to %s", path);
	return NULL;
}

static struct explanation
explain(struct arena *a, const struct world *w)
{
	struct explanation got = {"?", "?", "?"};
	struct err e = {0};

	world = w;
	gets = 0;
	CHECK(explain_store(NULL, a, "n", &got, &e) == 0 && e.kind == ERR_NONE);
	return got;
}

struct row {
	const char *json, *reason, *message;	/* message NULL = any */
};

static void
check_rows(const struct row *rows, size_t n, enum explain_list list)
{
	for (size_t i = 0; i < n; i++) {
		ARENA(a);
		struct world w = {{NULL}};
		w.list[list] = rows[i].json;
		const struct explanation got = explain(&a, &w);
		CHECK_STR(got.reason, rows[i].reason);
		if (rows[i].message)
			CHECK_STR(got.message, rows[i].message);
		CHECK((*got.reason != '\0') == (*got.next_step != '\0'));
	}
}

static const struct row pod_rows[] = {
	{POD("p", ONE("c", "'ready':true,'state':{'running':{}}")), "", ""},
	{POD("p", ONE("c", "'ready':false,'state':{'running':{}}")), "", ""},
	{POD("p", ONE("c", WAIT("ContainerCreating", ""))), "", ""},
	{POD("p", INIT("c", WAIT("PodInitializing", ""))), "", ""},
	{POD("p", ONE("c", WAIT("ImagePullBackOff", "Back-off pulling"))), "ImagePullBackOff",
	 "Container c of pod p cannot pull its image r/i:1: Back-off pulling"},
	{POD("p", INIT("c", WAIT("ErrImagePull", "not found"))), "ImagePullBackOff",
	 "Container c of pod p cannot pull its image r/i:1: not found"},
	{POD("p", ONE("c", WAIT("InvalidImageName", "x"))), "ImagePullBackOff", NULL},
	{POD("p", ONE("c", WAIT("CreateContainerConfigError", "secret `x` not found"))), "BadValues",
	 "Container c of pod p cannot be configured: secret `x` not found"},
	{POD("p", ONE("c", WAIT("CrashLoopBackOff", "back-off 40s") ",'lastState':" ENDED("Error", "1", "no db"))),
	 "CrashLoopBackOff",
	 "Container c of pod p ended with exit code 1 (Error) and was restarted 2 times: no db"},
	{POD("p", ONE("c", "'ready':false,'state':{'running':{}},'lastState':" ENDED("Error", "2", ""))),
	 "CrashLoopBackOff", "Container c of pod p ended with exit code 2 (Error) and was restarted 2 times"},
	{POD("p", ONE("c", "'ready':true,'state':{'running':{}},'lastState':" ENDED("Error", "2", ""))), "", ""},
	{POD("p", ONE("c", "'ready':false,'state':" ENDED("Completed", "0", "") ",'lastState':" ENDED("Error", "2", ""))), "", ""},
	{POD("p", ONE("c", WAIT("RunContainerError", "no such file"))), "CrashLoopBackOff",
	 "Container c of pod p cannot be started: no such file"},
	{POD("p", "'spec':{'containers':[{'name':'c','resources':{'limits':{'memory':'64Mi'}}}]},"
	 ONE("c", WAIT("CrashLoopBackOff", "") ",'lastState':" ENDED("OOMKilled", "137", ""))), "OOMKilled",
	 "Container c of pod p needed more than its memory limit (64Mi) and was killed, 2 restarts so far"},
	{POD("p", UNSCHEDULED("2026-11-29T07:09:00Z", "0/1 nodes: Insufficient cpu")), "Unschedulable",
	 "Pod p fits on no node: 0/1 nodes: Insufficient cpu"},
	{POD("p", UNSCHEDULED("2026-11-29T07:09:55Z", "0/1 nodes: Insufficient cpu")), "", ""},
	{POD("p", UNSCHEDULED("2026-11-29T07:09:00Z", "unbound immediate PersistentVolumeClaims")),
	 "VolumePending", "Pod p waits for its volume: unbound immediate PersistentVolumeClaims"},
	/* the cause before what follows from it */
	{POD("a", ONE("c", WAIT("CrashLoopBackOff", ""))) "," POD("b", ONE("c", WAIT("ErrImagePull", "x"))),
	 "ImagePullBackOff", "Container c of pod b cannot pull its image r/i:1: x"},
	/* what is going or over does not count */
	{"{'metadata':{'name':'p','deletionTimestamp':'" NOW "'}," ONE("c", WAIT("ErrImagePull", "x")) "}", "", ""},
	{POD("p", "'status':{'phase':'Failed','containerStatuses':[{'name':'c','state':" ENDED("Error", "1", "") "}]}"), "", ""},
	{"", "", ""},
	{"null,3,{'status':{'containerStatuses':[7]}}", "", ""},
};

static void
judges_pods(void)
{
	check_rows(pod_rows, sizeof pod_rows / sizeof *pod_rows, EXPLAIN_PODS);
}

#define T1 "2026-11-29T07:01:00Z"
#define T2 "2026-11-29T07:02:00Z"
#define FAILED(message) "'status':{'phase':'Failed','containerStatuses':[{'name':'c','state':" ENDED("Error", "1", message) "}]}"
#define DONE "'status':{'phase':'Succeeded','containerStatuses':[{'name':'c','state':" ENDED("Completed", "0", "") "}]}"

static const struct row run_rows[] = {
	{RUN("s", "setup", T1, ONE("c", "'ready':true,'state':{'running':{}},'lastState':"
	 ENDED("Error", "1", "wait: shop; db: no answer;\\n look at the shop"))),
	 "SetupFailed", "Pod s: wait: shop; db: no answer"},
	{RUN("s", "setup", T1, ONE("c", WAIT("CrashLoopBackOff", "") ",'lastState':" ENDED("Error", "1", "a: b"))),
	 "SetupFailed", "Pod s: a: b"},
	{RUN("s", "setup", T1, ONE("c", "'ready':false,'state':" ENDED("Error", "3", ""))),
	 "SetupFailed", "Pod s ended with exit code 3 (Error) and gave no reason"},
	{RUN("s", "setup", T1, ONE("c", "'ready':false,'state':" ENDED("OOMKilled", "137", "a: b"))), "OOMKilled", NULL},
	{RUN("s", "setup", T1, ONE("c", WAIT("ErrImagePull", "x"))), "ImagePullBackOff", NULL},
	{RUN("s", "setup", T1, ONE("c", "'ready':true,'state':{'running':{}}")), "", ""},
	/* finished well: what failed before is over */
	{RUN("s", "setup", T1, "'status':{'phase':'Succeeded','containerStatuses':[{'name':'c','state':"
	 ENDED("Completed", "0", "") ",'lastState':" ENDED("Error", "1", "a: b") "}]}"), "", ""},
	/* the newest counts, wherever it stands */
	{RUN("old", "setup", T1, FAILED("a: b; c")) "," RUN("new", "setup", T2, DONE), "", ""},
	{RUN("new", "setup", T2, FAILED("d: e; f")) "," RUN("old", "setup", T1, FAILED("a: b; c")),
	 "SetupFailed", "Pod new: d: e"},
	{RUN("p", "probe", T1, FAILED("cart: empty; add stock")), "CheckoutFailed", "Pod p: cart: empty"},
	{RUN("p", "probe", T1, FAILED("cart: empty; add stock\\nJobs False Late: by 9 min; wait")), "CheckoutFailed", "Pod p: cart: empty"},
	{RUN("p", "probe", T1, FAILED("cart: empty")) "," RUN("q", "probe", T2, DONE), "", ""},
	{RUN("p", "probe", T2, FAILED("x: y")) "," RUN("s", "setup", T1, FAILED("a: b")), "SetupFailed", "Pod s: a: b"},
};

static void
judges_runs(void)
{
	check_rows(run_rows, sizeof run_rows / sizeof *run_rows, EXPLAIN_PODS);
	ARENA(a);
	const struct world w = {{[EXPLAIN_PODS] = run_rows[0].json}};
	CHECK_STR(explain(&a, &w).next_step, "look at the shop");
	CHECK(gets == 1);
}

static const struct row claim_rows[] = {
	{"{'metadata':{'name':'d','creationTimestamp':'2026-11-29T07:09:30Z'},'status':{'phase':'Pending'}}", "", ""},
	{"{'metadata':{'name':'d','creationTimestamp':'2026-11-29T07:00:00Z'},'status':{'phase':'Bound'}}", "", ""},
	{"{'metadata':{'name':'d','creationTimestamp':'2026-11-29T07:08:00Z'},'spec':{'storageClassName':'fast',"
	 "'resources':{'requests':{'storage':'1Gi'}}},'status':{'phase':'Pending'}}", "VolumePending",
	 "Claim d (1Gi, storage class fast) has had no volume for 120 s"},
	{"{'metadata':{'name':'d'},'spec':{'volumeName':'pv1'},'status':{'phase':'Lost'}}", "DataLost",
	 "The volume pv1 of claim d is gone"},
};

static const struct row deployment_rows[] = {
	{"{'metadata':{'name':'web'},'status':{'conditions':[{'type':'ReplicaFailure','status':'True',"
	 "'message':'pods `web-1` is forbidden: exceeded quota: store'}]}}", "QuotaExceeded",
	 "Deployment web may not make its pod: pods `web-1` is forbidden: exceeded quota: store"},
	{"{'metadata':{'name':'web'},'status':{'conditions':[{'type':'ReplicaFailure','status':'True',"
	 "'message':'violates PodSecurity `restricted:latest`'}]}}", "BadValues", NULL},
	{"{'metadata':{'name':'web'},'status':{'conditions':[{'type':'ReplicaFailure','status':'False',"
	 "'message':'exceeded quota'}]}}", "", ""},
};

static void
judges_claims_and_deployments(void)
{
	check_rows(claim_rows, sizeof claim_rows / sizeof *claim_rows, EXPLAIN_CLAIMS);
	check_rows(deployment_rows, sizeof deployment_rows / sizeof *deployment_rows, EXPLAIN_DEPLOYMENTS);
}

#define EVENT(kind, name, reason, message) "{'involvedObject':{'kind':'" kind "','name':'" name "'}," \
	"'reason':'" reason "','message':'" message "'}"

/* An event counts only while what it tells of is still so. */
static void
judges_events(void)
{
	static const char quota[] = EVENT("StatefulSet", "db", "FailedCreate", "exceeded quota: store");
	static const struct { struct world world; const char *reason; } rows[] = {
		{{{[EXPLAIN_EVENTS] = quota,
		   [EXPLAIN_STATEFULSETS] = "{'metadata':{'name':'db'},'spec':{'replicas':1},'status':{'replicas':0}}"}},
		 "QuotaExceeded"},
		{{{[EXPLAIN_EVENTS] = quota,
		   [EXPLAIN_STATEFULSETS] = "{'metadata':{'name':'db'},'spec':{'replicas':1},'status':{'replicas':1}}"}}, ""},
		{{{[EXPLAIN_EVENTS] = quota}}, ""},
		{{{[EXPLAIN_EVENTS] = EVENT("Job", "setup-1", "FailedCreate", "maximum memory per Container is 1Gi"),
		   [EXPLAIN_JOBS] = "{'metadata':{'name':'setup-1'},'status':{}}"}}, "QuotaExceeded"},
		{{{[EXPLAIN_EVENTS] = EVENT("Job", "setup-1", "FailedCreate", "exceeded quota"),
		   [EXPLAIN_JOBS] = "{'metadata':{'name':'setup-1'},'status':{'succeeded':1}}"}}, ""},
		{{{[EXPLAIN_EVENTS] = EVENT("Pod", "x", "BackOff", "exceeded quota")}}, ""},
		{{{[EXPLAIN_EVENTS] = EVENT("PersistentVolumeClaim", "d", "ProvisioningFailed", "no class fast"),
		   [EXPLAIN_CLAIMS] = "{'metadata':{'name':'d','creationTimestamp':'" NOW "'},'status':{'phase':'Pending'}}"}},
		 "VolumePending"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA(a);
		CHECK_STR(explain(&a, &rows[i].world).reason, rows[i].reason);
		CHECK(gets == EXPLAIN_LISTS);
	}
}

/* Not knowing is an error, not "nothing is wrong". */
static void
fails_without_answer(void)
{
	ARENA(a);
	struct explanation got;
	struct err e = {0};

	world = NULL;
	CHECK(explain_store(NULL, &a, "n", &got, &e) == -1 && e.kind == ERR_TRANSIENT);
	CHECK_STR(got.reason, "");
}

#define NS(since, conditions) "{'metadata':{'name':'store-1','deletionTimestamp':'" since "'}," \
	"'status':{'conditions':[" conditions "]}}"
#define COND(type, status, message) "{'type':'" type "','status':'" status "','message':'" message "'}"

static void
judges_namespaces(void)
{
	static const struct { const char *json, *reason, *has; } rows[] = {
		{NS("2026-11-29T07:00:00Z", ""), "", ""},
		{NS("2026-11-29T07:09:59Z", COND("NamespaceDeletionDiscoveryFailure", "True", "metrics.k8s.io/v1beta1: stale")),
		 "APIServiceUnavailable", "metrics.k8s.io"},
		{NS("2026-11-29T07:00:00Z", COND("NamespaceContentRemaining", "True", "pods. has 1 resource instances") ","
		 COND("NamespaceFinalizersRemaining", "True", "kubernetes.io/pvc-protection in 1 resource instances")),
		 "NamespaceBlocked", "pvc-protection in 1 resource instances (a pod still uses the claim). pods. has 1"},
		{NS("2026-11-29T07:00:00Z", COND("NamespaceFinalizersRemaining", "True", "example.com/hold in 1")),
		 "NamespaceBlocked", "example.com/hold in 1 (whoever set"},
		{NS("2026-11-29T07:09:30Z", COND("NamespaceFinalizersRemaining", "True", "example.com/hold in 1")), "", ""},
		{NS("2026-11-29T07:00:00Z", COND("NamespaceContentRemaining", "True", "pods. has 1")), "NamespaceBlocked", "pods. has 1"},
		{NS("2026-11-29T07:00:00Z", COND("NamespaceContentRemaining", "False", "all gone")), "", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA(a);
		struct explanation got;
		CHECK(explain_namespace(&a, parse(&a, rows[i].json), &got) == 0);
		CHECK_STR(got.reason, rows[i].reason);
		CHECK(strstr(got.message, rows[i].has) != NULL);
	}
}

static void
judges_helm(void)
{
	static const struct { const char *output; bool timed_out; const char *reason; } rows[] = {
		{"helm was stopped after 60 s", true, "DeadlineExceeded"},
		{"UPGRADE FAILED: x is forbidden: exceeded quota: store", false, "QuotaExceeded"},
		{"values don't meet the specifications of the schema(s)", false, "BadValues"},
		{"UPGRADE FAILED: execution error at (x/y.yaml:1:2): z", false, "BadValues"},
		{"Kubernetes cluster unreachable: Get ...: connection refused", false, "ClusterUnavailable"},
		{"UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress", false, "HelmFailed"},
		{"unable to create new content in namespace x because it is being terminated", false, "NamespaceBlocked"},
		{"Service \"x\" exists and cannot be imported into the current release", false, "NamespaceConflict"},
		{"Ingress.networking.k8s.io \"x\" is invalid: spec.rules[0].host", false, "BadValues"},
		{"secrets is forbidden: User \"x\" cannot list", false, "HelmFailed"},
		{"The chart of minimal 0.1.0 is not in the database; load it again: storeward engines load.", false, "ChartMissing"},
		{"something else", false, "HelmFailed"},
		{"", false, "HelmFailed"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA(a);
		struct explanation got = {NULL, NULL, NULL};
		explain_helm(&a, rows[i].output, rows[i].timed_out, &got);
		CHECK_STR(got.reason, rows[i].reason);
		CHECK_STR(got.message, rows[i].output);
		CHECK(*got.next_step);
	}
}

static void
cleans_and_cuts(void)
{
	ARENA(a);
	struct explanation got;
	char *text = arena_alloc(&a, 4001);
	size_t chars = 0;

	for (size_t i = 0; i < 4000; i += 2)
		memcpy(text + i, "\xC3\xA9", 2);	/* two bytes, one character */
	explain_helm(&a, text, false, &got);
	for (const char *p = got.message; *p; p++)
		chars += ((unsigned char)*p & 0xC0) != 0x80;
	CHECK(chars == 500 && strlen(got.message) == 497 * 2 + 3);
	explain_helm(&a, " \n a\tb\033[1m  c \n", false, &got);
	CHECK_STR(got.message, "a b [1m c");
}

static void
every_reason_has_a_step(void)
{
	for (size_t i = 0; explain_reasons[i]; i++) {
		CHECK(*explain_step(explain_reasons[i]) != '\0');
		for (size_t j = 0; j < i; j++)
			CHECK(strcmp(explain_reasons[i], explain_reasons[j]) != 0);
	}
	CHECK_STR(explain_step("Nonsense"), "");
}

static const struct test tests[] = {
	{"judges pods", judges_pods},
	{"judges set-up and probe pods", judges_runs},
	{"judges claims and deployments", judges_claims_and_deployments},
	{"judges events", judges_events},
	{"fails without an answer", fails_without_answer},
	{"judges namespaces", judges_namespaces},
	{"judges helm's output", judges_helm},
	{"cleans and cuts texts", cleans_and_cuts},
	{"every reason has a step", every_reason_has_a_step},
	{0}
};

int
main(void)
{
	clock_set(clock_parse(NOW));
	return test_main(tests);
}
