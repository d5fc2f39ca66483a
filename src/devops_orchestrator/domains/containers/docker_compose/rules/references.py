"""Rules on what a compose file names: services, networks, volumes, secrets, folders and stages that must be there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    built,
    elsewhere,
    folder,
    join,
    once,
    parsed,
    perhaps_ignored,
    services,
)
from devops_orchestrator.formats import compose
from devops_orchestrator.formats.compose import Service
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


@rule(
    "docker-compose/unknown-build-context", Severity.ERROR, on="compose", url=REFERENCE + "build/#context",
    title=Text("A build that points to nothing", "Un build qui ne pointe sur rien"),
    advice=Text("`docker compose build` stops here.", "`docker compose build` s'arrête ici."),
)  # fmt: skip
@once
def unknown_build_context(source: Source, project: Project) -> Iterator[Hit]:
    """A Dockerfile that is not there. Remote contexts, variables, and what a package manager or git ignores are not verified."""
    for service in services(source):
        node = service.get("build")
        made = built(service, source, project) if node is not None else None
        if node is None or made is None or made.path.startswith("..") or project.repository.has(made.path):
            continue
        if re.search(r"(^|/)(vendor|node_modules)/", made.path) or perhaps_ignored(project, made.path):
            continue
        context = node.scalar if node.kind == "scalar" else service.text("build", "context") or "."
        if (
            elsewhere(
                project,
                posixpath.normpath(posixpath.join(context, service.text("build", "dockerfile") or "Dockerfile")),
            )
            and folder(source) != "."
        ):
            continue
        if re.search(r"(^|/)(docs?|testdata|fixtures|examples?|samples?)/", source.path):
            continue  # a sample, to be copied somewhere else
        place = service.get("build", "dockerfile") or service.get("build", "context") or node
        yield Hit(
            place.start, place.end,
            Text(f"{service.name}: there is no {made.path}.", f"{service.name} : {made.path} n'existe pas."),
        )  # fmt: skip


@rule(
    "docker-compose/unknown-build-target", Severity.ERROR, on="compose", url=REFERENCE + "build/#target",
    title=Text("A stage that the Dockerfile does not have", "Une étape que le Dockerfile n'a pas"),
    advice=Text("`docker compose build` stops with \"target stage could not be found\".", "`docker compose build` s'arrête avec « target stage could not be found »."),
)  # fmt: skip
@once
def unknown_build_target(source: Source, project: Project) -> Iterator[Hit]:
    """`build.target` against the names of the stages."""
    for service in services(source):
        node = service.get("build", "target")
        made = built(service, source, project) if node is not None else None
        file = made.dockerfile if made is not None else None
        if node is None or made is None or file is None or "$" in node.scalar or file.stage(node.scalar) is not None:
            continue
        names = [stage.name for stage in file.stages if stage.name]
        yield Hit(
            node.start, node.end,
            Text(
                f"{made.path} has no stage {node.scalar}; it has {', '.join(names) or 'none with a name'}.",
                f"{made.path} n'a pas d'étape {node.scalar} ; il a {', '.join(names) or 'aucune étape nommée'}.",
            ),
            related=(Related(made.path, file.stages[-1].origin.line, Text("its last stage", "sa dernière étape")),),
        )  # fmt: skip


@rule(
    "docker-compose/undefined-reference", Severity.ERROR, on="compose", url=REFERENCE,
    title=Text("A name that nothing defines", "Un nom que rien ne définit"),
    advice=Text(
        "Compose refuses the whole file: no service starts.",
        "Compose refuse tout le fichier : aucun service ne démarre.",
    ),
)  # fmt: skip
@once
def undefined_reference(source: Source, project: Project) -> Iterator[Hit]:
    """Services, networks, named volumes, secrets and configs that no compose file of the repository defines.

    Which files are given together with `-f`, or extend one another, is not known: any of them counts.
    """
    others = (parsed(project, path) for path in project.of_kind("compose") if path != source.path)
    files = [source.parsed(compose.parse), *(file for file in others if file is not None)]
    if any(file.includes for file in files) or posixpath.basename(folder(source)) in (".ddev", ".devcontainer"):
        return
    known = {
        section: {name for file in files for name in file.names(section)}
        for section in ("services", "networks", "volumes", "secrets", "configs")
    }
    kinds = {
        "services": ("service", "le service"),
        "networks": ("network", "le réseau"),
        "volumes": ("volume", "le volume"),
        "secrets": ("secret", "le secret"),
        "configs": ("config", "la config"),
    }
    for service in services(source):
        for section, node, name in _named(service):
            if "$" in name or not name or name in known[section] or (section == "networks" and name == "default"):
                continue
            en, fr = kinds[section]
            yield Hit(
                node.start, node.end,
                Text(f"{service.name}: the {en} {name} is not defined.", f"{service.name} : {fr} {name} n'est pas défini·e.".replace("·e", "e" if section == "configs" else "")),
            )  # fmt: skip


def _named(service: Service) -> Iterator[tuple[str, Node, str]]:
    """(section, place, name) of what a service names."""
    for need in service.needs:
        yield "services", need.node, need.name
    for section in ("networks", "secrets", "configs"):
        node = service.get(section)
        for key, _ in node.items() if node is not None else ():
            if key.scalar != "<<":
                yield section, key, key.scalar
        for child in node.children() if node is not None else ():
            source = child.get("source") if child.kind == "map" else child
            if source is not None:
                yield section, source, source.scalar
    for mount in service.mounts:
        if mount.kind == "volume" and mount.source and "\\" not in mount.source:
            yield "volumes", mount.node, mount.source
    mode = service.get("network_mode")
    if mode is not None and mode.scalar.startswith("service:"):
        yield "services", mode, mode.scalar.partition(":")[2]


_FILE = re.compile(
    r"[^/]\.(conf|cfg|cnf|ini|json|ya?ml|toml|sql|sh|xml|properties|js|ts|py|php|tmpl|template|htpasswd)$"
)


@rule(
    "docker-compose/missing-mounted-file", Severity.WARNING, on="compose", url=REFERENCE + "services/#volumes",
    title=Text("A mounted file that is not in the repository", "Un fichier monté qui n'est pas dans le dépôt"),
    advice=Text(
        "Docker makes an empty folder of that name in its place: the service starts with a folder where it expects a file, and fails or uses its defaults.",
        "Docker crée à sa place un dossier vide de ce nom : le service trouve un dossier là où il attend un fichier, échoue ou utilise ses valeurs par défaut.",
    ),
)  # fmt: skip
@once
def missing_mounted_file(source: Source, project: Project) -> Iterator[Hit]:
    """A bind mount of a file (by its ending) below the compose file's folder that neither is there nor is ignored by git."""
    for service in services(source):
        for mount in service.mounts:
            if (
                mount.kind != "bind"
                or not mount.source.startswith((".", ".."))
                or "$" in mount.source
                or not _FILE.search(mount.source)
            ):
                continue
            path = join(folder(source), mount.source)
            if (
                path.startswith("..")
                or project.repository.has(path)
                or project.repository.below(path)
                or re.search(r"(^|/)(vendor|node_modules)/", path)
            ):
                continue
            if (
                not _FILE.search(mount.target)
                or perhaps_ignored(project, path)
                or re.search(r"(^|/)docs?/|example|sample", source.path)
            ):
                continue
            if folder(source) != "." and elsewhere(project, mount.source):
                continue
            if _told_about(project, posixpath.basename(path)):
                continue  # the documentation tells how to make it
            beside = _template(project, path)
            yield Hit(
                mount.node.start, mount.node.end,
                Text(f"{service.name}: there is no {path}.", f"{service.name} : {path} n'existe pas."),
                related=(Related(beside, 1, Text("to be copied first?", "à copier d'abord ?")),) if beside else (),
                severity=Severity.INFO if beside else None,
            )  # fmt: skip


