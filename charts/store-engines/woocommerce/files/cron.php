<?php
/**
 * Each minute: runs what the shop has planned, WordPress's events and WooCommerce's actions, if
 * any of it is due. Most minutes nothing is; a look at the database costs a hundredth of WordPress.
 */
require __DIR__ . '/lib.php';

const INSTALLED = '/var/www/html/.storeward-installed';
const RUNNER    = 'action_scheduler_run_queue'; // An event of each minute, to see whether actions are due.

if ( file_exists( INSTALLED ) ) {
	$db = connect_database( 5 );
	if ( $db && ( events_are_due( $db ) || actions_are_due( $db ) ) ) {
		$db->close();
		pretend_request();
		require '/var/www/html/wp-cron.php';
	}
}

function events_are_due( $db ) {
	$row    = $db->query( "SELECT option_value FROM wp_options WHERE option_name = 'cron'" );
	$events = $row ? unserialize( $row->fetch_row()[0] ?? '', array( 'allowed_classes' => false ) ) : false;
	foreach ( is_array( $events ) ? $events : array() as $time => $hooks ) {
		if ( is_int( $time ) && $time <= time() && array_diff( array_keys( (array) $hooks ), array( RUNNER ) ) ) {
			return true;
		}
	}
	return false;
}

function actions_are_due( $db ) {
	$row = $db->query( "SELECT 1 FROM wp_actionscheduler_actions WHERE status = 'pending' AND scheduled_date_gmt <= UTC_TIMESTAMP() LIMIT 1" );
	return $row && $row->num_rows > 0;
}
