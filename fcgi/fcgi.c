/*
 * libfcgi reads and writes in blocking calls.  Its accept is not used: it cannot set
 * timeouts on the new socket, and misses a SIGTERM that comes just before accept(2).
 * Instead a connected socket is put into the request, and listen_sock is -1, so that
 * FCGX_Accept_r() gives up where it would wait for the next connection.
 */
#include "config.h"

#include "fcgi/fcgi.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/clock.h"

struct fcgi_conn {
	FCGX_Request fcgx;
};

/* What the alarm shuts down.  A shut socket reads as ended, so libfcgi comes back. */
static volatile sig_atomic_t alarm_fd = -1, alarm_how, alarm_rang;

static void
on_alarm(int signo)
{
	const int saved = errno;

	(void)signo;
	alarm_rang = 1;
	if (alarm_fd >= 0)
		shutdown(alarm_fd, alarm_how);
	errno = saved;
}

/* Within `seconds` from now the socket is shut (SHUT_RD, SHUT_RDWR); 0: no deadline. */
static void
deadline(const struct fcgi_conn *conn, unsigned seconds, int how)
{
	alarm(0);
	alarm_fd = conn->fcgx.ipcFd;
	alarm_how = how;
	alarm_rang = 0;
	alarm(seconds);
}

static void
deadline_end(void)
{
	alarm(0);
	alarm_fd = -1;
}

const char *
fcgi_param(const struct fcgi_conn *conn, const char *name)
{
	return FCGX_GetParam(name, conn->fcgx.envp);
}

size_t
fcgi_read(struct fcgi_conn *conn, char *out, size_t len)
{
	deadline(conn, FCGI_BODY_S, SHUT_RD);
	const int got = FCGX_GetStr(out, (int)len, conn->fcgx.in);

	alarm(0);
	return got > 0 ? (size_t)got : 0;
}

bool
fcgi_late(const struct fcgi_conn *conn)
{
	(void)conn;
	return alarm_rang != 0;
}

void
fcgi_write(struct fcgi_conn *conn, const char *data, size_t len)
{
	deadline(conn, FCGI_ANSWER_S, SHUT_RDWR);
	FCGX_PutStr(data, (int)len, conn->fcgx.out);
	alarm(0);
}

/* One request on a connected socket, which is closed in the end. */
static void
serve_one(int fd, fcgi_handler *handle, void *ctx)
{
	struct fcgi_conn conn;

	FCGX_InitRequest(&conn.fcgx, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	conn.fcgx.ipcFd = fd;
	conn.fcgx.keepConnection = 1;	/* or FCGX_Accept_r() closes it first */
	deadline(&conn, FCGI_PARAMS_S, SHUT_RD);
	if (FCGX_Accept_r(&conn.fcgx) == 0) {
		deadline_end();
		handle(ctx, &conn);
		/* Closing waits for the peer to close; whoever asks to keep the
		 * connection would keep the worker. */
		deadline(&conn, FCGI_ANSWER_S, SHUT_RDWR);
		conn.fcgx.keepConnection = 0;
		FCGX_Finish_r(&conn.fcgx);
	}
	deadline_end();
}

/* A connected socket; -1 when told to stop; -2 when another worker was faster. */
static int
next_connection(int listen_fd, int stop_fd)
{
	struct pollfd fds[] = {
		{.fd = stop_fd, .events = POLLIN}, {.fd = listen_fd, .events = POLLIN},
	};
	const struct timeval idle = {.tv_sec = FCGI_BODY_S};

	if (poll(fds, 2, -1) < 0)
		return errno == EINTR ? -2 : -1;
	if (fds[0].revents)
		return -1;
	const int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return -2;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &idle, sizeof idle);
	return fd;
}

static int
stop_descriptor(void)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	return signalfd(-1, &stop, SFD_CLOEXEC);
}

int
fcgi_serve(int listen_fd, _Atomic int64_t *busy_since_ms, fcgi_handler *handle, void *ctx)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	const struct sigaction ring = {.sa_handler = on_alarm};
	const int stop_fd = stop_descriptor();

	/* Before FCGX_Init(), which leaves handlers alone that are not the default. */
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGUSR1, &ignore, NULL);
	sigaction(SIGALRM, &ring, NULL);
	if (stop_fd < 0 || FCGX_Init() != 0)
		return -1;
	for (;;) {
		const int fd = next_connection(listen_fd, stop_fd);

		if (fd == -1)
			break;
		if (fd < 0)
			continue;
		atomic_store(busy_since_ms, clock_ms());
		serve_one(fd, handle, ctx);
		atomic_store(busy_since_ms, 0);
	}
	close(stop_fd);
	return 0;
}