def _told_about(project: Project, name: str) -> bool:
    """Whether a page of the documentation names the file."""
    pages = (path for path in project.repository.files if path.lower().endswith((".md", ".rst", ".adoc")))
    return any(name in (project.repository.read(page) or "") for page in pages)


def _template(project: Project, path: str) -> str | None:
    """A sample that the user is meant to copy to the path."""
    stem = posixpath.splitext(path)[0]
    found = [
        f
        for f in project.repository.files
        if f != path and posixpath.dirname(f) == posixpath.dirname(path) and f.startswith(stem)
    ]
    return next((f for f in found if re.search(r"example|sample|dist|template|default", f[len(stem) :])), None)


@rule(
    "docker-compose/container-name-scaled", Severity.ERROR, on="compose", url=REFERENCE + "services/#container_name",
    title=Text("A fixed container name for several containers", "Un nom de conteneur fixe pour plusieurs conteneurs"),
    advice=Text("Compose starts only one: a container's name is unique on the machine.", "Compose n'en démarre qu'un : un nom de conteneur est unique sur la machine."),
)  # fmt: skip
@once
def container_name_scaled(source: Source, project: Project) -> Iterator[Hit]:
    """`container_name` together with more than one replica."""
    for service in services(source):
        name, pair = service.get("container_name"), service.node.pair("container_name")
        count = service.get("deploy", "replicas") or service.get("scale")
        if name is None or pair is None or count is None or not isinstance(count.value, int) or count.value < 2:
            continue
        yield Hit(
            pair[0].start, pair[1].end,
            Text(f"{service.name} has {count.value} replicas and one name.", f"{service.name} a {count.value} répliques et un seul nom."),
            related=(Related(source.path, source.lines.place(count.start)[0], Text(f"{count.value} replicas", f"{count.value} répliques")),),
        )  # fmt: skip


RULES = (unknown_build_context, unknown_build_target, undefined_reference, missing_mounted_file, container_name_scaled)
