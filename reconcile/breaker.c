/* Goes on only after a person has settled the incident; a settlement holds for an hour. */
#include "config.h"

#include "reconcile/breaker.h"

#include "reconcile/incident.h"

#include <stdio.h>
#include <string.h>

bool
breaker_trips(size_t expected, size_t gone)
{
	const size_t percent = expected / 50, cap = percent > 20 ? percent : 20;

	return (expected >= 3 && gone * 2 > expected) || gone > cap;
}

static bool
looks_gone(const struct world *w, const struct store *s)
{
	if (s->seen.namespace == PLAN_NS_ABSENT)
		return true;
	return w->releases_known && !s->seen.secret && strcmp(s->now.phase, "ready") == 0;
}

int
breaker_open(struct world *w, struct err *e)
{
	struct incident_state state;
	size_t expected = 0, gone = 0;

	if (!w->namespaces_known)
		return 0;
	for (size_t i = 0; i < w->nstores; i++) {
		const struct store *s = &w->stores[i];

		if (s->now.namespace_uid && s->desired != PLAN_ABSENT) {
			expected++;
			gone += looks_gone(w, s);
		}
	}
	if (incident_state(w, "BreakerOpen", &state, e))
		return -1;
	const bool trips = breaker_trips(expected, gone);

	if (!state.is_open && (!trips || state.is_settled))
		return 0;
	if (trips)
		incident_open(w, "BreakerOpen", w->conf->cluster, arena_printf(w->a,
		    "%zu of %zu stores look gone at once.", gone, expected),
		    "Compare with the cluster; settle the incident to let the stores be made again.");
	w->namespaces_known = w->releases_known = w->work_known = w->volumes_known = false;
	for (size_t i = 0; i < w->nstores; i++)
		w->stores[i].seen = (struct store_seen){.namespace = PLAN_NS_UNKNOWN};
	snprintf(w->kubernetes, sizeof w->kubernetes, "stopped by the circuit breaker");
	return 0;
}
