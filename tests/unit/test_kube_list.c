/* lib/kube_list.c against a scripted server: which answers make a list complete.  All cases
 * are taken in one kube_lists(), so each must be judged on its own. */
#include "config.h"

#include "lib/kube_private.h"
#include "tests/check.h"
#include "tests/unit/http_fake.h"

#include <sys/mman.h>

/* The limit on one answer in these tests. */
enum { LIMIT = 8000 };

#define TABLE "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\","
#define META(version, next) \
	"\"metadata\":{\"resourceVersion\":\"" version "\",\"continue\":\"" next "\"},"
#define COLUMNS "\"columnDefinitions\":[{\"name\":\"Name\"},{\"name\":\"Data\"}],"
#define ROW "{\"cells\":[\"x\",3],\"object\":null}"
#define ROW_OF(object) "{\"cells\":[\"x\",3],\"object\":" object "}"
#define LIST(rows) TABLE META("7", "") COLUMNS "\"rows\":[" rows "]}"
#define PAGE(version, next) TABLE META(version, next) COLUMNS "\"rows\":[" ROW "," ROW "]}"

/* What the server says to a request for /NAME whose query contains `query`; the first row
 * that fits and has been used fewer than `times` times (0 = no end). */
static const struct answer {
	const char *name, *query, *status, *body;
	int times;
} answers[] = {
	{"three", "", "200 OK", LIST(ROW "," ROW "," ROW), 0},
	{"empty", "", "200 OK", LIST(""), 0},
	{"null-rows", "", "200 OK", TABLE META("7", "") COLUMNS "\"rows\":null}", 0},
	{"no-rows", "", "200 OK", TABLE META("7", "") COLUMNS "\"row\":[]}", 0},
	{"metadata", "includeObject=Metadata", "200 OK",
	 LIST(ROW_OF("{\"metadata\":{\"name\":\"y\"}}")), 0},
	{"no-metadata", "", "200 OK", LIST(ROW), 0},
	{"whole", "?includeObject=Object&resourceVersion=0", "200 OK", LIST(ROW_OF("{\"metadata\":{\"name\":\"y\"},\"spec\":{}}")), 0},
	{"whole-much", "?includeObject=None&resourceVersion=0", "200 OK", NULL, 0},
	{"nul", "", "200 OK", LIST(ROW_OF("{\"metadata\":{},\"said\":\"a\\u0000b\"}")), 0},
	{"selected", "?includeObject=None&labelSelector=a%3Db%2Cc%21%3Dd"
	 "&fieldSelector=type%3Dx%2Fy.v1", "200 OK", LIST(ROW), 0},
	{"status", "", "200 OK", "{\"kind\":\"Status\",\"status\":\"Success\"}", 0},
	{"html", "", "200 OK", "<html>sign in</html>", 0},
	{"blank", "", "200 OK", "", 0},
	{"items", "", "200 OK", "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"7\"},"
	 "\"items\":[]}", 0},
	{"rows-first", "", "200 OK", "{\"rows\":[" ROW "]," COLUMNS META("7", "")
	 "\"kind\":\"Table\"}", 0},
	{"no-version", "", "200 OK", TABLE COLUMNS "\"rows\":[" ROW "]}", 0},
	{"odd-cells", "", "200 OK", LIST("{\"cells\":[\"x\"]}"), 0},
	{"cut-json", "", "200 OK", TABLE META("7", "") COLUMNS "\"rows\":[" ROW, 0},
	{"cut-body", "", "200 OK Content-Length", LIST(ROW), 0},
	{"partial", "", "203 Transformed", LIST(ROW), 0},
	{"moved", "", "302 Found", "", 0},
	{"refused", "", "403 Forbidden", "{\"kind\":\"Status\",\"reason\":\"Forbidden\","
	 "\"message\":\"secrets is forbidden\"}", 0},
	{"no-group", "", "404 Not Found", "404 page not found", 0},
	{"broken", "", "500 Internal Server Error", "", 0},
	{"stranger", "", "401 Unauthorized", "", 0},
	{"renewed", "", "401 Unauthorized", "", 1},
	{"renewed", "", "200 OK", LIST(ROW), 0},
	{"picky", "", "200 OK", LIST(ROW "," ROW), 0},
	/* Too much for one answer: begun anew in pages. */
	{"paged", "continue=p%2F2", "200 OK", PAGE("7", "p3"), 0},
	{"paged", "continue=p3", "200 OK", PAGE("7", ""), 0},
	{"paged", "limit=500", "200 OK", PAGE("7", "p/2"), 0},
	{"mixed", "continue=p2", "200 OK", PAGE("8", ""), 0},
	{"mixed", "limit=500", "200 OK", PAGE("7", "p2"), 0},
	{"expired", "continue=p2", "410 Gone", "", 1},
	{"expired", "continue=p2", "200 OK", PAGE("7", ""), 0},
	{"expired", "limit=500", "200 OK", PAGE("7", "p2"), 0},
	{"gone", "continue=p2", "410 Gone", "", 0},
	{"gone", "limit=500", "200 OK", PAGE("7", "p2"), 0},
	{"fat-page", "", "200 OK", NULL, 0},
	{"paged", "", "200 OK", NULL, 0},
	{"mixed", "", "200 OK", NULL, 0},
	{"expired", "", "200 OK", NULL, 0},
	{"gone", "", "200 OK", NULL, 0},
	{"endless", "", "200 OK", PAGE("7", "p2"), 0},
};
enum { ANSWERS = sizeof answers / sizeof *answers };
static int *used;			/* per row, shared with the server */

