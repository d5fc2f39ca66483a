"""How PHP code is tested and checked: scripts of composer.json first, then the tools that are there and configured."""

from __future__ import annotations

from devops_orchestrator.project import laravel, services
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

_SCRIPTS = (
    ("test", ("test", "tests", "phpunit", "pest", "test:unit", "tests:unit", "unit")),
    ("lint", ("lint:check", "lint", "cs:check", "cs-check", "check-cs", "cs", "check-style", "phpcs", "format:check")),
    ("typecheck", ("analyse", "analyze", "phpstan", "stan", "psalm", "static-analysis", "types", "test:types")),
    ("build", ("build",)),
)  # fmt: skip
# (package, fact, tool with its arguments, its configuration files): a tool without one needs arguments that nobody named.
_TOOLS = (
    ("laravel/pint", "lint", "pint --test", ()),
    ("friendsofphp/php-cs-fixer", "lint", "php-cs-fixer check --diff", (".php-cs-fixer.dist.php", ".php-cs-fixer.php")),
    ("squizlabs/php_codesniffer", "lint", "phpcs", ("phpcs.xml", "phpcs.xml.dist", ".phpcs.xml", ".phpcs.xml.dist", "ruleset.xml")),
    ("phpstan/phpstan", "typecheck", "phpstan analyse", ("phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon")),
    ("larastan/larastan", "typecheck", "phpstan analyse", ("phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon")),
    ("nunomaduro/larastan", "typecheck", "phpstan analyse", ("phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon")),
    ("vimeo/psalm", "typecheck", "psalm", ("psalm.xml", "psalm.xml.dist")),
)  # fmt: skip
# Standards that bring PHP_CodeSniffer with them.
_STANDARDS = ("wp-coding-standards/wpcs", "cakephp/cakephp-codesniffer", "doctrine/coding-standard", "slevomat/coding-standard",
              "automattic/vipwpcs", "woocommerce/woocommerce-sniffs", "yoast/yoastcs", "phpcompatibility/phpcompatibility-wp")  # fmt: skip
_CONFIGS = ("phpunit.xml", "phpunit.xml.dist", "phpunit.dist.xml")


def commands(draft: Draft, tree: Tree, composer: Document | None) -> None:
    """Test, lint and type check commands."""
    if composer is not None:
        for fact, names in _SCRIPTS:
            for name in names:
                if name in draft.scripts:
                    draft.offer(fact, f"composer {name}", composer.at("scripts", name))
    folder = (composer.text("config", "bin-dir") if composer else None) or "vendor/bin"
    config = tree.first(draft.path, *_CONFIGS)
    _tests(draft, tree, folder.rstrip("/"), config)
    for package, fact, command, files in _TOOLS:
        brought = package == "squizlabs/php_codesniffer" and draft.depends_on(*_STANDARDS)
        known = draft.depends_on(package) or brought
        place = tree.first(draft.path, *files) if files else None
        if known and (place or not files):
            draft.offer(fact, f"{folder.rstrip('/')}/{command}", draft.place(known))
        elif place and package == "friendsofphp/php-cs-fixer":
            draft.offer(fact, command, place)  # installed beside the project, as its authors recommend
    _test_services(draft, tree, config)


def _tests(draft: Draft, tree: Tree, folder: str, config: str | None) -> None:
    if not any("/tests/" in f"/{path}".lower() or "/test/" in f"/{path}".lower() for path in draft.files):
        return
    pest = draft.depends_on("pestphp/pest")
    if pest:
        draft.offer("test", f"{folder}/pest", draft.place(pest))
    brought = draft.depends_on("phpunit/phpunit", "symfony/phpunit-bridge", "symfony/test-pack")
    if not brought and not (config and draft.get("package_manager")):
        return
    place = config or draft.place(brought or "phpunit/phpunit")
    if draft.framework_is("laravel"):
        draft.offer("test", laravel.runner(draft, tree), place)
    if draft.framework_is("symfony") and tree.has(draft.path, "bin/phpunit") and brought != "phpunit/phpunit":
        draft.offer("test", "php bin/phpunit", place)  # it brings the PHPUnit that the manifest does not
    if brought == "symfony/phpunit-bridge" and not draft.depends_on("phpunit/phpunit"):
        draft.offer("test", f"{folder}/simple-phpunit", place)
    draft.offer("test", f"{folder}/phpunit", place)


def _test_services(draft: Draft, tree: Tree, config: str | None) -> None:
    """Services of the tests: phpunit's own environment first (`DB_CONNECTION=sqlite` needs none)."""
    root = tree.xml(config)
    given = (
        {
            e.attributes.get("name", ""): (e.attributes.get("value", ""), e.at)
            for e in root.walk()
            if e.tag in ("env", "server")
        }
        if root
        else {}
    )
    path = tree.first(draft.path, ".env.testing", ".env.test")
    for name, (value, line) in tree.properties(path).items():
        given.setdefault(name, (value, f"{path}:{line}"))
    if not draft.get("test"):
        return
    relational = [s for s in draft.many("services") if s in ("mysql", "mariadb", "postgresql")]
    connection = given.get("DB_CONNECTION") or given.get("DATABASE_URL")
    for service in relational:
        if connection is None and draft.framework_is("laravel"):
            draft.add("test_services", service, dict(draft.many("services"))[service])
        elif connection and service in (laravel.DATABASES.get(connection[0]), services.of_url(connection[0])):
            draft.add("test_services", service, connection[1])
    if draft.framework_is("laravel") and "redis" in draft.many("services"):
        stores = [given.get(key) for key in ("CACHE_STORE", "CACHE_DRIVER", "QUEUE_CONNECTION", "SESSION_DRIVER")]
        used = next((entry for entry in stores if entry and entry[0] == "redis"), None)
        if used:
            draft.add("test_services", "redis", used[1])
