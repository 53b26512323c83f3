/* The layers of values: which wins, that identity cannot be overlaid, and what the hash sees. */
#include "config.h"

#include "reconcile/values.h"
#include "tests/check.h"
#include "lib/crypto.h"

static const struct json *
parse(struct arena *a, const char *text)
{
	struct err e = {0};
	const struct json *v = text ? json_parse(a, text, strlen(text), &e) : NULL;

	CHECK(e.kind == ERR_NONE);
	return v;
}

static struct values_input
input(struct arena *a, const char *plan, const char *cluster, const char *overrides)
{
	return (struct values_input){
		.plan = parse(a, plan), .cluster = parse(a, cluster),
		.overrides = parse(a, overrides), .engine = "mini.mal",
		.installation = "i1", .store = "s1", .name = "shop", .host = "shop.localhost",
		.url = "http://shop.localhost", .ingress_class = "nginx", .chart_digest = "d1",
	};
}

#define IDENTITY_HEAD "\"host\":\"shop.localhost\",\"ingressClassName\":\"nginx\""
#define IDENTITY_TAIL "\"storageClassName\":\"\",\"storeward\":{\"installation\":\"i1\"," \
	"\"name\":\"shop\",\"store\":\"s1\"},\"url\":\"http://shop.localhost\"}"

static void
merges_in_order(void)
{
	static const struct { const char *plan, *cluster, *overrides, *want; } rows[] = {
		{NULL, NULL, NULL, "{" IDENTITY_HEAD "," IDENTITY_TAIL},
		{"{\"a\":{\"p\":1,\"q\":1,\"r\":1,\"s\":1}}",
		 "{\"*\":{\"a\":{\"q\":2,\"r\":2,\"s\":2}},\"mini.mal\":{\"a\":{\"r\":3,\"s\":3}},"
		 "\"other\":{\"a\":{\"p\":9}}}",
		 "{\"a\":{\"s\":4}}",
		 "{\"a\":{\"p\":1,\"q\":2,\"r\":3,\"s\":4}," IDENTITY_HEAD "," IDENTITY_TAIL},
		{NULL, "{\"mini.mal\":{\"*\":1}}", "{\"list\":[2,1]}",
		 "{\"*\":1," IDENTITY_HEAD ",\"list\":[2,1]," IDENTITY_TAIL},
		{"{\"a\":1,\"b\":2}", NULL, "{\"a\":null}",
		 "{\"b\":2," IDENTITY_HEAD "," IDENTITY_TAIL},
		{"[1]", "[2]", "3", "{" IDENTITY_HEAD "," IDENTITY_TAIL},
		{NULL, NULL, "null", "{" IDENTITY_HEAD "," IDENTITY_TAIL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA(a);
		const char *hash = "";
		const struct values_input in = input(&a, rows[i].plan, rows[i].cluster,
		    rows[i].overrides);
		CHECK_STR(values_text(&a, &in, &hash), rows[i].want);
		CHECK(strlen(hash) == 16 && strspn(hash, "0123456789abcdef") == 16);
	}
}

static void
identity_wins(void)
{
	ARENA(a);
	const char *hash;
	const struct values_input in = input(&a, "{\"host\":\"p\"}", "{\"*\":{\"url\":\"c\"}}",
	    "{\"host\":\"evil\",\"storeward\":\"x\",\"url\":null}");

	CHECK_STR(values_text(&a, &in, &hash), "{" IDENTITY_HEAD "," IDENTITY_TAIL);
}

static void
hash_sees_values_and_chart(void)
{
	ARENA(a);
	const char *one, *two, *three, *four;
	struct values_input in = input(&a, "{\"b\":1,\"a\":2}", NULL, NULL);
	struct values_input same = input(&a, "{\"a\":2}", "{\"*\":{\"b\":1}}", NULL);

	const char *text = values_text(&a, &in, &one);
	CHECK_STR(values_text(&a, &same, &two), text);
	CHECK_STR(two, one);
	const char *hashed = arena_printf(&a, "%s\nd1", text);
	CHECK(strncmp(crypto_sha256_hex(&a, hashed, strlen(hashed)), one, 16) == 0);
	in.chart_digest = "d2";
	values_text(&a, &in, &three);
	CHECK(strcmp(three, one) != 0);
	same.overrides = parse(&a, "{\"a\":3}");
	values_text(&a, &same, &four);
	CHECK(strcmp(four, one) != 0);
}

/* Only a suspended store's values say so, and nobody else can. */
static void
suspension_is_identity(void)
{
	ARENA(a);
	const char *hash, *before;
	struct values_input in = input(&a, NULL, NULL, "{\"storeward\":{\"suspended\":true}}");

	CHECK_STR(values_text(&a, &in, &before), "{" IDENTITY_HEAD "," IDENTITY_TAIL);
	in.overrides = parse(&a, "{\"storeward\":{\"suspended\":false}}");
	in.suspended = true;
	CHECK(strstr(values_text(&a, &in, &hash), "\"suspended\":true") != NULL);
	CHECK(strcmp(hash, before) != 0);
}

/* Only where new passwords were asked for, and nobody else can say so. */
static void
revision_is_identity(void)
{
	ARENA(a);
	const char *hash, *before;
	struct values_input in = input(&a, NULL, NULL, "{\"storeward\":{\"credentialsRevision\":7}}");

	CHECK_STR(values_text(&a, &in, &before), "{" IDENTITY_HEAD "," IDENTITY_TAIL);
	in.credentials_revision = 2;
	CHECK(strstr(values_text(&a, &in, &hash), "\"credentialsRevision\":2,") != NULL);
	CHECK(strcmp(hash, before) != 0);
}

static void
refuses_too_much(void)
{
	ARENA(a);
	const char *hash = "untouched";
	struct values_input in = input(&a, NULL, NULL, NULL);
	char *big = arena_alloc(&a, (1 << 20) + 1);

	memset(big, 'x', 1 << 20);
	in.overrides = json_set(&a, json_object(&a), "big", json_string(&a, big));
	CHECK(values_text(&a, &in, &hash) == NULL);
	CHECK_STR(hash, "untouched");
}

static const struct test tests[] = {
	{"merges in order", merges_in_order},
	{"identity wins", identity_wins},
	{"hash sees values and chart", hash_sees_values_and_chart},
	{"suspension is identity", suspension_is_identity},
	{"the passwords' revision is identity", revision_is_identity},
	{"refuses too much", refuses_too_much},
	{0}
};

int
main(void)
{
	return test_main(tests);
}
