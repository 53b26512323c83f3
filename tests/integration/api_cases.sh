# The cases of test_api.sh, which sources this.
# shellcheck shell=bash disable=SC2034,SC2154,SC2016 # variables are shared; eval gets its text unexpanded
S=/api/v1/stores
nobody=00000000-0000-4000-8000-000000000000

# --- Health, version, what is on offer.
as=
t 'health' GET /health '' 200 '. == {status: "healthy", database: "connected"}'
t 'health with a slash' GET /health/ '' 200
t 'version' GET /version '' 200 '.name == "storeward" and .api == "v1" and (.version | length > 0)'
check 'livez' answers
call GET /readyz ''
check 'readyz' [ "$status $(cat "$work/body")" = '200 ready' ]
call GET '/readyz?verbose' ''
check 'readyz tells of a cluster without a pass' grep -q '^\[~\] reconcile of cluster local: no pass yet' "$work/body"
check 'readyz tells of the last pass' grep -Eq '^\[\+\] reconcile of cluster full: last pass [0-9]+ s ago, Kubernetes ok, 0 errors' "$work/body"
check 'readyz is degraded, not away' [ "$status $(tail -n 1 "$work/body")" = '200 ready, but degraded' ]
as=viewer
t 'engines' GET /api/v1/engines '' 200 '[.[] | .name + .version + .default_plan] == ["kiosk1small", "shop2small"] and (.[1].plans | map(.name)) == ["small", "large"]'
t 'plans' GET /api/v1/plans/ '' 200 '[.[] | [.engine, .name, .default]] == [["kiosk", "small", true], ["shop", "small", true], ["shop", "large", false]]'

# --- Create, get, list, delete.
as=a
t 'the list begins empty' GET $S '' 200 '. == []'
t 'create' POST $S "$(store First-Shop)" 202 '.name == "first-shop" and .status == "requested" and .plan == "small" and .deletion_policy == "destroy"
	and (.namespace | test("^store-[0-9a-f]{8}$")) and .admin_password == null and .domain == "first-shop.localhost"'
first=$(jq -r .id "$work/body")
check 'Location names the store' [ "$(header location)" = "$S/$first" ]
check 'the fields come in the order of the API that this one continues' [ "$(jq -r 'keys_unsorted | join(" ")' "$work/body")" = \
	"name engine id user_id status namespace domain admin_url admin_password storefront_url error_message created_at updated_at provisioning_started_at provisioning_completed_at provisioning_timeline activity_log plan engine_version generation observed_generation conditions reason message next_step attempts next_attempt_at deleting_step deletion_policy desired changed_at cluster probe_orders checks_requested_at upgrades rotates plans" ]
