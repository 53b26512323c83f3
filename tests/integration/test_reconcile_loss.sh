#!/usr/bin/env bash
# What must not be lost, and how a store ends: passes killed at any point, namespaces that vanished, the circuit breaker, the proof of
# deletion.
. "$(dirname "$0")/reconcile_stack.sh"

orphan=store-$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')
removed() {
	k delete namespace "$orphan" --wait=false > /dev/null 2>&1
	k delete pv "$orphan" --wait=false > /dev/null 2>&1
	down
}
trap removed EXIT

absent() { local ns; for ns in "$@"; do [[ $(k get namespace "$ns" 2>&1) == *NotFound* ]] || return; done; }
# Without pods it goes at once; with pods the namespace's controller waits for half their grace period.
vanish() {
	local ns
	for ns in "$@"; do k -n "$ns" delete statefulsets --all --cascade=foreground; done > /dev/null
	k delete namespace "$@" --wait=false > /dev/null
	eventually 120 absent "$@"
}

for point in before-helm helm-started before-status; do
	create "crash-$point"
	check "killed at $point" exits 137 once STOREWARD_CRASH_AT=$point
	check "killed at $point: the next one makes it ready" exits 0 soon
	check "killed at $point: ready" is "crash-$point" ready
	sql -c "update storeward.store set desired = 'absent' where name = 'crash-$point'"
done
create one
create two
create three
check 'the three are deleted with proof' passes_until purged crash-before-helm crash-helm-started crash-before-status
volumes_gone() {
	[ "$(sql -c "select count(*) >= 3 and bool_and(v ->> 'gone_at' is not null) from storeward.tombstone t,
		jsonb_array_elements(t.evidence -> 'volumes') v where t.name like 'crash-%'")" = t ]
}
check 'which says since when their volumes are gone' volumes_gone
all_ready() { is one ready && is two ready && is three ready; }
check 'three more are ready' passes_until all_ready

k create namespace "$orphan" > /dev/null
k label namespace "$orphan" "storeward.io/installation=$(sql -c 'select id from storeward.installation')" > /dev/null
once
check 'a namespace of no store is reported' incident OrphanNamespace
check 'and not deleted' k get namespace "$orphan" -o 'jsonpath={.status.phase}'
vanish "$orphan"
settle

vanish "$(of one namespace)"
check 'a vanished namespace is made again' passes_until is one ready
lost() { of one conditions | jq -e 'any(.[]; .type == "DataLost" and .status == "True")'; }
check 'with the condition DataLost' lost

vanish "$(of one namespace)" "$(of two namespace)"
check 'two of three gone at once stop the pass' exits 3 once
check 'an incident is open' incident BreakerOpen
nothing_made() { ! k get namespace "$(of one namespace)"; }
check 'nothing was made' nothing_made
settle
check 'after a person settled it the stores are made again' passes_until is two ready

wish one "desired = 'suspended'"
once
check 'a store is suspended before it is deleted' is one suspended
sql -c "update storeward.store set deletion_policy = 'retain' where name = 'three'; update storeward.store set desired = 'absent'"
k create -f - > /dev/null <<-PV
	apiVersion: v1
	kind: PersistentVolume
	metadata: {name: $orphan}
	spec: {capacity: {storage: 1Mi}, accessModes: [ReadWriteOnce], persistentVolumeReclaimPolicy: Retain, storageClassName: none,
	  hostPath: {path: /nowhere}, claimRef: {namespace: "$(of two namespace)0", name: data}}
PV
all_gone() { [ "$(sql -c 'select count(*) from storeward.store')" = 0 ]; }
check 'all are deleted' passes_until all_gone
retained() {
	local pv
	pv=$(sql -c "select evidence #>> '{volumes,0,name}' from storeward.tombstone where name = 'three'")
	[ "$(k get pv "$pv" -o 'jsonpath={.spec.persistentVolumeReclaimPolicy}')" = Retain ] || return 1
	k delete pv "$pv" --wait=false
}
check 'the volume of a store with policy retain is kept and recorded' retained
untouched() { [ "$(k get pv "$orphan" -o 'jsonpath={.spec.persistentVolumeReclaimPolicy}')" = Retain ]; }
check 'a volume with a claim of another namespace is not touched' untouched
exit $failed
