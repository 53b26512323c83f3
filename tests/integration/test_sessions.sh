#!/usr/bin/env bash
# People in browsers: signing in and out, how sessions end, what other sites and guessers of passwords cannot do, one's
# own password and tokens.  usage: test_sessions.sh [nginx|lighttpd]; what it needs: api_stack.sh, and storeward in $BUILD
# shellcheck disable=SC2015,SC2016,SC2034,SC2154,SC2317 # eval gets its text unexpanded; variables are shared with api_stack.sh
# shellcheck source=tests/integration/api_stack.sh
. "$(dirname "$0")/api_stack.sh"
stack_up 4 30

V=/api/v1
nobody=00000000-0000-4000-8000-000000000000
anna='Anna and 3 horses' boris='Boris-likes-maths' secret_new='a new one, 14 ä'
person anna@a.test "$anna" --tenant a --role admin && person anna@a.test "$anna" --tenant b --role viewer &&
	person boris@a.test "$boris" --tenant a --role operator && person loner@a.test "$boris" &&
	person root@platform.test "$boris" --admin || { cat "$work/out"; not_ok 'people are made'; exit 1; }
is() { [ "$1" = "$2" ] || { echo "# $1, not $2"; return 1; }; }
# The address a request comes from; each has delays of its own.
from() { extra=(--interface "127.0.0.$1"); }
session_row() { sql "select $1 from storeward.session where hash = sha256('${cookie[$2]}')"; }
set_session() { sql "update storeward.session set $1 where hash = sha256('${cookie[$2]}')"; }

# --- Signing in.
check 'sign in' eval 'sign_in anna anna@a.test "$anna"; is "$status" 201'
check 'the cookie' [ "$(header set-cookie | sed 's/=[A-Za-z0-9]\{32\};/=32;/')" = '__Host-storeward=32; Path=/; Secure; HttpOnly; SameSite=Lax' ]
check 'the answer is not kept by anybody' [ "$(header cache-control)" = no-store ]
check 'it shows who one is' jq -e '.user.email == "anna@a.test" and .tenant.name == "a" and .tenant.max_stores == 30 and .role == "admin"
	and ([.tenants[] | .name + .role] == ["aadmin", "bviewer"]) and (.session.id | length == 36)' "$work/body"
cp "$work/body" "$work/me"
as=anna
t 'me' GET $V/me '' 200
check 'me is what signing in showed' diff "$work/me" "$work/body"
etag=$(header etag)
extra=(-H "If-None-Match: $etag")
t 'me again: nothing new' GET $V/me '' 304 -
extra=()
check 'an address in capitals is the same' eval 'sign_in caps ANNA@A.TEST "$anna"; is "$status" 201'
check 'for a tenant by its name' eval 'sign_in annab anna@a.test "$anna" b; is "$status $(jq -r .tenant.name,.role "$work/body" | xargs)" "201 b viewer"'
check 'the audit log has it' is "$(sql "select count(*) from storeward.audit_log where action = 'user.sign_in' and actor = 'user:anna@a.test' and host(ip) = '127.0.0.1' and request_id = 'test-1'")" 3
as=
extra=(-H 'X-Storeward-CSRF: 1')
login() { jq -nc --arg e "$1" --arg p "$2" '{email: $e, password: $p}'; }
t 'a tenant one is no member of' POST $V/session "$(login boris@a.test "$boris" | jq -c '.tenant = "b"')" 404 '.code == "tenant_not_found"'
t 'a tenant that is not' POST $V/session "$(login boris@a.test "$boris" | jq -c '.tenant = "nosuch"')" 404 '.code == "tenant_not_found"'
t 'no tenant at all' POST $V/session "$(login loner@a.test "$boris")" 403 '.code == "no_tenant"'
check '... and no wrong password' is "$(sql "select coalesce(sum(failures), 0) from storeward.sign_in_delay where key like 'account:' || encode(sha256('loner@a.test'), 'hex')")" 0
t 'a wrong password' POST $V/session "$(login anna@a.test "$boris")" 401 '.code == "credentials_wrong"'
cp "$work/body" "$work/wrong"
sed '/^Date:/Id' "$work/headers" > "$work/wrong-headers"
t 'an address that is nobody' POST $V/session "$(login nobody@a.test "$boris")" 401
check 'looks the same: body' diff "$work/wrong" "$work/body"
check 'looks the same: headers' diff "$work/wrong-headers" <(sed '/^Date:/Id' "$work/headers")
check 'who tried is written down, an unknown address is not' is "$(sql "select string_agg(actor, ' ' order by id) from storeward.audit_log where action = 'user.sign_in_failed'")" 'user:anna@a.test nobody'
while IFS='|' read -r name body pointer; do
	t "refused: $name" POST $V/session "$body" 422 "[.errors[].pointer] == [\"$pointer\"]"
