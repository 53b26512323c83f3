/* What a probe tells: taken where it is exactly of the form, whatever else a pod may write. */
#include "config.h"

#include "reconcile/told.h"

#include "tests/check.h"

static struct arena arena;

static const struct json *
declared(const char *text)
{
	struct err e = {0};
	const struct json *v = json_parse(&arena, text, strlen(text), &e);

	CHECK(v != NULL);
	return v;
}

#define DECLARED "[\"Jobs\",\"Mail2\"]"
#define NOT_TOLD "Unknown NotTold The last probe did not tell."
#define LONG "Abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmn"	/* 66 */
#define LONGEST "Abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"	/* 63 */

static void
lines(void)
{
	static const struct { const char *said, *first, *jobs, *mail, *ignored; } cases[] = {
		{"", "", NOT_TOLD, NOT_TOLD, NULL},
		{"Bought it.", "Bought it.", NOT_TOLD, NOT_TOLD, NULL},
		{"Bought it.\n", "Bought it.", NOT_TOLD, NOT_TOLD, NULL},
		{"a: b; c\nJobs True OnTime: All is well.\n", "a: b; c", "True OnTime All is well.", NOT_TOLD, NULL},
		{"x\nMail2 Unknown NoAnswer: y\nJobs False Late: z: 3 min; wait", "x", "False Late z: 3 min; wait",
		    "Unknown NoAnswer y", NULL},
		{"x\n\n \r\nJobs True A: b\r\n\n", "x", "True A b", NOT_TOLD, NULL},
		{"\nJobs True A: b", "", "True A b", NOT_TOLD, NULL},
		{"Jobs True A: b", "Jobs True A: b", NOT_TOLD, NOT_TOLD, NULL},	/* the first line is none */
		{"x\nJobs False A: b\nJobs True C: d", "x", "True C d", NOT_TOLD, NULL},
		{"x\nJobs False A: b\nJobs maybe C: d", "x", "False A b", NOT_TOLD, "Jobs maybe C: d"},
		/* Not of the form. */
		{"x\nJobs True A b", "x", NOT_TOLD, NOT_TOLD, "Jobs True A b"},
		{"x\nJobs True A:b", "x", NOT_TOLD, NOT_TOLD, "Jobs True A:b"},
		{"x\nJobs True A:", "x", NOT_TOLD, NOT_TOLD, "Jobs True A:"},
		{"x\nJobs True A: ", "x", NOT_TOLD, NOT_TOLD, "Jobs True A:"},
		{"x\nJobs True : b", "x", NOT_TOLD, NOT_TOLD, "Jobs True : b"},
		{"x\nJobs True a: b", "x", NOT_TOLD, NOT_TOLD, "Jobs True a: b"},
		{"x\nJobs true A: b", "x", NOT_TOLD, NOT_TOLD, "Jobs true A: b"},
		{"x\nJobs  True A: b", "x", NOT_TOLD, NOT_TOLD, "Jobs True A: b"},
		{"x\n Jobs True A: b", "x", NOT_TOLD, NOT_TOLD, "Jobs True A: b"},
		{"x\njobs True A: b", "x", NOT_TOLD, NOT_TOLD, "jobs True A: b"},
		{"x\nJobs\nTrue\nA: b", "x", NOT_TOLD, NOT_TOLD, "Jobs"},
		{"x\nJobs True " LONG ": b", "x", NOT_TOLD, NOT_TOLD, "Jobs True " LONG ": b"},
		{"x\nJobs True " LONGEST ": b", "x", "True " LONGEST " b", NOT_TOLD, NULL},
		/* Of a type that the engine has not; the first of them is named. */
		{"x\nAvailable False A: b\nOther True A: b\nJobs True A: b", "x", "True A b", NOT_TOLD, "Available False A: b"},
		{"x\nJob True A: b", "x", NOT_TOLD, NOT_TOLD, "Job True A: b"},
		{"x\nJobsx True A: b", "x", NOT_TOLD, NOT_TOLD, "Jobsx True A: b"},
		/* Bytes that no row takes. */
		{"a\xFF\x01z\nJobs True A: \xC3\xA9 \xE2\x82\tb\x7F\x1B[31m", "a? z", "True A \xC3\xA9 ?? b [31m", NOT_TOLD, NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const want[] = {cases[i].jobs, cases[i].mail};
		struct told t;

		told_parse(&arena, cases[i].said, declared(DECLARED), &t);
		CHECK_STR(t.first, cases[i].first);
		CHECK(t.n == 2);
		for (size_t k = 0; k < t.n && k < 2; k++)
			CHECK_STR(arena_printf(&arena, "%s %s %s", t.line[k].status, t.line[k].reason, t.line[k].message), want[k]);
		CHECK(!t.ignored == !cases[i].ignored);
		if (t.ignored && cases[i].ignored)
			CHECK_STR(t.ignored, cases[i].ignored);
	}
}

static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

/* A message is cut at whole characters, and nothing after the bytes a kubelet passes on is read. */
static void
too_much(void)
{
	BUF(said, 20000);
	struct told t;

	buf_adds(&said, "x\nJobs True A: ");
	for (int i = 0; i < 600; i++)
		buf_adds(&said, "\xE2\x82\xAC");
	told_parse(&arena, buf_text(&said), declared(DECLARED), &t);
	CHECK(characters(t.line[0].message) == TOLD_TEXT && strlen(t.line[0].message) == 497 * 3 + 3);
	CHECK_STR(t.line[0].message + 497 * 3, "...");

	buf_reset(&said);
	buf_adds(&said, "x\nJobs True A: b\n");
	while (said.len < TOLD_BYTES)
		buf_addc(&said, 'y');
	buf_adds(&said, "\nMail2 True A: b");
	told_parse(&arena, buf_text(&said), declared(DECLARED), &t);
	CHECK_STR(t.line[0].status, "True");
	CHECK_STR(t.line[1].reason, "NotTold");
}

static void
types(void)
{
	static const struct { const char *declared; size_t n; } cases[] = {
		{"[]", 0}, {"null", 0}, {"\"Jobs\"", 0}, {"[\"A\",\"B\",\"C\",\"D\",\"E\",\"F\",\"G\",\"H\",\"I\"]", TOLD_MAX},
	};
	struct told t;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		told_parse(&arena, "x\nJobs True A: b", declared(cases[i].declared), &t);
		CHECK(t.n == cases[i].n && t.ignored);
	}
	told_parse(&arena, "x", NULL, &t);
	CHECK(t.n == 0 && !t.ignored);
}

