#!/usr/bin/env bash
# A shop's credentials, shown on demand: they open the shop, are in no log and no row, whoever may not see them does not,
# the API's identity in the cluster can read nothing else, and a cluster that is away holds up nobody else.
# shellcheck disable=SC2154,SC2317,SC2016 # variables of lib.sh; functions are called through check; awk expands
. "$(dirname "$0")/lib.sh"
shop_name=keys-$$
export API_WORKERS=4
stack_up
access=$work/kubeconfigs/local.kubeconfig

storeward tenant add other > "$work/out"
storeward user add viewer@demo.test --tenant demo --role viewer >> "$work/out"
storeward user add owner@other.test --tenant other --role owner >> "$work/out"
viewer=$(storeward token create --tenant demo --user viewer@demo.test --name e2e)
foreign=$(storeward token create --tenant other --user owner@other.test --name e2e)

reveal() { api POST "/api/v1/stores/$id/credentials/reveal"; }
# refused STATUS CODE [WORDS]: what the last answer said.
refused() {
	echo "$status $body"
	[ "$status" = "$1" ] && [ "$(jq -r .code <<< "$body")" = "$2" ] && [[ $(jq -r .detail <<< "$body") = *"${3:-}"* ]]
}
reveals_audited() { sql "select count(*) from storeward.audit_log where action = 'user.reveal_credentials'"; }
fresh_minute() { sql "delete from storeward.rate_limit where bucket = 'reveal'"; }

check 'reveal: the store is created' create "$shop_name" minimal
reveal
check 'reveal: before there is a namespace, not ready' refused 409 not_ready 'Wait until it is ready'
check 'reveal: nothing to see is nothing to write down' test "$(reveals_audited)" = 0
watch_up
check 'reveal: the store becomes ready' eventually 180 is "$id" ready

reveal
echo "$body" > "$work/shown"
password=$(jq -r '.credentials[] | select(.key == "admin-password").value' "$work/shown")
shows_both() {
	[ "$status" = 200 ] && jq -e '(keys == ["admin_url", "credentials"]) and ([.credentials[] | .key + "=" + .title] == ["admin-user=User name", "admin-password=Password"])
		and .credentials[0].value == "admin" and (.credentials[1].value | test("^[A-Za-z0-9]{24}$"))' "$work/shown"
}
check 'reveal: user name and password, with their titles, and no other key' shows_both
opens() { [ "$(curl -sS -m 20 -o "$work/page" -w '%{http_code}' -K <(printf 'user = "admin:%s"\n' "$1") "$(jq -r .admin_url "$work/shown")")" = "$2" ]; }
check 'reveal: they open the administration of the shop' opens "$password" 200
check 'reveal: a wrong password does not' opens "${password}x" 401
audit_row() {
	diff <(sql "select actor, resource_type, resource_id, details from storeward.audit_log where action = 'user.reveal_credentials'") - <<< \
		"user:owner@demo.test|store|$id|{\"name\": \"$shop_name\"}"
}
check 'reveal: the audit log has who and which store, and nothing else' audit_row

token=$viewer reveal
check 'reveal: a viewer may not' refused 403 role_too_low
token=$foreign reveal
check "reveal: another tenant's store does not exist" refused 404 store_not_found
check 'reveal: who was refused is not in the audit log as having seen it' test "$(reveals_audited)" = 1

# can VERB WHAT NAMESPACE: by the API's own identity.
can() { [ "$("$KUBECTL" --kubeconfig "$access" --request-timeout=20s auth can-i "$@" 2> /dev/null)" = yes ]; }
cannot() { ! can "$@"; }
check 'reveal: the API may read that Secret' can get secrets/store-credentials -n "$ns"
for what in 'get secrets/other' 'list secrets' 'watch secrets' 'update secrets/store-credentials' 'delete secrets/store-credentials' 'create pods' 'create pods/exec' 'patch deployments'; do
	# shellcheck disable=SC2086 # verb and object are two words
	check "reveal: the API may not $what" cannot $what -n "$ns"
