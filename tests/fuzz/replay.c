/*
 * Runs a fuzz entry point over its corpus: the folder tests/fuzz/corpus/NAME for the program fuzz_NAME, or
 * the files named. With clang's -fsanitize=fuzzer the same entry points fuzz for real.
 */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
replay(const char *path)
{
	static uint8_t data[1 << 16];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return 0;
	n = fread(data, 1, sizeof data, f);
	fclose(f);
	/* Every prefix too: a parser must bear input that is cut anywhere. */
	for (size_t cut = n > 512 ? n - 512 : 0; cut <= n; cut++)
		LLVMFuzzerTestOneInput(data, cut);
	return 1;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	const char *srcdir = getenv("srcdir") ? getenv("srcdir") : ".";
	char folder[2048], path[4096];
	struct dirent *entry;
	int files = 0;

	for (int i = 1; i < argc; i++)
		files += replay(argv[i]);
	snprintf(folder, sizeof folder, "%s/tests/fuzz/corpus/%s", srcdir, name + strlen("fuzz_"));
	DIR *dir = argc > 1 ? NULL : opendir(folder);
	while (dir && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		files += entry->d_name[0] != '.' && replay(path);
	}
	if (dir)
		closedir(dir);
	printf("%s %s: %d files\n", files ? "ok" : "not ok", name, files);
	return files == 0;
}
