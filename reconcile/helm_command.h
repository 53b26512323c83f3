/* The command line and environment of each helm child; no process is started here. */
#ifndef RECONCILE_HELM_COMMAND_H
#define RECONCILE_HELM_COMMAND_H

#include "reconcile/helm.h"

#define HELM_ARGS_MAX 40
#define HELM_GRACE_S 10		/* between SIGTERM and SIGKILL */
#define HELM_CHART_FD 3		/* where helm finds its chart: it opens it by HELM_CHART_PATH */
#define HELM_CHART_PATH "/proc/self/fd/3"

/* What is to be run; argv and env are ended by NULL. */
struct helm_command {
	struct arena *a;		/* holds the texts */
	char *argv[HELM_ARGS_MAX], *env[HELM_ARGS_MAX];
	size_t nargs, nenv;
	const char *input;		/* for stdin; NULL = nothing */
	const void *chart;		/* for descriptor HELM_CHART_FD; NULL = none */
	size_t chart_len;
	bool renders;			/* its output is wanted whole, apart from its errors */
	int timeout_s;
};

void helm_command_job(struct helm_command *cmd, struct arena *a, const struct helm_config *c,
    const struct helm_job *job);
void helm_command_version(struct helm_command *cmd, struct arena *a,
    const struct helm_config *c, int timeout_s);

#endif
