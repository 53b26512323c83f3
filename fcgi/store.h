/* What the files about stores share: the rule for names, and the answer of one store. */
#ifndef FCGI_STORE_H
#define FCGI_STORE_H

#include "fcgi/route.h"

#define STORE_NAME_MIN 3
#define STORE_NAME_MAX 50

/* NULL for a DNS label, capitals allowed; else what it must be. */
const char *store_check_name(const char *value);
const char *store_lower(struct arena *a, const char *text);

/* Answers with the store of Q_store_get; ERR_MISSING where it has none. */
int store_reply(struct route_ctx *c, int status, const struct db_rows *store,
    struct err *e);

#endif
