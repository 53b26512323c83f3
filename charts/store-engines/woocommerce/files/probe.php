<?php
/**
 * Buys a product as a customer would, through the storefront's Store API; sees the order as WordPress
 * has it; removes it and puts the stock back. PROBE_MODE says how far it goes: "create" pays with cash
 * on delivery, which must be on; "order" the same, where it is on; "browse" places no order. Further lines
 * of what it says are conditions, whether or not it gets through.
 */
require __DIR__ . '/lib.php';

const API       = 'http://wordpress/wp-json/wc/store/v1';
const ON_TIME_S = 180; // Their container looks every minute, and may take some.
const STARTED   = '/var/www/html/.storeward-started';

define( 'STOREWARD_PROBE', true ); // No mail and no webhook for what happens here (policy.php).
pretend_request();
give_up_on_errors( 'wordpress' );
require getcwd() . '/wp-load.php';
tell( 'ScheduledActions ' . scheduled_actions() );
if ( ! function_exists( 'WC' ) ) {
	give_up( 'wordpress', 'WooCommerce is not active', 'activate it under Plugins, or retry the set-up' );
}
array_map( 'remove_order', wc_get_orders( array( 'billing_email' => PROBE_EMAIL, 'limit' => 20 ) ) );

$product = pick_product();
$headers = array();
call( 'cart', 'GET', '/cart', null, $headers );
$session = array( 'Nonce: ' . ( $headers['nonce'] ?? '' ), 'Cart-Token: ' . ( $headers['cart-token'] ?? '' ) );
$cart    = call( 'add-item', 'POST', '/cart/add-item', array( 'id' => $product['id'], 'quantity' => 1 ), $headers, $session );
$cart    = call( 'address', 'POST', '/cart/update-customer', addresses(), $headers, $session );
if ( $cart['needs_shipping'] && empty( $cart['shipping_rates'][0]['shipping_rates'] ) ) {
	give_up( 'shipping', 'nothing is offered for the shop\'s own address', 'add a method under WooCommerce, Settings, Shipping' );
}
if ( empty( $cart['payment_methods'] ) ) {
	give_up( 'payment', 'the checkout offers no payment method', 'turn one on under WooCommerce, Settings, Payments' );
}
$mode   = getenv( 'PROBE_MODE' ) ?: 'create';
$is_cod = in_array( 'cod', $cart['payment_methods'], true );
if ( 'create' === $mode && ! $is_cod ) {
	give_up( 'payment', 'cash on delivery is not offered', 'turn it on under WooCommerce, Settings, Payments' );
}
if ( 'browse' === $mode || ! $is_cod ) {
	call( 'cart', 'DELETE', '/cart/items', null, $headers, $session );
	succeed( "Went through the checkout with {$product['name']} without placing an order." );
}
$stock  = wc_get_product( $product['id'] )->get_stock_quantity();
$placed = call(
	'checkout',
	'POST',
	'/checkout',
	addresses() + array( 'payment_method' => 'cod' ),
	$headers,
	$session
);
$order = wc_get_order( $placed['order_id'] ?? 0 );
if ( ! $order || PROBE_EMAIL !== $order->get_billing_email() || 'cod' !== $order->get_payment_method() || ! $order->has_status( 'processing' ) ) {
	give_up( 'order', 'the order placed is not in WordPress as an order in process, by cash on delivery', 'look at WooCommerce, Orders' );
}
$id    = $order->get_id();
$total = $order->get_total();
remove_order( $order );
wc_delete_product_transients( $product['id'] );
clean_post_cache( $product['id'] );
if ( wc_get_order( $id ) ) {
	give_up( 'remove', "order $id is still there", 'remove it under WooCommerce, Orders' );
}
if ( wc_get_product( $product['id'] )->get_stock_quantity() !== $stock ) {
	give_up( 'remove', "the stock of {$product['name']} was not put back", 'correct it under Products' );
}
succeed( "Bought {$product['name']} for $total; order $id was seen and removed." );

function succeed( $what ) {
	echo $what, tell(), "\n";
	file_put_contents( TERMINATION_LOG, one_line( $what ) . tell() );
	exit( 0 );
}

