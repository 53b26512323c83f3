/*
 * Passwords.  Whether an address is somebody's shows neither in the answer nor in the time
 * it takes; guesses wait for each other in PostgreSQL, and scrypt has few places.
 */
#include "config.h"

#include "fcgi/password.h"

#include <string.h>
#include <strings.h>

#include "fcgi/gate.h"
#include "lib/crypto.h"

#define PLACES 2	/* at 32 MiB and a core each */
#define PATIENCE_MS 3000

/* No password has this hash; checking against it takes as long as against another. */
static const char nobody[] = "scrypt$15$8$1$AAAAAAAAAAAAAAAAAAAAAA==$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/* Counts the try as a wrong one, which sign_in() or a new password takes back. */
static int
begin(struct route_ctx *c, const char *email, struct password_owner *owner, struct err *e)
{
	struct db_rows row;

	if (db_one(c->db, c->a, Q_sign_in_begin, DB_ARGS(email, c->r->ip), &row, e) != 0)
		return -1;
	const int wait_s = (int)db_int(&row, 0, "wait_s", 0);

	*owner = (struct password_owner){
	    db_text(&row, 0, "user_id"), db_text(&row, 0, "password_hash")};
	if (wait_s <= 0)
		return 0;
	reply_header(c->reply, "Retry-After", "%d", wait_s);
	return err_code(e, ERR_LIMITED, "sign_in_delayed",
	    "Too many wrong passwords; try again in %d second%s", wait_s,
	    wait_s == 1 ? "" : "s");
}

/* Whether the password is right; the same work is done where there is nobody. */
static int
check(struct route_ctx *c, const char *email, const char *password,
    struct password_owner *owner, struct err *e)
{
	if (begin(c, email, owner, e) != 0)
		return -1;
	const bool same = crypto_password_check(password, owner->hash ? owner->hash : nobody);

	return same && owner->hash;
}

int
password_check(struct route_ctx *c, const char *email, const char *password,
    struct password_owner *owner, struct err *e)
{
	struct db_rows row;

	/* Before the try is counted: who finds no place has done nothing wrong. */
	if (gate_enter(c->at, GATE_PASSWORD, PLACES, PATIENCE_MS, e) != 0)
		return -1;
	const int right = check(c, email, password, owner, e);

	gate_leave(c->at, GATE_PASSWORD);
	if (right != 0)
		return right < 0 ? -1 : 0;
	const struct db_args who = DB_ARGS(owner->user_id, c->r->ip, c->r->id);

	*owner = (struct password_owner){NULL, NULL};
	return db_one(c->db, c->a, Q_sign_in_failed, who, &row, e);
}

int
password_hash(struct route_ctx *c, const char *password, const char **hash, struct err *e)
{
	if (gate_enter(c->at, GATE_PASSWORD, PLACES, PATIENCE_MS, e) != 0)
		return -1;
	*hash = crypto_password_hash(c->a, password);
	gate_leave(c->at, GATE_PASSWORD);
	return 0;
}

/* Those of lists of stolen passwords that are long enough; shorter ones are refused. */
static const char *const common[] = {
	"123456789012", "1234567890123", "12345678901234", "123456789012345",
	"1234567890123456", "12345678910111213", "098765432109", "123123123123",
	"123412341234", "123456123456", "112233445566", "abcd1234abcd", "abc123abc123",
	"abcdefghijkl", "abcdefghijklm", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz",
	"administrator", "administrator1", "adminadminadmin", "changemechangeme",
	"changeme1234", "correcthorsebatterystaple", "iloveyouiloveyou", "letmeinletmein",
	"passw0rdpassw0rd", "password1234", "password12345", "password123456",
	"password1234567", "passwordpassword", "q1w2e3r4t5y6", "qazwsxedcrfv",
	"qwerty123456", "qwertyqwerty", "qwertyuiop12", "qwertyuiop123", "qwertyuiop1234",
	"qwertyuiopas", "qwertyuiopasdfghjkl", "qwertyuiopasdfghjklzxcvbnm",
	"storeward1234", "storewardstoreward", "superadministrator", "welcomewelcome",
	"welcome12345", "zxcvbnmzxcvbnm", "1q2w3e4r5t6y", "1q2w3e4r5t6y7u8i",
	"1qaz2wsx3edc", "1qaz2wsx3edc4rfv",
};

/* The first `unit` bytes over and over. */
static bool
repeats(const char *text, size_t unit)
{
	const size_t len = strlen(text);

	return len > unit && memcmp(text, text + unit, len - unit) == 0;
}

const char *
password_weakness(const char *password, const char *email)
{
	const size_t name_len = strcspn(email, "@");

	for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
		if (strcasecmp(password, common[i]) == 0)
			return "is one of the first that are guessed";
	}
	for (size_t unit = 1; unit <= 4; unit++) {	/* a character has up to 4 bytes */
		if (repeats(password, unit))
			return "is a few characters over and over";
	}
	if (strcasecmp(password, email) == 0 ||
	    (strlen(password) == name_len && strncasecmp(password, email, name_len) == 0))
		return "is your e-mail address";
	return NULL;
}
