<?php

namespace Tests;

use Illuminate\Foundation\Testing\TestCase as Base;

abstract class TestCase extends Base {}
