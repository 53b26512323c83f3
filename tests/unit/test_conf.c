/* Defaults < file < environment, everything checked, nothing secret shown. */
#include "config.h"

#include "lib/conf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"

static const char *
file(struct arena *a, const char *text)
{
	char *path = arena_strdup(a, "/tmp/storeward-conf-XXXXXX");
	int fd = mkstemp(path);

	CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void
three_sources(void)
{
	ARENA(a);
	struct conf c;
	struct err e = {0};
	const char *path = file(&a, "workers: 3\ntick_s: 7\nhelm: '/opt/helm'\nkubeconfig_dir: /etc/x\n");

	setenv("STOREWARD_TICK_S", "9", 1);
	CHECK(conf_read(&a, path, &c, &e) == 0);
	CHECK(c.workers == 3 && c.tick_s == 9 && c.second_look_s == 15 && c.socket_mode == 660);
	CHECK_STR(c.helm, "/opt/helm");
	CHECK_STR(c.log_level, "info");
	CHECK_STR(c.kubeconfig_dir, "/etc/x");
	unsetenv("STOREWARD_TICK_S");
	unlink(path);
	CHECK(conf_read(&a, NULL, &c, &e) == 0);
	CHECK_STR(c.kubeconfig_dir, "");
}

static void
all_errors_at_once(void)
{
	ARENA(a);
	struct conf c;
	struct err e = {0};
	const char *path = file(&a, "workers: 0\nwrokers: 3\nlog_level: loud\ntick_s: [1]\nhelm: {a: b}\n");

	CHECK(conf_read(&a, path, &c, &e) == -1 && e.nfields == 5);
	unlink(path);
	CHECK(conf_read(&a, "/nonexistent", &c, &e) == -1 && strstr(e.msg, "/nonexistent"));
}

static void
hides_passwords(void)
{
	static const char *const urls[] = {
		"postgresql://u:hunter2@h/db?sslmode=require",
		"postgresql://h/db?user=u&password=hunter2&sslmode=require",
		"host=h password=hunter2 dbname=d",
		"host=h password='hunter2 \\'hunter2' dbname=d",
		"host=h password = hunter2 dbname=d",
		"host=h password=x\\ hunter2 dbname=d",
		"password=hunter2://b:c@d dbname=d",
		"host=h sslpassword=hunter2 options='-c x=hunter2' dbname=d",
		"dbname=d password='hunter2",
		"dbname=d hunter2",
		"postgresql://h/db?pass%77ord=hunter2&sslmode=require",
		"postgresql://h/db?password=hunter2&user=a@b&sslmode=require",
		"postgres://u:hunter2@hunter2@h/db?sslmode=require",
		"postgresql://u:hunter2/hunter2?hunter2@h/db?sslmode=require",
	};

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		ARENA(a);
		struct conf c;
		struct err e = {0};
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);

		setenv("STOREWARD_DATABASE_URL", urls[i], 1);
		CHECK(conf_read(&a, NULL, &c, &e) == 0);
		conf_show(&c, out);
		fclose(out);
		CHECK(strstr(text, "********") && !strstr(text, "hunter2") && strstr(text, "workers: 6"));
		CHECK(strstr(text, "sslmode=require") || strstr(text, "dbname=d"));
		free(text);
	}
	unsetenv("STOREWARD_DATABASE_URL");
}

int
main(void)
{
	static const struct test tests[] = {
		{"conf: defaults, file, environment", three_sources},
		{"conf: all errors at once", all_errors_at_once},
		{"conf: hides passwords", hides_passwords},
		{NULL, NULL},
	};

	return test_main(tests);
}
