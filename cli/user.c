/* Users and what they may do in a tenant.  Passwords come from a file, never from argv. */
#include "config.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "lib/crypto.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 128	/* what the API takes */

const struct cli_option user_add_options[] = {
	{"tenant", "NAME", false, "the tenant it belongs to; make it with tenant add"},
	{"role", "owner|admin|operator|viewer", false, "in the tenant; owner when not given"},
	{"admin", NULL, false, "may administrate the platform"},
	{"password-file", "F", false, "file whose first line is the password; - is standard input"},
	{0},
};

/* The hash of the password in the file; NULL in *hash when the user has that password. */
static int
read_password(struct cli *c, const char *path, const char *email, const char **hash, struct err *e)
{
	BUF(text, 4096);
	struct db_rows r;

	if (file_read(&text, path, e) != 0)
		return -1;
	const size_t len = strcspn(buf_text(&text), "\r\n");
	const char *password = arena_strndup(c->a, buf_text(&text), len);

	if (len < PASSWORD_MIN || len > PASSWORD_MAX)
		return err_set(e, ERR_INPUT, "the password must have %d to %d bytes", PASSWORD_MIN, PASSWORD_MAX);
	if (db_find(c->db, c->a, Q_cli_user_password, DB_ARGS(email), &r, e) != 0)
		return -1;
	const char *old = r.n ? db_text(&r, 0, "password_hash") : NULL;

	*hash = old && crypto_password_check(password, old) ? NULL : crypto_password_hash(c->a, password);
	return 0;
}

struct wanted {
	struct cli *c;
	const char *email, *hash, *tenant, *role, *admin;
};

static int
put_user(struct db *db, void *arg, struct err *e)
{
	const struct wanted *w = arg;
	struct db_rows r;

	if (db_one(db, w->c->a, Q_cli_user_add, DB_ARGS(w->email, w->hash, w->admin), &r, e) != 0)
		return -1;
	if (!w->tenant)
		return 0;
	if (db_find(db, w->c->a, Q_cli_membership_set, DB_ARGS(w->email, w->tenant, w->role), &r, e) != 0)
		return -1;
	return r.n ? 0 : err_set(e, ERR_MISSING, "there is no tenant %s; storeward tenant add %s makes it",
	    w->tenant, w->tenant);
}

int
user_add(struct cli *c, struct err *e)
{
	const char *role = args_option(c, "role"), *file = args_option(c, "password-file");
	struct wanted w = {.c = c, .email = c->args[0], .tenant = args_option(c, "tenant"),
	    .role = role ? role : "owner", .admin = args_option(c, "admin") ? "true" : "false"};

	if (field_email(w.email))
		return err_set(e, ERR_INPUT, "%s: %s", w.email, field_email(w.email));
	if (role && !w.tenant)
		return err_set(e, ERR_INPUT, "a role is one in a tenant: --tenant is needed");
	if (cli_connect(c, e) != 0)
		return -1;
	if (file && read_password(c, file, w.email, &w.hash, e) != 0)
		return -1;
	if (db_tx(c->db, put_user, &w, e) != 0)
		return err_wrap(e, "user %s", w.email);
	printf("user %s%s%s%s%s\n", w.email, w.tenant ? " is " : "", w.tenant ? w.role : "",
	    w.tenant ? " of " : "", w.tenant ? w.tenant : "");
	return 0;
}
