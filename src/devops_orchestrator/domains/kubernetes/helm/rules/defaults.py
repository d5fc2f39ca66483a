"""The defaults of values.yaml: what whoever installs the chart gets without asking."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.helm.rules.values import known_paths, read_values
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import chart_values, charts
from devops_orchestrator.project.charts import Chart
from devops_orchestrator.text import Text

SECURITY = ("securityContext", "podSecurityContext", "containerSecurityContext")
_SECRET = re.compile(r"(?i)(password|passwd|secret|secretkey|token|apikey|api_key|privatekey|secret_key)$")
_NONE = re.compile(r"(?i)^$|^(change.?me.*|replace.?me.*|todo|x+|<.*>|.*\$\{.*|.*\{\{.*|true|false|\d{1,5}|null)$")


def _values(source: Source, project: Project) -> tuple[Chart, Node] | None:
    """(chart, document) of a values.yaml; nothing for another values file."""
    chart = charts.holding(source.path, project)
    document = next(iter(source.parsed(yaml.parse)), None)
    if chart is None or source.path != chart.values_path or document is None or chart.library:
        return None
    return chart, document


def _walk(node: Node, chart: Chart, above: str = "") -> Iterator[tuple[str, Node, Node]]:
    """(path, key, value) of every entry, those of dependencies left out."""
    for key, value in node.items():
        if not above and (key.scalar in chart.subcharts or key.scalar == "global"):
            continue
        path = f"{above}.{key.scalar}" if above else key.scalar
        yield path, key, value
        yield from _walk(value, chart, path)


def _set_elsewhere(chart: Chart, path: str, project: Project) -> bool:
    """Whether another values file of the chart gives the value."""
    for name in project.of_kind("helm-values"):
        if name != chart.values_path and charts.holding(name, project) is chart:
            text = project.repository.read(name) or ""
            if any(document.at(*path.split(".")) for document in yaml.parse(text)):
                return True
    return False


def _empty(source: Source, project: Project, names: tuple[str, ...]) -> Iterator[tuple[str, Node, Node, Chart]]:
    found = _values(source, project)
    if found is None:
        return
    chart, document = found
    paths = known_paths(chart, project)
    for path, key, value in _walk(document, chart):
        written = value.kind == "map" or value.value is None
        if key.scalar not in names or not written or value.value or (paths and not chart_values.covers(paths, path)):
            continue
        if not _set_elsewhere(chart, path, project) and not _falls_back(chart, path, project):
            yield path, key, value, chart


def _falls_back(chart: Chart, path: str, project: Project) -> bool:
    """Whether the templates take another value where this one is empty: that one is then told, if it is empty too."""
    reads = [read for one in chart.templates for read in project.remembered(read_values).get(one.path, ())]
    return any(
        other != path and other.endswith(path[path.rfind(".") + 1 :]) and (other.count(".") < path.count(".") or _filled(chart, other))
        for read in reads if read.path == path for other in read.beside
    )  # fmt: skip


def _filled(chart: Chart, path: str) -> bool:
    return bool(chart.values_node is not None and chart.values_node.at(*path.split(".")))


@rule(
    "helm/empty-resources", Severity.WARNING, on="helm-values",
    url="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    title=Text("The chart asks for no resources by default", "Le chart ne demande aucune ressource par défaut"),
    advice=Text(
        "Installed as it is, its pods are the first to be evicted, may take a whole node, and cannot be autoscaled on CPU. "
        "Small requests that fit a first installation are better than none.",
        "Installés tels quels, ses pods sont évincés en premier, peuvent occuper un nœud entier et ne peuvent pas être mis à l'échelle sur le CPU. "
        "De petites requests, adaptées à une première installation, valent mieux que rien.",
    ),
)  # fmt: skip
def empty_resources(source: Source, project: Project) -> Iterator[Hit]:
    """`resources: {}` in values.yaml, which no other values file of the chart fills."""
    for path, key, value, _ in _empty(source, project, ("resources",)):
        yield Hit(key.start, max(key.end, value.end), Text(f"{path} is empty.", f"{path} est vide."))


@rule(
    "helm/empty-security-context", Severity.WARNING, on="helm-values",
    url="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    title=Text("The chart restricts nothing by default", "Le chart ne restreint rien par défaut"),
    advice=Text(
        "Installed as it is, the container keeps its image's user and all default capabilities; namespaces with the restricted "
        "Pod Security Standard refuse it.",
        "Installé tel quel, le conteneur garde l'utilisateur de son image et toutes les capabilities par défaut ; les namespaces au "
        "Pod Security Standard restricted le refusent.",
    ),
)  # fmt: skip
def empty_security_context(source: Source, project: Project) -> Iterator[Hit]:
    """An empty `securityContext` (or `podSecurityContext`) in values.yaml, where no other one is filled beside it."""
    for path, key, value, chart in _empty(source, project, SECURITY):
        above = path.split(".")[:-1]
        beside = chart.values_node.get(*above) if chart.values_node is not None and above else chart.values_node
        if beside is not None and any(beside.at(name) for name in SECURITY):
            continue
        yield Hit(key.start, max(key.end, value.end), Text(f"{path} is empty.", f"{path} est vide."))


@rule(
    "helm/floating-tag", Severity.WARNING, on="helm-values", url="https://helm.sh/docs/chart_best_practices/pods/#images",
    title=Text("The chart installs an image without a fixed version", "Le chart installe une image sans version fixe"),
    advice=Text(
        "The same revision of the release runs other code tomorrow, and `helm rollback` does not bring the old code back.",
        "La même révision de la release exécute demain un autre code, et `helm rollback` ne ramène pas l'ancien.",
    ),
)  # fmt: skip
def floating_tag(source: Source, project: Project) -> Iterator[Hit]:
    """`tag: latest` beside a repository or registry in a values file of a chart."""
    chart = charts.holding(source.path, project)
    for document in source.parsed(yaml.parse)[:1] if chart is not None else ():
        for node in document.walk():
            tag = node.get("tag") if node.kind == "map" else None
            if tag is None or tag.scalar not in ("latest", "stable", "main", "master") or node.at("digest"):
                continue
            name = next((str(node.at(key)) for key in ("repository", "name", "image") if node.at(key)), None)
            if name:
                yield Hit(
                    tag.start, tag.end,
                    Text(f"Image {name} has the tag {tag.scalar}.", f"L'image {name} a le tag {tag.scalar}."),
                )  # fmt: skip


@rule(
    "helm/default-password", Severity.WARNING, on="helm-values", url=
    "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
    title=Text("A secret in the chart's default values", "Un secret dans les valeurs par défaut du chart"),
    advice=Text(
        "Everybody who has the chart knows it, and most installations keep it. Leave it empty and `required`, or take an existing Secret.",
        "Quiconque a le chart le connaît, et la plupart des installations le gardent. Laissez-le vide avec `required`, ou prenez un Secret existant.",
    ),
)  # fmt: skip
def default_password(source: Source, project: Project) -> Iterator[Hit]:
    """A literal value of a key that is named as a secret; the value is never shown."""
    chart = charts.holding(source.path, project)
    if chart is None or re.search(r"(^|[/.-])(ci|test|tests|lint|testing)([/.-]|$)|-test", source.path):
        return
    for document in source.parsed(yaml.parse)[:1]:
        for path, key, value in _all(document, ""):
            text = value.value
            if not _SECRET.search(key.scalar) or not isinstance(text, str) or value.kind != "scalar":
                continue
            if re.search(r"(?i)existing|secretname|secretref|keyref|tls", path) or _NONE.match(text) or "/" in text[:1]:
                continue
            if (
                re.fullmatch(r"[A-Z][A-Z0-9_]+|\w+[-_](key|token|secret|password)", text)
                or text.lower() == key.scalar.lower()
                or re.fullmatch(r"[a-z]+(-[a-z]+)+", text)
                or "ENC[" in text[:4]
            ):
                continue  # the name of a Secret or of its key, or an encrypted value
            yield Hit(value.start, value.end, Text(f"{path} is written out.", f"{path} est écrit en clair."))


def _all(node: Node, above: str) -> Iterator[tuple[str, Node, Node]]:
    for key, value in node.items():
        path = f"{above}.{key.scalar}" if above else key.scalar
        yield path, key, value
        yield from _all(value, path)


RULES: tuple[Rule, ...] = (empty_resources, empty_security_context, floating_tag, default_password)
