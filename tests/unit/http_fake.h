/*
 * A scripted HTTP/1.1 server for unit tests: a child process that answers each connection
 * in a child of its own with what serve() writes, then closes it.
 */
#ifndef TESTS_UNIT_HTTP_FAKE_H
#define TESTS_UNIT_HTTP_FAKE_H

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef void fake_fn(int fd, const char *request);

struct fake {
	pid_t pid;
	char url[64];
};

/* Writes all of len bytes, as far as the peer still listens. */
static inline void
fake_write(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		data += n;
		len -= (size_t)n;
	}
}

/* A whole answer; `status` as "200 OK", `headers` NULL or lines ending in CRLF. */
static inline void
fake_reply(int fd, const char *status, const char *headers, const char *body)
{
	char head[512];
	int n = snprintf(head, sizeof head, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n%s\r\n", status, strlen(body), headers ? headers : "");

	fake_write(fd, head, (size_t)n);
	fake_write(fd, body, strlen(body));
}

/* Reads the head and as much body as Content-Length says. */
static inline void
fake_connection(int fd, fake_fn *serve)
{
	static char request[64 << 10];
	size_t len = 0, want = SIZE_MAX;

	while (len < want && len < sizeof request - 1) {
		ssize_t n = read(fd, request + len, sizeof request - 1 - len);

		if (n <= 0)
			_exit(1);
		request[len += (size_t)n] = '\0';
		const char *end = strstr(request, "\r\n\r\n");
		const char *body = strcasestr(request, "\r\nContent-Length: ");
		if (end)
			want = (size_t)(end + 4 - request) +
			    (body ? strtoul(body + 18, NULL, 10) : 0);
	}
	serve(fd, request);
	shutdown(fd, SHUT_WR);
	_exit(0);
}

static inline void
fake_start(struct fake *f, fake_fn *serve)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof addr;
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (bind(s, (struct sockaddr *)&addr, len) != 0 || listen(s, 256) != 0 ||
	    getsockname(s, (struct sockaddr *)&addr, &len) != 0)
		abort();
	snprintf(f->url, sizeof f->url, "http://127.0.0.1:%d", ntohs(addr.sin_port));
	f->pid = fork();
	if (f->pid != 0) {
		close(s);
		return;
	}
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(s, NULL, NULL);

		if (fd >= 0 && fork() == 0)
			fake_connection(fd, serve);
		close(fd);
	}
}

static inline void
fake_stop(struct fake *f)
{
	setpgid(f->pid, f->pid);	/* in case the child has not come to it yet */
	kill(-f->pid, SIGKILL);
	waitpid(f->pid, NULL, 0);
}

#endif
