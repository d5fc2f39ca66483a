<?php

pest()->extend(Illuminate\Foundation\Testing\TestCase::class)->in('Feature');
