/*
 * helm.c with shell scripts in helm's place: what a child is given, what is kept of its
 * output, and that it ends, by the deadline, by helm_free, or by our death.
 */
#include "config.h"

#include "reconcile/helm.h"
#include "tests/check.h"
#include "lib/buf.h"
#include "lib/clock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_helm.XXXXXX";
static char script[64], note[64];

#define CHART "tgz\0bytes\n"
static const struct helm_job upgrade = {
	.verb = HELM_UPGRADE, .release = "store-00000001", .namespace = "store-00000001",
	.chart = CHART, .chart_len = sizeof CHART - 1, .values = "{\"a\":1}", .labels = "storeward.io/generation=3",
};

static struct helm_config
config(const char *body, int timeout_s)
{
	FILE *f = fopen(script, "w");

	if (!f)
		abort();
	fprintf(f, "#!/bin/sh\nnote=%s\n%s\n", note, body);
	fclose(f);
	chmod(script, 0700);
	unlink(note);
	return (struct helm_config){.path = script, .home = folder,
		.kubeconfig = "/k/config", .timeout_s = timeout_s};
}

static const char *
read_note(struct arena *a)
{
	BUF(text, 1 << 20);
	char part[4096];
	size_t n;
	FILE *f = fopen(note, "r");

	if (!f)
		return "";
	while ((n = fread(part, 1, sizeof part, f)) > 0)
		buf_add(&text, part, n);
	fclose(f);
	return arena_strdup(a, buf_text(&text));
}

/* Runs one job to its end; the output is copied. */
static struct helm_result
run(struct arena *a, const struct helm_config *c, const struct helm_job *job)
{
	struct err e = {0};
	struct helm_child *child = helm_start(c, job, &e);

	CHECK(child != NULL);
	if (!child)
		return (struct helm_result){.output = ""};
	CHECK(helm_wait(&child, 1, 30000) == 0);
	CHECK(helm_wait(&child, 1, 0) == -1);	/* told once */
	struct helm_result r = helm_result(child);
	r.output = arena_strdup(a, r.output);
	r.manifests = arena_strdup(a, r.manifests);
	helm_free(child);
	return r;
}

/* Whether the process whose number is in the note is there (a zombie is not). */
static bool
noted_lives(void)
{
	ARENA(a);
	char state = 'Z';
	FILE *f = fopen(arena_printf(&a, "/proc/%ld/stat", strtol(read_note(&a), NULL, 10)), "r");

	if (!f)
		return false;
	if (fscanf(f, "%*d %*s %c", &state) != 1)
		state = 'Z';
	fclose(f);
	return state != 'Z';
}

static bool
wait_noted(bool alive, int ms)
{
	while (ms > 0 && noted_lives() != alive) {
		usleep(20000);
		ms -= 20;
	}
	return noted_lives() == alive;
}

static void
gives_arguments(void)
{
	ARENA(a);
	const struct helm_config c = config("printf '%s ' \"$@\" >$note", 10);
	const struct helm_job uninstall = {HELM_UNINSTALL, .release = "r", .namespace = "n"};

	CHECK(run(&a, &c, &upgrade).ok);
	CHECK_STR(read_note(&a), "upgrade --install store-00000001 /proc/self/fd/3 -f - --history-max 2 "
	    "--skip-crds --disable-openapi-validation --server-side=true --force-conflicts "
	    "--hide-notes --labels storeward.io/generation=3 -n store-00000001 --timeout 10s ");
	CHECK(run(&a, &c, &uninstall).ok);
	CHECK_STR(read_note(&a), "uninstall r --ignore-not-found -n n --timeout 10s ");
}

/* What is rendered is kept whole and apart from errors, up to a limit. */
static void
renders(void)
{
	ARENA(a);
	const struct helm_job job = {HELM_TEMPLATE, .release = "r", .namespace = "n", .chart = CHART, .chart_len = sizeof CHART - 1,
	    .values = "{}"};
	struct helm_config c = config("printf '%s ' \"$@\" >$note; cat >&2; echo ' log' >&2; head -c 200000 /dev/zero | tr '\\0' y", 10);
	struct helm_result r = run(&a, &c, &job);

	CHECK(r.ok && strlen(r.manifests) == 200000);
	CHECK_STR(r.output, "{} log");
	CHECK_STR(read_note(&a), "template r /proc/self/fd/3 -f - --skip-crds --is-upgrade -n n --timeout 10s ");
	c = config("head -c 5000000 /dev/zero", 10);
	r = run(&a, &c, &job);
	CHECK(!r.ok);
	c = config("echo text; echo 'Error: bad chart' >&2; exit 1", 10);
	r = run(&a, &c, &job);
	CHECK(!r.ok);
	CHECK_STR(r.output, "bad chart");
	CHECK_STR(run(&a, &c, &upgrade).manifests, "");
}

