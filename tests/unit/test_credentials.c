/* Secret store-credentials: when it is made, when it gets new passwords, and that nothing of it is read. */
#include "config.h"

#include "reconcile/action.h"
#include "reconcile/explain.h"

#include "tests/unit/kube_fake.h"

#define STATUS(reason, code) "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"" reason "\",\"message\":\"no\"," \
	"\"details\":{\"name\":\"store-credentials\"},\"code\":" code "}"
#define METADATA(annotations) "{\"kind\":\"PartialObjectMetadata\",\"metadata\":{\"name\":\"store-credentials\"," \
	"\"resourceVersion\":\"41\"" annotations "}}"
#define REVISION(n) ",\"annotations\":{\"storeward.io/credentials-revision\":\"" n "\"}"

/* By namespace: what the API server has, and what is written is kept for the test to read. */
static char requests[] = "/tmp/test_credentials.XXXXXX";
static const struct { const char *namespace, *has; } secrets[] = {
	{"ns-first", METADATA("")}, {"ns-second", METADATA(REVISION("1"))}, {"ns-there", METADATA(REVISION("2"))},
	{"ns-later", METADATA(REVISION("10"))}, {"ns-quick", METADATA(REVISION("1"))}, {"ns-gone", STATUS("NotFound", "404")},
	{"ns-busy", METADATA(REVISION("1"))}, {"ns-going", METADATA(REVISION("1"))},
};

static void
serve(int fd, const char *request)
{
	const char *status = "201 Created", *body = "{\"kind\":\"Secret\"}";
	FILE *f = fopen(requests, "a");

	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
		if (!memmem(request, strcspn(request, "\r"), secrets[i].namespace, strlen(secrets[i].namespace)))
			continue;
		if (strncmp(request, "POST", 4) == 0)
			status = "409 Conflict", body = STATUS("AlreadyExists", "409");
		else if (strncmp(request, "GET", 3) == 0 && !strstr(request, "as=PartialObjectMetadata;g=meta.k8s.io;v=v1"))
			status = "500 Values are read", body = "{}";
		else if (strncmp(request, "GET", 3) == 0)
			status = strstr(secrets[i].has, "Failure") ? "404 Not Found" : "200 OK", body = secrets[i].has;
		else if (strcmp(secrets[i].namespace, "ns-quick") == 0)
			status = "409 Conflict", body = STATUS("Conflict", "409");
		else
			status = "200 OK";
	}
	const char *text = strstr(request, "\r\n\r\n");

	fprintf(f, "%.*s %s\n", (int)strcspn(request, " "), request, text ? text + 4 : "");
	fclose(f);
	fake_reply(fd, status, NULL, body);
}

static struct arena arena;
static struct world w = {.a = &arena, .installation = "inst"};

/* All requests since the last time: "POST {...}\n". */
static const char *
asked(void)
{
	static char text[8192];
	FILE *f = fopen(requests, "r");
	const size_t n = fread(text, 1, sizeof text - 1, f);

	text[n] = '\0';
	fclose(f);
	f = fopen(requests, "w");
	fclose(f);
	return text;
}

static const char spec[] = "{\"credentials\":[{\"key\":\"user\",\"value\":\"admin\"},{\"key\":\"database\",\"generate\":20},"
    "{\"key\":\"password\",\"generate\":24,\"rotate\":true}]}";

static struct store
store(const char *namespace, int64_t revision)
{
	struct err e;

	return (struct store){.id = "s1", .namespace = namespace, .credentials_revision = revision,
	    .spec = json_parse(&arena, spec, strlen(spec), &e)};
}

static void
is_made(void)
{
	for (int64_t revision = 0; revision < 2; revision++) {
		struct store s = store("ns-fresh", revision);
		struct err e = {0};

		CHECK(credentials_ensure(&w, &s, &e) == 0 && s.nevents == 0);
		const char *said = asked();

		CHECK(strncmp(said, "POST ", 5) == 0 && strchr(said, '\n') == said + strlen(said) - 1);
		CHECK(strstr(said, "\"user\":\"admin\"") && strstr(said, "\"database\":\"") && strstr(said, "\"password\":\""));
		CHECK((strstr(said, "\"annotations\":{\"storeward.io/credentials-revision\":\"1\"}") != NULL) == (revision > 0));
	}
}

