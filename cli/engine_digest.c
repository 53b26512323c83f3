/* The digest of an engine's folder: a store whose chart changed is applied again. */
#include "config.h"

#include "cli/cli.h"
#include "cli/engine_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/crypto.h"

#define FILES_MAX 2000
#define BYTES_MAX (16 << 20)	/* of all files: a chart in a release is limited to 1 MiB anyway */
#define DEPTH_MAX 16

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
			return err_set(e, ERR_INPUT, "%s: links are allowed directly below charts/ only", full);
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

static int
walk_dir(struct walk *w, const char *dir, int depth, struct err *e)
{
	const char *full = *dir ? arena_printf(w->a, "%s/%s", w->root, dir) : w->root;
	DIR *d;
	int result = 0;

	if (depth > DEPTH_MAX)
		return err_set(e, ERR_TOO_LARGE, "%s: more than %d folders deep", full, DEPTH_MAX);
	d = opendir(full);
	if (!d)
		return err_set(e, ERR_MISSING, "%s: %s", full, strerror(errno));
	for (struct dirent *entry; result == 0 && (entry = readdir(d)) != NULL; ) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		result = walk_entry(w, arena_printf(w->a, "%s%s%s", dir, *dir ? "/" : "", entry->d_name),
		    depth, e);
	}
	closedir(d);
	return result;
}

static int
by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

int
engine_digest(struct arena *a, const char *dir, const char **out, struct err *e)
{
	struct walk *w = arena_new(a, struct walk);
	BUF(all, BYTES_MAX);

	w->a = a;
	w->root = dir;
	if (walk_dir(w, "", 0, e) != 0)
		return -1;
	qsort(w->files, w->nfiles, sizeof *w->files, by_bytes);
	for (size_t i = 0; i < w->nfiles; i++) {
		BUF(text, BYTES_MAX);

		/* The length keeps one file's end and the next one's path apart. */
		if (file_read(&text, arena_printf(a, "%s/%s", dir, w->files[i]), e) != 0)
			return -1;
		buf_printf(&all, "%s%c%zu%c", w->files[i], 0, text.len, 0);
		buf_add(&all, buf_text(&text), text.len);
	}
	if (buf_full(&all))
		return err_set(e, ERR_TOO_LARGE, "%s has more than %d MiB", dir, BYTES_MAX >> 20);
	*out = crypto_sha256_hex(a, all.data, all.len);
	return 0;
}
