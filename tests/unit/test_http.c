/* lib/http.c against a scripted server on this machine; TLS and HTTP/2 are tested against a
 * real API server in tests/integration/test_kube.c. */
#include "config.h"

#include "lib/http.h"
#include "lib/clock.h"
#include "tests/check.h"
#include "tests/unit/http_fake.h"

#include <sys/time.h>

enum { BIG = 200 << 10 };

static struct fake fake;
static struct http *h;

static void
serve_big(int fd, const char *status)
{
	static char body[BIG + 1];

	memset(body, 'x', BIG);
	fake_reply(fd, status, NULL, body);
}

/* The path says what to answer; anything else gets its own request back. */
static void
serve(int fd, const char *request)
{
	const char *path = strchr(request, ' ') + 1;

	if (strncmp(path, "/moved ", 7) == 0)
		fake_reply(fd, "302 Found", "Location: /else\r\n", "moved");
	else if (strncmp(path, "/busy ", 6) == 0)
		fake_reply(fd, "503 Service Unavailable", "Retry-After: 7\r\n", "busy");
	else if (strncmp(path, "/big ", 5) == 0)
		serve_big(fd, "200 OK");
	else if (strncmp(path, "/big-error ", 11) == 0)
		serve_big(fd, "500 Internal Server Error");
	else if (strncmp(path, "/cut ", 5) == 0)
		fake_write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut", 42);
	else if (strncmp(path, "/cut-error ", 11) == 0)
		fake_write(fd, "HTTP/1.1 401 No\r\nContent-Length: 99\r\n\r\ncut", 42);
	else if (strncmp(path, "/slow ", 6) == 0)
		sleep(10);
	else if (strncmp(path, "/none ", 6) != 0)
		fake_reply(fd, "200 OK", NULL, request);
}

static struct http_answer
ask(struct arena *a, struct http_request req)
{
	struct http_server server = {.url = fake.url, .bearer = "t0ken"};
	struct http_answer answer;

	req.method = req.method ? req.method : "GET";
	req.timeout_ms = req.timeout_ms ? req.timeout_ms : 5000;
	req.answer_max = req.answer_max ? req.answer_max : 64 << 10;
	http_all(h, a, &server, &req, &answer, 1);
	return answer;
}

static void
test_request(void)
{
	ARENA(a);
	struct http_answer get = ask(&a, (struct http_request){.path = "/a/../b?c=%2F"});
	struct http_answer put = ask(&a, (struct http_request){.method = "PATCH", .path = "/p",
	    .content_type = "application/merge-patch+json", .accept = "text/plain",
	    .body = "{\"a\":1}", .body_len = 7});

	CHECK(get.status == 200 && get.err.kind == ERR_NONE);
	CHECK(strncmp(get.body, "GET /a/../b?c=%2F HTTP/1.1\r\n", 28) == 0);
	CHECK(strstr(get.body, "\r\nUser-Agent: test/1\r\n") != NULL);
	CHECK(strstr(get.body, "\r\nAccept: application/json\r\n") != NULL);
	CHECK(strstr(get.body, "\r\nAuthorization: Bearer t0ken\r\n") != NULL);
	CHECK(strstr(get.body, "Content-Type") == NULL);
	CHECK(strncmp(put.body, "PATCH /p HTTP/1.1\r\n", 19) == 0);
	CHECK(strstr(put.body, "\r\nContent-Type: application/merge-patch+json\r\n") != NULL);
	CHECK(strstr(put.body, "\r\nAccept: text/plain\r\n") != NULL);
	CHECK(strstr(put.body, "Expect") == NULL);
	CHECK(strstr(put.body, "\r\n\r\n{\"a\":1}") != NULL);
}

