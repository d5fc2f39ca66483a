"""The Prometheus Operator's resources: a ServiceMonitor and a PrometheusRule beside the component's Service."""

from __future__ import annotations

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.monitoring.prometheus import cluster, models, recording, red
from devops_orchestrator.domains.monitoring.prometheus.cluster import Endpoint, Manifest
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.domains.monitoring.prometheus.targets import Application
from devops_orchestrator.domains.monitoring.prometheus.words import instrumentation, summary
from devops_orchestrator.formats import template
from devops_orchestrator.text import Text

INTERVAL = "15s"
RULES = "monitoring/rules"


def create(params: PrometheusParams, project: Project, found: list[Manifest], apps: list[Application]) -> Creation:
    """The resources of each component whose Service a manifest shows."""
    files: list[File] = []
    edits: list[Edit] = []
    ruled: list[Application] = []
    selection = cluster.selection_labels(found)
    placed = [(app, place) for app in apps if (place := cluster.endpoint(app, project, found)) is not None]
    for app, place in placed:
        written = [_monitor(params, app, place, selection)]
        model = models.of(app.component, project)
        if model is not None:
            ruled.append(app)
            pair = recording.files(app.job, model, _scope(params, app, place), RULES)
            files += pair
            written.append(_rule(params, app, place, selection, pair[0]))
        files += written
        edits += (*place.edits, *place.label_edits)
        edits += _listed(project, place.folder, written, edits)
    steps = [*([] if selection else [_selection_step()]), _check_step(), *instrumentation(params, project, apps)]
    return Creation(
        summary([app for app, _ in placed], [], ruled, "operator"),
        files=tuple(files), edits=tuple(edits), next_steps=tuple(steps),
    )  # fmt: skip


def _scope(params: PrometheusParams, app: Application, place: Endpoint) -> red.Scope:
    probes = tuple(dict.fromkeys(path for path in (app.path, app.component.health) if path))
    window = recording.window(params.scrape_interval or INTERVAL)
    # The operator names the job after the Service.
    return red.Scope(
        place.service,
        keep=("namespace", "job"),
        namespace=params.namespace or place.namespace,
        probes=probes,
        window=window,
    )


def _namespace(params: PrometheusParams, place: Endpoint) -> str | None:
    """The Service's own; a kustomization sets it for a Service that has none."""
    return place.namespace or (None if place.kustomized else params.namespace)


def _path(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"


def _monitor(params: PrometheusParams, app: Application, place: Endpoint, selection: dict[str, str]) -> File:
    content = template.render(
        __package__, "servicemonitor.yaml",
        title=app.job, app=app.job, namespace=_namespace(params, place), selection=selection, service=place.service,
        match=place.labels, port=place.port_name, path=app.path, interval=params.scrape_interval or INTERVAL,
    )  # fmt: skip
    return File(
        _path(place.folder, f"{app.job}-servicemonitor.yaml" if place.shared else "servicemonitor.yaml"), content,
        why=Text("Tells the operator's Prometheus what to scrape.", "Dit au Prometheus de l'operator quoi collecter."),
    )  # fmt: skip


def _rule(params: PrometheusParams, app: Application, place: Endpoint, selection: dict[str, str], rules: File) -> File:
    groups = rules.content[rules.content.index("groups:") :].rstrip("\n").split("\n")
    content = template.render(
        __package__, "prometheusrule.yaml",
        title=f"{app.job}-red", app=app.job, namespace=_namespace(params, place), selection=selection, groups=groups,
        rules_file=rules.path,
    )  # fmt: skip
    return File(
        _path(place.folder, f"{app.job}-prometheusrule.yaml" if place.shared else "prometheusrule.yaml"), content,
        why=Text(f"Carries the rules of {rules.path} to the cluster.", f"Porte les règles de {rules.path} dans le cluster."),
    )  # fmt: skip


def _listed(project: Project, folder: str, written: list[File], edits: list[Edit]) -> list[Edit]:
    """One edit that lists the new files in the folder's kustomization."""
    names = [file.path.rpartition("/")[2] for file in written]
    found = [edit for name in names if (edit := cluster.kustomization(folder, project, name)) is not None]
    if not found:
        return []
    first = found[0]
    earlier = next((e for e in edits if e.file == first.file and (e.start, e.end) == (first.start, first.end)), None)
    text = (earlier.text if earlier else "") + "".join(edit.text for edit in found)
    if earlier is not None:
        edits.remove(earlier)
    return [Edit(first.file, first.start, first.end, text)]


def _selection_step() -> Text:
    command = "kubectl get prometheus -A -o jsonpath='{.items[*].spec.serviceMonitorSelector}'"
    return Text(
        f"If {command} shows matchLabels (kube-prometheus-stack: release: <name>), add them to the labels of the ServiceMonitor and PrometheusRule: without them they are ignored.",
        f"Si {command} affiche des matchLabels (kube-prometheus-stack : release: <nom>), ajoutez-les aux labels du ServiceMonitor et de la PrometheusRule : sans eux, ils sont ignorés.",
    )


def _check_step() -> Text:
    return Text(
        "After applying, Status > Targets of Prometheus must show one target for each pod, UP within two scrape intervals.",
        "Après application, Status > Targets de Prometheus doit montrer une cible par pod, UP au bout de deux intervalles de collecte.",
    )
