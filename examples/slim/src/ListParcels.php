<?php

declare(strict_types=1);

namespace Parcels;

use PDO;
use Psr\Http\Message\ResponseInterface as Response;
use Psr\Http\Message\ServerRequestInterface as Request;

final class ListParcels
{
    public function __construct(private PDO $database)
    {
    }

    public function __invoke(Request $request, Response $response): Response
    {
        $rows = $this->database->query('SELECT number, state FROM parcels')->fetchAll(PDO::FETCH_ASSOC);
        $response->getBody()->write(json_encode($rows, JSON_THROW_ON_ERROR));

        return $response->withHeader('Content-Type', 'application/json');
    }
}
