/* engine.yaml: what is accepted, and each mistake with the place it is in. */
#include "config.h"

#include "cli/engine_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/crypto.h"
#include "lib/gzip.h"
#include "lib/yaml.h"
#include "tests/check.h"

#define HEAD "name: tiny\nversion: 1.0.0\ntitle: Tiny\npodSecurity: restricted\n"
#define PLANS "defaultPlan: small\nplans: {big: {title: Big, values: {a: 1}}, small: {title: Small}}\n"
#define LOADS "workloads: [{kind: Deployment, name: web}]\n"
#define REST "setup: {job: setup}\nprobe: {cronJob: probe}\npaths: {storefront: /, admin: /admin}\n"
#define GOOD HEAD PLANS LOADS REST

static int
check(struct arena *a, const char *text, struct engine_file *f, struct err *e)
{
	struct err syntax;
	const struct json *yaml = yaml_parse(a, text, strlen(text), &syntax);

	CHECK(yaml != NULL);
	return yaml ? engine_file_check(a, yaml, "1.0.0", f, e) : -1;
}

static void
test_good(void)
{
	ARENA(a);
	struct engine_file f;
	struct err e = {0};

	CHECK(check(&a, GOOD, &f, &e) == 0);
	CHECK_STR(f.name, "tiny");
	CHECK_STR(f.default_plan, "small");
	CHECK_STR(f.description, "");
	CHECK(f.nplans == 2);
	CHECK_STR(f.plan[0].name, "big");
	CHECK(json_int(f.plan[0].values, "a", 0) == 1);
	CHECK(f.plan[1].values == NULL);
	CHECK(f.spec && strstr(f.spec, "\"workloads\"") && !strstr(f.spec, "\"plans\""));
	CHECK(check(&a, HEAD "defaultPlan: a\nplans: {a: {title: A, values: {storage: {x: 1, y: 2}}}, "
	    "b: {title: B, values: {storage: {y: 2, x: 1}, more: 1}}}\n" LOADS REST
	    "credentials: [{key: a, value: x, title: User name}, {key: b, generate: 20}]\n", &f, &e) == 0);
	CHECK(f.spec && strstr(f.spec, "\"title\":\"User name\""));
	CHECK(check(&a, GOOD "backup: {cronJob: backup}\nrestore: {cronJob: restore}\nclone: {cronJob: clone}\n"
	    "quiesce: {cronJob: quiesce, maxSeconds: 60}\nupgrades: [{from: 0.9.0, backup: true}, {from: 0.8.0}]\n", &f, &e) == 0);
	CHECK(f.backup && f.restore && f.quiesce && f.clone && json_count(f.upgrades) == 2);
}

