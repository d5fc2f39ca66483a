<?php

return [
    'page_size' => (int) env('DESK_PAGE_SIZE', 50),
    'sender' => env('DESK_SENDER', 'desk@acme.example'),
];
