/* Gates between processes that share their slots. */
#include "config.h"

#include "fcgi/gate.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/check.h"

#define WORKERS 4
#define ROUNDS 50

static struct master_slot *slots;

static struct master_place
place(size_t self)
{
	return (struct master_place){slots, WORKERS, self};
}

static void
test_places(void)
{
	static const struct {
		size_t max;
		int want[WORKERS];	/* of one after the other */
	} cases[] = {
		{1, {0, -1, -1, -1}}, {3, {0, 0, 0, -1}}, {0, {0, 0, -1, -1}}, {9, {0, 0, 0, 0}},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e;

		for (size_t w = 0; w < WORKERS; w++) {
			const struct master_place at = place(w);

			e = (struct err){0};
			CHECK(gate_enter(&at, GATE_PASSWORD, cases[i].max, 0, &e) ==
			    cases[i].want[w]);
			CHECK((e.kind == ERR_TRANSIENT) == (cases[i].want[w] != 0));
		}
		for (size_t w = 0; w < WORKERS; w++) {
			const struct master_place at = place(w);

			gate_leave(&at, GATE_PASSWORD);
		}
	}
}

/* One gate's places are not the other's. */
static void
test_two_gates(void)
{
	const struct master_place a = place(0), b = place(1);
	struct err e;

	CHECK(gate_enter(&a, GATE_PASSWORD, 1, 0, &e) == 0);
	CHECK(gate_enter(&b, GATE_KUBERNETES, 1, 0, &e) == 0);
	CHECK(gate_enter(&b, GATE_PASSWORD, 1, 0, &e) == -1);
	gate_leave(&a, GATE_PASSWORD);
	CHECK(gate_enter(&b, GATE_PASSWORD, 1, 0, &e) == 0);
	gate_leave(&b, GATE_PASSWORD);
	gate_leave(&b, GATE_KUBERNETES);
}

/* Processes that all want the one place: never two inside, and each gets its turns. */
static void
test_many_processes(void)
{
	_Atomic int *inside = mmap(NULL, sizeof *inside, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[WORKERS];

	for (size_t w = 0; w < WORKERS; w++) {
		pids[w] = fork();
		if (pids[w] == 0) {
			const struct master_place at = place(w);
			struct err e;
			int bad = 0;

			for (int n = 0; n < ROUNDS; n++) {
				bad += gate_enter(&at, GATE_PASSWORD, 1, 30000, &e) != 0;
				bad += atomic_fetch_add(inside, 1) != 0;
				usleep(100);
				atomic_fetch_sub(inside, 1);
				gate_leave(&at, GATE_PASSWORD);
			}
			_exit(bad != 0);
		}
	}
	for (size_t w = 0; w < WORKERS; w++) {
		int status = -1;

		CHECK(waitpid(pids[w], &status, 0) == pids[w] && status == 0);
	}
	munmap(inside, sizeof *inside);
}

int
main(void)
{
	static const struct test tests[] = {
		{"gate: as many as there are places", test_places},
		{"gate: one does not fill the other", test_two_gates},
		{"gate: processes that compete", test_many_processes},
		{0}
	};

	slots = mmap(NULL, WORKERS * sizeof *slots, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return slots == MAP_FAILED || test_main(tests);
}
