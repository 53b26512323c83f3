<?php
/**
 * Plugin Name: Storeward policy
 * Description: What holds for a shop that cannot reach the outside: no calls, no updates; mail only by the relay.
 */

defined( 'WP_HTTP_BLOCK_EXTERNAL' ) || define( 'WP_HTTP_BLOCK_EXTERNAL', true );
defined( 'AUTOMATIC_UPDATER_DISABLED' ) || define( 'AUTOMATIC_UPDATER_DISABLED', true );

/**
 * Whether this is the checkout probe, or a request of its: nobody else knows the key, and nobody but
 * the shop may know it.
 */
function storeward_is_probe() {
	$key = hash_hmac( 'sha256', 'storeward-probe', DB_PASSWORD );
	return defined( 'STOREWARD_PROBE' ) || hash_equals( $key, (string) ( $_SERVER['HTTP_X_STOREWARD_PROBE'] ?? '' ) );
}

if ( storeward_is_probe() ) {
	// Its orders are nobody's business. Deferred, a mail would leave in another request.
	add_filter( 'woocommerce_webhook_should_deliver', '__return_false' );
	add_filter( 'woocommerce_defer_transactional_emails', '__return_false' );
}

// Nor are they sales, whichever request counts them.
add_filter(
	'woocommerce_analytics_is_test_order',
	function ( $is_test, $order ) {
		return $is_test || 'probe@storeward.invalid' === $order->get_billing_email();
	},
	10,
	2
);

// Without a relay each order would wait for a mail server that never answers.
if ( ! getenv( 'STOREWARD_MAIL_HOST' ) || storeward_is_probe() ) {
	add_filter( 'pre_wp_mail', '__return_true' );
} else {
	add_filter(
		'wp_mail_from',
		function () {
			return getenv( 'STOREWARD_MAIL_FROM' );
		},
		1000 // WooCommerce has an opinion of its own.
	);
	add_action( 'phpmailer_init', 'storeward_mail_by_relay', 1000 );
}

function storeward_mail_by_relay( $mailer ) {
	$mailer->isSMTP();
	$mailer->Host        = getenv( 'STOREWARD_MAIL_HOST' );
	$mailer->Port        = (int) getenv( 'STOREWARD_MAIL_PORT' );
	$mailer->SMTPSecure  = array( 'none' => '', 'starttls' => 'tls', 'tls' => 'ssl' )[ getenv( 'STOREWARD_MAIL_SECURITY' ) ];
	$mailer->SMTPAutoTLS = false;
	$mailer->Timeout     = 10;
	$mailer->SMTPAuth    = (bool) getenv( 'STOREWARD_MAIL_USER' );
	if ( $mailer->SMTPAuth ) {
		$mailer->Username = getenv( 'STOREWARD_MAIL_USER' );
		$mailer->Password = trim( file_get_contents( '/run/credentials/mail-password' ) );
	}
}
