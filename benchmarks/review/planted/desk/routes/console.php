<?php

use App\Jobs\ExportTickets;
use Illuminate\Support\Facades\Schedule;

Schedule::job(new ExportTickets, 'exports')->dailyAt('03:00');
