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
#define HIDDEN "********"
#define SPACES " \t\n\v\f\r"

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
	FIELD(struct conf, kubeconfig_dir, STR, OPTIONAL, .dflt = "", .max = 1000),
	FIELD(struct conf, engines_dir, STR, OPTIONAL, .dflt = ENGINESDIR, .max = 1000),
	FIELD(struct conf, cluster, STR, OPTIONAL, .dflt = "local", .check = field_dns_label),
	FIELD(struct conf, helm, STR, OPTIONAL, .dflt = "helm", .max = 1000),
	FIELD(struct conf, helm_home, STR, OPTIONAL, .dflt = "", .max = 1000),
	FIELD(struct conf, helm_timeout_s, INT, OPTIONAL, .dflt = "300", .min = 10, .max = 3600),
	FIELD(struct conf, helm_parallel, INT, OPTIONAL, .dflt = "2", .min = 1, .max = 32),
	FIELD(struct conf, tick_s, INT, OPTIONAL, .dflt = "15", .min = 1, .max = 3600),
	FIELD(struct conf, second_look_s, INT, OPTIONAL, .dflt = "15", .min = 1, .max = 3600),
	FIELD(struct conf, setup_timeout_s, INT, OPTIONAL, .dflt = "900", .min = 30, .max = 86400),
	FIELD(struct conf, probe_period_s, INT, OPTIONAL, .dflt = "3600", .min = 10, .max = 604800),
	FIELD(struct conf, isolation_period_s, INT, OPTIONAL, .dflt = "86400", .min = 10, .max = 2678400),
	FIELD(struct conf, log_level, STR, OPTIONAL, .dflt = "info", .check = level),
	{0},
};

struct sources {
	struct arena *a;
	const struct json *file;
};

static bool
is_group(const struct json *v)
{
	return v->type == JSON_ARRAY || v->type == JSON_OBJECT;
}

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
	if (is_group(v))
		return NULL;	/* refused by check_file() */
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

/* What field_read_text() cannot see. */
static int
check_file(const struct json *file, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < file->nmembers; i++) {
		const struct json_member *m = &file->members[i];

		if (!known(m->name))
			rc = err_field(e, m->name, "is not a known key");
		else if (is_group(m->value))
			rc = err_field(e, m->name, "must be a single value");
	}
	return rc;
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
	if (s.file && s.file->type == JSON_OBJECT)
		rc = check_file(s.file, e);
	if (field_read_text(a, conf_fields, lookup, &s, out, e) != 0 || rc != 0)
		return err_wrap(e, "configuration");
	return 0;
}

/* Parameters of a connection that are no secret; all others are hidden, whatever libpq adds. */
static void
show_pair(const char *key, size_t len, const char *value, size_t value_len, FILE *out)
{
	static const char *const shown[] = {"host", "hostaddr", "port", "dbname", "user", "sslmode",
	    "application_name", "connect_timeout"};

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
		if (strlen(shown[i]) == len && memcmp(shown[i], key, len) == 0) {
			fprintf(out, "%.*s=%.*s", (int)len, key, (int)value_len, value);
			return;
		}
	fprintf(out, "%.*s=" HIDDEN, (int)len, key);
}

/* rest of postgresql://[user[:password]@]host/dbname[?key=value&...]  In doubt too much is hidden: a
 * password that should have been percent-encoded may hold any of :/?@ */
static void
show_uri(const char *rest, FILE *out)
{
	const char *at = strrchr(rest, '@');
	size_t user = strcspn(rest, ":/?@"), len;

	if (at) {
		fprintf(out, "%.*s%s@", (int)user, rest, rest + user < at ? ":" HIDDEN : "");
		rest = at + 1;
	}
	len = strcspn(rest, "?");
	fprintf(out, "%.*s", (int)len, rest);
	for (rest += len; *rest; rest += len) {
		putc(*rest++, out);	/* '?' or '&' */
		size_t key = strcspn(rest, "=&");
		len = strcspn(rest, "&");
		if (key < len)
			show_pair(rest, key, rest + key + 1, len - key - 1, out);
		else
			fputs(len ? HIDDEN : "", out);
	}
}

/* Length of a value of libpq's keyword form: 'quoted' or up to a space, \ before any character. */
static size_t
value_length(const char *value)
{
	bool quoted = *value == '\'';
	size_t n = quoted;

	while (value[n] && (quoted ? value[n] != '\'' : !strchr(SPACES, value[n])))
		n += value[n] == '\\' && value[n + 1] ? 2 : 1;
	return n + (quoted && value[n]);
}

/* key = value ... */
static void
show_keywords(const char *url, FILE *out)
{
	for (const char *gap = ""; *(url += strspn(url, SPACES)); gap = " ") {
		const char *key = url;
		size_t key_len = strcspn(key, "=" SPACES);

		fputs(gap, out);
		url += key_len;
		url += strspn(url, SPACES);
		if (*url != '=') {
			fputs(HIDDEN, out);	/* not what libpq takes */
			return;
		}
		url++;
		url += strspn(url, SPACES);
		size_t len = value_length(url);
		show_pair(key, key_len, url, len, out);
		url += len;
	}
}

static void
show_url(const char *url, FILE *out)
{
	static const char *const schemes[] = {"postgresql://", "postgres://"};
	size_t len = 0;

	for (size_t i = 0; i < 2 && len == 0; i++)
		if (strncmp(url, schemes[i], strlen(schemes[i])) == 0)
			len = strlen(schemes[i]);
	fprintf(out, "%.*s", (int)len, url);
	if (len > 0)
		show_uri(url + len, out);
	else
		show_keywords(url, out);
	putc('\n', out);
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
