/*
 * One loop: wait for a signal or a tick, bury the dead, kill the stuck, start the
 * missing.  Signals are blocked and taken by sigtimedwait(2), so there are no handlers
 * and none is missed.
 */
#include "config.h"

#include "fcgi/master.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/log.h"

#define TICK_MS 200
#define LIVED_MS 10000		/* a worker that ran for this long was sound */
#define PAUSE_MIN_MS 100	/* before a start, doubled with each early death */
#define PAUSE_MAX_MS 30000

struct worker {
	pid_t pid;			/* 0 = not running */
	int64_t started_ms;
	int64_t start_at_ms;		/* when to start it, while not running */
	int64_t pause_ms;
};

struct master {
	const struct master_options *o;
	struct worker workers[MASTER_WORKERS_MAX];
	struct master_slot *slots;	/* shared */
	sigset_t signals;
};

struct number {
	char text[24];
};

static struct number
number(int64_t value)
{
	struct number n;

	snprintf(n.text, sizeof n.text, "%lld", (long long)value);
	return n;
}

/* In the child: never returns. */
static _Noreturn void
work(const struct master *m, size_t i, pid_t master)
{
	sigset_t child;

	/* A worker does not outlive its master, even one that was killed. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != master)
		_exit(0);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &child, NULL);
	exit(m->o->work(m->o->ctx, m->o->listen_fd,
	    &(struct master_place){m->slots, m->o->workers, i}));
}

static void
start_missing(struct master *m, int64_t now)
{
	const pid_t self = getpid();

	for (size_t i = 0; i < m->o->workers; i++) {
		struct worker *w = &m->workers[i];

		if (w->pid != 0 || w->start_at_ms > now)
			continue;
		const pid_t pid = fork();

		if (pid == 0)
			work(m, i, self);
		if (pid < 0) {
			log_error("cannot start a worker", NULL);
			w->start_at_ms = now + PAUSE_MAX_MS;
			continue;
		}
		w->pid = pid;
		w->started_ms = now;
	}
}

static void
bury(struct worker *w, int status, int64_t now)
{
	const bool lived = now - w->started_ms >= LIVED_MS;

	log_error("worker ended", "pid", number(w->pid).text,
	    WIFSIGNALED(status) ? "signal" : "status",
	    number(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)).text,
	    NULL);
	w->pause_ms = lived || w->pause_ms == 0 ? PAUSE_MIN_MS : 2 * w->pause_ms;
	if (w->pause_ms > PAUSE_MAX_MS)
		w->pause_ms = PAUSE_MAX_MS;
	w->start_at_ms = now + w->pause_ms;
	w->pid = 0;
}

/* Returns how many still run. */
static size_t
bury_dead(struct master *m, int64_t now, bool stopping)
{
	size_t running = 0;
	int status;

	for (size_t i = 0; i < m->o->workers; i++) {
		struct worker *w = &m->workers[i];

		if (w->pid == 0)
			continue;
		if (waitpid(w->pid, &status, WNOHANG) == 0)
			running++;
		else if (stopping)
			w->pid = 0;
		else {
			atomic_store(&m->slots[i].busy_since_ms, 0);
			atomic_store(&m->slots[i].gates, 0);
			bury(w, status, now);
		}
	}
	return running;
}

static void
kill_stuck(struct master *m, int64_t now)
{
	for (size_t i = 0; i < m->o->workers; i++) {
		const int64_t since = atomic_load(&m->slots[i].busy_since_ms);

		if (m->workers[i].pid == 0 || since == 0 ||
		    now - since <= m->o->request_timeout_ms)
			continue;
		log_error("worker is stuck and is killed", "pid",
		    number(m->workers[i].pid).text,
		    "busy_ms", number(now - since).text, NULL);
		kill(m->workers[i].pid, SIGKILL);
	}
}

static void
signal_all(const struct master *m, int signo)
{
	for (size_t i = 0; i < m->o->workers; i++) {
		if (m->workers[i].pid != 0)
			kill(m->workers[i].pid, signo);
	}
}

/* The signal that came, or -1 after a tick. */
static int
wait_signal(const struct master *m)
{
	const struct timespec tick = {.tv_nsec = TICK_MS * 1000L * 1000L};

	return sigtimedwait(&m->signals, NULL, &tick);
}

/* SIGTERM lets a worker finish its request; it is repeated to be sure. */
static void
stop_workers(struct master *m)
{
	const int64_t until = clock_ms() + MASTER_GRACE_MS;

	signal_all(m, SIGTERM);
	while (bury_dead(m, clock_ms(), true) > 0) {
		const bool over = clock_ms() >= until;

		signal_all(m, over ? SIGKILL : SIGTERM);
		wait_signal(m);
	}
}

int
master_run(const struct master_options *o)
{
	static struct master m;
	const size_t shared = o->workers * sizeof *m.slots;
	int signo = -1;

	m = (struct master){.o = o};
	m.slots = mmap(NULL, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	    -1, 0);
	if (m.slots == MAP_FAILED)
		return 1;
	sigemptyset(&m.signals);
	sigaddset(&m.signals, SIGTERM);
	sigaddset(&m.signals, SIGINT);
	sigaddset(&m.signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &m.signals, NULL);
	log_info("workers start", "workers", number((int64_t)o->workers).text, NULL);
	while (signo != SIGTERM && signo != SIGINT) {
		const int64_t now = clock_ms();

		bury_dead(&m, now, false);
		kill_stuck(&m, now);
		start_missing(&m, now);
		signo = wait_signal(&m);
	}
	stop_workers(&m);
	munmap(m.slots, shared);
	log_info("stopped", NULL);
	return 0;
}
