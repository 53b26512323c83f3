/* Strong ETags from the body itself, and from what a list tells in headers (how many there
 * are, where it goes on): nothing can change without them. */
#include "config.h"

#include "fcgi/etag.h"

#include <string.h>

#include "lib/crypto.h"

#define HASH_DIGITS 22	/* 88 bits: a chance meeting is out of the question */

/* Whether a list of ETags has this one; weak ones compare alike (section 13.1.2). */
static bool
has_tag(const char *list, const char *tag)
{
	const size_t len = strlen(tag);

	for (const char *at = list; (at = strstr(at, tag)); at += len) {
		const bool begins = at == list || strchr(" ,/", at[-1]);

		if (begins && (at[len] == '\0' || strchr(" ,", at[len])))
			return true;
	}
	return strcmp(list, "*") == 0;
}

void
etag_reply(struct route_ctx *c)
{
	struct reply *p = c->reply;
	const char *asked = fcgi_param(c->r->conn, "HTTP_IF_NONE_MATCH");
	const char *all = arena_printf(c->a, "%s%s",
	    crypto_sha256_hex(c->a, p->body.data, p->body.len), buf_text(&p->headers));
	const char *tag = arena_printf(c->a, "\"%s%s%.*s\"",
	    c->generation ? c->generation : "", c->generation ? "-" : "", HASH_DIGITS,
	    crypto_sha256_hex(c->a, all, strlen(all)));

	reply_header(p, "ETag", "%s", tag);
	p->etag = true;
	if (!asked || !has_tag(asked, tag))
		return;
	p->status = 304;
	buf_reset(&p->body);
}

int
etag_generation(const struct route_ctx *c, const char **generation, struct err *e)
{
	const char *match = fcgi_param(c->r->conn, "HTTP_IF_MATCH");

	*generation = NULL;
	if (!match || strcmp(match, "*") == 0)
		return 0;
	/* A web server that compresses makes ETags weak; the generation is the same. */
	if (strncmp(match, "W/", 2) == 0)
		match += 2;
	const size_t digits = match[0] == '"' ? strspn(match + 1, "0123456789") : 0;

	if (digits == 0 || digits > 18 || match[digits + 1] != '-')
		return err_code(e, ERR_STALE, "stale", "If-Match is not an ETag of this store");
	*generation = arena_strndup(c->a, match + 1, digits);
	return 0;
}
