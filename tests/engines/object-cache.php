<?php
/**
 * What WordPress expects of its object cache, asked of the shop's: "ok NAME" or "not ok NAME" lines. Runs in WordPress.
 */
$object    = new stdClass();
$object->x = 1;
wp_cache_set( 'object', $object, 'g' );
$object->x = 2;
wp_cache_set( 'int', 5, 'g' );
wp_cache_set( 'no', false, 'g' );
wp_cache_set( 'null', null, 'g' );
wp_cache_set( 'text', '12', 'g' );
wp_cache_set( 'short', array( 1 ), 'g', 1 );
wp_cache_set( 'big', str_repeat( "x\r\n", 700000 ), 'g' );
wp_cache_set( 'here', 1, 'counts' );
$found = array();
wp_cache_get( 'no', 'g', true, $found['no'] );
wp_cache_get( 'null', 'g', true, $found['null'] );
wp_cache_get( 'none', 'g', true, $found['none'] );

$results = array(
	'it is the server that is asked'         => wp_using_ext_object_cache() && wp_cache_get( 'int', 'g', true ) === 5,
	'false, null and nothing are three'      => array( true, true, false ) === array_values( $found ),
	'what was put in stays as it was'        => 1 === wp_cache_get( 'object', 'g' )->x && 1 === wp_cache_get( 'object', 'g', true )->x,
	'numbers are added to'                   => 8 === wp_cache_incr( 'int', 3, 'g' ) && 8 === wp_cache_get( 'int', 'g', true ),
	'numbers end at 0'                       => 0 === wp_cache_decr( 'int', 30, 'g' ) && 0 === wp_cache_get( 'int', 'g', true ),
	'text stays text'                        => '12' === wp_cache_get( 'text', 'g', true ),
	'text that is a number is added to'      => 14 === wp_cache_incr( 'text', 2, 'g' ) && 14 === wp_cache_get( 'text', 'g', true ),
	'nothing is not added to'                => false === wp_cache_incr( 'none', 1, 'g' ),
	'what is there is not added'             => ! wp_cache_add( 'int', 1, 'g' ) && 0 === wp_cache_get( 'int', 'g' ),
	'what is not there is not replaced'      => ! wp_cache_replace( 'none', 1, 'g' ) && wp_cache_replace( 'int', 2, 'g' ),
	'many are got at once'                   => array( 'int' => 2, 'none' => false, 'no' => false ) === wp_cache_get_multiple( array( 'int', 'none', 'no' ), 'g', true ),
	'what is deleted is gone, and once'      => wp_cache_delete( 'int', 'g' ) && ! wp_cache_delete( 'int', 'g' ) && ! wp_cache_get( 'int', 'g' ),
	'two megabytes come back whole'          => 2100000 === strlen( wp_cache_get( 'big', 'g', true ) ),
	'groups that are not shared are here'    => 2 === wp_cache_incr( 'here', 1, 'counts' ) && 2 === wp_cache_get( 'here', 'counts', true ),
	'what is over is over'                   => 0 === sleep( 2 ) && false === wp_cache_get( 'short', 'g', true ),
	'what is flushed is gone'                => wp_cache_flush() && false === wp_cache_get( 'text', 'g', true ),
);
foreach ( $results as $name => $is ) {
	echo true === $is ? 'ok ' : 'not ok ', $name, "\n";
}
exit( in_array( false, $results, true ) ? 1 : 0 );
