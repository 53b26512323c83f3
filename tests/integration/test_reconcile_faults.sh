#!/usr/bin/env bash
# What goes wrong around a pass: the cluster is away or another one, two reconcilers at once, a namespace without its label, a process
# that slept through its lease, a set-up that cannot succeed.
. "$(dirname "$0")/reconcile_stack.sh"

create one
check 'a store is ready' exits 0 soon

sed 's|server: .*|server: https://127.0.0.1:1|' "$KUBECONFIG" > "$work/nowhere"
create two
sql -c "update storeward.cluster set credentials_ref = '$work/nowhere'"
check 'without the cluster a pass ends with progress pending' exits 2 once
check 'the ready store stays ready' is one ready
wish one 'retries = retries + 1'
check 'and a wish for it' exits 2 once
unseen() { [ "$(of one 'phase, reason, generation - observed_generation')" = 'ready|ClusterUnavailable|1' ] || { of one st; return 1; }; }
check 'waits to be seen' unseen
unavailable() { [ "$(of two reason)" = ClusterUnavailable ]; }
check 'the new store says that the cluster is away' unavailable
check 'a second pass without the cluster writes nothing' unchanged one once

sql -c "update storeward.cluster set credentials_ref = '$KUBECONFIG', uid = 'another'"
check 'another cluster at the same address is refused' exits 3 once
check 'and reported' incident ClusterReplaced
settle
sql -c "update storeward.cluster set uid = null"
create three
both_ready() { is two ready && is three ready; }
two_at_once() { local pid; once & pid=$!; once; wait "$pid"; both_ready; }
check 'two reconcilers at once make both stores' eventually 300 two_at_once
single() { [ "$(k get secrets -A -l "owner=helm,storeward.io/store=$(of two s.id)" -o name | wc -l)" = 1 ]; }
check 'with one release each' single

k label namespace "$(of two namespace)" storeward.io/installation- > /dev/null
not_lost() { [ "$(of two "reason, namespace_uid is not null, conditions @> '[{\"type\": \"DataLost\"}]'")" = 'NamespaceConflict|t|f' ] || { of two st; return 1; }; }
check 'a namespace that lost its label is not called lost' seen_in_passes not_lost
k label namespace "$(of two namespace)" "storeward.io/installation=$(sql -c 'select id from storeward.installation')" > /dev/null
check 'and the store is ready again with it' passes_until is two ready
settle

claimed() { [ -n "$(of "$1" claim_holder)" ]; }
cp "$KUBECONFIG" "$work/another"
create moved
once & pid=$!
PERIOD=0.1 eventually 120 claimed moved
sql -c "update storeward.cluster set credentials_ref = '$work/another'"
ends() { wait "$1"; local rc=$?; [ $rc = 0 ] || [ $rc = 2 ] || { echo "exit status $rc"; tail -n 3 "$work/log"; return 1; }; }
check 'a pass outlives the credentials it began with' ends "$pid"
check 'and the next one makes the store ready with the new ones' passes_until is moved ready

create stopped
once & pid=$!
PERIOD=0.1 eventually 120 claimed stopped
stopped=$(reconciler_below "$pid")
kill -STOP "$stopped"
sql -c "update storeward.shard_lease set token = token + 1, holder = 'another', expires_at = now() + interval '1 minute'"
before=$(rows)
sleep 21
kill -CONT "$stopped"
check 'a process that was stopped while its lease was taken ends' exits 1 wait "$pid"
kept() { [ "$before" = "$(rows)" ]; }
check 'and has written nothing' kept
sql -c "update storeward.shard_lease set expires_at = now()"
check 'the next one makes the store ready' passes_until is stopped ready

create stuck overrides '{"images": {"python": "sw.local/none:1"}}'
has_job() { [ -n "$(jobs_of stuck setup-)" ]; }
check 'a set-up whose image is not to be had begins' seen_in_passes has_job
job=$(jobs_of stuck setup-)
k -n "$(of stuck namespace)" patch "job/${job% *}" -p '{"spec": {"activeDeadlineSeconds": 1}}' > /dev/null
set_up_failed() { k -n "$(of stuck namespace)" get "job/${job% *}" -o 'jsonpath={.status.conditions[*].type}' | grep -qw Failed; }
eventually 60 set_up_failed
sql -c "update storeward.store_status set attempts = 7, next_attempt_at = now() + interval '1 hour' where store_id = '$(of stuck s.id)'"
wish stuck 'retries = retries + 1'
anew() {
	local now
	now=$(jobs_of stuck setup-)
	echo "$job, then $now"
	[ -n "$job" ] && [ "${now% *}" = "${job% *}" ] && [ "$now" != "$job" ] &&
		[ "$(of stuck 'attempts, next_attempt_at is null, phase, reason')" = '0|t|provisioning|ImagePullBackOff' ] || { of stuck st; return 1; }
}
check 'a retry begins a failed set-up anew, and counts anew' seen_in_passes anew
wish stuck "retries = retries + 1, overrides = '{}'"
check 'mended and retried it becomes ready' exits 0 soon
mended() { is stuck ready && steps stuck t; }
check 'and its steps tell of the last making' mended
sql -c "update storeward.store set desired = 'absent'"
check 'all are deleted with proof' passes_until purged one two three stuck stopped moved
exit $failed
