/*
 * Who holds a lease or a claim: "HOST BOOT NAMESPACE PID START", where boot id, pid namespace, process id and its
 * start time name one process for ever.  A holder is known to be dead only where all of it could be looked at:
 * same boot, same pid namespace, no such process.  A claim lives on while a helm process of it does.
 */
#ifndef RECONCILE_CLAIM_H
#define RECONCILE_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

void claim_self(char *out, size_t size);

/* False where we cannot know. */
bool claim_dead(const char *self, const char *holder);

/* Whether a helm child for this namespace may still be at work under a claim of `holder`. */
bool claim_alive(const char *self, const char *holder, const char *namespace);

#endif
