/* What one pod asks of a cluster, as scheduler and quota count it.  Pure. */
#ifndef RECONCILE_POD_NEED_H
#define RECONCILE_POD_NEED_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/json.h"

/* Of what a node has so much and no more; all in thousandths (lib/quantity.h). */
enum need { NEED_CPU, NEED_MEMORY, NEED_STORAGE, NEED_PODS, NEEDS };

struct need_name {
	const char *name;		/* as nodes and containers call it */
	bool bytes;
};
extern const struct need_name need_names[NEEDS];

/* All sums end at the largest number instead of going round, for a pod may ask for anything. */
static inline int64_t
need_plus(int64_t x, int64_t y)
{
	int64_t sum;

	if (__builtin_add_overflow(x, y, &sum))
		return x > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

/* Neither is below nothing. */
static inline int64_t
need_times(int64_t x, int64_t n)
{
	int64_t product;

	return __builtin_mul_overflow(x, n, &product) ? INT64_MAX : product;
}

struct pod_reader {
	struct arena *a;
	const struct json *limits;	/* a LimitRange's spec, for containers that say nothing; NULL = none */
	char wrong[200];		/* the first quantity that cannot be read */
};

/* Of all its containers together; `of` is "requests" or "limits", `resource` as in a container. */
int64_t pod_sum(struct pod_reader *r, const struct json *spec, const char *of, const char *resource);

/* Its requests; of pods it is one. */
void pod_need(struct pod_reader *r, const struct json *spec, int64_t need[NEEDS]);

/* A quantity, which YAML and JSON may write as a number; 0 for NULL, and for what is none, which is kept in `wrong`. */
int64_t pod_quantity(struct pod_reader *r, const struct json *v);

/* A member whose name may hold dots and slashes; NULL if there is none. */
const struct json *pod_member(const struct json *object, const char *name);

/* A text, or a number as one; NULL for nothing. */
const char *pod_scalar(struct arena *a, const struct json *v);

#endif
