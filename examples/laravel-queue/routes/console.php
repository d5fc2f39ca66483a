<?php

use App\Jobs\SendDigest;
use Illuminate\Foundation\Inspiring;
use Illuminate\Support\Facades\Artisan;
use Illuminate\Support\Facades\Schedule;

Artisan::command('inspire', function () {
    $this->comment(Inspiring::quote());
})->purpose('Display an inspiring quote');

Schedule::job(new SendDigest)->dailyAt('06:30');
Schedule::command('horizon:snapshot')->everyFiveMinutes();
