"""Rules on health checks: that they run, that they can fail, that they ask where somebody answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from devops_orchestrator.core import base_images
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.listening import listening
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    Built,
    built,
    once,
    related,
    services,
)
from devops_orchestrator.formats import compose, shell
from devops_orchestrator.formats.compose import Service
from devops_orchestrator.formats.healthcheck import Check
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = REFERENCE + "services/#healthcheck"
_FORMS = ("CMD", "CMD-SHELL", "NONE")


def checks(source: Source) -> Iterator[tuple[Service, Node, Check]]:
    """Each service's check that runs something, with the node of `test`."""
    for service in services(source):
        node = service.get("healthcheck", "test")
        if node is None:
            continue
        if node.kind == "scalar":
            yield service, node, Check(_unescaped(node.scalar))
            continue
        words = [child.scalar for child in node.children()]
        if words[:1] == ["CMD-SHELL"]:
            yield service, node, Check(_unescaped(words[1] if len(words) > 1 else ""))
        elif words[:1] == ["CMD"]:
            yield service, node, Check(None, tuple(_unescaped(word) for word in words[1:]))


def _unescaped(text: str) -> str:
    return text.replace("$$", "$")


@rule(
    "docker-compose/malformed-healthcheck", Severity.ERROR, on="compose", url=DOCS,
    title=Text("A health check that is not run as it is written", "Un healthcheck qui ne s'exécute pas comme il est écrit"),
    advice=Text(
        "`CMD` starts one program without a shell, `CMD-SHELL` and a string give one line to a shell: in another form words are lost or taken for arguments, and the check always fails.",
        "`CMD` lance un programme sans shell, `CMD-SHELL` et une chaîne donnent une ligne à un shell : sous une autre forme, des mots sont perdus ou pris pour des arguments, et la vérification échoue toujours.",
    ),
)  # fmt: skip
@once
def malformed_healthcheck(source: Source, project: Project) -> Iterator[Hit]:
    """A list that begins with no form, shell operators behind CMD, CMD inside a string, several words behind CMD-SHELL."""
    for service in services(source):
        node = service.get("healthcheck", "test")
        if node is None or "${" in node.scalar[:3]:
            continue
        if node.kind == "scalar":
            found = re.match(r"(CMD-SHELL|CMD)\s+(?=\S)", node.scalar)
            if found:
                quoted = node.start + (source.text[node.start] in ("'", '"'))
                plain = source.text.startswith(found[0], quoted)
                title = Text(f"Take {found[1]} out", f"Retirer {found[1]}")
                fix = Fix((source.edit(quoted, quoted + len(found[0]), ""),), False, title, _RUNS) if plain else None
                yield Hit(
                    node.start, node.end,
                    Text(f"{service.name}: the shell looks for a program called {found[1]}.", f"{service.name} : le shell cherche un programme nommé {found[1]}."),
                    fix,
                )  # fmt: skip
            continue
        words = [child.scalar for child in node.children()]
        if not words or any("${" in word for word in words[:1]):
            continue
        if words[0] not in _FORMS:
            fix = None
            if node.flow and not any(word in ("||", "&&", "|", ";") for word in words):
                fix = Fix(
                    (source.edit(node.start + 1, node.start + 1, '"CMD", '),),
                    False,
                    Text('Begin with "CMD"', 'Commencer par "CMD"'),
                    _RUNS,
                )
            yield Hit(
                node.start, node.end,
                Text(
                    f"{service.name}: compose refuses a list that begins with {words[0]}: it must be CMD, CMD-SHELL or NONE.",
                    f"{service.name} : compose refuse une liste qui commence par {words[0]} ; il faut CMD, CMD-SHELL ou NONE.",
                ),
                fix,
            )  # fmt: skip
        elif words[0] == "CMD" and (
            operator := next((w for w in words if w in ("||", "&&", "|", ";") or w.startswith("|| ")), None)
        ):
            fix = _as_shell(source, node, words[1:])
            yield Hit(
                node.start, node.end,
                Text(
                    f"{service.name}: without a shell, {operator} is an argument of {words[1]}.",
                    f"{service.name} : sans shell, {operator} est un argument de {words[1]}.",
                ),
                fix,
            )  # fmt: skip
        elif words[0] == "CMD-SHELL" and len(words) > 2:
            fix = _as_shell(source, node, words[1:])
            yield Hit(
                node.start, node.end,
                Text(
                    f"{service.name}: the shell runs `{words[1]}` alone; what follows is lost.",
                    f"{service.name} : le shell exécute `{words[1]}` seul ; la suite est perdue.",
                ),
                fix,
                severity=Severity.WARNING,
            )  # fmt: skip


_RUNS = Text(
    "The check now really runs: the service must answer it.",
    "La vérification s'exécute désormais vraiment : le service doit y répondre.",
)


