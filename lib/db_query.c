/* The shapes a query's result may have; another one is a mistake in the program. */
#include "config.h"

#include "lib/db_private.h"

int
db_one(struct db *db, struct arena *a, enum query q, struct db_args args,
    struct db_rows *out, struct err *e)
{
	if (db_find(db, a, q, args, out, e) != 0)
		return -1;
	if (out->n == 0)
		return err_set(e, ERR_MISSING, "%s: there is no such row", db_query_name(q));
	return 0;
}

int
db_find(struct db *db, struct arena *a, enum query q, struct db_args args,
    struct db_rows *out, struct err *e)
{
	return db_list(db, a, q, args, 1, out, e);
}

int
db_list(struct db *db, struct arena *a, enum query q, struct db_args args, size_t max,
    struct db_rows *out, struct err *e)
{
	struct db_call call = {.step = {q, args}, .max = max, .rows = out};

	return db_run(db, a, &call, e);
}

int64_t
db_exec(struct db *db, enum query q, struct db_args args, struct err *e)
{
	struct db_call call = {.step = {q, args}};

	return db_run(db, NULL, &call, e) == 0 ? call.affected : -1;
}

int
db_prepare_all(struct db *db, struct err *e)
{
	for (int q = Q_none + 1; q < Q_COUNT; q++) {
		if (db_make_ready(db, (enum query)q, e) != 0)
			return err_wrap(e, "query %s", db_query_name((enum query)q));
	}
	return 0;
}
