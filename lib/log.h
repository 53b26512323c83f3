/*
 * One JSON line per event on stderr: {"time","level","program","msg",key:value...}.
 * The message is constant and lower case; what varies is in key/value pairs of strings.
 * Values of keys that name a secret (password, token, authorization, cookie, secret,
 * credentials) are replaced by "[hidden]".
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

enum log_level { LOG_ERROR, LOG_INFO, LOG_DEBUG };

/* Program name for each line and the most talkative level written. */
void log_init(const char *program, enum log_level level);

/* Adds "key":"value" to every following line (request or pass id); NULL value removes it. */
void log_scope(const char *key, const char *value);

/* Key/value pairs of strings, ended by NULL; a NULL value is written as null. */
void log_error(const char *msg, ...) __attribute__((sentinel));
void log_info(const char *msg, ...) __attribute__((sentinel));
void log_debug(const char *msg, ...) __attribute__((sentinel));

#endif
