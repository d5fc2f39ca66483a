<?php

namespace App\Controller\Internal;

use Doctrine\DBAL\Connection;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\Routing\Attribute\Route;

#[Route('/probe', name: 'probe_')]
final class ProbeController
{
    // Was #[Route('/healthz')] until the load balancer moved.
    #[Route('/live', name: 'live', methods: ['GET'])]
    public function live(): JsonResponse
    {
        return new JsonResponse(['status' => 'ok']);
    }

    #[Route('/ready', name: 'ready', methods: ['GET'])]
    public function ready(Connection $connection): JsonResponse
    {
        $connection->executeQuery('SELECT 1');

        return new JsonResponse(['status' => 'ok']);
    }
}
