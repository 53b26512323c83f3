/* The chart of a store's version: from the database into helm's hands, and nowhere else. */
#ifndef RECONCILE_CHART_H
#define RECONCILE_CHART_H

#include "reconcile/world.h"

/*
 * Starts a helm child that is given the chart.  ERR_CONFLICT when the version was changed since
 * the store was read; ERR_MISSING when the database has no chart of it (explain: ChartMissing).
 */
int chart_start(struct world *w, const struct store *s, const struct children_job *job, struct err *e);

#endif
