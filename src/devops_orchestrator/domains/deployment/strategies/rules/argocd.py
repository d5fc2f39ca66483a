"""Argo CD Applications: do they point at what exists, and who decides about production?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.deployment.strategies import gitops
from devops_orchestrator.domains.deployment.strategies.kustomize import PRODUCTION
from devops_orchestrator.domains.deployment.strategies.rules import place
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://argo-cd.readthedocs.io/en/stable/"


def _specs(source: Source, project: Project) -> Iterator[tuple[Object, Node]]:
    """(object, the Application's spec) of Applications and of ApplicationSets' templates."""
    for item in place.objects(source, project, "Application", "argoproj.io"):
        spec = item.get("spec")
        if spec is not None:
            yield item, spec
    for item in place.objects(source, project, "ApplicationSet", "argoproj.io"):
        spec = item.get("spec", "template", "spec")
        if spec is not None:
            yield item, spec


def _sources(spec: Node) -> Iterator[Node]:
    one, several = spec.get("source"), spec.get("sources")
    if one is not None:
        yield one
    yield from several.children() if several is not None else ()


def slug(url: object) -> str:
    """`owner/name` of a repository address, lower-case, for comparison."""
    found = re.search(r"[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$", str(url))
    return found[1].lower() if found else ""


def is_here(url: object, project: Project) -> bool:
    """Whether an address is that of this repository; without a remote, whether it has the folder's name."""
    own = (project.vcs.slug or "").lower() or slug(gitops.repository_url(project) or "")
    return slug(url) == own if own else slug(url).rpartition("/")[2] == project.repository.name.lower()


def exists(project: Project, path: str) -> bool:
    """Whether a folder (or a file) of the repository is there."""
    folder = posixpath.normpath(path.strip("/") or ".")
    return (
        folder == "."
        or project.repository.has(folder)
        or any(f.startswith(folder + "/") for f in project.repository.files)
    )


def _templated(value: object) -> bool:
    return not isinstance(value, str) or "{{" in value or "${" in value


@rule(
    "strategies/application-path-missing", Severity.ERROR, on="kubernetes", url=DOCS + "user-guide/application-specification/",
    title=Text("An Application points at a folder that does not exist", "Une Application pointe vers un dossier qui n'existe pas"),
    advice=Text(
        "Argo CD reports a ComparisonError (app path does not exist) and syncs nothing.",
        "Argo CD signale une ComparisonError (app path does not exist) et ne synchronise rien.",
    ),
)  # fmt: skip
def application_path_missing(source: Source, project: Project) -> Iterator[Hit]:
    for _, spec in _specs(source, project):
        for entry in _sources(spec):
            node = entry.get("path")
            if node is None or _templated(node.value) or not is_here(entry.at("repoURL"), project):
                continue
            if not exists(project, node.value):
                yield place.hit(
                    node,
                    Text(
                        f"There is no {node.value} in this repository.", f"Il n'y a pas de {node.value} dans ce dépôt."
                    ),
                )
    yield from _generated(source, project)


def _generated(source: Source, project: Project) -> Iterator[Hit]:
    """The paths that an ApplicationSet's generators name."""
    for item in place.objects(source, project, "ApplicationSet", "argoproj.io"):
        template = item.get("spec", "template", "spec", "source")
        here = template is not None and is_here(template.at("repoURL"), project)
        variable = re.fullmatch(r"\{\{\s*\.?(\w+)\s*\}\}", str(template.at("path") if template is not None else ""))
        generators = item.get("spec", "generators")
        for generator in generators.children() if generators is not None else ():
            elements = generator.get("list", "elements")
            for element in elements.children() if elements is not None and here and variable else ():
                node = element.get(variable[1]) if variable else None
                if node is not None and not _templated(node.value) and not exists(project, node.value):
                    yield place.hit(
                        node,
                        Text(
                            f"There is no {node.value} in this repository.",
                            f"Il n'y a pas de {node.value} dans ce dépôt.",
                        ),
                    )
            folders = generator.get("git", "directories")
            for folder in (
                folders.children() if folders is not None and is_here(generator.at("git", "repoURL"), project) else ()
            ):
                node = folder.get("path")
                if node is None or _templated(node.value) or folder.at("exclude") is True:
                    continue
                if not any(matches(above, node.value) for f in project.repository.files for above in _above(f)):
                    yield place.hit(
                        node, Text(f"No folder matches {node.value}.", f"Aucun dossier ne correspond à {node.value}.")
                    )


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


@rule(
    "strategies/unknown-revision", Severity.WARNING, on="kubernetes", url=DOCS + "user-guide/tracking_strategies/",
    title=Text("An Application follows a branch that does not exist", "Une Application suit une branche qui n'existe pas"),
    advice=Text(
        "Argo CD cannot resolve the revision: the Application stays Unknown and what is merged never arrives.",
        "Argo CD ne peut pas résoudre la révision : l'Application reste Unknown et ce qui est fusionné n'arrive jamais.",
    ),
)  # fmt: skip
def unknown_revision(source: Source, project: Project) -> Iterator[Hit]:
    default = project.vcs.default_branch
    for _, spec in _specs(source, project):
        for entry in _sources(spec):
            node = entry.get("targetRevision")
            if node is None or not isinstance(node.value, str) or not is_here(entry.at("repoURL"), project):
                continue
            if (
                not default
                or node.value == default
                or {node.value, default} != {"main", "master"}
                or _has_branch(project, node.value)
            ):
                continue
            fix = place.unsafe(
                source, [yaml.replace(node, default)],
                Text(f"Follow {default}", f"Suivre {default}"),
                Text("Argo CD then deploys what is on that branch.", "Argo CD déploie alors ce qui est sur cette branche."),
            )  # fmt: skip
            yield place.hit(node, Text(
                f"The default branch of this repository is {default}; there is no {node.value}.",
                f"La branche par défaut de ce dépôt est {default} ; il n'y a pas de {node.value}.",
            ), fix)  # fmt: skip


def _has_branch(project: Project, name: str) -> bool:
    listed = project.repository.git("branch", "--all", "--list", name, f"*/{name}", "--format=%(refname)")
    return bool(listed and listed.strip())


def _is_production(item: Object, spec: Node, entry: Node) -> bool:
    words = {item.name, str(spec.at("destination", "namespace") or ""), *str(entry.at("path") or "").split("/")}
    return any(re.search(rf"(^|[-_/])({'|'.join(PRODUCTION)})($|[-_/])", word) for word in words)


@rule(
    "strategies/head-in-production", Severity.WARNING, on="kubernetes", url=DOCS + "user-guide/tracking_strategies/",
    title=Text("Production follows HEAD", "La production suit HEAD"),
    advice=Text(
        "HEAD is whatever the default branch is today: renaming or switching it deploys something else, and no revision in Git says what runs.",
        "HEAD est la branche par défaut du moment : la renommer ou la changer déploie autre chose, et aucune révision dans Git ne dit ce qui tourne.",
    ),
)  # fmt: skip
def head_in_production(source: Source, project: Project) -> Iterator[Hit]:
    for item, spec in _specs(source, project):
        for entry in _sources(spec):
            node = entry.get("targetRevision")
            if (
                (node is not None and node.value != "HEAD")
                or entry.get("chart") is not None
                or not _is_production(item, spec, entry)
            ):
                continue
            if node is None and entry.get("path") is None:
                continue
            branch = project.vcs.default_branch if is_here(entry.at("repoURL"), project) else None
            fix = place.unsafe(
                source, [yaml.replace(node, branch)], Text(f"Name the branch: {branch}", f"Nommer la branche : {branch}"),
                Text("The same content today; a tag would also say which version runs.", "Le même contenu aujourd'hui ; un tag dirait en plus quelle version tourne."),
            ) if node is not None and branch else None  # fmt: skip
            yield place.hit(node or entry.get("repoURL") or entry, Text(
                f"{item.name} deploys production from {'HEAD' if node is not None else 'HEAD (no targetRevision)'}.",
                f"{item.name} déploie la production depuis {'HEAD' if node is not None else 'HEAD (sans targetRevision)'}.",
            ), fix)  # fmt: skip


@rule(
    "strategies/automated-by-halves", Severity.INFO, on="kubernetes", url=DOCS + "user-guide/auto_sync/",
    title=Text("Automated sync without a word on prune and selfHeal", "Synchronisation automatique sans mot sur prune et selfHeal"),
    advice=Text(
        "Both are false where they are not said: what leaves Git stays in the cluster for ever, and what is changed by hand stays changed. Git then no longer says what runs.",
        "Les deux valent false quand ils ne sont pas dits : ce qui sort de Git reste pour toujours dans le cluster, et ce qui est changé à la main le reste. Git ne dit alors plus ce qui tourne.",
    ),
)  # fmt: skip
def automated_by_halves(source: Source, project: Project) -> Iterator[Hit]:
    for item, spec in _specs(source, project):
        policy = spec.get("syncPolicy")
        pair = policy.pair("automated") if policy is not None else None
        if pair is None or not isinstance(pair[1].value, dict | None.__class__):
            continue
        node = pair[1]
        missing = [key for key in ("prune", "selfHeal") if node.kind != "map" or node.get(key) is None]
        if len(missing) < 2 and node.value:
            continue
        change = _both(node)
        fix = place.unsafe(
            source, [change], Text("Follow Git both ways: prune and selfHeal", "Suivre Git dans les deux sens : prune et selfHeal"),
            Text("Look at `argocd app diff` first: what is in the cluster and not in Git goes.", "Regardez d'abord `argocd app diff` : ce qui est dans le cluster et pas dans Git disparaît."),
        ) if change else None  # fmt: skip
        yield place.hit(pair[0], Text(
            f"{item.name} syncs by itself, and neither prunes nor heals.", f"{item.name} se synchronise seule, sans purger ni réparer."
        ), fix)  # fmt: skip


def _both(node: Node) -> yaml.Change | None:
    if node.kind == "map" and list(node.items()) and not node.flow:
        return yaml.insert_after_key(node, None, "prune: true\nselfHeal: true")
    if node.kind == "map" and node.flow and not list(node.items()):
        return yaml.replace(node, "{prune: true, selfHeal: true}")
    return None


RULES = (application_path_missing, unknown_revision, head_in_production, automated_by_halves)
