/*
 * What the commands of `storeward` share: their table rows, parsed arguments, and printing.
 * A command is one function; main.c has the table of all of them.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf.h"
#include "lib/db.h"

#define CLI_ARGS_MAX 12	/* arguments, and options, of one command */
#define CLI_ROWS_MAX 10000	/* of one list */
#define CLI_STORES_MAX 1000000	/* that a tenant or a cluster may be given */

struct cli_option {
	const char *name;	/* without the "--" */
	const char *value;	/* what its value is called; NULL for a flag */
	bool required;
	const char *help;
	int64_t min, max;	/* of a whole number; max 0 for other values */
};

struct cli {
	struct arena *a;
	struct db *db;
	const struct conf *conf;
	const char *database, *config;	/* global options; NULL when not given */
	bool json, help;
	const struct cli_option *options;	/* of the command */
	const char *values[CLI_ARGS_MAX];	/* options[i]'s value, NULL when not given */
	const char *args[CLI_ARGS_MAX];
	size_t nargs;
};

struct command {
	const char *words;	/* "user add" */
	const char *args;	/* "EMAIL"; a name in brackets may be left out */
	const char *help;
	const struct cli_option *options;	/* NULL for none */
	int (*run)(struct cli *c, struct err *e);
};

extern const struct command commands[];	/* ended by a row without words */

/* Reads what follows the command's words; ERR_SYNTAX is a mistake in its use. */
int args_read(struct cli *c, const struct command *cmd, char **argv, struct err *e);

/* Takes a global option and its value; false when it is none. */
bool args_global(struct cli *c, const char *arg, char ***next);

/* The option's value, "" for a flag that was given; NULL when not given. */
const char *args_option(const struct cli *c, const char *name);

/* Writes the command's usage with its options. */
void args_help(const struct command *cmd);

/* Connects, becomes storeward_owner where the user may, and names the user in the audit log. */
int cli_connect(struct cli *c, struct err *e);

/* Connects, runs a query and prints its rows. */
int cli_list(struct cli *c, enum query q, struct db_args args, struct err *e);

/* Prints rows as aligned columns, or as JSON with --json. */
int table_print(const struct cli *c, const struct db_rows *r, struct err *e);

/* The whole file, at most the buffer's maximum; "-" is standard input. */
int file_read(struct buf *out, const char *path, struct err *e);

/* The commands. */
int migrate_run(struct cli *c, struct err *e);
int doctor_run(struct cli *c, struct err *e);
int tenant_add(struct cli *c, struct err *e);
int tenant_list(struct cli *c, struct err *e);
int user_add(struct cli *c, struct err *e);
int token_create(struct cli *c, struct err *e);
int token_revoke(struct cli *c, struct err *e);
int token_list(struct cli *c, struct err *e);
int engines_load(struct cli *c, struct err *e);
int engines_list(struct cli *c, struct err *e);
int engines_lint(struct cli *c, struct err *e);
int engines_test(struct cli *c, struct err *e);
int cluster_set(struct cli *c, struct err *e);
int cluster_list(struct cli *c, struct err *e);
int stores_list(struct cli *c, struct err *e);
int incidents_list(struct cli *c, struct err *e);
int incidents_settle(struct cli *c, struct err *e);
int audit_verify(struct cli *c, struct err *e);

extern const struct cli_option tenant_add_options[], user_add_options[],
    token_create_options[], cluster_set_options[], incidents_list_options[],
    incidents_settle_options[];

#endif
