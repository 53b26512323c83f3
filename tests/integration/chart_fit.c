/* fit: reads what `helm template` printed and says whether it fits the quota in it, as the reconciler judges. */
#include "config.h"

#include "reconcile/fit.h"

#include <stdio.h>

#define MANIFESTS_MAX ((size_t)4 << 20)

int
main(void)
{
	ARENA(a);
	BUF(text, MANIFESTS_MAX);
	struct fit fit;
	struct err e = {0};
	char part[8192];
	size_t n;

	while ((n = fread(part, 1, sizeof part, stdin)) > 0)
		buf_add(&text, part, n);
	if (buf_full(&text) || text.len == 0) {
		puts(text.len ? "too long" : "nothing was rendered");
		return 2;
	}
	if (fit_check(&a, text.data, text.len, &fit, &e) != 0) {
		puts(e.msg);
		return 2;
	}
	if (!fit.fits)
		printf("%s; raise %s\n", fit.message, fit.next_step);
	return fit.fits ? 0 : 1;
}
