/* The text that Prometheus reads, to the letter. */
#include "config.h"

#include "fcgi/metrics.h"

#include "tests/check.h"

static const struct route *
route_of(const char *method, const char *path)
{
	for (size_t i = 0; route_at(i); i++) {
		if (strcmp(route_at(i)->method, method) == 0 &&
		    strcmp(route_at(i)->path, path) == 0)
			return route_at(i);
	}
	return NULL;
}

static void
unused_series_are_left_out(void)
{
	BUF(out, 65536);

	metrics_requests(&out, metrics_new());
	CHECK_STR(buf_text(&out),
	    "# HELP http_requests_total Answered requests.\n"
	    "# TYPE http_requests_total counter\n"
	    "# HELP http_request_duration_seconds From a request's arrival to its answer.\n"
	    "# TYPE http_request_duration_seconds histogram\n");
}

static void
counts_and_buckets(void)
{
	static const char *const wanted[] = {
		"http_requests_total{handler=\"/api/v1/stores/{id}\",method=\"GET\","
		"status=\"2xx\"} 2\n"
		"http_requests_total{handler=\"/api/v1/stores/{id}\",method=\"GET\","
		"status=\"4xx\"} 1\n",
		"_bucket{handler=\"/api/v1/stores/{id}\",method=\"GET\",le=\"0.005\"} 1\n",
		"_bucket{handler=\"/api/v1/stores/{id}\",method=\"GET\",le=\"0.01\"} 2\n",
		"_bucket{handler=\"/api/v1/stores/{id}\",method=\"GET\",le=\"10\"} 2\n",
		"_bucket{handler=\"/api/v1/stores/{id}\",method=\"GET\",le=\"+Inf\"} 3\n"
		"http_request_duration_seconds_sum{handler=\"/api/v1/stores/{id}\","
		"method=\"GET\"} 11.010001\n"
		"http_request_duration_seconds_count{handler=\"/api/v1/stores/{id}\","
		"method=\"GET\"} 3\n",
	};
	const struct route *store = route_of("GET", "/api/v1/stores/{id}");
	struct metrics *m = metrics_new();
	BUF(out, 65536);

	CHECK(store != NULL);
	metrics_count(m, store, "GET", 200, 5000);	/* le: less or equal */
	metrics_count(m, store, "GET", 204, 5001);
	metrics_count(m, store, "GET", 404, 11000000);
	metrics_requests(&out, m);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		CHECK(strstr(buf_text(&out), wanted[i]) != NULL);
	CHECK(strstr(buf_text(&out), "none") == NULL);
}

static void
strangers_make_no_series(void)
{
	struct metrics *m = metrics_new();
	BUF(out, 65536);

	metrics_count(m, NULL, "BREW\"\n", 405, 1);
	metrics_count(m, NULL, "PROPFIND", 405, 1);
	metrics_count(m, NULL, "HEAD", 0, 1);
	metrics_requests(&out, m);
	CHECK(strstr(buf_text(&out), "http_requests_total{handler=\"none\",method=\"HEAD\","
	    "status=\"5xx\"} 1\n"
	    "http_requests_total{handler=\"none\",method=\"other\",status=\"4xx\"} 2\n"));
	CHECK(strstr(buf_text(&out), "BREW") == NULL);
}

static void
all_routes_have_a_place(void)
{
	struct metrics *m = metrics_new();
	BUF(out, 1 << 20);
	size_t n = 0, seen = 0;

	for (; route_at(n); n++)
		metrics_count(m, route_at(n), route_at(n)->method, 200, 1);
	metrics_requests(&out, m);
	for (const char *at = buf_text(&out); (at = strstr(at, "\nhttp_requests_total{")); at++)
		seen++;
	CHECK(n > 0 && seen == n);
	CHECK(strstr(buf_text(&out), "handler=\"none\"") == NULL);
}

static void
samples(void)
{
	static const char *const cols[] = {"family", "cluster", "label", "value", "sample"};
	static const char *const v[] = {
		"storeward_incidents_open", "a\\\"b\nc", "kind", "MassDeletion", "1",
		"storeward_reconcile_errors", "local", NULL, NULL, "0",
		"storeward_stores", NULL, "status", "failed", "2",
		"storeward_stores", NULL, "status", "ready", "7",
	};
	const struct db_rows rows = {4, 5, cols, v};
	BUF(out, 4096);

	metrics_samples(&out, &rows);
	CHECK_STR(buf_text(&out),
	    "# HELP storeward_stores Stores of all tenants by status.\n"
	    "# TYPE storeward_stores gauge\n"
	    "storeward_stores{status=\"failed\"} 2\n"
	    "storeward_stores{status=\"ready\"} 7\n"
	    "# HELP storeward_reconcile_errors Errors in it.\n"
	    "# TYPE storeward_reconcile_errors gauge\n"
	    "storeward_reconcile_errors{cluster=\"local\"} 0\n"
	    "# HELP storeward_incidents_open Incidents that wait for a person.\n"
	    "# TYPE storeward_incidents_open gauge\n"
	    "storeward_incidents_open{cluster=\"a\\\\\\\"b\\nc\",kind=\"MassDeletion\"} 1\n");
}

int
main(void)
{
	static const struct test tests[] = {
		{"metrics: what was never used is left out", unused_series_are_left_out},
		{"metrics: counts, buckets, sum", counts_and_buckets},
		{"metrics: what clients invent makes no series", strangers_make_no_series},
		{"metrics: every route has its place", all_routes_have_a_place},
		{"metrics: samples of the database, escaped", samples},
		{NULL, NULL},
	};

	return test_main(tests);
}
