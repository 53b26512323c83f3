/* Store engines: from their folders into the database. */
#include "config.h"

#include "cli/cli.h"
#include "cli/engine_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/crypto.h"

#define ENGINES_MAX 100
#define PLANS_TEXT_MAX (64 << 10)

struct load {
	struct arena *a;
	const struct engine_file *f;
	bool changed;
};

static int
put_plans(struct db *db, const struct load *l, struct err *e)
{
	const struct engine_file *f = l->f;
	struct json *names = json_array(l->a);
	BUF(text, PLANS_TEXT_MAX);

	for (size_t i = 0; i < f->nplans; i++) {
		const struct engine_plan *p = &f->plan[i];
		BUF(values, PLANS_TEXT_MAX);

		if (p->values ? json_write(&values, p->values) : buf_adds(&values, "{}"))
			return err_set(e, ERR_TOO_LARGE, "plan %s has more than %d KiB", p->name, PLANS_TEXT_MAX >> 10);
		if (db_exec(db, Q_cli_plan_put, DB_ARGS(f->name, f->version, p->name, p->title,
		    p->description, buf_text(&values), arena_printf(l->a, "%zu", i)), e) < 0)
			return -1;
		json_append(l->a, names, json_string(l->a, p->name));
	}
	json_write(&text, names);
	if (db_exec(db, Q_cli_plan_prune, DB_ARGS(f->name, f->version, buf_text(&text)), e) < 0)
		return strcmp(e->sqlstate, "23503") == 0 ?
		    err_wrap(e, "a plan that engine.yaml has no longer is in use") : -1;
	return 0;
}

static int
put_engine(struct db *db, void *arg, struct err *e)
{
	struct load *l = arg;
	const struct engine_file *f = l->f;
	struct db_rows r;

	if (db_find(db, l->a, Q_cli_engine_digest, DB_ARGS(f->name, f->version), &r, e) != 0)
		return -1;
	if (r.n && strcmp(db_text(&r, 0, "chart_digest"), f->chart.digest) == 0)
		return 0;
	l->changed = true;
	if (db_exec(db, Q_cli_engine_put, DB_ARGS(f->name, f->version, f->title, f->description,
	    f->default_plan, f->spec, f->chart.digest), e) < 0 ||
	    db_exec(db, Q_cli_chart_put, DB_ARGS(f->name, f->version,
	    crypto_base64(l->a, f->chart.archive, f->chart.len)), e) < 0)
		return -1;
	return put_plans(db, l, e);
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The folders below dir that have an engine.yaml, sorted; how many, or -1. */
static int
find_engines(struct arena *a, const char *dir, const char **out, struct err *e)
{
	DIR *d = opendir(dir);
	int n = 0;

	if (!d)
		return err_set(e, ERR_MISSING, "%s: %s", dir, strerror(errno));
	for (struct dirent *entry; (entry = readdir(d)) != NULL && n < ENGINES_MAX; ) {
		const char *folder = arena_printf(a, "%s/%s", dir, entry->d_name);

		if (entry->d_name[0] != '.' && access(arena_printf(a, "%s/engine.yaml", folder), F_OK) == 0)
			out[n++] = folder;
	}
	closedir(d);
	if (n == 0 || n == ENGINES_MAX)
		return err_set(e, ERR_INPUT, "%s has %s", dir, n ? "too many engines" :
		    "no folder with an engine.yaml");
	qsort(out, (size_t)n, sizeof *out, by_name);
	return n;
}

int
engines_load(struct cli *c, struct err *e)
{
	const char *folders[ENGINES_MAX];
	const int n = find_engines(c->a, c->nargs ? c->args[0] : c->conf->engines_dir, folders, e);
	struct engine_file *files;

	if (n < 0)
		return -1;
	/* All are checked before the first is loaded. */
	files = arena_array(c->a, struct engine_file, (size_t)n);
	for (int i = 0; i < n; i++)
		if (engine_file_read(c->a, folders[i], &files[i], e) != 0)
			return -1;
	if (cli_connect(c, e) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		struct load l = {.a = c->a, .f = &files[i]};

		if (db_tx(c->db, put_engine, &l, e) != 0)
			return err_wrap(e, "engine %s %s", files[i].name, files[i].version);
		printf("%s %s %s\n", files[i].name, files[i].version, l.changed ? "loaded" : "is unchanged");
	}
	return 0;
}

int
engines_list(struct cli *c, struct err *e)
{
	return cli_list(c, Q_cli_engine_list, DB_NOARGS, e);
}

int
engines_lint(struct cli *c, struct err *e)
{
	struct engine_file f;

	if (engine_file_read(c->a, c->args[0], &f, e) != 0)
		return -1;
	printf("ok %s %s, %zu plan%s, a chart of %zu bytes, digest %s\n", f.name, f.version, f.nplans,
	    f.nplans == 1 ? "" : "s", f.chart.len, f.chart.digest);
	return 0;
}

/* The test needs a cluster and a control plane of its own, which are not installed: it is in the checkout. */
int
engines_test(struct cli *c, struct err *e)
{
	char *dir = arena_strdup(c->a, c->args[0]);
	char *run = arena_printf(c->a, "%s/../../../tests/conformance/run", dir);
	char *argv[] = {run, dir, NULL};

	if (engines_lint(c, e) != 0)
		return -1;
	fflush(stdout);
	execv(run, argv);
	return err_set(e, ERR_MISSING, "%s: %s; an engine is tested in charts/store-engines of a checkout", run, strerror(errno));
}
