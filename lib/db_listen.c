/*
 * LISTEN and waiting for notifications.  They are hints: after a lost connection one may
 * have been missed, so the first wait of a new one says that something came.
 */
#include "config.h"

#include "lib/db_private.h"

#include "lib/clock.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

static int
listen_all(struct db *db, struct err *e)
{
	char sql[DB_CHANNEL_MAX + 16];

	if (db_connect(db, e) != 0)
		return -1;
	for (size_t i = 0; i < db->nchannels; i++) {
		snprintf(sql, sizeof sql, "listen \"%s\"", db->channels[i]);
		if (db_command(db, sql, db->timeout_ms, e) != 0)
			return -1;
	}
	db->listening = true;
	return 0;
}

int
db_listen(struct db *db, const char *channel, struct err *e)
{
	const size_t len = strlen(channel);

	if (len == 0 || len >= DB_CHANNEL_MAX || strchr(channel, '"'))
		return err_set(e, ERR_BUG, "not the name of a channel");
	if (db->nchannels == DB_CHANNELS)
		return err_set(e, ERR_BUG, "more than %d channels", DB_CHANNELS);
	memcpy(db->channels[db->nchannels++], channel, len + 1);
	return listen_all(db, e);
}

/* Waits for either descriptor (-1: none): 0 nothing, 1 the database, 2 the other.  A signal
 * ends the wait early, so that the caller can look at it. */
static int
wait_for(int db_fd, int extra_fd, int64_t deadline_ms)
{
	struct pollfd p[] = {{.fd = db_fd, .events = POLLIN}, {.fd = extra_fd, .events = POLLIN}};
	const int64_t left_ms = deadline_ms - clock_ms();

	if (poll(p, 2, left_ms > 0 ? (int)left_ms : 0) <= 0)
		return 0;
	return p[1].revents ? 2 : 1;
}

/* Connects anew, not before it is allowed to: a caller's loop does not spin meanwhile. */
static int
listen_again(struct db *db, int extra_fd, int64_t deadline_ms, struct err *e)
{
	int64_t pause_end_ms = clock_ms();

	if (!db->conn && db->retry_at_ms > pause_end_ms)
		pause_end_ms = db->retry_at_ms < deadline_ms ? db->retry_at_ms : deadline_ms;
	if (wait_for(-1, extra_fd, pause_end_ms) == 2)
		return 2;
	return listen_all(db, e) == 0 ? 1 : -1;
}

int
db_wait(struct db *db, int timeout_ms, int extra_fd, struct err *e)
{
	const int64_t deadline_ms = clock_ms() + timeout_ms;

	if (!db->conn || !db->listening)
		return listen_again(db, extra_fd, deadline_ms, e);
	for (;;) {
		const int notified = db_notified(db, e);
		if (notified != 0)
			return notified;
		const int which = wait_for(db_socket(db), extra_fd, deadline_ms);
		if (which != 1)
			return which;
	}
}
