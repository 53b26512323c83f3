/* A command's connection with who it acts for, and what it reads and prints. */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_LEN 64

int
cli_connect(struct cli *c, struct err *e)
{
	char space[4096];
	struct passwd pw, *found = NULL;
	struct db_rows r;
	const char *name = NULL;

	if (getpwuid_r(getuid(), &pw, space, sizeof space, &found) == 0 && found)
		name = found->pw_name;
	if (!name)
		name = arena_printf(c->a, "uid-%u", (unsigned)getuid());
	const char *actor = arena_printf(c->a, "cli:%.*s", NAME_MAX_LEN, name);

	if (db_one(c->db, c->a, Q_cli_session, DB_ARGS(actor), &r, e) == 0)
		return 0;
	return err_wrap(e, e->kind == ERR_TRANSIENT ? "database" : "database (was `storeward migrate` run?)");
}

int
cli_list(struct cli *c, enum query q, struct db_args args, struct err *e)
{
	struct db_rows r;

	if (cli_connect(c, e) != 0 || db_list(c->db, c->a, q, args, CLI_ROWS_MAX, &r, e) != 0)
		return -1;
	return table_print(c, &r, e);
}

int
file_read(struct buf *out, const char *path, struct err *e)
{
	const int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	char chunk[65536];
	ssize_t n;

	if (fd < 0)
		return err_set(e, ERR_MISSING, "%s: %s", path, strerror(errno));
	while ((n = read(fd, chunk, sizeof chunk)) > 0 && buf_add(out, chunk, (size_t)n) == 0)
		;
	const int saved = errno;
	if (fd != STDIN_FILENO)
		close(fd);
	if (n < 0)
		return err_set(e, ERR_MISSING, "%s: %s", path, strerror(saved));
	if (buf_full(out))
		return err_set(e, ERR_TOO_LARGE, "%s is larger than %zu bytes", path, out->max);
	return 0;
}