static void
test_refused(void)
{
	static const struct {
		const char *yaml, *pointer;
	} cases[] = {
		{GOOD "colour: red\n", "/colour"},
		{PLANS LOADS REST "version: 1.0.0\ntitle: T\npodSecurity: restricted\n", "/name"},
		{"name: Tiny\nversion: 1.0.0\ntitle: T\npodSecurity: restricted\n" PLANS LOADS REST, "/name"},
		{"name: tiny\nversion: 1.0.1\ntitle: T\npodSecurity: restricted\n" PLANS LOADS REST, "/version"},
		{"name: tiny\nversion: 1.0.0\ntitle: T\npodSecurity: free\n" PLANS LOADS REST, "/podSecurity"},
		{HEAD "defaultPlan: none\nplans: {small: {title: S}}\n" LOADS REST, "/defaultPlan"},
		{HEAD "defaultPlan: small\nplans: {}\n" LOADS REST, "/plans"},
		{HEAD "defaultPlan: small\nplans: {small: 3}\n" LOADS REST, "/plans/small"},
		{HEAD "defaultPlan: small\nplans: {small: {title: S, cost: 3}}\n" LOADS REST, "/plans/small/cost"},
		{HEAD "defaultPlan: small\nplans: {small: {title: S, values: 3}}\n" LOADS REST, "/plans/small/values"},
		{HEAD "defaultPlan: a\nplans: {a: {title: A, values: {storage: {db: 1Gi}}}, b: {title: B, values: {storage: {db: 2Gi}}}}\n"
		 LOADS REST, "/plans/b/values/storage"},
		{HEAD "defaultPlan: a\nplans: {a: {title: A}, b: {title: B, values: {storage: 2Gi}}}\n" LOADS REST,
		 "/plans/b/values/storage"},
		{HEAD PLANS "workloads: []\n" REST, "/workloads"},
		{HEAD PLANS "workloads: [{kind: Pod, name: web}]\n" REST, "/workloads/0/kind"},
		{HEAD PLANS "workloads: [{kind: Deployment, name: web}, web]\n" REST, "/workloads/1"},
		{GOOD "credentials: [{key: a}]\n", "/credentials/0"},
		{GOOD "credentials: [{key: a, value: x, generate: 20}]\n", "/credentials/0"},
		{GOOD "credentials: [{key: a, value: x}, {key: a, value: y}]\n", "/credentials/1"},
		{GOOD "credentials: [{key: a, generate: 2}]\n", "/credentials/0/generate"},
		{GOOD "credentials: [{key: a, value: x, title: ''}]\n", "/credentials/0/title"},
		{GOOD "credentials: [{key: a, value: x, name: Password}]\n", "/credentials/0/name"},
		{HEAD PLANS LOADS "setup: {cronJob: x}\nprobe: {cronJob: p}\npaths: {storefront: /, admin: /}\n", "/setup/cronJob"},
		{HEAD PLANS LOADS "setup: {job: x}\nprobe: p\npaths: {storefront: /, admin: /}\n", "/probe"},
		{HEAD PLANS LOADS "setup: {job: x}\nprobe: {cronJob: p}\npaths: {storefront: x, admin: /}\n", "/paths/storefront"},
		{GOOD "backup: {job: backup}\n", "/backup/job"},
		{GOOD "restore: restore\n", "/restore"},
		{GOOD "clone: {cronJob: Clone}\n", "/clone/cronJob"},
		{GOOD "quiesce: {cronJob: q}\n", "/quiesce/maxSeconds"},
		{GOOD "quiesce: {cronJob: q, maxSeconds: 3601}\n", "/quiesce/maxSeconds"},
		{GOOD "upgrades: {from: 0.9.0}\n", "/upgrades"},
		{GOOD "upgrades: [{from: 0.9.0, backup: true}, 0.8.0]\n", "/upgrades/1"},
		{GOOD "upgrades: [{from: 0.9.0}, {from: 1.0.0}]\n", "/upgrades/1"},
		{GOOD "upgrades: [{from: 0.9.0}, {from: 0.9.0}]\n", "/upgrades/1"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ARENA(a);
		struct engine_file f;
		struct err e = {0};
		bool named = false;

		CHECK(check(&a, cases[i].yaml, &f, &e) != 0);
		CHECK(e.kind == ERR_INPUT);
		for (size_t k = 0; k < e.nfields; k++)
			named |= strcmp(e.fields[k].pointer, cases[i].pointer) == 0;
		if (!named)
			fprintf(stderr, "case %zu does not name %s but %s\n", i, cases[i].pointer, e.fields[0].pointer);
		CHECK(named);
	}
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	CHECK(f && fputs(text, f) >= 0);
	if (f)
		fclose(f);
}

/* A path of the folder, and what makes it. */
static const char *
at(struct arena *a, const char *dir, const char *path)
{
	return arena_printf(a, "%s/%s", dir, path);
}

/* tiny/ with engine.yaml, Chart.yaml, one template, and common/ by a link; `root` is filled in. */
static const char *
make_folder(struct arena *a, char *root)
{
	CHECK(mkdtemp(root) != NULL);
	const char *dir = at(a, root, "tiny"), *common = at(a, root, "common");

	CHECK(mkdir(dir, 0700) == 0 && mkdir(common, 0700) == 0 && mkdir(at(a, dir, "charts"), 0700) == 0);
	CHECK(mkdir(at(a, dir, "test"), 0700) == 0 && mkdir(at(a, dir, "templates"), 0700) == 0);
	CHECK(symlink("../../common", at(a, dir, "charts/common")) == 0);
	put(at(a, dir, "engine.yaml"), GOOD);
	put(at(a, dir, "Chart.yaml"), "name: tiny\nversion: 1.0.0\n");
	put(at(a, dir, "templates/web.yaml"), "kind: Service\n");
	put(at(a, common, "x.tpl"), "one");
	return dir;
}

static void
remove_folder(const char *root)
{
	const pid_t pid = fork();

	if (pid == 0) {
		execlp("rm", "rm", "-rf", root, (char *)NULL);
		_exit(127);
	}
	CHECK(waitpid(pid, NULL, 0) == pid);
}

/* The digest follows what a shop is made from, through the link too, and nothing else. */
static void
test_folder(void)
{
	static const struct { const char *path, *text; bool counts; } changes[] = {
		{"charts/common/x.tpl", "two", true}, {"templates/web.yaml", "kind: Pod\n", true},
		{"engine.yaml", GOOD "# \n", true}, {"values.yaml", "a: 1\n", true}, {"templates/new.yaml", "", true},
		{"LICENSE", "free", true}, {"test/order", "#!/bin/sh\n", false}, {"README.md", "read", false},
		{"local-node.yaml", "a: 2\n", false}, {".helmignore", "x", false}, {"templates/web.yaml~", "old", false},
		{"templates/.web.yaml.swp", "old", false}, {"odd", "", false},
	};
	ARENA(a);
	char root[] = "/tmp/storeward-engine.XXXXXX";
	const char *dir = make_folder(&a, root);
	struct engine_file f;
	struct err e = {0};

	CHECK(engine_file_read(&a, dir, &f, &e) == 0);
	const char *first = f.chart.digest;
	CHECK(engine_file_read(&a, arena_printf(&a, "%s/", dir), &f, &e) == 0);
	CHECK_STR(f.chart.digest, first);
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		put(at(&a, dir, changes[i].path), changes[i].text);
		CHECK(engine_file_read(&a, dir, &f, &e) == 0);
		if ((strcmp(f.chart.digest, first) != 0) != changes[i].counts)
			fprintf(stderr, "%s: digest %s\n", changes[i].path, changes[i].counts ? "stayed" : "changed");
		CHECK((strcmp(f.chart.digest, first) != 0) == changes[i].counts);
		first = f.chart.digest;
	}
	CHECK(symlink("/etc/hostname", at(&a, dir, "templates/host")) == 0);
	CHECK(engine_file_read(&a, dir, &f, &e) != 0 && strstr(e.msg, "links are allowed"));
	CHECK(unlink(at(&a, dir, "templates/host")) == 0);
	put(at(&a, dir, "Chart.yaml"), "name: tiny\nversion: 2.0.0\n");
	CHECK(engine_file_read(&a, dir, &f, &e) != 0 && e.nfields == 1);
	remove_folder(root);
}

