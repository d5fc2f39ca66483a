<?php

namespace App\Http\Controllers;

use App\Models\Ticket;
use Illuminate\Support\Facades\Cache;

class TicketController
{
    public function index()
    {
        return Cache::remember('tickets.open', 30, fn () => Ticket::where('closed', false)->get()->toArray());
    }

    public function show(Ticket $ticket)
    {
        return $ticket;
    }
}
