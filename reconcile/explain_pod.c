/*
 * What keeps pods from running, and what set-up and probe pods said when they failed.  Of
 * all pods the trouble nearest to the cause counts: a shop crashes because its database's
 * image cannot be pulled, never the other way round.
 */
#include "config.h"

#include "reconcile/explain_private.h"
#include "lib/clock.h"

#include <string.h>

#define UNSCHEDULABLE_MS (15 * 1000)	/* the scheduler's first answers are often not its last */

enum trouble { IMAGE, CONFIG, UNSCHEDULABLE, OOM, CRASH, VOLUME, NONE };

static const char *const reasons[] = {
	[IMAGE] = "ImagePullBackOff", [CONFIG] = "BadValues", [UNSCHEDULABLE] = "Unschedulable",
	[OOM] = "OOMKilled", [CRASH] = "CrashLoopBackOff", [VOLUME] = "VolumePending",
};

static const struct { const char *reason; enum trouble trouble; } waiting_rows[] = {
	{"ImagePullBackOff", IMAGE},
	{"ErrImagePull", IMAGE},
	{"InvalidImageName", IMAGE},
	{"ErrImageNeverPull", IMAGE},
	{"ErrImageInspect", IMAGE},
	{"RegistryUnavailable", IMAGE},
	{"CreateContainerConfigError", CONFIG},
	{"CreateContainerError", CONFIG},
	{"RunContainerError", CRASH},
	{"CrashLoopBackOff", CRASH},
};

/* The worst trouble so far; status and spec of its container, NULL when it is the pod's. */
struct finding {
	enum trouble trouble;
	const struct json *pod, *container;
	const char *text;
};

static const char *const container_lists[] = {
	"status.initContainerStatuses", "status.containerStatuses",
};

static const char *
component(const struct json *pod)
{
	return json_text(pod, "metadata.labels.storeward\\.io/component");
}

/* Set-up and probe pods run to an end: failing is theirs to explain. */
static bool
is_run(const struct json *pod)
{
	return strcmp(component(pod), "setup") == 0 || strcmp(component(pod), "probe") == 0;
}

static bool
is_over(const struct json *pod)
{
	const char *phase = json_text(pod, "status.phase");

	return *json_text(pod, "metadata.deletionTimestamp") || strcmp(phase, "Succeeded") == 0 ||
	    (strcmp(phase, "Failed") == 0 && !is_run(pod));
}

/*
 * How a container that is not well ended last, or NULL.  What ended before counts while it
 * runs again, else a crash would hide whenever one looks between two of them.  A run (set-up,
 * probe) is well when it has ended; being ready, as any container without a probe is, says nothing.
 */
static const struct json *
failed_end(const struct json *container, bool run)
{
	const struct json *now = json_get(container, "state.terminated");
	const struct json *end = now ? now : json_get(container, "lastState.terminated");

	if (!end || (!run && json_bool(container, "ready", false)))
		return NULL;
	return json_int(end, "exitCode", 0) != 0 ? end : NULL;
}

static enum trouble
container_trouble(const struct json *container, bool run)
{
	const char *waiting = json_text(container, "state.waiting.reason");
	const struct json *end = failed_end(container, run);
	enum trouble t = NONE;

	for (size_t i = 0; i < sizeof waiting_rows / sizeof *waiting_rows; i++) {
		if (strcmp(waiting, waiting_rows[i].reason) == 0)
			t = waiting_rows[i].trouble;
	}
	if (t == NONE && end)
		t = CRASH;
	if (t == CRASH && strcmp(json_text(end, "reason"), "OOMKilled") == 0)
		t = OOM;
	return t == CRASH && run ? NONE : t;
}

/* Why no node takes the pod; NULL when one did, or it was asked a moment ago. */
static const char *
unscheduled(const struct json *pod, int64_t now_ms)
{
	const struct json *all = json_get(pod, "status.conditions");

	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *c = json_item(all, i);
		const int64_t since = clock_parse(json_text(c, "lastTransitionTime"));
		if (strcmp(json_text(c, "type"), "PodScheduled") == 0 &&
		    strcmp(json_text(c, "reason"), "Unschedulable") == 0 &&
		    now_ms - since >= UNSCHEDULABLE_MS)
			return json_text(c, "message");
	}
	return NULL;
}

static void
note(struct finding *worst, struct finding f)
{
	if (f.trouble < worst->trouble)
		*worst = f;
}

static void
look_at_pod(struct finding *worst, const struct json *pod, int64_t now_ms)
{
	const char *text = unscheduled(pod, now_ms);

	if (text)
		note(worst, (struct finding){strcasestr(text, "volume") ? VOLUME : UNSCHEDULABLE,
		    pod, NULL, text});
	for (size_t l = 0; l < 2; l++) {
		const struct json *list = json_get(pod, container_lists[l]);
		for (size_t i = 0; i < json_count(list); i++) {
			const struct json *c = json_item(list, i);
			note(worst, (struct finding){container_trouble(c, is_run(pod)), pod, c,
			    json_text(c, "state.waiting.message")});
		}
	}
}

