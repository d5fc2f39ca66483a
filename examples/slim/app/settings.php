<?php

declare(strict_types=1);

return [
    PDO::class => fn () => new PDO(
        sprintf('mysql:host=%s;dbname=%s', getenv('DB_HOST'), getenv('DB_NAME') ?: 'parcels'),
        getenv('DB_USER') ?: 'parcels',
        getenv('DB_PASSWORD'),
    ),
    Redis::class => function () {
        $redis = new Redis();
        $redis->connect($_ENV['REDIS_HOST'] ?? '127.0.0.1');

        return $redis;
    },
];
