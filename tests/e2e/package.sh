#!/usr/bin/env bash
# package.sh: WooCommerce's package cannot be had (404): the store says which URL and what to do; then the server has
# it, and the store becomes ready with no other help.
. "$(dirname "$0")/lib.sh"
if ! have_woocommerce; then
	echo "skip package recovery: $no_package"
	exit 0
fi
zip=$(readlink -f "${WOOCOMMERCE_ZIP:-$cache/woocommerce.zip}")
mkdir "$work/www"
# Inside the cluster's network namespace: pods do not reach the host's side.
answers_404() { [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://$server/woocommerce.zip")" = 404 ]; }
server=$NODE_IP:$((20000 + $$ % 10000))
start packages nsenter --net="/run/netns/sw-${CLUSTER_NAME:-storeward}" python3 -m http.server --bind "$NODE_IP" --directory "$work/www" "${server#*:}"
check 'package: the test server answers 404' eventually 10 answers_404
WOOCOMMERCE_PACKAGE=http://$server/woocommerce.zip
stack_up
watch_up
check 'package: create is accepted' create "package-$$" woocommerce
says_why() {
	[ "$(field "$id" .reason)" = SetupFailed ] && [[ $(field "$id" .message) == *"$WOOCOMMERCE_PACKAGE"* ]] &&
		[[ $(field "$id" .message) == *404* ]] && [[ $(field "$id" .next_step) == *woocommerce.package* ]]
}
check 'package: the store names the URL, the answer and the setting' eventually 240 says_why
field "$id" '"# " + .reason + ": " + .message + " Next: " + .next_step'
check 'package: the store is not ready' test "$(field "$id" .status)" != ready
cp "$zip" "$work/www/woocommerce.zip"
check 'package: once it is there the store becomes ready by itself' eventually 420 is "$id" ready
check 'package: exactly the five products' five_products "package-$$" woocommerce
exit $failed
