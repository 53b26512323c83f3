/*
 * The closed list of reasons with what to do about each, and the explanations that need
 * nothing but a text: helm's output and a namespace's conditions.
 */
#include "config.h"

#include "reconcile/explain_private.h"
#include "lib/clock.h"

#include <string.h>

#define TEXT_MAX 500			/* characters */
#define FRESH_MS (60 * 1000)		/* a deletion that still runs normally */

#define REASONS(X) \
	X(Provisioning, "Nothing to do: the store is being made.") \
	X(Suspended, "Resume the store when it is wanted again.") \
	X(Deleting, "Nothing to do: the deletion goes on by itself.") \
	X(ImagePullBackOff, "Check that the image exists and that the nodes may pull it; " \
		"the pull is tried again by itself.") \
	X(CrashLoopBackOff, "Read the log of the container named here and mend what it " \
		"complains of; then retry the store.") \
	X(OOMKilled, "Move the store to a larger plan, or raise this container's memory limit.") \
	X(Unschedulable, "Operator: add a node or make room on the cluster; " \
		"the pod then starts by itself.") \
	X(ClusterFull, "Operator: add a node or make room on the cluster; " \
		"the store then goes on by itself.") \
	X(QuotaExceeded, "Move the store to a larger plan, or ask for less in its values.") \
	X(VolumePending, "Operator: check the storage class and its provisioner; " \
		"the store goes on by itself once the volume is there.") \
	X(BadValues, "Correct the store's values as the message says; saving them tries again.") \
	X(ChartMissing, "Operator: run `storeward engines load` with the folder of that version; then retry the store.") \
	X(CredentialsLost, "Operator: put Secret store-credentials back with the passwords that the shop has; " \
		"then retry the store.") \
	X(HelmFailed, "Retry the store; if it fails again, show the operator this message.") \
	X(SetupFailed, "Read the log of the set-up pod; it is tried again by itself.") \
	X(CheckoutFailed, "Place a test order in the shop and check its payment and shipping " \
		"settings; then retry the store.") \
	X(DeadlineExceeded, "Look at the store's pods and events; retry the store if the " \
		"cluster was merely slow.") \
	X(NamespaceBlocked, "Operator: find out why the owner of the finalizer does not finish; " \
		"do not remove the finalizer before what it guards is gone.") \
	X(NamespaceConflict, "Operator: find out who owns what is there; " \
		"nothing that is not this installation's is touched.") \
	X(APIServiceUnavailable, "Operator: repair or remove the API service; " \
		"all namespace deletions wait for it.") \
	X(ClusterUnavailable, "Nothing to do: work goes on when the cluster answers. " \
		"Operator: check its API server, network and credentials.") \
	X(DataLost, "Restore the store from a backup, or acknowledge the loss to go on empty.")

#define NAME(reason, step) #reason,
const char *const explain_reasons[] = {REASONS(NAME) NULL};
#define STEP(reason, step) step,
static const char *const steps[] = {REASONS(STEP)};

const char *
explain_step(const char *reason)
{
	for (size_t i = 0; explain_reasons[i]; i++) {
		if (strcmp(explain_reasons[i], reason) == 0)
			return steps[i];
	}
	return "";
}

