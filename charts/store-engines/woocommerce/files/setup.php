<?php
/**
 * Makes an empty WordPress into a shop: php setup.php, in WordPress's folder.
 *
 * Each step runs in a process of its own, since WordPress loads differently before it is
 * installed, before the plugin is active, and with it active. Each can be run again, whatever
 * happened before. It needs PHP and wp-load.php only.
 */
require __DIR__ . '/lib.php';

const STEPS       = array( 'wait', 'bundled', 'install', 'package', 'activate', 'shop' );
const INSTALLED   = '/var/www/html/.storeward-installed';
const FIRST_RUN   = '/tmp/first-run-over'; // On a volume that outlives the container.
const STALE       = '/var/www/html/.storeward-cache-stale'; // At which the web server empties its object cache.
const WAIT_S      = 180;
const RETRY_S     = 10;
const PATIENCE_S  = 660; // Over ten minutes, so that the kubelet forgets its growing back-off.

$step = $argv[1] ?? '';
if ( '' === $step ) {
	exit( run_all() );
}
give_up_on_errors( $step );
if ( 'wait' === $step ) {
	require __DIR__ . '/core.php';
	wait_for_parts();
	exit( 0 );
}
if ( 'bundled' === $step ) {
	require __DIR__ . '/core.php';
	require __DIR__ . '/bundled.php';
	renew_bundled();
	exit( 0 );
}
if ( 'package' === $step ) {
	require __DIR__ . '/package.php';
	install_package( getenv( 'WOOCOMMERCE_PACKAGE' ), WAIT_S );
	exit( 0 );
}
if ( 'install' === $step ) {
	put_policy();
	define( 'WP_INSTALLING', true );
}
pretend_request();
require getcwd() . '/wp-load.php';
if ( 'install' === $step ) {
	require __DIR__ . '/install.php';
	require __DIR__ . '/upgrade.php';
	install_wordpress();
} elseif ( 'activate' === $step ) {
	activate_woocommerce();
} else {
	require __DIR__ . '/shop.php';
	require __DIR__ . '/upgrade.php';
	open_shop();
}
exit( 0 );

/**
 * The first failure ends the container at once, so that its reason can be read. A later run
 * tries again by itself every few seconds, so that it goes on soon after the cause is gone,
 * and ends before the reason grows old.
 */
function run_all() {
	$end = time() + ( file_exists( FIRST_RUN ) ? PATIENCE_S : 0 );
	touch( FIRST_RUN );
	while ( ! run_steps() ) {
		if ( time() >= $end ) {
			return 1;
		}
		sleep( RETRY_S );
	}
	file_put_contents( TERMINATION_LOG, '' );
	return 0;
}

function run_steps() {
	foreach ( STEPS as $step ) {
		$begin = microtime( true );
		file_put_contents( TERMINATION_LOG, '' );
		$command = array( PHP_BINARY, '-d', 'memory_limit=' . ini_get( 'memory_limit' ), __FILE__, $step );
		passthru( implode( ' ', array_map( 'escapeshellarg', $command ) ), $status );
		touch( STALE );
		printf( "%s: %s, %.1f s\n", $step, $status ? "failed ($status)" : 'done', microtime( true ) - $begin );
		if ( 0 !== $status ) {
			if ( '' === file_get_contents( TERMINATION_LOG ) ) {
				file_put_contents( TERMINATION_LOG, "$step: ended with code $status; look at the log of this Job" );
			}
			return false;
		}
	}
	return true;
}

/** The web server starts when WordPress's files are in place; the database has a login by then or soon. */
function wait_for_parts() {
	$end = time() + WAIT_S;
	while ( ! ( $web = @fsockopen( 'wordpress-starting', 80, $code, $why, 5 ) ) ) {
		if ( time() > $end ) {
			give_up( 'wait', "WordPress did not start within " . WAIT_S . " s ($why)", 'look at the log of Deployment wordpress' );
		}
		usleep( 300000 );
	}
	fclose( $web );
	while ( ! core_is_current() ) { // An older web server may go on for a moment.
		if ( time() > $end ) {
			$wanted = wordpress_version( FROM );
			give_up( 'wait', "the files of WordPress $wanted did not come within " . WAIT_S . ' s', 'look at the log of container core in Deployment wordpress' );
		}
		usleep( 300000 );
	}
	while ( ! ( $db = connect_database( 5, $why ) ) ) {
		if ( time() > $end ) {
			give_up( 'wait', 'no connection to the database within ' . WAIT_S . " s ($why)", 'look at the log of StatefulSet mariadb' );
		}
		usleep( 300000 );
	}
	$db->close();
}

/** Always-on plugin: written beside and renamed, so that no request sees half of it. */
function put_policy() {
	$folder = getcwd() . '/wp-content/mu-plugins';
	if ( ! is_dir( $folder ) && ! mkdir( $folder ) ) {
		give_up( 'install', "$folder cannot be made", 'check the volume wordpress' );
	}
	if ( ! copy( __DIR__ . '/policy.php', "$folder/.storeward.new" ) || ! rename( "$folder/.storeward.new", "$folder/storeward.php" ) ) {
		give_up( 'install', "$folder/storeward.php cannot be written", 'check the volume wordpress' );
	}
}

function activate_woocommerce() {
	require_once ABSPATH . 'wp-admin/includes/plugin.php';
	$result = activate_plugin( 'woocommerce/woocommerce.php' );
	if ( is_wp_error( $result ) ) {
		give_up( 'activate', $result->get_error_message(), 'set woocommerce.package to another release' );
	}
}
