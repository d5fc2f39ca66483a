"""Rules over Grafana's own service in a compose file: who may come in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

SECURITY = "https://grafana.com/docs/grafana/latest/setup-grafana/configure-security/"
WEAK = frozenset({"admin", "password", "grafana", "secret", "changeme", "123456", "admin123", "pass"})


def _grafanas(source: Source) -> Iterator[tuple[Node, Node]]:
    """(name, service) of each Grafana of a compose file that is published beyond this machine."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        for key, service in services.items() if services else ():
            image = text_of(service.at("image"))
            if re.search(r"(^|/)grafana(-oss|-enterprise)?(:|@|$)", image) and _published(service):
                yield key, service


def _published(service: Node) -> bool:
    entries = service.get("ports")
    return any(
        not re.match(r"127\.0\.0\.1:|localhost:|\[::1\]:", _port(entry))
        for entry in (entries.children() if entries else ())
    )


def _port(entry: Node) -> str:
    """A published port as `ports:` writes it in short."""
    if entry.kind == "map":
        host = text_of(entry.at("host_ip"))
        return f"{host}:{text_of(entry.at('published'))}" if host else text_of(entry.at("published"))
    return text_of(entry.value)


def _variables(service: Node) -> dict[str, tuple[str, int, int]]:
    """name → (value, start, end) of the environment that is written."""
    written = service.get("environment")
    found: dict[str, tuple[str, int, int]] = {}
    for key, value in written.items() if written else ():
        found[key.scalar] = (text_of(value.value), value.start, value.end)
    for entry in written.children() if written else ():
        name, separator, given = text_of(entry.value).partition("=")
        if separator:
            found[name] = (given, entry.start, entry.end)
    return found


@rule(
    "grafana/default-password", Severity.WARNING, on="compose", url=SECURITY,
    title=Text("Grafana with a password that everybody knows", "Grafana avec un mot de passe que tout le monde connaît"),
    advice=Text(
        "Whoever reaches the port is administrator: reads every data source through Grafana, and adds others. Take the password from a secret (`GF_SECURITY_ADMIN_PASSWORD__FILE`), or bind the port to 127.0.0.1.",
        "Quiconque atteint le port est administrateur : il lit toutes les sources à travers Grafana et en ajoute. Prenez le mot de passe dans un secret (`GF_SECURITY_ADMIN_PASSWORD__FILE`), ou limitez le port à 127.0.0.1.",
    ),
)  # fmt: skip
def default_password(source: Source, project: Project) -> Iterator[Hit]:
    """An admin password of the well-known ones, also as the default of a variable, on a published port."""
    for key, service in _grafanas(source):
        found = _variables(service).get("GF_SECURITY_ADMIN_PASSWORD")
        if found is None:
            continue
        value, start, end = found
        default = re.fullmatch(r"\$\{\w+:?-([^}]*)\}", value)
        word = (default[1] if default else value).strip("'\"")
        if word.lower() in WEAK:
            yield Hit(
                start, end,
                Text(
                    f"The admin password of {key.value} is {word}{', unless a variable says otherwise' if default else ''}.",
                    f"Le mot de passe admin de {key.value} est {word}{', sauf si une variable dit autre chose' if default else ''}.",
                ),
            )  # fmt: skip


@rule(
    "grafana/anonymous-admin", Severity.WARNING, on="compose", url=f"{SECURITY.replace('configure-security', 'configure-access/configure-authentication/anonymous-auth')}",
    title=Text("Everybody is Grafana's administrator", "Tout le monde est administrateur de Grafana"),
    advice=Text(
        "Nobody needs to log in: whoever reaches the port changes dashboards, reads every data source and adds users. `Viewer` is enough to look; or bind the port to 127.0.0.1.",
        "Aucune connexion n'est demandée : quiconque atteint le port modifie les tableaux de bord, lit toutes les sources et ajoute des utilisateurs. `Viewer` suffit pour regarder ; sinon limitez le port à 127.0.0.1.",
    ),
)  # fmt: skip
def anonymous_admin(source: Source, project: Project) -> Iterator[Hit]:
    """Anonymous access with the role Admin, on a published port."""
    for key, service in _grafanas(source):
        found = _variables(service)
        on = found.get("GF_AUTH_ANONYMOUS_ENABLED", ("", 0, 0))[0].strip("'\"").lower() == "true"
        role, start, end = found.get("GF_AUTH_ANONYMOUS_ORG_ROLE", ("", 0, 0))
        if on and role.strip("'\"").lower() == "admin":
            yield Hit(
                start, end,
                Text(
                    f"{key.value} makes every visitor its administrator.",
                    f"{key.value} fait de chaque visiteur un administrateur.",
                ),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (default_password, anonymous_admin)
