# Another version of the engine, new passwords and checks on demand: what is refused, what is stored, what is told.
# test_stores.sh sources this.
# shellcheck shell=bash disable=SC2034,SC2154,SC2016,SC2317 # variables are shared; eval gets its text unexpanded; functions are called through check
# --- An engine of five versions. The roads: 1 to 2, 1 and 2 to 3 (which changes the data), 3 to 4; 5 has none.
version() {	# version VERSION UPGRADES MINUTES_AGO SPEC PLAN...
	local plan plans=''
	for plan in "${@:5}"; do plans+=", ('mall', '$1', '$plan', '$plan', '{}')"; done
	sql "set search_path = storeward; insert into engine (name, version, title, default_plan, spec, chart_digest, loaded_at)
		values ('mall', '$1', 'Mall', 'small', '{\"upgrades\": $2, \"position\": 10$4}', 'x', now() - interval '$3 min');
		insert into plan (engine, engine_version, name, title, values) values ${plans#, }"
}
rotating=', "credentials": [{"key": "db", "generate": "password"}, {"key": "admin", "generate": "password", "rotate": true}]'
# As the reconciler: it has made the store as it is wished now.
made() { psql_as storeward_reconcile -c "update storeward.store_status set observed_generation = s.generation, applied_generation = s.generation, phase = case s.desired when 'suspended' then 'suspended' else 'ready' end, reason = null,
	provisioning_completed_at = coalesce(provisioning_completed_at, now()) from storeward.store s where s.id = store_id and store_id = '$1'"; }
stored() { sql "select concat_ws(' ', generation, engine_version, plan, desired, credentials_revision, probe_orders::text) from storeward.store where id = '$1'"; }
audited() { sql "select action || ' ' || (details -> 'changes')::text from storeward.audit_log where resource_id = '$1' order by id desc limit 1"; }
audit_rows() { sql "select count(*) from storeward.audit_log where resource_type = 'store'"; }
no_limit() { sql 'delete from storeward.rate_limit'; }
upgrade() { printf '{"engine_version":"%s"%s}' "$1" "${2:-}"; }
heard() {	# heard METHOD PATH BODY: what the reconciler hears of it
	psql_as storeward_reconcile -c 'listen storeward_store' -c 'select pg_sleep(2)' > "$work/heard" 2>&1 &
	local listener=$!
	eventually 5 eval '[ "$(sql "select count(*) from pg_stat_activity where query = '"'select pg_sleep(2)'"' and usename = '"'storeward_reconcile'"'")" = 1 ]'
	call "$@"
	wait "$listener"
	[ "$status" = 202 ] && grep -o 'notification "storeward_store" with payload "[-0-9a-f]*"' "$work/heard"
}
told_once() { [ "$(heard "${@:2}")" = "notification \"storeward_store\" with payload \"$1\"" ]; }
as=a
no_limit
version 1 '[]' 50 '' small large
new mall-one mall
mall=$id
new mall-new mall
mall_new=$id
t 'an engine of one version leads nowhere' GET "$S/$mall" '' 200 '.upgrades == [] and .rotates == false and .probe_orders == false and .checks_requested_at == null'
t '... and the refusal says so' PATCH "$S/$mall" "$(upgrade 2)" 422 '.errors == [{pointer: "/engine_version", detail: "No upgrade leads from 1 to 2; there is none at present."}] and .code == "invalid"'
version 2 '[{"from": "1"}]' 40 "$rotating" small large
version 3 '[{"from": "1", "backup": true}, {"from": "2", "backup": true}]' 30 "$rotating" small
version 4 '[{"from": "3"}]' 20 "$rotating" small
version 5 '[]' 10 '' small
t 'engines in their own order' GET /api/v1/engines '' 200 '[.[] | .name + .version] == ["mall5", "kiosk1", "shop2"] and (.[0] | keys_unsorted) == ["name", "version", "title", "description", "default_plan", "plans"]'
t 'where a store may go, newest first' GET "$S/$mall" '' 200 '.upgrades == [{version: "3", backup: true}, {version: "2", backup: false}]'
t 'its plans are those of its version, not of the newest' GET "$S/$mall" '' 200 '[.plans[] | .name] == ["large", "small"] and (.plans[0] | keys_unsorted) == ["name", "title", "description"]'
t 'a list does not tell' GET "$S?q=mall" '' 200 'length == 2 and all(.upgrades == null and .rotates == null and .plans == null and has("upgrades") and has("plans") and .probe_orders == false)'
made "$mall"

# --- Upgrades.
before=$(audit_rows) was=$(stored "$mall")
while IFS='|' read -r name body status_wanted filter; do
	t "upgrade refused: $name" PATCH "$S/$mall" "$body" "$status_wanted" "$filter"
done <<- 'EOF'
	unknown version|{"engine_version":"9"}|422|.errors[0].pointer == "/engine_version" and (.detail | test("No upgrade leads from 1 to 9; there is one to: 3, 2\\."))
	a version without a road|{"engine_version":"5"}|422|.errors[0].pointer == "/engine_version"
	two at once|{"engine_version":"4"}|422|.errors[0].pointer == "/engine_version"
	no version|{"engine_version":""}|422|.errors[0].pointer == "/engine_version"
	a long one|{"engine_version":"123456789012345678901234567890123456789012345678901"}|422|.errors[0].pointer == "/engine_version"
	a number|{"engine_version":2}|422|.errors[0].pointer == "/engine_version"
	null|{"engine_version":null}|422|.errors == [{pointer: "/engine_version", detail: "cannot be taken away"}]
	SQL|{"engine_version":"2'; drop table store --"}|422|.errors[0].pointer == "/engine_version"
	without a backup, but of what|{"without_backup":true}|422|.errors[0].pointer == "/without_backup"
	the same with another change|{"without_backup":false,"plan":"large"}|422|.errors[0].pointer == "/without_backup"
	without_backup is null|{"engine_version":"2","without_backup":null}|422|.errors[0].pointer == "/without_backup"
	without_backup is text|{"engine_version":"3","without_backup":"true"}|422|.errors[0].pointer == "/without_backup"
	the engine itself|{"engine":"shop","engine_version":"2"}|422|.errors[0].pointer == "/engine"
	data that nobody saved|{"engine_version":"3"}|409|.code == "backup_needed" and (.detail | test("from 1 to 3 changes the shop's data and cannot be undone.*\"without_backup\": true"))
	the same, said plainly|{"engine_version":"3","without_backup":false}|409|.code == "backup_needed"
	a plan that the version does not have|{"engine_version":"2","plan":"nosuch"}|422|.errors[0].pointer == "/plan" and (.detail | test("must be one of: large, small"))
	probe_orders is null|{"probe_orders":null}|422|.errors[0].pointer == "/probe_orders"
	probe_orders is a number|{"probe_orders":1}|422|.errors[0].pointer == "/probe_orders"
EOF
t 'a PATCH of nothing: what there is' PATCH "$S/$mall" '{}' 422 '.errors[0].detail == "must have at least one of plan, suspended, engine_version, probe_orders" and (.detail | startswith("the document: must have"))'
t 'three mistakes, three places' PATCH "$S/$mall" '{"plan":7,"engine_version":7,"probe_orders":7}' 422 '[.errors[].pointer] | sort == ["/engine_version", "/plan", "/probe_orders"]'
as=b
t "an upgrade of another tenant's store" PATCH "$S/$mall" "$(upgrade 2)" 404 '.code == "store_not_found"'
as=viewer
t 'a viewer does not upgrade' PATCH "$S/$mall" "$(upgrade 2)" 403 '.code == "role_too_low"'
as=a
t 'an upgrade of no store' PATCH "$S/$nobody" "$(upgrade 2)" 404 '.code == "store_not_found"'
t 'an upgrade of a store that is being deleted' PATCH "$S/${ids[5]}" "$(upgrade 2)" 409 '.code == "store_deleting"'
extra=(-H 'If-Match: "7-abc"')
t 'an upgrade of another generation' PATCH "$S/$mall" "$(upgrade 2)" 412 '.code == "stale"'
extra=()
check 'upgrades: no refusal has stored or written down anything' [ "$(stored "$mall") $(audit_rows)" = "$was $before" ]
t 'the same version is no change' PATCH "$S/$mall" "$(upgrade 1)" 202 '.generation == 1 and .engine_version == "1"'
t '... whatever is said of a backup' PATCH "$S/$mall" "$(upgrade 1 ',"without_backup":true')" 202 '.generation == 1'
check '... and is not in the audit log' [ "$(audit_rows)" = "$before" ]
t 'upgrades: suspend' PATCH "$S/$mall" '{"suspended":true}' 202 '.generation == 2'
t 'a suspended store is not upgraded' PATCH "$S/$mall" "$(upgrade 2)" 409 '.code == "store_suspended" and (.detail | test("resume it first"))'
t '... nor by a request that suspends it' PATCH "$S/$mall" "$(upgrade 2 ',"suspended":true')" 409 '.code == "store_suspended"'
extra=(-H "If-Match: $(etag "$mall")")
t 'resume and upgrade in one' PATCH "$S/$mall" "$(upgrade 2 ',"suspended":false,"plan":"large"')" 202 '.generation == 3 and .engine_version == "2" and .plan == "large" and .desired == "present" and .observed_generation == 1
	and .upgrades == [{version: "3", backup: true}] and .rotates == true'
t '... once' PATCH "$S/$mall" "$(upgrade 2)" 412 '.code == "stale"'
extra=()
t 'nobody goes on to the next version before this one is made' PATCH "$S/$mall" "$(upgrade 3 ',"without_backup":true,"plan":"small"')" 409 '.code == "upgrade_going" and (.detail | test("upgrade to 2 is not made yet: wait for it"))'
check '... with each change in the audit log' [ "$(audited "$mall")" = 'user.update_store {"plan": ["small", "large"], "desired": ["suspended", "present"], "engine_version": ["1", "2"]}' ]
made "$mall"
t 'no way back' PATCH "$S/$mall" "$(upgrade 1)" 422 '.errors[0].detail == "No upgrade leads from 2 to 1; there is one to: 3."'
t 'the plan of now is not in the version' PATCH "$S/$mall" "$(upgrade 3 ',"without_backup":true')" 422 '.errors[0].pointer == "/plan" and (.detail | test("must be one of: small"))'
check '... so nothing was changed' [ "$(stored "$mall")" = '3 2 large present 0 false' ]
t 'with another plan, knowing what is lost' PATCH "$S/$mall" "$(upgrade 3 ',"without_backup":true,"plan":"small"')" 202 '.generation == 4 and .engine_version == "3" and .plan == "small" and .upgrades == [{version: "4", backup: false}]'
check '... and it is written down that it was without a backup' [ "$(sql "select details ->> 'without_backup' from storeward.audit_log where resource_id = '$mall' order by id desc limit 1")" = true ]
t 'a shop that never was ready has nothing to lose' PATCH "$S/$mall_new" "$(upgrade 3)" 202 '.generation == 2 and .engine_version == "3" and .status == "requested"'
made "$mall"
check 'the reconciler hears of an upgrade, once' told_once "$mall" PATCH "$S/$mall" "$(upgrade 4)"
check '... and it is written down' [ "$(audited "$mall")$(sql "select details ->> 'without_backup' from storeward.audit_log where resource_id = '$mall' order by id desc limit 1")" = 'user.update_store {"engine_version": ["3", "4"]}' ]
made "$mall"

# --- Orders by the probe.
was=$(stored "$mall")
check 'the reconciler hears that the probe may place orders' told_once "$mall" PATCH "$S/$mall" '{"probe_orders":true}'
check '... the answer shows it' jq -e '.probe_orders == true and .generation == 5 and .observed_generation == 5' "$work/body"
check '... it is no other generation' [ "$(stored "$mall")" = "${was% *} true" ]
check '... and in the audit log' [ "$(audited "$mall")" = 'user.update_store {"probe_orders": [false, true]}' ]
before=$(audit_rows)
t 'orders: what is so already is no change' PATCH "$S/$mall" '{"probe_orders":true}' 202 '.probe_orders == true'
check '... and not in the audit log' [ "$(audit_rows)" = "$before" ]
check '... nor heard of' eval '! heard PATCH "$S/$mall" "{\"probe_orders\":true}" && [ "$status" = 202 ]'
t 'no more orders' PATCH "$S/$mall" '{"probe_orders":false}' 202 '.probe_orders == false and .generation == 5'

# --- New passwords.
R=credentials/rotate
before=$(audit_rows) was=$(stored "$mall")
t 'new passwords: an engine that does not know how' POST "$S/${ids[2]}/$R" '' 409 '.code == "not_rotatable" and (.detail | test("^Engine shop 2 does not change passwords: "))'
t 'new passwords: a store that was never ready' POST "$S/$mall_new/$R" '' 409 '.code == "not_ready"'
t 'new passwords: a store that is being deleted' POST "$S/${ids[5]}/$R" '' 409 '.code == "store_deleting"'
t 'new passwords: no store' POST "$S/$nobody/$R" '' 404 '.code == "store_not_found"'
t 'new passwords: no id' POST "$S/x/$R" '' 422 '.errors[0].pointer == "id"'
t 'GET gives no new passwords' GET "$S/$mall/$R" '' 405
as=b
t "new passwords: another tenant's store" POST "$S/$mall/$R" '' 404 '.code == "store_not_found"'
as=viewer
t 'new passwords: a viewer' POST "$S/$mall/$R" '' 403 '.code == "role_too_low"'
as=
t 'new passwords: nobody' POST "$S/$mall/$R" '' 401
as=a
extra=(-H 'If-Match: "2-abc"')
t 'new passwords for another generation' POST "$S/$mall/$R" '' 412 '.code == "stale"'
extra=()
check 'new passwords: no refusal has stored or written down anything' [ "$(stored "$mall") $(audit_rows)" = "$was $before" ]
check 'the reconciler hears of the wish for new passwords' told_once "$mall" POST "$S/$mall/$R" ''
check '... the answer is the store' jq -e '.generation == 6 and .observed_generation == 5 and .status == "ready" and .rotates == true and .admin_password == null' "$work/body"
check '... the wish is stored' [ "$(stored "$mall")" = '6 4 small present 1 false' ]
check '... and in the audit log, without anything secret' [ "$(audited "$mall") $(sql "select string_agg(k, ' ' order by k) from storeward.audit_log, jsonb_object_keys(details) k where resource_id = '$mall' and action = 'user.rotate_credentials'")" = \
	'user.rotate_credentials {"credentials_revision": [0, 1]} changes desired generation name' ]
check '... it counts as a change' eval '[[ $(header ratelimit) == "\"change\";r="* ]]'
as=operator
t 'an operator, with a body, once more' POST "$S/$mall/$R/" '{}' 202 '.generation == 7'
as=a
at_once() {	# at_once N PATH [CURL ARGUMENTS]: N POSTs at once, their statuses counted
	seq "$1" | xargs -P 10 -I{} curl -sS -m 30 -o /dev/null -w '%{http_code}\n' -X POST -H "Authorization: Bearer ${token[a]}" -H 'Content-Length: 0' "${@:3}" "$base$2" | sort | uniq -c | awk '{ printf "%s%s:%s", (NR > 1 ? " " : ""), $2, $1 }'
}
result=$(at_once 10 "$S/$mall/$R" -H "If-Match: $(etag "$mall")")
check "ten at once for one generation: $result" [ "$result" = '202:1 412:9' ]
result=$(at_once 10 "$S/$mall/$R")
check "ten at once for any: $result" [ "$result $(stored "$mall")" = '202:10 18 4 small present 13 false' ]
t 'suspend it' PATCH "$S/$mall" '{"suspended":true}' 202
t 'new passwords for a suspended store: when it is resumed' POST "$S/$mall/$R" '' 202 '.desired == "suspended" and .generation == 20'
made "$mall"

# --- Checks on demand.
before=$(audit_rows) was=$(stored "$mall")
t 'a suspended store is not checked' POST "$S/$mall/check" '' 409 '.code == "not_ready" and .detail == "Only a shop that is at work can be checked: resume it, or wait until it was ready."'
t 'a store that was never ready is not' POST "$S/$mall_new/check" '' 409 '.code == "not_ready"'
t 'nor one that is being deleted' POST "$S/${ids[5]}/check" '' 409 '.code == "store_deleting"'
t 'checks: no store' POST "$S/$nobody/check" '' 404 '.code == "store_not_found"'
t 'GET checks nothing' GET "$S/$mall/check" '' 405
as=b
t "checks: another tenant's store" POST "$S/$mall/check" '' 404 '.code == "store_not_found"'
as=viewer
t 'checks: a viewer' POST "$S/$mall/check" '' 403 '.code == "role_too_low"'
as=a
check 'checks: no refusal has stored or written down anything' [ "$(stored "$mall") $(audit_rows)" = "$was $before" ]
t 'resume it' PATCH "$S/$mall" '{"suspended":false}' 202
made "$mall"
was=$(stored "$mall")
check 'the reconciler hears that somebody wants to know now' told_once "$mall" POST "$S/$mall/check" ''
check '... the answer says since when' jq -e '.generation == 21 and .observed_generation == 21 and (.checks_requested_at | test("^20[0-9]{2}-.*Z$"))' "$work/body"
check '... no wish was changed' [ "$(stored "$mall")" = "$was" ]
check '... it is in the audit log' [ "$(audited "$mall")" = 'user.check_store {}' ]
first=$(jq -r .checks_requested_at "$work/body")
extra=(-H 'If-Match: "1-x"')	# it is about the shop as it is
as=operator t 'again, as an operator' POST "$S/$mall/check/" '{"x":1}' 202 ".checks_requested_at > \"$first\""
extra=()
t 'lists show it too' GET "$S?q=mall-one" '' 200 ".[0].checks_requested_at > \"$first\""
sql "update storeward.rate_limit set used = 120, window_start = now() where bucket = 'change'"
t 'too many checks are too many changes' POST "$S/$mall/check" '' 429 '.code == "rate_limited"'
t '... and too many new passwords' POST "$S/$mall/$R" '' 429 '.code == "rate_limited"'
no_limit
# --- What a probe tells of a shop has a reason of the engine's own (reconcile/told.c).
said() { psql_as storeward_reconcile -c "insert into storeward.store_event (tenant_id, store_id, type, reason, message) select tenant_id, id, 'Warning', '$1', 'It says so.' from storeward.store where id = '$mall'"; }
check 'an event may have a reason with digits' said Http500
check '... and no other text' eval '! said http && ! said "Http 500" && ! said 5xx'
check 'the chains are whole after all this' [ "$(sql 'select count(*) from report.audit_chains where broken_at is not null')" = 0 ]
