/* From a planned action to its function. */
#include "config.h"

#include "reconcile/action.h"

#include "reconcile/volumes.h"

#define KUBE_TIMEOUT_MS 10000

struct json *
action_labels(struct world *w, const struct store *s)
{
	struct json *labels = json_object(w->a);

	json_set(w->a, labels, "storeward.io/installation", json_string(w->a, w->installation));
	return json_set(w->a, labels, "storeward.io/store", json_string(w->a, s->id));
}

int
action_run(struct world *w, struct store *s, bool *acted, struct err *e)
{
	typedef int action_fn(struct world *w, struct store *s, struct err *e);
	static const struct { action_fn *run; bool helm; } actions[PLAN_ACTION_COUNT] = {
		[PLAN_NAMESPACE] = {namespace_create},
		[PLAN_FORGET] = {namespace_forget},
		[PLAN_UNLOCK] = {unlock_release},
		[PLAN_ADMIT] = {admit_start, true},
		[PLAN_APPLY] = {helm_apply, true},
		[PLAN_PROBE] = {probe_start},
		[PLAN_COUNT_FAILURE] = {probe_failed},
		[PLAN_UNINSTALL] = {helm_remove, true},
		[PLAN_DELETE] = {namespace_delete},
		[PLAN_RECLAIM] = {volumes_settle},
		[PLAN_LOOK] = {purge_look},
		[PLAN_PURGE] = {purge_store},
	};
	action_fn *run = actions[s->plan.action].run;

	*acted = false;
	if (!run || (actions[s->plan.action].helm && !children_room(w->children)))
		return 0;
	*acted = true;
	kube_timeout(w->kube, KUBE_TIMEOUT_MS);
	return run(w, s, e);
}
