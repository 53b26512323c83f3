#!/usr/bin/env bash
# A client of the API that this one continues: its requests, as that client sends them, and the members, types and texts
# that it reads from the answers. What was decided otherwise is the table at the end, and is in docs/api.md.
# usage: test_peer.sh [nginx|lighttpd]; what it needs: api_stack.sh
# shellcheck disable=SC2016,SC2119,SC2317,SC2034,SC2154 # eval gets its text unexpanded; variables are shared with api_stack.sh
# shellcheck source=tests/integration/api_stack.sh
. "$(dirname "$0")/api_stack.sh"
stack_up
S=/api/v1/stores
nobody=00000000-0000-4000-8000-000000000000
sql "set search_path = storeward; begin;
	insert into engine (name, version, title, default_plan, spec, chart_digest) values ('woocommerce', '1', 'W', 'p', '{}', 'x'), ('medusa', '1', 'M', 'p', '{}', 'x');
	insert into plan (engine, engine_version, name, title, values) values ('woocommerce', '1', 'p', 'P', '{}'), ('medusa', '1', 'p', 'P', '{}'); commit;
	update tenant set max_creates_per_minute = 1000;
	insert into reconcile_pass (cluster_id, holder, finished_at, stores, errors, kubernetes, helm) select id, 'test', now(), 5, 0, 'ok', 'v4' from cluster"