done <<-'EOF'
	no password|{"email":"anna@a.test"}|/password
	an empty password|{"email":"anna@a.test","password":""}|/password
	a number as password|{"email":"anna@a.test","password":1}|/password
	no address|{"password":"x"}|/email
	no address of e-mail|{"email":"anna","password":"x"}|/email
	two addresses|{"email":"a@b.test c@d.test","password":"x"}|/email
	a member that is not|{"email":"anna@a.test","password":"x","remember":true}|/remember
EOF
t 'a password without end' POST $V/session "$(login anna@a.test "$(printf 'x%.0s' {1..129})")" 422 '.errors[0].pointer == "/password"'
t 'broken JSON' POST $V/session '{"email":"anna@a.test","password":"Anna and' 400 '.detail | test("Anna") | not'
head -c 5000 /dev/zero | tr '\0' ' ' > "$work/large"
t 'a body too large' POST $V/session "@$work/large" 413
t 'a form' POST $V/session 'email=anna%40a.test' 400 .
type=application/x-www-form-urlencoded t 'a form by its name' POST $V/session 'email=anna%40a.test' 415
extra=()
chosen=$(printf 'A%.0s' {1..32})
extra=(-H "Cookie: __Host-storeward=$chosen")
check 'a session id that somebody else chose is not taken' eval 'sign_in fixed anna@a.test "$anna" && [ "${cookie[fixed]}" != "$chosen" ]'
extra=()
cookie[chosen]=$chosen as=chosen
t '... and opens nothing' GET $V/me '' 401 '.code == "session_ended"'
former=${cookie[fixed]}
extra=(-H "Cookie: __Host-storeward=$former")
check 'signing in again replaces the session' eval 'sign_in again anna@a.test "$anna"; is "$status" 201'
extra=()
as=fixed
t '... and ends the former' GET $V/me '' 401 '.code == "session_ended"'
long=$(printf 'M%.0s' {1..300})
extra=(-A $'Browser \xff\xfe '"$long")
check 'any user agent does' eval 'sign_in agent anna@a.test "$anna"; is "$status $(session_row "user_agent ~ '"'^Browser .*M+$'"' and length(user_agent)" agent)" "201 200" || is "$(session_row "length(user_agent)" agent)" 200'
extra=()

