/* engine.yaml: what is accepted, and each mistake with the place it is in. */
#include "config.h"

#include "cli/engine_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A folder with a link below charts/: read whole, the digest follows every content. */
static void
test_folder(void)
{
	ARENA(a);
	char root[] = "/tmp/storeward-engine.XXXXXX";
	struct engine_file f;
	struct err e = {0};

	CHECK(mkdtemp(root) != NULL);
	const char *dir = arena_printf(&a, "%s/tiny", root), *common = arena_printf(&a, "%s/common", root);
	const char *charts = arena_printf(&a, "%s/charts", dir), *odd = arena_printf(&a, "%s/odd", dir);
	const char *link_path = arena_printf(&a, "%s/common", charts);
	const char *yaml = arena_printf(&a, "%s/engine.yaml", dir), *chart = arena_printf(&a, "%s/Chart.yaml", dir);
	const char *shared = arena_printf(&a, "%s/x.tpl", common);

	CHECK(mkdir(dir, 0700) == 0 && mkdir(common, 0700) == 0 && mkdir(charts, 0700) == 0);
	CHECK(symlink("../../common", link_path) == 0);
	put(yaml, GOOD);
	put(chart, "name: tiny\nversion: 1.0.0\n");
	put(shared, "one");
	CHECK(engine_file_read(&a, dir, &f, &e) == 0);
	const char *first = f.digest;
	CHECK(engine_file_read(&a, arena_printf(&a, "%s/", dir), &f, &e) == 0);
	CHECK_STR(f.digest, first);
	put(shared, "two");
	CHECK(engine_file_read(&a, dir, &f, &e) == 0 && strcmp(f.digest, first) != 0);
	CHECK(symlink("/etc/hostname", odd) == 0);
	CHECK(engine_file_read(&a, dir, &f, &e) != 0 && strstr(e.msg, "links are allowed"));
	CHECK(unlink(odd) == 0);
	put(chart, "name: tiny\nversion: 2.0.0\n");
	CHECK(engine_file_read(&a, dir, &f, &e) != 0 && e.nfields == 1);
	unlink(yaml), unlink(chart), unlink(shared), unlink(link_path);
	CHECK(rmdir(charts) == 0 && rmdir(dir) == 0 && rmdir(common) == 0 && rmdir(root) == 0);
}

int
main(void)
{
	static const struct test tests[] = {
		{"engine: a whole file is read", test_good},
		{"engine: each mistake is named", test_refused},
		{"engine: a folder and its digest", test_folder},
		{0},
	};

	return test_main(tests);
}
