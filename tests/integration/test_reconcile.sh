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
	insert into storeward.plan (engine, engine_version, name, title, values) values ('minimal', '0.1.0', 'small', 'Small', '{"storage": "128Mi"}'),
		('minimal', '0.1.0', 'medium', 'Medium', '{"storage": "128Mi", "requestsAtOnce": 64}'),
		('minimal', '0.1.0', 'tiny', 'Tiny', '{"storage": "128Mi", "quota": {"limits.memory": "128Mi"}}');
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
	enforced CONT
	pg_stop immediate
	rm -rf "$work"
}
# The test cluster's enforcer of network policies; what it has set goes with its table.
enforced() { kill "-$1" "$(cat "${VOLUMES_DIR%/volumes}/run/netpol.pid")"; }
unenforced() { enforced STOP && nsenter --net="/run/netns/sw-${CLUSTER_NAME:-storeward}" nft delete table ip pod-policy; }
work_ns=store-$(head -c 4 /dev/urandom | od -An -tx1 | tr -d ' \n')
trap down EXIT

# once [NAME=VALUE...]: one pass; its exit status.  It is asked to end after $patience seconds, for what will not converge.
once() {
	env STOREWARD_DATABASE_URL="host=$work/pg user=storeward_reconcile dbname=storeward" STOREWARD_HELM="$HELM" \
		STOREWARD_ENGINES_DIR="$top/charts/store-engines" STOREWARD_SECOND_LOOK_S=2 "$@" \
		timeout "${patience:-150}" "$build/storeward-reconcile" --once 2>> "$work/log"
}
create() {	# create NAME [COLUMN VALUE]
	sql -c "insert into storeward.store (tenant_id, name, base_domain, engine, engine_version, plan, cluster_id${2:+, $2})
		select t.id, '$1', 'localhost', 'minimal', '0.1.0', 'small', c.id${2:+, '$3'} from storeward.tenant t, storeward.cluster c"
}
of() { sql -c "select $2 from storeward.store s join storeward.store_status st on st.store_id = s.id where s.name = '$1'"; }
is() { [ "$(of "$1" phase)" = "$2" ] || { of "$1" "phase, reason, message"; return 1; }; }
exits() { local want=$1; shift; "$@"; local rc=$?; [ $rc = "$want" ] || { echo "exit status $rc"; tail -n 3 "$work/log"; return 1; }; }
# All is as wanted after one pass, or two: a pass ends after 40 s, or 15 without movement, which a busy machine may need.
soon() { once || once; }
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

