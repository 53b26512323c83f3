#!/usr/bin/env bash
# How a cluster's answers to the API's question for a shop's Secret are understood, with a cluster that is made up; the
# real one is in tests/e2e/reveal.sh.  usage: test_reveal.sh nginx|lighttpd; what it needs: api_stack.sh
# shellcheck source=tests/integration/api_stack.sh disable=SC2154,SC2317,SC2016,SC2119 # variables of api_stack.sh; functions are called through check; jq and eval expand
. "$(dirname "$0")/api_stack.sh"
export STOREWARD_KUBECONFIG_DIR=$work/kubeconfigs
mkdir "$STOREWARD_KUBECONFIG_DIR"
stack_up

cluster=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$here/fake_kubernetes.py" "$cluster" > "$work/log/cluster" 2>&1 < /dev/null &
pids[cluster]=$!
eventually 10 bash -c "ss -Hltn 'sport = :$cluster' | grep -q ."
kubeconfig() { cat > "$STOREWARD_KUBECONFIG_DIR/local.kubeconfig"; }
working() {
	kubeconfig <<-EOF
	current-context: x
	contexts: [{name: x, context: {cluster: c, user: u}}]
	clusters: [{name: c, cluster: {server: "http://127.0.0.1:$cluster"}}]
	users: [{name: u, user: {token: api-token}}]
	EOF
}
working
sql "update storeward.engine set spec = '{\"credentials\": [{\"key\": \"admin-user\", \"title\": \"User name\"}, {\"key\": \"admin-password\", \"title\": \"Password\", \"generate\": \"password\", \"rotate\": true}, {\"key\": \"database-password\"}]}'"

# stores NAME...: each with the namespace for which the made-up cluster has that answer; a trigger fixes it otherwise.
id_of() { sql "select id from storeward.store where name = 'r-$1'"; }
stores() {
	local name
	for name; do
		call POST /api/v1/stores "$(store "r-$name")"
		[ "$status" = 202 ] || { cat "$work/body"; return 1; }
	done
	sql "set session_replication_role = replica; update storeward.store set namespace = 'store-' || lpad(to_hex(array_position('{$(IFS=,; echo "$*")}', substr(name, 3)) - 1), 8, '0');
		update storeward.store_status st set namespace_uid = 'u', phase = 'ready', provisioning_completed_at = now(), admin_url = 'http://' || s.name || '/admin'
		from storeward.store s where s.id = st.store_id"
}
mapfile -t names < <("$here/fake_kubernetes.py")
check 'reveal: stores to look at' stores "${names[@]}"

# r NAME STORE STATUS [JQ]: the limit of ten a minute is not what is tested here.
r() {
	sql "delete from storeward.rate_limit"
	t "reveal: $1" POST "/api/v1/stores/$(id_of "$2")/credentials/reveal" '' "$3" "${4:-.}"
}
both='.credentials | map(.key) == ["admin-user", "admin-password"]'
as=operator
r 'an operator sees it, to the letter' good 200 \
	'. == {admin_url: "http://r-good/admin", credentials: [{key: "admin-user", title: "User name", value: "admin"}, {key: "admin-password", title: "Password", value: "päss \"w\\ord\" </script>\n"}]}'
check 'reveal: not to be kept anywhere' [ "$(header cache-control)" = no-store ]
t 'reveal: a body is not looked at' POST "/api/v1/stores/$(id_of good)/credentials/reveal" '{}' 200
r 'what the Secret does not have is null' part 200 "($both) and .credentials[0].value == \"admin\" and .credentials[1].value == null"
r 'nor is shown what is no text' odd 200 "($both) and (.credentials | map(.value) == [null, null])"
r 'values of other types' notext 200 "($both) and (.credentials | map(.value) == [null, null])"
away='.code == "cluster_away" and (.detail | test("does not answer"))'
for name in list html twice proxy broken moved failure; do
	r "an answer that is none: $name" "$name" 503 "$away"
	check '... and when to come again' [ "$(header retry-after)" = 5 ]
done
r 'a Secret without data' empty 200 "($both) and (.credentials | map(.value) == [null, null])"
for name in forbidden stranger; do r "the cluster refuses: $name" "$name" 503 '.code == "cluster_away" and (.detail | test("refuses this API.*docs/security.md"))'; done
r 'the Secret of a store that was ready is gone' gone 409 '.code == "not_ready" and (.detail | test("operator must put it back"))'
sql "update storeward.store_status set phase = 'provisioning', provisioning_completed_at = null"
for name in gone forbidden; do r "while it is being made: $name" "$name" 409 '.code == "not_ready" and (.detail | test("still being made"))'; done
sql "update storeward.store_status set namespace_uid = null"
r 'before there is a namespace' good 409 '.code == "not_ready" and (.detail | test("no credentials yet"))'
sql "update storeward.store_status set namespace_uid = 'u'"

# --- Who.
audited() { sql "select count(*) from storeward.audit_log where action = 'user.reveal_credentials'"; }
before=$(audited)
as=viewer
r 'a viewer may not' good 403 '.code == "role_too_low"'
for as in '' unknown expired revoked; do r "a token that is no good: ${as:-none}" good 401; done
as=b
r "another tenant's store" good 404 '.code == "store_not_found"'
as=a
t 'reveal: no such store' POST /api/v1/stores/00000000-0000-4000-8000-000000000000/credentials/reveal '{}' 404
t 'reveal: no id' POST /api/v1/stores/x/credentials/reveal '{}' 422
t 'reveal: GET is not offered' GET "/api/v1/stores/$(id_of good)/credentials/reveal" '' 405
check 'reveal: none of them is in the audit log' [ "$(audited)" = "$before" ]
r 'an owner may' good 200
check 'reveal: that is in it, once, with the name alone' [ "$(sql "select count(*) || details::text from storeward.audit_log where action = 'user.reveal_credentials' and id = (select max(id) from storeward.audit_log) group by details")" = '1{"name": "r-good"}' ]
sql "update storeward.store set desired = 'absent' where name = 'r-part'"
before=$(audited)
r 'a store that is to be deleted' part 409 '.code == "store_deleting"'
check 'reveal: ... shows nothing and writes nothing down' [ "$(audited)" = "$before" ]

# --- The API's own access.
for text in 'nonsense: [' '' 'current-context: x'; do
	kubeconfig <<< "$text"
	r "a kubeconfig that cannot be used: $text" good 503 '.code == "cluster_away" and (.detail | test("keeps its Secrets"))'
done
rm "$STOREWARD_KUBECONFIG_DIR/local.kubeconfig"
r 'no kubeconfig' good 503 '.code == "cluster_away" and (.detail | test("keeps its Secrets"))'
working
for _ in 1 2 3 4 5 6; do r 'every worker takes the new one by itself' good 200; done
stop cluster
r 'nobody listens' good 503 "$away"

nothing_told() { ! grep -rlE 'hunter2|api-token|ss .{0,2}w.{0,2}ord' "$work/log"; }
check 'reveal: nothing of a Secret or token is in a log' nothing_told
check 'reveal: the log says why, for the operator' grep -q 'credentials cannot be read.*said by the fake: Forbidden' "$work/log/api"
exit "$failed"
