/* engine.yaml: the tables of its keys, and what tables cannot say. */
#include "config.h"

#include "cli/engine_file.h"

#include <string.h>

#include "lib/yaml.h"

#define SPEC_MAX (256 << 10)
#define GENERATE_MAX 128
#define QUIESCE_MAX_S 3600
#define POSITION_MAX 1000
#define CONDITIONS_MAX 8
#define CONDITION_MAX 63

static const char *
one_of(const char *value, const char *const *words, const char *sentence)
{
	for (; *words; words++)
		if (strcmp(value, *words) == 0)
			return NULL;
	return sentence;
}

static const char *
pod_security(const char *value)
{
	static const char *const words[] = {"restricted", "baseline", NULL};

	return one_of(value, words, "must be restricted or baseline");
}

static const char *
workload_kind(const char *value)
{
	static const char *const words[] = {"Deployment", "StatefulSet", "DaemonSet", NULL};

	return one_of(value, words, "must be Deployment, StatefulSet or DaemonSet");
}

static const char *
secret_key(const char *value)
{
	return *value && value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0' ?
	    NULL : "must be a-z, 0-9 and '-'";
}

/* The types that the reconciler sets itself (reconcile/) are no probe's to set. */
static const char *
condition_type(const char *value)
{
	static const char *const own[] = {"Admitted", "Available", "CheckoutVerified", "DataLost", "Deleting",
	    "Isolation", "SetupComplete", NULL};
	const size_t len = strlen(value);

	if (len > CONDITION_MAX || *value < 'A' || *value > 'Z' ||
	    strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != len)
		return "must be a name in CamelCase";
	return one_of(value, own, "") ? NULL : "must be none of Storeward's own";
}

static const char *
url_path(const char *value)
{
	return *value == '/' ? NULL : "must begin with /";
}

