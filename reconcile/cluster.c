/* A cluster is known by the uid of its namespace kube-system. */
#include "config.h"

#include "reconcile/cluster.h"

#include "lib/clock.h"
#include "reconcile/incident.h"

#include <stdio.h>
#include <string.h>

static const char *
null_if_empty(struct arena *a, const char *text)
{
	return text && *text ? arena_strdup(a, text) : NULL;
}

static void
forget(struct world *w)
{
	kube_free(w->kube);
	w->kube = NULL;
}

static bool
same(const char *known, const char *text)
{
	return strcmp(known ? known : "", text ? text : "") == 0;
}

static bool
unusable(struct world *w, const char *why)
{
	snprintf(w->kubernetes, sizeof w->kubernetes, "%s", why);
	return false;
}

/* An operator may point a cluster's row at another kubeconfig while we run: the next pass goes on with it. */
static void
set_credentials(struct world *w, const char *kubeconfig, const char *context)
{
	if (same(w->helm.kubeconfig, kubeconfig) && same(w->helm.context, context))
		return;
	forget(w);
	w->reachable = unusable(w, "the cluster's credentials were changed");
	w->helm.kubeconfig = null_if_empty(&w->forever, kubeconfig);
	w->helm.context = null_if_empty(&w->forever, context);
}

int
cluster_read(struct world *w, struct err *e)
{
	struct db_rows r;
	const char *values;

	if (db_find(w->db, w->a, Q_reconcile_cluster, DB_ARGS(w->conf->cluster), &r, e))
		return -1;
	if (r.n == 0)
		return err_set(e, ERR_MISSING, "there is no cluster \"%s\" in the database", w->conf->cluster);
	snprintf(w->cluster, sizeof w->cluster, "%s", db_text(&r, 0, "id"));
	w->installation = db_text(&r, 0, "installation");
	w->cluster_uid = db_text(&r, 0, "uid");
	w->base_domain = db_text(&r, 0, "base_domain");
	w->scheme = db_text(&r, 0, "url_scheme");
	w->port = db_int(&r, 0, "url_port", 0);
	w->ingress_class = db_text(&r, 0, "ingress_class");
	w->storage_class = db_text(&r, 0, "storage_class");
	w->now = db_int(&r, 0, "now_ms", 0);
	w->now_ms = clock_ms();
	values = db_text(&r, 0, "engine_values");
	w->engine_values = json_parse(w->a, values, strlen(values), e);
	if (!w->engine_values)
		return -1;
	w->autoscaled = db_bool(&r, 0, "autoscaled");
	w->lost = strcmp(db_text(&r, 0, "state"), "lost") == 0;
	set_credentials(w, db_text(&r, 0, "credentials_ref"), db_text(&r, 0, "context"));
	return 0;
}

bool
cluster_contact(struct world *w)
{
	struct err e;
	const struct json *o;
	const char *uid;

	if (w->lost)
		return unusable(w, "the cluster is marked lost");
	if (!w->kube)
		w->kube = kube_new(w->helm.kubeconfig, w->helm.context, &e);
	if (!w->kube)
		return unusable(w, e.msg);
	kube_timeout(w->kube, 10000);
	o = kube_get(w->kube, w->a, "/api/v1/namespaces/kube-system", &e);
	uid = json_text(o, "metadata.uid");
	if (!o || !*uid) {
		forget(w);	/* the next pass reads the file anew: it may have been replaced */
		return unusable(w, o ? "namespace kube-system has no uid" : e.msg);
	}
	if (!w->cluster_uid) {
		if (db_exec(w->db, Q_reconcile_contact, DB_ARGS(w->cluster, uid, kube_url(w->kube)), &e) < 0)
			return unusable(w, e.msg);
		w->cluster_uid = uid;
	}
	if (strcmp(uid, w->cluster_uid) == 0)
		return true;
	incident_open(w, "ClusterReplaced", w->conf->cluster,
	    "The cluster at this address is not the one whose stores are in the database.",
	    "Correct the cluster's credentials, or mark it lost and place its stores elsewhere.");
	return unusable(w, "this is another cluster than before");
}
