#!/usr/bin/env bash
# The command line and the schema's rules on a throw-away PostgreSQL: migrations, commands, the recipes of
# docs/audit.md, row-level security, the append-only audit log, dump and restore.
# Needs root (it becomes postgres) and storeward in $BUILD (default: the working directory).
set -uo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=$(cd "${BUILD:-.}" && pwd)
failed=0
work=$(mktemp -d /tmp/storeward-cli.XXXXXX)
chmod 755 "$work"

check() {	# check NAME COMMAND...: one line; the command's output is shown when it fails.
	local name=$1
	shift
	if "$@" > "$work/out" 2>&1; then echo "ok cli: $name"; else
		tail -n 12 "$work/out" | sed 's/^/# /'
		echo "not ok cli: $name"
		failed=1
	fi
}
is() { [ "$1" = "$2" ] || { printf 'is   %s\nnot  %s\n' "$1" "$2"; return 1; }; }	# is GOT WANTED
has() { grep -qF -- "$2" <<< "$1" || { printf '%s\nhas no: %s\n' "$1" "$2"; return 1; }; }
refused() { local out; ! out=$("${@:2}" 2>&1) && has "$out" "$1"; }	# refused TEXT COMMAND...
exits() { local rc=0; "${@:2}" || rc=$?; is "$rc" "$1"; }	# exits CODE COMMAND...

