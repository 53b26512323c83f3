/*
 * What a child printed, capped and made fit for a row: the head and the tail are kept, and
 * of them the error, in one line of plain characters without credentials.
 */
#ifndef RECONCILE_HELM_OUTPUT_H
#define RECONCILE_HELM_OUTPUT_H

#include "lib/arena.h"

#define HELM_OUTPUT_HALF ((size_t)32 * 1024)
#define HELM_OUTPUT_TEXT 1000

struct helm_output {
	char head[HELM_OUTPUT_HALF], tail[HELM_OUTPUT_HALF];
	size_t nhead, ntail;		/* ntail counts all bytes after the head; tail is a ring */
};

void helm_output_add(struct helm_output *out, const char *data, size_t len);

/* From the last line that begins with "Error: " (without that word) to the end; without one
 * the last line.  At most HELM_OUTPUT_TEXT characters. */
const char *helm_output_text(struct arena *a, const struct helm_output *out);

#endif
