<?php

namespace Tests\Feature;

use App\Models\Ticket;
use Illuminate\Foundation\Testing\RefreshDatabase;
use Tests\TestCase;

class TicketTest extends TestCase
{
    use RefreshDatabase;

    public function test_it_is_up(): void
    {
        $this->get('/up')->assertOk();
    }

    public function test_closed_tickets_are_not_listed(): void
    {
        Ticket::create(['subject' => 'open', 'closed' => false]);
        Ticket::create(['subject' => 'done', 'closed' => true]);

        $this->get('/tickets')->assertJsonCount(1)->assertJsonPath('0.subject', 'open');
    }
}
