/* What makes a new password too weak, and what does not. */
#include "config.h"

#include "fcgi/password.h"

#include "tests/check.h"

static void
test_weakness(void)
{
	static const struct {
		const char *password;
		bool weak;
	} cases[] = {
		{"correct horse 1", false}, {"aaaaaaaaaaaab", false}, {"abcdeabcdeab", false},
		{"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\xc3\xa9\xc3\xa8\xc3\xaa\xc3\xab\xc3\xb1", false},
		{"aaaaaaaaaaaa", true}, {"abababababab", true}, {"abcdabcdabcd", true},
		{"abcdabcdabcda", true}, {"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", true},
		{"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80", true},
		{"            ", true}, {"PASSWORDpassword", true}, {"Password1234", true},
		{"password1234x", false}, {"123456789012", true}, {"qwertyuiopas", true},
		{"some.body@shop.test", true}, {"Some.Body@Shop.Test", true},
		{"some.body", true}, {"some.body@shop.test2", false}, {"some.body@shop", false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *why = password_weakness(cases[i].password, "some.body@shop.test");

		if ((why != NULL) != cases[i].weak)
			CHECK_STR(cases[i].password, why);
	}
}

int
main(void)
{
	static const struct test tests[] = {
		{"password_weakness", test_weakness},
		{0}
	};

	return test_main(tests);
}
