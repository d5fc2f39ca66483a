<?php
namespace Opening_Hours;

class Schedule {
	public static function status() {
		$hours = get_option( 'opening_hours', array() );
		$day   = strtolower( wp_date( 'l' ) );

		return rest_ensure_response( array( 'open' => ! empty( $hours[ $day ] ) ) );
	}
}