check 'times are UTC to the microsecond' jq -e '.created_at | test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}Z$")' "$work/body"
check 'the audit row tells who, from where and by which request' [ "$(sql "select actor, host(ip), request_id from storeward.audit_log where resource_id = '$first'")" = 'user:a@a.test|127.0.0.1|test-1' ]
check 'the user is remembered' [ "$(sql "select u.email from storeward.store s join storeward.app_user u on u.id = s.created_by")" = a@a.test ]
check 'a cluster without room is not chosen' [ "$(sql 'select c.name from storeward.store s join storeward.cluster c on c.id = s.cluster_id')" = local ]
cp "$work/body" "$work/created"
t 'get' GET "$S/$first" '' 200
check 'get shows what create showed' diff "$work/created" "$work/body"
t 'get by an upper-case id' GET "$S/${first^^}" '' 200 ".id == \"$first\""
t 'get with a slash' GET "$S/$first/" '' 200
t 'create with a slash, a plan and a policy' POST $S/ '{"name":"second","engine":"shop","plan":"large","deletion_policy":"retain"}' 202 '.plan == "large" and .deletion_policy == "retain"'
second=$(jq -r .id "$work/body")
t 'create with nulls for what may be left out' POST $S '{"name":"third","engine":"kiosk","plan":null,"deletion_policy":null}' 202 '.plan == "small"'
type='application/json; charset=utf-8' t 'create with a character set' POST $S "$(store fourth)" 202
t 'list, newest first' GET $S '' 200 '[.[] | .name] == ["fourth", "third", "second", "first-shop"]'
check 'the total' [ "$(header x-total-count)" = 4 ]
t 'the last of the list is the first store, without what is told of one alone' GET $S '' 200 ".[3] == ($(cat "$work/created") | .provisioning_timeline = null | .upgrades = null | .rotates = null | .plans = null)"
t 'a page' GET "$S?skip=1&limit=2" '' 200 '[.[] | .name] == ["third", "second"]'
check 'a page links to its neighbours' eval 'header link | grep -qx "</api/v1/stores?limit=2&skip=0>; rel=\"prev\"" && header link | grep -Eqx "</api/v1/stores.limit=2&cursor=[A-Za-z0-9_-]+>; rel=\"next\""'
t 'no rows asked for' GET "$S?limit=0" '' 200 '. == []'
t 'past the end' GET "$S?skip=1000000000" '' 200 '. == []'
call HEAD $S ''
check 'HEAD is GET without a body' [ "$status $(header content-type)" = '200 application/json' ]
sql "update storeward.store_status set observed_generation = 1, phase = 'failed', reason = 'HelmFailed', message = 'It broke.', next_step = 'Retry.' where store_id = '$second'"
t 'a failed store says why' GET "$S/$second" '' 200 '.status == "failed" and .error_message == "It broke." and .reason == "HelmFailed" and .next_step == "Retry."'
t 'delete' DELETE "$S/$second" '' 202 '. == {message: "Store deletion initiated", status: "deleting"}'
t 'delete again' DELETE "$S/$second/" '' 202 '. == {message: "Store deletion initiated", status: "deleting"}'
t 'a store that is to be deleted is deleting' GET "$S/$second" '' 200 '.status == "deleting" and .desired == "absent" and .generation == 2'
check 'deleting twice is one change' [ "$(sql "select count(*) from storeward.audit_log where resource_id = '$second' and action = 'user.delete_store'")" = 1 ]

curl -sS -o "$work/body" -H "Authorization: Bearer ${token[a]}" -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' \
	--data-binary "$(store chunked)" "$base$S"
check 'a chunked body' jq -e '.name == "chunked"' "$work/body"

# --- What the web server does by itself.
as=
call GET / ''
check 'the dashboard has a strict policy' [ "$status $(header content-security-policy)" = "200 default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'" ]
status=$(curl -sS -o "$work/body" -w '%{http_code}' -H "Host: some-shop.localhost:$port" "http://127.0.0.1:$port/cart")
check 'no cluster: a shop says so' eval '[[ $status = 50[23] ]] && grep -q "The cluster is not reachable" "$work/body"'
check 'a shop host is not the API' eval '! curl -sS -H "Host: some-shop.localhost" "http://127.0.0.1:$port/version" | grep storeward'

# --- Who may do what.
before=$(rows)
for who in '' unknown expired revoked storeward_pat_short "${token[a]}x" "${token[a]%?}_"; do
	as=$who
	t "a token that is no good: ${who:0:20}" GET "$S/$first" '' 401 '.code == "token_invalid"'
	check '... and how to come in' [ "$(header www-authenticate)" = Bearer ]
done
as=unknown
t 'a stranger learns nothing of the body' POST $S '{"name":"x"}' 401
t 'a stranger learns nothing of the parameters' GET "$S?x=1" '' 401
t 'a stranger cannot delete' DELETE "$S/$first" '' 401
as=b
t "another tenant's store" GET "$S/$first" '' 404 '.detail == "Store not found" and .code == "store_not_found"'
cp "$work/body" "$work/foreign"
t 'a store that never was' GET "$S/$nobody" '' 404
check 'cannot be told from it' diff "$work/foreign" "$work/body"
t "deleting another tenant's store" DELETE "$S/$first" '' 404 '.detail == "Store not found"'
t "another tenant's list" GET $S '' 200 '. == []'
t 'a name that another tenant has' POST $S "$(store first-shop)" 409 '.code == "name_taken" and .errors == [{pointer: "/name", detail: "is taken"}]'
as=viewer
t 'a viewer reads' GET "$S/$first" '' 200
t 'a viewer does not create' POST $S "$(store by-viewer)" 403 '.code == "role_too_low"'
t 'a viewer does not delete' DELETE "$S/$first" '' 403 '.code == "role_too_low"'
as=operator
t 'an operator creates' POST $S "$(store by-operator)" 202
t 'an operator deletes' DELETE "$S/$(jq -r .id "$work/body")" '' 202
check 'nothing else was stored or deleted' [ "$(rows) $(sql "select desired from storeward.store where id = '$first'")" = "$((before + 1)) present" ]

