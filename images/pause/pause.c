/*
 * pause: the process that keeps a pod's namespaces alive. It sleeps, reaps
 * orphans that were left to it, and ends on SIGTERM or SIGINT.
 */
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static void
on_signal(int sig)
{
	if (sig != SIGCHLD)
		_exit(0);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

int
main(void)
{
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	signal(SIGCHLD, on_signal);
	for (;;)
		pause();
}
