<?php

return [
    'paths' => ['migrations' => '%%PHINX_CONFIG_DIR%%/db/migrations'],
    'environments' => [
        'default_environment' => 'production',
        'production' => [
            'adapter' => 'mysql',
            'host' => getenv('DB_HOST'),
            'name' => getenv('DB_NAME') ?: 'parcels',
            'user' => getenv('DB_USER') ?: 'parcels',
            'pass' => getenv('DB_PASSWORD'),
        ],
    ],
];
