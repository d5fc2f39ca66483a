"""PHP: Composer; Laravel, Symfony, Slim, WordPress, and plain applications without a manifest."""

from __future__ import annotations

import re

from devops_orchestrator.project import (
    images,
    laravel,
    php_commands,
    php_folders,
    services,
    symfony,
    tasks,
    versions,
    wordpress,
)
from devops_orchestrator.project.code import facts, php, php_routes
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem
from devops_orchestrator.project.tree import Tree, join, parent

_FRAMEWORKS = (
    ("laravel/framework", "laravel"), ("symfony/framework-bundle", "symfony"), ("symfony/symfony", "symfony"), ("slim/slim", "slim"),
    ("laravel/lumen-framework", "lumen"), ("laravel-zero/framework", "laravel-zero"), ("cakephp/cakephp", "cakephp"),
    ("codeigniter4/framework", "codeigniter"), ("codeigniter/framework", "codeigniter"), ("yiisoft/yii2", "yii"), ("mezzio/mezzio", "mezzio"),
    ("roots/wordpress", "wordpress"), ("johnpbloch/wordpress", "wordpress"), ("johnpbloch/wordpress-core", "wordpress"),
    ("roots/wordpress-no-content", "wordpress"), ("drupal/core-recommended", "drupal"), ("drupal/core", "drupal"), ("hyperf/framework", "hyperf"),
    ("laminas/laminas-mvc", "laminas"), ("flightphp/core", "flight"), ("spiral/framework", "spiral"), ("craftcms/cms", "craftcms"),
    ("typo3/cms-core", "typo3"), ("flarum/core", "flarum"), ("getkirby/cms", "kirby"), ("silverstripe/framework", "silverstripe"),
)  # fmt: skip
# Files that show a framework which was copied into the repository, or which another package brings.
_COPIED = (
    ("config/bundles.php", "symfony"),
    ("system/core/CodeIgniter.php", "codeigniter"),
    ("system/CodeIgniter.php", "codeigniter"),
)
_SKELETONS = (
    "laravel/",
    "symfony/skeleton",
    "symfony/website-skeleton",
)  # their own name says nothing of the application
# framework → (file of its console, port of its documented server, the server's command, whose default the port is)
_SERVERS = {
    "cakephp": ("bin/cake", 8765, "bin/cake server -H 0.0.0.0 -p {port}", "port of CakePHP's development server"),
    "codeigniter": ("spark", 8080, "php spark serve --host 0.0.0.0 --port {port}", "port of CodeIgniter's development server"),
    "yii": ("yii", 8080, "php yii serve 0.0.0.0 --port={port}", "port of Yii's development server"),
    "hyperf": ("bin/hyperf.php", 9501, "php bin/hyperf.php start", "Hyperf's default port"),
}  # fmt: skip
_MIGRATIONS = (
    ("cakephp/migrations", "bin/cake", "bin/cake migrations migrate"), ("codeigniter4/framework", "spark", "php spark migrate --all"),
    ("yiisoft/yii2", "yii", "php yii migrate --interactive=0"), ("robmorgan/phinx", "phinx.php", "vendor/bin/phinx migrate"),
    ("laravel/lumen-framework", "artisan", "php artisan migrate --force"),
)  # fmt: skip
_WRITABLE = {
    "cakephp": ("tmp", "logs"), "codeigniter": ("writable",), "yii": ("runtime", "web/assets"), "lumen": ("storage",),
}  # fmt: skip
_KEPT = (".gitkeep", ".keep", ".gitignore")
_RUNTIME_FOLDERS = ("data", "uploads", "storage", "cache", "logs", "log", "tmp", "var", "files")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    composer = php_folders.composer_of(tree, draft.path)
    if composer is None and tree.has(draft.path, "composer.json"):
        return False
    header = wordpress.main_file(tree, draft.path)
    if composer is not None:
        _manifest(draft, context, composer)
    else:
        place = header or php_folders.front(tree, draft.path) or ""
        draft.offer("language", "php", place)
        draft.offer("manifest", place, place)
    code = php.Php(tree, draft.path, draft.files)
    _framework(draft, tree, composer, header)
    _runtime(draft, tree, composer, header)
    services.from_packages(draft, services.PHP)
    _kind(draft, tree, composer, header)
    framework = draft.get("framework")
    _code(draft, tree, code, framework)
    if draft.kind in ("service", "worker"):
        path = images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1)
        images.from_dockerfile(draft, tree, path)
        _image_port(draft, tree, path)
    _serve(draft, tree, composer)
    php_commands.commands(draft, tree, composer)
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
    _procfile(draft, tree)
    if draft.kind == "service" and framework == "laravel":
        laravel.processes(draft, tree, code)
    versions.last_resorts(draft, tree, "php")
    return True


