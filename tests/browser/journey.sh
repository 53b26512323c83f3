#!/usr/bin/env bash
# A store's whole life as a person sees it: made, bought from, kept, paused and deleted in the dashboard, on the running
# cluster; and one that fails, says why, is mended and tried again.  usage: journey.sh [woocommerce|minimal] [life|failure]
# Needs what tests/e2e/lib.sh needs, and node and chromium.
. "$(dirname "$0")/../e2e/lib.sh"
browser=$top/tests/browser
engine=${1:-woocommerce} part=${2:-both}
if [ "$engine" = woocommerce ] && ! have_woocommerce; then
	echo "# with the minimal engine: $no_package"
	engine=minimal
fi
program=${STOREWARD_BROWSER:-chromium}
command -v "$program" > /dev/null || { echo "skip browser journey: $program is not installed"; exit 0; }
node=$("$top/scripts/node") || exit 1
PATH=$node:$PATH
export BROWSER_DEPS=$cache/browser
for program in "$browser/deps" "$top/scripts/vendor"; do
	"$program" > "$work/out" 2>&1 || { tail -n 5 "$work/out" | sed 's/^/# /'; not_ok "browser journey: $program"; exit 1; }
done

stack_up
(umask 077; python3 -c 'import secrets; print(secrets.token_urlsafe(18))' > "$work/password")
storeward user add owner@demo.test --tenant demo --role owner --password-file "$work/password" > /dev/null || exit 1
watch_up

# The engine's image in the cluster's values: one that does not exist, and what puts it right again.
cluster_values > "$work/good.yaml"
sed 's|sw.local/python:1|sw.local/no-such-image:1|' "$work/good.yaml" > "$work/bad.yaml"
grep -q no-such-image "$work/bad.yaml" || { not_ok 'browser journey: the values name no image to take away'; exit 1; }
cat > "$work/mend" <<-EOF
#!/bin/sh
exec "$build/storeward" --database "$(url storeward_admin)" cluster set local --values "$work/good.yaml" > /dev/null
EOF
chmod +x "$work/mend"
export STACK=$work PORT=$port ENGINE=$engine KUBECTL KUBECONFIG
journey() {
	[ "$part" = both ] || [ "$part" = "$1" ] || return 0
	timeout "${BROWSER_TIMEOUT:-1200}" node "$browser/journey.js" "$1" || failed=1
}

journey life
stop reconcile	# one that sooner calls a store failed
start reconcile reconciler --watch STOREWARD_SETUP_TIMEOUT_S=45
storeward cluster set local --values "$work/bad.yaml" > /dev/null
journey failure
exit $failed