#define ROW(st, key, member, ty, nd, ...) \
	{.name = key, .offset = offsetof(st, member), .type = FIELD_##ty, .need = FIELD_##nd, __VA_ARGS__}

static const struct field engine_fields[] = {
	FIELD(struct engine_file, name, STR, REQUIRED, .check = field_dns_label),
	FIELD(struct engine_file, version, STR, REQUIRED, .min = 1, .max = 50),
	FIELD(struct engine_file, position, INT, OPTIONAL, .min = 1, .max = POSITION_MAX),
	FIELD(struct engine_file, title, STR, REQUIRED, .min = 1, .max = 100),
	FIELD(struct engine_file, description, STR, OPTIONAL, .dflt = "", .max = 1000),
	ROW(struct engine_file, "defaultPlan", default_plan, STR, REQUIRED, .check = field_dns_label),
	ROW(struct engine_file, "podSecurity", pod_security, STR, REQUIRED, .check = pod_security),
	FIELD(struct engine_file, plans, JSON, REQUIRED),
	FIELD(struct engine_file, credentials, JSON, OPTIONAL),
	FIELD(struct engine_file, workloads, JSON, REQUIRED),
	FIELD(struct engine_file, setup, JSON, REQUIRED),
	FIELD(struct engine_file, probe, JSON, REQUIRED),
	FIELD(struct engine_file, paths, JSON, REQUIRED),
	FIELD(struct engine_file, backup, JSON, OPTIONAL),
	FIELD(struct engine_file, restore, JSON, OPTIONAL),
	FIELD(struct engine_file, quiesce, JSON, OPTIONAL),
	FIELD(struct engine_file, clone, JSON, OPTIONAL),
	FIELD(struct engine_file, upgrades, JSON, OPTIONAL),
	{0},
};

static const struct field plan_fields[] = {
	FIELD(struct engine_plan, title, STR, REQUIRED, .min = 1, .max = 100),
	FIELD(struct engine_plan, description, STR, OPTIONAL, .dflt = "", .max = 1000),
	FIELD(struct engine_plan, values, JSON, OPTIONAL),
	{0},
};

struct credential {
	const char *key, *value, *title;
	int64_t generate;
	bool rotate;
};
static const struct field credential_fields[] = {
	FIELD(struct credential, key, STR, REQUIRED, .min = 1, .max = 63, .check = secret_key),
	FIELD(struct credential, value, STR, OPTIONAL, .max = 200),
	FIELD(struct credential, title, STR, OPTIONAL, .min = 1, .max = 100),
	FIELD(struct credential, generate, INT, OPTIONAL, .min = 8, .max = GENERATE_MAX),
	FIELD(struct credential, rotate, BOOL, OPTIONAL),
	{0},
};

struct upgrade {
	const char *from;
	bool backup;
};
static const struct field upgrade_fields[] = {
	FIELD(struct upgrade, from, STR, REQUIRED, .min = 1, .max = 50),
	FIELD(struct upgrade, backup, BOOL, OPTIONAL),
	{0},
};

/* One shape for the small objects of names. */
struct names {
	const char *kind, *name, *storefront, *admin;
	int64_t seconds;
	const struct json *conditions;
};
static const struct field workload_fields[] = {
	FIELD(struct names, kind, STR, REQUIRED, .check = workload_kind),
	FIELD(struct names, name, STR, REQUIRED, .check = field_dns_label),
	{0},
};
static const struct field setup_fields[] = {
	ROW(struct names, "job", name, STR, REQUIRED, .check = field_dns_label),
	{0},
};
static const struct field cron_fields[] = {
	ROW(struct names, "cronJob", name, STR, REQUIRED, .check = field_dns_label),
	{0},
};
static const struct field probe_fields[] = {
	ROW(struct names, "cronJob", name, STR, REQUIRED, .check = field_dns_label),
	FIELD(struct names, conditions, JSON, OPTIONAL),
	{0},
};
static const struct field quiesce_fields[] = {
	ROW(struct names, "cronJob", name, STR, REQUIRED, .check = field_dns_label),
	ROW(struct names, "maxSeconds", seconds, INT, REQUIRED, .min = 1, .max = QUIESCE_MAX_S),
	{0},
};
static const struct field path_fields[] = {
	FIELD(struct names, storefront, STR, REQUIRED, .max = 200, .check = url_path),
	FIELD(struct names, admin, STR, REQUIRED, .max = 200, .check = url_path),
	{0},
};

/* The members that are such an object. */
#define PART(member, table) {"/" #member, offsetof(struct engine_file, member), table}
static const struct part {
	const char *pointer;
	size_t offset;
	const struct field *fields;
} parts[] = {
	PART(setup, setup_fields),
	PART(probe, probe_fields),
	PART(paths, path_fields),
	PART(backup, cron_fields),
	PART(restore, cron_fields),
	PART(quiesce, quiesce_fields),
	PART(clone, cron_fields),
};

/* Reads v by table where it is an object, and says so where not. */
static int
read_object(struct arena *a, const struct field *table, const struct json *v,
    const char *pointer, void *out, struct err *e)
{
	if (v && v->type == JSON_OBJECT)
		return field_read(a, table, v, pointer, out, e);
	return err_field(e, pointer, "must be a mapping");
}

/* Claims are made from `storage`, and neither a StatefulSet's nor their own size can be changed. */
static void
same_storage(struct arena *a, const struct engine_file *f, struct err *e)
{
	BUF(first, SPEC_MAX);

	for (size_t i = 0; i < f->nplans; i++) {
		const struct json *storage = json_get(f->plan[i].values, "storage");
		BUF(text, SPEC_MAX);

		if (storage)
			json_write_sorted(&text, storage);
		if (i == 0)
			buf_add(&first, text.data, text.len);
		else if (strcmp(buf_text(&text), buf_text(&first)) != 0)
			err_field(e, arena_printf(a, "/plans/%s/values/storage", f->plan[i].name),
			    "must be as in plan %s: the plan of a store with volumes can be changed", f->plan[0].name);
	}
}

static void
read_plans(struct arena *a, struct engine_file *f, struct err *e)
{
	bool have_default = false;

	if (f->plans->type != JSON_OBJECT || f->plans->nmembers == 0 ||
	    f->plans->nmembers > ENGINE_PLANS_MAX) {
		err_field(e, "/plans", "must be a mapping of 1 to %d plans", ENGINE_PLANS_MAX);
		return;
	}
	for (size_t i = 0; i < f->plans->nmembers; i++) {
		const struct json_member *m = &f->plans->members[i];
		struct engine_plan *plan = &f->plan[f->nplans++];
		const char *pointer = arena_printf(a, "/plans/%s", m->name);

		plan->name = m->name;
		have_default |= f->default_plan && strcmp(m->name, f->default_plan) == 0;
		if (field_dns_label(m->name))
			err_field(e, pointer, "%s", field_dns_label(m->name));
		if (read_object(a, plan_fields, m->value, pointer, plan, e) == 0 && plan->values &&
		    plan->values->type != JSON_OBJECT)
			err_field(e, arena_printf(a, "%s/values", pointer), "must be a mapping");
	}
	if (f->default_plan && !have_default)
		err_field(e, "/defaultPlan", "must be one of plans, as %s is", f->plan[0].name);
	same_storage(a, f, e);
}

static void
read_credentials(struct arena *a, const struct json *v, struct err *e)
{
	if (v && v->type != JSON_ARRAY)
		err_field(e, "/credentials", "must be a list");
	for (size_t i = 0; v && v->type == JSON_ARRAY && i < v->n; i++) {
		const char *pointer = arena_printf(a, "/credentials/%zu", i);
		struct credential c;
		const bool is_read = read_object(a, credential_fields, v->items[i], pointer, &c, e) == 0;

		if (is_read && (c.value != NULL) == (c.generate != 0))
			err_field(e, pointer, "needs either value or generate");
		else if (is_read && c.rotate && c.generate == 0)
			err_field(e, arena_printf(a, "%s/rotate", pointer), "needs generate: what is fixed has no new value");
		for (size_t k = 0; k < i; k++)
			if (strcmp(json_text(v->items[k], "key"), json_text(v->items[i], "key")) == 0)
				err_field(e, pointer, "has the same key as entry %zu", k);
	}
}

static void
read_workloads(struct arena *a, const struct json *v, struct err *e)
{
	if (v->type != JSON_ARRAY || v->n == 0) {
		err_field(e, "/workloads", "must be a list of at least one");
		return;
	}
	for (size_t i = 0; i < v->n; i++) {
		struct names n;

		read_object(a, workload_fields, v->items[i], arena_printf(a, "/workloads/%zu", i), &n, e);
	}
}

static void
read_upgrades(struct arena *a, const struct engine_file *f, struct err *e)
{
	const struct json *v = f->upgrades;

	if (v && v->type != JSON_ARRAY)
		err_field(e, "/upgrades", "must be a list");
	for (size_t i = 0; v && v->type == JSON_ARRAY && i < v->n; i++) {
		const char *pointer = arena_printf(a, "/upgrades/%zu", i);
		struct upgrade u;

		if (read_object(a, upgrade_fields, v->items[i], pointer, &u, e) != 0)
			continue;
		if (f->version && strcmp(u.from, f->version) == 0)
			err_field(e, pointer, "must be from another version than this one");
		for (size_t k = 0; k < i; k++)
			if (strcmp(json_text(v->items[k], "from"), u.from) == 0)
				err_field(e, pointer, "is from the same version as entry %zu", k);
	}
}

static void
read_conditions(struct arena *a, const struct json *v, struct err *e)
{
	if (v && (v->type != JSON_ARRAY || v->n > CONDITIONS_MAX)) {
		err_field(e, "/probe/conditions", "must be a list of at most %d", CONDITIONS_MAX);
		return;
	}
	for (size_t i = 0; i < json_count(v); i++) {
		const char *pointer = arena_printf(a, "/probe/conditions/%zu", i);
		const struct json *type = json_item(v, i);
		const char *wrong = type->type == JSON_STRING ? condition_type(type->text) : "must be a string";

		if (wrong)
			err_field(e, pointer, "%s", wrong);
		for (size_t k = 0; !wrong && k < i; k++)
			if (json_item(v, k)->type == JSON_STRING && strcmp(json_item(v, k)->text, type->text) == 0)
				err_field(e, pointer, "is the same as entry %zu", k);
	}
}

static void
read_parts(struct arena *a, const struct engine_file *f, struct err *e)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const struct json *v = *(const struct json *const *)((const char *)f + parts[i].offset);
		struct names n = {0};

		if (v && read_object(a, parts[i].fields, v, parts[i].pointer, &n, e) == 0)
			read_conditions(a, n.conditions, e);
	}
}

