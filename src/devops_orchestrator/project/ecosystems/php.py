"""PHP: Composer; Laravel, Symfony, Slim, WordPress."""

from __future__ import annotations

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts, php
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join

_FRAMEWORKS = (
    ("laravel/framework", "laravel"), ("symfony/framework-bundle", "symfony"), ("slim/slim", "slim"), ("laravel/lumen-framework", "lumen"),
    ("cakephp/cakephp", "cakephp"), ("codeigniter4/framework", "codeigniter"), ("yiisoft/yii2", "yii"), ("mezzio/mezzio", "mezzio"),
    ("roots/wordpress", "wordpress"), ("johnpbloch/wordpress", "wordpress"), ("drupal/core-recommended", "drupal"), ("drupal/core", "drupal"),
)  # fmt: skip
_DATABASES = {"mysql": "mysql", "mariadb": "mariadb", "pgsql": "postgresql", "mongodb": "mongodb"}


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "composer.json")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    composer = tree.json(tree.first(draft.path, "composer.json"))
    if composer is None:
        return False
    for table, dev in (("require", False), ("require-dev", True)):
        for name, version in composer.table(table).items():
            if name != "php" and isinstance(version, str) and name not in draft.dependencies:
                draft.dependencies[name] = version
                draft.places[name] = composer.at(table, name)
                if dev:
                    draft.dev_dependencies.add(name)
    given = composer.text("name")
    if given and not given.startswith("laravel/"):  # a skeleton's own name says nothing of the application
        draft.name = given.rpartition("/")[2]
    draft.scripts = {
        key: value if isinstance(value, str) else " && ".join(map(str, value))
        for key, value in composer.table("scripts").items()
        if isinstance(value, str | list)
    }
    draft.offer("manifest", composer.path, composer.path)
    draft.offer("language", "php", composer.path)
    draft.offer("package_manager", "composer", composer.path)
    lock = tree.first(draft.path, "composer.lock")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "composer install --no-interaction --prefer-dist", lock or composer.path)
    _runtime(draft, tree, composer)
    services.from_packages(draft, services.PHP)
    for package, framework in _FRAMEWORKS:
        if package in draft.dependencies and package not in draft.dev_dependencies:
            draft.offer("framework", framework, draft.place(package))
    code = php.Php(tree, draft.path, draft.files)
    seen = facts.Seen(reads=code.reads, routes=code.routes)
    _kind(draft, composer)
    example = tree.first(draft.path, ".env.example")
    if draft.framework_is("laravel") and example:
        # Laravel's configuration reads a hundred variables, each with a default: the example names those that matter.
        facts.give(draft, facts.Seen(routes=seen.routes))
        for key, (_, line) in tree.properties(example).items():
            draft.add("environment", key, f"{example}:{line}")
    else:
        facts.give(draft, seen)
    if draft.framework_is("laravel"):
        draft.add("environment", "APP_KEY", convention("Laravel's encryption key"))
        draft.add("required_environment", "APP_KEY", convention("Laravel's encryption key"))
    _databases(draft, tree, code)
    if draft.kind == "service":
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
    _serve(draft, tree)
    _commands(draft, tree, composer)
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
    versions.last_resorts(draft, tree, "php")
    return True


def _runtime(draft: Draft, tree: Tree, composer: Document) -> None:
    platform = composer.text("config", "platform", "php")
    if platform:
        versions.offer(draft, "php", versions.least(platform), composer.at("config", "platform", "php"))
    versions.pin_files(draft, tree, "php", ".php-version")
    versions.tool_files(draft, tree, "php")
    required = composer.text("require", "php")
    if required:
        draft.trait("runtime_constraint", required, composer.at("require", "php"))
        versions.offer(draft, "php", versions.coarse(required, 2), composer.at("require", "php"))
    extensions = sorted(name.removeprefix("ext-") for name in composer.table("require") if name.startswith("ext-"))
    draft.trait("extensions", " ".join(extensions))


def _kind(draft: Draft, composer: Document) -> None:
    kind = composer.text("type") or ""
    if kind.startswith("wordpress-"):
        draft.kind = "library"
        draft.offer("framework", "wordpress", composer.at("type"))
    elif (
        draft.get("framework")
        and kind not in ("library", "symfony-bundle", "laravel-package", "cakephp-plugin", "drupal-module")
    ) or any(
        path == join(draft.path, front)
        for front in ("public/index.php", "index.php", "web/index.php")
        for path in draft.files
    ):
        draft.kind = "service"
    elif composer.get("bin") is not None:
        draft.kind = "command"
    else:
        draft.kind = "library"


def _databases(draft: Draft, tree: Tree, code: php.Php) -> None:
    """The engine that configuration names: Laravel's DB_CONNECTION, a DATABASE_URL, its queues and caches."""
    example = tree.first(draft.path, ".env.example", ".env.dist", ".env")
    values = tree.properties(example)
    connection, line = values.get("DB_CONNECTION", ("", 0))
    if draft.framework_is("laravel", "lumen"):
        default = code.default_connection
        if connection:
            _database(draft, connection, f"{example}:{line}")
        elif default:
            _database(draft, *default)
        for key in (
            "CACHE_STORE",
            "CACHE_DRIVER",
            "QUEUE_CONNECTION",
            "SESSION_DRIVER",
            "BROADCAST_CONNECTION",
            "BROADCAST_DRIVER",
        ):
            value, number = values.get(key, ("", 0))
            if value in ("redis", "memcached"):
                draft.add("services", value, f"{example}:{number}")
    for path in (tree.first(draft.path, ".env"), tree.first(draft.path, ".env.dist")):
        for key, (value, number) in tree.properties(path).items():
            service = services.of_url(value) if key.endswith(("_URL", "_DSN")) else None
            if service:
                draft.add("services", service, f"{path}:{number}")