# --- Bad input: refused, named, nothing stored.
as=a
before=$(rows)
long=$(printf 'x%.0s' {1..51})
for name in ab '' "$long" -start end- under_score 'two words' dots.in.it 'łódź' "a'--" '../../etc' '%00' '<b>bold</b>'; do
	t "name ${name:0:20}" POST $S "$(jq -nc --arg n "$name" '{name: $n, engine: "shop"}')" 422 '.errors[0].pointer == "/name"'
done
for name in www API Dashboard; do t "name $name is reserved" POST $S "$(store $name)" 422 '.errors[0].pointer == "/name" and .code == "name_reserved"'; done
t 'name taken, in capitals' POST $S "$(store FIRST-SHOP)" 409 '.code == "name_taken" and .errors[0].pointer == "/name"'
t 'engine unknown' POST $S "$(store good nosuch)" 422 '.errors[0].pointer == "/engine" and (.errors[0].detail | test("kiosk, shop"))'
t 'plan unknown' POST $S '{"name":"good","engine":"shop","plan":"nosuch"}' 422 '.errors[0].pointer == "/plan" and (.errors[0].detail | test("small, large"))'
t 'plan of an older version' POST $S '{"name":"good","engine":"shop","plan":"old"}' 422 '.errors[0].pointer == "/plan"'
t 'engine with capitals' POST $S "$(store good Shop)" 422 '.errors[0].pointer == "/engine"'
t 'policy unknown' POST $S '{"name":"good","engine":"shop","deletion_policy":"burn"}' 422 '.errors[0].pointer == "/deletion_policy"'
t 'members missing, all named' POST $S '{}' 422 '[.errors[].pointer] | sort == ["/engine", "/name"]'
t 'member unknown' POST $S '{"name":"good","engine":"shop","status":"ready"}' 422 '.errors[0].pointer == "/status"'
t 'tenant cannot be chosen' POST $S '{"name":"good","engine":"shop","tenant_id":"x"}' 422 '.errors[0].pointer == "/tenant_id"'
for value in 1 1e3 true null '[]' '{}'; do t "name is $value" POST $S "{\"name\":$value,\"engine\":\"shop\"}" 422 '.errors[0].pointer == "/name"'; done
for body in '[]' '"x"' 1 null; do t "body is $body" POST $S "$body" 422; done
bad_json() {	# bad_json NAME BYTES, with escapes as in printf %b
	printf '%b' "$2" > "$work/bad"
	t "$1" POST $S "@$work/bad" 400 '.code | length > 0'
}
bad_json 'JSON broken' '{bad'
bad_json 'JSON cut' '{"name":"good","engine":"sh'
bad_json 'JSON with more after it' '{"name":"good","engine":"shop"} x'
bad_json 'JSON with a comment' '{"name":"good",/* */"engine":"shop"}'
bad_json 'JSON with single quotes' "{'name':'good','engine':'shop'}"
bad_json 'JSON with a trailing comma' '{"name":"good","engine":"shop",}'
bad_json 'JSON with a member twice' '{"name":"good","name":"other","engine":"shop"}'
bad_json 'JSON with an escaped NUL' '{"name":"go\\u0000od","engine":"shop"}'
bad_json 'JSON with a NUL byte' '{"name":"go\0000od","engine":"shop"}'
bad_json 'JSON after a NUL byte' '{"name":"good","engine":"shop"}\0000{}'
bad_json 'JSON that is not UTF-8' '{"name":"go\0377od","engine":"shop"}'
bad_json 'JSON with half a surrogate' '{"name":"go\\ud800od","engine":"shop"}'
bad_json 'JSON too deep' "{\"name\":$(printf '[%.0s' {1..1000})$(printf ']%.0s' {1..1000})}"
bad_json 'JSON empty' ' '
bad_json 'JSON with a number beyond all bounds' '{"name":99999999999999999999,"engine":"shop"}'
type=text/plain t 'a body that is not JSON by its name' POST $S "$(store good)" 415
head -c 9000 /dev/zero | tr '\0' ' ' > "$work/nine"
t 'body over the cap' POST $S "@$work/nine" 413 '.code == "body_too_large"'
head -c 300000 /dev/zero | tr '\0' ' ' > "$work/large"
t "body over the web server's cap" POST $S "@$work/large" 413 -
t 'a body where none belongs' DELETE "$S/$first" '{}' 413
for id in x 1 "${first}0" "${first%?}" "${first//-/}" "{$first}" "${first%?}g"; do
	t "id ${id:0:40}" GET "$S/$(jq -rn --arg id "$id" '$id | @uri')" '' 422 '.errors[0].pointer == "id"'
