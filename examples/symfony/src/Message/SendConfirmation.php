<?php

namespace App\Message;

final readonly class SendConfirmation
{
    public function __construct(public int $guests)
    {
    }
}