/* Whatever bytes: no line is half taken, and every text is whole UTF-8 without control characters. */
static void
any_bytes(void)
{
	static const char *const parts[] = {"Jobs", "Mail2", " ", ":", "True", "False", "\n", "A", "a", "\xC3", "\xA9", "\xF0\x9F",
	    "\x01", ": ", "\r", "Unknown", "Overdue", ";"};
	unsigned long seed = 1;

	for (int run = 0; run < 20000; run++) {
		ARENA(a);
		BUF(said, 400);
		struct told t;

		for (unsigned n = (unsigned)(seed >> 33) % 24; n > 0; n--) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			buf_adds(&said, parts[(seed >> 33) % (sizeof parts / sizeof *parts)]);
		}
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		told_parse(&a, buf_text(&said), declared(DECLARED), &t);
		for (size_t i = 0; i < t.n; i++) {
			struct err e;
			const char *json = arena_printf(&a, "[\"%s\"]", t.line[i].message);

			CHECK(*t.line[i].message && json_parse(&a, json, strlen(json), &e) != NULL);
			CHECK(t.line[i].reason[0] >= 'A' && t.line[i].reason[0] <= 'Z');
		}
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"lines of a termination message", lines},
		{"too much of it", too_much},
		{"types that an engine has", types},
		{"any bytes", any_bytes},
		{0},
	};
	const int bad = test_main(tests);

	arena_fini(&arena);
	return bad;
}
