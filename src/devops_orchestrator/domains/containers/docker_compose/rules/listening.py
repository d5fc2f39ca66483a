"""On which port a built service really listens: its command, the variable that the code reads, the image, the code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.core.rule import Source
from devops_orchestrator.domains.containers.docker_compose.rules.reading import Built
from devops_orchestrator.formats.compose import Service

# The languages whose programs are their own server; of the others a web server in the image decides.
_SERVES_ITSELF = frozenset({"javascript", "typescript", "python", "go", "java", "kotlin", "rust", "csharp", "elixir"})
_SAID = re.compile(
    r"(?:(?:--port|--bind|--listen|--http-port|--server\.port|(?<=\s)-b|(?<=\s)-p)[=\s]+\"?(?:[\w.\[\]:*]*:)?(\d{2,5})(?![\w.])"
    r"|runserver\s+(?:[\w.]*:)?(\d{2,5})\b|https?://(?:[+*]|0\.0\.0\.0|\[::\]):(\d{2,5})\b)"
)


@dataclass(frozen=True)
class Listening:
    """A port and the place that says it."""

    number: int
    evidence: str


def listening(service: Service, made: Built, source: Source) -> Listening | None:
    """The port of a service; None where a script, a web server in the image or another repository decides."""
    component = made.component
    if component is None or component.kind != "service" or component.language not in _SERVES_ITSELF:
        return None
    if re.search(r"nginx|httpd|apache|caddy|passenger|frankenphp|unit:", made.base) or made.dockerfile is None:
        return None
    own = service.get("command") or service.get("entrypoint")
    if own is not None:
        number = _said(service.command)
        if number:
            return Listening(number, f"{source.path}:{source.lines.place(own.start)[0]}")
    elif found := _in_image(made):
        return found
    names = [component.traits.get("port_env", "")] if component.traits.get("port_env") else []
    names += [
        name
        for name in ("PORT", "SERVER_PORT")
        if name in component.environment or (name == "SERVER_PORT" and component.framework == "spring-boot")
    ]
    for name in names:
        given = next((v for v in service.environment if v.name == name), None)
        if given is not None:
            value = service.variable(name) or ""
            return (
                Listening(int(value), f"{source.path}:{source.lines.place(given.node.start)[0]}")
                if value.isdigit()
                else None
            )
    if names and (service.get("env_file") is not None):
        return None
    for item in reversed(made.lineage):
        for pair in item.pairs if item.name == "ENV" else ():
            if pair.key in names and (pair.value or "").isdigit():
                return Listening(int(pair.value or "0"), f"{made.path}:{item.line}")
    evidence = component.evidence.get("port", "")
    if (
        component.port is None
        or re.search(r"convention|ockerfile|compose|\.env", evidence)
        or _by_script(service, made)
    ):
        return None
    exposed = [word.value.partition("/")[0] for item in made.lineage if item.name == "EXPOSE" for word in item.words]
    if exposed and str(component.port) not in exposed:
        return None  # the Dockerfile says another one: which of them is right is its own finding
    return Listening(component.port, evidence)


def _said(words: str) -> int | None:
    found = [int(next(group for group in match.groups() if group)) for match in _SAID.finditer(f" {words}")]
    return found[0] if len(set(found)) == 1 else None


def _in_image(made: Built) -> Listening | None:
    for name in ("CMD", "ENTRYPOINT"):
        item = made.last(name)
        if item is not None and (found := _said(" ".join(word.value for word in item.operands))):
            return Listening(found, f"{made.path}:{item.line}")
    return None


def _by_script(service: Service, made: Built) -> bool:
    """Whether a script or a process manager starts the program."""
    words = service.command or " ".join(
        word.value for name in ("ENTRYPOINT", "CMD") if (item := made.last(name)) for word in item.operands
    )
    return bool(re.search(r"\.sh\b|supervisor|s6|foreman|honcho|pm2|entrypoint|Procfile|make\b", words)) or not words
