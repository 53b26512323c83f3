/* storeward-api: reads the configuration, opens the socket and runs the workers. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "fcgi/clusters.h"
#include "fcgi/fcgi.h"
#include "fcgi/listen.h"
#include "fcgi/master.h"
#include "fcgi/metrics.h"
#include "fcgi/route.h"
#include "lib/clock.h"
#include "lib/conf.h"
#include "lib/log.h"

#define DATABASE_TIMEOUT_MS 8000

/* What was there before the workers. */
struct shared {
	const struct conf *conf;
	struct metrics *metrics;
};

struct worker {
	struct arena arena;
	struct db *db;
	struct clusters clusters;
	const struct shared *shared;
	const struct master_place *at;
};

static void
log_request(const struct request *r, int status, int64_t ms)
{
	char status_text[12], ms_text[24];

	snprintf(status_text, sizeof status_text, "%d", status);
	snprintf(ms_text, sizeof ms_text, "%lld", (long long)ms);
	log_info("request", "method", r->head ? "HEAD" : r->method, "path", r->raw_path,
	    "status", status_text, "ms", ms_text, "ip", r->ip, NULL);
}

/* One request, from its parameters to its log line. */
static void
answer(void *ctx, struct fcgi_conn *conn)
{
	struct worker *w = ctx;
	const int64_t began_us = clock_us();
	struct request r;
	struct reply reply;
	struct route_ctx c = {.a = &w->arena, .db = w->db, .conf = w->shared->conf,
	    .at = w->at, .metrics = w->shared->metrics, .clusters = &w->clusters, .r = &r,
	    .reply = &reply};
	struct err e;

	reply_init(&reply);
	const int bad = request_read(&w->arena, conn, &r, &e);

	log_scope("request_id", r.id);
	if (bad)
		reply_err(&reply, &r, &e);
	else
		route_dispatch(&c);
	reply_send(&reply, &r);
	const int64_t us = clock_us() - began_us;

	metrics_count(c.metrics, c.route, r.head ? "HEAD" : r.method, reply.status, us);
	log_request(&r, reply.status, us / 1000);
	log_scope("request_id", NULL);
	reply_fini(&reply);
	arena_reset(&w->arena);
}

static int
work(void *ctx, int listen_fd, const struct master_place *at)
{
	const struct shared *shared = ctx;
	struct worker w = {.shared = shared, .at = at,
	    .clusters = {.folder = shared->conf->kubeconfig_dir},
	    .db = db_new(shared->conf->database_url, "storeward-api", DATABASE_TIMEOUT_MS)};
	const int result = fcgi_serve(listen_fd, &at->slots[at->self].busy_since_ms, answer,
	    &w);

	db_free(w.db);
	clusters_fini(&w.clusters);
	arena_fini(&w.arena);
	return result == 0 ? 0 : 1;
}

static int
run(const struct conf *conf)
{
	static const char *const levels[] = {
		[LOG_ERROR] = "error", [LOG_INFO] = "info", [LOG_DEBUG] = "debug",
	};
	const struct listen_options where = {conf->socket, conf->socket_mode,
	    conf->socket_group};
	struct shared shared = {conf, metrics_new()};
	enum log_level level = LOG_DEBUG;
	struct err e;

	while (level > LOG_ERROR && strcmp(levels[level], conf->log_level) != 0)
		level--;
	log_init("storeward-api", level);
	const int fd = listen_open(&where, &e);

	if (fd < 0 || !shared.metrics) {
		fprintf(stderr, "storeward-api: %s\n", fd < 0 ? e.msg : "out of memory");
		return 1;
	}
	return master_run(&(struct master_options){
	    .listen_fd = fd, .workers = (size_t)conf->workers,
	    .request_timeout_ms = conf->request_timeout_s * 1000, .work = work,
	    .ctx = &shared});
}

static int
usage(FILE *out, int status)
{
	fputs("usage: storeward-api [--config FILE] [--socket PATH] [--check-config]\n"
	    "       storeward-api --routes\n"
	    "FastCGI responder. Without --socket (or socket: in the configuration) it\n"
	    "takes a listening unix socket as descriptor 0 or from LISTEN_FDS.\n"
	    "--routes prints method, path, role and who may come of each row there is.\n", out);
	return status;
}

/* The table of URLs, for the test that tries every row as everybody. */
static int
show_routes(void)
{
	const struct route *route;

	for (size_t i = 0; (route = route_at(i)); i++)
		printf("%s %s %s %s\n", route->method, route->path,
		    route_role_name(route->role),
		    route->session_only ? "session" : "any");
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"socket", required_argument, NULL, 's'},
		{"check-config", no_argument, NULL, 'k'},
		{"routes", no_argument, NULL, 'r'},
		{"version", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0}
	};
	const char *path = NULL, *socket = NULL;
	bool check = false;
	ARENA(arena);
	struct conf conf;
	struct err e;

	for (int opt; (opt = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (opt) {
		case 'c': path = optarg; break;
		case 's': socket = optarg; break;
		case 'k': check = true; break;
		case 'r': return show_routes();
		case 'v': puts("storeward-api " PACKAGE_VERSION); return 0;
		case 'h': return usage(stdout, 0);
		default: return usage(stderr, 2);
		}
	}
	if (optind < argc)
		return usage(stderr, 2);
	if (conf_read(&arena, path, &conf, &e) != 0) {
		fprintf(stderr, "storeward-api: %s\n", e.msg);
		return 1;
	}
	if (socket)
		conf.socket = socket;
	if (check)
		return conf_show(&conf, stdout), 0;
	return run(&conf);
}
