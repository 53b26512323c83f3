/* What json-c lets pass and we do not: checked on the bytes before json-c sees them. */
#ifndef LIB_JSON_SCAN_H
#define LIB_JSON_SCAN_H

#include <stddef.h>

#include "lib/err.h"

/* text ends in NUL.  Refuses bytes that are not UTF-8, NUL (raw or \u0000), control characters in
 * strings, words other than true, false and null, numbers RFC 8259 does not know or that neither
 * int64_t nor double holds, and more than JSON_DEPTH_MAX levels.  *names = members in all objects together: json-c keeps the
 * last of two equal names, so a smaller count afterwards means a duplicate. */
int json_scan(const char *text, size_t len, size_t *names, struct err *e);

/* ERR_SYNTAX with the line and column of text[at]. */
int json_scan_error(const char *text, size_t at, struct err *e, const char *what);

/* Length of the UTF-8 sequence at p (n > 0 bytes left), 0 if it is none (RFC 3629). */
size_t utf8_length(const unsigned char *p, size_t n);

/* After a duplicate was found: names it if both are spelt alike. */
int json_scan_duplicate(const char *text, size_t len, struct err *e);

#endif