/* The same bytes each time; files in byte order below the engine's name. */
static void
test_archive(void)
{
	ARENA(a);
	BUF(tar, 1 << 20);
	BUF(names, 1000);
	char root[] = "/tmp/storeward-engine.XXXXXX";
	const char *dir = make_folder(&a, root);
	struct engine_file f, again;
	struct err e = {0};

	CHECK(engine_file_read(&a, dir, &f, &e) == 0);
	put(at(&a, dir, "README.md"), "read");
	put(at(&a, root, "common/x.tpl"), "one");	/* another time in the file system */
	CHECK(engine_file_read(&a, dir, &again, &e) == 0);
	CHECK(f.chart.len == again.chart.len && memcmp(f.chart.archive, again.chart.archive, f.chart.len) == 0);
	CHECK(gzip_unpack(&tar, f.chart.archive, f.chart.len, &e) == 0);
	for (size_t i = 0; i + 512 <= tar.len && tar.data[i]; i += 1024)	/* none has more than one block */
		buf_printf(&names, "%s ", tar.data + i);
	CHECK_STR(buf_text(&names), "tiny/Chart.yaml tiny/charts/common/x.tpl tiny/templates/web.yaml ");
	remove_folder(root);
}

/* Over the limit: refused with the folder's name and the size. */
static void
test_archive_too_large(void)
{
	ARENA(a);
	char root[] = "/tmp/storeward-engine.XXXXXX";
	const char *dir = make_folder(&a, root);
	struct engine_file f;
	struct err e = {0};

	put(at(&a, dir, "values.yaml"), crypto_random_text(&a, 1000000));	/* six bits of eight are left of it */
	CHECK(engine_file_read(&a, dir, &f, &e) == 0 && f.chart.len > 740000 && f.chart.len < ENGINE_CHART_MAX);
	put(at(&a, dir, "templates/big"), crypto_random_text(&a, 1000000));
	CHECK(engine_file_read(&a, dir, &f, &e) != 0 && e.kind == ERR_TOO_LARGE);
	CHECK(strncmp(e.msg, dir, strlen(dir)) == 0 && strstr(e.msg, "it may have 1048576"));
	remove_folder(root);
}

int
main(void)
{
	static const struct test tests[] = {
		{"engine: a whole file is read", test_good},
		{"engine: each mistake is named", test_refused},
		{"engine: the digest follows what a shop is made from", test_folder},
		{"engine: a chart is packed to the same bytes", test_archive},
		{"engine: a chart over 1 MiB is refused", test_archive_too_large},
		{0},
	};

	return test_main(tests);
}