def _as_shell(source: Source, node: Node, words: list[str]) -> Fix | None:
    """`["CMD-SHELL", "a || b"]` for the words, where none of them would need quotes."""
    if not node.flow or any(re.search(r"[\"'\\]|[$&;<>(){}*?#].*\s|\s.*[$&;<>(){}*?#]", word) for word in words):
        return None
    new = json.dumps(["CMD-SHELL", " ".join(words)], ensure_ascii=False)
    return Fix(
        (source.edit(node.start, node.end, new),), False, Text("Give it to a shell", "La confier à un shell"), _RUNS
    )


@rule(
    "docker-compose/healthcheck-ignores-errors", Severity.WARNING, on="compose", url=DOCS,
    title=Text("A health check that takes errors for health", "Un healthcheck qui prend les erreurs pour de la bonne santé"),
    advice=Text(
        "curl ends with 0 for any answer, a 500 too, unless it is told `--fail`; `|| true` ends with 0 whatever happens. The service is healthy while it is broken.",
        "Sans `--fail`, curl termine avec 0 pour toute réponse, même une 500 ; `|| true` termine avec 0 quoi qu'il arrive. Le service est déclaré sain alors qu'il est en panne.",
    ),
)  # fmt: skip
@once
def healthcheck_ignores_errors(source: Source, project: Project) -> Iterator[Hit]:
    """A check whose deciding program is curl without --fail, or that ends with a success in any case."""
    for service, node, check in checks(source):
        if check.passes_in_any_case:
            yield Hit(
                node.start, node.end,
                Text(f"{service.name}: this check never fails.", f"{service.name} : cette vérification n'échoue jamais."),
            )  # fmt: skip
        elif check.takes_errors_for_health:
            at = _behind_curl(source, node)
            fix = None
            if at is not None:
                text = ' "-f",' if node.kind == "list" and check.script is None else " -f"
                needs = Text(
                    "The address must answer with a status below 400.",
                    "L'adresse doit répondre avec un statut inférieur à 400.",
                )
                fix = Fix((source.edit(at, at, text),), False, Text("Add -f", "Ajouter -f"), needs)
            yield Hit(
                node.start, node.end,
                Text(f"{service.name}: curl without --fail takes a 500 for health.", f"{service.name} : sans --fail, curl prend une 500 pour de la bonne santé."),
                fix,
            )  # fmt: skip


def _behind_curl(source: Source, node: Node) -> int | None:
    """The place behind the word curl; None where the list is no flow list or the word stands twice."""
    text = source.text[node.start : node.end]
    if node.kind == "list":
        if not node.flow:
            return None
        second = next((c for c in node.children() if c.scalar == "curl"), None)
        if second is not None:
            after = source.text.find(",", second.end)
            return after + 1 if 0 <= after < node.end else None
    found = list(re.finditer(r"\bcurl\b(?=\s)", text))
    return node.start + found[0].end() if len(found) == 1 else None


@rule(
    "docker-compose/healthcheck-host-variable", Severity.WARNING, on="compose", url=REFERENCE + "interpolation/",
    title=Text("A variable of the container, filled on the host", "Une variable du conteneur, remplacée sur l'hôte"),
    advice=Text(
        "Compose fills `$NAME` from the shell that calls it and from .env, before the container exists; where neither has it, nothing is left. `$$NAME` is the container's own.",
        "Compose remplace `$NOM` à partir du shell qui l'appelle et de .env, avant que le conteneur n'existe ; si aucun des deux ne l'a, il ne reste rien. `$$NOM` est celle du conteneur.",
    ),
)  # fmt: skip
@once
def healthcheck_host_variable(source: Source, project: Project) -> Iterator[Hit]:
    """A single dollar before a variable that the service itself sets to a fixed value and no dotenv file of the repository names."""
    for service in services(source):
        node = service.get("healthcheck", "test")
        if node is None:
            continue
        fixed = {v.name: v for v in service.environment if v.value and "$" not in v.value}
        for child in node.children() if node.kind == "list" else (node,):
            text = source.text[child.start : child.end]
            for name, start, _ in compose.variables(text):
                if (
                    name not in fixed
                    or "-" in text[start : start + len(name) + 4].partition(name)[2][:2]
                    or _in_dotenv(project, name)
                ):
                    continue
                at = child.start + start
                fix = Fix((source.edit(at, at, "$"),), True, Text(f"$${name}", f"$${name}"))
                yield Hit(
                    at, at + len(name) + 1,
                    Text(
                        f"${name} is the host's here; {service.name} sets its own to {_shown(name, fixed[name].value)}.",
                        f"${name} est ici celle de l'hôte ; {service.name} fixe la sienne à {_shown(name, fixed[name].value)}.",
                    ),
                    fix, (Related(source.path, source.lines.place(fixed[name].node.start)[0], Text("set here", "fixée ici")),),
                )  # fmt: skip


def _shown(name: str, value: str | None) -> str:
    return "…" if re.search(r"PASS|SECRET|TOKEN|KEY", name) else str(value)


