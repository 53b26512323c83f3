/*
 * Configuration of all programs: defaults in the field table < YAML file < environment
 * (STOREWARD_<NAME IN CAPITALS>).  Read once, checked whole, then never changed.
 * Every key is described in conf/storeward.yaml; a rule test compares the two.
 */
#ifndef LIB_CONF_H
#define LIB_CONF_H

#include <stdio.h>

#include "lib/field.h"

struct conf {
	const char *database_url;	/* libpq connection string or URI; "" = PG* environment */
	const char *socket;		/* FastCGI socket path of storeward-api; "" = fd 0 or LISTEN_FDS */
	int64_t socket_mode;		/* octal digits as written: 660 */
	const char *socket_group;	/* group of the web server; "" = leave */
	int64_t workers;		/* API worker processes */
	const char *kubeconfig_dir;	/* one <cluster>.kubeconfig each; "" = none, or our pod's */
	int64_t request_timeout_s;	/* a worker busy for longer is killed */
	const char *engines_dir;	/* folder of store engines, for `storeward engines load` */
	const char *cluster;		/* name of the cluster row the reconciler serves */
	const char *helm;		/* path of helm 4 */
	const char *helm_home;		/* folder for helm's cache, "" = a temporary one */
	int64_t helm_timeout_s;		/* deadline of one helm child */
	int64_t helm_parallel;		/* helm children at once */
	int64_t tick_s;			/* --watch: longest time between passes */
	int64_t second_look_s;		/* wait between the two looks of a deletion's proof */
	int64_t setup_timeout_s;	/* a store not ready after this is DeadlineExceeded */
	int64_t probe_period_s;		/* between two checkout probes of a live shop */
	int64_t isolation_period_s;	/* between two looks at its isolation */
	const char *log_level;		/* error | info | debug */
};

extern const struct field conf_fields[];

/* `path` NULL: $STOREWARD_CONFIG if set, else /etc/storeward/storeward.yaml if it exists. */
int conf_read(struct arena *a, const char *path, struct conf *out, struct err *e);

/* Writes "key: value" lines with secrets masked (database passwords too). */
void conf_show(const struct conf *c, FILE *out);

#endif
