/*
 * Opening the FastCGI socket.  It is never reachable before its group and mode are set,
 * and a socket on which somebody still listens is left alone.
 */
#include "config.h"

#include "fcgi/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 1024

/* 660, as written by people, to 0660; -1 if it is no mode. */
static int
mode_of(int64_t digits)
{
	int mode = 0;

	if (digits < 0 || digits > 777)
		return -1;
	for (int shift = 0; digits > 0; shift += 3, digits /= 10) {
		if (digits % 10 > 7)
			return -1;
		mode |= (int)(digits % 10) << shift;
	}
	return mode;
}

static int
address(const char *path, struct sockaddr_un *out, struct err *e)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof out->sun_path)
		return err_set(e, ERR_INPUT,
		    "socket %s: the path has more than %zu bytes",
		    path, sizeof out->sun_path - 1);
	memcpy(out->sun_path, path, strlen(path) + 1);
	return 0;
}

/* Removes what a former run has left. */
static int
clear_path(const char *path, const struct sockaddr_un *addr, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, ERR_INPUT,
		    "socket %s: is there already and is no socket", path);
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const bool used = fd >= 0 &&
	    (connect(fd, (const struct sockaddr *)addr, sizeof *addr) == 0 ||
	    errno == EAGAIN);

	if (fd >= 0)
		close(fd);
	if (used)
		return err_set(e, ERR_CONFLICT,
		    "socket %s: another program listens on it", path);
	if (unlink(path) != 0)
		return err_set(e, ERR_INPUT, "socket %s: %s", path, strerror(errno));
	return 0;
}

static int
set_access(const struct listen_options *o, struct err *e)
{
	const int mode = mode_of(o->mode);

	if (mode < 0)
		return err_set(e, ERR_INPUT,
		    "socket_mode: must be octal digits such as 660");
	if (o->group[0] != '\0') {
		const struct group *group = getgrnam(o->group);

		if (!group)
			return err_set(e, ERR_INPUT, "socket_group: there is no group %s",
			    o->group);
		if (chown(o->path, (uid_t)-1, group->gr_gid) != 0)
			return err_set(e, ERR_INPUT,
			    "socket %s: cannot give it to group %s: %s",
			    o->path, o->group, strerror(errno));
	}
	if (chmod(o->path, (mode_t)mode) != 0)
		return err_set(e, ERR_INPUT, "socket %s: %s", o->path, strerror(errno));
	return 0;
}

static int
open_path(const struct listen_options *o, struct err *e)
{
	struct sockaddr_un addr;

	if (address(o->path, &addr, e) != 0 || clear_path(o->path, &addr, e) != 0)
		return -1;
	const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const mode_t former = umask(0777);
	const bool bound = fd >= 0 &&
	    bind(fd, (const struct sockaddr *)&addr, sizeof addr) == 0;
	const int failure = errno;

	umask(former);
	if (!bound)
		err_set(e, ERR_INPUT, "socket %s: %s", o->path, strerror(failure));
	else if (listen(fd, BACKLOG) != 0)
		err_set(e, ERR_INPUT, "socket %s: %s", o->path, strerror(errno));
	else if (set_access(o, e) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Descriptor 3 when systemd hands it over (sd_listen_fds(3)), else 0. */
static int
handed_over(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	const bool ours = pid && fds && strtoimax(pid, NULL, 10) == getpid() &&
	    strtoimax(fds, NULL, 10) == 1;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	return ours ? 3 : 0;
}

static bool
is_listening(int fd)
{
	struct sockaddr_un addr;
	socklen_t addr_len = sizeof addr, size = sizeof(int);
	int on = 0;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &size) == 0 && on != 0 &&
	    getsockname(fd, (struct sockaddr *)&addr, &addr_len) == 0 &&
	    addr.sun_family == AF_UNIX;
}

int
listen_open(const struct listen_options *o, struct err *e)
{
	const int fd = o->path[0] != '\0' ? open_path(o, e) : handed_over();

	if (fd < 0)
		return -1;
	if (!is_listening(fd))
		return err_set(e, ERR_INPUT,
		    "no socket: give --socket PATH, or hand over a "
		    "listening unix socket as descriptor 0 or by LISTEN_FDS");
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		return err_set(e, ERR_INPUT, "socket: %s", strerror(errno));
	return fd;
}
