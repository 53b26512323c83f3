<?php
/**
 * The commands of Valkey that the object cache needs, in its protocol (RESP 2), with a connection
 * for each request: one that outlived a request cut short would give the next one its answers.
 */

final class Storeward_Cache_Server {
	const PORT      = 6379;
	const TIMEOUT_S = 0.5;
	const PAUSE     = '/tmp/storeward-cache-pause'; // After a failure this pod leaves it alone for a while.
	const PAUSE_S   = 10;
	const VALUE_MAX = 16 * 1024 * 1024;
	const STALE     = '/var/www/html/.storeward-cache-stale';

	private $socket;

	public function __construct() {
		if ( time() - (int) @filemtime( self::PAUSE ) < self::PAUSE_S ) {
			return;
		}
		$this->socket = @stream_socket_client( 'tcp://' . getenv( 'STOREWARD_CACHE' ) . ':' . self::PORT, $code, $why, self::TIMEOUT_S );
		if ( ! $this->socket ) {
			$this->fail( $why );
			return;
		}
		stream_set_timeout( $this->socket, 0, (int) ( self::TIMEOUT_S * 1e6 ) );
		$this->ask( 'AUTH', DB_PASSWORD );
		// The mark first: one that is set while the cache is emptied counts for the next request.
		if ( file_exists( self::STALE ) && @unlink( self::STALE ) ) {
			$this->flush();
		}
	}

	public function is_up() {
		return null !== $this->socket;
	}

	/** $names by the caller's keys; the answer has those that are there. */
	public function get( $names ) {
		$answer = $this->ask( 'MGET', ...array_values( $names ) ) ?? array();
		$found  = array();
		foreach ( array_keys( $names ) as $i => $key ) {
			if ( isset( $answer[ $i ] ) ) {
				$found[ $key ] = self::decode( $answer[ $i ] );
			}
		}
		return $found;
	}

	public function set( $name, $value, $ttl, $how ) {
		$command = array( 'SET', $name, self::encode( $value ) );
		if ( $ttl > 0 ) {
			array_push( $command, 'EX', $ttl );
		}
		if ( '' !== $how ) {
			$command[] = $how;
		}
		return 'OK' === $this->ask( ...$command );
	}

	public function delete( $name ) {
		return 1 === $this->ask( 'DEL', $name );
	}

	/** Adds to a whole number that is there; below 0 is 0. Null without a server. */
	public function add( $name, $by ) {
		$sum = $this->ask( 'INCRBY', $name, $by );
		if ( null === $sum || $sum >= 0 ) {
			return $sum;
		}
		$this->ask( 'SET', $name, 0, 'KEEPTTL' );
		return 0;
	}

	public function flush() {
		return 'OK' === $this->ask( 'FLUSHALL' );
	}

	/** Whole numbers as themselves, so that they can be added to. serialize() never looks like one. */
	private static function encode( $value ) {
		return is_int( $value ) ? (string) $value : serialize( $value );
	}

	private static function decode( $text ) {
		return preg_match( '/^-?[0-9]+$/D', $text ) ? (int) $text : unserialize( $text );
	}

	/** The answer to one command; null for nothing, and when there is no server. */
	private function ask( ...$command ) {
		if ( ! $this->socket ) {
			'MGET' === $command[0] || @touch( self::STALE ); // Who writes may be later than who empties.
			return null;
		}
		$text = '*' . count( $command ) . "\r\n";
		foreach ( $command as $part ) {
			$text .= '$' . strlen( $part ) . "\r\n$part\r\n";
		}
		try {
			for ( $sent = 0; $sent < strlen( $text ); $sent += $n ) {
				$n = @fwrite( $this->socket, $sent ? substr( $text, $sent ) : $text );
				if ( ! $n ) {
					throw new RuntimeException( 'the connection was lost' );
				}
			}
			return $this->answer();
		} catch ( RuntimeException $e ) {
			$this->fail( $e->getMessage() );
			return null;
		}
	}

	private function answer() {
		$line = fgets( $this->socket, 1024 );
		if ( false === $line || "\r\n" !== substr( $line, -2 ) ) {
			throw new RuntimeException( 'no answer' );
		}
		$rest = substr( $line, 1, -2 );
		switch ( $line[0] ) {
			case '+':
				return $rest;
			case ':':
				return (int) $rest;
			case '$':
				return '-1' === $rest ? null : $this->bytes( (int) $rest );
			case '*':
				return array_map( array( $this, 'answer' ), array_fill( 0, (int) $rest, null ) );
			default:
				throw new RuntimeException( $rest );
		}
	}

	private function bytes( $n ) {
		$text = $n > self::VALUE_MAX ? false : stream_get_contents( $this->socket, $n + 2 );
		if ( false === $text || strlen( $text ) !== $n + 2 ) {
			throw new RuntimeException( 'no whole answer' );
		}
		return substr( $text, 0, -2 );
	}

	private function fail( $why ) {
		error_log( "object cache: $why; going on without it" );
		@touch( self::STALE );
		@touch( self::PAUSE );
		if ( $this->socket ) {
			fclose( $this->socket );
		}
		$this->socket = null;
	}
}
