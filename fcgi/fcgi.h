/*
 * FastCGI, the only place that knows libfcgi.  Accepts connections itself, one request
 * each, and puts a deadline on every phase in which the peer is waited for, so that no
 * peer can hold a worker.
 */
#ifndef FCGI_FCGI_H
#define FCGI_FCGI_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds for the parameters, for a body, and for taking the answer. */
#define FCGI_PARAMS_S 5
#define FCGI_BODY_S 10
#define FCGI_ANSWER_S 10

struct fcgi_conn;
typedef void fcgi_handler(void *ctx, struct fcgi_conn *conn);

/*
 * Hands requests that come in on listen_fd (non-blocking) to handle() until SIGTERM or
 * SIGINT, which the caller has blocked.  *busy_since_ms is clock_ms() while a request is
 * being worked on and 0 else.  Returns 0, or -1 when the socket is of no use any more.
 */
int fcgi_serve(int listen_fd, _Atomic int64_t *busy_since_ms, fcgi_handler *handle,
    void *ctx);

/* A parameter of the request or NULL; valid until the handler returns. */
const char *fcgi_param(const struct fcgi_conn *conn, const char *name);

/* Reads up to len bytes of the body, fewer only at its end, or at the deadline: then
 * fcgi_late() is true. */
size_t fcgi_read(struct fcgi_conn *conn, char *out, size_t len);
bool fcgi_late(const struct fcgi_conn *conn);

/* Sends bytes of the answer.  A peer that has gone is not an error. */
void fcgi_write(struct fcgi_conn *conn, const char *data, size_t len);

#endif
