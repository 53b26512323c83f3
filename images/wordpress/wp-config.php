<?php
/**
 * WordPress's settings from the environment, by the upstream image's names: WORDPRESS_DB_HOST, _USER,
 * _PASSWORD, _NAME, WORDPRESS_TABLE_PREFIX, the eight keys and salts, WORDPRESS_DEBUG and
 * WORDPRESS_CONFIG_EXTRA. Each may be given as NAME_FILE, a file that holds the value.
 */
function store_env( $name, $default ) {
	$file = getenv( $name . '_FILE' );
	if ( $file ) {
		return rtrim( file_get_contents( $file ), "\r\n" );
	}
	$value = getenv( $name );
	return false === $value ? $default : $value;
}
define( 'DB_NAME', store_env( 'WORDPRESS_DB_NAME', 'wordpress' ) );
define( 'DB_USER', store_env( 'WORDPRESS_DB_USER', 'wordpress' ) );
define( 'DB_PASSWORD', store_env( 'WORDPRESS_DB_PASSWORD', '' ) );
define( 'DB_HOST', store_env( 'WORDPRESS_DB_HOST', 'mysql' ) );
define( 'DB_CHARSET', store_env( 'WORDPRESS_DB_CHARSET', 'utf8mb4' ) );
define( 'DB_COLLATE', store_env( 'WORDPRESS_DB_COLLATE', '' ) );
$table_prefix = store_env( 'WORDPRESS_TABLE_PREFIX', 'wp_' );

foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $store_use ) {
	foreach ( array( "{$store_use}_KEY", "{$store_use}_SALT" ) as $store_key ) {
		// Without keys of its own, a store's are derived from its database password: secret and stable.
		define( $store_key, store_env( "WORDPRESS_$store_key", hash_hmac( 'sha256', $store_key . DB_NAME, DB_PASSWORD ) ) );
	}
}

// Behind the ingress TLS has ended already.
if ( 'https' === ( $_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '' ) ) {
	$_SERVER['HTTPS'] = 'on';
}
$store_extra = store_env( 'WORDPRESS_CONFIG_EXTRA', '' );
if ( '' !== $store_extra ) {
	eval( $store_extra );
}
// The extra settings above win. A store has no way out of its namespace, so calls outside only cost time.
defined( 'WP_DEBUG' ) || define( 'WP_DEBUG', (bool) store_env( 'WORDPRESS_DEBUG', '' ) );
defined( 'WP_HTTP_BLOCK_EXTERNAL' ) || define( 'WP_HTTP_BLOCK_EXTERNAL', true );
defined( 'AUTOMATIC_UPDATER_DISABLED' ) || define( 'AUTOMATIC_UPDATER_DISABLED', true );
defined( 'FS_METHOD' ) || define( 'FS_METHOD', 'direct' );
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
