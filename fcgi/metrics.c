/* Counters are atomic and without locks: a reader may see a request in one series and not
 * yet in another. */
#include "config.h"

#include "fcgi/metrics.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

#include "fcgi/handlers.h"
#include "lib/log.h"

#define ROUTES_MAX 64	/* rows of the table; one more series is for "none" */
#define SAMPLES_MAX 2000

static const char *const methods[] = {"GET", "HEAD", "POST", "PATCH", "DELETE", "other"};
#define NMETHODS (sizeof methods / sizeof *methods)

static const char *const classes[] = {"1xx", "2xx", "3xx", "4xx", "5xx"};
#define NCLASSES (sizeof classes / sizeof *classes)

static const struct {
	const char *le;		/* in seconds */
	int64_t us;
} bounds[] = {
	{"0.005", 5000}, {"0.01", 10000}, {"0.025", 25000}, {"0.05", 50000},
	{"0.1", 100000}, {"0.25", 250000}, {"0.5", 500000}, {"1", 1000000},
	{"2.5", 2500000}, {"5", 5000000}, {"10", 10000000}, {"+Inf", INT64_MAX},
};
#define NBOUNDS (sizeof bounds / sizeof *bounds)

struct series {
	_Atomic uint64_t by_class[NCLASSES];
	_Atomic uint64_t took[NBOUNDS];	/* each request in one of them */
	_Atomic int64_t sum_us;
};

struct metrics {
	struct series of[ROUTES_MAX + 1][NMETHODS];
};

/* What metrics.sql and this process know; one # HELP and # TYPE each. */
static const struct family {
	const char *name, *help;
} families[] = {
	{"storeward_stores", "Stores of all tenants by status."},
	{"storeward_reconcile_last_pass_timestamp_seconds",
	    "When the last pass over the cluster ended."},
	{"storeward_reconcile_pass_duration_seconds", "How long that pass took."},
	{"storeward_reconcile_stores", "Stores that it saw."},
	{"storeward_reconcile_acted", "Stores that it changed."},
	{"storeward_reconcile_waiting", "Stores that wait for their next try."},
	{"storeward_reconcile_errors", "Errors in it."},
	{"storeward_incidents_open", "Incidents that wait for a person."},
};

