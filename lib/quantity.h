/*
 * Kubernetes quantities ("500m", "1Gi", "2e3"):
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
#ifndef LIB_QUANTITY_H
#define LIB_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/arena.h"

/* In thousandths, rounded up as Kubernetes does; false for what is none, is negative or
 * does not fit (more than 9 * 10^15, 8190Ti). */
bool quantity_parse(const char *text, int64_t *thousandths);

/* The usual form of so many thousandths: "250m" or "2" where `bytes` is false, else in the
 * largest binary unit that divides it or is needed: "512Mi", "1536Mi". */
const char *quantity_text(struct arena *a, int64_t thousandths, bool bytes);

#endif