done
for what in 'list namespaces' 'list secrets --all-namespaces' 'get secrets/store-credentials -n default' 'get secrets/storeward-api-token -n storeward' 'list nodes'; do
	# shellcheck disable=SC2086
	check "reveal: the API may not $what" cannot $what
done

# --- What can go wrong.
stop reconcile
k -n "$ns" get rolebinding storeward-api -o json | jq 'del(.metadata.uid, .metadata.resourceVersion)' > "$work/rolebinding"
k -n "$ns" delete rolebinding storeward-api > "$work/out"
reveal
check 'reveal: without the RoleBinding the operator is told what to check' refused 503 cluster_away 'docs/security.md'
mv "$access" "$work/access"
reveal
check 'reveal: without a kubeconfig too' refused 503 cluster_away 'keeps its Secrets'

# server ADDRESS: the API now looks for the cluster there.
server() { sed "s|server: .*|server: $1|" "$work/access" > "$access"; }
took() { local from; from=$(date +%s%N); "$@"; took_ms=$((($(date +%s%N) - from) / 1000000)); }
server https://127.0.0.1:9
took reveal
check 'reveal: nobody listens at the cluster' refused 503 cluster_away 'does not answer'
check "reveal: said at once ($took_ms ms)" test "$took_ms" -lt 1000

# A server that takes connections and says nothing: four at once, on four workers.
fresh_minute
silent=$(free_port)
start silent python3 -c 'import socket, sys, time; s = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64); time.sleep(60)' "$silent"
eventually 5 bash -c "ss -Hltn 'sport = :$silent' | grep -q ." 
server "https://127.0.0.1:$silent"
one() { curl -sS -m 30 -o "$work/body.$1" -w '%{http_code} %{time_total}\n' -X POST -H "Authorization: Bearer $token" "http://localhost:$port/api/v1/stores/$id/credentials/reveal" > "$work/answer.$1"; }
askers=()
for i in 1 2 3 4; do one "$i" & askers+=($!); done
sleep 0.1
slowest=0
for i in $(seq 20); do
	took api GET /api/v1/stores
	[ "$status" = 200 ] || slowest=99999
	[ "$took_ms" -le "$slowest" ] || slowest=$took_ms
	sleep 0.05
done
wait "${askers[@]}"
cat "$work"/answer.? > "$work/answers"
sed 's/^/# reveal while the cluster is silent: /; s/$/ s/' "$work/answers"
check 'reveal: a silent cluster: 503 to each, within 4 s' awk '$1 != 503 || $2 > 4 { bad = 1 } END { exit bad || NR != 4 }' "$work/answers"
check 'reveal: half of the workers asked it, the others said so at once' test "$(jq -rs 'map(.code) | sort | join(" ")' "$work"/body.?)" = 'cluster_away cluster_away unavailable unavailable'
check "reveal: meanwhile others are served (slowest of 20: $slowest ms)" test "$slowest" -lt 1500

# --- And back: the API takes the new file without a restart.
k create -f "$work/rolebinding" > "$work/out"
mv "$work/access" "$access"
reveal
same() { cmp <(jq -S . "$work/shown") <(jq -S . <<< "$body"); }
check 'reveal: shows the same again' same
for _ in $(seq 10); do reveal; done
check 'reveal: eleven in a minute are too many' refused 429 rate_limited 'per 1 minute'

api DELETE "/api/v1/stores/$id"
fresh_minute
reveal
check 'reveal: not of a store that is being deleted' refused 409 store_deleting
nowhere() {
	[ "${#password}" = 24 ] && ! grep -rlF "$password" "$work/log" &&
		! pg_dump -h "$work/pg" -U postgres --inserts storeward | grep -F "$password"
}
check 'reveal: the password is in no log and no row' nowhere
exit "$failed"
