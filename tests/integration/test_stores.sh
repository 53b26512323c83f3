#!/usr/bin/env bash
# Stores by the API: lists and cursors, changes and what refuses them, limits under parallel requests, what happened and
# the audit log.  usage: test_stores.sh [nginx|lighttpd]; what it needs: api_stack.sh
# shellcheck disable=SC2016,SC2119,SC2317,SC2154,SC2034 # eval gets its text unexpanded; variables are shared with api_stack.sh
# shellcheck source=tests/integration/api_stack.sh
. "$(dirname "$0")/api_stack.sh"
stack_up
S=/api/v1/stores
nobody=00000000-0000-4000-8000-000000000000
new() { call POST $S "$(store "$@")" && id=$(jq -r .id "$work/body"); }	# new NAME [ENGINE]: sets $id
phase() { sql "update storeward.store_status set observed_generation = (select generation from storeward.store where id = store_id), phase = '$2', ${3:-reason = null} where store_id = '$1'"; }
names() { jq -r 'map(.name) | join(" ")' "$work/body"; }
next() { header link | sed -n 's/^<\(.*\)>; rel="next"$/\1/p'; }
etag() { call GET "$S/$1" ''; header etag; }
tenant() { sql "update storeward.tenant set $2 where name = '$1'"; }
window_over() { sql "update storeward.rate_limit set window_start = window_start - interval '1 minute'"; }
tenant a 'max_creates_per_minute = 1000'
sql "insert into storeward.app_user (email) values ('admin@a.test');
	insert into storeward.membership select t.id, u.id, 'admin' from storeward.tenant t, storeward.app_user u where t.name = 'a' and u.email = 'admin@a.test'"

# --- Lists. Twelve stores, made one after the other; the last three of engine kiosk.
for n in 01 02 03 04 05 06 07 08 09; do new "list-$n"; ids+=("$id"); done
for n in 10 11 12; do new "list-$n" kiosk; ids+=("$id"); done
phase "${ids[0]}" failed "reason = 'HelmFailed', message = 'It broke.'"
phase "${ids[1]}" degraded "reason = 'CrashLoopBackOff', message = 'It breaks.'"
phase "${ids[2]}" ready
phase "${ids[3]}" ready
as=b
new list-of-b
as=a
t 'summary' GET $S/summary '' 200 '.total == 12 and .max_stores == 30 and .by_status == {requested: 8, provisioning: 0, ready: 2, degraded: 1, failed: 1, suspended: 0, deleting: 0}
	and .by_engine == {shop: 9, kiosk: 3}'
