/*
 * Randomness, hashes, encodings and the two formats made from them: password hashes and
 * API tokens.  Failures of OpenSSL that no input can cause abort.
 */
#include "config.h"

#include "lib/crypto.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#define SALT_SIZE 16
#define KEY_SIZE 32
#define SCRYPT_LOG2_N 15
#define SCRYPT_R 8
#define SCRYPT_P 1
/* 128 * N * r bytes are needed, and a little; OpenSSL's own limit is just too low. */
#define SCRYPT_MEMORY ((uint64_t)64 * 1024 * 1024)

#define TOKEN_PREFIX "storeward_pat_"
#define TOKEN_RANDOM 32
#define TOKEN_CHECK 6
#define TOKEN_CHECKED (sizeof TOKEN_PREFIX - 1 + TOKEN_RANDOM)

static const char base62[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

void
crypto_random(void *out, size_t len)
{
	unsigned char *p = out;

	while (len > 0) {
		const size_t part = len < 4096 ? len : 4096;
		if (RAND_bytes(p, (int)part) != 1)
			abort();
		p += part;
		len -= part;
	}
}

char *
crypto_random_text(struct arena *a, size_t len)
{
	char *text = arena_alloc(a, len + 1);
	unsigned char bytes[64];

	for (size_t n = 0; n < len;) {
		crypto_random(bytes, sizeof bytes);
		/* 248 is the greatest multiple of 62 in a byte: more would favour some. */
		for (size_t i = 0; i < sizeof bytes && n < len; i++) {
			if (bytes[i] < 248)
				text[n++] = base62[bytes[i] % 62];
		}
	}
	OPENSSL_cleanse(bytes, sizeof bytes);
	return text;
}

void
crypto_sha256(const void *data, size_t len, unsigned char out[CRYPTO_SHA256])
{
	if (EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) != 1)
		abort();
}

char *
crypto_sha256_hex(struct arena *a, const void *data, size_t len)
{
	unsigned char hash[CRYPTO_SHA256];

	crypto_sha256(data, len, hash);
	return crypto_hex(a, hash, sizeof hash);
}

char *
crypto_hex(struct arena *a, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = data;
	char *text = arena_alloc(a, arena_mul(len, 2) + 1);

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	return text;
}

char *
crypto_base64(struct arena *a, const void *data, size_t len)
{
	if (len > INT32_MAX / 2)
		abort();
	char *text = arena_alloc(a, arena_mul((len + 2) / 3, 4) + 1);
	EVP_EncodeBlock((unsigned char *)text, data, (int)len);
	return text;
}

unsigned char *
crypto_unbase64(struct arena *a, const char *text, size_t *len, struct err *e)
{
	const size_t n = strlen(text);

	if (n % 4 != 0 || n > INT32_MAX / 2) {
		err_set(e, ERR_INPUT, "the text is not base64");
		return NULL;
	}
	unsigned char *out = arena_alloc(a, n / 4 * 3 + 1);
	size_t size = n / 4 * 3;
	if (EVP_DecodeBlock(out, (const unsigned char *)text, (int)n) < 0)
		size = 0;
	else
		size -= (n > 0 && text[n - 1] == '=') + (n > 1 && text[n - 2] == '=');
	/* EVP_DecodeBlock takes white space, '=' in odd places and stray bits too. */
	if (strcmp(crypto_base64(a, out, size), text) != 0) {
		err_set(e, ERR_INPUT, "the text is not base64");
		return NULL;
	}
	out[size] = '\0';
	*len = size;
	return out;
}

static int
scrypt(const char *password, const unsigned char *salt, size_t salt_len, unsigned log2_n,
    unsigned char key[KEY_SIZE])
{
	return EVP_PBE_scrypt(password, strlen(password), salt, salt_len,
	    UINT64_C(1) << log2_n, SCRYPT_R, SCRYPT_P, SCRYPT_MEMORY, key, KEY_SIZE) == 1 ? 0 : -1;
}

char *
crypto_password_hash(struct arena *a, const char *password)
{
	unsigned char salt[SALT_SIZE], key[KEY_SIZE];

	crypto_random(salt, sizeof salt);
	if (scrypt(password, salt, sizeof salt, SCRYPT_LOG2_N, key) != 0)
		abort();
	char *hash = arena_printf(a, "scrypt$%d$%d$%d$%s$%s", SCRYPT_LOG2_N, SCRYPT_R, SCRYPT_P,
	    crypto_base64(a, salt, sizeof salt), crypto_base64(a, key, sizeof key));
	OPENSSL_cleanse(key, sizeof key);
	return hash;
}

bool
crypto_password_check(const char *password, const char *hash)
{
	ARENA(a);
	struct err e;
	unsigned log2_n, r, p;
	char salt_text[25], key_text[45];
	unsigned char key[KEY_SIZE];
	size_t salt_len, want_len;
	int end = 0;

	/* Of the cost only N may differ, so that old hashes stay good when it is raised. */
	if (sscanf(hash, "scrypt$%2u$%2u$%2u$%24[A-Za-z0-9+/=]$%44[A-Za-z0-9+/=]%n", &log2_n,
	    &r, &p, salt_text, key_text, &end) != 5 || hash[end] != '\0' ||
	    log2_n < 10 || log2_n > SCRYPT_LOG2_N || r != SCRYPT_R || p != SCRYPT_P)
		return false;
	const unsigned char *salt = crypto_unbase64(&a, salt_text, &salt_len, &e);
	const unsigned char *want = crypto_unbase64(&a, key_text, &want_len, &e);
	if (!salt || !want || salt_len != SALT_SIZE || want_len != KEY_SIZE ||
	    scrypt(password, salt, salt_len, log2_n, key) != 0)
		return false;
	const bool same = CRYPTO_memcmp(key, want, sizeof key) == 0;
	OPENSSL_cleanse(key, sizeof key);
	return same;
}

unsigned
crypto_crc32(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint32_t crc = 0xFFFFFFFFu;

	/* Bit by bit: the texts are short, and a table would be longer than this. */
	for (size_t i = 0; i < len; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
	}
	return crc ^ 0xFFFFFFFFu;
}

/* Six base-62 digits, the most significant first: 62^6 is more than 2^32. */
static void
token_check_digits(const char *token, char out[TOKEN_CHECK])
{
	unsigned crc = crypto_crc32(token, TOKEN_CHECKED);

	for (size_t i = TOKEN_CHECK; i-- > 0; crc /= 62)
		out[i] = base62[crc % 62];
}

char *
crypto_token_new(struct arena *a)
{
	char *token = arena_alloc(a, TOKEN_CHECKED + TOKEN_CHECK + 1);

	memcpy(token, TOKEN_PREFIX, sizeof TOKEN_PREFIX - 1);
	memcpy(token + sizeof TOKEN_PREFIX - 1, crypto_random_text(a, TOKEN_RANDOM), TOKEN_RANDOM);
	token_check_digits(token, token + TOKEN_CHECKED);
	return token;
}

bool
crypto_token_valid(const char *token)
{
	const size_t prefix = sizeof TOKEN_PREFIX - 1;
	char check[TOKEN_CHECK];

	if (strlen(token) != TOKEN_CHECKED + TOKEN_CHECK ||
	    strncmp(token, TOKEN_PREFIX, prefix) != 0 ||
	    strspn(token + prefix, base62) != TOKEN_RANDOM + TOKEN_CHECK)
		return false;
	token_check_digits(token, check);
	return memcmp(token + TOKEN_CHECKED, check, sizeof check) == 0;
}
