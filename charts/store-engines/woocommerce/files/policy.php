<?php
/**
 * Plugin Name: Storeward policy
 * Description: What holds for a shop that cannot reach the outside: no calls, no mail, no updates; cron by itself.
 */

defined( 'WP_HTTP_BLOCK_EXTERNAL' ) || define( 'WP_HTTP_BLOCK_EXTERNAL', true );
defined( 'AUTOMATIC_UPDATER_DISABLED' ) || define( 'AUTOMATIC_UPDATER_DISABLED', true );

// There is no mail server: without this each order would wait for one that never answers.
add_filter( 'pre_wp_mail', '__return_true' );

// The shop's own address leads to an ingress that its pods may not reach.
add_filter(
	'cron_request',
	function ( $request ) {
		$request['url'] = preg_replace( '#^https?://[^/]+#', 'http://localhost', $request['url'] );
		return $request;
	}
);
