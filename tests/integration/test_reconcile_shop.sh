#!/usr/bin/env bash
# A shop that is at work: made, changed, stopped, started again, refused what would not fit, and its checkout looked at again and again.
. "$(dirname "$0")/reconcile_stack.sh"

shop() { k -n "$(of one namespace)" get statefulset shop -o "jsonpath={.status.replicas} {$1}"; }
stopped() {
	[ "$(shop .spec.replicas)" = '0 0' ] && [ "$(condition one Available)" = 'False Suspended' ] && [ "$(answers one)" = 503 ] &&
		[ "$(of one 'reason, verified_hash is null, attempts, observed_generation = generation,
			provisioning_completed_at > provisioning_started_at')" = 'Suspended|t|0|t|t' ] &&
		[ "$(jobs_of one setup-)" = "$setup" ] && steps one f && unchanged one once
}
resumed() {
	[ "$(shop .spec.replicas)" = '1 1' ] && [ "$(condition one Available)" = 'True Ready' ] && [ "$(answers one)" = 200 ] &&
		[ "$(of one 'reason, verified_hash = applied_hash')" = '|t' ] && [ "$(jobs_of one setup-)" = "$setup" ] &&
		[ "$(jobs_of one probe- | cut -d ' ' -f 1)" = "probe-g$(of one generation)-1" ] && steps one f
}
larger() {
	[ "$(shop '.spec.template.spec.containers[0].env[?(@.name=="SHOP_THREADS")].value')" = '1 64' ] && resumed
}

create one
check 'a new store is ready, and all is converged' exits 0 soon
check 'the store is ready' is one ready
check 'with the steps of its making' steps one t
check 'a pass at the fixpoint writes nothing' unchanged one once

sql -c "update storeward.engine set chart_digest = 'digest-2'"
check 'a changed chart is applied again' exits 0 soon
upgraded() { [ "$(of one 'release_revision, applied_hash = verified_hash, phase')" = '2|t|ready' ] || { of one st; return 1; }; }
check 'and its checkout is verified again' upgraded
requested() { [ "$(sql -c "select finished_at - started_at < '1 s' from storeward.store s, storeward.store_steps(s.id) where s.name = 'one' and step = 'requested'")" = t ]; }
check 'and the wish of long ago is no step of it' requested

# Wishes in turn: what the store must be then, and what must be true.
setup=$(jobs_of one setup-)
while IFS='|' read -r what wish phase fact; do
	wish one "$wish"
	check "$what: converged" exits 0 soon
	check "$what: $phase" is one "$phase"
	check "$what: $fact" "$fact"
done <<-'EOT'
	a suspended store|desired = 'suspended'|suspended|stopped
	a resumed store|desired = 'present'|ready|resumed
	another plan|plan = 'medium'|ready|larger
EOT
history() {
	local got
	got=$(sql -c "select string_agg(phase, ' ' order by p.id) from storeward.phase_change p join storeward.store s on s.id = store_id where name = 'one'")
	[ "$got" = 'requested provisioning ready provisioning ready suspended provisioning ready provisioning ready' ] || { echo "$got"; return 1; }
}
check 'at no time did it fail' history

# A plan too small for its own rolling update.
create tight
wish tight "plan = 'tiny'"
needs=320	# of the pods of the shop, the set-up (two), the probe and the isolation check
refused() {	# refused NAME PHASE MEBIBYTES
	[ "$(of "$1" 'phase, reason, message, next_step')" = "$2|QuotaExceeded|The plan's quota is too small for its own rolling update: limits.memory: ${3}Mi needed, 128Mi allowed.|Raise limits.memory to ${3}Mi in the plan's quota (or choose a larger plan)." ] &&
		[ "$(condition "$1" Admitted)" = 'False QuotaExceeded' ] || { of "$1" st; return 1; }
}
check 'a plan too small for its own rolling update: nothing more to do' exits 0 soon
check 'it is refused with the numbers and the smallest change' refused tight failed "$needs"
nothing_applied() {
	local is
	is=$(k -n "$(of tight namespace)" get secrets,services,statefulsets,jobs,cronjobs,ingresses,networkpolicies,resourcequotas,limitranges,persistentvolumeclaims -o name)
	[ -z "$is" ] || { echo "$is"; return 1; }
}
check 'before anything was applied' nothing_applied
check 'and it is not rendered again' unchanged tight once STOREWARD_HELM=/bin/false
wish tight "plan = 'small'"
check 'a larger plan' exits 0 soon
admitted() { is "$1" ready && [ "$(condition "$1" Admitted)" = 'True Fits' ] && [ -z "$(of "$1" reason)" ]; }
check 'is admitted' admitted tight
revision=$(of one release_revision)
wish one "plan = 'tiny'"
check 'a change to a plan too small' exits 0 soon
goes_on() { refused one ready "$needs" && [ "$(answers one)" = 200 ] && [ "$(of one release_revision)" = "$revision" ]; }
check 'leaves the shop as it is, and selling' goes_on
wish one "plan = 'medium'"
check 'the plan it had' exits 0 soon
check 'is as it was' admitted one

# A live shop's checkout, looked at again and again.
look_and() { once STOREWARD_PROBE_PERIOD_S=10; "$@"; }
checked() { PERIOD=1 eventually 180 look_and "$@"; }
checkout() { of one conditions | jq -r '.[] | select(.type == "CheckoutVerified") | "\(.status) \(.reason) \(.message) \(.at != null and .seconds >= 0)"'; }
says() { checkout | grep -qE "$1" || { checkout; of one st; return 1; }; }
check 'the first purchase was a whole one' says '^True Verified Bought .* with cash on delivery and removed the order again. true$'
due() { sql -c "update storeward.store_status set probe_next_at = now() where store_id = '$(of one s.id)'"; }
check 'between two probes nothing is written' eventually 60 unchanged one once
due
check 'a live shop is looked at without an order' checked says '^True Verified Went through the checkout with .* without placing an order. true$'
payments() {
	curl -sS -m 10 -o "$work/page" -w '%{http_code}\n' -H "Host: one.$domain" -X PUT -d "$1" -u "$(k -n "$(of one namespace)" get secret store-credentials \
		-o 'go-template={{index .data "admin-user" | base64decode}}:{{index .data "admin-password" | base64decode}}')" "http://$NODE_IP/payments" | grep -x 200
}
check 'no way of paying is left' payments '[]'
due
unsold() { is one degraded && says '^False CheckoutFailed Pod probe-.*: payment: the checkout offers no way of paying true$' &&
	[ "$(of one 'reason, next_step')" = 'CheckoutFailed|switch a way of paying on (PUT /payments)' ]; }
check 'a shop whose checkout is broken is degraded and names the step' checked unsold
check 'and the pod of it goes on serving' test "$(answers one)" = 200
check 'mended by hand' payments '["transfer"]'
sold() { is one ready && says '^True Verified .* without placing an order. true$' && [ -z "$(of one reason)" ]; }
check 'it is ready again' checked sold
wish one 'probe_orders = true'
check 'one that opted in' test "$(of one generation)" = "$(of one observed_generation)"
payments '["cod"]' > /dev/null
due
check 'is bought from' checked says '^True Verified Bought '
tell_once() {
	local told
	told=$(sql -c "select string_agg(e.reason, ' ' order by e.id) from storeward.store_event e join storeward.store s on s.id = store_id
		where s.name = 'one' and e.reason in ('CheckoutFailed', 'Degraded')")
	[ "$told" = 'CheckoutFailed Degraded' ] || { echo "$told"; sql -c 'select at, reason, message from storeward.store_event order by id' | tail; return 1; }
}
check 'and its trouble was told once' tell_once
wish one "desired = 'absent'"
wish tight "desired = 'absent'"
check 'both are deleted with proof' passes_until purged one tight
exit $failed
