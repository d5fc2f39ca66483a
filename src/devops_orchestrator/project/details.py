"""What is in a DevOps file, by name: stages, services, kinds of objects, modules, jobs.

Names come in the order of the text, each once. A file that is not what its path says gives none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from devops_orchestrator.core import contents, kinds
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.tree import Tree

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node

MAX_PARSED = 1_000_000  # characters parsed for details alone; in a larger repository the files behind have none
MAX_NAMES = 30
_KIND = lazy(r"^kind:\s*['\"]?(\w+)", re.M)
_WORKFLOW_WORDS = frozenset(
    {
        "after_script",
        "before_script",
        "cache",
        "default",
        "image",
        "include",
        "pages",
        "services",
        "spec",
        "stages",
        "variables",
        "workflow",
    }
)  # fmt: skip - the keys of .gitlab-ci.yml that are no jobs


class Details:
    """Reads the names in DevOps files. A file that does not parse is reported to the tree, with its line."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._left = MAX_PARSED

    def of(self, path: str, kind: str) -> tuple[str, ...]:
        """The names in a file of this kind."""
        text = self._tree.text(path)
        family = kinds.family(kind)
        if text is None:
            return ()
        if len(text) > contents.LARGE:
            names: Iterable[str] = _KIND.findall(text) if family == "kubernetes" else ()
        elif family == "procfile":
            names = re.findall(r"^([\w-]+):", text, re.M)
        elif family == "grafana-dashboard":
            names = _title(text)
        elif family not in (*_YAML, *_HCL, "dockerfile") or not self._affords(path, text):
            return ()
        elif family == "dockerfile":
            image = self._tree.dockerfile(path)
            names = [stage.name for stage in image.stages if stage.name] if image else ()
        elif family in _HCL:
            names = self._blocks(path, *_HCL[family])
        elif path.endswith(".json") and family != "kubernetes":
            return ()
        else:
            names = _YAML[family](self._tree.yaml(path))
        return tuple(dict.fromkeys(name for name in names if name))[:MAX_NAMES]

    def _affords(self, path: str, text: str) -> bool:
        if not self._tree.knows(path):
            self._left -= len(text)
        return self._left >= 0

    def _blocks(self, path: str, types: tuple[str, ...], shown: str) -> Iterator[str]:
        document = None if path.endswith(".json") else self._tree.hcl(path)
        for block in document.blocks(*types) if document else ():
            yield shown.format(type=block.type, label=block.label, name=block.name)


def _title(text: str) -> list[str]:
    found = json.loads(text.removeprefix("\ufeff"))
    board = found.get("dashboard") if isinstance(found.get("dashboard"), dict) else found
    return [str(board.get("title") or "")]


def _keys(documents: list[Node], *path: str) -> Iterator[str]:
    """The keys of the mapping at a path, in every document."""
    for document in documents:
        node = document.get(*path)
        for key, _ in node.items() if node is not None else ():
            yield key.scalar


def _each(documents: list[Node], name: str, *path: str) -> Iterator[str]:
    """The value of one key in every entry of the list at a path."""
    for document in documents:
        node = document.get(*path)
        for entry in node.children() if node is not None else ():
            found = entry.get(name)
            yield found.scalar if found is not None else ""


def _texts(documents: list[Node], *path: str) -> Iterator[str]:
    """The strings of the list at a path."""
    for document in documents:
        node = document.get(*path)
        yield from (entry.scalar for entry in node.children()) if node is not None else ()


def _one(documents: list[Node], *path: str) -> Iterator[str]:
    for document in documents:
        node = document.get(*path)
        yield node.scalar if node is not None else ""


def _jobs_of_gitlab(documents: list[Node]) -> Iterator[str]:
    for document in documents:
        for key, value in document.items():
            if value.kind == "map" and not key.scalar.startswith(".") and key.scalar not in _WORKFLOW_WORDS:
                yield key.scalar


def _kinds(documents: list[Node]) -> Iterator[str]:
    return (kind for _, kind in contents.objects(documents))


def _azure(documents: list[Node]) -> Iterator[str]:
    yield from _each(documents, "stage", "stages")
    yield from _each(documents, "job", "jobs")


def _provisioned(documents: list[Node]) -> Iterator[str]:
    for section in ("datasources", "providers", "contactPoints", "groups"):
        yield from _each(documents, "name", section)


_YAML: dict[str, Callable[[list[Node]], Iterable[str]]] = {
    "kubernetes": _kinds,
    "compose": lambda d: _keys(d, "services"),
    "github-workflow": lambda d: _keys(d, "jobs"),
    "gitea-workflow": lambda d: _keys(d, "jobs"),
    "github-action": lambda d: _one(d, "runs", "using"),
    "dependabot": lambda d: _each(d, "package-ecosystem", "updates"),
    "gitlab-ci": _jobs_of_gitlab,
    "circleci": lambda d: _keys(d, "jobs"),
    "azure-pipelines": _azure,
    "bitbucket-pipelines": lambda d: _keys(d, "pipelines"),
    "travis": lambda d: _texts(d, "stages"),
    "pre-commit": lambda d: _each(d, "repo", "repos"),
    "helm-chart": lambda d: _one(d, "name"),
    "kustomization": lambda d: [*_texts(d, "resources"), *_texts(d, "components"), *_texts(d, "bases")],
    "skaffold": lambda d: _each(d, "image", "build", "artifacts"),
    "prometheus": lambda d: _each(d, "job_name", "scrape_configs"),
    "promtail": lambda d: _each(d, "job_name", "scrape_configs"),
    "prometheus-rules": lambda d: _each(d, "name", "groups"),
    "loki-rules": lambda d: _each(d, "name", "groups"),
    "alertmanager": lambda d: _each(d, "name", "receivers"),
    "otel-collector": lambda d: _keys(d, "service", "pipelines"),
    "grafana-provisioning": _provisioned,
    "ansible": lambda d: (entry.at("name", default="") for node in d for entry in node.children()),
    "pulumi": lambda d: _one(d, "name"),
}
_HCL = {
    "terraform": (("module",), "module.{label}"),
    "docker-bake": (("target", "group"), "{label}"),
    "packer": (("source",), "{label}.{name}"),
    "terragrunt": (("include", "dependency", "unit", "stack"), "{type}.{label}"),
}
