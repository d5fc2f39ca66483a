"""What the image starts, and on which port it listens."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.core.project import Component
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.reading import View
from devops_orchestrator.formats.dockerfile import Instruction


def real_port(view: View) -> tuple[int, str] | None:
    """(port, where it is said) of the process in the image: its arguments, then ENV PORT, then the application's code."""
    words = view.process
    for i, word in enumerate(words):
        said = re.search(
            r"(?:^|[\s=])(?:--port|--bind|--listen|--http-port|-b)(?:[= ]|$)",
            word + ("=" if i + 1 < len(words) else ""),
        )
        value = word.partition("=")[2] or (words[i + 1] if said and i + 1 < len(words) else "")
        if said and (found := re.search(r"(?:^|:)(\d{2,5})$", value)):
            return int(
                found[1]
            ), f"{view.source.path}:{(view.last('CMD') or view.last('ENTRYPOINT') or view.final.origin).line}"
    component = view.component
    for name in _port_variables(component):
        if view.environment.get(name, "").isdigit():
            return int(view.environment[name]), f"{view.source.path}: ENV {name}"
    server = images.reference(view.base or "").name
    if (
        component is None
        or server in ("nginx", "nginxinc/nginx-unprivileged", "httpd", "caddy")
        or component.kind != "service"
    ):
        return None
    evidence = component.evidence.get("port", "")
    if not _starts(view, component):
        return None
    if component.port is None or evidence.startswith("convention") or _is_docker(evidence):
        return None
    return component.port, evidence


def _port_variables(component: Component | None) -> list[str]:
    """The variables that give the process its port, as far as the code reads them."""
    if component is None:
        return ["PORT"]
    names = [name for name in (component.traits.get("port_env"),) if name]
    names += ["PORT"] if "PORT" in component.environment and "PORT" not in names else []
    return [*names, "SERVER_PORT"] if component.framework == "spring-boot" else names


def _starts(view: View, component: Component) -> bool:
    """Whether the image starts the component's own program, where a component has several (Go's cmd/ folders)."""
    if not component.traits.get("programs") or not view.process:
        return True
    return posixpath.basename(view.process[0]) in (component.traits.get("binary"), component.name)


def _is_docker(evidence: str) -> bool:
    return "ockerfile" in evidence or "compose" in evidence


def start_of_process(view: View) -> Instruction | None:
    """The first of the instructions at the end of the final stage that only start the process."""
    found = None
    for item in reversed(view.final.instructions):
        if item.name not in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "EXPOSE", "STOPSIGNAL"):
            break
        found = item
    return found


def above(view: View, item: Instruction) -> int:
    """Where to put a line before an instruction: above the comment lines that belong to it."""
    lines = view.source.lines
    comments = {lines.place(start)[0] for start, _ in view.file.comments}
    line = item.line
    while line - 1 in comments:
        line -= 1
    return lines.start(line)
