/*
 * YAML 1.1 as libyaml reads it, turned into JSON values by the core schema (null, true,
 * false, integers, floats; all else strings).  Refused: aliases and anchors, tags,
 * several documents, duplicate keys, keys that are not scalars, depth over JSON_DEPTH_MAX,
 * more than 1 MiB.
 */
#ifndef LIB_YAML_H
#define LIB_YAML_H

#include "lib/json.h"

/* Errors are ERR_SYNTAX with line and column.  An empty document gives JSON_NULL. */
struct json *yaml_parse(struct arena *a, const char *text, size_t len, struct err *e);

/* Reads and parses a file; ERR_MISSING when there is none, errors name the path. */
struct json *yaml_file(struct arena *a, const char *path, struct err *e);

#endif