# shellcheck source=tests/postgresql.sh
. "$top/tests/postgresql.sh"
stop() { pg_stop immediate; rm -rf "$work"; }
database=storeward
psql_as() { psql -h "$work/pg" -U "$1" -qAtX -v ON_ERROR_STOP=1 "$database" "${@:2}"; }
sql() { psql_as postgres -c "$1"; }
owner() { sql "set role storeward_owner; $1"; }
as_api() { psql_as storeward_api -c "select set_config('storeward.tenant', '$1', false)" -c "$2" | tail -n +2; }
storeward() { "$build/storeward" --database "host=$work/pg user=${role:-storeward_admin} dbname=$database" "$@"; }
latest=$(basename -s .sql "$top"/sql/migrations/*.sql | sort | tail -n 1 | tr _ ' ')
migrate() { role=postgres storeward migrate; }

pg_init && pg_start || { cat "$work"/*.log; exit 1; }
trap stop EXIT
for name in storeward second restored; do as_postgres createdb -h "$work/pg" "$name"; done

# --- Migrations.
half_failed() {	# a schema of that name is in the way of the last one
	sql 'create schema report'
	refused 'migration 0004 (report), nothing of it was kept' migrate &&
		is "$(sql 'select max(number) from storeward.schema_migration')" 3 &&
		sql 'drop schema report' && has "$(migrate)" 'applied 0004 report'
}
same_sums() {
	is "$(sql 'select sha256 from storeward.schema_migration order by number')" \
		"$(sha256sum "$top"/sql/migrations/*.sql | cut -d' ' -f1)"
}
changed() {
	sql "update storeward.schema_migration set sha256 = translate(sha256, '0123456789', '1234567890') where number = 2"
	refused 'migration 0002 (rules) was changed after it was applied' migrate
	local result=$?
	sql "update storeward.schema_migration set sha256 = translate(sha256, '1234567890', '0123456789') where number = 2"
	return $result
}
newer() {
	sql "insert into storeward.schema_migration values (99, 'future', repeat('0', 64))"
	refused 'newer than this program' migrate
	local result=$?
	sql 'delete from storeward.schema_migration where number = 99'
	return $result
}
two_at_once() {
	local database=second pid
	migrate > "$work/first" 2>&1 & pid=$!
	migrate && wait "$pid" || { cat "$work/first"; return 1; }
	is "$(sql 'select count(*) from storeward.schema_migration')" "$(ls "$top/sql/migrations" | wc -l)"
}
check 'a migration that fails leaves nothing, and the next run goes on' half_failed
check 'migrating again does nothing' is "$(migrate)" "up to date: $latest"
check 'the table keeps the sums of the files' same_sums
check 'a changed migration is refused by name' changed
check 'a newer database is refused' newer
check 'two migrators at once make one schema' two_at_once
check 'an operator without CREATEROLE may migrate' is "$(storeward migrate)" "up to date: $latest"

# --- Commands.
password=correct-horse-battery
users() {
	storeward tenant add demo --creates-per-minute 7 && storeward tenant add demo --max-stores 9 && storeward tenant add other &&
		is "$(sql 'select name, max_stores, max_creates_per_minute from storeward.tenant order by name')" $'demo|9|7\nother|20|30' &&
		storeward user add Owner@demo.test --tenant demo --admin --password-file - <<< "$password" &&
		storeward user add owner@demo.test --tenant demo --password-file - <<< "$password" &&
		storeward user add other@other.test --tenant other --role viewer &&
		is "$(sql "select email, password_hash like 'scrypt\$%', platform_admin from storeward.app_user order by email")" \
			$'other@other.test||f\nowner@demo.test|t|t' &&
		is "$(sql "select count(*) from storeward.audit_log where details::text ~ '$password|scrypt'")" 0
}
nothing_kept() { refused 'there is no tenant nowhere' storeward user add x@y.test --tenant nowhere && is "$(sql "select count(*) from storeward.app_user where email = 'x@y.test'")" 0; }
tokens() {
	local token id
	token=$(storeward token create --tenant demo --user owner@demo.test --name t --expires 1 2> "$work/err") || return
	id=$(grep -oE '[0-9a-f-]{36}' "$work/err")
	is "$(sql "select hash = sha256('$token'::bytea) and expires_at between now() + '23h' and now() + '25h' from storeward.api_token where id = '$id'")" t &&
		is "$(psql_as storeward_api -c "select email from storeward.authenticate('token', sha256('$token'), null, null, true)")" owner@demo.test &&
		storeward token revoke "$id" &&
		refused 'unknown, expired or revoked' psql_as storeward_api -c "select * from storeward.authenticate('token', sha256('$token'), null, null, true)" &&
		refused 'no member of tenant other' storeward token create --tenant other --user owner@demo.test --name t
}
version=$(sed -n 's/^version: //p' "$top/charts/store-engines/minimal/Chart.yaml")
engines() {
	cp -rL "$top/charts/store-engines" "$work/engines"
	has "$(storeward engines load "$work/engines")" "minimal $version loaded" &&
		has "$(storeward engines load "$work/engines")" "minimal $version is unchanged" || return
	local before
	before=$(sql "select chart_digest from storeward.engine where name = 'minimal'")
	echo '# changed' >> "$work/engines/minimal/test/order"
	echo changed >> "$work/engines/minimal/README.md"
	is "$(storeward engines load "$work/engines" | grep -c 'is unchanged$')" 3 || return	# no store is applied again
	echo '# changed' >> "$work/engines/minimal/charts/common/templates/_names.tpl"
	has "$(storeward engines load "$work/engines")" "minimal $version loaded" &&
		is "$(sql "select chart_digest <> '$before' from storeward.engine where name = 'minimal'")" t &&
		is "$(sql "select spec ? 'plans', spec #>> '{workloads,0,name}' from storeward.engine where name = 'minimal'")" 'f|shop' || return
	sed -i 's/^name: minimal/name: other/' "$work/engines/minimal/Chart.yaml"
	refused "name minimal is not Chart.yaml's, other" storeward engines load "$work/engines" && sed -i 's/^name: other/name: minimal/' "$work/engines/minimal/Chart.yaml" || return
	echo 'colour: red' >> "$work/engines/minimal/engine.yaml"
	refused '/colour' storeward engines load "$work/engines"
}
archive() { sql "select encode(archive, 'base64') from storeward.chart where (engine, engine_version) = ('$1', '$2')" | base64 -d > "$3"; }	# archive ENGINE VERSION FILE
charts() {	# what helm takes, and nothing else
	archive minimal "$version" "$work/minimal.tgz"
	is "$(tar tzf "$work/minimal.tgz" | grep -vE '^minimal/(Chart.yaml|values.yaml|values.schema.json|(templates|files|charts/common)/.+)$')" '' &&
		is "$(tar tzf "$work/minimal.tgz" | sort)" "$(cd "$work/engines" && find -L minimal/Chart.yaml minimal/values* minimal/templates minimal/files minimal/charts -type f | sort)" &&
		is "$(tar xzOf "$work/minimal.tgz" minimal/charts/common/templates/_names.tpl | tail -n 1)" '# changed' &&
		is "$(tar tvzf "$work/minimal.tgz" --full-time --utc | awk '{ print $1, $2, $4, $5 }' | sort -u)" '-rw-r--r-- 0/0 1970-01-01 00:00:00' || return
	sql "delete from storeward.chart where engine = 'minimal'"	# as a Storeward from before this table left it
	cp "$work/minimal.tgz" "$work/first.tgz" && sed -i '/^colour/d' "$work/engines/minimal/engine.yaml" && touch "$work"/engines/minimal/templates/* &&
		has "$(storeward engines load "$work/engines")" "minimal $version loaded" && archive minimal "$version" "$work/minimal.tgz" && cmp "$work/first.tgz" "$work/minimal.tgz"
}
offered() { sql "select version from storeward.engine where name = 'minimal' order by loaded_at desc limit 1"; }
two_versions() {	# from one folder, changed between: each keeps its own
	local folder=$work/engines/minimal
	sed -i 's/^version: .*/version: 99.0.0/' "$folder/Chart.yaml" "$folder/engine.yaml" && echo '# of 99.0.0' >> "$folder/templates/shop.yaml" &&
		has "$(storeward engines load "$work/engines")" 'minimal 99.0.0 loaded' || return
	archive minimal "$version" "$work/old.tgz" && archive minimal 99.0.0 "$work/new.tgz" && cmp "$work/old.tgz" "$work/first.tgz" &&
		has "$(tar xzOf "$work/new.tgz" minimal/Chart.yaml)" 'version: 99.0.0' && has "$(tar xzOf "$work/new.tgz" minimal/templates/shop.yaml)" '# of 99.0.0' &&
		is "$(psql_as storeward_reconcile -c "select count(*) from storeward.chart where engine = 'minimal'")" 2 &&
		refused 'permission denied' psql_as storeward_api -c 'select archive from storeward.chart' &&
		refused 'permission denied' psql_as storeward_reconcile -c "delete from storeward.chart" || return
	# An old one loaded once more is the newest, until the new one is loaded once more.
	sed "s/99.0.0/$version/" -i "$folder/Chart.yaml" "$folder/engine.yaml" && has "$(storeward engines load "$work/engines")" "minimal $version loaded" && is "$(offered)" "$version" &&
		sed "s/^version: .*/version: 99.0.0/" -i "$folder/Chart.yaml" "$folder/engine.yaml" && has "$(storeward engines load "$work/engines")" 'minimal 99.0.0 loaded' && is "$(offered)" 99.0.0 &&
		has "$(storeward engines load "$work/engines")" 'minimal 99.0.0 is unchanged' || return
	sql "delete from storeward.engine where (name, version) = ('minimal', '99.0.0')"
}
too_large() {
	head -c 1100000 /dev/urandom > "$work/engines/minimal/files/big"
	refused "$work/engines/minimal: the packed chart has 11" storeward engines load "$work/engines" &&
		refused 'it may have 1048576' storeward engines lint "$work/engines/minimal" && rm "$work/engines/minimal/files/big" &&
		is "$(sql "select count(*) from storeward.engine")" 3
}
clusters() {
	refused 'base-domain is needed' storeward cluster set local &&
		storeward cluster set local --base-domain localhost --url-scheme http --url-port 8080 \
			--values <(echo 'minimal: {images: {python: "sw.local/python:1"}}') &&
		storeward cluster set local --ingress-class local && storeward cluster set local --autoscaled yes && storeward cluster set local --max-stores 7 &&
		has "$(storeward --json cluster list)" '"autoscaled":true' &&
		is "$(sql "select autoscaled, url_scheme, url_port, ingress_class, engine_values #>> '{minimal,images,python}' from storeward.cluster")" 't|http|8080|local|sw.local/python:1' &&
		storeward cluster set local --autoscaled no --max-stores 3000 && is "$(sql 'select autoscaled from storeward.cluster')" f
}
incidents() {
	local id
	id=$(sql "insert into storeward.incident (kind, message, next_step) values ('Test', 'm', 'n') returning id")
	has "$(storeward --json incidents list)" '"kind":"Test"' && storeward incidents settle "$id" --resolution 'looked at it' &&
		is "$(storeward --json incidents list)" '[]' && has "$(storeward incidents list --all)" 'looked at it' &&
		is "$(sql "select settled_by, resolution from storeward.incident")" 'cli:root|looked at it' &&
		refused 'no incident' storeward incidents settle "$id" --resolution again
}
every_command_has_help() {
	local words
	storeward --help | sed -n 's/^  \([a-z]\+\( [a-z]\+\)\?\) .*/\1/p' > "$work/commands"
	[ "$(wc -l < "$work/commands")" -ge 17 ] || return
	while read -r words; do
		# shellcheck disable=SC2086
		has "$(storeward help $words)" "usage: storeward $words" || return
	done < "$work/commands"
}
wrong_values() {	# named, and nothing of them is kept
	local before option
	before=$(sql 'select (select count(*) from storeward.tenant), (select count(*) from storeward.cluster), (select count(*) from storeward.api_token), (select count(*) from storeward.app_user)')
	for option in '--expires 0' '--expires=-5' '--expires 1.5' '--expires 99999999999999999999' '--expires x'; do
		# shellcheck disable=SC2086
		refused '--expires must be a whole number from 1 to 36500' storeward token create --tenant demo --user owner@demo.test --name t $option || return
	done
	refused '--max-stores must be' storeward tenant add third --max-stores -1 &&
		refused '--creates-per-minute must be' storeward tenant add third --creates-per-minute x && refused 'must be a DNS label' storeward tenant add 'A B' &&
		refused 'must be an e-mail address' storeward user add nomail --tenant demo &&
		refused '--url-port must be' storeward cluster set third --base-domain x.test --url-port 65536 &&
		refused '--autoscaled must be' storeward cluster set third --base-domain x.test --autoscaled perhaps &&
		refused 'each part must be' storeward cluster set third --base-domain x..test && refused 'its name must be' storeward cluster set 'A B' --base-domain x.test &&
		refused 'no value for it: -5' storeward tenant add -5 &&
		is "$(sql 'select (select count(*) from storeward.tenant), (select count(*) from storeward.cluster), (select count(*) from storeward.api_token), (select count(*) from storeward.app_user)')" "$before"
}
check 'users and tenants are made once, passwords are nowhere' users
check 'a user of a tenant that is not there is not made' nothing_kept
check 'wrong values are refused by name' wrong_values
check 'a token opens its tenant until it is revoked' tokens
check 'engines are loaded by their content' engines
check 'a chart in the table is what helm needs, and the same bytes when packed again' charts
check 'two versions from one changed folder keep their own charts' two_versions
check 'a chart over 1 MiB is refused by name' too_large
check 'a cluster keeps what is not given' clusters
check 'an incident is settled by name' incidents
check 'who acted is in the audit log' is "$(sql "select distinct actor from storeward.audit_log where action = 'create_tenant'")" cli:root
check 'every command has help' every_command_has_help
check 'wrong use exits with 2' exits 2 storeward token create --tenant demo
check 'an unknown command exits with 2' exits 2 storeward nonsense
check 'a database that is away exits with 1' exits 1 "$build/storeward" --database "host=$work/none" stores list
check 'doctor: every query prepares' storeward doctor

