<?php
/**
 * The database follows the programs: WordPress's in step "install", WooCommerce's in step "shop".
 * A release that is older than the data is refused before (package.php).
 */

const UPDATES   = 'woocommerce-db-updates';
const UPDATES_S = 600;

function upgrade_wordpress() {
	global $wp_db_version;
	$from = (int) get_option( 'db_version' );
	if ( $from >= $wp_db_version ) {
		return;
	}
	require_once ABSPATH . 'wp-admin/includes/upgrade.php';
	wp_upgrade();
	if ( (int) get_option( 'db_version' ) !== $wp_db_version ) {
		give_up( 'install', "WordPress's database stayed at $from instead of $wp_db_version", 'look at the log of this Job' );
	}
	echo "WordPress's database: from $from to $wp_db_version\n";
}

/** WooCommerce plans its updates as scheduled actions; here they are run to their end. */
function upgrade_woocommerce() {
	$from = get_option( 'woocommerce_db_version' );
	WC_Install::check_version();
	$planned = array(
		'group'    => UPDATES,
		'status'   => 'pending',
		'per_page' => 1,
	);
	if ( WC_Install::needs_db_update() && ! WC()->queue()->search( $planned ) ) { // An earlier run was cut short.
		WC_Install::run_manual_database_update();
	}
	for ( $end = time() + UPDATES_S; WC_Install::needs_db_update(); sleep( 1 ) ) {
		if ( time() > $end ) {
			$at = get_option( 'woocommerce_db_version' );
			give_up( 'shop', "WooCommerce's database is still at $at after " . UPDATES_S . ' s', 'look at WooCommerce, Status, Scheduled Actions, group ' . UPDATES );
		}
		ActionScheduler_QueueRunner::instance()->run( 'Storeward' );
	}
	if ( $from !== get_option( 'woocommerce_db_version' ) ) {
		echo "WooCommerce's database: from ", $from ?: 'none', ' to ', get_option( 'woocommerce_db_version' ), "\n";
	}
}
