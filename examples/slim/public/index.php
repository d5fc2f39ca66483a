<?php

declare(strict_types=1);

use DI\ContainerBuilder;
use Slim\Factory\AppFactory;

require __DIR__ . '/../vendor/autoload.php';

$builder = new ContainerBuilder();
$builder->addDefinitions(__DIR__ . '/../app/settings.php');
AppFactory::setContainer($builder->build());

$app = AppFactory::create();
(require __DIR__ . '/../app/routes.php')($app);
$app->run();
