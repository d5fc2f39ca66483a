<?php

use App\Models\Ticket;
use Illuminate\Support\Facades\Schedule;

Schedule::call(fn () => Ticket::where('closed', true)->where('updated_at', '<', now()->subYear())->delete())->daily();