done
for query in limit=101 limit=-1 limit=x limit= limit=1.5 skip=-1 skip=99999999999999999999 nosuch=1 limit=1\&limit=2 'x%26y=1'; do
	t "parameter $query" GET "$S?$query" '' 422 '.errors | length == 1'
done
t 'parameters where there are none' GET "$S/$first?verbose" '' 422 '.errors[0].pointer == "verbose"'
t 'broken percent code' GET "$S?limit=%zz" '' 400
t 'NUL in a parameter' GET "$S?limit=%001" '' 400 -
t 'bytes that are not UTF-8 in the path' GET "/api/v1/"$'\xff\xfe' '' "$([ "$web" = nginx ] && echo 404 || echo 400)" -
t 'too many parameters' GET "$S?$(printf 'a%d=1&' {1..20})" '' 400
t 'URL too long' GET "$S?$(printf 'a%.0s' {1..2100})" '' 400
t 'empty segment' GET "/api/v1//stores" '' 400
t 'empty segment at the end' GET "$S//" '' 400
t 'slash in a segment' GET "$S/a%2Fb" '' 400
t 'dot segments' GET "/api/v1/x/../stores" '' 400
t 'encoded dot segments' GET "/api/v1/x/%2e%2e/stores" '' 400
t 'NUL in the path' GET "$S/%00" '' 400 -
for path in /api/ /api/v1 /api/v2/stores $S/$first/nothing /api/v1/Stores /api/v1/store /api/a/b/c/d/e/f/g/h/i; do t "no such path $path" GET "$path" '' 404 '.code == "no_route"'; done
for method in PUT PATCH DELETE OPTIONS; do
	t "$method on stores" "$method" $S '' 405 '.code == "method_not_allowed"'
	check '... names what there is' [ "$(header allow)" = 'GET, HEAD, POST' ]
done
t 'POST on a store' POST "$S/$first" '{}' 405
check '... names what there is' [ "$(header allow)" = 'GET, HEAD, PATCH, DELETE' ]
t 'a request id that is no id is replaced' GET /version '' 200
check '... by one of ours' grep -Eqi '^x-request-id: [A-Za-z0-9]{16}' <(curl -sS -D - -o /dev/null -H 'X-Request-Id: a b"' "$base/version")
check 'nothing was stored' [ "$(rows)" = "$before" ]
sql "update storeward.tenant set max_stores = $(sql "select count(*) from storeward.store s join storeward.tenant t on t.id = s.tenant_id where t.name = 'a'") where name = 'a'"
t 'over the quota' POST $S "$(store over-quota)" 403 '.code == "quota_exceeded" and (.detail | test("^Quota exceeded. Max [0-9]+ stores allowed.$"))'
sql "update storeward.tenant set max_stores = 30 where name = 'a'; update storeward.cluster set state = 'cordoned' where name = 'local'"
t 'no cluster takes new stores' POST $S "$(store no-cluster)" 409 '.code == "cluster_full"'
sql "update storeward.cluster set state = 'active', max_stores = 1 where name = 'local'"
t 'the cluster is full, which no pass has seen yet' POST $S "$(store full-cluster)" 409 '.code == "cluster_full"'
sql "update storeward.cluster set max_stores = 3000 where name = 'local'"
check 'nothing was stored by these either' [ "$(rows)" = "$before" ]

