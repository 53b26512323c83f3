/* lib/kube.c: what answers mean, and escaping.  The calls themselves are tested against a
 * real API server in tests/integration/test_kube.c. */
#include "config.h"

#include "lib/kube_private.h"
#include "tests/check.h"

#define STATUS(reason, message) \
	"{\"kind\":\"Status\",\"reason\":\"" reason "\",\"message\":\"" message "\"}"

static void
test_check(void)
{
	static const struct {
		int status;
		const char *body;
		enum err_kind kind;
		const char *code, *msg;
	} cases[] = {
		{200, "", ERR_NONE, "", ""},
		{201, "{}", ERR_NONE, "", ""},
		{404, "{\"kind\":\"Status\",\"reason\":\"NotFound\",\"message\":\"no x\","
		    "\"details\":{\"name\":\"x\",\"kind\":\"secrets\"}}",
		 ERR_MISSING, "NotFound", "no x"},
		{404, STATUS("NotFound", "the server could not find the requested resource"),
		 ERR_TRANSIENT, "", "the server could not find the requested resource"},
		{404, "404 page not found", ERR_TRANSIENT, "",
		 "GET /api/x: HTTP 404 without a Status object"},
		{404, "{\"reason\":\"NotFound\",\"message\":\"m\"}", ERR_TRANSIENT, "",
		 "GET /api/x: HTTP 404 without a Status object"},
		{404, STATUS("Other", "m"), ERR_TRANSIENT, "", "m"},
		{409, STATUS("AlreadyExists", "m"), ERR_CONFLICT, "AlreadyExists", "m"},
		{409, STATUS("Conflict", "m"), ERR_CONFLICT, "Conflict", "m"},
		{401, STATUS("Unauthorized", "m"), ERR_UNAUTHENTICATED, "Unauthorized", "m"},
		{403, STATUS("Forbidden", "m"), ERR_DENIED, "Forbidden", "m"},
		{400, STATUS("BadRequest", "m"), ERR_INPUT, "BadRequest", "m"},
		{422, STATUS("Invalid", "m"), ERR_INPUT, "Invalid", "m"},
		{429, STATUS("TooManyRequests", "m"), ERR_TRANSIENT, "TooManyRequests", "m"},
		{500, STATUS("InternalError", ""), ERR_TRANSIENT, "InternalError",
		 "GET /api/x: HTTP 500"},
		{502, "<html>", ERR_TRANSIENT, "", "GET /api/x: HTTP 502 without a Status object"},
		{302, "", ERR_TRANSIENT, "", "GET /api/x: HTTP 302 without a Status object"},
	};
	const struct http_request req = {.method = "GET", .path = "/api/x?limit=1"};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct err e = {0};
		struct http_answer answer = {.status = cases[i].status,
		    .body = arena_strdup(&a, cases[i].body), .body_len = strlen(cases[i].body)};

		CHECK(kube_check(&req, &answer, &e) == (cases[i].kind == ERR_NONE ? 0 : -1));
		CHECK(e.kind == cases[i].kind);
		CHECK_STR(e.code, cases[i].code);
		CHECK_STR(e.msg, cases[i].msg);
	}
}

static void
test_no_answer(void)
{
	const struct http_request req = {.method = "GET", .path = "/"};
	struct http_answer answer = {0};
	struct err e = {0};

	err_set(&answer.err, ERR_TRANSIENT, "connection refused");
	CHECK(kube_check(&req, &answer, &e) == -1 && e.kind == ERR_TRANSIENT);
	CHECK_STR(e.msg, "connection refused");
}

static void
test_escape(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", ""},
		{"azAZ09-._~", "azAZ09-._~"},
		{"owner=helm,status!=superseded", "owner%3Dhelm%2Cstatus%21%3Dsuperseded"},
		{"a b&c#d/e+f%", "a%20b%26c%23d%2Fe%2Bf%25"},
		{"\xc3\xa9\x7f", "%C3%A9%7F"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);

		CHECK_STR(kube_escape(&a, cases[i].text), cases[i].want);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"what an answer means", test_check},
		{"no answer", test_no_answer},
		{"percent-encoding", test_escape},
		{NULL, NULL},
	};

	return test_main(tests);
}
