<?php
/**
 * Step "bundled": the themes and plugins that come with WordPress's image. Where a newer image has another
 * one it takes the old one's place, if nobody touched that: a mark in each is its digest when it came. What
 * the owner edited has another digest; what he added or updated himself has no mark. Without WordPress.
 */
require_once __DIR__ . '/tree.php';

const CAME_AS = '.storeward-digest';
const NEW_ONE = '/.storeward-new-';
const OLD_ONE = '/.storeward-old-';

function renew_bundled() {
	if ( wordpress_version( FROM ) !== wordpress_version( TO ) ) {
		return; // What an older image brings is no newer.
	}
	foreach ( array( 'themes', 'plugins' ) as $kind ) {
		tidy( TO . "/wp-content/$kind" );
		foreach ( glob( FROM . "/wp-content/$kind/*", GLOB_ONLYDIR ) as $bundled ) {
			renew( $bundled, TO . "/wp-content/$kind", basename( $bundled ) );
		}
	}
}

/** After a run that was cut short: an old one is put back where its successor had not come. */
function tidy( $folder ) {
	foreach ( glob( $folder . OLD_ONE . '*' ) as $old ) {
		$place = "$folder/" . substr( $old, strlen( $folder . OLD_ONE ) );
		file_exists( $place ) ? remove_tree( $old ) : rename( $old, $place );
	}
	array_map( 'remove_tree', glob( $folder . NEW_ONE . '*' ) );
}

function renew( $bundled, $folder, $name ) {
	$mark = "$folder/$name/" . CAME_AS;
	if ( ! is_dir( "$folder/$name" ) ) {
		return; // The owner removed it.
	}
	$have   = digest_tree( "$folder/$name", CAME_AS );
	$wanted = digest_tree( $bundled, CAME_AS );
	if ( $have === $wanted ) {
		file_put_contents( $mark, $wanted );
	} elseif ( is_file( $mark ) && file_get_contents( $mark ) === $have ) {
		replace( $bundled, $folder, $name, $wanted );
	} else {
		echo "$name is the owner's own by now, and stays\n";
	}
}

function replace( $bundled, $folder, $name, $digest ) {
	$new = $folder . NEW_ONE . $name;
	$old = $folder . OLD_ONE . $name;
	if ( ! copy_tree( $bundled, $new ) || ! file_put_contents( "$new/" . CAME_AS, $digest )
		|| ! rename( "$folder/$name", $old ) || ! rename( $new, "$folder/$name" ) ) {
		give_up( 'bundled', "$folder/$name cannot be written", 'check the size of the volume wordpress (storage.files)' );
	}
	remove_tree( $old );
	echo "$name was replaced by the image's\n";
}
