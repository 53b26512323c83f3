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

static void
replace_nul(size_t *seen, char *text, size_t len)
{
	for (size_t at = 0; (at += kube_nul(seen, text + at, len - at)) < len; at++)
		text[at] = KUBE_NUL;
}

/* What a pod wrote may hold NUL, which none of our texts can: it is found wherever an answer is cut in two. */
static void
test_nul(void)
{
	static const struct {
		const char *json, *want;
	} cases[] = {
		{"", ""},
		{"[\"\\u0000\"]", "[\"\\u0009\"]"},
		{"[\"a\\u0000b\\u0000\\u0000\"]", "[\"a\\u0009b\\u0009\\u0009\"]"},
		{"[\"\\\\u0000\"]", "[\"\\\\u0000\"]"},	/* a backslash, and a text */
		{"[\"\\\\\\u0000\"]", "[\"\\\\\\u0009\"]"},
		{"[\"\\u0001\\u000a\\u00000\\n\\u00\"]", "[\"\\u0001\\u000a\\u00090\\n\\u00\"]"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const size_t len = strlen(cases[i].json);

		for (size_t cut = 0; cut <= len; cut++) {
			ARENA(a);
			char *text = arena_strdup(&a, cases[i].json);
			size_t seen = 0;

			replace_nul(&seen, text, cut);
			replace_nul(&seen, text + cut, len - cut);
			CHECK_STR(text, cases[i].want);
		}
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"what an answer means", test_check},
		{"what a text cannot hold", test_nul},
		{"no answer", test_no_answer},
		{"percent-encoding", test_escape},
		{NULL, NULL},
	};

	return test_main(tests);
}