# Shapes: each member with what it may be, in this order; members of ours come after them.
time='20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?'
shapes="
def text: type == \"string\"; def maybe: . == null or type == \"string\"; def uuid: type == \"string\" and test(\"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\$\");
def zulu: type == \"string\" and test(\"^${time}Z\$\"); def zulu_maybe: . == null or zulu; def offset: type == \"string\" and test(\"^${time}[+]00:00\$\");
def members(names): keys_unsorted[0:(names | length)] == names;
def store: members([\"name\",\"engine\",\"id\",\"user_id\",\"status\",\"namespace\",\"domain\",\"admin_url\",\"admin_password\",\"storefront_url\",\"error_message\",\"created_at\",\"updated_at\",\"provisioning_started_at\",\"provisioning_completed_at\",\"provisioning_timeline\",\"activity_log\"])
	and (.name | text) and (.engine | text) and (.id | uuid) and (.user_id == null or (.user_id | uuid)) and (.status | text) and (.namespace | test(\"^store-[0-9a-f]{8}\$\")) and (.domain | maybe) and (.admin_url | maybe)
	and .admin_password == null and (.storefront_url | maybe) and (.error_message | maybe) and (.created_at | zulu) and (.updated_at | zulu) and (.provisioning_started_at | zulu_maybe) and (.provisioning_completed_at | zulu_maybe) and .activity_log == null;
def log: (keys - [\"user_id\",\"resource_type\",\"action\",\"resource_id\",\"metadata_\",\"store_id\",\"id\",\"ip_address\",\"created_at\"] == []) and (keys | length) == 9 and .user_id == null and .store_id == null and .resource_type == \"store\"
	and (.action | startswith(\"activity.\")) and (.resource_id | uuid) and (.metadata_ | type) == \"object\" and (.id | type) == \"number\" and (.created_at | offset) and (.ip_address | maybe);
def audit: members([\"id\",\"action\",\"resource_type\",\"resource_id\",\"ip_address\",\"created_at\",\"metadata_\"]) and (.id | type) == \"number\" and (.action | text) and (.action | startswith(\"activity.\") | not) and (.resource_type | text)
	and (.resource_id | maybe) and (.ip_address | maybe) and (.created_at | offset) and (.metadata_ | type) == \"object\";
def error: (.detail | text);"
p() { if [ "$6" = - ]; then t "$@"; else t "${@:1:5}" "$shapes $6"; fi; }	# as t, with the shapes

# --- What the client sends, and gets as from its own server.
as=
p 'GET /health' GET /health '' 200 '. == {status: "healthy", database: "connected"}'
as=a
p 'the list is empty' GET "$S/?skip=0&limit=20" '' 200 '. == []'
p 'create' POST $S/ '{"name":"Shop-One","engine":"woocommerce"}' 202 'store and .name == "shop-one" and .engine == "woocommerce" and .status == "requested" and .error_message == null and .storefront_url == null and .provisioning_started_at == null'
one=$(jq -r .id "$work/body")
cp "$work/body" "$work/one"
type=application/vnd.api+json p 'create, JSON by another name' POST $S/ '{"name":"shop-two","engine":"medusa"}' 202 'store and .engine == "medusa"'
two=$(jq -r .id "$work/body")
type='application/json; charset=utf-8' p 'create, from the dashboard' POST $S '{"name":"shop-three","engine":"medusa"}' 202 store
curl -sS -o "$work/body" -X POST -H "Authorization: Bearer ${token[a]}" -H 'Content-Type:' --data-binary '{"name":"shop-four","engine":"medusa"}' "$base$S/"
check 'create, without a content type' jq -e "$shapes store and .name == \"shop-four\"" "$work/body"
p 'list' GET $S/ '' 200 'length == 4 and all(store)'
p 'list, from the dashboard' GET $S '' 200 'length == 4 and all(store)'
p 'a page' GET "$S/?skip=1&limit=2" '' 200 'length == 2 and all(store)'
p 'past the end' GET "$S/?skip=40" '' 200 '. == []'
p 'none' GET "$S/?limit=0" '' 200 '. == []'
p 'get' GET "$S/$one" '' 200 "store and . == $(cat "$work/one")"
p 'get, upper case' GET "$S/${one^^}" '' 200 ".id == \"$one\""
p 'get of no store' GET "$S/$nobody" '' 404 'error and .detail == "Store not found"'
p 'get by no id' GET "$S/not-a-uuid" '' 422 '.detail'
p 'retry of what did not fail' POST "$S/$one/retry" '' 400 '.detail == "Only failed stores can be retried"'
sql "update storeward.store_status set observed_generation = 1, phase = 'failed', reason = 'HelmFailed', message = 'It broke.' where store_id = '$one'"
p 'a failed store' GET "$S/$one" '' 200 'store and .status == "failed" and .error_message == "It broke."'
p 'retry' POST "$S/$one/retry" '' 202 'store and .status == "requested" and .error_message == null'
p 'retry of no store' POST "$S/$nobody/retry" '' 404 '.detail == "Store not found"'
sql "insert into storeward.store_event (tenant_id, store_id, reason, message) select tenant_id, id, 'NamespaceCreated', 'It was made.' from storeward.store where id = '$one'"
p 'logs' GET "$S/$one/logs?limit=50" '' 200 "length == 1 and all(log) and .[0].resource_id == \"$one\" and .[0].action == \"activity.namespace_created\""
p 'no logs yet' GET "$S/$two/logs" '' 200 '. == []'
p 'delete' DELETE "$S/$two" '' 202 '. == {message: "Store deletion initiated", status: "deleting"}'
p 'delete again' DELETE "$S/$two" '' 202 '. == {message: "Store deletion initiated", status: "deleting"}'
p 'what is being deleted' GET "$S/$two" '' 200 'store and .status == "deleting"'
p 'delete of no store' DELETE "$S/$nobody" '' 404 '.detail == "Store not found"'
p 'delete by the name of another path' DELETE "$S/audit-logs" '' 422 .detail
p 'audit log' GET "$S/audit-logs?limit=50" '' 200 'length >= 6 and all(audit) and map(.id) == (map(.id) | sort | reverse)'
p 'audit log: create' GET "$S/audit-logs" '' 200 "any(.action == \"user.create_store\" and .resource_id == \"$one\" and .ip_address == \"127.0.0.1\" and .metadata_.name == \"shop-one\" and .metadata_.engine == \"woocommerce\")
	and any(.action == \"user.delete_store\" and .metadata_.name == \"shop-two\")"
p 'health of the whole' GET /api/v1/observability/health '' 200 'members(["database", "kubernetes_api", "helm_cli", "status"]) and .database == "Connected" and .kubernetes_api == "Connected" and .helm_cli == "Available" and .status == "Healthy"'
p 'numbers' GET /api/v1/observability/metrics '' 200 'members(["total_stores", "failed_stores", "active_namespaces", "avg_provisioning_time_seconds", "success_rate"]) and all(.[]; type == "number") and .total_stores == 4'
for row in 'name too short|{"name":"ab","engine":"medusa"}' "name too long|{\"name\":\"$(printf 'x%.0s' {1..51})\",\"engine\":\"medusa\"}" 'bad characters|{"name":"bad name!","engine":"medusa"}' 'not a string|{"name":123,"engine":"medusa"}' \
	'bad engine|{"name":"good","engine":"shopify"}' 'nothing|{}' 'only a name|{"name":"good"}' 'an array|[]' 'null|null'; do
	p "422: ${row%%|*}" POST $S/ "${row#*|}" 422 error
done
for query in limit=abc limit=1.5 limit=1e3 limit= limit=%201%20 skip=x; do p "422: $query" GET "$S/?$query" '' 422 error; done
p 'no route' GET /api/v1/nothing '' 404 error
p 'no method' PUT $S/ '' 405 error
sql "update storeward.tenant set max_stores = 4 where name = 'a'"
p 'quota' POST $S/ '{"name":"shop-five","engine":"medusa"}' 403 '.detail == "Quota exceeded. Max 4 stores allowed."'
p 'quota, in the audit log' GET "$S/audit-logs?limit=1" '' 200 '.[0] | audit and .action == "quota.check.failed" and .resource_type == "system" and .resource_id == null and .metadata_ == {requested_name: "shop-five", current_count: 4}'
sql "update storeward.tenant set max_stores = 30, max_creates_per_minute = 5 where name = 'a'; delete from storeward.rate_limit"
for n in 1 2 3 4 5; do call POST $S/ "{\"name\":\"quick-$n\",\"engine\":\"medusa\"}"; done
p 'too often' POST $S/ '{"name":"quick-6","engine":"medusa"}' 429 '.error == "Rate limit exceeded: 5 per 1 minute"'
sql "update storeward.tenant set max_creates_per_minute = 1000 where name = 'a'"

sql "update storeward.store_status set observed_generation = 2, phase = 'failed' where store_id = '$one'"

# --- Decided otherwise (docs/api.md, "Differences"): NAME|METHOD|PATH|BODY|THEIRS|OURS|JQ
big="{\"name\":\"$(printf 'x%.0s' {1..9000})\",\"engine\":\"medusa\"}"
while IFS='|' read -r name method path body theirs ours filter; do
	[ "$body" != BIG ] || body=$big
	p "otherwise: $name: $ours, not $theirs" "$method" "$path" "$body" "$ours" "${filter:-.}"
done <<- EOF
	create is accepted, not done|POST|$S/|{"name":"other-1","engine":"medusa"}|200|202|store
	retry is accepted, not done|POST|$S/$one/retry||200|202|store and .status == "requested"
	a path without its slash is no redirect|GET|$S||307|200|all(store)
	nor one with a slash too many|GET|$S/$one/||307|200|store
	names are unique|POST|$S/|{"name":"shop-one","engine":"medusa"}|200|409|.code == "name_taken"
	names are DNS labels|POST|$S/|{"name":"łódź-1","engine":"medusa"}|200|422|.errors[0].pointer == "/name"
	members that do not exist|POST|$S/|{"name":"other-2","engine":"medusa","status":"ready"}|200|422|.errors[0].pointer == "/status"
	a member twice|POST|$S/|{"name":"other-2","name":"other-3","engine":"medusa"}|200|400|.code
	broken JSON|POST|$S/|{bad|422|400|.code == "syntax"
	a body of 9 kB|POST|$S/|BIG|422|413|.code == "body_too_large"
	parameters that do not exist|GET|$S/?page=2||200|422|.errors[0].pointer == "page"
	a parameter twice|GET|$S/?limit=1&limit=2||200|422|.errors[0].pointer == "limit"
	a number with a point|GET|$S/?limit=1.0||200|422|.errors[0].pointer == "limit"
	more than a hundred|GET|$S/?limit=1000||200|422|.errors[0].pointer == "limit"
	less than none|GET|$S/?limit=-1||500|422|.errors[0].pointer == "limit"
	logs of no store|GET|$S/$nobody/logs||200|404|.detail == "Store not found"
	an id without hyphens|GET|$S/${one//-/}||200|422|.errors[0].pointer == "id"
	no page of the framework|GET|/docs||200|404|-
EOF
type=text/plain p 'otherwise: a body that is no JSON by its name: 415, not 422' POST $S/ '{"name":"other-4","engine":"medusa"}' 415 '.code == "content_type"'
as=
p 'otherwise: nobody: 401, not 200' GET $S/ '' 401 '.code == "token_invalid"'
as=a
call HEAD $S/ ''
check 'otherwise: HEAD: 200, not 405' [ "$status" = 200 ]
call PUT $S/ ''
check 'otherwise: Allow names all methods' [ "$(header allow)" = 'GET, HEAD, POST' ]
call GET "$S/$one" ''
check 'otherwise: who made it and the host are told' jq -e '.user_id != null and .domain == "shop-one.localhost"' "$work/body"
extra=(-H 'Origin: https://elsewhere.test')
call GET $S/ ''
check 'otherwise: no other site may read' [ -z "$(header access-control-allow-origin)" ]
exit "$failed"