def _manifest(draft: Draft, context: Context, composer: Document) -> None:
    tree = context.tree
    for table, dev in (("require", False), ("require-dev", True)):
        for name, version in composer.table(table).items():
            if name != "php" and isinstance(version, str) and name not in draft.dependencies:
                draft.dependencies[name] = version
                draft.places[name] = composer.at(table, name)
                if dev:
                    draft.dev_dependencies.add(name)
    given = composer.text("name")
    if given and not given.startswith(_SKELETONS):
        draft.name = given.rpartition("/")[2]
    draft.scripts = {
        key: value if isinstance(value, str) else " && ".join(map(str, value))
        for key, value in composer.table("scripts").items()
        if isinstance(value, str | list)
    }
    for folder in context.folders:
        other = php_folders.composer_of(tree, folder) if folder != draft.path else None
        package = other.text("name") if other else None
        if package and package in draft.dependencies:
            draft.members[package] = folder
    draft.offer("manifest", composer.path, composer.path)
    draft.offer("language", "php", composer.path)
    draft.offer("package_manager", "composer", composer.path)
    lock = tree.first(draft.path, "composer.lock")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "composer install --no-interaction --prefer-dist", lock or composer.path)


def _framework(draft: Draft, tree: Tree, composer: Document | None, header: str | None) -> None:
    if composer is not None and (composer.text("type") or "").startswith("wordpress-"):
        draft.offer("framework", "wordpress", composer.at("type"))
    if header:
        field = wordpress.header(tree, header)
        line = (field.get("plugin name") or field.get("theme name") or ("", 1))[1]
        draft.offer("framework", "wordpress", f"{header}:{line}")
    for package, framework in _FRAMEWORKS:
        if package in draft.dependencies and package not in draft.dev_dependencies:
            draft.offer("framework", framework, draft.place(package))
    if wordpress.is_site(tree, draft.path):
        draft.offer("framework", "wordpress", join(draft.path, wordpress.SITE[0]))
    for file, framework in _COPIED:
        if tree.has(draft.path, file):
            draft.offer("framework", framework, join(draft.path, file))


def _runtime(draft: Draft, tree: Tree, composer: Document | None, header: str | None) -> None:
    versions.pin_files(draft, tree, "php", ".php-version")
    platform = composer.text("config", "platform", "php") if composer else None
    if composer and platform:
        versions.offer(draft, "php", versions.least(platform), composer.at("config", "platform", "php"))
    versions.tool_files(draft, tree, "php")
    if header:  # what WordPress itself asks for, before what Composer is told
        value, line = wordpress.header(tree, header).get("requires php", ("", 1))
        versions.offer(draft, "php", versions.plain(value) if value else None, f"{header}:{line}")
    required = composer.text("require", "php") if composer else None
    if composer and required:
        draft.trait("runtime_constraint", required, composer.at("require", "php"))
        versions.offer(draft, "php", versions.coarse(required, 2), composer.at("require", "php"))
    if composer:
        extensions = sorted(name.removeprefix("ext-") for name in composer.table("require") if name.startswith("ext-"))
        draft.trait("extensions", " ".join(extensions))


def _kind(draft: Draft, tree: Tree, composer: Document | None, header: str | None) -> None:
    kind = (composer.text("type") if composer else None) or ""
    front = php_folders.front(tree, draft.path)
    if header or kind.startswith("wordpress-") or kind in php_folders.LIBRARIES[1:]:
        draft.kind = "library"
    elif front is not None or (draft.get("framework") and kind == "project"):
        draft.kind = "command" if draft.framework_is("laravel-zero") else "service"
    elif (
        draft.get("framework")
        and kind not in php_folders.LIBRARIES
        and tree.first(draft.path, "artisan", "bin/console", "bin/cake")
    ) or php_folders.pages(tree, draft.path):
        draft.kind = "service"
    elif composer and composer.get("bin") is not None:
        draft.kind = "command"
    else:
        draft.kind = "library"


def _code(draft: Draft, tree: Tree, code: php.Php, framework: str | None) -> None:
    """What the code and the configuration show: routes, environment, services."""
    if framework == "laravel" and draft.kind == "service":
        laravel.environment(draft, tree, code)
        laravel.stores(draft, tree, code)
    else:
        facts.give(draft, facts.Seen(reads=code.reads))
    if draft.kind != "service":
        return
    routes = php_routes.declared(code, framework)
    if framework == "symfony":
        routes += symfony.routes(draft, tree, code)
        symfony.connections(draft, tree)
        symfony.configuration(draft, tree)
        symfony.autowired(draft, tree, code)
        symfony.secret(draft, tree)
        symfony.schedules(draft, code)
    elif framework != "laravel":
        symfony.connections(draft, tree)
        _connections(draft, tree, code, framework)
    facts.give_health(draft, routes)
    if framework is None and draft.get("health") is None:
        entry = parent(php_folders.front(tree, draft.path) or "")
        for name in ("healthz", "health", "healthcheck", "health-check", "health_check"):
            path = tree.first(entry, f"{name}.php")
            draft.offer("health", f"/{name}.php" if path else None, path or "")


