/*
 * An engine's folder: engine.yaml, read by field tables and checked against Chart.yaml, and
 * its chart, packed.  Every key is described in charts/store-engines/README.md.
 */
#ifndef CLI_ENGINE_FILE_H
#define CLI_ENGINE_FILE_H

#include "cli/engine_chart.h"
#include "lib/field.h"

#define ENGINE_PLANS_MAX 32

struct engine_plan {
	const char *name;
	const char *title, *description;
	const struct json *values;	/* an object; NULL when not given */
};

struct engine_file {
	const char *name, *version, *title, *description, *default_plan, *pod_security;
	int64_t position;		/* among the engines offered; 0 when not given */
	const struct json *plans, *credentials, *workloads, *setup, *probe, *paths;
	const struct json *backup, *restore, *quiesce, *clone, *upgrades;	/* NULL when not given */
	struct engine_plan plan[ENGINE_PLANS_MAX];	/* in the file's order */
	size_t nplans;
	const char *spec;	/* engine.yaml without its plans, as JSON */
	struct engine_chart chart;
};

/* Checks a parsed engine.yaml: each mistake is a field of e. `version` is Chart.yaml's. */
int engine_file_check(struct arena *a, const struct json *yaml, const char *version,
    struct engine_file *out, struct err *e);

/* Reads the folder whole; its last part is the engine's name. */
int engine_file_read(struct arena *a, const char *dir, struct engine_file *out, struct err *e);

#endif
