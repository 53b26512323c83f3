/* The programs' configuration: one table, three sources. */
#include "config.h"

#include "lib/conf.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/yaml.h"

#ifndef ENGINESDIR
#define ENGINESDIR "/usr/local/share/storeward/store-engines"
#endif
#define CONF_PATH "/etc/storeward/storeward.yaml"

static const char *
level(const char *value)
{
	static const char *const levels[] = {"error", "info", "debug"};

	for (size_t i = 0; i < 3; i++)
		if (strcmp(value, levels[i]) == 0)
			return NULL;
	return "must be error, info or debug";
}

const struct field conf_fields[] = {
	FIELD(struct conf, database_url, STR, OPTIONAL, .dflt = "", .max = 2000, .secret = true),
	FIELD(struct conf, socket, STR, OPTIONAL, .dflt = "", .max = 100),
	FIELD(struct conf, socket_mode, INT, OPTIONAL, .dflt = "660", .min = 1, .max = 777),
	FIELD(struct conf, socket_group, STR, OPTIONAL, .dflt = "", .max = 64),
	FIELD(struct conf, workers, INT, OPTIONAL, .dflt = "6", .min = 1, .max = 256),
	FIELD(struct conf, request_timeout_s, INT, OPTIONAL, .dflt = "30", .min = 1, .max = 600),
	FIELD(struct conf, engines_dir, STR, OPTIONAL, .dflt = ENGINESDIR, .max = 1000),
	FIELD(struct conf, cluster, STR, OPTIONAL, .dflt = "local", .check = field_dns_label),
	FIELD(struct conf, helm, STR, OPTIONAL, .dflt = "helm", .max = 1000),
	FIELD(struct conf, helm_home, STR, OPTIONAL, .dflt = "", .max = 1000),
	FIELD(struct conf, helm_timeout_s, INT, OPTIONAL, .dflt = "300", .min = 10, .max = 3600),
	FIELD(struct conf, helm_parallel, INT, OPTIONAL, .dflt = "2", .min = 1, .max = 32),
	FIELD(struct conf, tick_s, INT, OPTIONAL, .dflt = "15", .min = 1, .max = 3600),
	FIELD(struct conf, second_look_s, INT, OPTIONAL, .dflt = "15", .min = 1, .max = 3600),
	FIELD(struct conf, setup_timeout_s, INT, OPTIONAL, .dflt = "900", .min = 30, .max = 86400),
	FIELD(struct conf, log_level, STR, OPTIONAL, .dflt = "info", .check = level),
	{0},
};

struct sources {
	struct arena *a;
	const struct json *file;
};

/* Environment before file; values of the file as text, whatever their YAML type. */
static const char *
lookup(void *ctx, const char *name)
{
	struct sources *s = ctx;
	char *variable = arena_printf(s->a, "STOREWARD_%s", name);
	const struct json *v;
	const char *text;

	for (char *c = variable; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	text = getenv(variable);
	if (text)
		return text;
	v = json_get(s->file, name);
	if (!v || v->type == JSON_NULL)
		return NULL;
	if (v->type == JSON_STRING)
		return v->text;
	BUF(out, 4096);
	json_write(&out, v);
	return arena_strdup(s->a, buf_text(&out));
}

static bool
known(const char *name)
{
	for (const struct field *f = conf_fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return true;
	return false;
}

int
conf_read(struct arena *a, const char *path, struct conf *out, struct err *e)
{
	struct sources s = {.a = a};
	int rc = 0;

	if (!path)
		path = getenv("STOREWARD_CONFIG");
	if (!path && access(CONF_PATH, F_OK) == 0)
		path = CONF_PATH;
	if (path) {
		s.file = yaml_file(a, path, e);
		if (!s.file)
			return -1;
		if (s.file->type != JSON_OBJECT && s.file->type != JSON_NULL)
			return err_set(e, ERR_INPUT, "%s: must be a mapping of keys", path);
	}
	for (size_t i = 0; s.file && s.file->type == JSON_OBJECT && i < s.file->nmembers; i++)
		if (!known(s.file->members[i].name))
			rc = err_field(e, s.file->members[i].name, "is not a known key");
	if (field_read_text(a, conf_fields, lookup, &s, out, e) != 0 || rc != 0)
		return err_wrap(e, "configuration");
	return 0;
}

/* Writes a connection string without its password: URI user:PASSWORD@, password=... of both forms. */
static void
show_url(const char *url, FILE *out)
{
	const char *scheme = strstr(url, "://"), *at = scheme ? strchr(scheme + 3, '@') : NULL;
	const char *colon = at ? memchr(scheme + 3, ':', (size_t)(at - scheme - 3)) : NULL;
	const char *key;

	if (colon) {
		fprintf(out, "%.*s:********", (int)(colon - url), url);
		url = at;
	}
	while ((key = strstr(url, "password=")) != NULL) {
		const char *value = key + strlen("password="), *end;

		fprintf(out, "%.*s********", (int)(value - url), url);
		if (*value == '\'') {
			for (end = value + 1; *end && *end != '\''; end++)
				end += *end == '\\' && end[1];
			url = *end ? end + 1 : end;
		} else {
			url = value + strcspn(value, scheme ? "&" : " ");
		}
	}
	fprintf(out, "%s\n", url);
}

void
conf_show(const struct conf *c, FILE *out)
{
	for (const struct field *f = conf_fields; f->name; f++) {
		const void *at = (const char *)c + f->offset;

		fprintf(out, "%s: ", f->name);
		if (f->secret)
			show_url(*(const char *const *)at, out);
		else if (f->type == FIELD_STR)
			fprintf(out, "%s\n", *(const char *const *)at);
		else
			fprintf(out, "%" PRId64 "\n", *(const int64_t *)at);
	}
}
