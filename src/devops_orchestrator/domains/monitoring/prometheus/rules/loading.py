"""Rules over rule files and the configuration that loads them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus import existing
from devops_orchestrator.domains.monitoring.prometheus.exported import configurations
from devops_orchestrator.domains.monitoring.prometheus.rules.scraping import config, span
from devops_orchestrator.formats import prometheus
from devops_orchestrator.text import Text

RULE_FILES = "https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/"


def _files(project: Project) -> list[str]:
    return project.of_kind("prometheus-rules")


@rule(
    "prometheus/rule-files-match-nothing", Severity.WARNING, on="prometheus", url=RULE_FILES,
    title=Text("rule_files that match no file", "rule_files qui ne correspondent à aucun fichier"),
    advice=Text(
        "Prometheus does not complain about a glob that matches nothing: the rules are never evaluated, and alerts never fire.",
        "Prometheus ne dit rien d'un motif qui ne correspond à rien : les règles ne sont jamais évaluées et les alertes ne partent jamais.",
    ),
)  # fmt: skip
def rule_files_match_nothing(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    for node in view.rule_files if view else ():
        pattern = str(node.value)
        if pattern.startswith("/") and not pattern.startswith("/etc/prometheus/"):
            continue  # a path of the server: nobody can tell from here
        this = existing.Existing(source.path, source.text, prometheus.Config(view.node)) if view else None
        if this is not None and not any(existing.reads(pattern, this, path) for path in project.repository.files):
            yield Hit(
                *span(node),
                Text(
                    f"No file of the repository matches {pattern}, read from {this.folder}/.",
                    f"Aucun fichier du dépôt ne correspond à {pattern}, lu depuis {this.folder}/.",
                ),
            )


@rule(
    "prometheus/rule-file-not-loaded", Severity.WARNING, on="prometheus-rules", url=RULE_FILES,
    title=Text("Rule file that no configuration loads", "Fichier de règles qu'aucune configuration ne charge"),
    advice=Text(
        "Rules that are not in rule_files are never evaluated: their records do not exist, their alerts never fire.",
        "Des règles absentes de rule_files ne sont jamais évaluées : leurs enregistrements n'existent pas, leurs alertes ne partent jamais.",
    ),
)  # fmt: skip
def rule_file_not_loaded(source: Source, project: Project) -> Iterator[Hit]:
    configs = [existing.Existing(p, project.repository.read(p) or "", view) for p, view in configurations(project)]
    if not configs or any(existing.loads(c, source.path) for c in configs):
        return
    groups = source.parsed(prometheus.groups)
    if not groups or _carried(source, project):
        return
    near = next((c for c in configs if source.path.startswith(c.folder + "/") or c.folder == "."), None)
    if near is None:
        return  # another Prometheus than this repository's may load it
    pattern = posixpath.relpath(source.path, near.folder)
    line = near.line(near.view.rule_files[0].start) if near.view.rule_files else 1
    yield Hit(
        *span(groups[0].node.get("name") or groups[0].node),
        Text(
            f"rule_files of {near.path} do not match {pattern}.",
            f"Les rule_files de {near.path} ne correspondent pas à {pattern}.",
        ),
        Fix(
            (existing.add_rule_file(near, pattern),), safe=False,
            title=Text(f"Load it in {near.path}", f"Le charger dans {near.path}"),
            needs=Text("the file is mounted beside the configuration", "le fichier est monté à côté de la configuration"),
        ),
        related=(Related(near.path, line, Text("rule_files", "rule_files")),),
    )  # fmt: skip


def _carried(source: Source, project: Project) -> bool:
    """Whether a PrometheusRule carries the same groups to a cluster."""
    names = {group.name for group in source.parsed(prometheus.groups)}
    from devops_orchestrator.domains.monitoring.prometheus.exported import rule_files

    return any(names & {g.name for g in groups} for path, groups in rule_files(project) if path != source.path)


RULES: tuple[Rule, ...] = (rule_files_match_nothing, rule_file_not_loaded)
