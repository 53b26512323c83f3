<?php
/**
 * What set-up and probe share: how they give up, and WordPress without a web server.
 */

const TERMINATION_LOG = '/dev/termination-log';
const PROBE_EMAIL     = 'probe@storeward.invalid';

/** Says in one line why this run ends, where Kubernetes keeps it, and ends it. */
function give_up( $step, $what, $next ) {
	$line = one_line( "$step: $what; $next" );
	fwrite( STDERR, "$line\n" );
	file_put_contents( TERMINATION_LOG, $line . tell() );
	exit( 1 );
}

function one_line( $text ) {
	return substr( preg_replace( '/\s+/', ' ', $text ), 0, 1000 );
}

/** Keeps a condition for the end of the run, as "TYPE STATUS REASON: MESSAGE"; the lines kept so far. */
function tell( $condition = null ) {
	static $told = '';
	$told       .= null === $condition ? '' : "\n" . one_line( $condition );
	return $told;
}

/** A PHP error that nobody caught gives up in the name of the step, too. */
function give_up_on_errors( $step ) {
	register_shutdown_function(
		function () use ( $step ) {
			$e     = error_get_last();
			$fatal = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR;
			if ( $e && ( $e['type'] & $fatal ) ) {
				give_up( $step, strtok( $e['message'], "\n" ), "look at the log of this Job" );
			}
		}
	);
}

function credential( $key ) {
	return trim( file_get_contents( "/run/credentials/$key" ) );
}

/** host:port as customers write it. */
function store_address() {
	return preg_replace( '#^https?://#', '', getenv( 'STORE_URL' ) );
}

/** Makes WordPress believe that it loads for a page of this store; call it before wp-load.php. */
function pretend_request() {
	$address  = explode( ':', store_address() );
	$is_https = 0 === strpos( getenv( 'STORE_URL' ), 'https:' );

	$_SERVER['HTTP_HOST']       = store_address();
	$_SERVER['SERVER_NAME']     = $address[0];
	$_SERVER['SERVER_PORT']     = $address[1] ?? ( $is_https ? '443' : '80' );
	$_SERVER['REQUEST_URI']     = '/';
	$_SERVER['REQUEST_METHOD']  = 'GET';
	$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
	$_SERVER['REMOTE_ADDR']     = '127.0.0.1';
	if ( $is_https ) {
		$_SERVER['HTTPS'] = 'on';
	}
}

/** A connection to the shop's database, or null. */
function connect_database( $timeout_s, &$why = null ) {
	mysqli_report( MYSQLI_REPORT_OFF );
	$db = mysqli_init();
	$db->options( MYSQLI_OPT_CONNECT_TIMEOUT, $timeout_s );
	if ( @$db->real_connect( getenv( 'WORDPRESS_DB_HOST' ), getenv( 'WORDPRESS_DB_USER' ), credential( 'database-password' ), getenv( 'WORDPRESS_DB_NAME' ) ) ) {
		return $db;
	}
	$why = $db->connect_error;
	return null;
}