def _connections(draft: Draft, tree: Tree, code: php.Php, framework: str | None) -> None:
    for service, place in code.connections.items():
        draft.add("services", service, place)
    if framework in ("lumen", "codeigniter", "cakephp"):
        found = laravel.setting(draft, tree, code, ("DB_CONNECTION",), "database", ("default",))
        if found and found[0] in laravel.DATABASES:
            draft.add("services", laravel.DATABASES[found[0]], found[1])
        elif code.drivers:
            draft.add("services", *code.drivers)
    if framework == "wordpress" and not {"mysql", "mariadb"} & set(draft.many("services")):
        draft.add("services", "mysql", convention("WordPress keeps its data in MySQL or MariaDB"))


def _image_port(draft: Draft, tree: Tree, path: str | None) -> None:
    """The official images with Apache expose port 80 themselves."""
    parsed = tree.dockerfile(path)
    if parsed is None or not parsed.stages or draft.get("port") is not None:
        return
    for stage in parsed.lineage(parsed.final):
        name, _, tag = (parsed.image(stage) or "").partition("@")[0].rpartition("/")[2].partition(":")
        if (name == "php" and "apache" in tag.split("-")) or (name == "wordpress" and "fpm" not in tag):
            draft.offer("port", 80, f"{path}:{stage.origin.line}")


def _serve(draft: Draft, tree: Tree, composer: Document | None) -> None:
    if draft.kind != "service":
        return
    front = php_folders.front(tree, draft.path)
    folder = "."
    if front:
        inside = front if draft.path == "." else front.removeprefix(draft.path + "/")
        draft.offer("entrypoint", inside, front)
        folder = inside.rpartition("/")[0] or "."
        _assets(draft, tree, folder, parent(front))
    _script(draft, composer)
    framework = draft.get("framework")
    console, port, command, origin = _SERVERS.get(framework or "", ("", 0, "", ""))
    if framework == "laravel":
        laravel.serve(draft, tree)
    elif console and tree.has(draft.path, console):
        draft.offer("port", port, convention(origin))
        draft.offer("start", command.format(port=draft.get("port")), join(draft.path, console))
    if front:
        draft.offer("port", 8000, convention("port of PHP's development server in the framework's documentation"))
        draft.offer("start", f"php -S 0.0.0.0:{draft.get('port')} -t {folder}", front)
    if framework == "symfony":
        symfony.serve(draft, tree)
    for package, file, migration in _MIGRATIONS:
        if draft.depends_on(package) and tree.has(draft.path, file):
            draft.offer("migrate", migration, join(draft.path, file))
    for written in _WRITABLE.get(framework or "", ()):
        draft.add("writable", written, convention(f"folders that {framework} writes to"))
    if framework == "wordpress":
        uploads = "web/app/uploads" if folder == "web" else "wp-content/uploads"
        draft.add("writable", uploads, convention("WordPress's uploads"))
    _kept_folders(draft, tree)


def _assets(draft: Draft, tree: Tree, folder: str, at: str) -> None:
    """The document root, where it holds more than PHP."""
    if folder == ".":
        return
    files = [
        path
        for path in tree.below(at)
        if not path.endswith((".php", "/.htaccess", "/.gitignore", "/.gitkeep", "/web.config"))
    ]
    draft.offer("assets", folder if files else None, files[0] if files else "")


def _script(draft: Draft, composer: Document | None) -> None:
    """`composer start`, and the port of the server that it runs."""
    for name in ("start", "serve"):
        text = draft.scripts.get(name) if composer else None
        served = re.search(r"php\s+-S\s+\S*?:(\d{2,5})\b|--port[= ](\d{2,5})\b", text or "")
        if composer and served:
            place = composer.at("scripts", name)
            draft.prefer("port", int(served[1] or served[2]), place)
            draft.offer("start", f"composer {name}", place)


def _kept_folders(draft: Draft, tree: Tree) -> None:
    """Folders that the repository keeps empty: the application writes to them."""
    for folder in _RUNTIME_FOLDERS:
        files = tree.below(join(draft.path, folder))
        known = any(folder == path or path.startswith(folder + "/") for path in draft.many("writable"))
        if files and not known and all(path.rpartition("/")[2] in _KEPT for path in files):
            draft.add("writable", folder, files[0])


def _procfile(draft: Draft, tree: Tree) -> None:
    """Workers and the release command; `heroku-php-apache2` is a command of that platform alone."""
    if draft.kind == "service":
        tasks.procfile(draft, tree)


ECOSYSTEM = Ecosystem("php", php_folders.finds, _read)
