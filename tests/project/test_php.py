"""PHP: what is read of Composer, Laravel, Symfony, WordPress and plain applications, case by case."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read


def project(files: dict[str, str | bytes]) -> Project:
    return read(Repository.of(files))


def only(files: dict[str, str | bytes]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


def composer(*required: str, **more: Any) -> str:
    return json.dumps({"type": "project", "require": dict.fromkeys(required, "*"), **more})


def laravel(**files: str) -> Component:
    manifest = composer(require={"php": "^8.2", "laravel/framework": "^12.0"})
    named = {name.replace("__", "/").replace("_php", ".php"): text for name, text in files.items()}
    return only({"composer.json": manifest, "artisan": "", "public/index.php": "<?php\nrun();", **named})


def commands(component: Component) -> dict[str, str]:
    return {process.name: process.command for process in component.processes}


JOB = "<?php\nuse Illuminate\\Contracts\\Queue\\ShouldQueue;\nclass Send implements ShouldQueue {}\n"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app__Jobs__Send_php": JOB, "config__queue_php": "<?php\nreturn ['default' => env('QUEUE_CONNECTION', 'database')];"}, True),
        ({"app__Jobs__Send_php": JOB, "config__queue_php": "<?php\nreturn ['default' => env('QUEUE_CONNECTION', 'sync')];"}, False),
        ({"app__Jobs__Send_php": "<?php\n// class Send implements ShouldQueue\nclass Send {}\n"}, False),
        ({"app__Jobs__Send_php": JOB}, True),  # Laravel 11 and later queue in the database where nothing is configured
    ],
)  # fmt: skip
def test_a_laravel_worker_where_jobs_are_queued(files: dict[str, str], expected: bool) -> None:
    assert commands(laravel(**files)) == ({"queue": "php artisan queue:work"} if expected else {})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Schedule::command('reports')->daily();", True),
        ("Artisan::command('reports', fn () => 1)->hourly();", True),
        ("Artisan::command('inspire', fn () => 1)->hourly();", False),
        ("// Schedule::command('reports')->daily();", False),
    ],
)
def test_a_laravel_scheduler_where_something_is_scheduled(code: str, expected: bool) -> None:
    found = laravel(routes__console_php=f"<?php\n{code}\n")
    assert commands(found) == ({"scheduler": "php artisan schedule:work"} if expected else {})


def test_the_prefix_of_laravels_api_routes() -> None:
    route = "<?php\nRoute::get('/health', fn () => 1);\n"
    assert laravel(routes__api_php=route).health == "/api/health"
    routing = "<?php\nreturn Application::configure()->withRouting(api: __DIR__.'/../routes/api.php', apiPrefix: '')->create();"
    assert laravel(routes__api_php=route, bootstrap__app_php=routing).health == "/health"
    provider = "<?php\nRoute::prefix('v2')->middleware('api')->group(base_path('routes/api.php'));\n"
    assert laravel(routes__api_php=route, app__Providers__RouteServiceProvider_php=provider).health == "/v2/health"


def test_groups_of_laravel_routes_and_what_is_no_route() -> None:
    routes = "<?php\nRoute::group(['prefix' => 'x'], function () {\n  Route::middleware('a')->prefix('y')->get('healthz', 'P');\n});"
    found = laravel(routes__web_php=routes, app__Http__Client_php="<?php\n$app->get('/health', []);\n")
    assert (found.health, found.evidence["health"]) == ("/x/y/healthz", "routes/web.php:3")


def test_old_laravel_has_no_artisan_test() -> None:
    files = {
        "composer.json": composer(require={"laravel/framework": "5.8.*"}, **{"require-dev": {"phpunit/phpunit": "^7"}}),
        "artisan": "",
        "public/index.php": "<?php\nrun();",
        "phpunit.xml": "<phpunit/>",
        "tests/A.php": "",
    }
    assert only(files).test == "vendor/bin/phpunit"


def test_octane_serves_laravel() -> None:
    manifest = composer(require={"laravel/framework": "^12", "laravel/octane": "^2"})
    found = only({"composer.json": manifest, "artisan": "", "public/index.php": "<?php\nrun();"})
    assert (found.start, found.port) == ("php artisan octane:start --host=0.0.0.0 --port=8000", 8000)


def test_sail_builds_the_application_itself() -> None:
    compose = (
        "services:\n  app:\n    build: {context: ./vendor/laravel/sail/runtimes/8.4}\n    depends_on: [db]\n"
        "  db:\n    image: mariadb:11\n"
    )
    found = laravel(**{"compose.yaml": compose, "_env_example": ""})
    assert (found.services, found.traits["version.mariadb"]) == (("mariadb",), "11")


def test_the_tools_folder_of_composer() -> None:
    manifest = composer(
        "symfony/framework-bundle",
        **{"config": {"bin-dir": "bin"}, "require-dev": {"phpunit/phpunit": "*", "phpstan/phpstan": "*"}},
    )
    found = only(
        {
            "composer.json": manifest,
            "public/index.php": "<?php\nrun();",
            "phpunit.xml.dist": "<phpunit/>",
            "tests/A.php": "",
        }
    )
    assert (found.test, found.typecheck) == ("bin/phpunit", None)  # PHPStan has no configuration here


@pytest.mark.parametrize(
    ("url", "service", "version"),
    [
        ("mysql://a:b@h/db?serverVersion=10.11.2-MariaDB&charset=utf8mb4", "mariadb", "10.11.2"),
        ("mysql://a:b@h/db?serverVersion=8.0.32", "mysql", "8.0.32"),
        ("postgresql://a:b@h/db", "postgresql", None),
    ],
)
def test_the_database_of_symfony(url: str, service: str, version: str | None) -> None:
    files = {
        "composer.json": composer("symfony/framework-bundle"),
        "public/index.php": "<?php\nrun();",
        ".env": f"DATABASE_URL={url}\n",
    }
    found = only(files)
    assert (found.services, found.traits.get(f"version.{service}")) == ((service,), version)


def test_symfony_parts_of_other_environments_say_nothing() -> None:
    files = {
        "composer.json": composer("symfony/framework-bundle", "symfony/messenger"),
        "public/index.php": "<?php\nrun();",
        "config/packages/messenger.yaml": "when@test:\n  framework:\n    messenger:\n      transports: {async: 'amqp://x'}\n      key: '%env(TEST_KEY)%'\n",
    }
    found = only(files)
    assert (found.processes, found.environment) == ((), ())


def test_routes_of_symfony_in_yaml() -> None:
    files = {
        "composer.json": composer("symfony/framework-bundle"),
        "public/index.php": "<?php\nrun();",
        "config/routes.yaml": "health:\n  path: /status/health\n  controller: App\\Health\nwhen@dev:\n  up:\n    path: /healthz\n",
    }
    found = only(files)
    assert (found.health, found.evidence["health"]) == ("/status/health", "config/routes.yaml:1")


def test_a_library_that_was_copied_in_is_no_component_but_a_path_repository_is() -> None:
    library = json.dumps({"name": "acme/money"})
    root = {"laravel/framework": "^12", "acme/money": "*"}
    front = {"public/index.php": "<?php\nrun();", "packages/money/src/Money.php": "<?php\nclass Money {}"}
    copied = project({"composer.json": composer(require=root), "packages/money/composer.json": library, **front})
    assert [component.path for component in copied.components] == ["."]
    manifest = composer(require=root, repositories=[{"type": "path", "url": "./packages/*"}])
    local = project({"composer.json": manifest, "packages/money/composer.json": library, **front})
    assert [component.path for component in local.components] == [".", "packages/money"]
    assert local.components[0].uses == ("packages/money",)


def test_tools_of_their_own_manifest_are_no_component() -> None:
    files = {
        "composer.json": composer("slim/slim"),
        "public/index.php": "<?php\nrun();",
        "tools/php-cs-fixer/composer.json": "{}",
        ".ci/phpmd/composer.json": "{}",
    }
    assert only(files).framework == "slim"


def test_wordpress_headers_count_where_wordpress_reads_them() -> None:
    plugin = only(
        {
            "shop.php": "<?php\n/*\nPlugin Name: Shop\nRequires PHP: 8.1\n*/\n",
            "inc/index.php": "<?php // Silence is golden.",
        }
    )
    assert (plugin.framework, plugin.kind, plugin.runtime and plugin.runtime.version) == ("wordpress", "library", "8.1")
    assert project({"shop.php": "<?php\n$text = 'Plugin Name is missing';\n"}).components == ()


def test_a_wordpress_site_needs_its_database() -> None:
    manifest = composer("roots/wordpress", name="roots/site")
    found = only({"composer.json": manifest, "web/index.php": "<?php\nrequire 'wp/wp-blog-header.php';"})
    assert (found.kind, found.services, found.writable) == ("service", ("mysql",), ("web/app/uploads",))
    assert found.evidence["services"].startswith("convention")


@pytest.mark.parametrize(
    ("code", "required"),
    [
        ("$x = getenv('KEY');", True),
        ("$x = getenv('KEY') ?: 'a';", False),
        ("$x = $_ENV['KEY'] ?? 'a';", False),
        ("$x = isset($_ENV['KEY']);", False),
        ("$x = getenv('KEY');\nif ($x === false) { $x = 'a'; }", False),
        ("$x = $_ENV['KEY'];", True),
        ("$_ENV['KEY'] = 'a';", None),
        ("// getenv('KEY')\n$x = 1;", None),
    ],
)
def test_environment_of_plain_php(code: str, required: bool | None) -> None:
    found = only({"index.php": f"<?php\n{code}\necho $x;\n"})
    assert (found.environment, found.required_environment) == (
        () if required is None else ("KEY",),
        ("KEY",) if required else (),
    )


def test_a_layer_over_several_engines_names_none() -> None:
    both = "<?php\n$a = new PDO('mysql:host=x');\n$b = new PDO('pgsql:host=x');\n"
    assert only({"index.php": both}).services == ()
    assert only({"index.php": "<?php\n$a = new PDO('mysql:host=x'); // pgsql:host=\n"}).services == ("mysql",)


def test_a_health_script_of_a_plain_application() -> None:
    assert only({"index.php": "<?php\necho 1;", "healthcheck.php": "<?php\necho 'ok';"}).health == "/healthcheck.php"


def test_the_image_of_frankenphp_names_its_own_version_first() -> None:
    found = only(
        {
            "composer.json": composer("slim/slim"),
            "public/index.php": "<?php\nrun();",
            "Dockerfile": "FROM dunglas/frankenphp:1-php8.4\n",
        }
    )
    assert found.runtime and found.runtime.version == "8.4"


def test_broken_manifests_are_problems() -> None:
    found = project({"composer.json": '{"require": {"slim/slim": }}', "public/index.php": "<?php\nrun();"})
    assert [(problem.path, problem.line) for problem in found.problems] == [("composer.json", 1)]


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("postgres:17@sha256:0123456789abcdef", "17"),
        ("postgres@sha256:0123456789abcdef", None),
        ("postgres:${TAG}", None),
    ],
)
def test_the_version_of_an_image_is_its_tag_alone(image: str, version: str | None) -> None:
    compose = f"services:\n  db:\n    image: {image}\n"
    found = laravel(**{"compose.yaml": compose, ".env.example": "DB_CONNECTION=pgsql\n"})
    assert (found.services, found.traits.get("version.postgresql")) == (("postgresql",), version)
