# What woocommerce promises beside selling. Sourced by run, which has k, eventually, install and the rest.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016

php() { # php CODE: in the shop's WordPress
	k -n "$ns" exec deploy/wordpress -c cron -- php -r "require '/storeward/lib.php'; pretend_request(); require '/var/www/html/wp-load.php'; $1"
}
option() { php "echo get_option('$1');"; }
is() { [ "$("${@:2}")" = "$1" ] || { echo "not $1"; "${@:2}"; return 1; }; }

# --- What is planned
plans_event() { php 'wp_schedule_single_event(time() + 1, "wp_scheduled_delete", array("storeward"));'; }
event_is_over() { [ "$(php 'echo (int) wp_next_scheduled("wp_scheduled_delete", array("storeward"));')" = 0 ]; }
runs_events() { plans_event && ! event_is_over && eventually 150 event_is_over; }

# --- Another set-up: a new password, and the database of older programs
signs_in() { # signs_in PASSWORD: the status of WordPress's answer, 302 for the right one
	get /wp-login.php -o /dev/null -w '%{http_code}' -b 'wordpress_test_cookie=WP%20Cookie%20check' \
		--data-urlencode 'log=admin' --data-urlencode "pwd@$1" -d 'wp-submit=Log+In&testcookie=1'
}
ages() {
	php '$GLOBALS["wpdb"]->query("UPDATE wp_options SET option_value = \"10.0.0\" WHERE option_name IN (\"woocommerce_version\", \"woocommerce_db_version\")");
		$GLOBALS["wpdb"]->query("UPDATE wp_options SET option_value = \"60000\" WHERE option_name = \"db_version\"");' &&
		k -n "$ns" exec deploy/wordpress -c cron -- sed -i "s/^\(.wp_version = '\)[^']*/\16.9/" /var/www/html/wp-includes/version.php
}
new_password() {
	cp "$work/credentials/admin-password" "$work/old-password"
	secret > "$work/credentials/admin-password"
	k -n "$ns" patch secret store-credentials -p "{\"data\": {\"admin-password\": \"$(base64 -w0 "$work/credentials/admin-password")\"}}"
}
renews() {
	local before
	before=$(option db_version) && [ "$before" -gt 60000 ] && echo "$before" > "$work/db_version" || return
	ages && new_password && k -n "$ns" delete pod -l storeward.io/component=wordpress &&
		install "$1" --set credentialsRevision=1 && eventually 240 set_up && eventually 60 answers 200 || explain setup
}
is_current() {
	is "$(< "$work/db_version")" option db_version && is "$(php 'echo WC()->version;')" option woocommerce_db_version &&
		is 1 php 'echo (int) version_compare($GLOBALS["wp_version"], "7.0", ">=");'
}
only_new_password() { is 200 signs_in "$work/old-password" && is 302 signs_in "$work/credentials/admin-password"; }
woocommerce_buys() {
	check 'runs what is planned, without a visitor' runs_events
	check 'is set up again after a new password and with older programs'"'"' files and data' renews "$1" &&
		check 'has brought files and databases up to date' is_current &&
		check 'takes the new password, and the old one no more' only_new_password &&
		check 'sells with them' sells
}

# --- With plan medium
cached() { k -n "$ns" exec deploy/valkey -- sh -c 'REDISCLI_AUTH=$(cat /run/credentials/database-password) valkey-cli dbsize'; }
uses_cache() { answers 200 && is 1 php 'echo (int) wp_using_ext_object_cache();' && [ "$(cached)" -gt 50 ]; }
cache_pods() { k -n "$ns" scale deploy/valkey --replicas="$1" && k -n "$ns" wait --for=jsonpath='{.spec.replicas}'="$1" deploy/valkey; }
no_cache() { [ -z "$(k -n "$ns" get pods -l storeward.io/component=valkey -o name)" ]; }
does_without() { # What changed meanwhile is seen afterwards.
	cache_pods 0 && eventually 30 no_cache && answers 200 && php 'update_option("blogname", "Without");' && sells &&
		cache_pods 1 && eventually 60 uses_cache &&
		get / -o "$work/page" && grep -q '<title>[^<]*Without' "$work/page"
}
payments() { php "\$cod = get_option('woocommerce_cod_settings'); \$cod['enabled'] = '$1'; update_option('woocommerce_cod_settings', \$cod);"; }
names_step() { ! sells && k -n "$ns" get pods -l job-name=probe-1 -o json | jq -r '.items[0].status.containerStatuses[0].state.terminated.message' | grep '^payment: '; }
is_a_cache() { php "$(tail -n +2 "$here/object-cache.php")"; }
woocommerce_grows() {
	check 'keeps WordPress'"'"'s objects in its cache' eventually 30 uses_cache
	check 'has a cache as WordPress expects it' is_a_cache
	check 'sells without its cache, and forgets nothing' does_without
	check 'names the step when nothing can be paid' eval 'payments no && names_step; rc=$?; payments yes && [ "$rc" = 0 ]'
}