listed() {	# listed QUERY NAMES: in this order, and as many by the header
	call GET "$S?$1" ''
	check "list $1" [ "$status $(names)" = "200 $2" ]
}
listed 'limit=3' 'list-12 list-11 list-10'
listed 'sort=name&limit=3' 'list-01 list-02 list-03'
listed 'sort=-name&limit=2&skip=1' 'list-11 list-10'
listed 'sort=created_at&limit=2' 'list-01 list-02'
listed 'sort=urgency&limit=2' 'list-01 list-02'
listed 'sort=-urgency&limit=1' 'list-03'
listed 'sort=-changed_at&limit=2' 'list-04 list-03'
listed 'status=failed,degraded&sort=name' 'list-01 list-02'
check '... and the total is of these' [ "$(header x-total-count)" = 2 ]
listed 'engine=kiosk&sort=name' 'list-10 list-11 list-12'
listed 'q=T-1&sort=name' 'list-10 list-11 list-12'
listed 'q=&limit=1' 'list-12'
listed 'q=%25' ''
listed "q=$(jq -rn '"متجر 🛍️ <b>" | @uri')" ''
listed 'status=ready&engine=shop&q=list&sort=-name' 'list-04 list-03'
walk() {	# walk QUERY: all names, page by page along the links
	local at="$S?$1" all='' pages=0
	while [ -n "$at" ] && [ $((pages += 1)) -le 20 ]; do
		call GET "$at" ''
		[ "$status" = 200 ] || { echo "$at: $status"; return 1; }
		all+=" $(names)"
		at=$(next)
	done
	echo "$all" | tr -s ' ' '\n' | sed '/^$/d' > "$work/walked"
	call GET "$S?${1%%&limit*}&limit=100" ''
	jq -r '.[].name' "$work/body" | diff - "$work/walked"
}
for sort in name -name created_at -created_at changed_at -changed_at urgency -urgency; do check "cursors lead through all, each once: $sort" walk "sort=$sort&limit=5"; done
check 'cursors with filters' walk "sort=name&status=requested,ready&engine=shop&q=list&limit=2"
call GET "$S?sort=name&limit=1" ''
extra=(-H "If-None-Match: $(header etag)")
t 'the same page: nothing new' GET "$S?sort=name&limit=1" '' 304 -
extra=()
same_page=$(header etag)
call GET "$S?sort=name&limit=4&status=requested" ''
link=$(next)
check 'a link keeps the parameters' eval '[[ $link == "$S?sort=name&limit=4&status=requested&cursor="* ]]'
new list-04b
t 'a store made meanwhile shifts nothing' GET "$link" '' 200 '[.[].name] == ["list-09", "list-10", "list-11", "list-12"]'
extra=(-H "If-None-Match: $same_page")
t 'the same page of a longer list is news' GET "$S?sort=name&limit=1" '' 200 '[.[].name] == ["list-01"]'
check '... how many there are' [ "$(header x-total-count)" = 13 ]
extra=()
cursor=${link##*cursor=}
for query in "cursor=$cursor" "sort=-name&status=requested&cursor=$cursor" "sort=name&status=ready&cursor=$cursor" "sort=name&status=requested&cursor=${cursor%?????}" \
	'cursor=x' 'cursor=' 'cursor=***' "cursor=$(printf 'x%.0s' {1..401})" "sort=name&status=requested&cursor=$cursor%3D"; do
	t "not this list's cursor: ${query:0:60}" GET "$S?$query" '' 422 '.errors[0].pointer == "cursor"'
done
forged() {	# forged SORT TEXT: a cursor with the right hash
	printf '%s %s' "$(printf '%s' "$1|||" | sha256sum | cut -c1-16)" "$2" | base64 -w0 | tr '+/' '-_' | tr -d =
}
t 'a cursor like ours works' GET "$S?sort=name&limit=2&cursor=$(forged name "$nobody list-01")" '' 200 '.[0].name == "list-02" or .[0].name == "list-01"'
for key in "urgency|$nobody x" "urgency|$nobody 99999999999999999999" "created_at|$nobody yesterdayish" "name|$nobody $(printf 'a\377')" "name|no-uuid-at-all-but-thirty-six-chars- a" "name|$nobody "; do
	t "a forged cursor: ${key:0:60}" GET "$S?sort=${key%%|*}&cursor=$(forged "${key%%|*}" "${key#*|}")" '' 422 '.errors[0].pointer == "cursor"'
done
for query in 'status=' 'status=gone' 'status=ready,' 'status=,ready' 'status=ready,,failed' 'sort=' 'sort=size' 'sort=--name' 'sort=name;drop' 'engine=' 'engine=Shop' "engine='" "q=$(printf 'x%.0s' {1..51})" \
	"cursor=$cursor&skip=3&sort=name&status=requested" 'limit=101' 'page=2'; do
	t "parameter ${query:0:40}" GET "$S?$query" '' 422 '.errors | length == 1'
done
as=b
t "another tenant's cursor leads through one's own" GET "$link" '' 200 '[.[].name] == ["list-of-b"]'
as=a

# --- Conditional reads and writes.
tag=$(etag "${ids[4]}")
check 'the ETag of a store begins with its generation' eval '[[ $tag == \"1-* ]]'
extra=(-H "If-None-Match: $tag")
t 'nothing new: 304' GET "$S/${ids[4]}" '' 304 -
check '... without a body' [ ! -s "$work/body" ]
extra=(-H 'If-Match: "7-abc"')
for method in PATCH DELETE; do
	t "$method for another generation" $method "$S/${ids[4]}" "$([ $method = DELETE ] || echo '{"plan":"large"}')" 412 '.code == "stale"'
done
t 'retry for another generation' POST "$S/${ids[0]}/retry" '' 412 '.code == "stale"'
extra=(-H 'If-Match: "abc"')
t 'an If-Match that is no ETag of ours' PATCH "$S/${ids[4]}" '{"plan":"large"}' 412 '.code == "stale"'
check 'nothing was changed by these' [ "$(sql "select count(*) from storeward.store where generation > 1")" = 0 ]
extra=(-H "If-Match: $tag")
phase "${ids[4]}" ready "provisioning_started_at = now() - interval '90 s', provisioning_completed_at = now() - interval '30 s'"
t 'what the reconciler saw does not count' PATCH "$S/${ids[4]}" '{"plan":"large"}' 202 '.plan == "large" and .generation == 2 and .observed_generation == 1 and .status == "ready"'
t 'the same ETag once more' PATCH "$S/${ids[4]}" '{"plan":"small"}' 412 '.code == "stale"'
extra=(-H 'If-Match: *')
t 'any generation' PATCH "$S/${ids[4]}" '{"plan":"small"}' 202 '.plan == "small" and .generation == 3'
extra=()

# --- PATCH.
one=${ids[4]}
t 'what is so already is no change' PATCH "$S/$one" '{"plan":"small","suspended":false}' 202 '.generation == 3'
t 'suspend' PATCH "$S/$one" '{"suspended":true}' 202 '.desired == "suspended" and .generation == 4'
t 'suspend again' PATCH "$S/$one" '{"suspended":true}' 202 '.generation == 4'
t 'another plan while suspended' PATCH "$S/$one/" '{"plan":"large"}' 202 '.desired == "suspended" and .generation == 5'
type=application/merge-patch+json t 'resume, as merge-patch' PATCH "$S/$one" '{"suspended":false}' 202 '.desired == "present" and .generation == 6'
check 'each change is in the audit log, once' [ "$(sql "select string_agg(details ->> 'generation', ' ' order by id) from storeward.audit_log where action = 'user.update_store' and resource_id = '$one'")" = '2 3 4 5 6' ]
while IFS='|' read -r body pointer; do
	t "PATCH ${body:0:50}" PATCH "$S/$one" "$body" 422 ".errors[0].pointer == \"$pointer\""
done <<- 'EOF'
	{}|
	[]|
	"x"|
	null|
	{"plan":null}|/plan
	{"suspended":null}|/suspended
	{"plan":"nosuch"}|/plan
	{"plan":""}|/plan
	{"plan":7}|/plan
	{"plan":["large"]}|/plan
	{"plan":"large'; drop table store"}|/plan
	{"suspended":"yes"}|/suspended
	{"suspended":1}|/suspended
	{"name":"other"}|/name
	{"plan":"large","status":"ready"}|/status
	{"plan":"large","desired":"absent"}|/desired
	{"plan":"large","a/b~c":1}|/a~1b~0c
EOF
t 'an unknown plan: which there are' PATCH "$S/$one" '{"plan":"nosuch"}' 422 '.errors[0].detail | test("small, large")'
t 'a store that was never ready cannot be suspended' PATCH "$S/${ids[5]}" '{"suspended":true}' 409 '.code == "not_ready"'
t 'but have another plan' PATCH "$S/${ids[5]}" '{"plan":"large"}' 202 '.plan == "large"'
t 'PATCH of no store' PATCH "$S/$nobody" '{"plan":"large"}' 404 '.code == "store_not_found"'
as=b
t "PATCH of another tenant's store" PATCH "$S/$one" '{"plan":"large"}' 404 '.code == "store_not_found"'
t "retry of another tenant's store" POST "$S/$one/retry" '' 404 '.code == "store_not_found"'
as=viewer
t 'a viewer changes nothing' PATCH "$S/$one" '{"plan":"large"}' 403 '.code == "role_too_low"'
t '... nor a store that is not there' PATCH "$S/$nobody" '{"plan":"large"}' 403 '.code == "role_too_low"'
as=a
t 'delete' DELETE "$S/${ids[5]}" '' 202
t 'a store that is being deleted is not changed' PATCH "$S/${ids[5]}" '{"plan":"small"}' 409 '.code == "store_deleting"'
t '... nor brought back' PATCH "$S/${ids[5]}" '{"suspended":false}' 409 '.code == "store_deleting"'
check 'nothing of all that was stored' [ "$(sql "select plan || generation from storeward.store where id = '$one'")" = large6 ]

# --- Retry.
t 'retry' POST "$S/${ids[0]}/retry" '' 202 '.status == "requested" and .generation == 2 and .error_message == null'
t 'retry again' POST "$S/${ids[0]}/retry" '' 400 '.code == "not_failed" and .detail == "Only failed stores can be retried"'
t 'retry of a degraded store, with a body' POST "$S/${ids[1]}/retry/" '{}' 202 '.status == "degraded"'
t 'retry of a ready store' POST "$S/${ids[2]}/retry" '{"x":1}' 400 '.code == "not_failed"'
phase "${ids[6]}" provisioning 'attempts = 0, reason = null'
t 'retry of a store that is being made' POST "$S/${ids[6]}/retry" '' 400 '.code == "not_failed"'
phase "${ids[6]}" provisioning "attempts = 0, reason = 'ImagePullBackOff'"
t 'retry of one that is held up' POST "$S/${ids[6]}/retry" '' 202 '.status == "provisioning" and .generation == 2'
phase "${ids[6]}" provisioning 'attempts = 1, reason = null'
t 'retry of one that waits for its next try' POST "$S/${ids[6]}/retry" '' 202 '.status == "provisioning" and .generation == 3'
t 'retry of a store that is being deleted' POST "$S/${ids[5]}/retry" '' 400 '.code == "not_failed"'
t 'retry of no store' POST "$S/$nobody/retry" '' 404 '.code == "store_not_found"'
check 'retries are in the audit log' [ "$(sql "select count(*) from storeward.audit_log where action = 'user.retry_store'")" = 4 ]

# --- The same request twice.
extra=(-H 'Idempotency-Key: key-1')
t 'with a key' POST $S "$(store same-twice)" 202
same=$(jq -r .id "$work/body")
t 'the same again' POST $S '{"engine":"shop", "name":"same-twice"}' 202 ".id == \"$same\""
check '... has its Location' [ "$(header location)" = "$S/$same" ]
check '... and made one store' [ "$(sql "select count(*) from storeward.store where name = 'same-twice'")" = 1 ]
t 'another request with the key' POST $S "$(store not-the-same)" 422 '.code == "idempotency_key_reused"'
as=b
t "a key is the tenant's own" POST $S "$(store same-for-b)" 202
as=a
extra=(-H 'Idempotency-Key: key-2')
t 'a refused request' POST $S "$(store same-twice)" 409 '.code == "name_taken"'
t 'an unknown engine' POST $S "$(store fresh nosuch)" 422 '.errors[0].pointer == "/engine"'
t '... leaves its key free' POST $S "$(store fresh)" 202
sql "update storeward.idempotency_key set created_at = now() - interval '25 hours' where key = 'key-2'"
t 'after a day the key is free again' POST $S "$(store fresh-too)" 202 '.name == "fresh-too"'
check '... and the old one forgotten' [ "$(sql "select count(*) from storeward.idempotency_key where key = 'key-2'")" = 1 ]
sql "update storeward.idempotency_key set store_id = '$nobody' where key = 'key-2'"
t 'a key whose store is gone' POST $S "$(store fresh-too)" 409 '.code == "idempotency_gone"'
for key in '' 'a b' 'łódź' "$(printf 'k%.0s' {1..256})"; do
	extra=(-H "Idempotency-Key;")
	[ -z "$key" ] || extra=(-H "Idempotency-Key: $key")
	call POST $S "$(store never-made)"
	# An empty header is passed on as none by some servers.
	check "key '${key:0:10}'" eval '[ "$status" = 422 ] && jq -e ".errors[0].pointer == \"Idempotency-Key\"" "$work/body" || { [ -z "$key" ] && [ "$status" = 202 ]; }'
done
extra=()
parallel() {	# parallel N NAME... : N requests at once, their statuses counted; {} in a name is the number
	seq "$1" | xargs -P 25 -I{} curl -sS -m 30 -o /dev/null -w '%{http_code}\n' -H "Authorization: Bearer ${token[a]}" -H 'Content-Type: application/json' \
		"${@:3}" --data-binary "$(store "$2")" "$base$S" | sort | uniq -c | awk '{ printf "%s%s:%s", (NR > 1 ? " " : ""), $2, $1 }'
}
result=$(parallel 20 raced-twice -H 'Idempotency-Key: race')
check "twenty times at once with one key: $result" [ "$result" = 202:20 ]
check '... is one store' [ "$(sql "select count(*) from storeward.store where name = 'raced-twice'")" = 1 ]
result=$(parallel 20 raced-name)
check "twenty times at once without a key: $result" [ "$result" = '202:1 409:19' ]

# --- Limits, with a hundred requests at once.
has=$(sql "select count(*) from storeward.store s join storeward.tenant t on t.id = s.tenant_id where t.name = 'a'")
tenant a "max_stores = $((has + 7))"
result=$(parallel 100 'edge-{}')
check "a hundred creates, seven places: $result" [ "$result" = '202:7 403:93' ]
check '... seven stores' [ "$(sql "select count(*) from storeward.store where name like 'edge-%'")" = 7 ]
check '... and each refusal is in the audit log' [ "$(sql "select count(*) || ' ' || min((details ->> 'current_count')::int) || ' ' || count(distinct details ->> 'requested_name') from storeward.audit_log
	where action = 'quota.check.failed' and resource_type = 'system' and resource_id is null")" = "93 $((has + 7)) 93" ]
t 'over the quota' POST $S "$(store one-more)" 403 ".code == \"quota_exceeded\" and .detail == \"Quota exceeded. Max $((has + 7)) stores allowed.\""
tenant a 'max_stores = 1000, max_creates_per_minute = 5'
window_over
t 'a refusal does not count' POST $S '{"name":"x","engine":"shop"}' 422
t '... nor one by the database' POST $S "$(store same-twice)" 409
result=$(parallel 100 'fast-{}')
check "a hundred creates, five a minute: $result" [ "$result" = '202:5 429:95' ]
check '... five stores' [ "$(sql "select count(*) from storeward.store where name like 'fast-%'")" = 5 ]
t 'too often' POST $S "$(store too-fast)" 429 '.code == "rate_limited" and .error == .detail and .detail == "Rate limit exceeded: 5 per 1 minute"'
check '... and when again' eval '[ "$(header retry-after)" -ge 1 ] && [ "$(header retry-after)" -le 60 ]'
check '... and how many are left' eval '[[ $(header ratelimit) == "\"create\";r=0;t="* ]]'
as=operator
t 'the limit is the tenant'"'"'s' POST $S "$(store too-fast)" 429
as=b
t "and not another tenant's" POST $S "$(store not-too-fast)" 202
as=a
t 'changes count for themselves' PATCH "$S/$one" '{"plan":"small"}' 202
window_over
t 'after the minute' POST $S "$(store in-time)" 202
tenant a 'max_creates_per_minute = 1000'
window_over

# --- Names.
checked() { t "name-check $1" GET "$S/name-check?name=$(jq -rn --arg n "$1" '$n | @uri')" '' 200 "$2"; }
checked Free-Name '. == {name: "free-name", available: true, reason: null, host: "free-name.localhost", url: "https://free-name.localhost"}'
checked LIST-01 '.name == "list-01" and .available == false and .reason == "This name is taken."'
checked list-of-b '.available == false and .reason == "This name is taken."'
checked WWW '.available == false and .reason == "This name is reserved."'
for name in ab -x- 'a b' 'łódź' '<b>' 'متجر' '👩🏽‍💻' "$(printf 'x%.0s' {1..51})" "a'--" ''; do checked "$name" '.available == false and (.reason | test("3 to 50 characters")) and .host == null and .url == null'; done
checked "$(printf 'x%.0s' {1..50})" '.available == true'
t 'name-check without a name' GET $S/name-check '' 422 '.errors[0].pointer == "name"'
t 'name-check of a very long name' GET "$S/name-check?name=$(printf 'x%.0s' {1..201})" '' 422
sql "update storeward.cluster set url_scheme = 'http', url_port = 8080 where name = 'local'"
checked free-name '.url == "http://free-name.localhost:8080"'
sql "update storeward.cluster set state = 'cordoned' where name = 'local'"
checked free-name '.available == false and (.reason | test("No cluster has room"))'
sql "update storeward.cluster set state = 'active' where name = 'local'"

# --- What happened to a store.
sql "insert into storeward.store_event (tenant_id, store_id, at, type, reason, message, details)
	select tenant_id, id, now() + n * interval '1 ms', case when n = 5 then 'Warning' else 'Normal' end, 'NamespaceCreated', 'Event ' || n || ' <b>', '{\"n\": 1}' from storeward.store, generate_series(1, 60) n where id = '$one'"
t 'events, oldest first, the newest 50' GET "$S/$one/events" '' 200 'length == 50 and .[0].message == "Event 11 <b>" and .[49].message == "Event 60 <b>" and (.[0] | keys_unsorted) == ["id", "at", "type", "reason", "message", "details"]
	and (.[0].id | type) == "number" and .[0].details == {n: 1}'
ten=$(jq '.[0].id' "$work/body")
t 'events before one' GET "$S/$one/events?before=$ten&limit=3" '' 200 '[.[].message] == ["Event 8 <b>", "Event 9 <b>", "Event 10 <b>"]'
t 'events after one' GET "$S/$one/events?after=$((ten + 47))" '' 200 '[.[].message] == ["Event 59 <b>", "Event 60 <b>"]'
t 'no events' GET "$S/$one/events?limit=0" '' 200 '. == []'
t 'logs' GET "$S/$one/logs?limit=2" '' 200 '[.[].metadata_.message] == ["Event 59 <b>", "Event 60 <b>"] and .[0].action == "activity.namespace_created"'
for path in events logs; do
	t "$path of no store" GET "$S/$nobody/$path" '' 404 '.code == "store_not_found"'
	as=b
	t "$path of another tenant's store" GET "$S/$one/$path" '' 404 '.code == "store_not_found"'
	as=a
	for query in limit=101 limit=-1 limit=x nosuch=1; do t "$path?$query" GET "$S/$one/$path?$query" '' 422; done
done
for query in before=0 before=x after=-1 after=99999999999999999999; do t "events?$query" GET "$S/$one/events?$query" '' 422; done
sql "update storeward.store_status set provisioning_started_at = now() - interval '60 s', provisioning_completed_at = null, conditions = '[]', phase = 'provisioning' where store_id = '${ids[7]}';
	insert into storeward.store_event (tenant_id, store_id, at, reason, message) select tenant_id, id, now() - interval '50 s', 'NamespaceCreated', 'x' from storeward.store where id = '${ids[7]}'"
t 'the steps of making a store' GET "$S/${ids[7]}" '' 200 '[.provisioning_timeline[] | .step + ":" + .state] == ["requested:done", "namespace:done", "install:running", "setup:waiting", "checkout:waiting"]
	and .provisioning_timeline[1].seconds == 10 and .provisioning_timeline[2].seconds == null and (.provisioning_timeline[0] | keys_unsorted) == ["step", "state", "started_at", "finished_at", "seconds", "usual_seconds", "p95_seconds"]'
sql "insert into storeward.phase_change (tenant_id, store_id, engine, phase, seconds, steps) select tenant_id, gen_random_uuid(), 'shop', 'ready', 40 + n, jsonb_build_object('install', n) from storeward.store, generate_series(1, 21) n where id = '$one'"
t '... and how long each usually takes' GET "$S/${ids[7]}" '' 200 '.provisioning_timeline[2].usual_seconds == 11 and .provisioning_timeline[2].p95_seconds == 20 and .provisioning_timeline[1].usual_seconds == null'

# --- The audit log.
L=/api/v1/audit-logs
as=operator
t 'the audit log is for administrators' GET $L '' 403 '.code == "role_too_low"'
as=a
sql "insert into storeward.audit_log (tenant_id, actor, action, resource_type, resource_id, details) select id, v.actor, 'user.note', 'note', v.resource, v.details::jsonb
	from storeward.tenant, (values ('=cmd|calc', '+1', '{\"q\": \"say \\\"hi\\\", <b>\"}'), ('@x', '-1', '{}'), ('plain', E'two\nlines', '{}')) v(actor, resource, details) where name = 'a';
	insert into storeward.audit_log (tenant_id, actor, action, resource_type, details) select id, 'system', 'activity.noise', 'store', '{}' from storeward.tenant where name = 'a'"
t 'audit log, newest first' GET $L '' 200 'length == 50 and (map(.id) == (map(.id) | sort | reverse)) and all(.action | startswith("activity.") | not) and (.[0] | keys_unsorted) == ["id", "action", "resource_type", "resource_id", "ip_address", "created_at", "metadata_", "actor", "request_id", "seq", "hash"]'
check '... and not a store' jq -e '.[0].actor == "plain" and (.[0].hash | test("^[0-9a-f]{64}$")) and (.[0].created_at | test("^20[0-9-]{8}T[0-9:]{8}[.][0-9]{6}[+]00:00$"))' "$work/body"
cp "$work/body" "$work/first"
t 'the older path' GET "$S/audit-logs/?limit=1" '' 200 ". == [$(jq -c '.[0]' "$work/first")]"
t 'audit log, the next page' GET "$L?before=$(jq '.[49].id' "$work/first")&limit=10" '' 200 "length == 10 and .[0].id < $(jq '.[49].id' "$work/first")"
t 'audit log of an action' GET "$L?action=user.delete" '' 200 'length == 1 and .[0].action == "user.delete_store"'
t 'audit log of an actor' GET "$L?actor=A@a.test&action=user.retry" '' 200 'length == 4 and all(.actor == "user:a@a.test")'
t 'audit log of a store' GET "$L?resource_id=$one&action=user.create_store" '' 200 'length == 1'
t 'audit log, any text' GET "$L?q=SAY" '' 200 'length == 1 and .[0].metadata_.q == "say \"hi\", <b>"'
t 'audit log of no time' GET "$L?since=2100-01-01T00:00:00Z" '' 200 '. == []'
t 'audit log until then' GET "$L?until=2100-01-01T00:00:00%2B02:00&limit=2" '' 200 'length == 2'
for query in since=yesterday since=2026-02-31T00:00:00Z until= limit=101 before=0 format=xml nosuch=1; do t "audit-logs?$query" GET "$L?$query" '' 422; done
as=b
t "another tenant's audit log" GET "$L?q=say" '' 200 '. == []'
as=a
call GET "$L?format=csv&action=user.note" ''
check 'CSV' [ "$status $(header content-type) $(header content-disposition)" = '200 text/csv; charset=utf-8 attachment; filename="audit-log.csv"' ]
csv() { python3 -c 'import csv, sys; print([(r["actor"], r["resource_id"], r["metadata_"]) for r in csv.DictReader(open(sys.argv[1], newline=""), strict=True)])' "$work/body"; }
check 'CSV: quoted, and no formula' [ "$(csv)" = "[('plain', 'two\\nlines', '{}'), (\"'@x\", \"'-1\", '{}'), (\"'=cmd|calc\", \"'+1\", '{\"q\": \"say \\\\\"hi\\\\\", <b>\"}')]" ]
check 'CSV: all of it, so no link' [ "$(header link)" = '' ]
sql "insert into storeward.audit_log (tenant_id, actor, action, resource_type, details) select id, 'x', 'user.large', 'note', jsonb_build_object('x', repeat('y', 3000)) from storeward.tenant, generate_series(1, 3000) where name = 'a'"
parts() {	# each row once, over all parts
	local at="$L?format=csv&action=user.large" n=0
	: > "$work/parts"
	while [ -n "$at" ] && [ $((n += 1)) -le 5 ]; do
		call GET "$at" ''
		[ "$status" = 200 ] || return 1
		tail -n +2 "$work/body" | cut -d, -f1 >> "$work/parts"
		at=$(next)
	done
	echo "$n parts"
	[ "$n" -gt 1 ] && [ "$(sort -u "$work/parts" | wc -l) $(wc -l < "$work/parts")" = '3000 3000' ]
}
check 'CSV: a large one in parts' parts
check 'the chains are whole' [ "$(sql 'select count(*) from report.audit_chains where broken_at is not null')" = 0 ]

# --- The whole.
O=/api/v1/observability
t 'health: a cluster without a pass' GET $O/health '' 200 '.database == "Connected" and .kubernetes_api == "Unknown: no pass yet" and .helm_cli == "Unknown: no pass yet" and .status == "Degraded" and [.clusters[].kubernetes] == ["Connected", "Unknown: no pass yet"]'
pass() { sql "insert into storeward.reconcile_pass (cluster_id, holder, finished_at, stores, errors, kubernetes, helm) select id, 'test', now() - interval '$1', 3, 0, '$2', '$3' from storeward.cluster where name = 'local'"; }
pass '1 s' ok v4.0.0
t 'health: well' GET $O/health '' 200 '[.database, .kubernetes_api, .helm_cli, .status] == ["Connected", "Connected", "Available", "Healthy"] and .clusters[1].stores == 3 and .clusters[1].age_seconds < 60'
pass '1 s' 'namespaces: connection refused' 'not usable'
t 'health: away' GET $O/health '' 200 '[.kubernetes_api, .helm_cli, .status] == ["Error: namespaces: connection refused", "Missing", "Degraded"]'
pass '4 minutes' ok v4.0.0
t 'health: late' GET $O/health '' 200 '.status == "Degraded" and (.kubernetes_api | test("^Error: the last pass is 24[0-9] s old$"))'
sql "update storeward.cluster set state = 'lost' where name = 'local'"
t 'health: a cluster that was given up does not count' GET $O/health '' 200 '.status == "Healthy" and .clusters[1].state == "lost"'
sql "update storeward.cluster set state = 'active' where name = 'local'"
as=b
t 'numbers: nothing was ready or failed' GET $O/metrics '' 200 '. == {total_stores: 3, failed_stores: 0, active_namespaces: 0, avg_provisioning_time_seconds: 0, success_rate: 100, p95_provisioning_time_seconds: 0, created_stores_ever: 3, purged_stores_ever: 0}'
new made-by-b
phase "$id" ready "provisioning_started_at = now() - interval '90 s', provisioning_completed_at = now()"
new failed-by-b
phase "$id" failed
t 'numbers' GET $O/metrics '' 200 '.total_stores == 5 and .failed_stores == 1 and .active_namespaces == 1 and .avg_provisioning_time_seconds == 90 and .success_rate == 50'
sql "update storeward.store set desired = 'absent' where id = '$id';
	insert into storeward.tombstone (store_id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, created_at, deletion_requested_at, evidence)
	select id, tenant_id, name, base_domain, engine, engine_version, plan, cluster_id, namespace, created_at, deletion_requested_at, '{\"first\": 1, \"second\": 2}' from storeward.store where id = '$id';
	delete from storeward.store where id = '$id'"
t 'a store that is gone' GET "$S/$id" '' 404
t 'numbers of what is gone' GET $O/metrics '' 200 '.total_stores == 4 and .failed_stores == 0 and .created_stores_ever == 5 and .purged_stores_ever == 1 and .success_rate == 50'
for row in 24:24:3600 168:28:21600 720:30:86400; do
	IFS=: read -r hours n seconds <<< "$row"
	t "history of $hours hours" GET "$O/history?hours=$hours" '' 200 ".hours == $hours and .bucket_seconds == $seconds and (.points | length) == $n and ([.points[].created] | add) == 5 and ([.points[].ready] | add) == 1
		and ([.points[].failed] | add) == 1 and ([.points[].purged] | add) == 1 and .points[0].avg_provisioning_seconds == null and ([.points[].avg_provisioning_seconds | numbers] == [90])"
done
for query in hours=1 hours= hours=24h days=1; do t "history?$query" GET "$O/history?$query" '' 422; done
as=a
t 'health is not told to strangers' GET $O/health '' 200
as=
t '... really' GET $O/health '' 401
as=a

# shellcheck source=tests/integration/change_cases.sh
. "$here/change_cases.sh"

# --- Bad input in each member: refused, named, nothing stored, and told as valid JSON.
before=$(rows)
bad=('"<script>alert(1)</script>"' '"\u202egnp.exe"' '"متجر"' '"👩🏽‍💻🏳️‍🌈"' '"‏‎"' "\"$(printf 'w%.0s' {1..51})\"" "\"$(printf 'x%.0s' {1..5000})\"" '"a\u000ab"' '"a\r\nX-Header: 1"' '"%s%n"' '"{{7*7}}"' '"$(id)"' '"'"'"'"' '"; drop table store;--"' \
	1e400 -1 9007199254740993 1.5 true '{"a":{"b":{"c":[]}}}' '[[[[1]]]]' '""' '" "')
for member in name engine plan deletion_policy; do
	refused=0
	for value in "${bad[@]}"; do
		call POST $S "$(printf '{"name":"never","engine":"shop"}' | sed "s/\"$member\":\"[a-z]*\",\?//; s/,}/}/; s/{}/{/" | sed "s/^{/{\"$member\":@@@,/; s/,}/}/" | python3 -c 'import sys; print(sys.stdin.read().replace("@@@", sys.argv[1]), end="")' "$value")"
		if { [ "$status" = 422 ] && jq -e ".errors[0].pointer == \"/$member\"" "$work/body" > /dev/null; } || { [ "$status" = 400 ] && [ "$value" = 1e400 ]; }; then refused=$((refused + 1)); else echo "# $member $value: $status $(head -c 200 "$work/body")"; fi
	done
	check "bad values of $member: $refused of ${#bad[@]} refused" [ "$refused" = "${#bad[@]}" ]
done
for value in '"\u0000"' '"\ud800"' '"\udc00\ud800"' 99999999999999999999 '"'$'\xff''"'; do
	t "not JSON for us: $value" POST $S "{\"name\":$value,\"engine\":\"shop\"}" 400
	t "not JSON for us: $value" PATCH "$S/$one" "{\"plan\":$value}" 400
done
check 'nothing was stored' [ "$(rows)" = "$before" ]
check 'nothing went wrong inside' nothing_wrong
exit "$failed"
