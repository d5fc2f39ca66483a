<?php

namespace App\Scheduler;

use Symfony\Component\Scheduler\Attribute\AsCronTask;

#[AsCronTask('30 2 * * *')]
final class NightlyReport
{
    public function __invoke(): void
    {
        // Sums up the day's bookings.
    }
}
