/* lib/crypto: published test vectors, strict decoding, password hashes and tokens. */
#include "config.h"

#include "lib/crypto.h"

#include "tests/check.h"

static void
hashes(void)
{
	ARENA(a);

	/* FIPS 180-4 examples; the check value of CRC-32/ISO-HDLC. */
	CHECK_STR(crypto_sha256_hex(&a, "", 0),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	CHECK_STR(crypto_sha256_hex(&a, "abc", 3),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK(crypto_crc32("123456789", 9) == 0xCBF43926u);
	CHECK(crypto_crc32("", 0) == 0);
	CHECK_STR(crypto_hex(&a, "\x00\x7f\xff", 3), "007fff");
}

static void
base64(void)
{
	/* RFC 4648 section 10. */
	static const char *const pairs[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
		{"\xfb\xff\xfe", "+//+"},
	};
	static const char *const refused[] = {
		"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zm9v\n", "Zm 9",
		" Zm9v   ", "Zm9v====", "Zg==Zg==", "-__-", "Zm9\xC3",
	};
	ARENA(a);
	struct err e;
	size_t len;

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const size_t n = strlen(pairs[i][0]);
		CHECK_STR(crypto_base64(&a, pairs[i][0], n), pairs[i][1]);
		CHECK_STR((char *)crypto_unbase64(&a, pairs[i][1], &len, &e), pairs[i][0]);
		CHECK(len == n);
	}
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		e.kind = ERR_NONE;
		CHECK(crypto_unbase64(&a, refused[i], &len, &e) == NULL && e.kind == ERR_INPUT);
	}
}

static void
randomness(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	ARENA(a);
	unsigned char x[10000] = {0}, y[sizeof x] = {0};
	size_t seen[128] = {0};

	crypto_random(x, sizeof x);
	crypto_random(y, sizeof y);
	CHECK(memcmp(x, y, 16) != 0 && memcmp(x + 9984, y + 9984, 16) != 0);
	const char *text = crypto_random_text(&a, 62000);
	CHECK(strlen(text) == 62000 && strspn(text, alphabet) == 62000);
	for (size_t i = 0; i < 62000; i++)
		seen[(unsigned char)text[i] & 127]++;
	/* 1000 of each expected, deviation 32: a bias of byte % 62 would be 25 %. */
	for (const char *c = alphabet; *c; c++)
		CHECK(seen[(unsigned char)*c] > 800 && seen[(unsigned char)*c] < 1200);
	CHECK_STR(crypto_random_text(&a, 0), "");
}

static void
passwords(void)
{
	static const char *const malformed[] = {
		"", "scrypt", "scrypt$15$8$1$$", "scrypt$15$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAA",
		"scrypt$31$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"scrypt$15$8$9$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"bcrypt$15$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
	};
	ARENA(a);
	char *hash = crypto_password_hash(&a, "correct horse");

	CHECK(strncmp(hash, "scrypt$15$8$1$", 14) == 0 && strlen(hash) == 14 + 24 + 1 + 44);
	CHECK(strcmp(hash, crypto_password_hash(&a, "correct horse")) != 0);
	CHECK(crypto_password_check("correct horse", hash));
	CHECK(!crypto_password_check("correct horsf", hash) && !crypto_password_check("", hash));
	CHECK(!crypto_password_check("correct horse", arena_printf(&a, "%s ", hash)));
	hash[20] = hash[20] == 'A' ? 'B' : 'A';
	CHECK(!crypto_password_check("correct horse", hash));
	for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
		CHECK(!crypto_password_check("", malformed[i]));
	/* Made with Python: hashlib.scrypt(b"pleaseletmein", salt=b"0123456789abcdef",
	 * n=1024, r=8, p=1, dklen=32). */
	CHECK(crypto_password_check("pleaseletmein",
	    "scrypt$10$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$o3zBilPc86r0aNumivxDqGJbs1CVkVYyLfGzVSIFS0U="));
}

static void
tokens(void)
{
	ARENA(a);
	char *token = crypto_token_new(&a);

	CHECK(strlen(token) == 52 && strncmp(token, "storeward_pat_", 14) == 0);
	CHECK(crypto_token_valid(token));
	CHECK(strcmp(token, crypto_token_new(&a)) != 0);
	/* Any one changed character is noticed. */
	for (size_t i = 0; i < 52; i++) {
		char *bad = arena_strdup(&a, token);
		bad[i] = bad[i] == 'x' ? 'y' : 'x';
		CHECK(!crypto_token_valid(bad));
	}
	CHECK(!crypto_token_valid("") && !crypto_token_valid("storeward_pat_"));
	CHECK(!crypto_token_valid(arena_printf(&a, "%s0", token)));
	CHECK(!crypto_token_valid(arena_strndup(&a, token, 51)));
	/* Made with Python's zlib.crc32. */
	CHECK(crypto_token_valid("storeward_pat_0123456789abcdefghijABCDEFGHIJKL3r3BJ1"));
}

int
main(void)
{
	static const struct test tests[] = {
		{"crypto_hashes", hashes}, {"crypto_base64", base64},
		{"crypto_randomness", randomness}, {"crypto_passwords", passwords},
		{"crypto_tokens", tokens}, {0},
	};

	return test_main(tests);
}
