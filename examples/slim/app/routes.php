<?php

declare(strict_types=1);

use Parcels\ListParcels;
use Psr\Http\Message\ResponseInterface as Response;
use Psr\Http\Message\ServerRequestInterface as Request;
use Slim\App;
use Slim\Interfaces\RouteCollectorProxyInterface as Group;

return function (App $app): void {
    // $app->get('/healthz', …) answered before version 2
    $app->group('/api', function (Group $group): void {
        $group->get('/parcels', ListParcels::class);

        $group->group('/system', function (Group $system): void {
            $system->get('/health', fn (Request $request, Response $response): Response => $response);
        });
    });
};