def _database(draft: Draft, connection: str, evidence: str) -> None:
    service = _DATABASES.get(connection)
    if service:
        draft.add("services", service, evidence)


def _serve(draft: Draft, tree: Tree) -> None:
    if draft.kind != "service":
        return
    front = tree.first(draft.path, "public/index.php", "web/index.php", "webroot/index.php", "index.php")
    if front:
        inside = front if draft.path == "." else front.removeprefix(draft.path + "/")
        draft.offer("entrypoint", inside, front)
    framework = draft.get("framework")
    if framework in ("laravel", "lumen", "symfony", "slim", "cakephp", "codeigniter", None) and front:
        draft.offer("port", 8000, convention("port of PHP's development server in the framework's documentation"))
    port = draft.get("port")
    if framework == "laravel" and tree.has(draft.path, "artisan"):
        draft.offer("start", f"php artisan serve --host=0.0.0.0 --port={port}", join(draft.path, "artisan"))
        draft.offer("migrate", "php artisan migrate --force", join(draft.path, "artisan"))
        if draft.depends_on("laravel/octane"):
            draft.trait("octane", "true", draft.place("laravel/octane"))
        if draft.depends_on("laravel/horizon"):
            draft.trait("horizon", "true", draft.place("laravel/horizon"))
    elif front:
        folder = draft.get("entrypoint").rpartition("/")[0] or "."
        draft.offer("start", f"php -S 0.0.0.0:{port} -t {folder}", front)
    if framework == "symfony" and draft.depends_on("doctrine/doctrine-migrations-bundle"):
        draft.offer(
            "migrate",
            "php bin/console doctrine:migrations:migrate --no-interaction",
            draft.place("doctrine/doctrine-migrations-bundle"),
        )


def _commands(draft: Draft, tree: Tree, composer: Document) -> None:
    for fact, names in (
        ("test", ("test", "tests", "phpunit")),
        ("lint", ("lint", "cs", "cs-check", "check-style", "phpcs")),
        ("typecheck", ("analyse", "analyze", "phpstan", "stan", "psalm")),
    ):
        for name in names:
            if name in draft.scripts:
                draft.offer(
                    fact, f"composer {name}" if name not in ("test",) else "composer test", composer.at("scripts", name)
                )
    config = tree.first(draft.path, "phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml")
    tests = any("/tests/" in f"/{path}" for path in draft.files)
    if tests and draft.depends_on("pestphp/pest"):
        draft.offer("test", "vendor/bin/pest", draft.place("pestphp/pest"))
    elif tests and (config or draft.depends_on("phpunit/phpunit", "symfony/phpunit-bridge")):
        command = (
            "php artisan test"
            if draft.framework_is("laravel") and tree.has(draft.path, "artisan")
            else "vendor/bin/phpunit"
        )
        draft.offer("test", command, config or draft.place("phpunit/phpunit"))
    for package, fact, command in (
        ("laravel/pint", "lint", "vendor/bin/pint --test"), ("friendsofphp/php-cs-fixer", "lint", "vendor/bin/php-cs-fixer check --diff"),
        ("squizlabs/php_codesniffer", "lint", "vendor/bin/phpcs"), ("phpstan/phpstan", "typecheck", "vendor/bin/phpstan analyse"),
        ("larastan/larastan", "typecheck", "vendor/bin/phpstan analyse"), ("vimeo/psalm", "typecheck", "vendor/bin/psalm"),
    ):  # fmt: skip
        if package in draft.dependencies:
            draft.offer(fact, command, draft.place(package))
    for path in (join(draft.path, ".php-cs-fixer.dist.php"), join(draft.path, ".php-cs-fixer.php")):
        if path in draft.files:
            draft.offer(
                "lint",
                "vendor/bin/php-cs-fixer check --diff"
                if draft.depends_on("friendsofphp/php-cs-fixer")
                else "php-cs-fixer check --diff",
                path,
            )
    _test_services(draft, tree, config)


def _test_services(draft: Draft, tree: Tree, config: str | None) -> None:
    """Services of the tests: phpunit's own environment first (`DB_CONNECTION=sqlite` needs none)."""
    root = tree.xml(config)
    values = (
        {
            e.attributes.get("name", ""): (e.attributes.get("value", ""), e.at)
            for e in root.walk()
            if e.tag in ("env", "server")
        }
        if root
        else {}
    )
    for name, (value, line) in tree.properties(tree.first(draft.path, ".env.testing", ".env.test")).items():
        values.setdefault(name, (value, f".env.testing:{line}"))
    if not draft.get("test"):
        return
    relational = [s for s in draft.many("services") if s in ("mysql", "mariadb", "postgresql")]
    connection = values.get("DB_CONNECTION") or values.get("DATABASE_URL")
    for service in relational:
        if connection is None and draft.framework_is("laravel"):
            draft.add("test_services", service, dict(draft.many("services"))[service])
        elif connection and (_DATABASES.get(connection[0]) == service or services.of_url(connection[0]) == service):
            draft.add("test_services", service, connection[1])
    if draft.framework_is("laravel") and "redis" in draft.many("services"):
        stores = [values.get(key) for key in ("CACHE_STORE", "CACHE_DRIVER", "QUEUE_CONNECTION", "SESSION_DRIVER")]
        used = next((entry for entry in stores if entry and entry[0] == "redis"), None)
        if used:
            draft.add("test_services", "redis", used[1])


ECOSYSTEM = Ecosystem("php", _finds, _read)
