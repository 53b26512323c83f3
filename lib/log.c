/*
 * One JSON line per event, written to stderr by one write(2) so that the lines of several
 * processes do not mix.  Long values are cut and a line has a maximum: what does not fit
 * is left out and the line says so.
 */
#include "config.h"

#include "lib/log.h"

#include "lib/buf.h"
#include "lib/clock.h"
#include "lib/json.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)16 * 1024)
#define VALUE_MAX ((size_t)2048)
#define SCOPES 4

static const char *const level_names[] = {
	[LOG_ERROR] = "error", [LOG_INFO] = "info", [LOG_DEBUG] = "debug",
};

/* A key that contains one of these, in any case, has its value hidden. */
static const char *const hidden_keys[] = {
	"password", "token", "authorization", "cookie", "secret", "credentials",
};

static struct {
	char program[32];
	enum log_level level;
	struct {
		char key[32], value[128];	/* key "": not used */
	} scopes[SCOPES];
} sink = {.program = "storeward", .level = LOG_INFO};

static void
copy(char *out, size_t size, const char *text)
{
	const size_t len = strnlen(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

void
log_init(const char *program, enum log_level level)
{
	copy(sink.program, sizeof sink.program, program);
	sink.level = level;
}

void
log_scope(const char *key, const char *value)
{
	size_t place = SCOPES;

	for (size_t i = SCOPES; i-- > 0;) {
		if (strcmp(sink.scopes[i].key, key) == 0) {
			place = i;
			break;
		}
		if (sink.scopes[i].key[0] == '\0')
			place = i;
	}
	if (place == SCOPES)
		return;
	copy(sink.scopes[place].key, sizeof sink.scopes[place].key, value ? key : "");
	copy(sink.scopes[place].value, sizeof sink.scopes[place].value, value ? value : "");
}

static bool
is_hidden(const char *key)
{
	for (size_t i = 0; i < sizeof hidden_keys / sizeof *hidden_keys; i++) {
		if (strcasestr(key, hidden_keys[i]))
			return true;
	}
	return false;
}

/* Length of `value` cut to VALUE_MAX bytes at a whole UTF-8 character. */
static size_t
value_len(const char *value)
{
	size_t len = strnlen(value, VALUE_MAX + 1);

	if (len <= VALUE_MAX)
		return len;
	for (len = VALUE_MAX; len > 0 && ((unsigned char)value[len] & 0xC0) == 0x80;)
		len--;
	return len;
}

/* Adds ,"key":"value", or nothing at all and false where the line has no room for it. */
static bool
add_pair(struct buf *line, const char *key, const char *value)
{
	BUF(pair, LINE_MAX_BYTES);
	BUF(kept, VALUE_MAX);

	if (value && is_hidden(key))
		value = "[hidden]";
	if (value) {
		buf_add(&kept, value, value_len(value));
		value = buf_text(&kept);
	}
	buf_addc(&pair, ',');
	json_write_string(&pair, key);
	buf_addc(&pair, ':');
	json_write_string(&pair, value);
	/* Room is kept for the mark of a cut line and its end. */
	if (buf_full(&pair) || pair.len + 32 > line->max - line->len)
		return false;
	return buf_add(line, buf_text(&pair), pair.len) == 0;
}

static void
write_all(const char *data, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(STDERR_FILENO, data, len);
		if (n <= 0)
			return;	/* there is nowhere left to say so */
		data += n;
		len -= (size_t)n;
	}
}

static void
event(enum log_level level, const char *msg, va_list ap)
{
	char time[CLOCK_TEXT];
	BUF(line, LINE_MAX_BYTES);

	if (level > sink.level)
		return;
	clock_text(clock_unix_ms(), time);
	buf_printf(&line, "{\"time\":\"%s\",\"level\":\"%s\"", time, level_names[level]);
	bool whole = add_pair(&line, "program", sink.program) && add_pair(&line, "msg", msg);
	for (size_t i = 0; i < SCOPES; i++) {
		if (sink.scopes[i].key[0] != '\0')
			whole &= add_pair(&line, sink.scopes[i].key, sink.scopes[i].value);
	}
	for (const char *key; (key = va_arg(ap, const char *)) != NULL;)
		whole &= add_pair(&line, key, va_arg(ap, const char *));
	buf_adds(&line, whole ? "}\n" : ",\"cut\":\"true\"}\n");
	write_all(line.data, line.len);
}

void
log_error(const char *msg, ...)
{
	va_list ap;

	va_start(ap, msg);
	event(LOG_ERROR, msg, ap);
	va_end(ap);
}

void
log_info(const char *msg, ...)
{
	va_list ap;

	va_start(ap, msg);
	event(LOG_INFO, msg, ap);
	va_end(ap);
}

void
log_debug(const char *msg, ...)
{
	va_list ap;

	va_start(ap, msg);
	event(LOG_DEBUG, msg, ap);
	va_end(ap);
}
