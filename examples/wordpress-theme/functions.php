<?php
/**
 * Functions of the theme. Plugin authors: see docs/hooks.md.
 *
 * @package quiet-pages
 */

function quiet_pages_styles() {
	wp_enqueue_style( 'quiet-pages', get_stylesheet_uri(), array(), wp_get_theme()->get( 'Version' ) );
}
add_action( 'wp_enqueue_scripts', 'quiet_pages_styles' );