static void
test_answers(void)
{
	static const struct {
		const char *path;
		size_t max;
		int status;
		enum err_kind kind;
		size_t len;
		int retry_after_s;
	} cases[] = {
		{"/moved", 100, 302, ERR_NONE, 5, 0},
		{"/busy", 100, 503, ERR_NONE, 4, 7},
		{"/big", BIG, 200, ERR_NONE, BIG, 0},
		{"/big", BIG - 1, 0, ERR_TOO_LARGE, 0, 0},
		{"/big-error", 1000, 500, ERR_NONE, 1000, 0},
		{"/cut", 100, 0, ERR_TRANSIENT, 0, 0},
		{"/cut-error", 100, 401, ERR_NONE, 3, 0},
		{"/none", 100, 0, ERR_TRANSIENT, 0, 0},
		{"/bad path", 100, 0, ERR_TRANSIENT, 0, 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct http_answer answer = ask(&a, (struct http_request){
		    .path = cases[i].path, .answer_max = cases[i].max});

		CHECK(answer.status == cases[i].status);
		CHECK(answer.err.kind == cases[i].kind);
		CHECK(answer.body_len == cases[i].len && strlen(answer.body) == cases[i].len);
		CHECK(answer.retry_after_s == cases[i].retry_after_s);
		if (answer.err.kind == ERR_TRANSIENT)
			CHECK(strstr(answer.err.msg, cases[i].path) != NULL);
		CHECK(strstr(answer.err.msg, "t0ken") == NULL);
	}
}

static int
count(void *ctx, const char *data, size_t len, struct err *e)
{
	size_t *left = ctx;

	(void)data;
	if (len > *left)
		return err_set(e, ERR_INPUT, "enough");
	*left -= len;
	return 0;
}

static void
test_on_data(void)
{
	static const struct {
		const char *path;
		size_t take, left, body_len;
		int status;
		enum err_kind kind;
	} cases[] = {
		{"/big", BIG + 1, 1, 0, 200, ERR_NONE},
		{"/big", 0, 0, 0, 200, ERR_INPUT},
		{"/big-error", 5, 5, 64 << 10, 500, ERR_NONE},	/* an error is no data */
		{"/busy", 5, 5, 4, 503, ERR_NONE},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		size_t left = cases[i].take;
		struct http_answer answer = ask(&a, (struct http_request){
		    .path = cases[i].path, .answer_max = BIG, .on_data = count, .ctx = &left});

		CHECK(answer.status == cases[i].status && answer.err.kind == cases[i].kind);
		CHECK(answer.body_len == cases[i].body_len && left == cases[i].left);
	}
}

static void
test_timeout(void)
{
	ARENA(a);
	int64_t start = clock_ms();
	struct http_answer slow = ask(&a, (struct http_request){.path = "/slow",
	    .timeout_ms = 200});

	CHECK(slow.status == 0 && slow.err.kind == ERR_TRANSIENT);
	CHECK(clock_ms() - start >= 200 && clock_ms() - start < 3000);
	CHECK(ask(&a, (struct http_request){.path = "/after"}).status == 200);
}

static void
test_nobody_listens(void)
{
	ARENA(a);
	struct http_server server = {.url = "http://127.0.0.1:1"};
	struct http_request req = {.method = "GET", .path = "/", .timeout_ms = 2000};
	struct http_answer answer;

	http_all(h, &a, &server, &req, &answer, 1);
	CHECK(answer.status == 0 && answer.err.kind == ERR_TRANSIENT);
	http_all(h, &a, &server, &req, &answer, 0);	/* none is no trouble */
}

static void
test_no_proxy(void)
{
	ARENA(a);

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	CHECK(ask(&a, (struct http_request){.path = "/"}).status == 200);
	unsetenv("http_proxy");
}

static volatile sig_atomic_t alarms;

static void
on_alarm(int signo)
{
	(void)signo;
	alarms++;
}

/* More than are in flight at once, disturbed by a signal every millisecond. */
static void
test_many(void)
{
	enum { MANY = 200 };
	ARENA(a);
	struct http_server server = {.url = fake.url};
	struct http_request *req = arena_array(&a, struct http_request, MANY);
	struct http_answer *answer = arena_array(&a, struct http_answer, MANY);
	struct sigaction act = {.sa_handler = on_alarm}, old;
	struct itimerval often = {{0, 1000}, {0, 1000}}, off = {{0, 0}, {0, 0}};

	for (size_t i = 0; i < MANY; i++)
		req[i] = (struct http_request){.method = "GET", .timeout_ms = 20000,
		    .path = arena_printf(&a, "/n/%zu", i), .answer_max = 4096};
	sigaction(SIGALRM, &act, &old);
	setitimer(ITIMER_REAL, &often, NULL);
	http_all(h, &a, &server, req, answer, MANY);
	setitimer(ITIMER_REAL, &off, NULL);
	sigaction(SIGALRM, &old, NULL);
	CHECK(alarms > 0);
	for (size_t i = 0; i < MANY; i++) {
		const char *want = arena_printf(&a, "GET %s HTTP/1.1\r\n", req[i].path);

		CHECK(answer[i].status == 200);
		CHECK(strncmp(answer[i].body, want, strlen(want)) == 0);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"what goes over the wire", test_request},
		{"what the answers mean", test_answers},
		{"a body taken as it comes", test_on_data},
		{"a deadline", test_timeout},
		{"a server that is away", test_nobody_listens},
		{"no proxy from the environment", test_no_proxy},
		{"many at once, with signals", test_many},
		{NULL, NULL},
	};
	int bad;

	fake_start(&fake, serve);
	h = http_new("test/1");
	bad = test_main(tests);
	http_free(h);
	fake_stop(&fake);
	return bad;
}