# --- One's sessions.
as=anna
t 'sessions, newest first, one is this' GET $V/me/sessions '' 200 'length == 5 and ([.[] | select(.current)] | length) == 1 and .[4].current and .[4].ip == "127.0.0.1" and (.[4] | keys_unsorted) == ["id","created_at","last_seen_at","expires_at","ip","user_agent","current"]'
other=$(session_row id caps)
check 'sign boris in' sign_in boris boris@a.test "$boris"
as=boris
t "another person's session" DELETE $V/me/sessions/"$other" '' 404 '.code == "session_not_found"'
cp "$work/body" "$work/foreign"
t 'a session that never was' DELETE $V/me/sessions/$nobody '' 404
check 'cannot be told from it' diff "$work/foreign" "$work/body"
as=anna
t 'end another of my sessions' DELETE $V/me/sessions/"$other" '' 204 -
check '... leaves my cookie' is "$(header set-cookie)" ''
t 'once only' DELETE $V/me/sessions/"$other" '' 404
as=caps
t '... and it is ended' GET $V/me '' 401 '.code == "session_ended"'
as=agent
t 'end this one by its id' DELETE $V/me/sessions/"$(session_row id agent)" '' 204 -
check '... clears the cookie' is "$(header set-cookie)" '__Host-storeward=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0'
as=again
t 'sign out' DELETE $V/session '' 204 -
check '... clears the cookie' is "$(header set-cookie)" '__Host-storeward=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0'
t '... and the cookie is worth nothing' GET $V/me '' 401 '.code == "session_ended"'
t 'sign out twice' DELETE $V/session '' 401 '.code == "session_ended"'
check 'signing out is in the audit log' is "$(sql "select count(*) from storeward.audit_log where action = 'user.sign_out'")" 3
sql "insert into storeward.session (hash, user_id, tenant_id, created_at) select sha256(n::text::bytea), u.id, t.id, now() from generate_series(1, 30) n, storeward.app_user u, storeward.tenant t where u.email = 'boris@a.test' and t.name = 'a'"
many() { sign_in many boris@a.test "$boris"; is "$(sql "select count(*) from storeward.session s join storeward.app_user u on u.id = s.user_id where email = 'boris@a.test'")" 20; }
check 'nobody has more than 20 sessions' many
as=boris
t '... the oldest went' GET $V/me '' 401
sign_in boris boris@a.test "$boris"

# --- How a session ends by itself.
as=boris
set_session "last_seen_at = now() - interval '2 minutes'" boris
extra=(-H 'X-Storeward-Poll: 1')
t 'a page that polls' GET $V/me '' 200
check '... does not keep a session alive' is "$(session_row "last_seen_at < now() - interval '1 minute'" boris)" t
extra=()
t 'a person' GET $V/me '' 200
check '... does' is "$(session_row "last_seen_at > now() - interval '1 minute'" boris)" t
set_session "last_seen_at = now() - interval '29 minutes 50 s'" boris
t '29 minutes without use' GET $V/me '' 200 '.session.expires_at | length > 0'
set_session "last_seen_at = now() - interval '30 minutes 1 s'" boris
t '30 minutes without use' GET $V/me '' 401 '.code == "session_ended" and .detail == "You are signed out; sign in again."'
set_session "last_seen_at = now(), expires_at = now() + interval '5 s'" boris
t 'just before 12 hours' GET $V/me '' 200
check '... which is told' eval 'is "$(jq -r .session.expires_at "$work/body")" "$(session_row "storeward.wire_time(expires_at)" boris)"'
check 'a session ends after 12 hours' is "$(sql "select bool_and(expires_at - created_at = interval '12 hours') from storeward.session where user_agent like 'curl%' and hash <> sha256('${cookie[boris]}')")" t
set_session "expires_at = now()" boris
t 'after 12 hours, however busy' GET $V/me '' 401 '.code == "session_ended"'
check 'sign in again' sign_in boris boris@a.test "$boris"

# --- Requests that other sites make a browser send. same-site is another site's page too: a shop's, for example.
own=http://localhost:$port
send() { curl -sS -o "$work/body" -w '%{http_code}' -X "$1" -H 'Content-Type: application/json' "${@:4}" --data-binary "$3" "$base$2"; }
while IFS='|' read -r own_header site origin want; do
	headers=(-H "Cookie: a=b; __Host-storeward=${cookie[boris]}; c=d")
	[ -z "$own_header" ] || headers+=(-H "X-Storeward-CSRF: $own_header")
	[ -z "$site" ] || headers+=(-H "Sec-Fetch-Site: $site")
	[ -z "$origin" ] || headers+=(-H "Origin: $origin")
	got=$(send PATCH $V/session '{"tenant":"a"}' "${headers[@]}")
	check "with the cookie: own header '$own_header', site '$site', origin '${origin#"$own"}': $want" is "$got" "$want"
	[ "$want" != 403 ] || check '... csrf' jq -e '.code == "csrf"' "$work/body"
	got=$(send POST $V/session "$(login boris@a.test "$boris")" "${headers[@]:2}")
	check '... and signing in' is "$got" "${want/200/201}"