# --- Stores to look at, one of them deleted.
stores() {
	owner "insert into storeward.store (tenant_id, name, base_domain, engine, engine_version, plan, cluster_id)
		select t.id, n, c.base_domain, 'minimal', '$version', 'small', c.id from storeward.cluster c, storeward.tenant t
		join (values ('demo', 'demo-store'), ('demo', 'old-store'), ('other', 'their-store')) x(tenant, n) on x.tenant = t.name" &&
	owner "insert into storeward.store_event (tenant_id, store_id, reason, message) select tenant_id, id, 'Provisioning', 'began' from storeward.store" &&
	owner "update storeward.store set desired = 'absent' where name = 'old-store'" &&
	refused 'only after its tombstone' owner "delete from storeward.store where name = 'old-store'" &&
	owner "insert into storeward.tombstone (store_id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, created_at, deletion_requested_at, evidence)
		select id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, created_at, deletion_requested_at, '{\"first\": {\"a\": 1}, \"second\": {\"a\": 2}}' from storeward.store where name = 'old-store'" &&
	owner "delete from storeward.store where name = 'old-store'" && is "$(storeward --json stores list | grep -o '"name"' | wc -l)" 2
}
check 'a row goes after its tombstone only' stores

# --- The auditor: the recipes of docs/audit.md as they stand there.
awk -v out="$work/recipe" '/^```sql/ { n++; on = 1; next } /^```/ { on = 0 } on { print > (out n ".sql") }' "$top/docs/audit.md"
recipe() { psql_as storeward_auditor -f "$work/recipe$1.sql"; }
others_are_closed() {
	local table
	for table in $(sql "select tablename from pg_tables where schemaname = 'storeward'"); do
		refused 'permission denied' psql_as storeward_auditor -c "select * from storeward.$table" || return
	done
	is "$(sql "select count(*) from pg_class where relnamespace = 'report'::regnamespace
		and has_table_privilege('storeward_auditor', oid, 'insert, update, delete, truncate')")" 0 &&
		refused 'permission denied' psql_as storeward_auditor -c 'set role storeward_owner' &&
		refused 'permission denied' psql_as storeward_auditor -c "select storeward.audit(null, 'x', 'x', 'x', '{}')" &&
		refused 'permission denied' psql_as storeward_auditor -c 'create table public.t ()'
}
check 'docs/audit.md has five recipes' is "$(ls "$work"/recipe*.sql | wc -l)" 5
check 'recipe 1: the chains are whole' is "$(recipe 1 | awk -F'|' '{ print $1 "|" ($2 == $3) "|" $4 }')" $'demo|1|\nother|1|\nplatform|1|'
check 'recipe 2: who did what' has "$(recipe 2)" '|demo|cli:root||create_membership|'
check 'recipe 3: a life' is "$(recipe 3 | cut -d'|' -f2,3)" $'audit|user.create_store\nevent|Provisioning'
check 'recipe 4: the proof' has "$(recipe 4)" '|{"a": 1}|{"a": 2}'
check 'recipe 5: what is not well' is "$(recipe 5 | cut -d'|' -f1-3 | sort)" $'store|demo/demo-store|requested\nstore|other/their-store|requested'
check 'the auditor reads nothing else and writes nothing' others_are_closed
check 'the auditor may verify with the command line' env -u role bash -c "'$build/storeward' --database 'host=$work/pg user=storeward_auditor dbname=storeward' audit verify"

