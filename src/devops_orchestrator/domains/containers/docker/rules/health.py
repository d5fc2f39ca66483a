"""Rules on HEALTHCHECK."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes.recipe import health_command
from devops_orchestrator.domains.containers.docker.rules.process import above, real_port, start_of_process
from devops_orchestrator.domains.containers.docker.rules.reading import View, runs
from devops_orchestrator.formats.dockerfile import Instruction
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

REFERENCE = "https://docs.docker.com/reference/dockerfile/"


@rule(
    "docker/healthcheck-tool-missing", Severity.ERROR, on="dockerfile", url=f"{REFERENCE}#healthcheck",
    title=Text("HEALTHCHECK calls a program that the image lacks", "HEALTHCHECK appelle un programme absent de l'image"),
    advice=Text(
        "Every check fails: the container is \"unhealthy\" from the first minute, and whoever waits for it waits forever.",
        "Chaque vérification échoue : le conteneur est « unhealthy » dès la première minute, et tout ce qui l'attend attend pour toujours.",
    ),
)  # fmt: skip
def healthcheck_tool(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    check = view.last("HEALTHCHECK")
    if check is None or not view.base:
        return
    tool = _health_tool(check)
    known = images.tools_of(view.base)
    if tool is None or known is None or tool in known or _installed(view, tool):
        return
    place = next((w for w in check.operands + check.words if tool in w.value), None)
    yield Hit(
        place.start if place else check.start, place.end if place else check.end,
        Text(f"{tool} is neither in {view.base} nor installed.", f"{tool} n'est ni dans {view.base} ni installé."), _other_check(view, check, known),
    )  # fmt: skip


def _health_tool(check: Instruction) -> str | None:
    found = re.search(r"\b(curl|wget|nc)\b", check.arguments)
    return found[1] if found else None


def _installed(view: View, tool: str) -> bool:
    packages = {
        "curl": ("curl",),
        "wget": ("wget",),
        "nc": ("netcat", "netcat-openbsd", "netcat-traditional", "nmap-ncat"),
    }[tool]
    for _, command in runs(view.lineage):
        if {"install", "add", "-S", "-y"} & set(command.values) and any(
            w.partition("=")[0] in packages for w in command.values
        ):
            return True
    return any(
        item.name in ("COPY", "ADD") and posixpath.basename(item.operands[-1].value) == tool
        for item in view.lineage
        if item.operands
    )


def _other_check(view: View, check: Instruction, known: frozenset[str]) -> Fix | None:
    """The same request with the runtime that the image has."""
    url = re.search(r"https?://[^\s\"',|\])]+", check.arguments)
    if url is None or "$" in url[0]:
        return None
    if "node" in known:
        code = f"fetch('{url[0]}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
        words = ["node", "-e", code]
    elif "python" in known:
        words = ["python", "-c", f"import urllib.request; urllib.request.urlopen('{url[0]}', timeout=2)"]
    elif "wget" in known:
        words = ["wget", "-q", "-O", "/dev/null", url[0]]
    else:
        return None
    needs = Text(
        "The check now really runs: the address must answer.",
        "La vérification s'exécute désormais vraiment : l'adresse doit répondre.",
    )
    edit = view.source.edit(check.args_start, check.args_end, f"CMD {json.dumps(words)}")
    return Fix((edit,), False, Text(f"Check with {words[0]}", f"Vérifier avec {words[0]}"), needs)


@rule(
    "docker/no-healthcheck", Severity.INFO, on="dockerfile", url=f"{REFERENCE}#healthcheck",
    title=Text("The application has a health route and the image no HEALTHCHECK", "L'application a une route de santé et l'image pas de HEALTHCHECK"),
    advice=Text(
        "Docker and compose then take a process that hangs for a healthy one. (Kubernetes uses its own probes.)",
        "Docker et compose prennent alors un processus bloqué pour un processus sain. (Kubernetes utilise ses propres sondes.)",
    ),
)  # fmt: skip
def no_healthcheck(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    component, real = view.component, real_port(view)
    start = view.last("CMD") or view.last("ENTRYPOINT")
    if (
        component is None
        or not component.health
        or view.last("HEALTHCHECK")
        or start is None
        or start not in view.final.instructions
    ):
        return
    command = health_command(view.base or "", component.health, real[0] if real else component.port)
    if not command or _compose_checks(project):
        return
    eol = newline(source.text)
    line = f"HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \\{eol}    CMD {command}{eol}"
    first = start_of_process(view) or start
    needs = Text(
        "A container whose route does not answer becomes unhealthy: start it once.",
        "Un conteneur dont la route ne répond pas devient « unhealthy » : démarrez-le une fois.",
    )
    yield Hit(
        start.start, start.end,
        Text(f"{component.health} exists; the image has no HEALTHCHECK.", f"{component.health} existe ; l'image n'a pas de HEALTHCHECK."),
        Fix((Edit(source.path, above(view, first), above(view, first), line),), False, Text("Add a HEALTHCHECK", "Ajouter un HEALTHCHECK"), needs),
    )  # fmt: skip


def _compose_checks(project: Project) -> bool:
    """Whether a compose file already has a health check on the application's own service."""
    from devops_orchestrator.errors import ParseError
    from devops_orchestrator.formats import yaml

    for path in project.of_kind("compose"):
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for document in documents:
            services = document.get("services")
            if services and any(s.get("build") and s.get("healthcheck") for _, s in services.items()):
                return True
    return False


RULES = (healthcheck_tool, no_healthcheck)
