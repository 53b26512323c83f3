# The shop's owner, for order and break, which have call, url, credentials and work: signed in to WordPress as its administrator,
# with WooCommerce's own API as wp-admin uses it.
# shellcheck shell=bash
# shellcheck disable=SC2154
sign_in() {
	call -b 'wordpress_test_cookie=WP%20Cookie%20check' -c "$work/admin" -o /dev/null --data-urlencode "log@$credentials/admin-user" \
		--data-urlencode "pwd@$credentials/admin-password" -d 'wp-submit=Log+In&testcookie=1' "$url/wp-login.php"
	nonce=$(call -b "$work/admin" "$url/wp-admin/admin-ajax.php?action=rest-nonce")
}
owner() { call -b "$work/admin" -H "X-WP-Nonce: $nonce" "$url/wp-json/wc/v3/$1" "${@:2}"; } # owner PATH [CURL-OPTION...]
