<?php
/**
 * Step "install": WordPress's tables, its owner and its address. Loaded with WP_INSTALLING.
 */

// In place of WordPress's own: no sample post and page in a shop, and no mail.
function wp_install_defaults( $user_id ) {
	if ( ! term_exists( 'Uncategorized', 'category' ) ) {
		wp_insert_term( 'Uncategorized', 'category' );
	}
}

function wp_new_blog_notification( ...$ignored ) {}

function install_wordpress() {
	// wp_install() tries permalinks out by a request to the shop, which has no way to itself.
	add_filter(
		'pre_http_request',
		function () {
			return new WP_Error( 'blocked', 'no requests during set-up' );
		}
	);
	$admin = credential( 'admin-user' );
	if ( ! is_blog_installed() || ! get_option( 'storeward_installed' ) ) {
		@unlink( INSTALLED );
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		$host   = explode( ':', store_address() )[0];
		$result = wp_install( getenv( 'STORE_NAME' ), $admin, "admin@$host", true, '', wp_slash( credential( 'admin-password' ) ) );
		if ( empty( $result['user_id'] ) ) {
			give_up( 'install', 'WordPress made no administrator', 'look at the log of this Job' );
		}
		update_option( 'permalink_structure', '/%postname%/' );
		update_option( 'storeward_installed', '1' );
	}
	upgrade_wordpress();
	apply_password( $admin );
	update_option( 'siteurl', getenv( 'STORE_URL' ) );
	update_option( 'home', getenv( 'STORE_URL' ) );
	if ( ! touch( INSTALLED ) ) {
		give_up( 'install', INSTALLED . ' cannot be written', 'check the volume wordpress' );
	}
	echo 'WordPress ', get_bloginfo( 'version' ), "\n";
}

/**
 * The Secret's password becomes the owner's when it is another than the one applied last: rotation is
 * a new value and another set-up. What the owner changed in WordPress himself stays until then.
 */
function apply_password( $admin ) {
	$password = credential( 'admin-password' );
	$applied  = get_option( 'storeward_password' );
	if ( $applied && password_verify( $password, $applied ) ) {
		return;
	}
	$owner = get_user_by( 'login', $admin );
	if ( ! $owner ) {
		give_up( 'install', "there is no user $admin any more", 'make one under Users, with the role of administrator' );
	}
	if ( ! wp_check_password( $password, $owner->user_pass, $owner->ID ) ) {
		wp_set_password( $password, $owner->ID ); // Ends his sessions, too.
		echo "the password of $admin was changed\n";
	}
	update_option( 'storeward_password', password_hash( $password, PASSWORD_DEFAULT ), false );
}
