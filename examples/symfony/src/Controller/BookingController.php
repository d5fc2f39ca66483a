<?php

namespace App\Controller;

use App\Message\SendConfirmation;
use Symfony\Component\DependencyInjection\Attribute\Autowire;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\Messenger\MessageBusInterface;
use Symfony\Component\Routing\Attribute\Route;

final class BookingController
{
    public function __construct(
        private MessageBusInterface $bus,
        #[Autowire('%env(int:MAX_GUESTS)%')] private int $maxGuests,
    ) {
    }

    #[Route('/bookings', name: 'booking_create', methods: ['POST'])]
    public function create(Request $request): JsonResponse
    {
        $guests = (int) $request->getPayload()->get('guests', 1);
        if ($guests > $this->maxGuests) {
            return new JsonResponse(['error' => 'too many guests'], 422);
        }
        $this->bus->dispatch(new SendConfirmation($guests));

        return new JsonResponse(['guests' => $guests], 201);
    }
}
