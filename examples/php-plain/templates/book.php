<!doctype html>
<title>Guest book</title>
<link rel="stylesheet" href="/css/book.css">
<?php foreach ($entries as $entry): ?>
  <p><b><?= htmlspecialchars($entry['author']) ?></b>: <?= htmlspecialchars($entry['message']) ?></p>
<?php endforeach ?>
<form method="post" action="/entries"><input name="author"><textarea name="message"></textarea><button>Write</button></form>
