/*
 * What a probe tells beside the checkout: the lines of its termination message after the first,
 * "TYPE True|False|Unknown REASON: MESSAGE", for the types that engine.yaml's probe.conditions names.
 */
#ifndef RECONCILE_TOLD_H
#define RECONCILE_TOLD_H

#include "reconcile/check.h"

#define TOLD_MAX 8		/* types an engine may have */
#define TOLD_TEXT 500		/* characters of a message */
#define TOLD_BYTES 4096		/* of a termination message: what a kubelet passes on */

struct told {
	const char *first;		/* the first line: what became of the checkout; "" = nothing */
	size_t n;
	struct told_line {
		const char *type, *status, *reason, *message;
	} line[TOLD_MAX];		/* one for each declared type, in their order */
	const char *ignored;		/* the first line that is none of them, cleaned; NULL = there is none */
};

/* All texts are whole UTF-8 without control characters, in the arena.  The last of two lines of one type counts. */
void told_parse(struct arena *a, const char *said, const struct json *declared, struct told *out);

/* Sets the conditions that a run of the probe told, and those it should have; the first line of what it said. */
const char *told_put(struct world *w, struct store *s, const struct check_end *end);

#endif
