#!/usr/bin/env bash
# storeward-reconcile against a real PostgreSQL and the running test cluster: what a pass does, and what it must
# not do.  Needs root, the built program in $BUILD and tests/cluster up.  Removes what it made.
set -uo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$top/var/build}
. <("$top/tests/cluster/cluster" env)
export KUBECONFIG LC_ALL=C
work=$(mktemp -d /tmp/storeward-reconcile.XXXXXX)
chmod 755 "$work"
failed=0

k() { "$KUBECTL" --request-timeout=20s "$@"; }
check() {
	local name=$1
	shift
	if "$@" > "$work/out" 2>&1; then echo "ok $name"; else
		echo "not ok $name"
		sed 's/^/# /' "$work/out" | tail -n 12
		failed=1
	fi
}

# --- PostgreSQL
# shellcheck source=tests/postgresql.sh
. "$top/tests/postgresql.sh"
sql() { psql -h "$work/pg" -U postgres -qAtX -v ON_ERROR_STOP=1 storeward "$@"; }
database_up() {
	pg_init && pg_start || return
	psql -h "$work/pg" -U postgres -qX postgres -c 'create database storeward' && sql -f "$top/sql/roles.sql" &&
		(echo 'set role storeward_owner;'; cat "$top"/sql/migrations/*.sql) | sql -1 && sql -v kubeconfig="$KUBECONFIG" <<-'SQL'
	insert into storeward.tenant (name) values ('demo');
	begin;
	insert into storeward.engine (name, version, title, default_plan, spec, chart_digest) values ('minimal', '0.1.0', 'Minimal', 'small',
		'{"credentials": [{"key": "admin-user", "value": "admin"}, {"key": "admin-password", "generate": 24}], "podSecurity": "restricted",
		  "workloads": [{"kind": "StatefulSet", "name": "shop"}], "setup": {"job": "setup"}, "probe": {"cronJob": "probe"},
		  "paths": {"storefront": "/", "admin": "/admin"}}', 'digest-1');
	insert into storeward.plan (engine, engine_version, name, title, values) values ('minimal', '0.1.0', 'small', 'Small', '{"storage": "128Mi"}');
	commit;
	insert into storeward.cluster (name, credentials_ref, base_domain, url_scheme, url_port, ingress_class, storage_class, engine_values)
	values ('local', :'kubeconfig', 'localhost', 'http', 8080, 'local', 'local-path', '{"*": {}, "minimal": {"images": {"python": "sw.local/python:1"}}}');
	SQL
}
down() {
	for ns in $(sql -c 'select namespace from storeward.store' 2>/dev/null) "$work_ns"; do
		k delete namespace "$ns" --wait=false > /dev/null 2>&1
	done
	k delete pv "$work_ns" --wait=false > /dev/null 2>&1
	pg_stop immediate
	rm -rf "$work"
}
work_ns=store-$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')
trap down EXIT

# once [NAME=VALUE...]: one pass; its exit status.
once() {
	env STOREWARD_DATABASE_URL="host=$work/pg user=storeward_reconcile dbname=storeward" STOREWARD_HELM="$HELM" \
		STOREWARD_ENGINES_DIR="$top/charts/store-engines" STOREWARD_SECOND_LOOK_S=2 "$@" \
		timeout 150 "$build/storeward-reconcile" --once 2>> "$work/log"
}
create() {	# create NAME [COLUMN VALUE]
	sql -c "insert into storeward.store (tenant_id, name, base_domain, engine, engine_version, plan, cluster_id${2:+, $2})
		select t.id, '$1', 'localhost', 'minimal', '0.1.0', 'small', c.id${2:+, '$3'} from storeward.tenant t, storeward.cluster c"
}
of() { sql -c "select $2 from storeward.store s join storeward.store_status st on st.store_id = s.id where s.name = '$1'"; }
is() { [ "$(of "$1" phase)" = "$2" ] || { of "$1" "phase, reason, message"; return 1; }; }
exits() { local want=$1; shift; "$@"; local rc=$?; [ $rc = "$want" ] || { echo "exit status $rc"; tail -n 3 "$work/log"; return 1; }; }
passes_until() { for _ in 1 2 3 4 5; do once; "$@" && return; done; }
incident() { [ "$(sql -c "select count(*) from storeward.incident where kind = '$1' and settled_at is null")" = 1 ]; }
settle() { sql -c "update storeward.incident set settled_at = now(), settled_by = 'test' where settled_at is null"; }
rows() {
	sql -c "select md5(string_agg(t, '' order by t)) from (select s::text || xmin from storeward.store s union all
		select s::text || xmin from storeward.store_status s union all select e::text from storeward.store_event e) x(t)"
}
objects() {
	k -n "$1" get secrets,configmaps,statefulsets,services,ingresses,jobs,cronjobs,networkpolicies,resourcequotas \
		-o 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\n"}{end}'
}
unchanged() {	# unchanged NAME COMMAND...: neither rows nor objects
	local ns before after
	ns=$(of "$1" namespace)
	before=$(rows; objects "$ns")
	"${@:2}"
	after=$(rows; objects "$ns")
	[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); return 1; }
}

database_up || { echo 'not ok the database starts'; exit 1; }

create one
check 'a new store is ready after one pass, and all is converged' exits 0 once
check 'the store is ready' is one ready
check 'a pass at the fixpoint writes nothing' unchanged one once

sql -c "update storeward.engine set chart_digest = 'digest-2'"
check 'a changed chart is applied again' exits 0 once
upgraded() { [ "$(of one 'release_revision, applied_hash = verified_hash, phase')" = '2|t|ready' ] || { of one st; return 1; }; }
check 'and its checkout is verified again' upgraded

sed 's|server: .*|server: https://127.0.0.1:1|' "$KUBECONFIG" > "$work/nowhere"
create two
sql -c "update storeward.cluster set credentials_ref = '$work/nowhere'"
check 'without the cluster a pass ends with progress pending' exits 2 once
check 'the ready store stays ready' is one ready
unavailable() { [ "$(of two reason)" = ClusterUnavailable ]; }
check 'the new store says that the cluster is away' unavailable
check 'a second pass without the cluster writes nothing' unchanged one once

sql -c "update storeward.cluster set credentials_ref = '$KUBECONFIG', uid = 'another'"
check 'another cluster at the same address is refused' exits 3 once
check 'and reported' incident ClusterReplaced
settle
sql -c "update storeward.cluster set uid = null"
create three
both() { once & local pid=$!; once; wait $pid; is two ready && is three ready; }
check 'two reconcilers at once make both stores' both
single() { [ "$(k get secrets -A -l "owner=helm,storeward.io/store=$(of two s.id)" -o name | wc -l)" = 1 ]; }
check 'with one release each' single

k label namespace "$(of two namespace)" storeward.io/installation- > /dev/null
once
not_lost() { [ "$(of two "reason, namespace_uid is not null, conditions @> '[{\"type\": \"DataLost\"}]'")" = 'NamespaceConflict|t|f' ] || { of two st; return 1; }; }
check 'a namespace that lost its label is not called lost' not_lost
k label namespace "$(of two namespace)" "storeward.io/installation=$(sql -c 'select id from storeward.installation')" > /dev/null
check 'and the store is ready again with it' passes_until is two ready
settle

create stopped
once & pid=$!
for _ in $(seq 100); do [ -n "$(of stopped claim_holder)" ] && break; sleep 0.1; done
stopped=$(pgrep -f "^$build/storeward-reconcile --once" | head -n 1)
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
sql -c "update storeward.store set desired = 'absent' where name = 'stopped'"

create stuck overrides '{"images": {"python": "sw.local/none:1"}}'
once
setup_job() { k -n "$(of stuck namespace)" get jobs -l storeward.io/store -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}' | grep '^setup-'; }
job=$(setup_job)
sql -c "update storeward.store set retries = retries + 1 where name = 'stuck'"
once
anew() { local now; now=$(setup_job); echo "$job, then $now"; [ -n "$job" ] && [ "${now% *}" = "${job% *}" ] && [ "$now" != "$job" ]; }
check 'a retry begins a hanging set-up anew' anew
sql -c "update storeward.store set desired = 'absent' where name = 'stuck'"
two_purged() { [ "$(sql -c "select count(*) from storeward.tombstone where name in ('stuck', 'stopped')")" = 2 ]; }
check 'both are deleted with proof' passes_until two_purged

for point in before-helm helm-started before-status; do
	create "crash-$point"
	check "killed at $point" exits 137 once STOREWARD_CRASH_AT=$point
	check "killed at $point: the next pass makes it ready" exits 0 once
	check "killed at $point: ready" is "crash-$point" ready
	sql -c "update storeward.store set desired = 'absent' where name = 'crash-$point'"
done
purged() { [ "$(sql -c "select count(*) from storeward.tombstone where name like 'crash-%'")" = 3 ]; }
check 'the three are deleted with proof' passes_until purged
volumes_gone() {
	[ "$(sql -c "select count(*) >= 3 and bool_and(v ->> 'gone_at' is not null) from storeward.tombstone t,
		jsonb_array_elements(t.evidence -> 'volumes') v where t.name like 'crash-%'")" = t ]
}
check 'which says since when their volumes are gone' volumes_gone

k create namespace "$work_ns" > /dev/null
k label namespace "$work_ns" "storeward.io/installation=$(sql -c 'select id from storeward.installation')" > /dev/null
once
check 'a namespace of no store is reported' incident OrphanNamespace
check 'and not deleted' k get namespace "$work_ns" -o 'jsonpath={.status.phase}'
k delete namespace "$work_ns" --wait=true > /dev/null
settle

ns=$(of one namespace)
k delete namespace "$ns" --wait=true > /dev/null
check 'a vanished namespace is made again' passes_until is one ready
lost() { of one conditions | jq -e 'any(.[]; .type == "DataLost" and .status == "True")'; }
check 'with the condition DataLost' lost

k delete namespace "$(of one namespace)" "$(of two namespace)" --wait=true > /dev/null
check 'two of three gone at once stop the pass' exits 3 once
check 'an incident is open' incident BreakerOpen
nothing_made() { ! k get namespace "$(of one namespace)"; }
check 'nothing was made' nothing_made
settle
check 'after a person settled it the stores are made again' passes_until is two ready

sql -c "update storeward.store set deletion_policy = 'retain' where name = 'three'; update storeward.store set desired = 'absent'"
k create -f - > /dev/null <<-PV
	apiVersion: v1
	kind: PersistentVolume
	metadata: {name: $work_ns}
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
untouched() { [ "$(k get pv "$work_ns" -o 'jsonpath={.spec.persistentVolumeReclaimPolicy}')" = Retain ]; }
check 'a volume with a claim of another namespace is not touched' untouched
exit $failed
