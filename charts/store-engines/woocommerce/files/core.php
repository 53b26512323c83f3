<?php
/**
 * Before the web server starts: WordPress's own files on the volume are brought to the image's
 * version, if that is newer. What the shop put there stays, and its themes and plugins are set-up's
 * business (bundled.php); the first copy is the image's.
 */

const FROM    = '/usr/src/wordpress';
const TO      = '/var/www/html';
const VERSION = 'wp-includes/version.php';

function wordpress_version( $folder ) {
	$text = is_file( "$folder/" . VERSION ) ? file_get_contents( "$folder/" . VERSION ) : '';
	return preg_match( '/\$wp_version\s*=\s*\'([0-9.]+)/', $text, $found ) ? $found[1] : '0';
}

/** Whether the volume has WordPress, and at least the image's version. */
function core_is_current() {
	$have = wordpress_version( TO );
	return '0' !== $have && version_compare( $have, wordpress_version( FROM ), '>=' );
}

/** Each file beside and renamed; the version last, so that a copy cut short is done again. */
function copy_core( $path ) {
	if ( is_dir( FROM . "/$path" ) ) {
		is_dir( TO . "/$path" ) || mkdir( TO . "/$path" );
		foreach ( array_diff( scandir( FROM . "/$path" ), array( '.', '..' ) ) as $name ) {
			copy_core( "$path/$name" );
		}
	} elseif ( VERSION !== $path ) {
		copy_file( $path );
	}
}

function copy_file( $path ) {
	$new = TO . "/$path.storeward-new";
	if ( ! copy( FROM . "/$path", $new ) || ! rename( $new, TO . "/$path" ) ) {
		$line = "core: $path cannot be written; check the size of the volume wordpress (storage.files)";
		fwrite( STDERR, "$line\n" );
		file_put_contents( '/dev/termination-log', $line );
		exit( 1 );
	}
}

if ( __FILE__ !== realpath( $_SERVER['argv'][0] ) ) {
	return; // Set-up wants the functions only.
}
if ( '0' !== wordpress_version( TO ) && ! core_is_current() ) {
	array_map( 'copy_core', array( 'wp-admin', 'wp-includes' ) );
	foreach ( glob( FROM . '/*.php' ) as $file ) {
		0 === strpos( basename( $file ), 'wp-config' ) || copy_core( basename( $file ) );
	}
	copy_file( VERSION );
	echo 'WordPress ', wordpress_version( TO ), "\n";
}
touch( TO . '/.storeward-started' ); // Since when what is planned can run.
