<?php
/**
 * Step "shop": settings, pages and products of a new shop. They are set once: what the owner
 * changes later stays.
 */

const OPTIONS = array(
	'woocommerce_coming_soon'                  => 'no',
	'woocommerce_store_address'                => '1 Main Street',
	'woocommerce_store_city'                   => 'San Francisco',
	'woocommerce_store_postcode'               => '94107',
	'woocommerce_default_country'              => 'US:CA',
	'woocommerce_currency'                     => 'USD',
	'woocommerce_calc_taxes'                   => 'no',
	'woocommerce_enable_guest_checkout'        => 'yes',
	'woocommerce_allow_tracking'               => 'no',
	'woocommerce_show_marketplace_suggestions' => 'no',
	'woocommerce_task_list_hidden'             => 'yes',
	'woocommerce_onboarding_profile'           => array( 'skipped' => true ),
	'woocommerce_cod_settings'                 => array(
		'enabled'            => 'yes',
		'title'              => 'Cash on delivery',
		'description'        => 'Pay with cash upon delivery.',
		'instructions'       => 'Pay with cash upon delivery.',
		'enable_for_methods' => array(),
		'enable_for_virtual' => 'yes',
	),
	'show_on_front'                            => 'page',
);

function open_shop() {
	$owner = get_user_by( 'login', credential( 'admin-user' ) );
	if ( $owner ) {
		wp_set_current_user( $owner->ID );
	}
	upgrade_woocommerce();
	if ( get_option( 'storeward_shop' ) ) {
		echo "the shop is there already\n";
		return;
	}
	choose_theme( getenv( 'STORE_THEME' ) );
	// What the first view of an admin page does: order tables (HPOS) and other defaults of new shops.
	WC_Install::newly_installed();
	WC_Install::create_pages();
	foreach ( OPTIONS as $name => $value ) {
		update_option( $name, $value );
	}
	update_option( 'page_on_front', wc_get_page_id( 'shop' ) );
	$elsewhere = new WC_Shipping_Zone( 0 ); // Every place that no other zone covers.
	if ( ! $elsewhere->get_shipping_methods() ) {
		$elsewhere->add_shipping_method( 'free_shipping' );
	}
	array_map( 'add_product', json_decode( file_get_contents( '/storeward/products.json' ), true ) );
	flush_rewrite_rules();
	delete_transient( '_wc_activation_redirect' );
	check_shop();
	update_option( 'storeward_shop', '1' );
}

function choose_theme( $wanted ) {
	$installed = array_keys( wp_get_themes() );
	if ( ! $installed ) {
		give_up( 'shop', 'no theme is installed', 'use an image of WordPress with a theme' );
	}
	$theme = in_array( $wanted, $installed, true ) ? $wanted : end( $installed );
	if ( get_option( 'stylesheet' ) !== $theme ) {
		switch_theme( $theme );
	}
}

function add_product( $product ) {
	if ( wc_get_product_id_by_sku( $product['sku'] ) ) {
		return;
	}
	$new = new WC_Product_Simple();
	$new->set_name( $product['name'] );
	$new->set_sku( $product['sku'] );
	$new->set_regular_price( $product['price'] );
	$new->set_short_description( $product['description'] );
	$new->set_manage_stock( true );
	$new->set_stock_quantity( 100 );
	$new->set_status( 'publish' );
	$new->save();
}

function check_shop() {
	if ( ! Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled() ) {
		give_up( 'shop', 'orders are not kept in their own tables', 'set woocommerce.package to a newer release' );
	}
	foreach ( array( 'shop', 'cart', 'checkout' ) as $page ) {
		if ( wc_get_page_id( $page ) < 1 ) {
			give_up( 'shop', "WooCommerce made no $page page", 'look at the log of this Job' );
		}
	}
	echo count( wc_get_products( array( 'limit' => 100, 'return' => 'ids' ) ) ), " products\n";
}
