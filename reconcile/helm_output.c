/* Keeping the ends of a child's output, and finding and cleaning the error in them. */
#include "config.h"

#include "reconcile/helm_output.h"
#include "lib/buf.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define CUT "\n[...]\n"
#define ERROR_MARK "Error: "
#define HIDDEN "[hidden]"

void
helm_output_add(struct helm_output *out, const char *data, size_t len)
{
	const size_t room = HELM_OUTPUT_HALF - out->nhead;
	const size_t first = len < room ? len : room;

	memcpy(out->head + out->nhead, data, first);
	out->nhead += first;
	for (size_t i = first; i < len; i++)
		out->tail[out->ntail++ % HELM_OUTPUT_HALF] = data[i];
}

static void
join(struct buf *all, const struct helm_output *out)
{
	const size_t from = out->ntail % HELM_OUTPUT_HALF;

	buf_add(all, out->head, out->nhead);
	if (out->ntail > HELM_OUTPUT_HALF) {
		buf_adds(all, CUT);
		buf_add(all, out->tail + from, HELM_OUTPUT_HALF - from);
	}
	buf_add(all, out->tail, from);
	if (out->ntail == HELM_OUTPUT_HALF)
		buf_add(all, out->tail, HELM_OUTPUT_HALF);
}

/* helm's own log lines that report no trouble. */
static bool
is_chatter(const char *line)
{
	const size_t len = strcspn(line, "\n");

	return memmem(line, len, "level=INFO", 10) || memmem(line, len, "level=DEBUG", 11);
}

/* Where the error begins: see the header. */
static const char *
find_error(const char *text)
{
	const char *error = NULL, *last = "";

	for (const char *line = text; *line; line += strspn(line, "\n")) {
		if (strncmp(line, ERROR_MARK, sizeof ERROR_MARK - 1) == 0)
			error = line + sizeof ERROR_MARK - 1;
		if (line[strspn(line, " \t\r\n")] && !is_chatter(line))
			last = line;
		line += strcspn(line, "\n");
	}
	return error ? error : last;
}

/* If a credential's name begins at p: the length up to its value; else 0. */
static size_t
credential(const char *p)
{
	static const char *const names[] = {"password", "passwd", "token", "bearer", "secret"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const size_t len = strlen(names[i]);
		if (strncasecmp(p, names[i], len) != 0)
			continue;
		const size_t gap = strspn(p + len, "\"'=: ");
		if (strpbrk(p + len, "=:") && strcspn(p + len, "=:") < gap)
			return len + gap;
		if (strcmp(names[i], "bearer") == 0 && gap > 0)
			return len + gap;
	}
	return 0;
}

/* Runs of space become one, what is not printable ASCII '?', values of credentials go. */
static void
clean(struct buf *out, const char *p)
{
	while (*p) {
		const size_t space = strspn(p, " \t\r\n"), named = credential(p);
		if (space > 0) {
			if (p[space])
				buf_addc(out, ' ');
			p += space;
		} else if (named > 0) {
			buf_add(out, p, named);
			buf_adds(out, HIDDEN);
			p += named + strcspn(p + named, " \t\r\n\"',;");
		} else {
			buf_addc(out, *p >= ' ' && *p <= '~' ? *p : '?');
			p++;
		}
	}
}

const char *
helm_output_text(struct arena *a, const struct helm_output *out)
{
	BUF(all, 2 * HELM_OUTPUT_HALF + sizeof CUT);
	BUF(text, HELM_OUTPUT_TEXT);

	join(&all, out);
	const char *raw = buf_text(&all);
	clean(&text, find_error(raw));
	return arena_strdup(a, buf_text(&text));
}