done <<-EOF
	1|||200
	1|same-origin||200
	1|same-origin|$own|200
	1||$own|200
	1||https://localhost:$port|200
	|||403
	|same-origin|$own|403
	0|same-origin|$own|403
	1|same-site||403
	1|cross-site||403
	1|none||403
	1|cross-site|$own|403
	1||http://evil.test|403
	1||http://localhost|403
	1||$own.evil.test|403
	1||null|403
EOF
check 'reading needs no header' is "$(send GET $V/me '' -H "Cookie: __Host-storeward=${cookie[boris]}")" 200
check 'none of the refused requests counted as a wrong password' is "$(sql "select coalesce(sum(failures), 0) from storeward.sign_in_delay where key like 'account:' || encode(sha256('boris@a.test'), 'hex')")" 0
check 'cookie and token together' is "$(send GET $V/me '' -H "Cookie: __Host-storeward=${cookie[boris]}" -H "Authorization: Bearer ${token[a]}") $(jq -r .code "$work/body")" '400 two_credentials'
for value in '' x "${cookie[boris]}x" "${cookie[boris]%?}" "${cookie[boris]%?}%" "$chosen"; do
	check "a cookie that is none of ours: ${value:0:3}…, ${#value}" is "$(send GET $V/me '' -H "Cookie: __Host-storeward=$value") $(jq -r .code "$work/body")" '401 session_ended'
done
check 'a cookie of another name' is "$(send GET $V/me '' -H "Cookie: storeward=${cookie[boris]}; x__Host-storeward=${cookie[boris]}")" 401

