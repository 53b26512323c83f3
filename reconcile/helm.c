/*
 * Runs helm under coreutils' timeout(1), which is the watchdog that outlives us: it ends helm
 * at the deadline, and passes on the SIGTERM that the kernel sends it when we die.  helm then
 * marks its release failed, so that the next upgrade needs no unlocking.
 */
#include "config.h"

#include "reconcile/helm.h"
#include "lib/clock.h"
#include "reconcile/helm_command.h"
#include "reconcile/helm_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define VERSION_S 10
#define LATE_MS ((HELM_GRACE_S + 5) * 1000)	/* past the deadline: timeout(1) itself is stuck */
#define FREE_MS 3000		/* what helm_free gives helm to end by itself */

struct helm_child {
	struct arena arena;		/* holds this struct */
	pid_t pid;			/* of timeout(1); also the process group */
	int pidfd, output;		/* -1 once ended */
	int rendered;			/* a file in memory for its standard output; -1 = none */
	int64_t started_ms;
	int timeout_s;
	bool ended, told;
	struct helm_result result;
	struct helm_output text;
};

struct fds {
	int input, output, rendered;	/* rendered -1: to output */
	int chart;			/* -1: none */
};

static void
fds_close(struct fds *f)
{
	if (f->input >= 0)
		close(f->input);
	if (f->output >= 0)
		close(f->output);
	if (f->rendered >= 0)
		close(f->rendered);
	if (f->chart >= 0)
		close(f->chart);
}

/* Files in memory, not pipes: they take a text of any size without anybody reading. */
static int
open_memory(const char *name, struct err *e)
{
	const int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		err_set(e, ERR_TRANSIENT, "cannot make a file for helm: %s", strerror(errno));
	return fd;
}

