<?php

function database(): PDO
{
    static $connection = null;
    if ($connection === null) {
        $host = getenv('GUESTBOOK_DB_HOST') ?: 'localhost';
        $connection = new PDO("pgsql:host=$host;port=5432;dbname=guestbook", 'guestbook', getenv('GUESTBOOK_DB_PASSWORD'));
        $connection->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
    }

    return $connection;
}
