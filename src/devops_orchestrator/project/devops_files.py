"""The DevOps files of a repository, their kinds and what is in them."""

from __future__ import annotations

import re
from functools import partial

from devops_orchestrator.core import contents, kinds
from devops_orchestrator.core.project import DevopsFile
from devops_orchestrator.core.repository import MAX_BYTES, decoded, matches
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.details import Details
from devops_orchestrator.project.tree import Tree, ancestors, parent

# Texts of an application in one language each: many, and none of them a DevOps file.
_TEXTS = lazy(r"(^|/)(locales?|i18n|translations?|lang|langs|languages?)/")
_HEAD = 8_192  # bytes of a JSON file in which a telling key stands, if it holds one
_JSON_WORDS = contents.JSON_WORDS


def classify(tree: Tree) -> tuple[DevopsFile, ...]:
    """Every DevOps file, sorted by path."""
    charts = {parent(path) for path in tree.files if path.endswith("Chart.yaml") and path[-11:-10] in ("", "/")}
    found = {path: kind for path in tree.files if (kind := _kind(tree, path, charts))}
    for path in _included(tree, [path for path, kind in found.items() if kind == "gitlab-ci"]):
        found.setdefault(path, "gitlab-ci")
    details = Details(tree)
    return tuple(DevopsFile(path, found[path], details.of(path, found[path])) for path in sorted(found))


def _kind(tree: Tree, path: str, charts: set[str]) -> str | None:
    kind = kinds.of_path(path)
    if kind is None and charts and path.endswith((".yaml", ".yml", ".tpl", ".txt")):
        kind = _of_chart(path, charts)
    if kind is not None or not kinds.may_be_devops(path) or _TEXTS.search(path):
        return kind
    if path.endswith(".json"):
        text = _json(tree, path)
        return contents.kind(path, text) if text is not None else None
    text = tree.text(path)
    return kinds.of(path, text, partial(tree.documents, path)) if text is not None else None


def _json(tree: Tree, path: str) -> str | None:
    """The text of a JSON file that may tell something: most are data, of which the beginning is enough."""
    head = tree.repository.read_bytes(path, _HEAD)
    if head is None or not _JSON_WORDS.search(head.decode("latin-1")):
        return None
    data = head if len(head) < _HEAD else tree.repository.read_bytes(path, MAX_BYTES + 1)
    return None if data is None or len(data) > MAX_BYTES else decoded(data)


def _of_chart(path: str, charts: set[str]) -> str | None:
    """Templates and values of a chart, by the chart's folder."""
    for folder in ancestors(parent(path)):
        if folder in charts:
            inside = path if folder == "." else path.removeprefix(folder + "/")
            if inside.startswith("templates/") and inside.endswith((".yaml", ".yml", ".tpl", ".txt")):
                return "helm-template"
            if re.fullmatch(r"values[\w.-]*\.ya?ml|ci/[\w.-]*values\.ya?ml", inside):
                return "helm-values"
            return None
    return None


def _included(tree: Tree, pipelines: list[str]) -> list[str]:
    """The files that GitLab pipelines include from this repository; their paths are from its root."""
    known = set(pipelines)
    stack = list(pipelines)
    while stack:
        for document in tree.yaml(stack.pop()):
            given = document.get("include")
            entries = list(given.children()) if given is not None and given.kind == "list" else [given]
            for entry in entries:
                local = entry.get("local") if entry is not None and entry.kind == "map" else entry
                if local is None or local.kind != "scalar" or "://" in local.scalar:
                    continue
                pattern = local.scalar.lstrip("/")
                if not pattern.endswith((".yml", ".yaml")):
                    continue
                more = [path for path in tree.files if matches(path, pattern)] if "*" in pattern else [pattern]
                new = [path for path in more if path not in known and tree.has(".", path)]
                known.update(new)
                stack += new
    return sorted(known.difference(pipelines))
