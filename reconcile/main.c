/* storeward-reconcile: brings the cluster to what the database says, once or for good. */
#include "config.h"

#include "lib/log.h"
#include "reconcile/capacity.h"
#include "reconcile/claim.h"
#include "reconcile/lease.h"
#include "reconcile/loop.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif
#define DATABASE_TIMEOUT_MS 15000

enum mode { ONCE, WATCH, CHECK_CONFIG };

static volatile sig_atomic_t stop;

static void
on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

static void
catch_signals(void)
{
	struct sigaction end = {.sa_handler = on_signal}, ignore = {.sa_handler = SIG_IGN};

	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
}

static int
usage(FILE *out, int status)
{
	fputs("usage: storeward-reconcile --once | --watch | --check-config [--config FILE]\n"
	    "       storeward-reconcile --version | --help\n"
	    "--once ends with 0 converged, 1 error, 2 progress pending, 3 open incidents\n", out);
	return status;
}

/* helm's caches: a folder that only we can write to. */
static const char *
helm_home(struct arena *a, const char *wanted)
{
	const char *tmp = getenv("TMPDIR");
	const char *path = *wanted ? wanted :
	    arena_printf(a, "%s/storeward-helm-%ld", tmp ? tmp : "/tmp", (long)geteuid());
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return NULL;
	if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022))
		return NULL;
	return path;
}

static int
run(enum mode mode, const struct conf *conf)
{
	static struct world w;
	bool moved;
	enum loop_result result = LOOP_CONVERGED;

	w.conf = conf;
	w.helm = (struct helm_config){.path = conf->helm, .home = helm_home(&w.forever, conf->helm_home),
	    .timeout_s = (int)conf->helm_timeout_s};
	if (!w.helm.home) {
		fputs("storeward-reconcile: helm_home must be a folder that only this user can write to\n", stderr);
		return LOOP_ERROR;
	}
	claim_self(w.holder, sizeof w.holder);
	w.children = children_new(&w.forever, (size_t)conf->helm_parallel);
	w.capacity = capacity_new(&w.forever);
	w.db = db_new(conf->database_url, "storeward-reconcile", DATABASE_TIMEOUT_MS);
	catch_signals();
	if (mode == WATCH)
		loop_watch(&w, &stop);
	else
		result = loop_pass(&w, &stop, &moved);
	children_free(w.children);
	capacity_fini(w.capacity);
	lease_release(&w);
	kube_free(w.kube);
	db_free(w.db);
	arena_fini(&w.forever);
	return (int)result;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"once", no_argument, NULL, 'o'}, {"watch", no_argument, NULL, 'w'},
		{"check-config", no_argument, NULL, 'k'}, {"config", required_argument, NULL, 'c'},
		{"version", no_argument, NULL, 'V'}, {"help", no_argument, NULL, 'h'}, {0},
	};
	const char *path = NULL;
	int mode = -1;
	struct conf conf;
	struct err e;
	ARENA(a);

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
		switch (c) {
		case 'o': mode = ONCE; break;
		case 'w': mode = WATCH; break;
		case 'k': mode = CHECK_CONFIG; break;
		case 'c': path = optarg; break;
		case 'V': puts("storeward-reconcile " PACKAGE_VERSION); return 0;
		case 'h': return usage(stdout, 0);
		default: return usage(stderr, LOOP_ERROR);
		}
	if (mode < 0 || optind != argc)
		return usage(stderr, LOOP_ERROR);
	if (conf_read(&a, path, &conf, &e)) {
		fprintf(stderr, "storeward-reconcile: %s\n", e.msg);
		return LOOP_ERROR;
	}
	if (mode == CHECK_CONFIG) {
		conf_show(&conf, stdout);
		return 0;
	}
	log_init("storeward-reconcile", strcmp(conf.log_level, "error") == 0 ? LOG_ERROR :
	    strcmp(conf.log_level, "debug") == 0 ? LOG_DEBUG : LOG_INFO);
	return run((enum mode)mode, &conf);
}
