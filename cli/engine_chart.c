/*
 * The folder is walked once, into one buffer with engine.yaml first.  The digest is of it all, not
 * of the compressed bytes, which another zlib may make otherwise; behind engine.yaml the archive
 * begins.
 */
#include "config.h"

#include "cli/engine_chart.h"

#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/crypto.h"
#include "lib/gzip.h"
#include "lib/tar.h"

#define FILES_MAX 2000
#define BYTES_MAX (16 << 20)	/* of all files, before they are compressed */
#define DEPTH_MAX 16

/* What helm makes a shop from.  Each may be missing: Chart.yaml was read before. */
static const char *const parts[] = {
	"Chart.yaml", "LICENSE", "charts", "crds", "files", "templates", "values.schema.json",
	"values.yaml",
};

struct walk {
	struct arena *a;
	const char *root;
	const char *files[FILES_MAX];	/* relative paths */
	size_t nfiles;
};

static int walk_dir(struct walk *w, const char *dir, int depth, struct err *e);

static int
walk_entry(struct walk *w, const char *path, int depth, struct err *e)
{
	const char *full = arena_printf(w->a, "%s/%s", w->root, path);
	struct stat st;

	if (lstat(full, &st) != 0)
		return err_set(e, ERR_MISSING, "%s: %s", full, strerror(errno));
	if (S_ISLNK(st.st_mode)) {
		if (strncmp(path, "charts/", 7) != 0 || strchr(path + 7, '/'))
			return err_set(e, ERR_INPUT, "%s: links are allowed directly below charts/ only",
			    full);
		if (stat(full, &st) != 0)
			return err_set(e, ERR_MISSING, "%s: %s", full, strerror(errno));
	}
	if (S_ISDIR(st.st_mode))
		return walk_dir(w, path, depth + 1, e);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_INPUT, "%s: is neither file nor folder", full);
	if (w->nfiles == FILES_MAX)
		return err_set(e, ERR_TOO_LARGE, "%s has more than %d files", w->root, FILES_MAX);
	w->files[w->nfiles++] = path;
	return 0;
}

/* What editors leave behind. */
static bool
is_left_over(const char *name)
{
	const size_t len = strlen(name);

	return name[len - 1] == '~' || (len > 4 && strcmp(name + len - 4, ".swp") == 0);
}

static int
walk_dir(struct walk *w, const char *dir, int depth, struct err *e)
{
	const char *full = arena_printf(w->a, "%s/%s", w->root, dir);
	DIR *d;
	int result = 0;

	if (depth > DEPTH_MAX)
		return err_set(e, ERR_TOO_LARGE, "%s: more than %d folders deep", full, DEPTH_MAX);
	d = opendir(full);
	if (!d)
		return err_set(e, ERR_MISSING, "%s: %s", full, strerror(errno));
	for (struct dirent *entry; result == 0 && (entry = readdir(d)) != NULL; ) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && !is_left_over(name))
			result = walk_entry(w, arena_printf(w->a, "%s/%s", dir, name), depth, e);
	}
	closedir(d);
	return result;
}

static int
by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int
find_files(struct walk *w, struct err *e)
{
	struct stat st;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		const char *full = arena_printf(w->a, "%s/%s", w->root, parts[i]);

		if (lstat(full, &st) == 0 && walk_entry(w, parts[i], 0, e) != 0)
			return -1;
	}
	qsort(w->files, w->nfiles, sizeof *w->files, by_bytes);
	return 0;
}

static int
add_file(struct buf *all, const struct walk *w, const char *path, const char *as,
    struct err *e)
{
	BUF(text, BYTES_MAX);

	if (file_read(&text, arena_printf(w->a, "%s/%s", w->root, path), e) != 0)
		return -1;
	return tar_add(all, as, text.data, text.len, e) ? err_wrap(e, "%s", w->root) : 0;
}

static int
compress(struct arena *a, const char *data, size_t len, struct engine_chart *out,
    struct err *e)
{
	BUF(packed, BYTES_MAX);

	if (gzip_pack(&packed, data, len, e) != 0)
		return -1;
	if (packed.len > ENGINE_CHART_MAX)
		return err_set(e, ERR_TOO_LARGE, "the packed chart has %zu bytes; it may have %zu",
		    packed.len, ENGINE_CHART_MAX);
	unsigned char *archive = arena_alloc(a, packed.len);
	memcpy(archive, packed.data, packed.len);
	out->archive = archive;
	out->len = packed.len;
	return 0;
}

int
engine_chart_pack(struct arena *a, const char *dir, const char *name,
    struct engine_chart *out, struct err *e)
{
	struct walk *w = arena_new(a, struct walk);
	BUF(all, BYTES_MAX);

	w->a = a;
	w->root = dir;
	if (find_files(w, e) != 0 || add_file(&all, w, "engine.yaml", "engine.yaml", e) != 0)
		return -1;
	const size_t begin = all.len;
	for (size_t i = 0; i < w->nfiles; i++) {
		const char *as = arena_printf(a, "%s/%s", name, w->files[i]);

		if (add_file(&all, w, w->files[i], as, e) != 0)
			return -1;
	}
	if (tar_end(&all, e) != 0 ||
	    compress(a, all.data + begin, all.len - begin, out, e) != 0)
		return err_wrap(e, "%s", dir);
	out->digest = crypto_sha256_hex(a, all.data, all.len);
	return 0;
}
