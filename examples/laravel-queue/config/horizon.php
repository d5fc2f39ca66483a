<?php

return [
    'environments' => [
        'production' => [
            'supervisor-1' => ['connection' => 'redis', 'queue' => ['default', 'mail'], 'maxProcesses' => 10],
        ],
    ],
];
