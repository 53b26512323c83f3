/* storeward-api: reads the configuration, opens the socket and runs the workers. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "fcgi/fcgi.h"
#include "fcgi/listen.h"
#include "fcgi/master.h"
#include "fcgi/route.h"
#include "lib/clock.h"
#include "lib/conf.h"
#include "lib/log.h"

#define DATABASE_TIMEOUT_MS 8000

struct worker {
	struct arena arena;
	struct db *db;
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
	const int64_t began = clock_ms();
	struct request r;
	struct reply reply;
	struct err e;

	reply_init(&reply);
	const int bad = request_read(&w->arena, conn, &r, &e);

	log_scope("request_id", r.id);
	if (bad)
		reply_err(&reply, &r, &e);
	else
		route_dispatch(&(struct route_ctx){
		    .a = &w->arena, .db = w->db, .r = &r, .reply = &reply});
	reply_send(&reply, &r);
	log_request(&r, reply.status, clock_ms() - began);
	log_scope("request_id", NULL);
	reply_fini(&reply);
	arena_reset(&w->arena);
}

static int
work(void *ctx, int listen_fd, struct master_slot *slot)
{
	const struct conf *conf = ctx;
	struct worker w = {.db = db_new(conf->database_url, "storeward-api",
	    DATABASE_TIMEOUT_MS)};
	const int result = fcgi_serve(listen_fd, &slot->busy_since_ms, answer, &w);

	db_free(w.db);
	arena_fini(&w.arena);
	return result == 0 ? 0 : 1;
}

static int
run(struct conf *conf)
{
	static const char *const levels[] = {
		[LOG_ERROR] = "error", [LOG_INFO] = "info", [LOG_DEBUG] = "debug",
	};
	const struct listen_options where = {conf->socket, conf->socket_mode,
	    conf->socket_group};
	enum log_level level = LOG_DEBUG;
	struct err e;

	while (level > LOG_ERROR && strcmp(levels[level], conf->log_level) != 0)
		level--;
	log_init("storeward-api", level);
	const int fd = listen_open(&where, &e);

	if (fd < 0) {
		fprintf(stderr, "storeward-api: %s\n", e.msg);
		return 1;
	}
	return master_run(&(struct master_options){
	    .listen_fd = fd, .workers = (size_t)conf->workers,
	    .request_timeout_ms = conf->request_timeout_s * 1000, .work = work,
	    .ctx = conf});
}

static int
usage(FILE *out, int status)
{
	fputs("usage: storeward-api [--config FILE] [--socket PATH] [--check-config]\n"
	    "FastCGI responder. Without --socket (or socket: in the configuration) it\n"
	    "takes a listening unix socket as descriptor 0 or from LISTEN_FDS.\n", out);
	return status;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{"config", required_argument, NULL, 'c'},
		{"socket", required_argument, NULL, 's'},
		{"check-config", no_argument, NULL, 'k'},
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
