/* The bytes of an archive, by the offsets of POSIX.1-2017 (pax, ustar header block), and what tar(1) unpacks from it. */
#include "config.h"

#include "lib/tar.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/arena.h"
#include "tests/check.h"

#define ARCHIVE_MAX (64 << 10)

static void
writes_headers(void)
{
	BUF(out, ARCHIVE_MAX);
	struct err e = {0};
	unsigned sum = 0;

	CHECK(tar_add(&out, "minimal/Chart.yaml", "hello\n", 6, &e) == 0);
	CHECK(tar_add(&out, "minimal/empty", NULL, 0, &e) == 0);
	CHECK(tar_end(&out, &e) == 0);
	CHECK(out.len == 512 * 5);	/* header, block, header, two empty blocks */
	CHECK_STR(out.data, "minimal/Chart.yaml");
	CHECK_STR(out.data + 100, "0000644");
	CHECK_STR(out.data + 108, "0000000");
	CHECK_STR(out.data + 116, "0000000");
	CHECK_STR(out.data + 124, "00000000006");
	CHECK_STR(out.data + 136, "00000000000");
	CHECK(out.data[156] == '0');
	CHECK(memcmp(out.data + 257, "ustar\0" "00", 8) == 0);
	CHECK_STR(out.data + 512, "hello\n");
	CHECK_STR(out.data + 1024, "minimal/empty");
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)out.data[i];
	CHECK(strtoul(out.data + 148, NULL, 8) == sum && out.data[154] == '\0' && out.data[155] == ' ');
}

/* `folders` times "ffff.../", then a name. */
static const char *
path(struct arena *a, size_t folders, size_t folder, size_t name)
{
	BUF(text, 1000);

	for (size_t i = 0; i < folders; i++) {
		for (size_t k = 0; k < folder; k++)
			buf_addc(&text, 'f');
		buf_addc(&text, '/');
	}
	for (size_t k = 0; k < name; k++)
		buf_addc(&text, 'n');
	return arena_strdup(a, buf_text(&text));
}

static void
splits_long_paths(void)
{
	static const struct { size_t folders, folder, name; bool fits; } rows[] = {
		{0, 0, 100, true}, {0, 0, 101, false}, {1, 50, 49, true}, {1, 50, 50, true}, {1, 155, 100, true},
		{1, 156, 100, false}, {1, 155, 101, false}, {4, 50, 1, true}, {5, 50, 1, false}, {2, 77, 100, true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA(a);
		BUF(out, ARCHIVE_MAX);
		struct err e = {0};
		const char *want = path(&a, rows[i].folders, rows[i].folder, rows[i].name);
		const int result = tar_add(&out, want, "x", 1, &e);

		CHECK((result == 0) == rows[i].fits);
		if (!rows[i].fits) {
			CHECK(e.kind == ERR_INPUT && out.len == 0);
			continue;
		}
		const char *name = arena_strndup(&a, out.data, 100), *prefix = arena_strndup(&a, out.data + 345, 155);
		CHECK_STR(*prefix ? arena_printf(&a, "%s/%s", prefix, name) : name, want);
	}
}

static void
keeps_to_the_maximum(void)
{
	BUF(out, 1024);
	struct err e = {0};

	CHECK(tar_add(&out, "a", "x", 1, &e) == 0);
	CHECK(tar_add(&out, "b", "x", 1, &e) == -1 && e.kind == ERR_TOO_LARGE);
	CHECK(tar_end(&out, &e) == -1);
}

/* Not our own reading of the format: tar's. */
static void
is_taken_by_tar(void)
{
	ARENA(a);
	BUF(out, ARCHIVE_MAX);
	struct err e = {0};
	const char *deep = path(&a, 3, 40, 90);
	char file[] = "/tmp/storeward-tar.XXXXXX";
	const int fd = mkstemp(file);

	CHECK(tar_add(&out, "one", "1", 1, &e) == 0 && tar_add(&out, deep, "two\n", 4, &e) == 0 && tar_end(&out, &e) == 0);
	CHECK(fd >= 0 && write(fd, out.data, out.len) == (ssize_t)out.len);
	close(fd);
	const pid_t pid = fork();
	if (pid == 0) {
		execlp("sh", "sh", "-c", "test \"$(tar -tf \"$1\")\" = \"one\n$2\" && test \"$(tar -xOf \"$1\" \"$2\")\" = two",
		    "sh", file, deep, (char *)NULL);
		_exit(127);
	}
	int status = -1;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	unlink(file);
}

static const struct test tests[] = {
	{"tar: a header is as POSIX says", writes_headers},
	{"tar: long paths are split or refused", splits_long_paths},
	{"tar: an archive has a maximum", keeps_to_the_maximum},
	{"tar: tar(1) takes it", is_taken_by_tar},
	{0}
};

int
main(void)
{
	return test_main(tests);
}
