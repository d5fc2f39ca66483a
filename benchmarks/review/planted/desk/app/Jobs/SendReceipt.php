<?php

namespace App\Jobs;

use App\Models\Ticket;
use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Foundation\Queue\Queueable;
use Illuminate\Support\Facades\Mail;

class SendReceipt implements ShouldQueue
{
    use Queueable;

    public function __construct(public Ticket $ticket) {}

    public function handle(): void
    {
        Mail::raw("We have your ticket: {$this->ticket->subject}", function ($message): void {
            $message->to($this->ticket->email)->from(config('desk.sender'))->subject('Your ticket');
        });
    }
}