/** Whether what is planned is done, by the oldest of what is due. A shop that was at rest has as long to catch up. */
function scheduled_actions() {
	global $wpdb;
	$oldest = $wpdb->get_row(
		"SELECT hook, TIMESTAMPDIFF(SECOND, scheduled_date_gmt, UTC_TIMESTAMP()) AS late FROM {$wpdb->prefix}actionscheduler_actions
		WHERE status = 'pending' AND scheduled_date_gmt BETWEEN '2000-01-01' AND UTC_TIMESTAMP() ORDER BY scheduled_date_gmt LIMIT 1"
	);
	if ( $wpdb->last_error ) {
		return 'Unknown Unreadable: The table of scheduled actions cannot be read; look at the log of this Job.';
	}
	if ( ! $oldest || min( $oldest->late, time() - (int) @filemtime( STARTED ) ) <= ON_TIME_S ) {
		return 'True OnTime: What the shop has scheduled is done on time.';
	}
	$minutes = intdiv( $oldest->late, 60 );
	return "False Overdue: The oldest scheduled action, $oldest->hook, is overdue by $minutes min; look at WooCommerce, Status, Scheduled Actions, and at the log of container cron in Deployment wordpress.";
}

function pick_product() {
	$ignored = array();
	foreach ( call( 'products', 'GET', '/products?type=simple&stock_status=instock&per_page=20', null, $ignored ) as $product ) {
		if ( ! empty( $product['is_purchasable'] ) ) {
			return $product;
		}
	}
	give_up( 'products', 'no product can be bought', 'publish a simple product with a price and stock' );
}

function addresses() {
	return array(
		'billing_address'  => buyer(),
		'shipping_address' => array_diff_key( buyer(), array( 'email' => 1 ) ),
	);
}

function buyer() {
	$shop = WC()->countries;
	return array(
		'first_name' => 'Checkout',
		'last_name'  => 'Probe',
		'address_1'  => $shop->get_base_address() ?: '1 Main Street',
		'city'       => $shop->get_base_city() ?: 'San Francisco',
		'state'      => $shop->get_base_state(),
		'postcode'   => $shop->get_base_postcode() ?: '94107',
		'country'    => $shop->get_base_country(),
		'email'      => PROBE_EMAIL,
		'phone'      => '5550100000',
	);
}

/** One request to the Store API, as the ingress would make it; fills $headers. */
function call( $step, $method, $path, $body, &$headers, $session = array() ) {
	$is_https = 0 === strpos( getenv( 'STORE_URL' ), 'https:' );
	$curl     = curl_init( API . $path );
	$seen     = array();
	curl_setopt_array(
		$curl,
		array(
			CURLOPT_CUSTOMREQUEST  => $method,
			CURLOPT_RETURNTRANSFER => true,
			CURLOPT_CONNECTTIMEOUT => 10,
			CURLOPT_TIMEOUT        => 40,
			CURLOPT_HTTPHEADER     => array_merge(
				array( 'Host: ' . store_address(), 'X-Forwarded-Proto: ' . ( $is_https ? 'https' : 'http' ), 'Content-Type: application/json' ),
				array( 'X-Storeward-Probe: ' . hash_hmac( 'sha256', 'storeward-probe', DB_PASSWORD ) ),
				$session
			),
			CURLOPT_HEADERFUNCTION => function ( $curl, $line ) use ( &$seen ) {
				list( $name, $value )               = array_pad( explode( ':', $line, 2 ), 2, '' );
				$seen[ strtolower( trim( $name ) ) ] = trim( $value );
				return strlen( $line );
			},
		)
	);
	if ( null !== $body ) {
		curl_setopt( $curl, CURLOPT_POSTFIELDS, json_encode( $body ) );
	}
	$text   = curl_exec( $curl );
	$status = curl_getinfo( $curl, CURLINFO_RESPONSE_CODE );
	if ( false === $text ) {
		give_up( $step, 'the storefront did not answer (' . curl_error( $curl ) . ')', 'look at the log of Deployment wordpress' );
	}
	$answer = json_decode( $text, true );
	if ( $status < 200 || $status > 299 || ! is_array( $answer ) ) {
		$what = is_array( $answer ) ? ( $answer['message'] ?? '' ) : 'not JSON';
		give_up( $step, "$method $path answered HTTP $status: " . substr( $what, 0, 200 ), 'look at the log of Deployment wordpress' );
	}
	$headers = $seen;
	return $answer;
}

/** Cancelling puts the stock back. */
function remove_order( $order ) {
	if ( ! $order->has_status( array( 'cancelled', 'checkout-draft' ) ) ) {
		$order->update_status( 'cancelled' );
	}
	$order->delete( true );
}