# --- Guessing passwords.
from 2
as=
extra+=(-H 'X-Storeward-CSRF: 1')
try() { call POST $V/session "$(login "$1" "$2")"; }
forget() { sql 'delete from storeward.sign_in_delay'; }
later() { sql "update storeward.sign_in_delay set last_at = last_at - interval '$1'"; }
check 'the waits: none for five, then twice as long each time' is "$(sql "select string_agg(ceil(storeward.sign_in_wait(n, clock_timestamp(), 5, 60))::text, ' ' order by n) from generate_series(0, 13) n")" '0 0 0 0 0 1 2 4 8 16 32 60 60 60'
grows() {	# grows ADDRESS: be wrong, and wait as told. The machine may be slow: a short wait may be over by the next try.
	local waits=()
	for _ in {1..40}; do
		try "$1" 'wrong again'
		[ "$status" != 401 ] || continue
		is "$status $(jq -r .code "$work/body")" '429 sign_in_delayed' || return
		waits+=("$(header retry-after)")
		jq -e ".detail == .error and (.detail | test(\"again in ${waits[-1]} second\"))" "$work/body" || return
		later "${waits[-1]} s"
		[ "${waits[-1]}" -lt 50 ] || break
	done
	echo "waits: ${waits[*]}"
	[ "${#waits[@]}" -ge 4 ] && [ "${waits[-1]}" -ge 50 ] && [ "${waits[-1]}" -le 60 ] && is "$(printf '%s\n' "${waits[@]}" | sort -n | xargs)" "${waits[*]}"
}
check 'wrong passwords: the waits grow up to a minute' grows boris@a.test
forget
check 'the same for an address that is nobody' grows nobody@a.test
forget
# A try that holds its first row, and then somebody who signs in.
crossing() {
	local try="select wait_s from storeward.sign_in_begin('boris@a.test', '9.9.9.9')"
	sql "$try" > /dev/null
	sql "begin; select 1 from storeward.sign_in_delay where key = 'address:9.9.9.9' for update; select pg_sleep(1.5); $try; commit" > "$work/first" 2>&1 &
	local first=$!
	sleep 0.7
	sql "select storeward.sign_in_forgive('boris@a.test', '9.9.9.9')" && wait "$first" || { cat "$work/first"; return 1; }
}
check 'who signs in and who tries do not wait for each other in a circle' crossing
forget
must_wait() { sql "update storeward.sign_in_delay set failures = 10, last_at = clock_timestamp() where key like 'both:%'"; }
try boris@a.test wrong
must_wait
try boris@a.test "$boris"
check 'in the wait the right one is not taken either' is "$status" 429
from 3
check 'from elsewhere the owner comes in meanwhile' eval 'sign_in boris boris@a.test "$boris"; is "$status" 201'
from 2
extra+=(-H 'X-Storeward-CSRF: 1')
later '40 s'
try boris@a.test "$boris"
check 'after the wait the right one is' is "$status" 201
for n in {1..4}; do try boris@a.test "wrong $n"; done
try boris@a.test "$boris"
check '... and the wrong ones are forgotten' is "$status" 201
forget
hundred=$(for n in {1..100}; do try boris@a.test "wrong $n"; echo "$status"; done | sort | uniq -c | xargs)
echo "# a hundred wrong ones in a row: $hundred (times, status)"
check 'a hundred wrong ones: a handful is looked at' eval '[[ "$hundred" =~ ^([0-9]+)\ 401\ ([0-9]+)\ 429$ ]] && [ "${BASH_REMATCH[1]}" -le 14 ] && [ $((BASH_REMATCH[1] + BASH_REMATCH[2])) = 100 ]'
must_wait
later '61 minutes'
try boris@a.test "$boris"
check 'an hour later all is forgiven' is "$status" 201
forget
parallel() {	# parallel BODIES...: how often which status
	local body args=()
	for body; do args+=(--next -sS -o /dev/null -w '%{http_code}\n' --interface 127.0.0.2 -H 'X-Storeward-CSRF: 1' -H 'Content-Type: application/json' --data-binary "$body" "$base$V/session"); done
	curl --parallel --parallel-immediate --parallel-max 40 "${args[@]:1}" 2> /dev/null | sort | uniq -c | xargs
}
mapfile -t bodies < <(for n in {1..40}; do login boris@a.test "wrong $n"; done)
at_once=$(parallel "${bodies[@]}")
looked_at() { [[ "$1" =~ ^([0-9]+)\ 401\ [0-9]+\ 429(\ [0-9]+\ 503)?$ ]] && [ "${BASH_REMATCH[1]}" -ge "$2" ] && [ "${BASH_REMATCH[1]}" -le "$3" ]; }
check "forty guesses at once: five are looked at ($at_once)" looked_at "$at_once" 5 9
forget
mapfile -t bodies < <(for n in {1..40}; do login "user$n@a.test" 'Password 1234'; done)
spray=$(parallel "${bodies[@]}")
check "one password at forty addresses at once: twenty are looked at ($spray)" looked_at "$spray" 10 26
from 3
check '... and others are not held up' eval 'sign_in boris boris@a.test "$boris"; is "$status" 201'
forget
mapfile -t bodies < <(for n in {1..12}; do login anna@a.test "$anna"; done)
at_once=$(parallel "${bodies[@]}")	# 503: no place within three seconds
check "twelve people sign in at once ($at_once)" eval '[[ "$at_once" =~ ^(12|11|10|9|8|7|6)\ 201(\ [0-9]\ 503)?$ ]]'
extra=()

