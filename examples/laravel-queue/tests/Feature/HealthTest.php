<?php

it('is alive', function () {
    $this->get('/healthz/live')->assertOk();
});