struct metrics *
metrics_new(void)
{
	void *m = route_at(ROUTES_MAX) ? MAP_FAILED : mmap(NULL, sizeof(struct metrics),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return m == MAP_FAILED ? NULL : m;
}

void
metrics_count(struct metrics *m, const struct route *route, const char *method,
    int status, int64_t us)
{
	const size_t row = route ? (size_t)(route - route_at(0)) : ROUTES_MAX;
	const size_t class = status >= 100 && status <= 599 ? (size_t)status / 100 - 1 : 4;
	size_t which = 0, bound = 0;

	while (which < NMETHODS - 1 && strcmp(methods[which], method) != 0)
		which++;
	while (us > bounds[bound].us)
		bound++;
	struct series *s = &m->of[row][which];

	atomic_fetch_add(&s->by_class[class], 1);
	atomic_fetch_add(&s->took[bound], 1);
	atomic_fetch_add(&s->sum_us, us);
}

static void
head(struct buf *out, const char *name, const char *type, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
label(struct buf *out, const char *before, const char *name, const char *value)
{
	buf_printf(out, "%s%s=\"", before, name);
	for (const char *c = value; *c; c++) {
		if (*c == '\n')
			buf_adds(out, "\\n");
		else {
			if (*c == '"' || *c == '\\')
				buf_addc(out, '\\');
			buf_addc(out, *c);
		}
	}
	buf_addc(out, '"');
}

static const char *
handler_of(size_t row)
{
	return row == ROUTES_MAX ? "none" : route_at(row)->path;
}

static void
write_counts(struct buf *out, const struct series *s, size_t row, size_t method)
{
	for (size_t i = 0; i < NCLASSES; i++) {
		const uint64_t n = atomic_load(&s->by_class[i]);

		if (n == 0)
			continue;
		label(out, "http_requests_total{", "handler", handler_of(row));
		label(out, ",", "method", methods[method]);
		label(out, ",", "status", classes[i]);
		buf_printf(out, "} %" PRIu64 "\n", n);
	}
}

#define DURATION "http_request_duration_seconds"

static void
write_duration(struct buf *out, const struct series *s, size_t row, size_t method)
{
	const int64_t sum_us = atomic_load(&s->sum_us);
	BUF(labels, 512);
	uint64_t n = 0;

	label(&labels, "", "handler", handler_of(row));
	label(&labels, ",", "method", methods[method]);
	for (size_t i = 0; i < NBOUNDS; i++)
		n += atomic_load(&s->took[i]);
	if (n == 0)
		return;
	n = 0;
	for (size_t i = 0; i < NBOUNDS; i++) {
		n += atomic_load(&s->took[i]);
		buf_printf(out, DURATION "_bucket{%s,le=\"%s\"} %" PRIu64 "\n",
		    buf_text(&labels), bounds[i].le, n);
	}
	buf_printf(out, DURATION "_sum{%s} %" PRId64 ".%06" PRId64 "\n"
	    DURATION "_count{%s} %" PRIu64 "\n", buf_text(&labels), sum_us / 1000000,
	    sum_us % 1000000, buf_text(&labels), n);
}

static void
each(struct buf *out, const struct metrics *m,
    void (*write)(struct buf *, const struct series *, size_t, size_t))
{
	for (size_t row = 0; row <= ROUTES_MAX; row++) {
		const bool used = row == ROUTES_MAX || route_at(row);

		for (size_t method = 0; used && method < NMETHODS; method++)
			write(out, &m->of[row][method], row, method);
	}
}

void
metrics_requests(struct buf *out, const struct metrics *m)
{
	head(out, "http_requests_total", "counter", "Answered requests.");
	each(out, m, write_counts);
	head(out, DURATION, "histogram", "From a request's arrival to its answer.");
	each(out, m, write_duration);
}

static void
write_sample(struct buf *out, const struct db_rows *rows, size_t i)
{
	const char *cluster = db_text(rows, i, "cluster");
	const char *name = db_text(rows, i, "label");

	buf_adds(out, db_text(rows, i, "family"));
	if (cluster)
		label(out, "{", "cluster", cluster);
	if (name)
		label(out, cluster ? "," : "{", name, db_text(rows, i, "value"));
	buf_printf(out, "%s %s\n", cluster || name ? "}" : "", db_text(rows, i, "sample"));
}

void
metrics_samples(struct buf *out, const struct db_rows *rows)
{
	for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
		bool begun = false;

		for (size_t i = 0; i < rows->n; i++) {
			if (strcmp(db_text(rows, i, "family"), families[f].name) != 0)
				continue;
			if (!begun)
				head(out, families[f].name, "gauge", families[f].help);
			begun = true;
			write_sample(out, rows, i);
		}
	}
}

static void
gauge(struct buf *out, const char *name, const char *help, size_t value)
{
	head(out, name, "gauge", help);
	buf_printf(out, "%s %zu\n", name, value);
}

static void
write_workers(struct buf *out, const struct master_place *at)
{
	size_t busy = 0;

	for (size_t i = 0; i < at->workers; i++)
		busy += atomic_load(&at->slots[i].busy_since_ms) != 0;
	head(out, "storeward_info", "gauge", "The version that answers.");
	buf_adds(out, "storeward_info{version=\"" PACKAGE_VERSION "\"} 1\n");
	gauge(out, "storeward_workers", "Worker processes of the API.", at->workers);
	gauge(out, "storeward_workers_busy", "Of them, those at work on a request; "
	    "this one is among them.", busy);
}

/* Also while the database is away: then its samples are missing. */
int
metrics_show(struct route_ctx *c, struct err *e)
{
	struct buf *out = &c->reply->body;
	struct db_rows rows;
	const bool up = db_list(c->db, c->a, Q_metrics, DB_NOARGS, SAMPLES_MAX, &rows, e) == 0;

	if (!up)
		log_error("no figures from the database", "why", e->msg, NULL);
	c->reply->type = METRICS_TYPE;
	metrics_requests(out, c->metrics);
	write_workers(out, c->at);
	gauge(out, "storeward_database_up", "Whether the database answers.", up);
	if (up)
		metrics_samples(out, &rows);
	return 0;
}
