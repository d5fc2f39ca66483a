<?php

namespace App\Http\Controllers;

use App\Jobs\SendReceipt;
use App\Models\Ticket;
use Illuminate\Http\JsonResponse;
use Illuminate\Http\Request;

class TicketController
{
    public function index(): JsonResponse
    {
        return response()->json(Ticket::query()->latest()->limit(config('desk.page_size'))->get());
    }

    public function store(Request $request): JsonResponse
    {
        $ticket = Ticket::create($request->validate([
            'email' => ['required', 'email'],
            'subject' => ['required', 'max:200'],
        ]));
        SendReceipt::dispatch($ticket)->onQueue('receipts');

        return response()->json($ticket, 201);
    }
}
