"""Dependabot: what it watches, against what is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import dependabot
from devops_orchestrator.domains.cicd.github_actions.rules.edits import edit
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

_URL = "https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference"


def _updates(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    found = documents[0].get("updates") if documents else None
    return found if found is not None and found.kind == "list" else None


def _folders(entry: Node) -> list[Node]:
    several = entry.get("directories")
    if several is not None:
        return list(several.children())
    one = entry.get("directory")
    return [one] if one is not None else []


@rule(
    "github-actions/dependabot-empty-directory", Severity.WARNING, on="dependabot",
    title=Text("Dependabot watches a folder without a manifest", "Dependabot surveille un dossier sans manifeste"),
    advice=Text("The update fails every time, in a place where nobody looks, and nothing is kept up to date.", "La mise à jour échoue à chaque fois, là où personne ne regarde, et rien n'est tenu à jour."),
    url=_URL,
)  # fmt: skip
def dependabot_empty_directory(source: Source, project: Project) -> Iterator[Hit]:
    """A directory in which no manifest of its ecosystem is."""
    updates = _updates(source)
    for entry in updates.children() if updates is not None else ():
        ecosystem = str(entry.at("package-ecosystem", default=""))
        manifests = dependabot.MANIFESTS.get(ecosystem)
        if manifests is None:
            continue
        for node in _folders(entry):
            folder = node.scalar.strip("/")
            if re.search(r"[*?\[]", folder):
                patterns = [f"{folder}/{name}" for name in manifests]
            else:
                patterns = [posixpath.join(folder, name) for name in manifests]
            if not any(matches(path, *patterns) for path in project.repository.files):
                yield Hit(
                    node.start, node.end,
                    Text(f"{node.scalar} holds nothing that {ecosystem} updates.", f"{node.scalar} ne contient rien que {ecosystem} mette à jour."),
                )  # fmt: skip


@rule(
    "github-actions/dependabot-missing-ecosystem", Severity.INFO, on="dependabot",
    title=Text("Dependabot does not watch everything", "Dependabot ne surveille pas tout"),
    advice=Text("What is not listed gets no version updates; pinned actions and images then stay at their old commits.", "Ce qui n'est pas listé ne reçoit pas de mises à jour ; les actions et images épinglées restent alors à leurs anciens commits."),
    url=_URL,
)  # fmt: skip
def dependabot_missing_ecosystem(source: Source, project: Project) -> Iterator[Hit]:
    """An ecosystem of the repository for which there is no entry at all."""
    updates = _updates(source)
    if updates is None:
        return
    known = {str(entry.at("package-ecosystem", default="")) for entry in updates.children()}
    there = dependabot.ecosystems(project)
    if not project.of_kind("github-workflow"):
        there.pop("github-actions", None)
    same = {"uv": {"pip"}, "pip": {"uv"}, "bun": {"npm"}, "docker-compose": {"docker"}}
    for ecosystem, folders in there.items():
        if ecosystem in known or same.get(ecosystem, set()) & known:
            continue
        fix = None
        if not updates.flow and list(updates.children()):
            where = (
                f"directory: {folders[0]}"
                if len(folders) == 1
                else "directories:\n" + "\n".join(f"  - {f}" for f in folders)
            )
            item = (
                f"package-ecosystem: {ecosystem}\n{where}\nschedule:\n  interval: weekly\ncooldown:\n  default-days: 7"
            )
            fix = Fix(
                (edit(source, yaml.append_item(updates, item)),), False, Text(f"watch {ecosystem}", f"surveiller {ecosystem}"),
                Text("Dependabot then opens pull requests for it.", "Dependabot ouvrira alors des pull requests pour cet écosystème."),
            )  # fmt: skip
        shown = ", ".join(folders)
        yield Hit(
            updates.start, updates.start + 1,
            Text(f"{ecosystem} ({shown}) gets no updates.", f"{ecosystem} ({shown}) ne reçoit pas de mises à jour."), fix,
        )  # fmt: skip


@rule(
    "github-actions/dependabot-missing-directory", Severity.INFO, on="dependabot",
    title=Text("Dependabot leaves a folder out", "Dependabot oublie un dossier"),
    advice=Text("Each directory with a lockfile of its own needs its entry: what is in no entry stays at its versions, security fixes of its tree included.", "Chaque dossier qui a son propre lockfile doit avoir son entrée : ce qui n'est dans aucune garde ses versions, correctifs de sécurité compris."),
    url=_URL,
)  # fmt: skip
def dependabot_missing_directory(source: Source, project: Project) -> Iterator[Hit]:
    """A component with a lockfile of its own in a folder that no entry of its ecosystem names."""
    updates = _updates(source)
    if updates is None:
        return
    entries = list(updates.children())
    told: set[tuple[str, str]] = set()
    for component in project.components:
        ecosystem = dependabot.ECOSYSTEMS.get(component.package_manager or "")
        folder = posixpath.dirname(component.lockfile) if component.lockfile else None
        if (
            ecosystem is None
            or folder is None
            or (ecosystem, folder) in told
            or re.search(r"(^|/)(examples?|fixtures?|tests?|templates?|docs?)(/|$)", folder)
        ):
            continue
        mine = [
            entry
            for entry in entries
            if str(entry.at("package-ecosystem", default="")) in (ecosystem, *_SAME.get(ecosystem, ()))
        ]
        watched = [node.scalar for entry in mine for node in _folders(entry)]
        if not mine or any(
            _covers(pattern, folder) or not project.repository.below(pattern.strip("/") or ".") for pattern in watched
        ):
            continue
        told.add((ecosystem, folder))
        place = mine[0].get("directory") or mine[0].get("directories") or mine[0]
        shown = ", ".join(watched)
        yield Hit(
            place.start, place.end,
            Text(f"{component.lockfile} gets no updates: {ecosystem} watches {shown}.", f"{component.lockfile} ne reçoit pas de mises à jour : {ecosystem} surveille {shown}."),
            related=(Related(component.lockfile or "", 1, Text("the lockfile", "le lockfile")),),
        )  # fmt: skip


_SAME = {"uv": ("pip",), "pip": ("uv",), "bun": ("npm",)}


def _covers(pattern: str, folder: str) -> bool:
    bare = pattern.strip("/")
    return bare == folder or matches(folder, bare) or matches(f"{folder}/x", f"{bare}/*") or bare in ("**", "**/*")