wish() { sql -c "update storeward.store set $2 where name = '$1'"; }
jobs_of() { k -n "$(of "$1" namespace)" get jobs -l storeward.io/store -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}' | grep "^$2"; }
shop() { k -n "$(of one namespace)" get statefulset shop -o "jsonpath={.status.replicas} {$1}"; }
condition() { of "$1" conditions | jq -r --arg type "$2" '.[] | select(.type == $type) | "\(.status) \(.reason)"'; }
answers() { curl -sS -m 10 -o "$work/page" -w '%{http_code}' -H 'Host: one.localhost' "http://$NODE_IP/"; }
# All steps of the last making are done, in order and within it; its seconds are kept with the phase's change, and those
# of each step only of the first making.
steps() {
	[ "$(sql -c "select string_agg(step, ' ' order by ordinal), bool_and(finished_at between provisioning_started_at and provisioning_completed_at),
		bool_and(seconds = extract(epoch from provisioning_completed_at - provisioning_started_at)), bool_and(steps is not null)
		from storeward.store s join storeward.store_status st on st.store_id = s.id cross join storeward.store_steps(s.id)
		cross join (select seconds, steps from storeward.phase_change p join storeward.store o on o.id = p.store_id
			where o.name = '$1' and p.phase = 'ready' order by p.id desc limit 1) last
		where s.name = '$1'")" = "requested namespace install setup checkout|t|t|$2" ] || { sql -c "select * from storeward.store s, storeward.store_steps(s.id)
		where s.name = '$1'; select * from storeward.phase_change" -c 'select * from storeward.store_event order by id'; return 1; }
}
stopped() {
	[ "$(shop .spec.replicas)" = '0 0' ] && [ "$(condition one Available)" = 'False Suspended' ] && [ "$(answers)" = 503 ] &&
		[ "$(of one 'reason, verified_hash is null, attempts, observed_generation = generation,
			provisioning_completed_at > provisioning_started_at')" = 'Suspended|t|0|t|t' ] &&
		[ "$(jobs_of one setup-)" = "$setup" ] && steps one f && unchanged one once
}
resumed() {
	[ "$(shop .spec.replicas)" = '1 1' ] && [ "$(condition one Available)" = 'True Ready' ] && [ "$(answers)" = 200 ] &&
		[ "$(of one 'reason, verified_hash = applied_hash')" = '|t' ] && [ "$(jobs_of one setup-)" = "$setup" ] &&
		[ "$(jobs_of one probe- | cut -d ' ' -f 1)" = "probe-g$(of one generation)-1" ] && steps one f
}
larger() {
	[ "$(shop '.spec.template.spec.containers[0].env[?(@.name=="SHOP_THREADS")].value')" = '1 64' ] && resumed
}

database_up || { echo 'not ok the database starts'; exit 1; }

create one
check 'a new store is ready, and all is converged' exits 0 soon
check 'the store is ready' is one ready
check 'with the steps of its making' steps one t
check 'a pass at the fixpoint writes nothing' unchanged one once

sql -c "update storeward.engine set chart_digest = 'digest-2'"
check 'a changed chart is applied again' exits 0 soon
upgraded() { [ "$(of one 'release_revision, applied_hash = verified_hash, phase')" = '2|t|ready' ] || { of one st; return 1; }; }
check 'and its checkout is verified again' upgraded
requested() { [ "$(sql -c "select finished_at - started_at < '1 s' from storeward.store s, storeward.store_steps(s.id) where s.name = 'one' and step = 'requested'")" = t ]; }
check 'and the wish of long ago is no step of it' requested

# Wishes in turn: what the store must be then, and what must be true.
setup=$(jobs_of one setup-)
while IFS='|' read -r what wish phase fact; do
	wish one "$wish"
	check "$what: converged" exits 0 soon
	check "$what: $phase" is one "$phase"
	check "$what: $fact" "$fact"
done <<-'EOT'
	a suspended store|desired = 'suspended'|suspended|stopped
	a resumed store|desired = 'present'|ready|resumed
	another plan|plan = 'medium'|ready|larger
EOT
history() {
	local got
	got=$(sql -c "select string_agg(phase, ' ' order by p.id) from storeward.phase_change p join storeward.store s on s.id = store_id where name = 'one'")
	[ "$got" = 'requested provisioning ready provisioning ready suspended provisioning ready provisioning ready' ] || { echo "$got"; return 1; }
}
check 'at no time did it fail' history

alone() { [ "$(condition one Isolation)" = 'Unknown NoOtherStore' ] || { of one conditions; return 1; }; }
check 'whether it is isolated is not known without another one' alone

# A plan too small for its own rolling update.
create tight
wish tight "plan = 'tiny'"
needs=320	# of the pods of the shop, the set-up (two), the probe and the isolation check
refused() {	# refused NAME PHASE
	[ "$(of "$1" 'phase, reason, message, next_step')" = "$2|QuotaExceeded|The plan's quota is too small for its own rolling update: limits.memory: ${3}Mi needed, 128Mi allowed.|Raise limits.memory to ${3}Mi in the plan's quota (or choose a larger plan)." ] &&
		[ "$(condition "$1" Admitted)" = 'False QuotaExceeded' ] || { of "$1" st; return 1; }
}
check 'a plan too small for its own rolling update: nothing more to do' exits 0 soon
check 'it is refused with the numbers and the smallest change' refused tight failed "$needs"
nothing_applied() {
	local is
	is=$(k -n "$(of tight namespace)" get secrets,services,statefulsets,jobs,cronjobs,ingresses,networkpolicies,resourcequotas,limitranges,persistentvolumeclaims -o name)
	[ -z "$is" ] || { echo "$is"; return 1; }
}
check 'before anything was applied' nothing_applied
check 'and it is not rendered again' unchanged tight once STOREWARD_HELM=/bin/false
wish tight "plan = 'small'"
check 'a larger plan' exits 0 soon
admitted() { is "$1" ready && [ "$(condition "$1" Admitted)" = 'True Fits' ] && [ -z "$(of "$1" reason)" ]; }
check 'is admitted' admitted tight
revision=$(of one release_revision)
wish one "plan = 'tiny'"
check 'a change to a plan too small' exits 0 soon
goes_on() { refused one ready "$needs" && [ "$(answers)" = 200 ] && [ "$(of one release_revision)" = "$revision" ]; }
check 'leaves the shop as it is, and selling' goes_on
wish one "plan = 'medium'"
check 'the plan it had' exits 0 soon
check 'is as it was' admitted one

# A live shop's checkout, looked at again and again.
checked() { for _ in $(seq 25); do once STOREWARD_PROBE_PERIOD_S=10; "$@" && return; sleep 2; done; }
checkout() { of one conditions | jq -r '.[] | select(.type == "CheckoutVerified") | "\(.status) \(.reason) \(.message) \(.at != null and .seconds >= 0)"'; }
says() { checkout | grep -qE "$1" || { checkout; of one st; return 1; }; }
check 'the first purchase was a whole one' says '^True Verified Bought .* with cash on delivery and removed the order again. true$'
isolation() { of "$1" conditions | jq -r '.[] | select(.type == "Isolation") | "\(.status) \(.reason) \(.message)"'; }
shut() { isolation "$1" | grep -qE "$2" || { isolation "$1"; k -n "$(of "$1" namespace)" get pods; return 1; }; }
other=$(of tight namespace)
check 'a shop is shut off from another and the API server' checked shut one "^True Blocked .*$other/shop-0:8080.*$other/shop:80.* API-server are not"
check 'and the other too' checked shut tight '^True Blocked'
due() { sql -c "update storeward.store_status set probe_next_at = now() where store_id = '$(of one s.id)'"; }
check 'between two probes nothing is written' unchanged one once
due
check 'a live shop is looked at without an order' checked says '^True Verified Went through the checkout with .* without placing an order. true$'
payments() {
	curl -sS -m 10 -o "$work/page" -w '%{http_code}\n' -H 'Host: one.localhost' -X PUT -d "$1" -u "$(k -n "$(of one namespace)" get secret store-credentials \
		-o 'go-template={{index .data "admin-user" | base64decode}}:{{index .data "admin-password" | base64decode}}')" "http://$NODE_IP/payments" | grep -x 200
}
check 'no way of paying is left' payments '[]'
due
unsold() { is one degraded && says '^False CheckoutFailed Pod probe-.*: payment: the checkout offers no way of paying true$' &&
	[ "$(of one 'reason, next_step')" = 'CheckoutFailed|switch a way of paying on (PUT /payments)' ]; }
check 'a shop whose checkout is broken is degraded and names the step' checked unsold
check 'and the pod of it goes on serving' test "$(answers)" = 200
check 'mended by hand' payments '["transfer"]'
sold() { is one ready && says '^True Verified .* without placing an order. true$' && [ -z "$(of one reason)" ]; }
check 'it is ready again' checked sold
wish one 'probe_orders = true'
check 'one that opted in' test "$(of one generation)" = "$(of one observed_generation)"
payments '["cod"]' > /dev/null
due
check 'is bought from' checked says '^True Verified Bought '
tell_once() {
	local told
	told=$(sql -c "select string_agg(e.reason, ' ' order by e.id) from storeward.store_event e join storeward.store s on s.id = store_id
		where s.name = 'one' and e.reason in ('CheckoutFailed', 'Degraded')")
	[ "$told" = 'CheckoutFailed Degraded' ] || { echo "$told"; sql -c 'select at, reason, message from storeward.store_event order by id' | tail; return 1; }
}
check 'and its trouble was told once' tell_once

# Isolation is tried, and never assumed.
look() { sql -c "update storeward.store_status set isolation_next_at = now() where store_id = '$(of one s.id)'"; }
look
unenforced
check 'and with its enforcement off it is not' checked shut one "^False Open .*$other/shop-0:8080.* API-server"
enforced CONT
look
check 'and is again when it is on again' checked shut one '^True Blocked'
k -n "$(of one namespace)" delete cronjob isolation > /dev/null
look
check 'a check that cannot run finds out nothing' checked shut one '^Unknown NotRun .*isolation'
sql -c "update storeward.store set desired = 'absent' where name = 'tight'"
tight_purged() { [ "$(sql -c "select count(*) from storeward.tombstone where name = 'tight'")" = 1 ]; }
check 'the other is deleted with proof' passes_until tight_purged

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
# A pass ends after 40 s, which on a busy machine is sooner than the set-up.
both() { local i pid; for i in 1 2 3; do once & pid=$!; once; wait "$pid"; is two ready && is three ready && return; done; return 1; }
check 'two reconcilers at once make both stores' both
single() { [ "$(k get secrets -A -l "owner=helm,storeward.io/store=$(of two s.id)" -o name | wc -l)" = 1 ]; }
check 'with one release each' single

k label namespace "$(of two namespace)" storeward.io/installation- > /dev/null
patience=5 once
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

create stuck overrides '{"images": {"python": "sw.local/none:1"}}'
patience=20 once
job=$(jobs_of stuck setup-)
k -n "$(of stuck namespace)" patch "job/${job% *}" -p '{"spec": {"activeDeadlineSeconds": 1}}' > /dev/null
k -n "$(of stuck namespace)" wait --for=condition=Failed "job/${job% *}" --timeout=15s > /dev/null
sql -c "update storeward.store_status set attempts = 7, next_attempt_at = now() + interval '1 hour' where store_id = '$(of stuck s.id)'"
wish stuck 'retries = retries + 1'
patience=20 once
anew() {
	local now
	now=$(jobs_of stuck setup-)
	echo "$job, then $now"
	[ -n "$job" ] && [ "${now% *}" = "${job% *}" ] && [ "$now" != "$job" ] &&
		[ "$(of stuck 'attempts, next_attempt_at is null, phase, reason')" = '0|t|provisioning|ImagePullBackOff' ] || { of stuck st; return 1; }
}
check 'a retry begins a failed set-up anew, and counts anew' anew
wish stuck "retries = retries + 1, overrides = '{}'"
check 'mended and retried it becomes ready' exits 0 soon
mended() { is stuck ready && steps stuck t; }
check 'and its steps tell of the last making' mended
sql -c "update storeward.store set desired = 'absent' where name in ('stuck', 'stopped')"
two_purged() { [ "$(sql -c "select count(*) from storeward.tombstone where name in ('stuck', 'stopped')")" = 2 ]; }
check 'both are deleted with proof' passes_until two_purged

for point in before-helm helm-started before-status; do
	create "crash-$point"
	check "killed at $point" exits 137 once STOREWARD_CRASH_AT=$point
	check "killed at $point: the next one makes it ready" exits 0 soon
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

wish one "desired = 'suspended'"
once
check 'a store is suspended before it is deleted' is one suspended
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
