<?php
/**
 * WordPress's object cache, kept in the shop's Valkey where the plan has one. Needs no extension of
 * PHP. A cache that fails is left alone for the rest of the request; since what it holds may then be
 * old, a mark is left beside WordPress, at which the next request that reaches the cache empties it.
 */

require __DIR__ . '/cache-server.php';

// Tells WordPress that the functions below stand for its own.
$GLOBALS['_wp_using_ext_object_cache'] = true;

// phpcs:disable WordPress.WP.GlobalVariablesOverride
final class WP_Object_Cache {
	public $cache_hits   = 0;
	public $cache_misses = 0;
	private $memo        = array(); // By group and key, what this request has seen.
	private $local       = array(); // Groups that are never shared.
	private $server;

	public function __construct() {
		$this->server = new Storeward_Cache_Server();
	}

	public function keep_local( $groups ) {
		$this->local += array_fill_keys( (array) $groups, true );
	}

	public function get( $key, $group, $force, &$found ) {
		$values = $this->get_many( array( $key ), $group, $force );
		$found  = array_key_exists( $key, $values );
		return $found ? $values[ $key ] : false;
	}

	/** Those of the keys that are there, with one question to the server. */
	public function get_many( $keys, $group, $force ) {
		$found = array();
		$ask   = array();
		$force = $force && ! isset( $this->local[ $group ] ) && $this->server->is_up();
		foreach ( $keys as $key ) {
			if ( isset( $this->memo[ $group ][ $key ] ) && ! $force ) {
				$found[ $key ] = self::own( $this->memo[ $group ][ $key ][0] );
			} elseif ( ! isset( $this->local[ $group ] ) ) {
				$ask[ $key ] = "$group:$key";
			}
		}
		foreach ( $ask ? $this->server->get( $ask ) : array() as $key => $value ) {
			$this->memo[ $group ][ $key ] = array( $value );
			$found[ $key ]                = self::own( $value );
		}
		$this->cache_hits   += count( $found );
		$this->cache_misses += count( $keys ) - count( $found );
		return $found;
	}

	/** $how: '' whatever is there, 'NX' only where nothing is, 'XX' only where something is. */
	public function put( $key, $value, $group, $ttl, $how ) {
		if ( isset( $this->local[ $group ] ) || ! $this->server->is_up() ) {
			if ( '' !== $how && isset( $this->memo[ $group ][ $key ] ) !== ( 'XX' === $how ) ) {
				return false;
			}
		} elseif ( ! $this->server->set( "$group:$key", $value, (int) $ttl, $how ) && $this->server->is_up() ) {
			return false;
		}
		$this->memo[ $group ][ $key ] = array( self::own( $value ) );
		return true;
	}

	public function delete( $key, $group ) {
		$there = isset( $this->memo[ $group ][ $key ] );
		unset( $this->memo[ $group ][ $key ] );
		return ( ! isset( $this->local[ $group ] ) && $this->server->delete( "$group:$key" ) ) || $there;
	}

	/** Counts below 0 are 0, as in WordPress's own. */
	public function add_to( $key, $by, $group ) {
		$found = false;
		$value = $this->get( $key, $group, true, $found );
		if ( ! $found ) {
			return false;
		}
		$sum = isset( $this->local[ $group ] ) || ! is_int( $value ) ? null : $this->server->add( "$group:$key", (int) $by );
		if ( null !== $sum ) {
			$this->memo[ $group ][ $key ] = array( $sum );
			return $sum;
		}
		$sum = max( 0, ( is_numeric( $value ) ? (int) $value : 0 ) + (int) $by );
		$this->put( $key, $sum, $group, 0, 'XX' );
		return $sum;
	}

	public function forget() {
		$this->memo = array();
	}

	public function flush() {
		$this->forget();
		return $this->server->flush();
	}

	/** Nobody changes what another one holds. */
	private static function own( $value ) {
		return is_object( $value ) ? clone $value : $value;
	}
}

function wp_cache_init() {
	$GLOBALS['wp_object_cache'] = new WP_Object_Cache();
}

function wp_cache_get( $key, $group = '', $force = false, &$found = null ) {
	return $GLOBALS['wp_object_cache']->get( $key, $group ?: 'default', $force, $found );
}

function wp_cache_get_multiple( $keys, $group = '', $force = false ) {
	return array_replace( array_fill_keys( $keys, false ), $GLOBALS['wp_object_cache']->get_many( $keys, $group ?: 'default', $force ) );
}

function wp_cache_set( $key, $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->put( $key, $data, $group ?: 'default', $expire, '' );
}

function wp_cache_add( $key, $data, $group = '', $expire = 0 ) {
	return ! wp_suspend_cache_addition() && $GLOBALS['wp_object_cache']->put( $key, $data, $group ?: 'default', $expire, 'NX' );
}

function wp_cache_replace( $key, $data, $group = '', $expire = 0 ) {
	return $GLOBALS['wp_object_cache']->put( $key, $data, $group ?: 'default', $expire, 'XX' );
}

function wp_cache_delete( $key, $group = '' ) {
	return $GLOBALS['wp_object_cache']->delete( $key, $group ?: 'default' );
}

function wp_cache_incr( $key, $offset = 1, $group = '' ) {
	return $GLOBALS['wp_object_cache']->add_to( $key, $offset, $group ?: 'default' );
}

function wp_cache_decr( $key, $offset = 1, $group = '' ) {
	return $GLOBALS['wp_object_cache']->add_to( $key, -$offset, $group ?: 'default' );
}

function wp_cache_flush() {
	return $GLOBALS['wp_object_cache']->flush();
}

function wp_cache_flush_runtime() {
	$GLOBALS['wp_object_cache']->forget();
	return true;
}

function wp_cache_supports( $feature ) {
	return in_array( $feature, array( 'get_multiple', 'flush_runtime' ), true );
}

function wp_cache_add_non_persistent_groups( $groups ) {
	$GLOBALS['wp_object_cache']->keep_local( $groups );
}

// One site to a cache: every group is global.
function wp_cache_add_global_groups( $groups ) {}

function wp_cache_switch_to_blog( $blog_id ) {}

function wp_cache_close() {
	return true;
}
