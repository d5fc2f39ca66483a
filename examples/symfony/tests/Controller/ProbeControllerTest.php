<?php

namespace App\Tests\Controller;

use Symfony\Bundle\FrameworkBundle\Test\WebTestCase;

final class ProbeControllerTest extends WebTestCase
{
    public function testLive(): void
    {
        static::createClient()->request('GET', '/_internal/probe/live');

        self::assertResponseIsSuccessful();
    }
}