# --- Slow and broken peers. The same workers live before and after.
workers > "$work/workers"
"${fcgi[@]}" half 3 > "$work/half" &
pids[half]=$!
eventually 5 grep -q sent "$work/half"
check 'three slow peers on four workers: the others are served' answers
wait "${pids[half]}"
check 'the slow peers were closed' [ $? = 0 ]
"${fcgi[@]}" half 8 > "$work/half" &
pids[half]=$!
eventually 5 grep -q sent "$work/half"
PATIENCE=20 check 'twice as many slow peers as workers: served when they are closed' answers
wait "${pids[half]}"
unset 'pids[half]'
seconds=$("${fcgi[@]}" drip)
check "parameters byte by byte: closed after $seconds s" [ "$seconds" -ge 3 ] && check '... and not much later' [ "$seconds" -le 9 ]
"${fcgi[@]}" body "${token[a]}" > "$work/slow"
check 'half a body: 408' grep -q '^Status: 408' "$work/slow"
check '... as problem+json' jq -e '.status == 408 and .code == "body_timeout"' <(sed '1,/^\r$/d' "$work/slow" | head -n 1 | grep -ao '{.*}')
check 'a peer that asks to keep the connection is answered and closed' eval '"${fcgi[@]}" keep | grep -a "^ok"'
printf '{"name":"slow-body",' > "$work/piece"
slow_upload() {	# through the web server, which gives up before the API sees it
	python3 - "$port" "${token[a]}" <<-'EOF'
	import socket, sys
	s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 40)
	s.sendall(b"POST /api/v1/stores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60\r\n"
	          b"Authorization: Bearer " + sys.argv[2].encode() + b"\r\n\r\n" + b'{"name":"slow-body",')
	while data := s.recv(4096):
	    print(data.decode(errors="replace"))
	EOF
}
check 'half a body through the web server: closed' slow_upload
check 'no worker was lost' diff "$work/workers" <(workers)
check 'nothing was stored by slow peers' [ "$(rows)" = "$before" ]

# --- Workers that die or hang.
victim=$(head -n 1 "$work/workers")
kill -9 "$victim"
gone() { ! workers | grep -x "$victim" > /dev/null; }
check 'a killed worker is replaced' eval 'eventually 5 gone && eventually 5 count_is 4'
t 'and requests are answered' GET "$S/$first" '' 200

# --- PostgreSQL away and back.
pg_stop immediate
for _ in 1 2 3 4 5; do call GET $S ''; done
t 'no PostgreSQL: 503' GET $S '' 503 '.code == "unavailable" and (.detail | test("socket|server|libpq|/") | not)'
check '... with Retry-After' [ "$(header retry-after)" = 5 ]
t 'no PostgreSQL: no create' POST $S "$(store lost)" 503
t 'no PostgreSQL: readyz' GET /readyz '' 503
t 'no PostgreSQL: health in its own form' GET /health '' 200 '. == {status: "unhealthy", database: "unreachable"}'
check 'no PostgreSQL: livez' answers
pg_start
# Each worker has a connection of its own to replace.
all_work() { for _ in {1..12}; do call GET $S ''; [ "$status" = 200 ] || return; done; }
check 'PostgreSQL is back: requests are answered' eventually 15 all_work
plans_of_all() { local n; for n in {1..12}; do call GET /api/v1/plans ''; [ "$status" = 200 ] || return; done; }
plans_of_all	# so that each worker has the query prepared
sql 'alter table storeward.plan alter column title type varchar(200)'
check 'an upgrade that changes what a query gives: workers go on by themselves' eventually 15 plans_of_all
check 'nothing that was acknowledged is lost' [ "$(rows)" = "$before" ]
t 'readyz again' GET '/readyz' '' 200 -
sql 'alter table storeward.reconcile_pass rename to elsewhere'
t 'readyz without the schema it needs' GET /readyz '' 503
sql 'alter table storeward.elsewhere rename to reconcile_pass'
t 'readyz with it' GET /readyz '' 200 -

