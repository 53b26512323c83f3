# The cluster: the one that was named, or the project's own node on this machine.
# shellcheck shell=bash

register_cluster() {
	local values=$state/etc/values.yaml file
	echo '"*": {apiServiceAccount: {name: storeward-api, namespace: storeward}}' > "$values"
	if [ -n "$kubeconfig" ]; then
		install_kubeconfig "$kubeconfig"
		storeward cluster set local --base-domain localhost --url-scheme http --url-port "$port" \
			--kubeconfig "$state/run/kubeconfig" ${context:+--context "$context"} --values "$values" > /dev/null
		return
	fi
	for file in charts/store-engines/*/local-node.yaml; do
		printf '%s:\n' "$(basename "$(dirname "$file")")" && sed 's/^/  /' "$file"
	done >> "$values"
	storeward cluster set local --base-domain localhost --url-scheme http --url-port "$port" --kubeconfig "$state/run/kubeconfig" \
		--ingress-class local --storage-class local-path --values "$values" > /dev/null
}

# Readable by root and the reconciler only.
install_kubeconfig() { install -m 640 -o root -g storeward-reconcile "$1" "$state/run/kubeconfig"; }

# The API's own identity, by which it reads the passwords of a store that it may show; needs kubectl.
api_access() {	# api_access KUBECONFIG [CONTEXT]
	scripts/api-access --kubeconfig "$1" ${2:+--context "$2"} --out "$state/run/kubeconfigs/local.kubeconfig" --owner storeward-api 2> "$state/log/api-access.log" ||
		say "the dashboard cannot show shops' passwords: $(tail -n 1 "$state/log/api-access.log")"
}

# Shows the last line of a log while a command runs.
with_progress() {	# with_progress LOG COMMAND...
	local log=$1 pid last='' line
	shift
	"$@" > "$log" 2>&1 9>&- &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		line=$(tail -n 1 "$log" 2>/dev/null)
		[ "$line" = "$last" ] || say "  $line"
		last=$line
		sleep 2
	done
	wait "$pid"
}

# The engine of demo-store: the one that was named, else WooCommerce, else one that needs no package from elsewhere.
choose_engine() {
	local zip=${WOOCOMMERCE_ZIP:-$STOREWARD_CACHE/woocommerce.zip} url why
	[ -z "$engine" ] || [ "$engine" = woocommerce ] || return 0
	if [ ! -s "$zip" ]; then
		url=$(sed -n 's/^ *package: *"\{0,1\}\(https:[^"]*\)"\{0,1\}.*/\1/p' charts/store-engines/woocommerce/values.yaml | head -n 1)
		say "downloading WooCommerce: $url"
		mkdir -p "$(dirname "$zip")"
		curl -fsSL --connect-timeout 10 -m 300 -o "$zip.new" "$url" 2> "$state/log/package.log" && mv "$zip.new" "$zip"
	fi
	if [ -s "$zip" ]; then
		engine=woocommerce
		return 0
	fi
	rm -f "$zip.new"
	why=$(tail -n 1 "$state/log/package.log")
	[ "$engine" != woocommerce ] || die "$url cannot be had ($why); put the plugin's zip at $zip, or take --engine medusa"
	engine=medusa
	[ -z "$kubeconfig" ] || engine=minimal	# nobody publishes an image of Medusa for another cluster
	say "WooCommerce cannot be had ($why): demo-store is made with $engine. With its zip at $zip and demo-store deleted, ./quickstart makes it."
}

cluster() {
	choose_engine
	if [ -n "$kubeconfig" ]; then
		command -v helm > /dev/null || die 'helm 4 is not in PATH; install it, or leave --kubeconfig out for a local node'
		install -m 755 "$(command -v helm)" "$state/inst/bin/helm"
		api_access "$kubeconfig" "$context"
		return
	fi
	tests/cluster/cluster preflight || die 'this machine cannot run a node; name a cluster with --kubeconfig FILE'
	say 'building the local Kubernetes node (the first time takes about 12 minutes)'
	with_progress "$state/log/cluster-build.log" tests/cluster/cluster build || { tail -n 5 "$state/log/cluster-build.log" >&2; die "the node could not be built; see $state/log/cluster-build.log"; }
	: > "$state/run/local-node"
	say 'starting it'
	with_progress "$state/log/cluster-up.log" tests/cluster/cluster up || { tail -n 5 "$state/log/cluster-up.log" >&2; die "the node does not start; see $state/log/cluster-up.log"; }
	node_kubeconfig=$(tests/cluster/cluster env | sed -n 's/^KUBECONFIG=//p')
	install -m 755 "$(tests/cluster/cluster env | sed -n 's/^HELM=//p')" "$state/inst/bin/helm"
	install_kubeconfig "$node_kubeconfig"
	KUBECTL=$(tests/cluster/cluster env | sed -n 's/^KUBECTL=//p') api_access "$node_kubeconfig"
}