static const char *
memory_limit(const struct json *pod, const char *container)
{
	static const char *const lists[] = {"spec.initContainers", "spec.containers"};

	for (size_t l = 0; l < 2; l++) {
		const struct json *list = json_get(pod, lists[l]);
		for (size_t i = 0; i < json_count(list); i++) {
			const struct json *c = json_item(list, i);
			if (strcmp(json_text(c, "name"), container) == 0)
				return json_text_or(c, "resources.limits.memory", "the node's");
		}
	}
	return "unknown";
}

static const char *
crash_sentence(struct arena *a, const struct finding *f, const char *who)
{
	const struct json *end = failed_end(f->container, false);
	const char *said = json_text(end, "message");
	const int64_t restarts = json_int(f->container, "restartCount", 0);

	if (!end)
		return arena_printf(a, "%s cannot be started: %s", who, f->text);
	return arena_printf(a, "%s ended with exit code %lld (%s) and was restarted %lld times%s%s",
	    who, (long long)json_int(end, "exitCode", 0), json_text_or(end, "reason", "Error"),
	    (long long)restarts, *said ? ": " : "", said);
}

static const char *
sentence(struct arena *a, const struct finding *f)
{
	const char *pod = json_text(f->pod, "metadata.name");
	const char *name = json_text(f->container, "name");
	const char *who = arena_printf(a, "Container %s of pod %s", name, pod);

	switch (f->trouble) {
	case IMAGE:
		return arena_printf(a, "%s cannot pull its image %s: %s", who,
		    json_text(f->container, "image"), f->text);
	case CONFIG:
		return arena_printf(a, "%s cannot be configured: %s", who, f->text);
	case UNSCHEDULABLE:
		return arena_printf(a, "Pod %s fits on no node: %s", pod, f->text);
	case OOM:
		return arena_printf(a, "%s needed more than its memory limit (%s) and was killed, "
		    "%lld restarts so far", who, memory_limit(f->pod, name),
		    (long long)json_int(f->container, "restartCount", 0));
	case CRASH:
		return crash_sentence(a, f, who);
	case VOLUME:
		return arena_printf(a, "Pod %s waits for its volume: %s", pod, f->text);
	case NONE:
		break;
	}
	return "";
}

bool
explain_pods(struct arena *a, const struct explain_lists *in, struct explanation *out)
{
	const struct json *items = json_get(in->list[EXPLAIN_PODS], "items");
	struct finding worst = {.trouble = NONE};

	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *pod = json_item(items, i);
		if (!is_over(pod))
			look_at_pod(&worst, pod, in->now_ms);
	}
	if (worst.trouble == NONE)
		return false;
	return explain_set(a, out, reasons[worst.trouble], NULL, sentence(a, &worst));
}

static const struct json *
newest(const struct json *items, const char *wanted)
{
	const struct json *found = NULL;

	for (size_t i = 0; i < json_count(items); i++) {
		const struct json *pod = json_item(items, i);
		if (strcmp(component(pod), wanted) == 0 &&
		    strcmp(json_text(pod, "metadata.creationTimestamp"),
		    json_text(found, "metadata.creationTimestamp")) >= 0)
			found = pod;
	}
	return found;
}

/* How the pod failed: the end that left a message, or any. */
static const struct json *
failed_run(const struct json *pod)
{
	const struct json *found = NULL;

	for (size_t l = 0; l < 2; l++) {
		const struct json *list = json_get(pod, container_lists[l]);
		for (size_t i = 0; i < json_count(list); i++) {
			const struct json *end = failed_end(json_item(list, i), true);
			if (end && (!found || *json_text(end, "message")))
				found = end;
		}
	}
	return found;
}

/* Charts write "<step>: <what went wrong>; <next step>" to the termination log, probes more on further lines: told.c. */
static bool
explain_run(struct arena *a, const struct json *pod, const char *reason, struct explanation *out)
{
	const struct json *end = pod && !is_over(pod) ? failed_run(pod) : NULL;
	const char *name = json_text(pod, "metadata.name"), *said = json_text(end, "message");

	if (strcmp(component(pod), "probe") == 0)
		said = arena_strndup(a, said, strcspn(said, "\n"));

	if (!end)
		return false;
	if (!*said)
		return explain_set(a, out, reason, NULL, arena_printf(a,
		    "Pod %s ended with exit code %lld (%s) and gave no reason", name,
		    (long long)json_int(end, "exitCode", 0), json_text_or(end, "reason", "Error")));
	const char *cut = strrchr(said, ';');
	return explain_set(a, out, reason, cut ? cut + 1 : NULL, arena_printf(a, "Pod %s: %.*s",
	    name, cut ? (int)(cut - said) : (int)strlen(said), said));
}

bool
explain_probe(struct arena *a, const struct json *pods, struct explanation *out)
{
	return explain_run(a, newest(json_get(pods, "items"), "probe"), "CheckoutFailed", out);
}

bool
explain_runs(struct arena *a, const struct explain_lists *in, struct explanation *out)
{
	const struct json *items = json_get(in->list[EXPLAIN_PODS], "items");

	return explain_run(a, newest(items, "setup"), "SetupFailed", out) ||
	    explain_probe(a, in->list[EXPLAIN_PODS], out);
}