# --- Stop with a request in flight, and a worker that is stuck.
hold() {	# hold SECONDS: nobody else gets at the stores
	psql_as postgres -c 'begin' -c 'lock table storeward.store' -c "select pg_sleep($1)" -c 'commit' > /dev/null 2>&1 &
	eventually 5 eval '[ "$(sql "select count(*) from pg_locks where mode = '"'AccessExclusiveLock'"' and granted and relation = '"'storeward.store'"'::regclass")" = 1 ]'
}
hold 3
(call GET $S ''; echo "$status" > "$work/in-flight") &
in_flight=$!
sleep 1
began=$SECONDS
kill -TERM "${pids[api]}"
wait "${pids[api]}"
rc=$?
unset 'pids[api]'
wait "$in_flight"
check 'SIGTERM: the request in flight is answered' [ "$(cat "$work/in-flight")" = 200 ]
check 'SIGTERM: ends with status 0 within 10 s' [ "$rc" = 0 ] && check "... it took $((SECONDS - began)) s" [ $((SECONDS - began)) -le 10 ]
call GET /livez ''
check 'no API: the web server says so' [ "$status" -ge 500 ]
api_up 1 2
hold 6
call GET $S ''
check 'a stuck worker is killed' grep -q 'worker is stuck and is killed' "$work/log/api"
check '... and replaced' eventually 5 answers
"$build/storeward-api" --socket "$work/run/api.sock" > "$work/out2" 2>&1 < /dev/null
check 'a second master on the same socket is refused' grep -q 'another program listens on it' "$work/out2"
stop api KILL
handed_over() {	# handed_over DESCRIPTOR: started with a socket that somebody else has opened
	python3 - "$work/run/handed.sock" "$1" "$build/storeward-api" <<-'EOF' > "$work/log/handed" 2>&1 &
	import os, socket, sys
	path, fd, program = sys.argv[1], int(sys.argv[2]), sys.argv[3]
	if os.path.exists(path):
	    os.unlink(path)
	s = socket.socket(socket.AF_UNIX)
	s.bind(path)
	s.listen()
	os.dup2(s.fileno(), fd)
	os.set_inheritable(fd, True)
	os.environ.update({"LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())} if fd == 3 else {})
	os.execv(program, [program])
	EOF
	pids[handed]=$!
	eventually 5 eval '"$here/fcgi_peer.py" "$work/run/handed.sock" keep 2> /dev/null | grep -a "^ok"'
	local rc=$?
	stop handed
	return $rc
}
check 'takes a socket as descriptor 0' handed_over 0
check 'takes a socket by LISTEN_FDS' handed_over 3
"$build/storeward-api" > "$work/out2" 2>&1 < /dev/null
check 'without any socket it says what to do' grep -q 'give --socket PATH' "$work/out2"
orphans() { ! grep -lsz -- "--socket.$work" /proc/[0-9]*/cmdline > /dev/null; }
check 'workers do not outlive a killed master' eventually 10 orphans

# --- The log.
jq -c . "$work/log/api" > /dev/null 2> "$work/out3"
check 'each log line is JSON' [ ! -s "$work/out3" ]
check 'a request has one line with method, path, status and id' jq -se '[.[] | select(.msg == "request" and .request_id == "test-1" and .method == "POST" and .status == "202")] | length >= 4' "$work/log/api"
check 'no token and no query string in the log' eval '! grep -Eq "storeward_pat_|[?]|limit=" "$work/log/api"'
check 'nothing went wrong inside' nothing_wrong