static void
gives_little_environment(void)
{
	ARENA(a);
	struct helm_config c = config("env | cut -d= -f1 | grep -vE '^(PWD|_|SHLVL|OLDPWD)$' | "
	    "sort | tr '\\n' ' ' >$note; ls /proc/self/fd | tr '\\n' ' ' >>$note", 10);
	const int leaked = open("/dev/null", O_RDONLY);	/* not close-on-exec */

	setenv("PGPASSWORD", "hunter2", 1);
	setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1", 1);
	CHECK(run(&a, &c, &upgrade).ok);
	CHECK_STR(read_note(&a), "GOMAXPROCS HELM_CACHE_HOME HELM_CONFIG_HOME HELM_DATA_HOME "
	    "HELM_NO_PLUGINS HOME KUBECONFIG LC_ALL PATH 0 1 2 3 4 ");	/* 3 the chart, 4 the folder that ls reads */
	c.kubeconfig = NULL;
	CHECK(run(&a, &c, &upgrade).ok);
	CHECK(strstr(read_note(&a), "KUBERNETES_SERVICE_HOST") && !strstr(read_note(&a), "KUBECONFIG"));
	close(leaked);
}

static void
gives_big_values(void)
{
	ARENA(a);
	const struct helm_config c = config("sleep 0.2; wc -c >$note", 10);
	struct helm_job job = upgrade;
	char *values = arena_alloc(&a, 3000001);

	memset(values, 'v', 3000000);
	job.values = values;
	CHECK(run(&a, &c, &job).ok);
	CHECK_STR(read_note(&a), "3000000\n");
}

/* By its path, as helm opens it: twice from its beginning, and not to be changed. */
static void
gives_the_chart(void)
{
	ARENA(a);
	struct err e = {0};
	const struct helm_job uninstall = {HELM_UNINSTALL, .release = "r", .namespace = "n"};
	struct helm_config c = config("cat /proc/self/fd/3 /proc/self/fd/3 | od -An -c | tr -d ' \\n' >$note; "
	    "(echo x >/proc/self/fd/3) 2>/dev/null && echo changed >>$note; exit 0", 10);
	struct helm_job big = upgrade;
	char *chart = arena_alloc(&a, 1 << 20);

	CHECK(run(&a, &c, &upgrade).ok);
	CHECK_STR(read_note(&a), "tgz\\0bytes\\ntgz\\0bytes\\n");
	memset(chart, 'c', 1 << 20);
	big.chart = chart;
	big.chart_len = 1 << 20;
	c = config("tr -d c </proc/self/fd/3 | wc -c >$note; wc -c </proc/self/fd/3 >>$note", 10);
	CHECK(run(&a, &c, &big).ok);
	CHECK_STR(read_note(&a), "0\n1048576\n");
	c = config("ls /proc/self/fd | tr '\\n' ' ' >$note", 10);
	CHECK(run(&a, &c, &uninstall).ok);
	CHECK_STR(read_note(&a), "0 1 2 3 ");	/* 3 is what ls reads */
	/* As the lowest free descriptor, whatever numbers the other files got. */
	const int spare = dup(0);
	struct helm_child *child = helm_start(&c, &upgrade, &e);
	close(spare);
	CHECK(child && helm_wait(&child, 1, 5000) == 0);
	helm_free(child);
	CHECK_STR(read_note(&a), "0 1 2 3 4 ");
}

static void
tells_the_error(void)
{
	static const struct { const char *body, *output; int status; } rows[] = {
		{"echo one; echo 'two  x'; echo; exit 0", "two x", 0},
		{"echo 'level=WARN msg=x' >&2; printf 'Error: values:\\n- at /a: got\\n' >&2; exit 1",
		 "values: - at /a: got", 1},
		{"exit 3", "helm ended with status 3 and said nothing", 3},
		{"echo 'Error: password=abc, token: \"xyz\" Bearer q.r secrets \"s\" gone'; exit 1",
		 "password=[hidden], token: \"[hidden]\" Bearer [hidden] secrets \"s\" gone", 1},
		{"printf 'Error: a\\033[1mb\\342\\202\\254'; exit 1", "a?[1mb???", 1},
		{"yes | head -c 300000; echo; echo Error: late; exit 1", "late", 1},
		{"echo Error: early; yes | head -c 9000; kill -9 $$", NULL, 137},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA(a);
		const struct helm_config c = config(rows[i].body, 10);
		const struct helm_result r = run(&a, &c, &upgrade);
		CHECK(r.status == rows[i].status && r.ok == (rows[i].status == 0) && !r.timed_out);
		CHECK(strlen(r.output) <= 1000);
		if (rows[i].output)
			CHECK_STR(r.output, rows[i].output);
		else
			CHECK(strncmp(r.output, "early y y", 9) == 0);
	}
}

