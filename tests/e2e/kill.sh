#!/usr/bin/env bash
# kill.sh: kill -9 of the reconciler and of helm at three points of a store's creation. Later passes, started as a
# CronJob would, reach Ready without help.
. "$(dirname "$0")/lib.sh"
stack_up

# The API server by curl with the kubeconfig's certificate: a look takes 5 ms, kubectl's takes 100.
mkdir -m 700 "$work/pki"
config() { "$KUBECTL" config view --raw --minify -o "jsonpath={$1}"; }
config '.clusters[0].cluster.certificate-authority-data' | base64 -d > "$work/pki/certificate-authority"
config '.users[0].user.client-certificate-data' | base64 -d > "$work/pki/client-certificate"
config '.users[0].user.client-key-data' | base64 -d > "$work/pki/client-key"
server=$(config '.clusters[0].cluster.server')
releases() {
	curl -sS -m 5 --cacert "$work/pki/certificate-authority" --cert "$work/pki/client-certificate" --key "$work/pki/client-key" \
		-H 'Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' "$server/api/v1/namespaces/$ns/secrets?labelSelector=owner%3Dhelm" |
		jq -r '[.items[]?.metadata.labels.status] | join(" ")'
}
# helm itself, not the timeout(1) around it.
helm_pid() {
	local p
	for p in $(pgrep -f "upgrade --install $ns "); do
		[ "$(readlink "/proc/$p/exe")" = "$(readlink -f "$HELM")" ] && echo "$p" && return
	done
	return 1
}

# The points, as they are seen from outside.
before_secret() { helm_pid > /dev/null && [ -z "$(releases)" ]; }
pending() { [ "$(releases)" = pending-install ]; }
deployed() { [ "$(releases)" = deployed ]; }

# step_to POINT: lets helm go on for a moment at a time until the point is seen, and leaves it stopped there.
step_to() {
	local pid n
	eventually 20 helm_pid > "$work/helm" || return
	pid=$(tail -n 1 "$work/helm")
	for n in {1..400}; do
		kill -STOP "$pid" 2> /dev/null || return
		"$1" && return
		kill -CONT "$pid" && sleep 0.01
	done
	return 1
}

# crash POINT WHOM: makes a store, waits for the point, kills.
crash() {
	local point=$1 whom=$2 attempt=$3 pid
	shop_name=kill-${point//_/-}-$whom-$attempt
	create "$shop_name" minimal || return
	start reconcile reconciler --once
	case $whom in
	reconciler) PERIOD=0.005 eventually 20 "$point" && pid=${pids[reconcile]} ;;
	helm) PERIOD=0.005 step_to "$point" && pid=$(tail -n 1 "$work/helm") ;;
	esac || { echo "never saw $point"; stop reconcile; return 1; }
	[ -n "$pid" ] && kill -9 "$pid" || { echo "$whom had ended already"; stop reconcile; return 1; }
	wait "${pids[reconcile]}" 2> /dev/null
	unset 'pids[reconcile]'
	echo "killed $whom ($pid); the release is now '$(releases)', the status row knows revision '$(sql "select release_revision from storeward.store_status where store_id = '$id'")'"
}
# The window is some 100 ms wide: one that was missed is tried again with another store.
hits() {
	local attempt
	for attempt in 1 2 3 4 5; do crash "$1" "$2" "$attempt" && return; done
	return 1
}
recovers() { PERIOD=2 eventually 300 pass_until_ready; }
pass_until_ready() { once; is "$id" ready; }

while read -r point whom; do
	check "kill -9 of $whom at $point: hit" hits "$point" "$whom"
	sed 's/^/# /' "$work/out"
	began=$SECONDS
	check "kill -9 of $whom at $point: a later pass reaches ready" recovers
	echo "# ready after $((SECONDS - began)) s"
	check "kill -9 of $whom at $point: the shop has its five products" five_products "$shop_name" minimal
done <<-'EOF'
	before_secret reconciler
	before_secret helm
	pending reconciler
	pending helm
	deployed reconciler
EOF
exit $failed