/* engine.yaml without its plans: what the reconciler needs of it. */
static int
write_spec(struct arena *a, const struct json *yaml, struct engine_file *f, struct err *e)
{
	struct json *spec = json_object(a);
	BUF(text, SPEC_MAX);

	for (size_t i = 0; i < yaml->nmembers; i++)
		if (strcmp(yaml->members[i].name, "plans") != 0)
			json_set(a, spec, yaml->members[i].name, yaml->members[i].value);
	if (json_write_sorted(&text, spec) != 0)
		return err_set(e, ERR_TOO_LARGE, "engine.yaml has more than %d KiB", SPEC_MAX >> 10);
	f->spec = arena_strdup(a, buf_text(&text));
	return 0;
}

int
engine_file_check(struct arena *a, const struct json *yaml, const char *version,
    struct engine_file *out, struct err *e)
{
	struct err found = {0};

	memset(out, 0, sizeof *out);
	if (yaml->type != JSON_OBJECT)
		return err_set(e, ERR_INPUT, "must be a mapping of keys");
	field_read(a, engine_fields, yaml, "", out, &found);
	if (out->version && strcmp(out->version, version) != 0)
		err_field(&found, "/version", "must be Chart.yaml's version, %.50s", version);
	if (out->plans)
		read_plans(a, out, &found);
	read_credentials(a, out->credentials, &found);
	if (out->workloads)
		read_workloads(a, out->workloads, &found);
	read_upgrades(a, out, &found);
	read_parts(a, out, &found);
	if (found.kind != ERR_NONE) {
		*e = found;
		return -1;
	}
	return write_spec(a, yaml, out, e);
}

int
engine_file_read(struct arena *a, const char *dir, struct engine_file *out, struct err *e)
{
	const struct json *chart = yaml_file(a, arena_printf(a, "%s/Chart.yaml", dir), e);
	const char *path = arena_printf(a, "%s/engine.yaml", dir);
	const struct json *yaml = chart ? yaml_file(a, path, e) : NULL;

	if (!yaml)
		return -1;
	if (engine_file_check(a, yaml, json_text(chart, "version"), out, e) != 0)
		return err_wrap(e, "%s", path);
	size_t len = strlen(dir);
	while (len > 1 && dir[len - 1] == '/')
		len--;
	const char *folder = arena_strndup(a, dir, len), *slash = strrchr(folder, '/');
	folder = slash ? slash + 1 : folder;
	if (strcmp(folder, ".") != 0 && strcmp(folder, out->name) != 0)
		return err_set(e, ERR_INPUT, "%s: name %s is not the folder's", path, out->name);
	if (strcmp(json_text(chart, "name"), out->name) != 0)
		return err_set(e, ERR_INPUT, "%s: name %s is not Chart.yaml's, %.63s", path, out->name, json_text(chart, "name"));
	return engine_chart_pack(a, dir, out->name, &out->chart, e);
}
