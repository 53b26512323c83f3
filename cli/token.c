/* API tokens.  The token itself goes to standard output once; the database has its SHA-256. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "lib/crypto.h"

const struct cli_option token_create_options[] = {
	{"tenant", "T", true, "the tenant whose stores it opens"},
	{"user", "EMAIL", true, "the member it acts as"},
	{"name", "N", true, "what it is for"},
	{"expires", "DAYS", false, "after that many days; without it, never", 1, 36500},
	{0},
};

int
token_create(struct cli *c, struct err *e)
{
	const char *tenant = args_option(c, "tenant"), *user = args_option(c, "user");
	const char *token = crypto_token_new(c->a);
	const char *hash = arena_printf(c->a, "\\x%s", crypto_sha256_hex(c->a, token, strlen(token)));
	struct db_rows r;

	if (cli_connect(c, e) != 0 || db_find(c->db, c->a, Q_cli_token_create, DB_ARGS(tenant, user,
	    args_option(c, "name"), hash, args_option(c, "expires")), &r, e) != 0)
		return err_wrap(e, "token");
	if (r.n == 0)
		return err_set(e, ERR_MISSING, "%s is no member of tenant %s; storeward user add %s --tenant %s "
		    "makes that", user, tenant, user, tenant);
	fprintf(stderr, "token %s, shown this once:\n", db_text(&r, 0, "id"));
	puts(token);
	return 0;
}

int
token_revoke(struct cli *c, struct err *e)
{
	struct db_rows r;

	if (field_uuid(c->args[0]))
		return err_set(e, ERR_INPUT, "%s is no token's id; storeward token list shows them", c->args[0]);
	if (cli_connect(c, e) != 0 ||
	    db_find(c->db, c->a, Q_cli_token_revoke, DB_ARGS(c->args[0]), &r, e) != 0)
		return -1;
	return r.n ? 0 : err_set(e, ERR_MISSING, "there is no token %s", c->args[0]);
}

int
token_list(struct cli *c, struct err *e)
{
	return cli_list(c, Q_cli_token_list, DB_NOARGS, e);
}
