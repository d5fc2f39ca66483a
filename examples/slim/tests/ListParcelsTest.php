<?php

declare(strict_types=1);

namespace Parcels\Tests;

use PDO;
use Parcels\ListParcels;
use PHPUnit\Framework\TestCase;
use Slim\Psr7\Factory\ResponseFactory;
use Slim\Psr7\Factory\ServerRequestFactory;

final class ListParcelsTest extends TestCase
{
    public function testEmpty(): void
    {
        $database = new PDO('sqlite::memory:');
        $database->exec('CREATE TABLE parcels (number TEXT, state TEXT)');
        $list = new ListParcels($database);

        $response = $list((new ServerRequestFactory())->createServerRequest('GET', '/'), (new ResponseFactory())->createResponse());

        self::assertSame('[]', (string) $response->getBody());
    }
}