/* What helm reads; nobody can change it any more. */
static int
open_input(const char *name, const void *data, size_t len, struct err *e)
{
	const int fd = open_memory(name, e);
	const char *from = data;

	while (fd >= 0 && len > 0) {
		const ssize_t n = write(fd, from, len);
		if (n < 0) {
			err_set(e, ERR_TRANSIENT, "cannot write helm's %s: %s", name, strerror(errno));
			close(fd);
			return -1;
		}
		from += n;
		len -= (size_t)n;
	}
	if (fd >= 0 && (lseek(fd, 0, SEEK_SET) != 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)) {
		err_set(e, ERR_BUG, "cannot seal helm's %s: %s", name, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

/* dup2() leaves close-on-exec as it is where both are the same. */
static int
pass_on(int fd, int as)
{
	return fd == as ? fcntl(fd, F_SETFD, 0) : dup2(fd, as);
}

/* In the new process: only calls that are safe after fork(). */
static _Noreturn void
become_helm(const struct helm_command *cmd, const struct fds *f, pid_t parent)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	/* The signal comes at our death from now on; if we died before, the parent is another. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
		_exit(125);
	if (dup2(f->input, 0) < 0 || dup2(f->rendered < 0 ? f->output : f->rendered, 1) < 0 ||
	    dup2(f->output, 2) < 0)
		_exit(125);
	if (f->rendered >= 0 && setrlimit(RLIMIT_FSIZE, &(struct rlimit){HELM_MANIFESTS_MAX, HELM_MANIFESTS_MAX}) != 0)
		_exit(125);
	if (f->chart >= 0 && pass_on(f->chart, HELM_CHART_FD) < 0)
		_exit(125);
	close_range(f->chart >= 0 ? HELM_CHART_FD + 1 : HELM_CHART_FD, ~0U, 0);
	execvpe(cmd->argv[0], cmd->argv, cmd->env);
	_exit(127);
}

static int
spawn(struct helm_child *child, const struct helm_command *cmd, struct err *e)
{
	__attribute__((cleanup(fds_close))) struct fds f = {-1, -1, -1, -1};
	const pid_t parent = getpid();
	int ends[2];

	f.input = open_input("values", cmd->input, cmd->input ? strlen(cmd->input) : 0, e);
	f.chart = f.input < 0 || !cmd->chart ? -1 : open_input("chart", cmd->chart, cmd->chart_len, e);
	if (f.input < 0 || (cmd->chart && f.chart < 0))
		return -1;
	if (cmd->renders) {
		child->rendered = open_memory("manifests", e);
		f.rendered = child->rendered < 0 ? -1 : fcntl(child->rendered, F_DUPFD_CLOEXEC, 3);
		if (f.rendered < 0)
			return err_set(e, ERR_TRANSIENT, "cannot make a file for what helm renders");
	}
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, ERR_TRANSIENT, "cannot make a pipe for helm: %s", strerror(errno));
	child->output = ends[0];
	f.output = ends[1];
	fcntl(child->output, F_SETFL, O_NONBLOCK);
	child->pid = fork();
	if (child->pid < 0)
		return err_set(e, ERR_TRANSIENT, "cannot fork for helm: %s", strerror(errno));
	if (child->pid == 0)
		become_helm(cmd, &f, parent);
	setpgid(child->pid, child->pid);	/* here too: whoever comes first */
	child->pidfd = pidfd_open(child->pid, 0);
	if (child->pidfd < 0)
		return err_set(e, ERR_BUG, "cannot watch helm: %s", strerror(errno));
	return 0;
}

static struct helm_child *
start(const struct helm_command *cmd, struct err *e)
{
	struct arena arena = {NULL};
	struct helm_child *child = arena_new(&arena, struct helm_child);

	child->arena = arena;
	child->pid = child->pidfd = child->output = child->rendered = -1;
	child->started_ms = clock_ms();
	child->timeout_s = cmd->timeout_s;
	if (spawn(child, cmd, e) == 0)
		return child;
	helm_free(child);
	return NULL;
}

struct helm_child *
helm_start(const struct helm_config *c, const struct helm_job *job, struct err *e)
{
	ARENA(a);
	struct helm_command cmd;

	helm_command_job(&cmd, &a, c, job);
	return start(&cmd, e);
}

pid_t
helm_pid(const struct helm_child *child)
{
	return child->pid;
}

static void
read_output(struct helm_child *child)
{
	char part[8192];
	ssize_t n;

	while ((n = read(child->output, part, sizeof part)) > 0)
		helm_output_add(&child->text, part, (size_t)n);
}

/* It cannot be larger than the limit that the child has. */
static const char *
read_rendered(struct helm_child *child)
{
	const off_t size = child->rendered < 0 ? 0 : lseek(child->rendered, 0, SEEK_END);
	char *text = arena_alloc(&child->arena, (size_t)(size > 0 ? size : 0) + 1);
	off_t at = 0;

	while (at < size) {
		const ssize_t n = pread(child->rendered, text + at, (size_t)(size - at), at);
		if (n <= 0)
			break;
		at += n;
	}
	return text;
}

static void
close_fds(struct helm_child *child)
{
	struct fds f = {child->pidfd, child->output, child->rendered, -1};

	fds_close(&f);
	child->pidfd = child->output = child->rendered = -1;
}

static void
finish(struct helm_child *child, int wait_status)
{
	struct helm_result *r = &child->result;
	const int64_t ran_ms = clock_ms() - child->started_ms;

	read_output(child);
	r->manifests = read_rendered(child);
	close_fds(child);
	child->ended = true;
	r->status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
	    : 128 + WTERMSIG(wait_status);
	r->ok = r->status == 0;
	r->timed_out = !r->ok && ran_ms >= (int64_t)child->timeout_s * 1000;
	r->output = helm_output_text(&child->arena, &child->text);
	if (r->timed_out)
		r->output = arena_printf(&child->arena, "helm was stopped after %d s%s%.940s",
		    child->timeout_s, *r->output ? ": " : "", r->output);
	else if (!r->ok && !*r->output)
		r->output = arena_printf(&child->arena, "helm ended with status %d and said nothing",
		    r->status);
}

/* The group is killed while its dead leader still holds the number: it hits nobody else. */
static void
reap(struct helm_child *child)
{
	siginfo_t info = {0};
	int wait_status = 255 << 8;	/* somebody else reaped it: not known to be well */

	if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
		if (info.si_pid != child->pid)
			return;
		kill(-child->pid, SIGKILL);
		waitpid(child->pid, &wait_status, 0);
	}
	finish(child, wait_status);
}

static int64_t
late_ms(const struct helm_child *child)
{
	return child->started_ms + (int64_t)child->timeout_s * 1000 + LATE_MS;
}

/* One poll() over what is running; false when nothing is, or a signal came. */
static bool
watch(struct helm_child *const *children, size_t n, int64_t wait_ms)
{
	ARENA(a);
	struct pollfd *fds = arena_array(&a, struct pollfd, 2 * n);
	nfds_t used = 0;

	for (size_t i = 0; i < n; i++) {
		if (!children[i] || children[i]->ended)
			continue;
		const int64_t late = late_ms(children[i]) - clock_ms();
		wait_ms = late < wait_ms ? late : wait_ms;
		fds[used++] = (struct pollfd){.fd = children[i]->pidfd, .events = POLLIN};
		fds[used++] = (struct pollfd){.fd = children[i]->output, .events = POLLIN};
	}
	if (used == 0 || poll(fds, used, wait_ms > 0 ? (int)wait_ms : 0) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!children[i] || children[i]->ended)
			continue;
		read_output(children[i]);
		if (clock_ms() >= late_ms(children[i]))
			kill(-children[i]->pid, SIGKILL);
		reap(children[i]);
	}
	return true;
}