#define BIG_HEAD TABLE META("7", "") COLUMNS "\"rows\":["
#define BIG_ROWS (1 + (2 * LIMIT - sizeof BIG_HEAD ROW + sizeof "," ROW - 1) / (sizeof "," ROW - 1))

static const char *
big_table(void)
{
	static char text[4 * LIMIT];
	size_t len = (size_t)snprintf(text, sizeof text, "%s", BIG_HEAD ROW);

	while (len < 2 * LIMIT)
		len += (size_t)snprintf(text + len, sizeof text - len, "," ROW);
	snprintf(text + len, sizeof text - len, "]}");
	return text;
}

static void
serve(int fd, const char *request)
{
	char path[512] = "", name[64] = "";

	if (sscanf(request, "GET %511s", path) != 1 || sscanf(path, "/%63[^?]", name) != 1 ||
	    !strstr(request, "\r\nAccept: application/json;as=Table;g=meta.k8s.io;v=v1\r\n"))
		return;
	for (size_t i = 0; i < ANSWERS; i++) {
		const struct answer *x = &answers[i];

		if (strcmp(x->name, name) != 0 || strstr(path, x->query) == NULL ||
		    (x->times > 0 && used[i] >= x->times))
			continue;
		used[i]++;
		fake_reply(fd, x->status, strstr(x->status, "Content-Length") ?
		    "Content-Length: 9999\r\n" : NULL, x->body ? x->body : big_table());
		return;
	}
}

static const struct expected {
	const char *name;
	enum err_kind kind;		/* ERR_NONE: the list is complete */
	size_t rows;			/* checked of a complete list */
	int restarts;
	const char *says;
} expected[] = {
	{"three", ERR_NONE, 3, 0, ""},
	{"empty", ERR_NONE, 0, 0, ""},
	{"null-rows", ERR_NONE, 0, 0, ""},
	{"no-rows", ERR_TRANSIENT, 0, 0, "not a Table"},
	{"metadata", ERR_NONE, 1, 0, ""},
	{"no-metadata", ERR_TRANSIENT, 0, 0, "without metadata"},
	{"whole", ERR_NONE, 1, 0, ""},
	{"whole-much", ERR_NONE, BIG_ROWS, 0, ""},	/* the cache has no pages, and is read row by row like all */
	{"nul", ERR_NONE, 1, 0, ""},		/* one pod's text makes no list unreadable */
	{"selected", ERR_NONE, 1, 0, ""},
	{"status", ERR_TRANSIENT, 0, 0, "is a Status, not a Table"},
	{"html", ERR_TRANSIENT, 0, 0, ""},
	{"blank", ERR_TRANSIENT, 0, 0, ""},
	{"items", ERR_TRANSIENT, 0, 0, "is a PodList, not a Table"},
	{"rows-first", ERR_TRANSIENT, 0, 0, "not a Table"},
	{"no-version", ERR_TRANSIENT, 0, 0, "not a Table"},
	{"odd-cells", ERR_TRANSIENT, 0, 0, "not a Table"},
	{"cut-json", ERR_TRANSIENT, 0, 0, ""},
	{"cut-body", ERR_TRANSIENT, 0, 0, ""},
	{"partial", ERR_TRANSIENT, 0, 0, "HTTP 203"},
	{"moved", ERR_TRANSIENT, 0, 0, "HTTP 302"},
	{"refused", ERR_DENIED, 0, 0, "secrets is forbidden"},
	{"no-group", ERR_TRANSIENT, 0, 0, "HTTP 404 without a Status"},
	{"broken", ERR_TRANSIENT, 0, 0, "HTTP 500"},
	{"stranger", ERR_UNAUTHENTICATED, 0, 0, "HTTP 401"},
	{"renewed", ERR_NONE, 1, 0, ""},
	{"picky", ERR_INPUT, 0, 0, "row() says no"},
	{"paged", ERR_NONE, 6, 1, ""},
	{"mixed", ERR_TRANSIENT, 0, 1, "not of one snapshot"},
	{"expired", ERR_NONE, 4, 2, ""},
	{"gone", ERR_TRANSIENT, 0, 2, "HTTP 410"},
	{"fat-page", ERR_TOO_LARGE, 0, 1, "more than 8000 bytes"},
	{"unknown", ERR_TRANSIENT, 0, 0, ""},
};
enum { EXPECTED = sizeof expected / sizeof *expected };

struct seen {
	const struct expected *x;
	size_t rows;
	int restarts;
};

