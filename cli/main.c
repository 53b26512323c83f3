/* storeward: the operator's command line.  This file has the table of its commands. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#define DATABASE_TIMEOUT_MS (60 * 1000)	/* a migration's statement may take a while */

enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE };

const struct command commands[] = {
	{"migrate", "", "Makes the roles and brings the database's schema up to date", NULL, migrate_run},
	{"doctor", "", "Checks the database: schema, every query, audit chains", NULL, doctor_run},
	{"tenant add", "NAME", "Makes a tenant, or changes its limits",
	    tenant_add_options, tenant_add},
	{"tenant list", "", "Lists the tenants", NULL, tenant_list},
	{"user add", "EMAIL", "Makes a user and a membership, or changes them", user_add_options, user_add},
	{"token create", "", "Makes an API token and prints it, this once", token_create_options, token_create},
	{"token revoke", "ID", "Ends a token", NULL, token_revoke},
	{"token list", "", "Lists the tokens, without what is secret", NULL, token_list},
	{"engines load", "[DIR]", "Loads every engine below a folder", NULL, engines_load},
	{"engines list", "", "Lists the engines that were loaded", NULL, engines_list},
	{"engines lint", "DIR", "Checks one engine's folder without a database", NULL, engines_lint},
	{"engines test", "DIR", "Runs an engine of a checkout through a store's life, on its test cluster", NULL, engines_test},
	{"cluster set", "NAME", "Adds a cluster, or changes what is given", cluster_set_options, cluster_set},
	{"cluster list", "", "Lists the clusters", NULL, cluster_list},
	{"stores list", "", "Lists the stores of all tenants", NULL, stores_list},
	{"incidents list", "", "Lists what waits for a person's decision", incidents_list_options, incidents_list},
	{"incidents settle", "ID", "Settles an incident, so that the reconciler goes on",
	    incidents_settle_options, incidents_settle},
	{"audit verify", "", "Checks the hash chain of every tenant's audit log", NULL, audit_verify},
	{0},
};

static void
help(void)
{
	puts("usage: storeward [--database URL] [--config FILE] [--json] COMMAND ...\n");
	for (const struct command *c = commands; c->words; c++) {
		const int len = printf("  %s %s", c->words, c->args);

		printf("%*s%s\n", len < 28 ? 28 - len : 1, "", c->help);
	}
	puts("\n  --database URL  libpq connection string or URI; else STOREWARD_DATABASE_URL, the\n"
	    "                  configuration's database_url, or PGHOST and its like\n"
	    "  --config FILE   configuration, else $STOREWARD_CONF or /etc/storeward/storeward.yaml\n"
	    "  --json          lists as JSON\n"
	    "storeward help COMMAND shows a command's options. Exit code 1: failed, 2: wrong use.");
}

/* The command that argv begins with; *rest is what follows its words. */
static const struct command *
find_command(char **argv, char ***rest)
{
	for (const struct command *c = commands; c->words; c++) {
		const char *w = c->words;
		char **arg = argv;

		for (; *w && *arg; arg++) {
			const size_t len = strcspn(w, " ");

			if (strlen(*arg) != len || memcmp(*arg, w, len) != 0)
				break;
			w += len + (w[len] == ' ');
		}
		if (!*w) {
			*rest = arg;
			return c;
		}
	}
	return NULL;
}

static void
complain(const struct err *e)
{
	fprintf(stderr, "storeward: %s\n", e->msg);
	for (size_t i = 0; i < e->nfields; i++)
		fprintf(stderr, "  %s: %s\n", e->fields[i].pointer, e->fields[i].detail);
}

static int
run_command(struct cli *c, const struct command *cmd, char **argv)
{
	struct conf conf;
	struct err e = {0};

	if (args_read(c, cmd, argv, &e) != 0) {
		complain(&e);
		fprintf(stderr, "storeward help %s says more.\n", cmd->words);
		return EXIT_USAGE;
	}
	if (c->help) {
		args_help(cmd);
		return EXIT_OK;
	}
	if (conf_read(c->a, c->config, &conf, &e) != 0) {
		complain(&e);
		return EXIT_FAILED;
	}
	c->conf = &conf;
	c->db = db_new(c->database ? c->database : conf.database_url, "storeward", DATABASE_TIMEOUT_MS);
	const int result = cmd->run(c, &e);
	if (result != 0)
		complain(&e);
	db_free(c->db);
	return result != 0 || fflush(stdout) != 0 ? EXIT_FAILED : EXIT_OK;
}

int
main(int argc, char **argv)
{
	ARENA(a);
	struct cli c = {.a = &a};
	char **rest;
	const struct command *cmd;
	(void)argc;

	/* Global options may stand before the command too. */
	for (argv++; *argv && **argv == '-'; ) {
		char *arg = *argv++;

		if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
			help();
			return EXIT_OK;
		}
		if (!args_global(&c, arg, &argv)) {
			fprintf(stderr, "storeward: unknown option, or no value for it: %s\n", arg);
			return EXIT_USAGE;
		}
	}
	const bool asks = *argv && strcmp(*argv, "help") == 0;
	if (asks && !*++argv) {
		help();
		return EXIT_OK;
	}
	cmd = *argv ? find_command(argv, &rest) : NULL;
	if (!cmd) {
		fprintf(stderr, "storeward: %s%s; storeward --help lists them\n",
		    *argv ? "unknown command " : "a command is needed", *argv ? *argv : "");
		return EXIT_USAGE;
	}
	if (asks) {
		args_help(cmd);
		return EXIT_OK;
	}
	return run_command(&c, cmd, rest);
}