static int
find_ended(struct helm_child *const *children, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!children[i] || !children[i]->ended || children[i]->told)
			continue;
		children[i]->told = true;
		return (int)i;
	}
	return -1;
}

int
helm_wait(struct helm_child *const *children, size_t n, int timeout_ms)
{
	const int64_t until = clock_ms() + timeout_ms;
	int64_t left = timeout_ms;
	int ended;

	while ((ended = find_ended(children, n)) < 0) {
		if (left < 0 || !watch(children, n, left))
			return find_ended(children, n);
		left = until - clock_ms();
		if (left <= 0)
			left = -1;
	}
	return ended;
}

struct helm_result
helm_result(const struct helm_child *child)
{
	return child->result;
}

void
helm_free(struct helm_child *child)
{
	if (!child)
		return;
	if (child->pid > 0 && !child->ended) {
		struct pollfd fd = {.fd = child->pidfd, .events = POLLIN};
		kill(-child->pid, SIGTERM);
		poll(&fd, 1, FREE_MS);
		kill(-child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
	}
	close_fds(child);
	struct arena arena = child->arena;
	arena_fini(&arena);
}

static void
child_cleanup(struct helm_child **child)
{
	helm_free(*child);
}

int
helm_version(const struct helm_config *c, struct arena *a, const char **version, struct err *e)
{
	struct helm_command cmd;

	helm_command_version(&cmd, a, c, VERSION_S);
	__attribute__((cleanup(child_cleanup))) struct helm_child *child = start(&cmd, e);
	if (!child)
		return -1;
	if (helm_wait(&child, 1, VERSION_S * 1000) < 0)
		return err_set(e, ERR_TRANSIENT, "%s did not tell its version in %d s", c->path,
		    VERSION_S);
	const struct helm_result r = helm_result(child);
	if (r.status == 126 || r.status == 127)
		return err_set(e, ERR_MISSING, "there is no helm at %s", c->path);
	if (!r.ok || strncmp(r.output, "v4.", 3) != 0)
		return err_set(e, ERR_INPUT, "%s is not helm 4: %s", c->path, r.output);
	*version = arena_strdup(a, r.output);
	return 0;
}
