/*
 * Pages of a list: by skip and limit, or by a cursor, which names the last row seen and
 * so costs the same however far one has gone.  Link (RFC 8288) and X-Total-Count.
 */
#ifndef FCGI_PAGE_H
#define FCGI_PAGE_H

#include <stdint.h>

#include "fcgi/route.h"

struct page {
	int64_t skip, limit;
	const char *cursor;
	/* What the query needs, by page_read(); the key and id are NULL without a cursor.
	 * One row more than the limit tells whether there is a next page. */
	const char *after_key, *after_id, *offset, *rows;
};

/* Rows of a table of parameters for the struct's member `page`. */
#define PAGE_FIELDS(st) \
	FIELD_AS(st, page.skip, "skip", INT, .max = 1000000000, .dflt = "0"), \
	FIELD_AS(st, page.limit, "limit", INT, .max = 100, .dflt = "20"), \
	FIELD_AS(st, page.cursor, "cursor", STR, .min = 1, .max = 400)
#define FIELD_AS(st, member, outer, ty, ...) \
	{.name = (outer), .offset = offsetof(st, member), .type = FIELD_##ty, __VA_ARGS__}

/* filters: what else decides which rows there are and in which order; a cursor is good for
 * the same only.  ERR_INPUT at "cursor" or "skip". */
int page_read(struct route_ctx *c, struct page *page, const char *filters, struct err *e);

/* Answers with the rows; their last column "key" and "id" make the cursor. */
void page_reply(struct route_ctx *c, const struct page *page, const char *filters,
    int64_t total, struct db_rows *rows);

/* Link to the same list again, from another place: `place` is the parameter that says it. */
void page_link(struct route_ctx *c, const char *rel, const char *place, const char *value);

/* The error of a query with page->after_key, which may be of the wrong form. */
int page_refused(const struct page *page, struct err *e);

#endif
