/* Random bytes, hashes and encodings; the only place that knows OpenSSL. */
#ifndef LIB_CRYPTO_H
#define LIB_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/arena.h"
#include "lib/err.h"

#define CRYPTO_SHA256 32

/* Aborts where the system has no randomness. */
void crypto_random(void *out, size_t len);

/* `len` characters from [A-Za-z0-9], unbiased. */
char *crypto_random_text(struct arena *a, size_t len);

void crypto_sha256(const void *data, size_t len, unsigned char out[CRYPTO_SHA256]);
char *crypto_sha256_hex(struct arena *a, const void *data, size_t len);
char *crypto_hex(struct arena *a, const void *data, size_t len);

/* Standard base64 with padding (RFC 4648 section 4). Decoding refuses anything else. */
char *crypto_base64(struct arena *a, const void *data, size_t len);
unsigned char *crypto_unbase64(struct arena *a, const char *text, size_t *len, struct err *e);

/* gzip (RFC 1952) is needed for Helm's release payload: see helm_release.c. */

/* scrypt (RFC 7914) N=2^15 r=8 p=1, 16-byte salt: "scrypt$15$8$1$<base64 salt>$<base64 32 bytes>". */
char *crypto_password_hash(struct arena *a, const char *password);
/* Compares in constant time; a malformed hash is false. */
bool crypto_password_check(const char *password, const char *hash);

/* CRC-32 (ISO-HDLC, as in gzip), for the check digits of tokens. */
unsigned crypto_crc32(const void *data, size_t len);

/* API tokens: "storeward_pat_" 32 characters of [A-Za-z0-9] and 6 base-62 check digits of
 * the CRC-32 of what is before them.  The database keeps SHA-256 of the whole text. */
char *crypto_token_new(struct arena *a);
bool crypto_token_valid(const char *token);	/* form and check digits only */

#endif
