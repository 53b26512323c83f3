# What each test_reconcile_NAME.sh begins with: a PostgreSQL, an installation and a copy of the minimal engine of its own, on the
# running test cluster; stores are NAME.$domain, so that suites run beside each other. Needs root, the built programs in $BUILD and
# tests/cluster up; removes what it made. Prints "ok NAME" and "not ok NAME" lines.
# shellcheck shell=bash
set -uo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BUILD:-$top/var/build}
# shellcheck source=/dev/null
. <("$top/tests/cluster/cluster" env)
export KUBECONFIG LC_ALL=C
work=$(mktemp -d /tmp/storeward-reconcile.XXXXXX)
chmod 755 "$work"
domain=r$$.localhost
engines=$work/engines
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
eventually() {	# eventually SECONDS COMMAND...: until it succeeds
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < end)) || return 1
		sleep "${PERIOD:-0.5}"
	done
}

# --- PostgreSQL, and the engine as `engines load` brings it there.
# shellcheck source=tests/postgresql.sh
. "$top/tests/postgresql.sh"
sql() { psql -h "$work/pg" -U postgres -qAtX -v ON_ERROR_STOP=1 storeward "$@"; }
storeward() { "$build/storeward" --database "host=$work/pg user=${ROLE:-storeward_admin} dbname=storeward" "$@"; }
# A copy, which a test may change and load again; plan tiny is too small for its own rolling update.
engines_copied() {
	mkdir "$engines" && cp -R "$top/charts/store-engines/common" "$top/charts/store-engines/minimal" "$engines" &&
		sed -i '/^plans:$/a \  tiny: {title: Tiny, description: Too small., values: {storage: 128Mi, quota: {limits.memory: 128Mi}}}' "$engines/minimal/engine.yaml"
}
database_up() {
	engines_copied && pg_init && pg_start && psql -h "$work/pg" -U postgres -qX postgres -c 'create database storeward' &&
		ROLE=postgres storeward migrate && storeward tenant add demo && storeward engines load "$engines" &&
		sql -v kubeconfig="$KUBECONFIG" -v domain="$domain" <<-'SQL'
	insert into storeward.cluster (name, credentials_ref, base_domain, url_scheme, url_port, ingress_class, storage_class, engine_values)
	values ('local', :'kubeconfig', :'domain', 'http', 8080, 'local', 'local-path', '{"*": {}, "minimal": {"images": {"python": "sw.local/python:1"}}}');
	SQL
}
down() {
	local ns
	for ns in $(sql -c 'select namespace from storeward.store' 2> /dev/null); do
		k delete namespace "$ns" --wait=false > /dev/null 2>&1
	done
	pg_stop immediate
	rm -rf "$work"
}
trap down EXIT

# --- Passes
# once [NAME=VALUE...]: one pass; its exit status.
once() {
	env STOREWARD_DATABASE_URL="host=$work/pg user=storeward_reconcile dbname=storeward" STOREWARD_HELM="$HELM" \
		STOREWARD_SECOND_LOOK_S=2 "$@" timeout 150 "$build/storeward-reconcile" --once 2>> "$work/log"
}
# Until one pass finds all as wanted: a pass ends after 40 s, or 15 without movement, which a busy machine may need.
soon() {
	local rc=2
	for _ in 1 2 3 4 5 6; do
		once "$@"
		rc=$?
		[ "$rc" = 2 ] || break
	done
	return "$rc"
}
# The reconciler that runs below a pid: of this suite's, not of another one's.
reconciler_below() {
	local child
	for child in $(pgrep -P "$1"); do
		[ "$(readlink "/proc/$child/exe")" = "$(readlink -f "$build/storeward-reconcile")" ] && echo "$child" && return
		reconciler_below "$child" && return
	done
	return 1
}
exits() { local want=$1; shift; "$@"; local rc=$?; [ $rc = "$want" ] || { echo "exit status $rc"; tail -n 3 "$work/log"; return 1; }; }
pass_and() { once; "$@"; }
passes_until() { PERIOD=1 eventually 300 pass_and "$@"; }
# For what is seen while it does not converge: passes go on until then, and the last one is asked to end.
seen_in_passes() {
	local passes rc
	rm -f "$work/seen"
	(until [ -e "$work/seen" ]; do once; done) & passes=$!
	eventually 180 "$@"
	rc=$?
	touch "$work/seen"
	kill "$(reconciler_below "$passes")" 2> /dev/null
	wait "$passes"
	return "$rc"
}

