/* Taking a request apart.  What is refused here is refused before any look-up. */
#include "config.h"

#include "fcgi/request.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/crypto.h"

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte after a '%', or -1. */
static int
percent(const char *text, size_t left)
{
	if (left < 2 || hex(text[0]) < 0 || hex(text[1]) < 0)
		return -1;
	return hex(text[0]) << 4 | hex(text[1]);
}

/*
 * Decodes once.  Control characters, and with them NUL, are refused however they are
 * written; so is a '/' that only decoding brings forth.
 */
static const char *
decode(struct arena *a, const char *text, size_t len, bool query, struct err *e)
{
	char *copy = arena_alloc(a, len + 1), *to = copy;

	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)text[i];

		if (c == '%') {
			c = percent(text + i + 1, len - i - 1);
			i += 2;
			if (c == '/' && !query)
				c = -1;
		} else if (c == '+' && query) {
			c = ' ';
		}
		if (c < 0x20 || c == 0x7f) {
			err_code(e, ERR_SYNTAX, "bad_url",
			    "The URL has a code or character that is not allowed");
			return NULL;
		}
		*to++ = (char)c;
	}
	return copy;
}

static int
read_segments(struct arena *a, const char *path, size_t len, struct request *out,
    struct err *e)
{
	const char *const end = path + len;

	for (const char *at = path; at < end;) {
		const char *start = at + 1;	/* after the '/' */
		const char *next = memchr(start, '/', (size_t)(end - start));

		if (!next)
			next = end;
		if (start == end)
			break;		/* one slash at the end is fine */
		if (next == start)
			return err_code(e, ERR_SYNTAX, "bad_url",
			    "The path has an empty segment");
		const char *segment = decode(a, start, (size_t)(next - start), false, e);

		if (!segment)
			return -1;
		if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
			return err_code(e, ERR_SYNTAX, "bad_url",
			    "The path has a dot segment");
		if (out->nsegments == REQUEST_SEGMENTS_MAX)
			return err_code(e, ERR_MISSING, "no_route",
			    "There is nothing at this path");
		out->segments[out->nsegments++] = segment;
		at = next;
	}
	return 0;
}

/* Names are shown in errors, so they must be plain. */
static bool
is_plain(const char *name)
{
	for (; *name; name++) {
		if ((unsigned char)*name >= 0x7f)
			return false;
	}
	return true;
}

static int
read_params(struct arena *a, const char *query, struct request *out, struct err *e)
{
	while (query[0] != '\0') {
		const size_t len = strcspn(query, "&"), name_len = strcspn(query, "&=");
		const size_t skip = name_len < len ? name_len + 1 : len;

		if (len > 0) {
			const struct request_param param = {
				decode(a, query, name_len, true, e),
				decode(a, query + skip, len - skip, true, e),
			};

			if (!param.name || !param.value)
				return -1;
			if (!is_plain(param.name) || out->nparams == REQUEST_PARAMS_MAX)
				return err_code(e, ERR_SYNTAX, "bad_url",
				    "The URL has too many or strangely named parameters");
			out->params[out->nparams++] = param;
		}
		query += len + (query[len] == '&');
	}
	return 0;
}

int
request_target(struct arena *a, const char *uri, struct request *out, struct err *e)
{
	const size_t path_len = strcspn(uri, "?");

	out->raw_path = arena_strndup(a, uri, path_len < 256 ? path_len : 256);
	if (strlen(uri) > REQUEST_URI_MAX)
		return err_code(e, ERR_SYNTAX, "bad_url",
		    "The URL has more than %d bytes",
		    REQUEST_URI_MAX);
	if (uri[0] != '/')
		return err_code(e, ERR_SYNTAX, "bad_url",
		    "The URL's path must begin with a slash");
	if (read_segments(a, uri, path_len, out, e) != 0)
		return -1;
	return uri[path_len] == '?' ? read_params(a, uri + path_len + 1, out, e) : 0;
}

