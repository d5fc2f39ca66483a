"""The DevOps files of a repository and their kinds."""

from __future__ import annotations

import re

from devops_orchestrator.core import kinds
from devops_orchestrator.core.project import DevopsFile
from devops_orchestrator.project.tree import Tree, ancestors, parent

# YAML that is never a DevOps file and may be large or many. Spring's application.yml lies in its resources; the file of
# an Argo CD Application has the same name elsewhere.
_NEVER = re.compile(
    r"(^|/)(pnpm-lock\.yaml|pnpm-workspace\.yaml|locales?/|i18n/|translations?/|\.pre-commit-config\.yaml|mkdocs\.yml|(resources|config)/application[\w-]*\.ya?ml)"
)
_DASHBOARD = re.compile(r"grafana|dashboard|monitoring|observability|metrics", re.I)


def classify(tree: Tree) -> tuple[DevopsFile, ...]:
    """Every DevOps file, sorted by path."""
    charts = {
        parent(path) for path in tree.files if path.endswith("Chart.yaml") and path.rpartition("/")[2] == "Chart.yaml"
    }
    found: list[DevopsFile] = []
    for path in tree.files:
        kind = kinds.of_path(path)
        if kind is None and charts:
            kind = _of_chart(path, charts)
        if (
            kind is None
            and kinds.may_be_devops(path)
            and not _NEVER.search(path)
            and (not path.endswith(".json") or _DASHBOARD.search(path))
        ):
            kind = kinds.of(path, tree.repository.read(path))
        if kind:
            found.append(DevopsFile(path, kind))
    return tuple(found)


def _of_chart(path: str, charts: set[str]) -> str | None:
    """Templates and values of a chart, by the chart's folder."""
    for folder in ancestors(parent(path)):
        if folder in charts:
            inside = path if folder == "." else path.removeprefix(folder + "/")
            if inside.startswith("templates/") and inside.endswith((".yaml", ".yml", ".tpl", ".txt")):
                return "helm-template"
            if re.fullmatch(r"values[\w.-]*\.ya?ml", inside):
                return "helm-values"
            return None
    return None
