<?php
/**
 * Step "package": a built release of WooCommerce from a URL or a file, checked, and put in place
 * as a whole. Runs without WordPress.
 */
require_once __DIR__ . '/tree.php';

const PLUGINS      = '/var/www/html/wp-content/plugins';
const TARGET       = PLUGINS . '/woocommerce';
const MARK         = '.storeward-package';
const ZIP_MAX      = 96 * 1024 * 1024;
const UNPACKED_MAX = 512 * 1024 * 1024;
const ENTRIES_MAX  = 50000;
const BUILT        = array( 'woocommerce.php', 'vendor/autoload.php', 'assets/client' );
const SET_IT       = 'set woocommerce.package to the URL of a built release, or to a zip file in images.wordpress';

function install_package( $source, $timeout_s ) {
	array_map( 'remove_tree', glob( PLUGINS . '/.storeward-*' ) );
	$is_url = (bool) preg_match( '#^https?://#', $source );
	if ( ! $is_url && ! is_file( $source ) ) {
		give_up( 'package', "there is no file $source in the image", SET_IT );
	}
	$identity = $is_url ? $source : $source . ' ' . filesize( $source ) . ' ' . filemtime( $source );
	if ( is_file( TARGET . '/' . MARK ) && file_get_contents( TARGET . '/' . MARK ) === $identity ) {
		return;
	}
	$work = PLUGINS . '/.storeward-' . getmypid();
	if ( ! mkdir( $work ) ) {
		give_up( 'package', "$work cannot be made", 'check the volume wordpress' );
	}
	$zip = $source;
	if ( $is_url ) {
		$zip = "$work/package.zip";
		fetch( $source, $zip, $timeout_s );
	}
	unpack_zip( $zip, $work, $source );
	check_release( "$work/woocommerce", $source );
	file_put_contents( "$work/woocommerce/" . MARK, $identity );
	if ( is_dir( TARGET ) ) {
		rename( TARGET, "$work/old" );
	}
	if ( ! rename( "$work/woocommerce", TARGET ) ) {
		give_up( 'package', TARGET . ' cannot be written', 'check the volume wordpress' );
	}
	remove_tree( $work );
}

function fetch( $url, $file, $timeout_s ) {
	$out  = fopen( $file, 'wb' );
	$size = 0;
	$curl = curl_init( $url );
	curl_setopt_array(
		$curl,
		array(
			CURLOPT_FOLLOWLOCATION  => true,
			CURLOPT_MAXREDIRS       => 5,
			CURLOPT_PROTOCOLS       => CURLPROTO_HTTP | CURLPROTO_HTTPS,
			CURLOPT_REDIR_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
			CURLOPT_CONNECTTIMEOUT  => 10,
			CURLOPT_TIMEOUT         => $timeout_s,
			CURLOPT_FAILONERROR     => true,
			CURLOPT_WRITEFUNCTION   => function ( $curl, $bytes ) use ( $out, &$size ) {
				$size += strlen( $bytes );
				return $size > ZIP_MAX ? 0 : fwrite( $out, $bytes );
			},
		)
	);
	$is_done = curl_exec( $curl );
	$status  = curl_getinfo( $curl, CURLINFO_RESPONSE_CODE );
	fclose( $out );
	if ( $size > ZIP_MAX ) {
		give_up( 'package', "$url is larger than " . ZIP_MAX . ' bytes', SET_IT );
	}
	if ( ! $is_done ) {
		$why = $status >= 400 ? "HTTP $status" : curl_error( $curl );
		give_up( 'package', "could not fetch $url ($why)", SET_IT );
	}
}

function unpack_zip( $file, $folder, $source ) {
	$zip = new ZipArchive();
	if ( true !== $zip->open( $file, ZipArchive::RDONLY ) ) {
		give_up( 'package', "$source is not a zip file", SET_IT );
	}
	$total = 0;
	for ( $i = 0; $i < $zip->numFiles; $i++ ) {
		$entry  = $zip->statIndex( $i );
		$total += $entry['size'];
		if ( 0 !== strpos( $entry['name'], 'woocommerce/' ) || preg_match( '#(^|/)\.\.(/|$)#', $entry['name'] ) ) {
			give_up( 'package', "$source holds {$entry['name']}, which is not in a folder woocommerce/", SET_IT );
		}
		if ( $i >= ENTRIES_MAX || $total > UNPACKED_MAX ) {
			give_up( 'package', "$source unpacks to too much", SET_IT );
		}
	}
	if ( ! $zip->extractTo( $folder ) ) {
		give_up( 'package', "$source cannot be unpacked", 'check the size of the volume wordpress (storage.files)' );
	}
	$zip->close();
}

function check_release( $plugin, $source ) {
	foreach ( BUILT as $part ) {
		if ( ! file_exists( "$plugin/$part" ) ) {
			give_up( 'package', "$source has no $part, so it is not a built release", SET_IT );
		}
	}
	$header  = file_get_contents( "$plugin/woocommerce.php", false, null, 0, 8192 );
	$version = header_field( $header, 'Version' );
	include '/var/www/html/wp-includes/version.php';
	$needs = array(
		array( 'WordPress', header_field( $header, 'Requires at least' ), preg_replace( '/-.*/', '', $wp_version ), 'images.wordpress' ),
		array( 'PHP', header_field( $header, 'Requires PHP' ), PHP_VERSION, 'images.wordpress' ),
	);
	foreach ( $needs as list( $what, $wanted, $have, $value ) ) {
		if ( version_compare( $have, $wanted, '<' ) ) {
			give_up( 'package', "WooCommerce $version requires $what $wanted and this is $what $have", "set woocommerce.package to a release for it, or $value to a newer one" );
		}
	}
	$installed = is_file( TARGET . '/woocommerce.php' ) ? header_field( file_get_contents( TARGET . '/woocommerce.php', false, null, 0, 8192 ), 'Version' ) : '0';
	if ( version_compare( $installed, $version, '>' ) ) {
		give_up( 'package', "WooCommerce $installed is installed and its data does not fit $version", "set woocommerce.package to $installed or newer" );
	}
	echo "WooCommerce $version\n";
}

function header_field( $header, $name ) {
	return preg_match( '/^[ \t*]*' . preg_quote( $name, '/' ) . ':[ \t]*(\S+)/mi', $header, $found ) ? $found[1] : '0';
}
