/* Reads /proc.  In doubt a holder lives: then its time must run out. */
#include "config.h"

#include "reconcile/claim.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIELDS = 5, FIELD_MAX = 64, COMMAND_MAX = 8192 };

struct holder {
	char host[FIELD_MAX], boot[FIELD_MAX], space[FIELD_MAX];
	long pid;
	unsigned long long start;
};

/* At most size - 1 bytes of a file; the number read, or -1. */
static ssize_t
slurp(const char *path, char *out, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0) {
		n = read(fd, out, size - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = 0;
	return n;
}

/* Field 22 of /proc/PID/stat, after the name in brackets, which may hold anything; 0 = no such process. */
static unsigned long long
start_time(long pid)
{
	char path[FIELD_MAX], text[1024], *p;

	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	if (slurp(path, text, sizeof text) <= 0 || !(p = strrchr(text, ')')))
		return 0;
	if (p[1] == ' ' && (p[2] == 'Z' || p[2] == 'X'))	/* dead, not yet reaped */
		return 0;
	for (int field = 2; field < 22 && p; field++)
		p = strchr(p + 1, ' ');
	return p ? strtoull(p, NULL, 10) : 0;
}

void
claim_self(char *out, size_t size)
{
	char host[FIELD_MAX] = "", boot[FIELD_MAX], space[FIELD_MAX] = "";
	const ssize_t n = readlink("/proc/self/ns/pid", space, sizeof space - 1);

	space[n > 0 ? n : 0] = 0;
	gethostname(host, sizeof host - 1);
	slurp("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	boot[strcspn(boot, "\n")] = 0;
	snprintf(out, size, "%s %s %s %ld %llu", host[0] ? host : "-", boot[0] ? boot : "-",
	    space[0] ? space : "-", (long)getpid(), start_time(getpid()));
}

static bool
parse(const char *text, struct holder *h)
{
	return text && sscanf(text, "%63s %63s %63s %ld %llu", h->host, h->boot, h->space,
	    &h->pid, &h->start) == FIELDS;
}

bool
claim_dead(const char *self, const char *holder)
{
	struct holder us, them;

	if (!parse(self, &us) || !parse(holder, &them))
		return false;
	if (strcmp(us.boot, them.boot) != 0 || strcmp(us.space, them.space) != 0 ||
	    strcmp(us.boot, "-") == 0 || strcmp(us.space, "-") == 0)
		return false;
	return start_time(them.pid) != them.start;
}

/* Whether the process has both words among its arguments. */
static bool
has_words(const char *pid, const char *namespace)
{
	char path[FIELD_MAX], text[COMMAND_MAX];
	bool name = false, verb = false;

	snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
	const ssize_t n = slurp(path, text, sizeof text);
	for (const char *p = text; n > 0 && p < text + n; p += strlen(p) + 1) {
		name = name || strcmp(p, namespace) == 0;
		verb = verb || strcmp(p, "upgrade") == 0 || strcmp(p, "uninstall") == 0;
	}
	return name && verb;
}

/* True too when /proc cannot be read. */
static bool
helm_lives(const char *namespace)
{
	DIR *proc = opendir("/proc");
	bool found = proc == NULL;

	for (struct dirent *d; !found && (d = readdir(proc)) != NULL;)
		found = isdigit((unsigned char)d->d_name[0]) && has_words(d->d_name, namespace);
	if (proc)
		closedir(proc);
	return found;
}

bool
claim_alive(const char *self, const char *holder, const char *namespace)
{
	if (!holder)
		return false;
	if (strcmp(self, holder) != 0 && !claim_dead(self, holder))
		return true;
	return helm_lives(namespace);
}