# --- Another tenant.
as=anna
t 'work for another tenant' PATCH $V/session '{"tenant":"b"}' 200 '.tenant.name == "b" and .role == "viewer" and .session.id'
t '... with the role there' POST $V/stores "$(store by-anna)" 403 '.code == "role_too_low"'
check '... which its audit log has' is "$(sql "select count(*) from storeward.audit_log a join storeward.tenant t on t.id = a.tenant_id where action = 'user.choose_tenant' and t.name = 'b'")" 1
t 'a tenant that is not' PATCH $V/session '{"tenant":"nosuch"}' 404 '.code == "tenant_not_found"'
t '... changes nothing' GET $V/me '' 200 '.tenant.name == "b"'
t 'and back' PATCH $V/session '{"tenant":"a"}' 200 '.tenant.name == "a" and .role == "admin"'
as=boris
t "another tenant's name" PATCH $V/session '{"tenant":"b"}' 404 '.code == "tenant_not_found"'
for body in '{}' '{"tenant":null}' '{"tenant":""}' '{"tenant":1}'; do t "tenant: $body" PATCH $V/session "$body" 422 '.errors[0].pointer == "/tenant"'; done
sign_in root root@platform.test "$boris" b
as=root
t 'a platform administrator is an owner everywhere' GET $V/me '' 200 '.tenant.name == "b" and .role == "owner" and .user.platform_admin and ([.tenants[] | .name + .role] == ["aowner", "bowner"])'
t '... may create there' POST $V/stores "$(store by-root)" 202
check '... under the own name' is "$(sql "select actor from storeward.audit_log where resource_id = '$(jq -r .id "$work/body")'")" user:root@platform.test
t '... sees no other tenant meanwhile' GET $V/stores '' 200 '[.[].name] == ["by-root"]'
t '... changes the tenant' PATCH $V/session '{"tenant":"a"}' 200 '.tenant.name == "a"'
t '... lists tenants' GET $V/tenants '' 200 '[.[] | [.name, .stores, .members]] == [["a", 0, 7], ["b", 1, 2]] and (.[0] | keys_unsorted) == ["id","name","max_stores","max_creates_per_minute","stores","members","created_at"]'
sql "insert into storeward.incident (cluster_id, kind, object, message, next_step) select id, 'MassLoss', 'x', 'Half is gone.', 'Look.' from storeward.cluster where name = 'local'"
t '... lists incidents' GET $V/incidents '' 200 'length == 1 and .[0].cluster == "local" and .[0].message == "Half is gone." and (.[0] | keys_unsorted) == ["id","cluster","kind","object","message","next_step","opened_at","last_seen_at"]'
sql "update storeward.incident set settled_at = now(), settled_by = 'me', resolution = 'x'"
t '... but no settled ones' GET $V/incidents '' 200 '. == []'
t '... has no token where they are no member' POST $V/me/tokens '{"name":"x"}' 403 '.code == "not_a_member"'
as=anna
for path in tenants incidents; do t "an admin of a tenant does not see $path" GET $V/$path '' 403 '.code == "role_too_low"'; done

# shellcheck source=tests/integration/account_cases.sh
. "$here/account_cases.sh"

# --- Leaving a tenant.
as=boris
t 'a last token' POST $V/me/tokens '{"name":"last"}' 201
last=$(jq -r .token "$work/body")
sql "delete from storeward.membership m using storeward.app_user u where u.id = m.user_id and u.email = 'boris@a.test'"
t 'no member any more: the session is ended' GET $V/stores '' 401 '.code == "session_ended"'
as=$last
t '... the token too' GET $V/stores '' 401 '.code == "token_invalid"'
check '... and signing in says why' eval '! sign_in x boris@a.test "$boris" && is "$status $(jq -r .code "$work/body")" "403 no_tenant"'
as=anna
sql "update storeward.membership m set role = 'viewer' from storeward.app_user u where u.id = m.user_id and u.email = 'anna@a.test'"
t 'a lower role holds at once' POST $V/stores "$(store by-anna)" 403 '.code == "role_too_low"'
sql "delete from storeward.app_user where email = 'anna@a.test'"
t 'no user any more' GET $V/me '' 401 '.code == "session_ended"'

# --- Secrets.
as_postgres pg_dump -h "$work/pg" storeward > "$work/dump" 2> "$work/out3"
check 'the dump is one' grep -q 'COPY storeward.session' "$work/dump"
places=("$work/dump" "$work/log/api" "$work/log/web" "$work/pg/log")
for file in "$work"/log/*; do places+=("$file"); done
for secret in "$anna" "$boris" "$secret_new" "$twelve" "$made" "$year" "$last" "${cookie[anna]}" "${cookie[boris]}" 'wrong again' 'Password 1234'; do
	check "in no row and no log: ${secret:0:6}…" eval '! grep -F -- "$secret" "${places[@]}"'
done
check 'nothing went wrong inside' nothing_wrong
check 'the audit chains hold' "$build/storeward" --database "host=$work/pg user=postgres dbname=storeward" audit verify
exit "$failed"
