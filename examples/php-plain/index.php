<?php

require __DIR__ . '/lib/database.php';

// Until 2024 this listened on 9000 behind FastCGI.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

switch ($path) {
    case '/':
        $entries = database()->query('SELECT author, message FROM entries ORDER BY id DESC')->fetchAll();
        require __DIR__ . '/templates/book.php';
        break;
    case '/entries':
        $statement = database()->prepare('INSERT INTO entries (author, message) VALUES (?, ?)');
        $statement->execute([$_POST['author'], $_POST['message']]);
        header('Location: /');
        break;
    case '/-/alive':
        header('Content-Type: text/plain');
        echo 'ok';
        break;
    default:
        http_response_code(404);
        echo 'Not found';
}
