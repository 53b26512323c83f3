# The cluster: the one that was named, or the project's own node on this machine.
# shellcheck shell=bash

register_cluster() {
	local values=$state/etc/values.yaml
	if [ -n "$kubeconfig" ]; then
		install_kubeconfig "$kubeconfig"
		storeward cluster set local --base-domain localhost --url-scheme http --url-port "$port" \
			--kubeconfig "$state/run/kubeconfig" ${context:+--context "$context"} > /dev/null
		return
	fi
	# The local node has its images from Debian packages, under names of its own.
	cat > "$values" <<-'EOF'
	minimal: {images: {python: "sw.local/python:1"}}
	woocommerce:
	  images: {wordpress: "sw.local/wordpress:1", mariadb: "sw.local/mariadb:1"}
	  woocommerce: {package: /usr/src/woocommerce.zip}
	EOF
	storeward cluster set local --base-domain localhost --url-scheme http --url-port "$port" --kubeconfig "$state/run/kubeconfig" \
		--ingress-class local --storage-class local-path --values "$values" > /dev/null
}

# Readable by root and the reconciler only.
install_kubeconfig() { install -m 640 -o root -g storeward-reconcile "$1" "$state/run/kubeconfig"; }

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

package() {
	local zip=${WOOCOMMERCE_ZIP:-$STOREWARD_CACHE/woocommerce.zip} url
	[ -z "$engine" ] || [ "$engine" = woocommerce ] || return 0
	[ ! -s "$zip" ] || { engine=woocommerce; return 0; }
	url=$(sed -n 's/^ *package: *"\{0,1\}\(https:[^"]*\)"\{0,1\}.*/\1/p' charts/store-engines/woocommerce/values.yaml | head -n 1)
	say "downloading WooCommerce: $url"
	mkdir -p "$STOREWARD_CACHE"
	if curl -fsSL --connect-timeout 10 -m 300 -o "$zip.new" "$url" 2> "$state/log/package.log" && mv "$zip.new" "$zip"; then
		engine=woocommerce
		return 0
	fi
	rm -f "$zip.new"
	[ "$engine" != woocommerce ] || die "$url cannot be had ($(cat "$state/log/package.log")); put the plugin's zip at $zip, or take --engine minimal"
	say "WooCommerce's package cannot be had from $url; demo-store is made with the engine minimal."
	say "For WooCommerce put the plugin's zip at $zip and run ./quickstart again."
	engine=minimal
}

cluster() {
	package
	if [ -n "$kubeconfig" ]; then
		command -v helm > /dev/null || die 'helm 4 is not in PATH; install it, or leave --kubeconfig out for a local node'
		install -m 755 "$(command -v helm)" "$state/inst/bin/helm"
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
}