static bool
is_request_id(const char *id)
{
	const size_t len = id ? strnlen(id, 65) : 0;

	return len >= 1 && len <= 64 && strspn(id, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == len;
}

static bool
is_address(const char *text)
{
	struct in6_addr addr;

	return text && (inet_pton(AF_INET, text, &addr) == 1 ||
	    inet_pton(AF_INET6, text, &addr) == 1);
}

static const char *
param_or(const struct fcgi_conn *conn, const char *name, const char *dflt)
{
	const char *value = fcgi_param(conn, name);

	return value ? value : dflt;
}

int
request_read(struct arena *a, struct fcgi_conn *conn, struct request *out, struct err *e)
{
	const char *id = fcgi_param(conn, "HTTP_X_REQUEST_ID");
	const char *ip = fcgi_param(conn, "REMOTE_ADDR");

	*out = (struct request){.conn = conn, .raw_path = ""};
	out->id = is_request_id(id) ? arena_strdup(a, id) : crypto_random_text(a, 16);
	out->ip = is_address(ip) ? arena_strdup(a, ip) : NULL;
	out->method = arena_strdup(a, param_or(conn, "REQUEST_METHOD", ""));
	out->head = strcmp(out->method, "HEAD") == 0;
	if (out->head)
		out->method = "GET";
	return request_target(a, param_or(conn, "REQUEST_URI", ""), out, e);
}

const char *
request_cookie(struct arena *a, const struct request *r, const char *name)
{
	const size_t len = strlen(name);

	for (const char *at = param_or(r->conn, "HTTP_COOKIE", ""); *at;) {
		const size_t pair = strcspn(at, ";");

		if (pair > len && strncmp(at, name, len) == 0 && at[len] == '=')
			return arena_strndup(a, at + len + 1, pair - len - 1);
		at += pair;
		at += strspn(at, "; ");
	}
	return NULL;
}

const char *
request_bearer(const struct request *r)
{
	static const char scheme[] = "Bearer ";
	const char *value = fcgi_param(r->conn, "HTTP_AUTHORIZATION");

	if (!value || strncasecmp(value, scheme, sizeof scheme - 1) != 0)
		return NULL;
	value += sizeof scheme - 1;
	return value + strspn(value, " ");
}

/* JSON by its name, or not named at all. */
static bool
is_json(const char *type)
{
	const size_t len = strcspn(type, "; ");

	return len == 0 ||
	    (len == 16 && strncasecmp(type, "application/json", len) == 0) ||
	    (len > 17 && strncasecmp(type, "application/", 12) == 0 &&
		strncasecmp(type + len - 5, "+json", 5) == 0);
}

static int
too_large(size_t max, struct err *e)
{
	return err_code(e, ERR_TOO_LARGE, "body_too_large",
	    "The body has more than %zu bytes", max);
}

/* CONTENT_LENGTH may be missing, empty or -1 (a chunked body): then -1. */
static int64_t
announced_length(const struct request *r)
{
	const char *text = param_or(r->conn, "CONTENT_LENGTH", "");

	return text[0] >= '0' && text[0] <= '9' ? strtoimax(text, NULL, 10) : -1;
}

/* The end of the stream decides; the announced length is a hint. */
static int
read_body(const struct request *r, char *out, size_t max, size_t *len, struct err *e)
{
	const int64_t announced = announced_length(r);

	if (announced > (int64_t)max)
		return too_large(max, e);
	*len = fcgi_read(r->conn, out, max + 1);
	if (fcgi_late(r->conn))
		return err_code(e, ERR_SYNTAX, "body_timeout",
		    "The body did not come within %d seconds", FCGI_BODY_S);
	if (*len > max)
		return too_large(max, e);
	if (announced >= 0 && *len != (size_t)announced)
		return err_code(e, ERR_SYNTAX, "body_incomplete",
		    "The body does not have its announced length");
	return 0;
}

const struct json *
request_json(struct arena *a, const struct request *r, size_t max, struct err *e)
{
	char *body = arena_alloc(a, max + 2);
	size_t len = 0;

	if (!is_json(param_or(r->conn, "CONTENT_TYPE", ""))) {
		err_code(e, ERR_INPUT, "content_type",
		    "The body must be application/json");
		return NULL;
	}
	if (read_body(r, body, max, &len, e) != 0)
		return NULL;
	return json_parse(a, body, len, e);
}

static const struct field *
find_field(const struct field *table, const char *name)
{
	for (const struct field *f = table; f && f->name; f++) {
		if (strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}

static const char *
find_param(void *ctx, const char *name)
{
	const struct request *r = ctx;

	for (size_t i = 0; i < r->nparams; i++) {
		if (strcmp(r->params[i].name, name) == 0)
			return r->params[i].value;
	}
	return NULL;
}

int
request_check_params(const struct request *r, const struct field *table, struct err *e)
{
	size_t bad = 0;

	for (size_t i = 0; i < r->nparams; i++) {
		const char *name = r->params[i].name;
		struct request before = *r;

		before.nparams = i;
		if (!find_field(table, name))
			bad++, err_field(e, name, "is not a parameter of this path");
		else if (find_param(&before, name))
			bad++, err_field(e, name, "is given more than once");
	}
	return bad > 0 ? -1 : 0;
}

int
request_params(struct arena *a, const struct request *r, const struct field *table,
    void *out, struct err *e)
{
	struct request copy = *r;

	return field_read_text(a, table, find_param, &copy, out, e);
}