# --- Row-level security.
tenant() { sql "select id from storeward.tenant where name = '$1'"; }
demo=$(tenant demo) other=$(tenant other)
own_rows_only() {
	local table
	is "$(as_api "$demo" 'select name from storeward.store')" demo-store && is "$(as_api '' 'select count(*) from storeward.store')" 0 || return
	owner "insert into storeward.rate_limit values ('$other', 'x', now(), 1); insert into storeward.idempotency_key (tenant_id, key, request_hash, store_id) values ('$other', 'x', sha256(''), '$other')"
	for table in store store_status store_event tombstone audit_log membership api_token phase_change rate_limit idempotency_key; do
		is "$(as_api "$demo" "select count(*) from storeward.$table where tenant_id <> '$demo'")" 0 || return
	done
	for table in store store_status store_event audit_log phase_change rate_limit idempotency_key; do
		is "$(sql "select count(*) > 0 from storeward.$table where tenant_id = '$other'")" t || return	# or it would show nothing
	done
	is "$(as_api "$demo" "with u as (update storeward.store set desired = 'absent' where name = 'their-store' returning 1) select count(*) from u")" 0 &&
		refused 'row-level security' as_api "$demo" "insert into storeward.store (tenant_id, name, base_domain, engine, engine_version, plan, cluster_id)
			select '$other', 'sneaky', base_domain, 'minimal', '$version', 'small', id from storeward.cluster" &&
		refused 'permission denied' as_api "$demo" 'select hash from storeward.api_token' &&
		refused 'permission denied' as_api "$demo" "update storeward.store_status set phase = 'ready'"
}
# What runs with its owner's rights is for those whom it was granted to, and no trigger of a table of theirs.
closed_functions() {
	is "$(sql "select string_agg(p.oid::regprocedure::text, ' ') from pg_proc p, unnest(array['storeward_api', 'storeward_reconcile', 'storeward_auditor']) role where pronamespace = 'storeward'::regnamespace
		and has_function_privilege(role, p.oid, 'execute') and (prorettype = 'trigger'::regtype or (prosecdef and role <> 'storeward_api'))")" '' &&
		refused 'permission denied for function' as_api "$demo" 'create temp table membership (id uuid, tenant_id uuid, name text);
			create trigger x after insert on membership for each row execute function storeward.audit_change();'
}
data_migration() {	# the policy decides, for the owner too: with it every row changes, without it none, silently
	local all changed='with u as (update storeward.store set retries = retries returning 1) select count(*) from u'
	all=$(sql 'select count(*) from storeward.store')
	[ "$all" -gt 0 ] && is "$(owner "$changed")" "$all" &&
		is "$(owner "begin; drop policy owner_all on storeward.store; $changed; rollback")" 0
}
check 'every table has row-level security, forced' is "$(sql "select string_agg(relname, ' ') from pg_class where relnamespace = 'storeward'::regnamespace and relkind = 'r' and relname <> 'schema_migration' and not (relrowsecurity and relforcerowsecurity)")" ''
check 'the API sees and changes rows of its tenant only' own_rows_only
check 'functions with more rights are closed to others' closed_functions
check 'a data migration changes all rows' data_migration

