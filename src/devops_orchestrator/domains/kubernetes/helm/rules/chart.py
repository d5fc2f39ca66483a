"""Chart.yaml: its format, its dependencies, its lock, the version of its application."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import charts
from devops_orchestrator.text import Text

DEPENDENCIES = "https://helm.sh/docs/chart_best_practices/dependencies/"
EXACT = re.compile(r"^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$")


def _beside(source: Source, name: str) -> str:
    folder = str(PurePosixPath(source.path).parent)
    return name if folder == "." else f"{folder}/{name}"


def _entries(source: Source) -> Iterator[Node]:
    for document in source.parsed(yaml.parse):
        dependencies = document.get("dependencies")
        yield from dependencies.children() if dependencies is not None else ()


@rule(
    "helm/unpinned-dependency", Severity.WARNING, on="helm-chart", url=DEPENDENCIES,
    title=Text("A dependency that moves", "Une dépendance qui bouge"),
    advice=Text(
        "Two installs of the same commit may bring two versions of the dependency. A range is fine only beside a committed Chart.lock.",
        "Deux installations du même commit peuvent amener deux versions de la dépendance. Un intervalle n'est acceptable qu'avec un Chart.lock versionné.",
    ),
)  # fmt: skip
def unpinned_dependency(source: Source, project: Project) -> Iterator[Hit]:
    """A dependency without an exact version, in a chart without Chart.lock."""
    if project.repository.has(_beside(source, "Chart.lock")):
        return
    for entry in _entries(source):
        version = entry.get("version")
        if str(entry.at("repository", default="")).startswith("file:") or entry.kind != "map":
            continue
        if version is None or not EXACT.match(str(version.value)):
            place = version or entry
            told = version.value if version else "—"
            yield Hit(
                place.start, place.end if version else place.start + 1,
                Text(
                    f"{entry.at('name')}: version {told}, and no Chart.lock.",
                    f"{entry.at('name')} : version {told}, et pas de Chart.lock.",
                ),
            )  # fmt: skip


@rule(
    "helm/stale-lock", Severity.ERROR, on="helm-chart", url="https://helm.sh/docs/helm/helm_dependency_build/",
    title=Text("Chart.lock is not of this Chart.yaml", "Chart.lock ne correspond pas à ce Chart.yaml"),
    advice=Text(
        "`helm dependency build` stops: the lock file is out of sync. Run `helm dependency update` and commit both.",
        "`helm dependency build` s'arrête : le fichier de verrouillage n'est plus à jour. Lancez `helm dependency update` et versionnez les deux.",
    ),
)  # fmt: skip
def stale_lock(source: Source, project: Project) -> Iterator[Hit]:
    """A dependency that the lock has not, or has in another version than the exact one that is asked for."""
    path = _beside(source, "Chart.lock")
    text = project.repository.read(path)
    try:
        lock = next(iter(yaml.parse(text)), None) if text is not None else None
    except ParseError:
        return
    listed = lock.get("dependencies") if lock is not None else None
    if listed is None:
        return
    locked = {text_of(one.at("name")): one for one in listed.children()}
    for entry in _entries(source):
        name, version = text_of(entry.at("name")), entry.get("version")
        found = locked.get(name)
        if not name or version is None:
            continue
        if found is None:
            told = Text(f"Chart.lock has no {name}.", f"Chart.lock n'a pas de {name}.")
            yield Hit(version.start, version.end, told, related=(Related(path, 1, Text("the lock", "le verrou")),))
            continue
        wanted, has = str(version.value).removeprefix("v"), str(found.at("version")).removeprefix("v")
        if EXACT.match(wanted) and wanted != has:
            line, _ = Lines(found.text).place(found.start)
            yield Hit(
                version.start, version.end,
                Text(f"{name}: {wanted} here, {has} in Chart.lock.", f"{name} : {wanted} ici, {has} dans Chart.lock."),
                related=(Related(path, line, Text(f"locked at {has}", f"verrouillé en {has}")),),
            )  # fmt: skip


@rule(
    "helm/undefined-condition", Severity.WARNING, on="helm-chart", url=DEPENDENCIES + "#conditions-and-tags",
    title=Text("The condition of a dependency is not in values.yaml", "La condition d'une dépendance n'est pas dans values.yaml"),
    advice=Text(
        "A condition whose value is missing has no effect: the dependency is always installed, and nobody sees how to switch it off.",
        "Une condition dont la valeur manque reste sans effet : la dépendance est toujours installée, et personne ne voit comment la désactiver.",
    ),
)  # fmt: skip
def undefined_condition(source: Source, project: Project) -> Iterator[Hit]:
    """`condition: redis.enabled` without that path in values.yaml."""
    chart = charts.holding(source.path, project)
    if chart is None or not isinstance(chart.values, dict) or chart.library:
        return
    for entry in _entries(source):
        node = entry.get("condition")
        paths = [part.strip() for part in str(node.value).split(",")] if node is not None else []
        if node is None or any(_has(chart.values, path) for path in paths):
            continue
        name = text_of(entry.at("alias")) or text_of(entry.at("name"))
        yield Hit(
            node.start, node.end,
            Text(
                f"{chart.values_path} has no {node.value}: {name} is always installed.",
                f"{chart.values_path} n'a pas de {node.value} : {name} est toujours installé.",
            ),
        )  # fmt: skip


def _has(values: object, path: str) -> bool:
    for key in path.split("."):
        if not isinstance(values, dict) or key not in values:
            return False
        values = values[key]
    return True


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
    for document in source.parsed(yaml.parse):
        version = document.get("apiVersion")
        if version is None or version.value != "v1":
            continue
        fix = None
        if not project.repository.has(_beside(source, "requirements.yaml")):
            fix = Fix(
                (source.edit(version.start, version.end, "v2"),), safe=True,
                title=Text("declare the chart as v2", "déclarer le chart en v2"),
            )  # fmt: skip
        yield Hit(version.start, version.end, Text("apiVersion is v1.", "apiVersion vaut v1."), fix=fix)


@rule(
    "helm/app-version-mismatch", Severity.WARNING, on="helm-chart", url="https://helm.sh/docs/topics/charts/#the-appversion-field",
    title=Text("appVersion is not the version that the chart installs", "appVersion n'est pas la version que le chart installe"),
    advice=Text(
        "`helm list` and the app.kubernetes.io/version label show appVersion: after an incident people look for the wrong code.",
        "`helm list` et le label app.kubernetes.io/version affichent appVersion : après un incident, on cherche dans le mauvais code.",
    ),
)  # fmt: skip
def app_version_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """The chart's only top-level `image.tag` beside `appVersion`, both versions and different."""
    chart = charts.holding(source.path, project)
    node = chart.values_node.get("image", "tag") if chart is not None and chart.values_node is not None else None
    for document in source.parsed(yaml.parse):
        version = document.get("appVersion")
        if chart is None or node is None or version is None or node.kind != "scalar":
            continue
        wanted, has = version.scalar.removeprefix("v"), node.scalar.removeprefix("v")
        if (
            not re.match(r"^\d+\.\d+", wanted)
            or not re.match(r"^\d+\.\d+", has)
            or has == wanted
            or has.startswith(f"{wanted}-")
        ):
            continue
        line, _ = Lines(node.text).place(node.start)
        yield Hit(
            version.start, version.end,
            Text(
                f"appVersion is {version.scalar}; image.tag is {node.scalar} ({chart.values_path}:{line}).",
                f"appVersion vaut {version.scalar} ; image.tag vaut {node.scalar} ({chart.values_path}:{line}).",
            ),
            related=(Related(chart.values_path, line, Text("what is installed", "ce qui est installé")),),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (unpinned_dependency, stale_lock, undefined_condition, chart_api_v1, app_version_mismatch)
