/* One list of all volumes: claimRef has no selector. */
#include "config.h"

#include "reconcile/volumes.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_TIMEOUT_MS = 20 * 1000 };

const char *
volumes_policy(const struct store *s)
{
	return s->retain ? "Retain" : "Delete";
}

/* Columns that are missing must not pass for volumes without a claim. */
const char *
volumes_claim(const struct kube_row *row, struct err *e)
{
	if (kube_has_column(row, "Claim") && kube_has_column(row, "Reclaim Policy"))
		return kube_cell(row, "Claim");
	err_set(e, ERR_TRANSIENT, "the list of volumes does not show claims");
	return NULL;
}

struct found {
	struct arena *a;
	const char *namespace;
	struct json *volumes;
};

static int
see(void *ctx, const struct kube_row *row, struct err *e)
{
	struct found *f = ctx;
	const char *claim = volumes_claim(row, e), *capacity = kube_cell(row, "Capacity");
	const size_t n = strlen(f->namespace);
	struct json *v;

	if (!claim)
		return -1;
	if (strncmp(claim, f->namespace, n) != 0 || claim[n] != '/')
		return 0;
	v = json_object(f->a);
	json_set(f->a, v, "name", json_string(f->a, json_text(row->object, "metadata.name")));
	json_set(f->a, v, "uid", json_string(f->a, json_text(row->object, "metadata.uid")));
	json_set(f->a, v, "version", json_string(f->a, json_text(row->object, "metadata.resourceVersion")));
	json_set(f->a, v, "claim", json_string(f->a, claim + n + 1));
	json_set(f->a, v, "capacity", json_string(f->a, capacity));
	json_set(f->a, v, "reclaim_policy", json_string(f->a, kube_cell(row, "Reclaim Policy")));
	json_append(f->a, f->volumes, v);
	return 0;
}

static void
restart(void *ctx)
{
	struct found *f = ctx;

	f->volumes = json_array(f->a);
}

struct json *
volumes_left(struct world *w, const struct store *s, struct err *e)
{
	struct found f = {w->a, s->namespace, json_array(w->a)};
	struct kube_list list = {.path = "/api/v1/persistentvolumes", .object = KUBE_METADATA,
	    .row = see, .restart = restart, .ctx = &f};

	kube_lists(w->kube, &list, 1, LIST_TIMEOUT_MS);
	if (list.complete)
		return f.volumes;
	*e = list.err;
	return NULL;
}

/* "128Mi", "2Gi", "1k" in bytes as text; NULL for what is not of this form. */
static const char *
bytes(struct arena *a, const char *quantity)
{
	static const char units[] = "KMGTPE";
	char *end;
	const int64_t n = strtoll(quantity, &end, 10);
	const char *unit = *end ? strchr(units, *end == 'k' ? 'K' : *end) : NULL;
	const int64_t base = *end && end[1] == 'i' ? 1024 : 1000;
	int64_t scale = 1;

	if (end == quantity || n < 0 || (*end && !unit))
		return NULL;
	for (const char *u = units; unit && u <= unit; u++)
		scale *= base;
	return n <= INT64_MAX / scale ? arena_printf(a, "%lld", (long long)(n * scale)) : NULL;
}

static int
settle(struct world *w, struct store *s, const struct json *v, struct err *e)
{
	const char *name = json_text(v, "name"), *policy = volumes_policy(s);

	if (strcmp(json_text(v, "reclaim_policy"), policy) != 0) {
		struct json *patch = json_object(w->a), *spec = json_object(w->a), *meta = json_object(w->a);

		/* not another volume that took the name, nor this one with another claim */
		json_set(w->a, meta, "uid", json_string(w->a, json_text(v, "uid")));
		json_set(w->a, meta, "resourceVersion", json_string(w->a, json_text(v, "version")));
		json_set(w->a, patch, "metadata", meta);
		json_set(w->a, spec, "persistentVolumeReclaimPolicy", json_string(w->a, policy));
		json_set(w->a, patch, "spec", spec);
		if (!kube_patch(w->kube, w->a, arena_printf(w->a, "/api/v1/persistentvolumes/%s", name), patch, e) &&
		    e->kind != ERR_MISSING)
			return err_wrap(e, "volume %s", name);
	}
	return db_exec(w->db, Q_volume_see, DB_ARGS(s->id, name, json_text(v, "uid"), json_text(v, "claim"),
	    bytes(w->a, json_text(v, "capacity")), policy), e) < 0 ? -1 : 0;
}

int
volumes_settle(struct world *w, struct store *s, struct err *e)
{
	const struct json *all = volumes_left(w, s, e);

	if (!all)
		return -1;
	for (size_t i = 0; i < json_count(all); i++)
		if (settle(w, s, json_item(all, i), e))
			return -1;
	return 0;
}

int
volumes_gone(struct world *w, const struct store *s, const struct json *left, struct err *e)
{
	BUF(text, 64 * 1024);

	if (json_write(&text, left))
		return err_set(e, ERR_TOO_LARGE, "too many volumes are left");
	return db_exec(w->db, Q_volume_gone, DB_ARGS(s->id, w->cluster, w->token, buf_text(&text)), e) < 0 ? -1 : 0;
}
