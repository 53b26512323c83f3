#!/usr/bin/env bash
# kill.sh: kill -9 of the reconciler and of helm at three points of a store's creation. Later passes, started as a
# CronJob would, reach Ready without help.
. "$(dirname "$0")/lib.sh"
stack_up

helm_pid() { pgrep -f "upgrade --install $ns " | while read -r p; do [ "$(readlink "/proc/$p/exe")" = "$(readlink -f "$HELM")" ] && echo "$p"; done | head -1; }
release_is() { [ "$(k -n "$ns" get secrets -l owner=helm -o 'jsonpath={.items[*].metadata.labels.status}' 2>/dev/null)" = "$1" ]; }
namespace_exists() { k get namespace "$ns" > /dev/null 2>&1; }

# The points, as what is seen from outside.
before_secret() { namespace_exists && [ -n "$(helm_pid)" ] && release_is ''; }
pending() { release_is pending-install; }
deployed() { release_is deployed; }

# crash POINT WHOM: makes a store, waits for the point, kills.
crash() {
	local point=$1 whom=$2 pid
	create "kill-${point//_/-}-$whom-$$" minimal || return
	start reconcile reconciler --once ${STOP_AT:+STOREWARD_CRASH_AT=$STOP_AT}
	PERIOD=0.01 eventually 30 "$point" || { echo "never saw $point"; stop reconcile; return 1; }
	case $whom in
	reconciler) pid=$(pgrep -P "${pids[reconcile]}" -f storeward-reconcile | head -1); pid=${pid:-${pids[reconcile]}} ;;
	helm) pid=$(helm_pid) ;;
	esac
	[ -n "$pid" ] && kill -9 "$pid" && echo "killed $whom ($pid) at $point: release '$(k -n "$ns" get secrets -l owner=helm -o 'jsonpath={.items[*].metadata.labels.status}')'"
	wait "${pids[reconcile]}"
	unset 'pids[reconcile]'
}
recovers() { PERIOD=2 eventually 300 pass_until_ready; }
pass_until_ready() { once; is "$id" ready; }

while read -r point whom; do
	check "kill -9 of $whom at $point: hit" crash "$point" "$whom"
	sed 's/^/# /' "$work/out"
	began=$SECONDS
	check "kill -9 of $whom at $point: a later pass reaches ready" recovers
	echo "# ready after $((SECONDS - began)) s"
	check "kill -9 of $whom at $point: the shop has its five products" five_products "kill-${point//_/-}-$whom-$$" minimal
done <<-'EOF'
	before_secret reconciler
	before_secret helm
	pending reconciler
	pending helm
	deployed reconciler
EOF
exit $failed
