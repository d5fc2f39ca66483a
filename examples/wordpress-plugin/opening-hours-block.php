<?php
/**
 * Plugin Name:       Opening Hours Block
 * Description:       Shows the opening hours of a shop, and whether it is open now.
 * Version:           1.4.0
 * Requires at least: 6.5
 * Requires PHP:      7.4
 * Author:            Example
 * Text Domain:       opening-hours-block
 * License:           GPL-2.0-or-later
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

require_once __DIR__ . '/includes/class-schedule.php';

add_action(
	'init',
	function () {
		register_block_type( __DIR__ . '/build/opening-hours' );
	}
);

// Not a front controller: php -S localhost:9000 is only how we looked at it.
add_action(
	'rest_api_init',
	function () {
		register_rest_route(
			'opening-hours/v1',
			'/status',
			array(
				'methods'             => 'GET',
				'callback'            => array( 'Opening_Hours\\Schedule', 'status' ),
				'permission_callback' => '__return_true',
			)
		);
	}
);
