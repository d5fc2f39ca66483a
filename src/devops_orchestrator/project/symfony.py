"""Symfony: connection strings of `.env`, messenger transports, schedules, routes in YAML, assets."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import services
from devops_orchestrator.project.code import php_routes
from devops_orchestrator.project.code import php_values as values
from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.php import Php
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree, join

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node

_ENV = lazy(r"%env\((?:[^()]*:)?([A-Z][A-Z0-9_]*)\)%")
_DRIVERS = {"pdo_pgsql": "postgresql", "pdo_mysql": "mysql", "mysqli": "mysql", "pgsql": "postgresql"}
_DSN = lazy(r"^[A-Z][A-Z0-9_]*(_URL|_DSN|_URI)$|^MONGODB_URL$")
_FOLDERS = ("config", "config/packages", "config/packages/prod", "app/config")
DEFAULTS = (".env", ".env.dist", ".env.example")


def connections(draft: Draft, tree: Tree) -> None:
    """The services of the connection strings in `.env`, with the version that Doctrine is told."""
    for name in DEFAULTS:
        path = tree.first(draft.path, name)
        for key, (value, number) in tree.properties(path).items():
            service = services.of_url(value) if _DSN.match(key) else None
            if service is None:
                continue
            version = re.search(r"[?&]serverVersion=([\w.-]+)", value)
            if version and service == "mysql" and "mariadb" in version[1].lower():
                service = "mariadb"  # Doctrine: `serverVersion=10.11.2-MariaDB`
            draft.add("services", service, f"{path}:{number}")
            number_of = re.search(r"\d+(?:\.\d+)*", version[1]) if version else None
            if number_of:
                draft.trait(f"version.{service}", number_of[0], f"{path}:{number}")


def _configuration(draft: Draft, tree: Tree, folder: str) -> Iterator[tuple[str, Node]]:
    """(path, document) of the YAML files of a folder of `config/` that count in production."""
    for path in tree.matching(join(draft.path, folder), "*.yaml", "*.yml"):
        if re.search(r"_(dev|test)\.ya?ml$", path):
            continue
        for document in tree.yaml(path):
            yield path, document


def _at(path: str, node: Node) -> str:
    return f"{path}:{node.text.count(chr(10), 0, node.start) + 1}"


def configuration(draft: Draft, tree: Tree) -> None:
    """Environment variables of `%env(X)%`, the driver of Doctrine, the transports of Messenger."""
    given = {key for name in DEFAULTS for key in tree.properties(tree.first(draft.path, name))}
    documents = [entry for folder in _FOLDERS for entry in _configuration(draft, tree, folder)]
    given |= {key for _, document in documents for key in _defaults(document)}
    for path, document in documents:
        for node in _in_production(document):
            text = node.scalar
            for found in _ENV.finditer(text) if "%env(" in text else ():
                draft.add("environment", found[1], _at(path, node))
                if found[1] not in given and "default:" not in found[0]:
                    draft.add("required_environment", found[1], _at(path, node))
        driver = document.get("doctrine", "dbal", "driver")
        service = _DRIVERS.get(str(driver.value)) if driver else None
        if service and driver:
            draft.add("services", service, _at(path, driver))
        _transports(draft, tree, path, document)


def autowired(draft: Draft, tree: Tree, code: Php) -> None:
    """The variables that `#[Autowire('%env(X)%')]` and `#[Autowire(env: 'X')]` read."""
    for source, node, _ in code.attribute("Autowire"):
        named = values.text(values.argument(node, 99, "env"))
        variables = (
            [named.rpartition(":")[2]] if named else _ENV.findall(values.text(values.argument(node, 0, "value")) or "")
        )
        for variable in variables:
            draft.add("environment", variable, source.at(node))


def secret(draft: Draft, tree: Tree) -> None:
    """The key that Symfony signs with: `.env` leaves it empty, production has to set it."""
    path = tree.first(draft.path, *DEFAULTS)
    given = tree.properties(path).get("APP_SECRET")
    if given is not None and not given[0]:
        draft.add("environment", "APP_SECRET", f"{path}:{given[1]}")
        draft.add("required_environment", "APP_SECRET", f"{path}:{given[1]}")


def _defaults(document: Node) -> set[str]:
    """The variables that `parameters: env(X): …` gives a default."""
    table = document.get("parameters")
    keys = [str(key.value) for key, _ in table.items()] if table and table.kind == "map" else []
    return {key[4:-1] for key in keys if key.startswith("env(") and key.endswith(")")}


def _in_production(document: Node) -> Iterator[Node]:
    """The nodes of a document, without its parts for development and tests."""
    if document.kind != "map":
        return
    for key, value in document.items():
        if not str(key.value).startswith("when@") or key.value == "when@prod":
            yield from value.walk()


def _transports(draft: Draft, tree: Tree, path: str, document: Node) -> None:
    table = document.get("framework", "messenger", "transports")
    if table is None or table.kind != "map":
        return
    failed = str(document.at("framework", "messenger", "failure_transport", default=""))
    names: list[str] = []
    place = ""
    for key, value in table.items():
        dsn = value.at("dsn") if value.kind == "map" else value.value
        failed_of = str(value.at("failure_transport", default="")) if value.kind == "map" else ""
        failed = failed or failed_of
        if isinstance(dsn, str) and not _resolved(draft, tree, dsn).startswith(("sync:", "in-memory:")):
            names.append(str(key.value))
            place = place or _at(path, key)
    names = [name for name in names if name != failed]
    if names:
        draft.process("messenger", "worker", f"php bin/console messenger:consume {' '.join(names)}", place)


def _resolved(draft: Draft, tree: Tree, dsn: str) -> str:
    variable = _ENV.search(dsn)
    if variable is None:
        return dsn
    for name in DEFAULTS:
        value = tree.properties(tree.first(draft.path, name)).get(variable[1])
        if value:
            return value[0]
    return ""


def schedules(draft: Draft, code: Php) -> None:
    """`messenger:consume scheduler_<name>` for each schedule that an attribute declares."""
    names: dict[str, str] = {}
    if not draft.depends_on("symfony/scheduler"):
        return
    for source, node, _ in code.attribute("AsSchedule", "AsCronTask", "AsPeriodicTask"):
        position = 0 if node.text().lstrip("\\").startswith("AsSchedule") else 99
        given = values.text(values.argument(node, position, "name" if position == 0 else "schedule")) or "default"
        names.setdefault(f"scheduler_{given}", source.at(node))
    if names:
        command = f"php bin/console messenger:consume {' '.join(sorted(names))}"
        draft.process("scheduler", "schedule", command, next(iter(names.values())))


def routes(draft: Draft, tree: Tree, code: Php) -> list[Route]:
    """Routes of attributes, of config/routes.yaml and config/routes/*.yaml, with the prefixes of what they import."""
    found: list[Route] = []
    prefixes: dict[str, str] = {}
    files = [tree.first(draft.path, "config/routes.yaml", "config/routes.yml", "app/config/routing.yml")]
    files += tree.matching(join(draft.path, "config/routes"), "*.yaml", "*.yml")
    for path in files:
        for document in tree.yaml(path) if path else ():
            for key, value in document.items() if document.kind == "map" else ():
                if value.kind != "map" or str(key.value).startswith("when@"):
                    continue
                route, resource, prefix = value.at("path"), value.at("resource"), value.at("prefix", default="")
                if isinstance(resource, dict):
                    resource = resource.get("path")
                if isinstance(resource, str) and isinstance(prefix, str) and not resource.startswith("@") and path:
                    prefixes[_folder(draft, path, resource)] = prefix
                methods = value.at("methods", default=["GET"])
                if isinstance(route, str) and ("GET" in str(methods).upper()) and path:
                    found.append(Route(normal(route), _at(path, key)))
    found += php_routes.attributes(code, prefixes)
    return found


def _folder(draft: Draft, path: str, resource: str) -> str:
    """The folder or file that an import names, from the component's path; `routing.controllers` is all of src/."""
    if resource.startswith("routing."):
        return "src/"
    inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
    if resource.startswith("%kernel.project_dir%"):
        return resource.removeprefix("%kernel.project_dir%").lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(inside), resource))


def serve(draft: Draft, tree: Tree) -> None:
    """Migration, build of the assets, folders."""
    console = "php bin/console"
    bundle = "doctrine/doctrine-migrations-bundle"
    if draft.depends_on(bundle):
        draft.offer("migrate", f"{console} doctrine:migrations:migrate --no-interaction", draft.place(bundle))
    if draft.depends_on("symfony/asset-mapper"):
        steps = [
            f"{console} {command}"
            for package, command in (("symfonycasts/sass-bundle", "sass:build"), ("symfonycasts/tailwind-bundle", "tailwind:build --minify"))
            if draft.depends_on(package)
        ]  # fmt: skip
        draft.offer("build", " && ".join([*steps, f"{console} asset-map:compile"]), draft.place("symfony/asset-mapper"))
    draft.add("writable", "var", convention("Symfony's caches and logs"))
