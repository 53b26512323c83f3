/*
 * What the parts of the Kubernetes client share: kube.c (calls), kube_config.c
 * (credentials) and kube_list.c (Tables).  For them and their tests only.
 */
#ifndef LIB_KUBE_PRIVATE_H
#define LIB_KUBE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/kube.h"

struct kube_config {
	struct http_server server;
	const char *token_file;		/* NULL = server.bearer never changes */
};

struct kube {
	struct arena arena;		/* holds this struct and the configuration */
	struct arena token_arena;	/* holds the bearer read from token_file */
	struct kube_config config;
	struct http *http;
	int64_t token_read_ms;
	int timeout_ms;			/* of one call */
	size_t list_bytes;		/* KUBE_LIST_BYTES, less in tests */
	bool paged;			/* a list was larger once: all are taken in pages */
};

#define KUBE_POD_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"

/* Errors name the file and the entry; ERR_INPUT unless the file is missing or no YAML. */
int kube_config_file(struct arena *a, const char *path, const char *context,
    struct kube_config *out, struct err *e);
/* `folder` holds token and ca.crt; KUBERNETES_SERVICE_HOST and _PORT the address. */
int kube_config_pod(struct arena *a, const char *folder, struct kube_config *out,
    struct err *e);
/* The token in a file, without white space around it. */
char *kube_config_token(struct arena *a, const char *path, struct err *e);

/* Reads token_file again if it was read over 60 s ago, or at once with `now`.  True if
 * the bearer may have changed. */
bool kube_refresh(struct kube *k, bool now);

/*
 * Kubernetes passes on whatever a pod wrote, as its termination message; a NUL in it, which our texts cannot hold, would
 * make a whole list unreadable.  The offset of a digit that KUBE_NUL is to be written over, or len; call it again for what
 * comes after.  `seen` is 0 at first and kept from part to part.
 */
#define KUBE_NUL '9'			/* makes a tab of it */
size_t kube_nul(size_t *seen, const char *json, size_t len);

/* 0 if the answer is a 2xx, else sets e as lib/kube.h says. */
int kube_check(const struct http_request *req, const struct http_answer *answer,
    struct err *e);

#endif
