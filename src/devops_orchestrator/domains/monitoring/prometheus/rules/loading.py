"""Rules over rule files and the configuration that loads them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus import existing
from devops_orchestrator.domains.monitoring.prometheus.rules.scraping import config, span
from devops_orchestrator.formats import prometheus
from devops_orchestrator.project import compose_services
from devops_orchestrator.project.compose_services import Service
from devops_orchestrator.project.exports import configurations, loaded, rule_files
from devops_orchestrator.text import Text

RULE_FILES = "https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/"


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
        if "$" in pattern or "{{" in pattern or view is None:
            continue
        this = existing.Existing(source.path, source.text, prometheus.Config(view.node))
        if any(existing.reads(pattern, this, path) for path in project.repository.files):
            continue
        if _mounted(pattern, project):
            continue
        yield Hit(
            *span(node),
            Text(
                f"No file of the repository matches {pattern}, read from {this.folder}/.",
                f"Aucun fichier du dépôt ne correspond à {pattern}, lu depuis {this.folder}/.",
            ),
        )


def _mounted(pattern: str, project: Project) -> bool:
    """Whether some compose file mounts a file of the repository at the place of an entry of `rule_files`."""
    full = posixpath.normpath(posixpath.join("/etc/prometheus", pattern)).lstrip("/")
    services = compose_services.everywhere(project)
    inside = (path for service in services for path in compose_services.files_in(project, service))
    return any(matches(path.lstrip("/"), full) for path in inside)


@rule(
    "prometheus/rules-not-mounted", Severity.ERROR, on="prometheus", url=RULE_FILES,
    title=Text("Rules that are not in the container", "Règles absentes du conteneur"),
    advice=Text(
        "The configuration is mounted, its rule files are not: Prometheus starts without a word, evaluates none of them, and no alert ever fires.",
        "La configuration est montée, pas ses fichiers de règles : Prometheus démarre sans rien dire, n'en évalue aucun, et aucune alerte ne part jamais.",
    ),
)  # fmt: skip
def rules_not_mounted(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose mounts the configuration as a file, and nothing at the place of an entry of `rule_files`."""
    view = config(source)
    if view is None or not view.rule_files:
        return
    running = [
        (s, target) for s, target, _ in compose_services.reading(project, source.path) if "prometheus" in s.program
    ]
    if not running or any(not compose_services.settled(project, s) for s, _ in running):
        return
    for node in view.rule_files:
        pattern = str(node.value)
        if any(_seen(project, service, target, pattern) for service, target in running):
            continue
        there = [path for path in project.of_kind("prometheus-rules") if loaded(project, source.path, view, path)]
        there = [path for path in there if matches(posixpath.basename(path), posixpath.basename(pattern))]
        if not there:
            continue  # the other rule tells that there is no such file at all
        service, target = running[0]
        place = posixpath.normpath(posixpath.join(posixpath.dirname(target), pattern))
        line = service.node.text.count("\n", 0, service.node.start) + 1
        yield Hit(
            *span(node),
            Text(
                f"{service.name} has {target}, and nothing is mounted at {place}.",
                f"{service.name} a {target}, mais rien n'est monté en {place}.",
            ),
            related=(
                Related(service.file, line, Text(f"what {service.name} mounts", f"ce que monte {service.name}")),
                Related(there[0], 1, Text("the rules", "les règles")),
            ),
        )


def _seen(project: Project, service: Service, target: str, pattern: str) -> bool:
    """Whether a container may find something at a pattern: a mount above it, at it, or below its fixed part."""
    full = posixpath.normpath(posixpath.join(posixpath.dirname(target), pattern))
    fixed = posixpath.dirname(re.split(r"[*?\[]", full)[0] + "x")
    if compose_services.covering(project, service, fixed) is not None:
        return True
    mounts = (mount for entry in compose_services.beside(project, service) for mount in entry.mounts)
    return any(
        m.target == full
        or (m.target.startswith(fixed.rstrip("/") + "/") and matches(m.target.lstrip("/"), full.lstrip("/")))
        for m in mounts
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
    if not configs or any(
        existing.loads(c, source.path) or loaded(project, c.path, c.view, source.path) for c in configs
    ):
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
    return any(names & {g.name for g in groups} for path, groups in rule_files(project) if path != source.path)


@rule(
    "prometheus/config-not-read", Severity.ERROR, on="prometheus", url="https://prometheus.io/docs/prometheus/latest/configuration/configuration/",
    title=Text("A configuration that Prometheus does not read", "Une configuration que Prometheus ne lit pas"),
    advice=Text(
        "The container runs with the configuration of its image, which scrapes itself and nothing else.",
        "Le conteneur tourne avec la configuration de son image, qui ne collecte qu'elle-même.",
    ),
)  # fmt: skip
def config_not_read(source: Source, project: Project) -> Iterator[Hit]:
    """The file is mounted at one path of the container, and `--config.file` (or the default) is another, empty one."""
    view = config(source)
    found = compose_services.misplaced(
        project, source.path, ("prometheus",), ("--config.file", "-config.file"), "/etc/prometheus/prometheus.yml"
    )
    if view is None or found is None:
        return
    service, mounted, read = found
    line = service.node.text.count("\n", 0, service.node.start) + 1
    yield Hit(
        *span(next(iter(view.node.items()))[0]),
        Text(
            f"{service.name} has this file at {mounted}, and reads {read}.",
            f"{service.name} a ce fichier en {mounted}, mais lit {read}.",
        ),
        related=(Related(service.file, line, Text(f"the service {service.name}", f"le service {service.name}")),),
    )


RULES: tuple[Rule, ...] = (rule_files_match_nothing, rules_not_mounted, rule_file_not_loaded, config_not_read)
