/* Rendered manifests against the quota among them. */
#include "config.h"

#include "reconcile/fit.h"

#include "tests/check.h"

#define QUOTA(hard) "---\nkind: ResourceQuota\nmetadata: {name: store}\nspec:\n  hard: {" hard "}\n"
#define LIMITS "---\nkind: LimitRange\nspec:\n  limits:\n    - {type: Container, default: {cpu: 500m, memory: 256Mi}, defaultRequest: {cpu: 25m, memory: 64Mi}}\n"
#define C(limit, request) "{name: c, resources: {limits: {memory: " limit "}, requests: {memory: " request "}}}"
#define POD(containers) "template: {spec: {containers: [" containers "]}}"
#define DEPLOYMENT(replicas, strategy, containers) "---\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: " replicas \
	", strategy: " strategy ", " POD(containers) "}\n"
#define JOB(containers) "---\nkind: Job\nmetadata: {name: setup}\nspec: {" POD(containers) "}\n"
#define PROBE(containers) "---\nkind: CronJob\nmetadata: {name: probe}\nspec: {jobTemplate: {spec: {" POD(containers) "}}}\n"
#define SURGE "{}"
#define RECREATE "{type: Recreate}"

static const struct {
	const char *name, *manifests, *message, *next_step;	/* message "" = fits, NULL = refused */
} cases[] = {
	{"no quota", DEPLOYMENT("1", SURGE, C("1Gi", "1Gi")), "", ""},
	{"nothing", "", "", ""},
	{"comments and empty documents", "---\n# Source: a\n---\n---\n" QUOTA("pods: 1"), "", ""},
	{"the surge counts", QUOTA("limits.memory: 1Gi") DEPLOYMENT("1", SURGE, C("768Mi", "1Mi")),
	    "limits.memory: 1536Mi needed, 1Gi allowed", "limits.memory to 1536Mi"},
	{"Recreate has none", QUOTA("limits.memory: 1Gi") DEPLOYMENT("1", RECREATE, C("768Mi", "1Mi")), "", ""},
	{"25 % of five is two", QUOTA("pods: '6'") DEPLOYMENT("5", SURGE, C("1Mi", "1Mi")),
	    "pods: 7 needed, 6 allowed", "pods to 7"},
	{"maxSurge as a number", QUOTA("pods: 5") DEPLOYMENT("2", "{rollingUpdate: {maxSurge: 4}}", C("1Mi", "1Mi")),
	    "pods: 6 needed, 5 allowed", "pods to 6"},
	{"the old set-up pod and the new one", QUOTA("requests.memory: 100Mi") JOB(C("1Gi", "64Mi")),
	    "requests.memory: 128Mi needed, 100Mi allowed", "requests.memory to 128Mi"},
	{"a probe", QUOTA("pods: 0") PROBE(C("1Mi", "1Mi")), "pods: 1 needed, 0 allowed", "pods to 1"},
	{"the LimitRange's defaults", LIMITS QUOTA("limits.cpu: 400m, requests.cpu: 20m") DEPLOYMENT("1", RECREATE, "{name: c}"),
	    "requests.cpu: 25m needed, 20m allowed; limits.cpu: 500m needed, 400m allowed", "requests.cpu to 25m, limits.cpu to 500m"},
	{"a limit alone is the request", QUOTA("memory: 1Gi") DEPLOYMENT("1", RECREATE, "{name: c, resources: {limits: {memory: 2Gi}}}"),
	    "memory: 2Gi needed, 1Gi allowed", "memory to 2Gi"},
	{"an init container that needs more", QUOTA("limits.memory: 1Gi")
	    "---\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {initContainers: [" C("2Gi", "1Mi") "], containers: [" C("1Gi", "1Mi") "]}}}\n",
	    "limits.memory: 2Gi needed, 1Gi allowed", "limits.memory to 2Gi"},
	{"a sidecar runs beside the containers", QUOTA("limits.memory: 1Gi")
	    "---\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {initContainers: [{restartPolicy: Always, resources: {limits: {memory: 1Gi}}}], containers: [" C("1Gi", "1Mi") "]}}}\n",
	    "limits.memory: 2Gi needed, 1Gi allowed", "limits.memory to 2Gi"},
	{"claims", QUOTA("persistentvolumeclaims: 1, requests.storage: 2Gi")
	    "---\nkind: StatefulSet\nmetadata: {name: db}\nspec: {template: {spec: {}}, volumeClaimTemplates: [{spec: {resources: {requests: {storage: 1Gi}}}}]}\n"
	    "---\nkind: PersistentVolumeClaim\nspec: {resources: {requests: {storage: 2Gi}}}\n",
	    "persistentvolumeclaims: 2 needed, 1 allowed; requests.storage: 3Gi needed, 2Gi allowed",
	    "persistentvolumeclaims to 2, requests.storage to 3Gi"},
	{"scaled to nothing", QUOTA("limits.memory: 0") DEPLOYMENT("0", SURGE, C("1Gi", "1Gi")), "", ""},
	{"more than can be counted", QUOTA("limits.memory: 1Gi") DEPLOYMENT("2", RECREATE, C("8000Ti", "1Mi")) DEPLOYMENT("1", RECREATE, C("8000Ti", "1Mi")),
	    "limits.memory: 9223372036854776 needed, 1Gi allowed", "limits.memory to 9223372036854776"},
	{"no quantity in a container", QUOTA("pods: 1") DEPLOYMENT("1", SURGE, C("lots", "1Mi")), "", NULL},
	{"no quantity in the quota", QUOTA("pods: many") DEPLOYMENT("1", SURGE, C("1Mi", "1Mi")), "", NULL},
	{"not YAML", "---\nkind: [\n", "", NULL},
};

static void
test_fit(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct fit fit;
		struct err e = {0};
		const int bad = fit_check(&a, cases[i].manifests, strlen(cases[i].manifests), &fit, &e);

		if ((bad != 0) != (cases[i].next_step == NULL))
			CHECK_STR(e.msg, cases[i].name);
		if (bad != 0) {
			CHECK(e.kind == ERR_SYNTAX || e.kind == ERR_INPUT);
			continue;
		}
		CHECK(fit.fits == (cases[i].message[0] == '\0'));
		CHECK_STR(fit.message, cases[i].message);
		CHECK_STR(fit.next_step, cases[i].next_step);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"rendered charts and their quota", test_fit},
		{0}
	};

	return test_main(tests);
}
