/*
 * An engine's folder as one archive that helm takes (.tgz), and the digest by which a store
 * knows that its chart changed.  What no shop is made from is left out of both.
 */
#ifndef CLI_ENGINE_CHART_H
#define CLI_ENGINE_CHART_H

#include "lib/arena.h"
#include "lib/err.h"

#define ENGINE_CHART_MAX ((size_t)1 << 20)	/* as in table chart */

struct engine_chart {
	const unsigned char *archive;	/* .tgz; the same files make the same bytes */
	size_t len;
	const char *digest;		/* SHA-256 in hex of engine.yaml and what is packed */
};

/*
 * `name` is the archive's one folder.  A link is followed only directly below charts/, where
 * `common` is; others are refused, and so is an archive over ENGINE_CHART_MAX.
 */
int engine_chart_pack(struct arena *a, const char *dir, const char *name,
    struct engine_chart *out, struct err *e);

#endif
