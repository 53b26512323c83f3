<?php
/**
 * Whole folders: removed, copied, and told apart. A link is taken as a link, wherever it leads.
 */

function remove_tree( $path ) {
	if ( is_link( $path ) || ! is_dir( $path ) ) {
		@unlink( $path );
		return;
	}
	foreach ( scandir( $path ) as $name ) {
		if ( '.' !== $name && '..' !== $name ) {
			remove_tree( "$path/$name" );
		}
	}
	rmdir( $path );
}

/** Whether all of it was copied; $to is made. */
function copy_tree( $from, $to ) {
	if ( is_link( $from ) ) {
		return symlink( readlink( $from ), $to );
	}
	if ( ! is_dir( $from ) ) {
		return copy( $from, $to );
	}
	if ( ! mkdir( $to ) ) {
		return false;
	}
	foreach ( array_diff( scandir( $from ), array( '.', '..' ) ) as $name ) {
		if ( ! copy_tree( "$from/$name", "$to/$name" ) ) {
			return false;
		}
	}
	return true;
}

/** Of names and contents, but for the file $except. */
function digest_tree( $folder, $except ) {
	$files = array();
	foreach ( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $folder, FilesystemIterator::SKIP_DOTS ) ) as $path => $file ) {
		$name = substr( $path, strlen( $folder ) + 1 );
		if ( $name !== $except ) {
			$files[] = "$name " . ( $file->isLink() ? readlink( $path ) : hash_file( 'sha256', $path ) );
		}
	}
	sort( $files );
	return hash( 'sha256', implode( "\n", $files ) );
}
