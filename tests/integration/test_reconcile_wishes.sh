#!/usr/bin/env bash
# What a person asks of a shop that is at work: new passwords, a look at it now; and what its probe tells beside the checkout.
. "$(dirname "$0")/reconcile_stack.sh"

# This copy's probe tells of the ways of paying, as engine.yaml says it may, and a line that nobody knows.
tell_ways() {
	sed -i 's/^probe: .*/probe: {cronJob: probe, conditions: [Ways, Silent]}/' "$engines/minimal/engine.yaml" &&
		sed -i 's/f\.write(line\[:1000\])/f.write(line[:1000] + told())/' "$engines/minimal/files/client.py" &&
		cat >> "$engines/minimal/files/client.py" <<-'PYTHON' && grep -q 'told())' "$engines/minimal/files/client.py" && storeward engines load "$engines"


	def told():
	    n = len(call("GET", "/payments"))
	    return f"\nWays {'True Several' if n > 1 else 'False Few'}: There are {n} ways of paying; two are better.\nnobody knows"
	PYTHON
}
check 'an engine whose probe tells more' tell_ways

secret() { k -n "$(of "$1" namespace)" get secret store-credentials -o "go-template={{$2}}"; }
password() { secret "$1" 'index .data "admin-password" | base64decode'; }
revision() { secret "$1" 'index .metadata.annotations "storeward.io/credentials-revision"'; }
owner() { curl -sS -m 10 -o "$work/page" -w '%{http_code}\n' -H "Host: $1.$domain" -u "admin:$2" "http://$NODE_IP/admin"; }	# owner NAME PASSWORD
payments() {
	[ "$(curl -sS -m 10 -o "$work/page" -w '%{http_code}' -H "Host: one.$domain" -X PUT -d "$1" -u "admin:$(password one)" "http://$NODE_IP/payments")" = 200 ]
}
rotate() { wish "$1" 'credentials_revision = credentials_revision + 1'; }
killed() { exits 137 once "STOREWARD_CRASH_AT=$1"; }
told() { of one conditions | jq -r --arg type "$1" '.[] | select(.type == $type) | "\(.status) \(.reason): \(.message) \(.at != null and .seconds >= 0)"'; }
events() { sql -c "select string_agg(e.type || ' ' || e.reason, ', ' order by e.id) from storeward.store_event e join storeward.store s on s.id = store_id where s.name = 'one' and e.reason = any ('{$1}')"; }
equals() { [ "$1" = "$2" ] || { echo "$1"; return 1; }; }

create one
check 'a new store is ready' exits 0 soon
check 'its probe told of what it looked at' equals "$(told Ways)" 'True Several: There are 2 ways of paying; two are better. true'
check 'and not of everything' equals "$(told Silent)" 'Unknown NotTold: The last probe did not tell. true'
check 'its first line is what was bought' grep -q '^True Verified: Bought .* again. true$' <(told CheckoutVerified)
check 'a line that nobody knows is in the log, once' test "$(grep -c 'nobody knows' "$work/log")" = 1
check 'a pass at the fixpoint writes nothing' unchanged one once

# --- New passwords
check 'the first Secret says nothing of a revision' equals "$(secret one .metadata.annotations)" '<no value>'
first=$(password one)
user=$(secret one 'index .data "admin-user"')
rotate one
check 'killed when the Secret has new passwords, and nothing else' killed credentials-renewed
renewed() { [ "$(password one)" != "$first" ] && [ "$(revision one)" = 1 ] && [ "$(secret one 'index .data "admin-user"')" = "$user" ]; }
check 'only the password is another' renewed
second=$(password one)
check 'the next pass goes on from there' exits 0 soon
sells() { is one ready && [ "$(of one 'observed_generation = generation, applied_hash = verified_hash, reason')" = 't|t|' ]; }
only() { [ "$(password one)" = "$1" ] && [ "$(owner one "$1")" = 200 ] && [ "$(owner one "${2:-$first}")" = 401 ]; }
check 'the shop is ready with it' sells
check 'and takes it, and not the one before' only "$second"
setup_annotation() { k -n "$(of one namespace)" get jobs -l storeward.io/component=setup -o 'jsonpath={.items[*].spec.template.metadata.annotations.storeward\.io/credentials-revision}'; }
check 'its set-up has run for it' equals "$(setup_annotation)" 1
check 'a pass at the fixpoint writes nothing' unchanged one once

rotate one
check 'killed before helm' killed before-helm
rotate one
check 'asked for again meanwhile, and killed when helm has started' killed helm-started
third=$(password one)
check 'the next pass goes on from there' exits 0 soon
check 'the shop is ready with the newest' sells
check 'which is of the second wish' equals "$(revision one)" 3
check 'and takes it, and not the one before' only "$third" "$second"
rotate one
check 'killed when helm has ended, before that is written' killed before-status
fourth=$(password one)
check 'the next pass goes on from there' exits 0 soon
check 'the shop is ready with the newest' sells
check 'and takes it, and not the one before' only "$fourth" "$third"

wish one "plan = 'medium'"
at_work() { [ "$(of one 'claim_holder is not null')" = t ]; }
once &
pass=$!
check 'while another change is being applied' eventually 60 at_work
rotate one
wait "$pass"
check 'new passwords come after it' exits 0 soon
fifth=$(password one)
check 'the shop is ready with both' sells
check 'and takes the new password, and not the one before' only "$fifth" "$fourth"
check 'each that was not cut off was told' equals "$(events CredentialsRotated)" 'Normal CredentialsRotated, Normal CredentialsRotated'

create two credentials_revision 4
check 'a store that begins with a later revision' exits 0 soon
check 'has it in its first Secret' equals "$(revision two)" 4
check 'and takes its password' equals "$(owner two "$(password two)")" 200

wish one "desired = 'suspended'"
check 'a suspended shop' exits 0 soon
rotate one
check 'gets new passwords too' exits 0 soon
check 'in its Secret' equals "$(revision one)" 6
wish one "desired = 'present'"
check 'resumed' exits 0 soon
check 'it is ready' sells
check 'and takes the new password, and not the one before' only "$(password one)" "$fifth"
finished() { [ "$(k -n "$(of one namespace)" get jobs -l storeward.io/component=setup -o 'jsonpath={.items[*].status.succeeded}')" = 1 ] && equals "$(setup_annotation)" 6; }
check 'after its set-up has run for it' finished

# --- A look at it now
ask() { sql -c "update storeward.store set checks_requested_at = clock_timestamp() where name = 'one'"; }
looked() {	# the newest run of both checks ended after the request
	[ "$(sql -c "select bool_and((c ->> 'at')::timestamptz >= date_trunc('second', s.checks_requested_at)) and count(*) = 2 and bool_and(st.checks_seen_at >= s.checks_requested_at)
		from storeward.store s join storeward.store_status st on st.store_id = s.id, jsonb_array_elements(st.conditions) c
		where s.name = 'one' and c ->> 'type' in ('CheckoutVerified', 'Isolation')")" = t ] || { of one 'checks_requested_at, st'; return 1; }
}
isolated() { equals "$(condition one Isolation)" 'True Blocked'; }
check 'with a neighbour, its isolation is looked at' passes_until isolated
check 'before, nothing is due' unchanged one once
ask
check 'a look that is asked for' exits 0 once
check 'is taken by both checks' passes_until looked
check 'and is heard once' unchanged one once
check 'and makes no other state' equals "$(of one 'observed_generation = generation, generation = retries + credentials_revision + 4')" 't|t'

# --- What is told beside the checkout
check 'one way of paying is left' payments '["cod"]'
ask
few() { equals "$(told Ways)" 'False Few: There are 1 ways of paying; two are better. true'; }
check 'the next probe says that this is few' passes_until few
check 'the shop sells nevertheless' sells
check 'two ways of paying' payments '["cod", "transfer"]'
ask
several() { equals "$(told Ways)" 'True Several: There are 2 ways of paying; two are better. true'; }
check 'are enough' passes_until several
check 'and no check is at work any more' passes_until looked
check 'each change was told once' equals "$(events Few,Several)" 'Warning Few, Normal Several'

# --- A shop that sells on after a change was refused is looked at as it is
wish one "plan = 'tiny'"
check 'a change to a plan too small' exits 0 soon
refused() { is one ready && [ "$(of one reason)" = QuotaExceeded ] && [ "$(condition one Admitted)" = 'False QuotaExceeded' ] && [ "$(condition one Available)" = 'True Ready' ]; }
check 'is refused, and the shop sells on' refused
check 'and nothing more is to be done' unchanged one once
ask
check 'it is looked at nevertheless' passes_until looked
check 'and goes on as it was' refused
check 'no way of paying is left' payments '[]'
ask
broken() {
	is one degraded && [ "$(of one reason)" = CheckoutFailed ] && [ "$(condition one CheckoutVerified)" = 'False CheckoutFailed' ] &&
		[ "$(condition one Admitted)" = 'False QuotaExceeded' ]
}
check 'it is degraded, and says of the checkout' passes_until broken
check 'mended by hand' payments '["cod", "transfer"]'
ask
check 'and looked at now' exits 0 once
check 'it sells again, and tells why the change was refused' refused
check 'the refusal can be read again' grep -q '^The plan.s quota is too small' <(of one message)
old=$(of one engine_version) new=99.0.0
newer() {	# a version that has one workload more
	cp -R "$engines" "$work/newer" && sed -i "s/^version: .*/version: $new/; s/^workloads:\$/&\n  - {kind: Deployment, name: more}/" "$work"/newer/minimal/{Chart,engine}.yaml &&
		storeward engines load "$work/newer" && [ "$(sql -c "select jsonb_array_length(spec -> 'workloads') from storeward.engine where version = '$new'")" = 2 ]
}
check 'a newer version with more to it' newer
wish one "engine_version = '$new'"
check 'an upgrade that does not fit' exits 0 soon
check 'is refused, and the shop sells on with what its own version has' refused
scaled() { k -n "$(of one namespace)" scale statefulset shop --replicas="$1"; }
check 'its pod is gone' scaled 0
resting() { is one degraded && [ "$(condition one Admitted)" = 'False QuotaExceeded' ]; }
check 'it is degraded, and has not failed' seen_in_passes resting
check 'its pod is back' scaled 1
check 'it sells on' passes_until refused
wish one "engine_version = '$old', plan = 'medium'"
check 'the plan it had' exits 0 soon
check 'is as it was' sells
check 'a shop whose checkout is broken' payments '[]'
ask
unsold() { is one degraded && [ "$(of one reason)" = CheckoutFailed ]; }
check 'is degraded' passes_until unsold
check 'its probe told of the ways of paying' equals "$(told Ways)" 'False Few: There are 0 ways of paying; two are better. true'
check 'mended by hand' payments '["cod", "transfer"]'
ask
check 'and looked at now' exits 0 once
check 'it is ready' sells

# --- The Secret is deleted by hand: no other passwords take its place
secret_is() { k -n "$(of one namespace)" "$@" secret store-credentials; }
secret_is get -o json | jq 'del(.metadata | .uid, .resourceVersion, .creationTimestamp)' > "$work/secret.json"
secret_is delete > "$work/out"
wish one 'retries = retries + 1'
lost() { [ "$(of one reason)" = CredentialsLost ] && [[ $(secret_is get 2>&1) == *NotFound* ]] || { of one st; return 1; }; }
check 'a Secret that is gone is said, and not made anew' seen_in_passes lost
check 'it is put back' k create -f "$work/secret.json"
wish one 'retries = retries + 1'
check 'the next try' exits 0 soon
check 'makes the shop as it was' sells

# --- An engine that does not tell any more
told_no_more() { sed -i 's/^probe: .*/probe: {cronJob: probe, conditions: [Silent]}/' "$engines/minimal/engine.yaml" && storeward engines load "$engines"; }
check 'a version whose probe has less to tell' told_no_more
check 'is applied' exits 0 soon
check 'what it does not have is no condition any more' equals "$(of one conditions | jq -r 'map(.type) | sort | join(" ")')" 'Admitted Available CheckoutVerified Isolation SetupComplete Silent'

rotate one
wish one "desired = 'absent'"
wish two "desired = 'absent'"
check 'new passwords asked for and then deleted: both go with proof' passes_until purged one two
exit $failed
