/* lib/log: the exact lines, levels, scopes, hidden keys and cutting. */
#include "config.h"

#include "lib/log.h"

#include "lib/clock.h"
#include "tests/check.h"

#include <stdlib.h>
#include <unistd.h>

#define FRONT "{\"time\":\"1970-01-01T00:00:01.500Z\",\"level\":\"%s\",\"program\":\"test\",\"msg\":"

static char captured[64 * 1024];
static FILE *file;
static int stderr_fd;

static void
capture_begin(void)
{
	file = tmpfile();
	if (!file)
		abort();
	stderr_fd = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	clock_set(1500);
}

static const char *
capture_end(void)
{
	dup2(stderr_fd, STDERR_FILENO);
	close(stderr_fd);
	clock_set(-1);
	rewind(file);
	captured[fread(captured, 1, sizeof captured - 1, file)] = '\0';
	fclose(file);
	return captured;
}

static void
lines(void)
{
	const char *const none = NULL;
	char want[1000];

	capture_begin();
	log_init("test", LOG_DEBUG);
	log_error("went wrong", "store", "a\"b\n", "reason", none, NULL);
	log_info("plain", NULL);
	log_debug("detail", "k", "v", NULL);
	const char *got = capture_end();
	snprintf(want, sizeof want, FRONT "\"went wrong\",\"store\":\"a\\\"b\\n\",\"reason\":null}\n"
	    FRONT "\"plain\"}\n" FRONT "\"detail\",\"k\":\"v\"}\n", "error", "info", "debug");
	CHECK_STR(got, want);
}

static void
levels(void)
{
	static const struct {
		enum log_level level;
		size_t lines;
	} table[] = {{LOG_ERROR, 1}, {LOG_INFO, 2}, {LOG_DEBUG, 3}};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		size_t n = 0;
		capture_begin();
		log_init("test", table[i].level);
		log_error("a", NULL);
		log_info("b", NULL);
		log_debug("c", NULL);
		for (const char *p = capture_end(); (p = strchr(p, '\n')) != NULL; p++)
			n++;
		CHECK(n == table[i].lines);
	}
}

static void
hidden(void)
{
	static const char *const keys[] = {"password", "admin_password", "api_token",
	    "Authorization", "Set-Cookie", "client_secret", "credentials", "TOKEN"};

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		capture_begin();
		log_init("test", LOG_INFO);
		log_info("m", keys[i], "hunter2", "name", "shown", NULL);
		const char *got = capture_end();
		CHECK(strstr(got, "hunter2") == NULL && strstr(got, "[hidden]") && strstr(got, "shown"));
	}
}

static void
scopes(void)
{
	capture_begin();
	log_init("test", LOG_INFO);
	log_scope("request", "r1");
	log_scope("request", "r2");
	log_scope("pass", "p1");
	log_info("m", NULL);
	const char *got = capture_end();
	CHECK(strstr(got, ",\"request\":\"r2\"") && strstr(got, ",\"pass\":\"p1\"") && !strstr(got, "r1"));

	capture_begin();
	log_scope("request", NULL);
	log_scope("never_set", NULL);
	log_info("m", NULL);
	got = capture_end();
	CHECK(!strstr(got, "request") && strstr(got, "p1"));

	capture_begin();
	log_scope("pass", NULL);
	log_info("m", NULL);
	CHECK(strstr(capture_end(), "\"msg\":\"m\"}\n"));
}

static void
cutting(void)
{
	static char big[5001], wild[2049];

	memset(big, 'z', sizeof big - 1);
	memset(wild, '\x01', sizeof wild - 1);	/* six bytes each when escaped */
	capture_begin();
	log_init("test", LOG_INFO);
	log_info("m", "big", big, NULL);
	log_info("m", "one", wild, "two", wild, "last", "l", NULL);
	const char *got = capture_end();
	const char *second = strchr(got, '\n');
	CHECK(second && second - got > 2048 && second - got < 2300);
	CHECK(second && strlen(second) < 16 * 1024 && strstr(second, "\"last\":\"l\",\"cut\":\"true\"}\n"));
	CHECK(second && !strstr(second, "\"two\""));
}

int
main(void)
{
	static const struct test tests[] = {
		{"log_lines", lines}, {"log_levels", levels}, {"log_hidden", hidden},
		{"log_scopes", scopes}, {"log_cutting", cutting}, {0},
	};

	return test_main(tests);
}
