"""What the rules share: objects of a source, what stands beside them, hits and related places."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source
from devops_orchestrator.domains.deployment.strategies import kustomize
from devops_orchestrator.domains.deployment.strategies.kustomize import Kustomization, Manifest
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


def objects(source: Source, project: Project, kind: str, group: str | None = None) -> Iterator[Object]:
    """The whole objects of a kind (and API group) in a source; a patch holds none."""
    found = source.parsed(kubernetes.objects)
    for item in () if source.path in kustomize.index(project).patches else found:
        if item.kind == kind and (group is None or item.group == group):
            yield item


def rollouts(source: Source, project: Project) -> Iterator[Object]:
    """The Rollouts of Argo in a source."""
    return objects(source, project, "Rollout", "argoproj.io")


def hit(
    node: Node,
    message: Text,
    fix: Fix | None = None,
    related: tuple[Related, ...] = (),
    severity: Severity | None = None,
) -> Hit:
    """A hit on a node; a block stands for its first line."""
    end = (
        node.end
        if node.kind == "scalar"
        else node.start + max(1, len(node.text[node.start : node.end].split("\n", 1)[0]))
    )
    return Hit(node.start, end, message, fix, related, severity)


def related(manifest: Manifest, node: Node, message: Text) -> Related:
    """Another place that a finding is about."""
    return Related(manifest.path, Lines(node.text).place(node.start)[0], message)


def unsafe(source: Source, changes: list[yaml.Change], title: Text, needs: Text) -> Fix:
    """A fix that changes how things run."""
    return Fix(tuple(source.edit(*change) for change in changes), False, title, needs)


def beside(source: Source, project: Project) -> list[Manifest]:
    """The objects that are applied with those of a source: of the same kustomization, else of the same folder."""
    index = kustomize.index(project)
    if source.path not in index.beside:
        roots = holding(project, source.path)
        if roots:
            files = {file for root in roots for file in root.file_set} | {source.path}
        else:
            folder = posixpath.dirname(source.path)
            files = {path for path in index.by_path if posixpath.dirname(path) == folder}
        index.beside[source.path] = [m for path in sorted(files) for m in index.by_path.get(path, ())]
    return index.beside[source.path]


def holding(project: Project, path: str) -> list[Kustomization]:
    """The outermost kustomizations that build a file."""
    return [root for root in kustomize.roots(project) if path in root.file_set]


def commented(node: Node) -> bool:
    """Whether a comment stands on the line of a node, or alone on the line above."""
    text = node.text
    start = text.rfind("\n", 0, node.start) + 1
    end = text.find("\n", node.start)
    line = text[start : end if end >= 0 else len(text)]
    above = text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
    return " #" in line or above.strip().startswith("#")


def end_of_line(node: Node) -> int:
    """Offset of the end of the line on which a node begins, its line break left out."""
    end = node.text.find("\n", node.start)
    end = len(node.text) if end < 0 else end
    return end - 1 if end > 0 and node.text[end - 1] == "\r" else end
