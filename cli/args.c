/* Command lines: options anywhere, "--name value" or "--name=value", "--" ends them. */
#include "config.h"

#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option no_options[] = {{0}};

/* The index of the option called by the first `len` bytes of name, or -1. */
static int
option_index(const struct cli_option *options, const char *name, size_t len)
{
	for (int i = 0; options[i].name; i++)
		if (strlen(options[i].name) == len && memcmp(options[i].name, name, len) == 0)
			return i;
	return -1;
}

bool
args_global(struct cli *c, const char *arg, char ***next)
{
	const struct {
		const char *name;
		const char **value;
	} globals[] = {{"--database", &c->database}, {"--config", &c->config}};

	if (strcmp(arg, "--json") == 0)
		return c->json = true;
	if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
		return c->help = true;
	for (size_t i = 0; i < sizeof globals / sizeof *globals; i++) {
		const size_t len = strlen(globals[i].name);

		if (strncmp(arg, globals[i].name, len) != 0)
			continue;
		if (arg[len] == '=')
			*globals[i].value = arg + len + 1;
		else if (arg[len] == '\0' && **next)
			*globals[i].value = *(*next)++;
		else
			return false;
		return true;
	}
	return false;
}

static int
check_number(const struct cli_option *o, const char *value, struct err *e)
{
	char *end;

	errno = 0;
	const long long n = strtoll(value, &end, 10);

	if (errno == 0 && value[strspn(value, "-0123456789")] == '\0' && end != value &&
	    *end == '\0' && n >= o->min && n <= o->max)
		return 0;
	return err_set(e, ERR_SYNTAX, "--%s must be a whole number from %" PRId64 " to %" PRId64,
	    o->name, o->min, o->max);
}

/* A value called "a|b" is one of these words, one with a maximum a number. */
static int
check_value(const struct cli_option *o, const char *value, struct err *e)
{
	const char *choice = o->value;

	if (o->max != 0)
		return check_number(o, value, e);
	if (!choice || !strchr(choice, '|'))
		return 0;
	for (; *choice; choice += strspn(choice, "|")) {
		const size_t len = strcspn(choice, "|");

		if (strlen(value) == len && memcmp(value, choice, len) == 0)
			return 0;
		choice += len;
	}
	return err_set(e, ERR_SYNTAX, "--%s must be one of %s", o->name, o->value);
}

static int
read_option(struct cli *c, const char *arg, char ***next, struct err *e)
{
	const char *name = arg[1] == '-' ? arg + 2 : "", *equals = strchr(name, '=');
	const size_t len = equals ? (size_t)(equals - name) : strlen(name);

	if (args_global(c, arg, next))
		return 0;
	const int i = option_index(c->options, name, len);
	if (i < 0)
		return err_set(e, ERR_SYNTAX, "unknown option, or no value for it: %.*s",
		    (int)strcspn(arg, "="), arg);
	if (!c->options[i].value && equals)
		return err_set(e, ERR_SYNTAX, "--%s takes no value", c->options[i].name);
	if (!c->options[i].value)
		c->values[i] = "";
	else if (equals)
		c->values[i] = equals + 1;
	else if (**next)
		c->values[i] = *(*next)++;
	else
		return err_set(e, ERR_SYNTAX, "--%s needs a value", c->options[i].name);
	return check_value(&c->options[i], c->values[i], e);
}

/* How many words the pattern has, and how many of them must be given. */
static void
count_args(const char *pattern, size_t *least, size_t *most)
{
	*least = *most = 0;
	for (const char *p = pattern; *p; p += strcspn(p, " ")) {
		p += strspn(p, " ");
		*least += *p != '[';
		*most += 1;
	}
}

static int
check_args(const struct cli *c, const struct command *cmd, struct err *e)
{
	size_t least, most;

	count_args(cmd->args, &least, &most);
	if (c->nargs < least || c->nargs > most)
		return err_set(e, ERR_SYNTAX, "storeward %s takes %s%s", cmd->words,
		    *cmd->args ? "" : "no argument", cmd->args);
	for (int i = 0; c->options[i].name; i++)
		if (c->options[i].required && !c->values[i])
			return err_set(e, ERR_SYNTAX, "--%s is needed", c->options[i].name);
	return 0;
}

int
args_read(struct cli *c, const struct command *cmd, char **argv, struct err *e)
{
	bool ended = false;

	c->options = cmd->options ? cmd->options : no_options;
	while (*argv) {
		const char *arg = *argv++;

		if (!ended && strcmp(arg, "--") == 0) {
			ended = true;
		} else if (!ended && arg[0] == '-' && arg[1] != '\0') {
			if (strcmp(arg, "-h") == 0)
				arg = "--help";
			if (read_option(c, arg, &argv, e) != 0)
				return -1;
		} else if (c->nargs == CLI_ARGS_MAX) {
			return err_set(e, ERR_SYNTAX, "too many arguments");
		} else {
			c->args[c->nargs++] = arg;
		}
	}
	return c->help ? 0 : check_args(c, cmd, e);
}

const char *
args_option(const struct cli *c, const char *name)
{
	const int i = option_index(c->options, name, strlen(name));

	return i < 0 ? NULL : c->values[i];
}

void
args_help(const struct command *cmd)
{
	const struct cli_option *options = cmd->options ? cmd->options : no_options;

	printf("usage: storeward %s%s%s", cmd->words, *cmd->args ? " " : "", cmd->args);
	for (const struct cli_option *o = options; o->name; o++)
		printf(o->required ? " --%s%s%s" : " [--%s%s%s]", o->name,
		    o->value ? " " : "", o->value ? o->value : "");
	printf("\n%s.\n", cmd->help);
	for (const struct cli_option *o = options; o->name; o++) {
		const int len = printf("  --%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");

		printf("%*s%s\n", len < 32 ? 32 - len : 1, "", o->help);
	}
}
