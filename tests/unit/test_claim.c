/* claim.c: when a holder is known to be dead, with real processes. */
#include "config.h"

#include "reconcile/claim.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"

#define NAMESPACE "store-0c1a1m00"

/* A child that runs `command`, or waits; its id. */
static pid_t
child(char *const command[])
{
	const pid_t pid = fork();

	if (pid == 0) {
		if (command)
			execv(command[0], command);
		pause();
		_exit(127);
	}
	return pid;
}

static void
end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void
holders(void)
{
	char self[160], other[400], host[64], boot[64], space[64];
	long pid;
	unsigned long long start;

	claim_self(self, sizeof self);
	CHECK(sscanf(self, "%63s %63s %63s %ld %llu", host, boot, space, &pid, &start) == 5);
	CHECK(pid == getpid());
	CHECK(!claim_dead(self, self));
	CHECK(!claim_dead(self, NULL));
	CHECK(!claim_dead(self, "somebody"));
	snprintf(other, sizeof other, "%s %s %s %ld %llu", host, boot, space, pid, start + 1);
	CHECK(claim_dead(self, other));		/* the number was given away again */
	snprintf(other, sizeof other, "%s another-boot %s %ld %llu", host, space, pid, start + 1);
	CHECK(!claim_dead(self, other));	/* cannot be looked at */
	snprintf(other, sizeof other, "%s %s pid:[1] %ld %llu", host, boot, pid, start + 1);
	CHECK(!claim_dead(self, other));
}

static void
helm_outlives_its_holder(void)
{
	static char sh[] = "/bin/sh", c[] = "-c", script[] = "sleep 30; :", name[] = "helm", verb[] = "upgrade",
	    ns[] = NAMESPACE;
	char *const helm[] = {sh, c, script, name, verb, ns, NULL};
	char self[160], dead[160];

	claim_self(self, sizeof self);
	snprintf(dead, sizeof dead, "%.*s 1", (int)(strrchr(self, ' ') - self), self);
	CHECK(claim_dead(self, dead));
	CHECK(!claim_alive(self, dead, NAMESPACE));
	const pid_t pid = child(helm);

	usleep(200 * 1000);
	CHECK(claim_alive(self, dead, NAMESPACE));
	CHECK(!claim_alive(self, dead, "store-11111111"));
	end(pid);
	CHECK(!claim_alive(self, dead, NAMESPACE));
	CHECK(claim_alive(self, "elsewhere b s 1 2", NAMESPACE));
}

int
main(void)
{
	static const struct test tests[] = {
		{"holders", holders},
		{"a helm child outlives its holder", helm_outlives_its_holder},
		{0},
	};

	return test_main(tests);
}
