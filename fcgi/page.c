/*
 * A cursor is base64url of "HASH ID KEY": HASH of the filters that it belongs to, KEY the
 * value that the list is sorted by.  It gives no right to anything, so it is not signed.
 */
#include "config.h"

#include "fcgi/page.h"

#include <inttypes.h>
#include <string.h>

#include "lib/crypto.h"

#define LINK_MAX 2048
#define HASH_DIGITS 16
#define ID_CHARS 36

static const char unreserved[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

static void
translate(char *text, const char *from, const char *to)
{
	for (; *text; text++) {
		const char *at = strchr(from, *text);

		if (at)
			*text = to[at - from];
	}
}

static const char *
cursor_write(struct arena *a, const char *filters, const char *id, const char *key)
{
	const char *text = arena_printf(a, "%.*s %s %s", HASH_DIGITS,
	    crypto_sha256_hex(a, filters, strlen(filters)), id, key);
	char *cursor = crypto_base64(a, text, strlen(text));

	translate(cursor, "+/", "-_");
	return arena_strndup(a, cursor, strcspn(cursor, "="));
}

static int
not_ours(struct err *e)
{
	*e = (struct err){.kind = ERR_NONE};
	return err_field(e, "cursor", "is not one that a Link gave");
}

static int
cursor_read(struct arena *a, const char *filters, struct page *page, struct err *e)
{
	const size_t len = strlen(page->cursor);
	char *padded = arena_printf(a, "%s%.*s", page->cursor, (int)(-len & 3), "===");
	const char *hash = crypto_sha256_hex(a, filters, strlen(filters));
	struct err ignored;
	size_t n = 0;

	/* '*' is in neither alphabet. */
	translate(padded, "+/-_", "**+/");
	const char *text = (const char *)crypto_unbase64(a, padded, &n, &ignored);

	if (!text || strchr(page->cursor, '=') || memchr(text, '\0', n) ||
	    n <= HASH_DIGITS + ID_CHARS + 2)
		return not_ours(e);
	if (memcmp(text, hash, HASH_DIGITS) != 0 || text[HASH_DIGITS] != ' ')
		return err_field(e, "cursor", "belongs to another list or sort");
	page->after_id = arena_strndup(a, text + HASH_DIGITS + 1, ID_CHARS);
	page->after_key = arena_strndup(a, text + HASH_DIGITS + ID_CHARS + 2,
	    n - HASH_DIGITS - ID_CHARS - 2);
	return field_uuid(page->after_id) ? not_ours(e) : 0;
}

int
page_refused(const struct page *page, struct err *e)
{
	return page->cursor && strncmp(e->sqlstate, "22", 2) == 0 ? not_ours(e) : -1;
}

int
page_read(struct route_ctx *c, struct page *page, const char *filters, struct err *e)
{
	page->offset = arena_printf(c->a, "%" PRId64, page->skip);
	page->rows = arena_printf(c->a, "%" PRId64, page->limit + 1);
	if (!page->cursor)
		return 0;
	if (page->skip > 0)
		return err_field(e, "skip", "does not go with a cursor");
	return cursor_read(c->a, filters, page, e);
}

static void
add_param(struct buf *url, const char *name, const char *value)
{
	buf_printf(url, "%c%s=", strchr(buf_text(url), '?') ? '&' : '?', name);
	for (; *value; value++) {
		if (strchr(unreserved, *value))
			buf_addc(url, *value);
		else
			buf_printf(url, "%%%02X", (unsigned char)*value);
	}
}

static bool
is_place(const char *name)
{
	return strcmp(name, "skip") == 0 || strcmp(name, "cursor") == 0 ||
	    strcmp(name, "before") == 0;
}

void
page_link(struct route_ctx *c, const char *rel, const char *place, const char *value)
{
	const struct request *r = c->r;
	BUF(url, LINK_MAX);

	buf_adds(&url, c->route->path);
	for (size_t i = 0; i < r->nparams; i++) {
		if (!is_place(r->params[i].name))
			add_param(&url, r->params[i].name, r->params[i].value);
	}
	add_param(&url, place, value);
	/* Longer than reply_header() takes, and nothing that it must not take. */
	buf_printf(&c->reply->headers, "Link: <%s>; rel=\"%s\"\r\n", buf_text(&url), rel);
}

static struct db_rows
without_key(struct arena *a, const struct db_rows *rows)
{
	const size_t ncols = rows->ncols - 1;
	const char **v = arena_array(a, const char *, arena_mul(rows->n, ncols));

	for (size_t i = 0; i < rows->n; i++)
		memcpy(v + i * ncols, rows->v + i * rows->ncols, ncols * sizeof *v);
	return (struct db_rows){rows->n, ncols, rows->cols, v};
}

void
page_reply(struct route_ctx *c, const struct page *page, const char *filters,
    int64_t total, struct db_rows *rows)
{
	const size_t limit = (size_t)page->limit, last = limit - 1;
	const int64_t before = page->skip > page->limit ? page->skip - page->limit : 0;
	const bool more = rows->n > limit;

	reply_header(c->reply, "X-Total-Count", "%" PRId64, total);
	if (more)
		rows->n = limit;
	if (more && limit > 0)
		page_link(c, "next", "cursor", cursor_write(c->a, filters,
		    db_text(rows, last, "id"), db_text(rows, last, "key")));
	if (page->skip > 0 && limit > 0)
		page_link(c, "prev", "skip", arena_printf(c->a, "%" PRId64, before));
	const struct db_rows wire = without_key(c->a, rows);

	db_json_rows(&c->reply->body, &wire);
}
