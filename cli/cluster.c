/* Clusters: where stores are placed, and what charts are told there. */
#include "config.h"

#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "lib/yaml.h"

#define VALUES_MAX (256 << 10)

const struct cli_option cluster_set_options[] = {
	{"base-domain", "D", false, "shops are NAME.D; needed for a new cluster"},
	{"kubeconfig", "F", false, "as the reconciler sees it; '' for its pod's service account"},
	{"context", "C", false, "of that kubeconfig; '' for its current one"},
	{"url-scheme", "http|https", false, "of the shops' URLs; https for a new one"},
	{"url-port", "P", false, "of the shops' URLs, where it is not the scheme's", 1, 65535},
	{"ingress-class", "X", false, "'' for the cluster's default"},
	{"storage-class", "Y", false, "'' for the cluster's default"},
	{"values", "FILE", false, "YAML: ENGINE or \"*\", and values for its chart"},
	{"state", "active|cordoned|lost", false, "cordoned: no new stores"},
	{"autoscaled", "yes|no", false, "yes: nodes are added for pods that wait, so its free capacity refuses nothing"},
	{"max-stores", "N", false, "how many it may have; 3000 for a new one", 0, CLI_STORES_MAX},
	{0},
};

/* The file as JSON text; its keys are "*" and engines, its values mappings. */
static int
read_values(struct arena *a, const char *path, const char **out, struct err *e)
{
	const struct json *v = yaml_file(a, path, e);

	if (!v)
		return -1;
	if (v->type != JSON_OBJECT)
		return err_set(e, ERR_INPUT, "%s: must be a mapping of engines to values", path);
	for (size_t i = 0; i < v->nmembers; i++) {
		const char *name = v->members[i].name;

		if (strcmp(name, "*") != 0 && field_dns_label(name))
			err_field(e, name, "must be the name of an engine, or *");
		else if (v->members[i].value->type != JSON_OBJECT)
			err_field(e, name, "must be a mapping");
	}
	if (e->nfields)
		return err_wrap(e, "%s", path);
	BUF(text, VALUES_MAX);
	if (json_write(&text, v) != 0)
		return err_set(e, ERR_TOO_LARGE, "%s has more than %d KiB", path, VALUES_MAX >> 10);
	*out = arena_strdup(a, buf_text(&text));
	return 0;
}

/* The reconciler runs elsewhere: a relative path would mean another file there. */
static int
absolute(struct arena *a, const char **path, struct err *e)
{
	char full[4096];

	if (!*path || **path == '\0' || **path == '/')
		return 0;
	if (!realpath(*path, full))
		return err_set(e, ERR_MISSING, "%s: there is no such file", *path);
	*path = arena_strdup(a, full);
	return 0;
}

/* The name and every part of the domain become parts of names in DNS and Kubernetes. */
static int
check_names(struct arena *a, const char *name, const char *domain, struct err *e)
{
	const char *wrong = field_dns_label(name);

	if (wrong)
		return err_set(e, ERR_INPUT, "cluster %s: its name %s", name, wrong);
	for (const char *at = domain; at; ) {
		const size_t len = strcspn(at, ".");

		wrong = field_dns_label(arena_strndup(a, at, len));
		if (wrong)
			return err_set(e, ERR_INPUT, "base domain %s: each part %s", domain, wrong);
		at = at[len] == '.' ? at + len + 1 : NULL;
	}
	return 0;
}

struct change {
	struct cli *c;
	const char *name, *base_domain, *kubeconfig, *values;
};

static int
put_cluster(struct db *db, void *arg, struct err *e)
{
	const struct change *w = arg;
	const struct cli *c = w->c;
	struct db_rows r;

	if (w->base_domain && db_find(db, c->a, Q_cli_cluster_add,
	    DB_ARGS(w->name, w->base_domain), &r, e) != 0)
		return -1;
	if (db_find(db, c->a, Q_cli_cluster_set, DB_ARGS(w->name, w->base_domain, w->kubeconfig,
	    args_option(c, "context"), args_option(c, "url-scheme"), args_option(c, "url-port"),
	    args_option(c, "ingress-class"), args_option(c, "storage-class"), w->values,
	    args_option(c, "state"), args_option(c, "max-stores"), args_option(c, "autoscaled")), &r, e) != 0)
		return -1;
	return r.n ? 0 : err_set(e, ERR_INPUT, "it is new: --base-domain is needed");
}

int
cluster_set(struct cli *c, struct err *e)
{
	struct change w = {.c = c, .name = c->args[0], .base_domain = args_option(c, "base-domain"),
	    .kubeconfig = args_option(c, "kubeconfig")};
	const char *values = args_option(c, "values");

	if (check_names(c->a, w.name, w.base_domain, e) != 0 ||
	    absolute(c->a, &w.kubeconfig, e) != 0 ||
	    (values && read_values(c->a, values, &w.values, e) != 0) || cli_connect(c, e) != 0)
		return -1;
	return db_tx(c->db, put_cluster, &w, e) == 0 ? 0 : err_wrap(e, "cluster %s", w.name);
}

int
cluster_list(struct cli *c, struct err *e)
{
	return cli_list(c, Q_cli_cluster_list, DB_NOARGS, e);
}