# --- Stores
create() {	# create NAME [COLUMN VALUE]
	sql -c "insert into storeward.store (tenant_id, name, base_domain, engine, engine_version, plan, cluster_id${2:+, $2})
		select t.id, '$1', c.base_domain, e.name, e.version, 'small', c.id${2:+, '$3'} from storeward.tenant t, storeward.cluster c, (select * from storeward.engine order by loaded_at desc limit 1) e"
}
wish() { sql -c "update storeward.store set $2 where name = '$1'"; }
of() { sql -c "select $2 from storeward.store s join storeward.store_status st on st.store_id = s.id where s.name = '$1'"; }
is() { [ "$(of "$1" phase)" = "$2" ] || { of "$1" "phase, reason, message"; return 1; }; }
condition() { of "$1" conditions | jq -r --arg type "$2" '.[] | select(.type == $type) | "\(.status) \(.reason)"'; }
answers() { curl -sS -m 10 -o "$work/page" -w '%{http_code}' -H "Host: $1.$domain" "http://$NODE_IP/"; }	# answers NAME
jobs_of() { k -n "$(of "$1" namespace)" get jobs -l storeward.io/store -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\n"}{end}' | grep "^$2"; }
purged() {	# purged NAME...: a tombstone for each
	local name
	for name in "$@"; do [ "$(sql -c "select count(*) from storeward.tombstone where name = '$name'")" = 1 ] || return; done
}
incident() { [ "$(sql -c "select count(*) from storeward.incident where kind = '$1' and settled_at is null")" = 1 ]; }
settle() { sql -c "update storeward.incident set settled_at = now(), settled_by = 'test' where settled_at is null"; }

# All steps of the last making are done, in order and within it; its seconds are kept with the phase's change, and those
# of each step only of the first making.
steps() {	# steps NAME t|f
	[ "$(sql -c "select string_agg(step, ' ' order by ordinal), bool_and(finished_at between provisioning_started_at and provisioning_completed_at),
		bool_and(seconds = extract(epoch from provisioning_completed_at - provisioning_started_at)), bool_and(steps is not null)
		from storeward.store s join storeward.store_status st on st.store_id = s.id cross join storeward.store_steps(s.id)
		cross join (select seconds, steps from storeward.phase_change p join storeward.store o on o.id = p.store_id
			where o.name = '$1' and p.phase = 'ready' order by p.id desc limit 1) last
		where s.name = '$1'")" = "requested namespace install setup checkout|t|t|$2" ] || { sql -c "select * from storeward.store s, storeward.store_steps(s.id)
		where s.name = '$1'; select * from storeward.phase_change" -c 'select * from storeward.store_event order by id'; return 1; }
}

# --- What a pass that has nothing to do leaves alone
rows() {
	sql -c "select md5(string_agg(t, '' order by t)) from (select s::text || xmin from storeward.store s union all
		select s::text || xmin from storeward.store_status s union all select e::text from storeward.store_event e) x(t)"
}
objects() {
	k -n "$1" get secrets,configmaps,statefulsets,services,ingresses,jobs,cronjobs,networkpolicies,resourcequotas \
		-o 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.resourceVersion}{"\n"}{end}'
}
# Kubernetes itself is done with what went before: it counts for a quota, for example, after a pod ended.
still() { local before; before=$(objects "$1"); sleep 2; [ "$before" = "$(objects "$1")" ]; }
unchanged() {	# unchanged NAME COMMAND...: neither rows nor objects
	local ns before after
	ns=$(of "$1" namespace)
	eventually 60 still "$ns"
	before=$(rows; objects "$ns")
	"${@:2}"
	after=$(rows; objects "$ns")
	[ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); return 1; }
}

database_up > "$work/out" 2>&1 || { sed 's/^/# /' "$work/out" | tail; echo 'not ok the database starts'; exit 1; }
