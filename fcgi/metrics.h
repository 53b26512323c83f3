/*
 * Figures for Prometheus.  Requests are counted in memory that all workers share, so that
 * one answer of /metrics has them all and a worker's death loses none.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
#ifndef FCGI_METRICS_H
#define FCGI_METRICS_H

#include "fcgi/route.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics;

/* Zeroed and shared; to be called before the workers are forked.  NULL: out of memory. */
struct metrics *metrics_new(void);

/* Counts one answer.  route NULL: no row of the table was asked for. */
void metrics_count(struct metrics *m, const struct route *route, const char *method,
    int status, int64_t us);

/* Writes the requests' series; those that were never used are left out. */
void metrics_requests(struct buf *out, const struct metrics *m);

/* Writes the samples of sql/queries/metrics.sql. */
void metrics_samples(struct buf *out, const struct db_rows *rows);

#endif
