<?php
require dirname( __DIR__ ) . '/vendor/autoload.php';
require getenv( 'WP_TESTS_DIR' ) . '/includes/bootstrap.php';