def _in_dotenv(project: Project, name: str) -> bool:
    return any(
        re.search(rf"(?m)^\s*(export\s+)?#?\s*{name}=", project.repository.read(path) or "")
        for path in project.repository.glob("**/.env*", "**/*.env", "**/*env.example", "**/*env.dist", "**/*env.sample")
    )


@rule(
    "docker-compose/healthcheck-tool-missing", Severity.ERROR, on="compose", url=DOCS,
    title=Text("The health check calls a program that the image lacks", "Le healthcheck appelle un programme absent de l'image"),
    advice=Text(
        "Every check fails: the container is \"unhealthy\" from the first minute, and whoever waits for it waits forever.",
        "Chaque vérification échoue : le conteneur est « unhealthy » dès la première minute, et tout ce qui l'attend attend pour toujours.",
    ),
)  # fmt: skip
@once
def healthcheck_tool_missing(source: Source, project: Project) -> Iterator[Hit]:
    """curl, wget or nc in the check of a service whose Dockerfile neither starts from an image with it nor installs it."""
    for service, node, check in checks(source):
        made = built(service, source, project)
        names = [words[0] for words in check.commands if words]
        tool = next((name for name in names if name in _PACKAGES), None)
        if tool is None or made is None or not made.base or len([n for n in names if n in _PACKAGES]) != 1:
            continue
        known = base_images.tools_of(made.base)
        if known is None or tool in known or _brought(made, tool):
            continue
        origin = made.dockerfile.stages[-1].origin if made.dockerfile else None
        yield Hit(
            node.start, node.end,
            Text(
                f"{service.name}: {tool} is neither in {made.base} nor installed by {made.path}.",
                f"{service.name} : {tool} n'est ni dans {made.base} ni installé par {made.path}.",
            ),
            related=(Related(made.path, origin.line, Text("the image", "l'image")),) if origin else (),
        )  # fmt: skip


_PACKAGES = {
    "curl": ("curl",),
    "wget": ("wget",),
    "nc": ("netcat", "netcat-openbsd", "netcat-traditional", "nmap-ncat"),
}


def _brought(made: Built, tool: str) -> bool:
    """Whether the Dockerfile installs or copies the tool, or runs a script that may."""
    for item in made.lineage:
        if (
            item.name in ("COPY", "ADD")
            and item.operands
            and item.operands[-1].value.rstrip("/").endswith((f"/{tool}", "/bin", "/"))
            and item.flag("from")
        ):
            return True
        if item.name != "RUN":
            continue
        if item.flags or re.search(r"\.sh\b", item.arguments):
            text = " ".join((item.arguments, *(h.body for h in item.heredocs)))
            if tool in text or re.search(r"\.sh\b", text):
                return True
        for _, script in item.scripts:
            for command in shell.commands(script):
                if any(word.partition("=")[0] in _PACKAGES[tool] for word in command.values) or any(
                    "$" in w for w in command.operands if command.name in ("apt-get", "apt", "apk")
                ):
                    return True
    return False


@rule(
    "docker-compose/healthcheck-wrong-port", Severity.ERROR, on="compose", url=DOCS,
    title=Text("The health check asks a port where nobody listens", "Le healthcheck interroge un port où personne n'écoute"),
    advice=Text(
        "Inside the container the published port does not count, only the one that the application listens on: every check is refused.",
        "Dans le conteneur, le port publié ne compte pas, seul celui où l'application écoute : chaque vérification est refusée.",
    ),
)  # fmt: skip
@once
def healthcheck_wrong_port(source: Source, project: Project) -> Iterator[Hit]:
    """The port of the check's own address against the one that the service listens on."""
    for service, node, check in checks(source):
        made = built(service, source, project)
        port = listening(service, made, source) if made is not None else None
        if check.address is None or port is None or check.address[0] == port.number:
            continue
        text = source.text[node.start : node.end]
        found = list(re.finditer(rf":{check.address[0]}\b", text))
        place = (
            (node.start + found[0].start() + 1, node.start + found[0].end())
            if len(found) == 1
            else (node.start, node.end)
        )
        fix = None
        if len(found) == 1:
            needs = Text("The health route must be there.", "La route de santé doit exister.")
            fix = Fix(
                (source.edit(*place, str(port.number)),),
                False,
                Text(f"Ask port {port.number}", f"Interroger le port {port.number}"),
                needs,
            )
        yield Hit(
            *place,
            Text(
                f"{service.name} is asked on port {check.address[0]} and listens on {port.number} ({port.evidence}).",
                f"{service.name} est interrogé sur le port {check.address[0]} et écoute sur {port.number} ({port.evidence}).",
            ),
            fix, related(port.evidence, f"port {port.number}", f"port {port.number}"),
        )  # fmt: skip


RULES = (
    malformed_healthcheck, healthcheck_ignores_errors, healthcheck_host_variable, healthcheck_tool_missing, healthcheck_wrong_port,
)  # fmt: skip
