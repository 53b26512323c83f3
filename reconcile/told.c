/* Whatever a pod writes there is text of a stranger: bounded, cleaned, and taken only where it is exactly of the form. */
#include "config.h"

#include "reconcile/told.h"

#include "lib/json_scan.h"
#include "lib/log.h"
#include "reconcile/status.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 63 };

static bool
is(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(text, word, len) == 0;
}

/* Runs of space and control characters as one space, what is no UTF-8 as '?', cut at TOLD_TEXT characters. */
static const char *
clean(struct arena *a, const char *text, size_t len)
{
	BUF(out, 4 * TOLD_TEXT);
	size_t chars = 0;

	for (size_t i = 0, n; i < len; i += n) {
		const size_t whole = utf8_length((const unsigned char *)text + i, len - i);
		const bool space = (unsigned char)text[i] <= ' ' || text[i] == 0x7F;

		n = whole ? whole : 1;
		if (space && (out.len == 0 || out.data[out.len - 1] == ' '))
			continue;
		if (++chars > TOLD_TEXT - 3) {
			buf_adds(&out, "...");
			break;
		}
		buf_add(&out, space ? " " : whole ? text + i : "?", space || !whole ? 1 : n);
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		out.len--;
	return arena_strndup(a, buf_text(&out), out.len);
}

/* How long the CamelCase word is that text begins with; 0 when it begins with none or with one that is too long. */
static size_t
camel(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && ((text[n] >= 'A' && text[n] <= 'Z') || (text[n] >= 'a' && text[n] <= 'z') ||
	    (text[n] >= '0' && text[n] <= '9')))
		n++;
	return n > 0 && n <= NAME_MAX_LENGTH && text[0] >= 'A' && text[0] <= 'Z' ? n : 0;
}

/* Takes a CamelCase word and what must follow it; its length, or 0. */
static size_t
word(const char **text, size_t *len, char after)
{
	const size_t n = camel(*text, *len);

	if (n == 0 || n == *len || (*text)[n] != after)
		return 0;
	*text += n + 1;
	*len -= n + 1;
	return n;
}

static const char *
known(const char *text, size_t len)
{
	static const char *const all[] = {"True", "False", "Unknown"};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (is(text, len, all[i]))
			return all[i];
	return NULL;
}

/* False when it is not of the form, or of a type that is not wanted. */
static bool
take(struct arena *a, struct told *out, const char *text, size_t len)
{
	const char *type = text;
	const size_t type_len = word(&text, &len, ' ');
	const char *status = text;
	const size_t status_len = word(&text, &len, ' ');
	const char *reason = text;
	const size_t reason_len = word(&text, &len, ':');

	status = status_len ? known(status, status_len) : NULL;
	if (!type_len || !status || !reason_len || len == 0 || *text != ' ')
		return false;
	const char *message = clean(a, text, len);

	for (size_t i = 0; i < out->n && *message; i++)
		if (is(type, type_len, out->line[i].type)) {
			out->line[i].status = status;
			out->line[i].reason = arena_strndup(a, reason, reason_len);
			out->line[i].message = message;
			return true;
		}
	return false;
}

void
told_parse(struct arena *a, const char *said, const struct json *declared, struct told *out)
{
	size_t left = strnlen(said, TOLD_BYTES);
	size_t len = strcspn(said, "\n");

	*out = (struct told){.n = 0};
	for (size_t i = 0; i < json_count(declared) && out->n < TOLD_MAX; i++)
		out->line[out->n++] = (struct told_line){json_text(json_item(declared, i), ""), "Unknown", "NotTold",
		    "The last probe did not tell."};
	len = len < left ? len : left;
	out->first = clean(a, said, len);
	while (len < left) {
		said += len + 1;
		left -= len + 1;
		len = strcspn(said, "\n");
		len = len < left ? len : left;
		if (!take(a, out, said, len) && !out->ignored && *clean(a, said, len))
			out->ignored = clean(a, said, len);
	}
}

const char *
told_put(struct world *w, struct store *s, const struct check_end *end)
{
	struct told told;

	told_parse(w->a, end->said, json_get(check_spec(w, s), "probe.conditions"), &told);
	for (size_t i = 0; i < told.n; i++) {
		const struct told_line *l = &told.line[i];
		const char *before = status_condition(w->a, s, l->type);

		if (strcmp(l->status, "False") == 0 && strcmp(before, "False") != 0)
			store_event(s, "Warning", l->reason, l->message);
		else if (strcmp(l->status, "True") == 0 && *before && strcmp(before, "True") != 0)
			store_event(s, "Normal", l->reason, l->message);
		status_put(w, s, &(struct status_condition){
		    l->type, l->status, l->reason, l->message, end->at, end->seconds});
	}
	if (told.ignored)
		log_info("a probe told what its engine does not have", "store", s->id, "line", told.ignored, NULL);
	return told.first;
}
