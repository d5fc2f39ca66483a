"""Which drivers an application can do without: an engine among several, a cache that is switched on by a setting.

A driver among the dependencies says that a service can be used, not that it is. Where the repository's own compose
files or its example of the environment show what is used, a driver that neither shows is optional: it leaves the
services and stays as the trait `optional_services`.
"""

from __future__ import annotations

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.services import of_url
from devops_orchestrator.project.tree import Tree, ancestors, parent

_RELATIONAL = ("postgresql", "mysql", "mariadb")
_NAMES = {
    "postgresql": ("postgresql", "postgres", "pgsql", "pg", "pgx", "postgis"), "mysql": ("mysql", "mysqli", "mysql2"),
    "mariadb": ("mariadb",),
}  # fmt: skip
_EXAMPLES = (".env.example", ".env.sample", ".env.dist", ".env.template", ".env.default", ".env")
_CHOICE = lazy(
    r"(^|_)(DB|DATABASE)(_|$).*(TYPE|CONNECTION|DRIVER|ENGINE|CLIENT|DIALECT|ADAPTER|PROVIDER|URL|DSN)$|^DATABASE$"
)
_WORD = lazy(r"[\s\"']*([\w+.-]+)")
# Caches and brokers that applications are often built to do without.
_SWITCHED = ("redis", "memcached", "rabbitmq", "elasticsearch", "minio", "kafka", "nats")


def settle(drafts: list[Draft], context: Context) -> None:
    """Take the optional drivers out of the components' services."""
    places = {place for draft in drafts for place in draft.places.values()}
    for draft in drafts:
        _settle(draft, context, places)


def _settle(draft: Draft, context: Context, places: set[str]) -> None:
    drivers = [service for service, evidence in draft.many("services").items() if evidence in places]
    if not drivers:
        return
    composed = _composed(draft, context)
    engines = [service for service in drivers if service in _RELATIONAL]
    if len(engines) > 1:
        chosen = _chosen(draft, context.tree, engines)
        used = [service for service in engines if composed and service in composed] or chosen
        for service in engines if used else ():
            if service not in used:
                _leave(draft, service)
    for service in drivers:
        if service in _SWITCHED and composed and service not in composed and not _named(draft, context.tree, service):
            _leave(draft, service)


def _leave(draft: Draft, service: str) -> None:
    draft.drop("services", service)
    draft.drop("test_services", service)
    known = draft.traits.get("optional_services", "")
    draft.traits["optional_services"] = f"{known} {service}".strip()


def _composed(draft: Draft, context: Context) -> set[str] | None:
    """The services that compose files beside or above the component run; None where no file shows its surroundings."""
    near = [path for path in context.compose_paths if parent(path) in (*ancestors(draft.path), "docker", "deploy")]
    return set(context.compose.backing) if near and context.compose.names else None


def _chosen(draft: Draft, tree: Tree, engines: list[str]) -> list[str]:
    """The engine that the example of the environment names."""
    for folder in ancestors(draft.path):
        for name in _EXAMPLES:
            for key, (value, _) in tree.properties(tree.first(folder, name)).items():
                if not _CHOICE.search(key.upper()):
                    continue
                said = _WORD.match(value)
                word = said[1].lower() if said else ""
                found = [engine for engine in engines if word in _NAMES[engine] or of_url(value) == engine]
                if found:
                    return found
    return []


def _named(draft: Draft, tree: Tree, service: str) -> bool:
    """Whether the environment is told of a service: a required variable, or a set one in the example."""
    word = service.upper()
    if any(word in name for name in draft.many("required_environment")):
        return True
    for folder in ancestors(draft.path):
        for name in _EXAMPLES:
            for key, (value, _) in tree.properties(tree.first(folder, name)).items():
                if word in key.upper() and value.strip("\"' ") not in ("", "false", "0", "null", "none"):
                    return True
    return False
