<?php

namespace App\Jobs;

use App\Models\Ticket;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Queue\Queueable;

class ExportTickets implements ShouldQueue
{
    use Queueable;

    public function handle(): void
    {
        file_put_contents(storage_path('app/tickets.json'), Ticket::all()->toJson());
    }
}
