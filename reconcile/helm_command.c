/*
 * helm's words.  No --wait, --create-namespace or rollback: readiness is observed, the
 * namespace is ours, and a failed install is rolled forward.  Neither -o json: it prints the
 * whole release, and what became of it is read from the cluster anyway.
 */
#include "config.h"

#include "reconcile/helm_command.h"

#include <stdlib.h>

static void
add(struct helm_command *cmd, const char *arg)
{
	if (cmd->nargs + 1 >= HELM_ARGS_MAX)
		abort();
	cmd->argv[cmd->nargs++] = arena_strdup(cmd->a, arg);
}

static void
add_pair(struct helm_command *cmd, const char *flag, const char *value)
{
	if (!value)
		return;
	add(cmd, flag);
	add(cmd, value);
}

static void
add_env(struct helm_command *cmd, const char *name, const char *value)
{
	if (value)
		cmd->env[cmd->nenv++] = arena_printf(cmd->a, "%s=%s", name, value);
}

/* Only these: our own environment may hold the database's password. */
static void
set_env(struct helm_command *cmd, const struct helm_config *c)
{
	static const char *const caches[] = {
		"HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME",
	};

	add_env(cmd, "PATH", getenv("PATH"));
	add_env(cmd, "HOME", c->home);
	for (size_t i = 0; i < sizeof caches / sizeof *caches; i++)
		add_env(cmd, caches[i], c->home);
	add_env(cmd, "HELM_NO_PLUGINS", "1");
	add_env(cmd, "GOMAXPROCS", "2");
	add_env(cmd, "LC_ALL", "C");
	if (c->kubeconfig) {
		add_env(cmd, "KUBECONFIG", c->kubeconfig);
		return;
	}
	add_env(cmd, "KUBERNETES_SERVICE_HOST", getenv("KUBERNETES_SERVICE_HOST"));
	add_env(cmd, "KUBERNETES_SERVICE_PORT", getenv("KUBERNETES_SERVICE_PORT"));
}

static void
set_start(struct helm_command *cmd, struct arena *a, const struct helm_config *c, int timeout_s)
{
	*cmd = (struct helm_command){.a = a, .timeout_s = timeout_s};
	add(cmd, "timeout");
	add(cmd, "-k");
	add(cmd, arena_printf(cmd->a, "%d", HELM_GRACE_S));
	add(cmd, arena_printf(cmd->a, "%d", timeout_s));
	add(cmd, c->path);
	set_env(cmd, c);
}

static void
set_input(struct helm_command *cmd, const struct helm_job *job)
{
	cmd->input = job->values;
	cmd->chart = job->chart;
	cmd->chart_len = job->chart_len;
}

/*
 * Conflicts are forced: a field that a person or a controller changed is drift, and without
 * it their field manager would make every later upgrade fail.
 */
static void
set_upgrade(struct helm_command *cmd, const struct helm_job *job)
{
	static const char *const flags[] = {
		"-f", "-", "--history-max", "2", "--skip-crds", "--disable-openapi-validation",
		"--server-side=true", "--force-conflicts", "--hide-notes",
	};

	add(cmd, "upgrade");
	add(cmd, "--install");
	add(cmd, job->release);
	add(cmd, HELM_CHART_PATH);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		add(cmd, flags[i]);
	add_pair(cmd, "--labels", job->labels);
	set_input(cmd, job);
}

/* The same objects as an upgrade makes, asking no cluster. */
static void
set_template(struct helm_command *cmd, const struct helm_job *job)
{
	static const char *const flags[] = {"-f", "-", "--skip-crds", "--is-upgrade"};

	add(cmd, "template");
	add(cmd, job->release);
	add(cmd, HELM_CHART_PATH);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		add(cmd, flags[i]);
	set_input(cmd, job);
	cmd->renders = true;
}

/* What is absent already is as wanted. */
static void
set_uninstall(struct helm_command *cmd, const struct helm_job *job)
{
	add(cmd, "uninstall");
	add(cmd, job->release);
	add(cmd, "--ignore-not-found");
}

void
helm_command_job(struct helm_command *cmd, struct arena *a, const struct helm_config *c,
    const struct helm_job *job)
{
	set_start(cmd, a, c, c->timeout_s);
	switch (job->verb) {
	case HELM_UPGRADE:
		set_upgrade(cmd, job);
		break;
	case HELM_UNINSTALL:
		set_uninstall(cmd, job);
		break;
	case HELM_TEMPLATE:
		set_template(cmd, job);
		break;
	}
	add_pair(cmd, "-n", job->namespace);
	add_pair(cmd, "--timeout", arena_printf(a, "%ds", c->timeout_s));
	add_pair(cmd, "--kube-context", c->context);
}

void
helm_command_version(struct helm_command *cmd, struct arena *a, const struct helm_config *c,
    int timeout_s)
{
	set_start(cmd, a, c, timeout_s);
	add(cmd, "version");
	add_pair(cmd, "--template", "{{.Version}}");
}
