# What woocommerce promises beside selling. Sourced by run, which has k, eventually, install and the rest.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016

php() { # php CODE: in the shop's WordPress
	k -n "$ns" exec deploy/wordpress -c cron -- php -r "require '/storeward/lib.php'; pretend_request(); require '/var/www/html/wp-load.php'; $1"
}
content() { k -n "$ns" exec deploy/wordpress -c cron -- sh -c "cd /var/www/html/wp-content && $1"; }
option() { php "echo get_option('$1');"; }

# --- What is planned
plans_event() { php 'wp_schedule_single_event(time() + 1, "wp_scheduled_delete", array("storeward"));'; }
event_is_over() { [ "$(php 'echo (int) wp_next_scheduled("wp_scheduled_delete", array("storeward"));')" = 0 ]; }
runs_events() { plans_event && ! event_is_over && eventually 300 event_is_over; }

late_action() { # late_action SECONDS: due so long ago already; nobody runs it, as it is another's by its claim.
	php "echo \$GLOBALS['wpdb']->insert('wp_actionscheduler_actions', array('hook' => 'storeward_late', 'status' => 'pending', 'claim_id' => 2147483647,
		'scheduled_date_gmt' => gmdate('Y-m-d H:i:s', time() - $1), 'last_attempt_gmt' => gmdate('Y-m-d H:i:s')));" | grep -x 1
}
no_late_action() { php '$GLOBALS["wpdb"]->delete("wp_actionscheduler_actions", array("hook" => "storeward_late"));'; }
tells() { told | sed 1d | grep -x "$1"; }
tells_lateness() { # Also when it does not get through the checkout.
	local rc
	late_action 3600 && content 'touch ../.storeward-started' && sells && tells 'ScheduledActions True OnTime: .*' &&
		content 'touch -d "10 minutes ago" ../.storeward-started' && sells && tells 'ScheduledActions False Overdue: .* storeward_late, is overdue by 6[0-9] min; .*' &&
		breaks payments && ! sells && told | head -n 1 | grep '^payment: ' && tells 'ScheduledActions False Overdue: .*'
	rc=$?
	no_late_action && breaks mend && sells && tells 'ScheduledActions True OnTime: .*' && return $rc
}

# --- Another set-up: a new password, and the files and databases of older programs
session() { status /wp-admin/profile.php -b "$work/owner"; }
owner_signs_in() { woocommerce_signs_in "$work/credentials/admin-password" && cp "$work/session" "$work/owner" && is 200 session; }
# A theme as an older image would have brought it, its renewal cut short; and a plugin that the owner edited.
ages_content() {
	content 'echo "/* older */" >> themes/twentytwentyfive/style.css && echo "// mine" >> plugins/akismet/akismet.php' &&
		php 'require "/storeward/tree.php"; chdir("/var/www/html/wp-content/themes");
			file_put_contents("twentytwentyfive/.storeward-digest", digest_tree("twentytwentyfive", ".storeward-digest"));
			rename("twentytwentyfive", ".storeward-old-twentytwentyfive");'
}
renewed_content() {
	content 'diff -r -x .storeward-digest themes/twentytwentyfive /usr/src/wordpress/wp-content/themes/twentytwentyfive &&
		grep -x "// mine" plugins/akismet/akismet.php && ! ls -d themes/.storeward-* plugins/.storeward-*'
}
ages() {
	php '$GLOBALS["wpdb"]->query("UPDATE wp_options SET option_value = \"10.0.0\" WHERE option_name IN (\"woocommerce_version\", \"woocommerce_db_version\")");
		$GLOBALS["wpdb"]->query("UPDATE wp_options SET option_value = \"60000\" WHERE option_name = \"db_version\"");' &&
		k -n "$ns" exec deploy/wordpress -c cron -- sed -i "s/^\(.wp_version = '\)[^']*/\16.9/" /var/www/html/wp-includes/version.php
}
renews() {
	local before
	before=$(option db_version) && [ "$before" -gt 60000 ] && echo "$before" > "$work/db_version" || return
	owner_signs_in && ages && ages_content && new_password && k -n "$ns" delete pod -l storeward.io/component=wordpress &&
		install "$1" && eventually 240 set_up && eventually 60 answers 200 || explain setup
}
is_current() {
	is "$(< "$work/db_version")" option db_version && is "$(php 'echo WC()->version;')" option woocommerce_db_version &&
		is 1 php 'echo (int) version_compare($GLOBALS["wp_version"], "7.0", ">=");'
}
woocommerce_buys() {
	check 'runs what is planned, without a visitor' runs_events
	check 'tells the action that is late, whether or not it sells' tells_lateness
	check 'is set up again after a new password and with older programs'"'"' files and data' renews "$1" &&
		check 'has brought files and databases up to date' is_current &&
		check 'has renewed the theme that nobody touched, and left the edited plugin alone' renewed_content &&
		check 'takes the new password, and the old one no more' only_new_password &&
		check 'has ended the session of the old one' is 302 session &&
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
is_a_cache() { php "$(tail -n +2 "$here/object-cache.php")"; }
woocommerce_grows() {
	check 'keeps WordPress'"'"'s objects in its cache' eventually 30 uses_cache
	check 'has a cache as WordPress expects it' is_a_cache
	check 'sells without its cache, and forgets nothing' does_without
	check 'takes a new password although it has the owner in its cache' rotates "$1" -f "$work/medium.yaml"
}
