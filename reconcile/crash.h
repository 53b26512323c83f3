/* For tests: the environment variable STOREWARD_CRASH_AT names a point at which the process kills itself. */
#ifndef RECONCILE_CRASH_H
#define RECONCILE_CRASH_H

/* Points: credentials-renewed (the Secret has new passwords, nothing else), before-helm (claimed, not started),
 * helm-started, before-status (helm ended, not yet written). */
void crash_at(const char *point);

#endif