static int
on_row(void *ctx, const struct kube_row *row, struct err *e)
{
	struct seen *s = ctx;

	s->rows++;
	CHECK_STR(kube_cell(row, "Name"), "x");
	CHECK_STR(kube_cell(row, "Data"), "3");
	CHECK_STR(kube_cell(row, "Age"), "");
	CHECK(kube_has_column(row, "Data") && !kube_has_column(row, "Age"));
	if (strcmp(s->x->name, "metadata") == 0)
		CHECK_STR(json_text(row->object, "metadata.name"), "y");
	else
		CHECK((row->object == NULL) == (strcmp(s->x->name, "whole") != 0));
	if (strcmp(s->x->name, "picky") == 0)
		return err_set(e, ERR_INPUT, "row() says no");
	return 0;
}

static void
on_restart(void *ctx)
{
	struct seen *s = ctx;

	s->rows = 0;
	s->restarts++;
}

static struct kube *k;

static void
list_init(struct kube_list *list, struct seen *seen, struct arena *a)
{
	*list = (struct kube_list){
		.path = arena_printf(a, "/%s", seen->x->name),
		.object = strstr(seen->x->name, "metadata") ? KUBE_METADATA : KUBE_NO_OBJECT,
		.row = on_row, .restart = on_restart, .ctx = seen,
		.complete = true, .rows = 99,	/* of an earlier call */
	};
	list->cached = strncmp(seen->x->name, "whole", 5) == 0;
	if (strcmp(seen->x->name, "whole") == 0)
		list->object = KUBE_OBJECT;
	if (strcmp(seen->x->name, "selected") == 0) {
		list->label_selector = "a=b,c!=d";
		list->field_selector = "type=x/y.v1";
	}
}

static void
test_completeness(void)
{
	ARENA(a);
	static struct kube_list lists[EXPECTED];
	struct seen seen[EXPECTED] = {0};

	for (size_t i = 0; i < EXPECTED; i++) {
		seen[i].x = &expected[i];
		list_init(&lists[i], &seen[i], &a);
	}
	kube_lists(k, lists, EXPECTED, 20000);
	for (size_t i = 0; i < EXPECTED; i++) {
		const struct expected *x = &expected[i];
		const struct kube_list *list = &lists[i];
		int before = check_failures;

		CHECK(list->complete == (x->kind == ERR_NONE));
		CHECK(list->err.kind == x->kind);
		CHECK(seen[i].restarts == x->restarts);
		CHECK(!list->complete || (list->rows == x->rows && seen[i].rows == x->rows));
		CHECK(list->complete || strstr(list->err.msg, list->path) != NULL);
		CHECK(strstr(list->err.msg, x->says) != NULL);
		if (check_failures > before)
			fprintf(stderr, "list %s: %s\n", x->name, list->err.msg);
	}
}

/* What was too large once is taken in pages from the start: no list begins anew for ever. */
static void
test_pages_at_once(void)
{
	ARENA(a);
	static const struct expected paged = {.name = "paged"};
	struct seen seen = {.x = &paged};
	struct kube_list list;

	list_init(&list, &seen, &a);
	kube_lists(k, &list, 1, 20000);
	CHECK(list.complete && list.rows == 6 && seen.restarts == 0);
}

static void
test_deadline(void)
{
	ARENA(a);
	static const struct expected endless = {.name = "endless"};
	struct seen seen = {.x = &endless};
	struct kube_list list;

	list_init(&list, &seen, &a);
	kube_lists(k, &list, 1, 300);
	CHECK(!list.complete && list.err.kind == ERR_TRANSIENT);
	CHECK(seen.rows > 2);
}

static void
test_none(void)
{
	kube_lists(k, NULL, 0, 1000);
}

int
main(void)
{
	static const struct test tests[] = {
		{"which lists are complete", test_completeness},
		{"pages at once after a list that was too large", test_pages_at_once},
		{"a list without end", test_deadline},
		{"no list at all", test_none},
		{NULL, NULL},
	};
	char folder[] = "/tmp/test_kube_list.XXXXXX";
	ARENA(a);
	struct err e = {0};
	struct fake fake;
	int bad = 1;

	used = mmap(NULL, ANSWERS * sizeof *used, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (used == MAP_FAILED || mkdtemp(folder) == NULL)
		return 1;
	fake_start(&fake, serve);
	const char *config = arena_printf(&a, "%s/config", folder);
	const char *token = arena_printf(&a, "%s/token", folder);
	FILE *c = fopen(config, "w"), *t = fopen(token, "w");
	fprintf(c, "current-context: x\n"
	    "contexts: [{name: x, context: {cluster: x, user: x}}]\n"
	    "clusters: [{name: x, cluster: {server: \"%s\"}}]\n"
	    "users: [{name: x, user: {tokenFile: token}}]\n", fake.url);
	fprintf(t, "t0ken\n");
	if (fclose(c) == 0 && fclose(t) == 0 && (k = kube_new(config, NULL, &e)) != NULL) {
		k->list_bytes = LIMIT;
		bad = test_main(tests);
	}
	fprintf(stderr, "%s", e.msg);
	kube_free(k);
	fake_stop(&fake);
	remove(config);
	remove(token);
	remove(folder);
	return bad;
}
