"""What the rules of this room read: the alerts of a source and of the repository, and the Alertmanager that gets them."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Source
from devops_orchestrator.formats import alertmanager, prometheus
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import compose_services, exports

KINDS = ("prometheus-rules", "kubernetes")
RULES_DOC = "https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/"
ROUTES_DOC = "https://prometheus.io/docs/alerting/latest/configuration/"


def alerts(source: Source) -> Iterator[prometheus.Rule]:
    """The alerts of a rule file, or of a manifest's PrometheusRule objects."""
    if source.kind == "kubernetes" and "PrometheusRule" not in source.text:
        return  # most manifests are something else: not even parsed here
    for group in source.parsed(prometheus.groups):
        yield from (entry for entry in group.rules if entry.alert)


def config(source: Source) -> alertmanager.Config | None:
    """The Alertmanager configuration of a source."""
    return source.parsed(alertmanager.config)


def texts(entry: prometheus.Rule, key: str = "annotations") -> Iterator[tuple[str, Node]]:
    """(name, node) of the annotations of an alert."""
    written = entry.node.get(key)
    for name, node in written.items() if written else ():
        if node.kind == "scalar":
            yield text_of(name.value), node


def span(node: Node) -> tuple[int, int]:
    return node.start, node.end


def answered(source: Source, project: Project) -> list[tuple[str, prometheus.Rule]] | None:
    """(file, alert) of every alert that this Alertmanager can get; None where others may send to it too.

    Known where a compose file runs it with this configuration, and the rule files of the repository are all that its
    Prometheus loads.
    """
    here = [s for s, _, _ in compose_services.reading(project, source.path) if "alertmanager" in s.image]
    if not here or project.of_kind("loki-rules") or len(project.of_kind("alertmanager")) > 1:
        return None
    configs = exports.configurations(project)
    senders = [s for s in compose_services.everywhere(project) if "prometheus" in s.program or "victoria" in s.program]
    if len(configs) != 1 or not configs[0][1].rule_files or len({s.name for s in senders}) != 1:
        return None
    found = [
        (path, rule) for path, groups in exports.rule_files(project) for group in groups for rule in group.rules
        if rule.alert and path in project.of_kind("prometheus-rules")
    ]  # fmt: skip
    return found or None