/* A shop that was ready keeps the passwords it has, or says that they are gone. */
static void
is_lost(void)
{
	static const struct { const char *namespace; enum err_kind kind; } cases[] = {
		{"ns-first", ERR_NONE}, {"ns-gone", ERR_MISSING},
	};

	for (int64_t revision = 0; revision < 2; revision++)
		for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
			struct store s = store(cases[i].namespace, revision);
			struct explanation x;
			struct err e = {0};

			s.now.provisioning_completed_at = 1;
			CHECK((credentials_ensure(&w, &s, &e) == 0) == (cases[i].kind == ERR_NONE));
			CHECK(!strstr(asked(), "POST "));
			if (cases[i].kind == ERR_NONE)
				continue;
			CHECK(e.kind == cases[i].kind);
			explain_helm(&arena, e.msg, false, &x);
			CHECK_STR(x.reason, "CredentialsLost");
		}
}

static void
is_renewed(void)
{
	static const struct { const char *namespace; int64_t revision; bool get, patch; enum err_kind kind; } cases[] = {
		{"ns-first", 0, false, false, ERR_NONE},
		{"ns-first", 1, true, true, ERR_NONE},
		{"ns-second", 2, true, true, ERR_NONE},
		{"ns-second", 1, true, false, ERR_NONE},	/* what a cut off pass did */
		{"ns-there", 2, true, false, ERR_NONE},
		{"ns-later", 9, true, false, ERR_NONE},
		{"ns-quick", 2, true, true, ERR_CONFLICT},
		{"ns-gone", 2, true, false, ERR_TRANSIENT},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct store s = store(cases[i].namespace, cases[i].revision);
		struct err e = {0};
		const int rc = credentials_ensure(&w, &s, &e);
		const char *said = asked(), *patch = strstr(said, "\nPATCH ");

		CHECK((rc == 0) == (cases[i].kind == ERR_NONE) && (rc == 0 || e.kind == cases[i].kind));
		CHECK((strstr(said, "\nGET ") != NULL) == cases[i].get && (patch != NULL) == cases[i].patch);
		CHECK((s.nevents == 1) == (cases[i].patch && rc == 0));
		if (!patch)
			continue;
		CHECK(strstr(patch, "\"resourceVersion\":\"41\"") != NULL);
		CHECK(strstr(patch, arena_printf(&arena, "\"storeward.io/credentials-revision\":\"%d\"", (int)cases[i].revision)) != NULL);
		CHECK(strstr(patch, "\"stringData\":{\"password\":\"") && !strstr(patch, "user") && !strstr(patch, "database"));
		CHECK(!s.nevents || strcmp(s.events[0].reason, "CredentialsRotated") == 0);
	}
}

/* A set-up that may have read the old passwords ends before there are new ones. */
static void
waits_for_setup(void)
{
	struct store s = store("ns-busy", 2);
	struct err e = {0};

	s.seen.setup_unfinished = "setup-1";
	CHECK(credentials_ensure(&w, &s, &e) == -1 && e.kind == ERR_TRANSIENT);
	const char *said = asked();

	CHECK(strstr(said, "\nDELETE {\"propagationPolicy\":\"Foreground\"}") && !strstr(said, "PATCH"));
	s = store("ns-going", 2);
	s.seen.setup_going = true;
	CHECK(credentials_ensure(&w, &s, &e) == -1 && e.kind == ERR_TRANSIENT);
	said = asked();
	CHECK(!strstr(said, "DELETE") && !strstr(said, "PATCH"));
	s.credentials_revision = 1;	/* as it is: a set-up may be at work */
	CHECK(credentials_ensure(&w, &s, &e) == 0);
	(void)asked();
}

int
main(void)
{
	static const struct test tests[] = {
		{"the Secret is made once", is_made},
		{"it gets new passwords when they are asked for", is_renewed},
		{"a shop that was ready gets no other passwords", is_lost},
		{"not while a set-up may write the old ones", waits_for_setup},
		{0},
	};
	const int log = mkstemp(requests);

	if (log < 0)
		return 1;
	close(log);
	const int bad = fake_kube_main(tests, &w.kube, serve);

	remove(requests);
	arena_fini(&arena);
	return bad;
}