# --- Dump and restore.
counts() { sql "select table_name, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from storeward.%I', table_name), false, true, '')))[1] from information_schema.tables where table_schema = 'storeward' and table_type = 'BASE TABLE' order by 1"; }
restored() {
	local before
	before=$(counts)
	as_postgres pg_dump -h "$work/pg" storeward > "$work/dump.sql" || return
	local database=restored
	psql_as postgres -f "$work/dump.sql" > "$work/restore" && is "$(counts)" "$before" && is "$(migrate)" "up to date: $latest" &&
		storeward doctor && is "$(as_api "$demo" 'select name from storeward.store')" demo-store
}
check 'dump and restore keep every row, rule and chain' restored

# --- The audit log.
append_only() {
	local statement
	for statement in 'delete from storeward.audit_log' "update storeward.audit_log set actor = 'x'" 'truncate storeward.audit_log' \
		'delete from storeward.tombstone' 'truncate storeward.tombstone'; do
		refused 'append-only' owner "$statement" && refused 'append-only' sql "$statement" || return
	done
}
tampered() {	# a superuser who switches the triggers off
	sql "set session_replication_role = replica; update storeward.audit_log set actor = 'nobody' where chain = '$demo' and seq = 2"
	refused '1 of 3 audit chains are broken' storeward audit verify && has "$(recipe 1)" 'demo|' && is "$(recipe 1 | sed -n 's/^demo|.*|//p')" 2
}
cut_off() {
	sql "set session_replication_role = replica; delete from storeward.audit_log where chain = '$other' and seq = (select max(seq) from storeward.audit_log where chain = '$other')"
	refused '2 of 3 audit chains are broken' storeward audit verify
}
check 'audit log and tombstones are append-only' append_only
check 'a changed entry is found' tampered
check 'a removed last entry is found' cut_off
exit $failed
