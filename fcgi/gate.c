/* Each worker raises a flag of its own and counts the others': no number can go astray. */
#include "config.h"

#include "fcgi/gate.h"

#include <time.h>

#include "lib/clock.h"
#include "lib/crypto.h"

#define PAUSE_MS 10

static size_t
inside(const struct master_place *at, unsigned flag)
{
	size_t n = 0;

	for (size_t i = 0; i < at->workers; i++)
		n += (atomic_load(&at->slots[i].gates) & flag) != 0;
	return n;
}

/* Not all at the same moment again. */
static void
pause_a_little(void)
{
	unsigned char random;

	crypto_random(&random, 1);
	nanosleep(&(struct timespec){
	    .tv_nsec = (PAUSE_MS + random % PAUSE_MS) * 1000000L}, NULL);
}

int
gate_enter(const struct master_place *at, enum gate gate, size_t max, int wait_ms,
    struct err *e)
{
	const unsigned flag = 1u << gate;
	const size_t places = max > 0 ? max : at->workers > 1 ? at->workers / 2 : 1;
	const int64_t until = clock_ms() + wait_ms;

	for (;;) {
		atomic_fetch_or(&at->slots[at->self].gates, flag);
		if (inside(at, flag) <= places)
			return 0;
		atomic_fetch_and(&at->slots[at->self].gates, ~flag);
		if (clock_ms() >= until)
			return err_code(e, ERR_TRANSIENT, "busy",
			    "too many requests of this kind at once");
		pause_a_little();
	}
}

void
gate_leave(const struct master_place *at, enum gate gate)
{
	atomic_fetch_and(&at->slots[at->self].gates, ~(1u << gate));
}