static void
ends_at_the_deadline(void)
{
	ARENA(a);
	const struct helm_config c = config("echo $$ >$note; echo Error: busy; exec sleep 60", 1);
	const int64_t began = clock_ms();
	const struct helm_result r = run(&a, &c, &upgrade);

	CHECK(!r.ok && r.timed_out);
	CHECK_STR(r.output, "helm was stopped after 1 s: busy");
	CHECK(clock_ms() - began < 3000);
	CHECK(!noted_lives());
}

/* A grandchild that takes no SIGTERM is ended with the group as soon as helm is gone. */
static void
ends_the_group(void)
{
	ARENA(a);
	const struct helm_config c = config(
	    "(trap '' TERM; exec sh -c 'echo $$ >'$note'; exec sleep 60') & "
	    "while ! test -s $note; do sleep 0.1; done", 10);

	CHECK(run(&a, &c, &upgrade).ok);
	CHECK(wait_noted(false, 2000));
}

static void
free_ends_what_runs(void)
{
	struct err e = {0};
	const struct helm_config c = config("echo $$ >$note; exec sleep 60", 60);
	struct helm_child *child = helm_start(&c, &upgrade, &e);

	CHECK(child && helm_pid(child) > 0);
	CHECK(wait_noted(true, 5000));
	CHECK(helm_wait(&child, 1, 0) == -1);
	helm_free(child);
	CHECK(!noted_lives());
}

static void
ends_when_we_are_killed(void)
{
	const struct helm_config c = config("echo $$ >$note; exec sleep 60", 60);
	const pid_t parent = fork();

	if (parent == 0) {
		struct err e = {0};
		helm_start(&c, &upgrade, &e);
		pause();
		_exit(0);
	}
	CHECK(wait_noted(true, 5000));
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	CHECK(wait_noted(false, 2000));
}

static void
waits_for_any(void)
{
	struct err e = {0};
	const struct helm_config slow = config("exec sleep 60", 60);
	struct helm_child *children[3] = {helm_start(&slow, &upgrade, &e)};

	usleep(200000);		/* the script is read before it becomes another */
	const struct helm_config quick = config("exit 0", 10);
	children[2] = helm_start(&quick, &upgrade, &e);
	const pid_t other = fork();
	if (other == 0)
		_exit(7);
	CHECK(helm_wait(children, 3, 5000) == 2);
	CHECK(helm_wait(children, 3, 100) == -1);
	int status = 0;
	CHECK(waitpid(other, &status, 0) == other && WEXITSTATUS(status) == 7);
	helm_free(children[0]);
	helm_free(children[2]);
	CHECK(helm_wait(NULL, 0, 60000) == -1);
}

static void
knows_versions(void)
{
	static const struct { const char *body, *version; enum err_kind kind; } rows[] = {
		{"echo v4.3.1", "v4.3.1", ERR_NONE},
		{"echo v3.22.0", NULL, ERR_INPUT},
		{"echo nothing; exit 1", NULL, ERR_INPUT},
	};
	ARENA(a);
	struct helm_config c;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = {0};
		const char *version = NULL;
		c = config(rows[i].body, 10);
		CHECK((helm_version(&c, &a, &version, &e) == 0) == (rows[i].kind == ERR_NONE));
		CHECK_STR(version, rows[i].version);
		CHECK(e.kind == rows[i].kind);
	}
	struct err e = {0};
	const char *version = NULL;
	c.path = "/nowhere/helm";
	CHECK(helm_version(&c, &a, &version, &e) == -1 && e.kind == ERR_MISSING);
	CHECK(strstr(e.msg, "/nowhere/helm") != NULL);
}

static const struct test tests[] = {
	{"gives arguments", gives_arguments},
	{"what a chart renders is kept whole", renders},
	{"gives little environment and no file descriptors", gives_little_environment},
	{"gives values bigger than a pipe", gives_big_values},
	{"gives the chart from memory", gives_the_chart},
	{"tells the error, capped and clean", tells_the_error},
	{"ends at the deadline", ends_at_the_deadline},
	{"ends the whole group", ends_the_group},
	{"helm_free ends what runs", free_ends_what_runs},
	{"ends when we are killed", ends_when_we_are_killed},
	{"waits for any child and leaves others alone", waits_for_any},
	{"knows versions", knows_versions},
	{0}
};

int
main(void)
{
	if (!mkdtemp(folder))
		return 2;
	snprintf(script, sizeof script, "%s/helm", folder);
	snprintf(note, sizeof note, "%s/note", folder);
	const int bad = test_main(tests);
	unlink(script);
	unlink(note);
	rmdir(folder);
	return bad;
}
