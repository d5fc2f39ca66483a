"""Charts whose templates, values and dependencies disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.text import Text

ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.S)
COMMENT = re.compile(r"^/\*.*\*/$", re.S)
VALUE = re.compile(r"(?<![\w.])\$?\.Values((?:\.[A-Za-z_]\w*)+)")
# An action that supplies a value, or that asks first whether there is one.
ASKS = re.compile(r"\b(default|if|with|hasKey|dig|required|coalesce|ternary|and|or|empty|not|kindIs)\b")
EXACT = re.compile(r"^v?\d+\.\d+\.\d+([-+][\w.]+)?$")


def _chart(path: str, project: Project) -> str | None:
    """The folder of the chart that a template belongs to."""
    folders = {str(PurePosixPath(chart).parent) for chart in project.of_kind("helm-chart")}
    return next((str(parent) for parent in PurePosixPath(path).parents if str(parent) in folders), None)


def _values(chart: str, project: Project) -> Any | None:
    """The chart's values.yaml as plain data, None where it is missing or does not parse."""
    text = project.repository.read(f"{chart}/values.yaml" if chart != "." else "values.yaml")
    try:
        return None if text is None else next((document.value for document in yaml.parse(text)), {})
    except ParseError:
        return None


@rule(
    "helm/undefined-value", Severity.WARNING, on="helm-template",
    url="https://helm.sh/docs/chart_best_practices/values/",
    title=Text("A value that values.yaml does not define", "Une valeur que values.yaml ne définit pas"),
    advice=Text(
        "Helm renders an empty string, or fails with a nil pointer one level deeper. Whoever installs the chart cannot know of the value.",
        "Helm rend une chaîne vide, ou échoue sur un pointeur nul un niveau plus bas. Qui installe le chart ne peut pas connaître cette valeur.",
    ),
)  # fmt: skip
def undefined_value(source: Source, project: Project) -> Iterator[Hit]:
    """`.Values.a.b` in an action that neither defaults nor asks, where values.yaml has no such path. Each path once a file."""
    chart = _chart(source.path, project)
    values = _values(chart, project) if chart else None
    if chart is None or not isinstance(values, dict):
        return
    seen: set[str] = set()
    for action in ACTION.finditer(source.text):
        if COMMENT.match(action[1]) or ASKS.search(action[1]):
            continue
        for reference in VALUE.finditer(action[1]):
            path = reference[1].lstrip(".")
            if path in seen or path.startswith("global.") or _defined(values, path.split(".")):
                continue
            seen.add(path)
            start = action.start(1) + reference.start()
            yield Hit(
                start, start + len(reference[0]),
                Text(f"values.yaml has no {path}.", f"values.yaml n'a pas de {path}."),
            )  # fmt: skip


def _defined(values: Any, path: list[str]) -> bool:
    for key in path:
        if not isinstance(values, dict):
            return False
        if key not in values:
            return values == {}  # an empty map is a place that users fill
        values = values[key]
    return True


@rule(
    "helm/unpinned-dependency", Severity.WARNING, on="helm-chart",
    url="https://helm.sh/docs/chart_best_practices/dependencies/",
    title=Text("A dependency that moves", "Une dépendance qui bouge"),
    advice=Text(
        "Two installs of the same commit may bring two versions of the dependency. A range is fine only beside a committed Chart.lock.",
        "Deux installations du même commit peuvent amener deux versions de la dépendance. Un intervalle n'est acceptable qu'avec un Chart.lock versionné.",
    ),
)  # fmt: skip
def unpinned_dependency(source: Source, project: Project) -> Iterator[Hit]:
    """A dependency without an exact version, in a chart without Chart.lock."""
    folder = str(PurePosixPath(source.path).parent)
    if project.repository.has(f"{folder}/Chart.lock" if folder != "." else "Chart.lock"):
        return
    for document in source.parsed(yaml.parse):
        dependencies = document.get("dependencies")
        for entry in dependencies.children() if dependencies else ():
            version = entry.get("version")
            if str(entry.at("repository", default="")).startswith("file:"):
                continue
            if version is None or not EXACT.match(str(version.value)):
                place = version or entry
                told = version.value if version else "—"
                yield Hit(
                    place.start, place.end,
                    Text(
                        f"{entry.at('name')}: version {told}, and no Chart.lock.",
                        f"{entry.at('name')} : version {told}, et pas de Chart.lock.",
                    ),
                )  # fmt: skip


@rule(
    "helm/chart-api-v1", Severity.WARNING, on="helm-chart", url="https://helm.sh/docs/topics/charts/#the-apiversion-field",
    title=Text("A chart in the format of Helm 2", "Un chart au format de Helm 2"),
    advice=Text(
        "Helm 4 and many tools read v2 only in full: dependencies in Chart.yaml, library charts, type.",
        "Helm 4 et beaucoup d'outils ne lisent pleinement que v2 : dépendances dans Chart.yaml, charts de bibliothèque, type.",
    ),
)  # fmt: skip
def chart_api_v1(source: Source, project: Project) -> Iterator[Hit]:
    """`apiVersion: v1`. The fix is safe where no requirements.yaml holds the dependencies."""
    folder = str(PurePosixPath(source.path).parent)
    requirements = f"{folder}/requirements.yaml" if folder != "." else "requirements.yaml"
    for document in source.parsed(yaml.parse):
        version = document.get("apiVersion")
        if version is None or version.value != "v1":
            continue
        fix = None
        if not project.repository.has(requirements):
            fix = Fix(
                (source.edit(version.start, version.end, "v2"),), safe=True,
                title=Text("declare the chart as v2", "déclarer le chart en v2"),
            )  # fmt: skip
        yield Hit(version.start, version.end, Text("apiVersion is v1.", "apiVersion vaut v1."), fix=fix)


RULES: tuple[Rule, ...] = (undefined_value, unpinned_dependency, chart_api_v1)
