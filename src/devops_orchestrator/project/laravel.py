"""Laravel: its database, queues, schedule, health and folders, from `.env.example`, config/ and the code."""

from __future__ import annotations

import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import versions
from devops_orchestrator.project.code import php_values as values
from devops_orchestrator.project.code.php import Php
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree

DATABASES = {"mysql": "mysql", "mariadb": "mariadb", "pgsql": "postgresql", "mongodb": "mongodb"}
_STORES = {"redis": "redis", "memcached": "memcached", "rabbitmq": "rabbitmq"}
# (variables, config file, keys): what may keep its data in a backing service.
_USERS = (
    (("CACHE_STORE", "CACHE_DRIVER"), "cache", ("default",)), (("QUEUE_CONNECTION", "QUEUE_DRIVER"), "queue", ("default",)),
    (("SESSION_DRIVER",), "session", ("driver",)), (("BROADCAST_CONNECTION", "BROADCAST_DRIVER"), "broadcasting", ("default",)),
)  # fmt: skip
_FREQUENCY = lazy(r"^(everyMinute|every\w+|hourly\w*|daily\w*|twiceDaily\w*|weekly\w*|monthly\w*|yearly\w*|cron)$")


def example(tree: Tree, folder: str) -> str | None:
    """The file that shows the environment."""
    return tree.first(folder, ".env.example", ".env.dist", ".env.sample", ".env.example.complete", ".env")


def major(draft: Draft) -> int | None:
    """Laravel's major version, as far as the constraint says it."""
    found = versions.least(draft.dependencies.get("laravel/framework", ""))
    return int(found.partition(".")[0]) if found else None


def setting(
    draft: Draft, tree: Tree, code: Php, variables: tuple[str, ...], config: str, keys: tuple[str, ...]
) -> tuple[str, str] | None:
    """(value, place) of a setting: the environment's example, then the default in `config/`."""
    path = example(tree, draft.path)
    known = tree.properties(path)
    for variable in variables:
        value, line = known.get(variable, ("", 0))
        if value:
            return value, f"{path}:{line}"
    found = code.configured(config, *keys)
    if found and isinstance(found[0].constant, str):
        return found[0].constant, found[1]
    return None


def stores(draft: Draft, tree: Tree, code: Php) -> None:
    """The database, and what caches, queues and sessions are kept in."""
    connection = setting(draft, tree, code, ("DB_CONNECTION",), "database", ("default",))
    if connection and connection[0] in DATABASES:
        draft.add("services", DATABASES[connection[0]], connection[1])
    elif connection and connection[0] == "sqlite" and "DB_DATABASE" not in tree.properties(example(tree, draft.path)):
        draft.add("writable", "database/database.sqlite", connection[1])
    for variables, config, keys in _USERS:
        used = setting(draft, tree, code, variables, config, keys)
        if used and used[0] in _STORES:
            draft.add("services", _STORES[used[0]], used[1])
    for folder in ("storage", "bootstrap/cache"):
        draft.add("writable", folder, convention("folders that Laravel writes to"))


def processes(draft: Draft, tree: Tree, code: Php) -> None:
    """Horizon or a queue worker where jobs are queued, and the scheduler where something is scheduled."""
    known = " ".join(process.command for process in draft.processes.values())
    if draft.depends_on("laravel/horizon") and "horizon" not in known:
        draft.process("horizon", "worker", "php artisan horizon", draft.place("laravel/horizon"))
    elif not re.search(r"queue:(work|listen)|horizon", known):
        queue = setting(draft, tree, code, ("QUEUE_CONNECTION", "QUEUE_DRIVER"), "queue", ("default",))
        job = code.class_with("ShouldQueue") if queue is None or queue[0] not in ("sync", "null", "deferred") else None
        if job and (queue or (major(draft) or 11) >= 11):  # without a configuration, Laravel 11 queues in the database
            draft.process("queue", "worker", "php artisan queue:work", queue[1] if queue else job)
    place = _scheduled(code)
    # `schedule:work` came with Laravel 8; before it there was only `schedule:run`, which cron has to call.
    if place and (major(draft) or 8) >= 8 and "schedule:" not in known:
        draft.process("scheduler", "schedule", "php artisan schedule:work", place)


def _scheduled(code: Php) -> str | None:
    """The place of the first task that is scheduled; Laravel's own `inspire` says nothing."""
    for source in code.holding(re.compile(r"\$schedule->|Schedule::|Artisan::command")):
        for call in source.all("member_call_expression", "scoped_call_expression"):
            owner = call.field("object") or call.field("scope")
            name = values.name_of(call)
            if owner is None:
                continue
            if name in ("command", "job", "call", "exec") and owner.text().rpartition("\\")[2] in (
                "$schedule",
                "Schedule",
            ):
                return source.at(call)
            if _FREQUENCY.match(name) and "Artisan::command" in owner.text() and "'inspire'" not in owner.text():
                return source.at(call)
    return None


def serve(draft: Draft, tree: Tree) -> None:
    """Start command, port, migration."""
    artisan = tree.first(draft.path, "artisan")
    if artisan is None:
        return
    if draft.depends_on("laravel/octane") and "laravel/octane" not in draft.dev_dependencies:
        place = draft.place("laravel/octane")
        draft.trait("octane", "true", place)
        draft.offer("port", 8000, convention("Laravel Octane's default port"))
        draft.offer("start", f"php artisan octane:start --host=0.0.0.0 --port={draft.get('port')}", place)
    draft.offer("port", 8000, convention("port of PHP's development server in the framework's documentation"))
    draft.offer("start", f"php artisan serve --host=0.0.0.0 --port={draft.get('port')}", artisan)
    draft.offer("migrate", "php artisan migrate --force", artisan)
    if draft.depends_on("laravel/horizon"):
        draft.trait("horizon", "true", draft.place("laravel/horizon"))


def environment(draft: Draft, tree: Tree, code: Php) -> None:
    """The variables of the example: configuration reads a hundred, each with a default; it names those that matter."""
    path = example(tree, draft.path)
    known = tree.properties(path)
    for key, (_, line) in known.items():
        draft.add("environment", key, f"{path}:{line}")
    if not known:
        # Laravel's documentation: `env` is called in the configuration files alone.
        for read in code.reads_in(lambda path: path.lower().startswith(("config/", "app/config/"))):
            draft.add("environment", read.name, read.evidence)
    draft.add("environment", "APP_KEY", convention("Laravel's encryption key"))
    draft.add("required_environment", "APP_KEY", convention("Laravel's encryption key"))


def runner(draft: Draft, tree: Tree) -> str | None:
    """`php artisan test`, which came with Laravel 7; None where the application is older or has no artisan."""
    if not tree.has(draft.path, "artisan") or (major(draft) or 7) < 7:
        return None
    return "php artisan test"
