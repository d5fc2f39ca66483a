<?php

namespace Tests\Feature;

use Illuminate\Foundation\Testing\RefreshDatabase;
use Tests\TestCase;

class TicketTest extends TestCase
{
    use RefreshDatabase;

    public function test_a_ticket_is_kept(): void
    {
        $this->postJson('/api/tickets', ['email' => 'ada@example.org', 'subject' => 'Help'])->assertCreated();
        $this->getJson('/api/tickets')->assertOk()->assertJsonCount(1);
    }
}