/* One line, control characters and runs of space as one space, cut at TEXT_MAX characters. */
static const char *
one_line(struct arena *a, const char *text)
{
	BUF(out, 4 * TEXT_MAX);
	size_t chars = 0;

	for (const char *p = text; *p; p++) {
		const unsigned char c = (unsigned char)*p;
		const bool space = c <= ' ' || c == 0x7F;
		if (space && (out.len == 0 || out.data[out.len - 1] == ' '))
			continue;
		if ((c & 0xC0) != 0x80 && ++chars > TEXT_MAX - 3) {
			buf_adds(&out, "...");
			break;
		}
		buf_addc(&out, space ? ' ' : *p);
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		out.len--;
	return arena_strndup(a, buf_text(&out), out.len);
}

bool
explain_set(struct arena *a, struct explanation *out, const char *reason, const char *step,
    const char *message)
{
	out->reason = reason;
	out->message = one_line(a, message);
	out->next_step = step && *step ? one_line(a, step) : explain_step(reason);
	return true;
}

/* What a helm error says of its cause; the first that is found counts. */
static const struct { const char *text, *reason, *step; } helm_rows[] = {
	{"exceeded quota", "QuotaExceeded", NULL},
	{"specifications of the schema", "BadValues", NULL},
	{"execution error at", "BadValues", NULL},
	{"error calling", "BadValues", NULL},
	{"YAML parse error", "BadValues", NULL},
	{"nil pointer evaluating", "BadValues", NULL},
	{"is not in the database", "ChartMissing", NULL},
	{"the Secret was deleted", "CredentialsLost", NULL},
	{"cluster unreachable", "ClusterUnavailable", NULL},
	{"connection refused", "ClusterUnavailable", NULL},
	{"connection reset", "ClusterUnavailable", NULL},
	{"no route to host", "ClusterUnavailable", NULL},
	{"TLS handshake", "ClusterUnavailable", NULL},
	{"i/o timeout", "ClusterUnavailable", NULL},
	{"unable to retrieve the complete list", "APIServiceUnavailable", NULL},
	{"unable to handle the request", "APIServiceUnavailable", NULL},
	{"being terminated", "NamespaceBlocked",
	 "Nothing to do: the store is made again once the old namespace is gone."},
	{"cannot be imported", "NamespaceConflict", NULL},
	{"ownership metadata", "NamespaceConflict", NULL},
	{"another operation", "HelmFailed",
	 "Nothing to do: the release is unlocked by itself when its helm is known to be dead."},
	{"has no deployed releases", "HelmFailed",
	 "Nothing to do: the unfinished uninstall is repeated by itself."},
	{"forbidden", "HelmFailed",
	 "Operator: give the reconciler's account the right that the message names."},
	{"is invalid", "BadValues", NULL},
	{"Invalid value", "BadValues", NULL},
	{"context deadline exceeded", "DeadlineExceeded", NULL},
};

void
explain_helm(struct arena *a, const char *output, bool timed_out, struct explanation *out)
{
	if (timed_out) {
		explain_set(a, out, "DeadlineExceeded", NULL, output);
		return;
	}
	for (size_t i = 0; i < sizeof helm_rows / sizeof *helm_rows; i++) {
		if (!strcasestr(output, helm_rows[i].text))
			continue;
		explain_set(a, out, helm_rows[i].reason, helm_rows[i].step, output);
		return;
	}
	explain_set(a, out, "HelmFailed", NULL, output);
}

/* Finalizers whose owner is known, and what it waits for. */
static const struct { const char *finalizer, *owner; } owners[] = {
	{"kubernetes.io/pvc-protection", "a pod still uses the claim"},
	{"kubernetes.io/pv-protection", "the volume is still claimed"},
	{"external-provisioner.volume.kubernetes.io", "the storage driver is to remove the volume"},
	{"external-attacher", "the storage driver is to detach the volume"},
	{"service.kubernetes.io/load-balancer", "the cloud controller is to remove the load balancer"},
	{"batch.kubernetes.io/job-tracking", "the job controller is to count the pod"},
	{"foregroundDeletion", "the garbage collector is to remove the dependents first"},
	{"orphan", "the garbage collector is to release the dependents"},
};

static const char *
owner_of(const char *message)
{
	for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
		if (strstr(message, owners[i].finalizer))
			return owners[i].owner;
	}
	return "whoever set the finalizer is to remove it";
}

/* The message of a condition that is True, else NULL. */
static const char *
condition(const struct json *object, const char *type)
{
	const struct json *all = json_get(object, "status.conditions");

	for (size_t i = 0; i < json_count(all); i++) {
		const struct json *c = json_item(all, i);
		if (strcmp(json_text(c, "type"), type) == 0 &&
		    strcmp(json_text(c, "status"), "True") == 0)
			return json_text(c, "message");
	}
	return NULL;
}

int
explain_namespace(struct arena *a, const struct json *namespace_object, struct explanation *out)
{
	const struct json *ns = namespace_object;
	const char *name = json_text(ns, "metadata.name");
	const int64_t since = clock_parse(json_text(ns, "metadata.deletionTimestamp"));
	const char *lost = condition(ns, "NamespaceDeletionDiscoveryFailure");
	const char *finalizers = condition(ns, "NamespaceFinalizersRemaining");
	const char *content = condition(ns, "NamespaceContentRemaining");
	const char *failed = condition(ns, "NamespaceDeletionContentFailure");

	*out = (struct explanation){"", "", ""};
	if (lost)
		explain_set(a, out, "APIServiceUnavailable", NULL, arena_printf(a,
		    "Namespace %s cannot be deleted: %s", name, lost));
	else if (since >= 0 && clock_unix_ms() - since < FRESH_MS)
		return 0;
	else if (finalizers)
		explain_set(a, out, "NamespaceBlocked", NULL, arena_printf(a,
		    "Namespace %s is held: %s (%s). %s", name, finalizers, owner_of(finalizers),
		    content ? content : ""));
	else if (failed || content)
		explain_set(a, out, "NamespaceBlocked",
		    "Operator: find out why these objects do not go; pods of a dead node wait for it.",
		    arena_printf(a, "Namespace %s is not empty: %s", name, failed ? failed : content));
	return 0;
}
