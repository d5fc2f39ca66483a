"""The sentences of a creation: what was done, what is left to do."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.monitoring.prometheus import instrument, models
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.domains.monitoring.prometheus.targets import Application, Exported, silent
from devops_orchestrator.text import Text

_WHERE = {
    "compose": Text("beside the compose services", "à côté des services compose"),
    "kubernetes": Text("inside the cluster", "dans le cluster"),
    "operator": Text("through the operator in the cluster", "via l'operator dans le cluster"),
    "plain": Text("for this machine", "pour cette machine"),
}


def summary(apps: list[Application], wanted: list[Exported], ruled: list[Application], mode: str) -> Text:
    """One sentence: what is scraped, what is recorded."""
    names = [app.job for app in apps] + [item.exporter.name for item in wanted]
    where = _WHERE[mode]
    listed = ", ".join(names)
    if not names:
        return Text(
            f"Prometheus {where.en}. Nothing in this repository exposes metrics yet: see the next steps.",
            f"Prometheus {where.fr}. Rien dans ce dépôt n'expose encore de métriques : voyez les étapes suivantes.",
        )
    rules = ", ".join(app.job for app in ruled)
    return Text(
        f"Prometheus {where.en}: scrapes {listed}"
        + (f"; rate, errors and duration of {rules} recorded and tested." if rules else "."),
        f"Prometheus {where.fr} : collecte {listed}"
        + (f" ; débit, erreurs et durée de {rules} enregistrés et testés." if rules else "."),
    )


def complete(path: str) -> Text:
    """A configuration that lacks nothing."""
    return Text(
        f"{path} already has what this repository calls for: nothing to add.",
        f"{path} contient déjà ce que ce dépôt demande : rien à ajouter.",
    )


def instrumentation(params: PrometheusParams, project: Project, apps: list[Application]) -> list[Text]:
    """How to make visible what is not: components without metrics, or without any of their requests."""
    quiet = silent(params, project)
    partial = [
        app.component for app in apps if app.component.kind == "service" and models.of(app.component, project) is None
    ]
    return [step for component in (*quiet, *partial) if (step := instrument.step(component)) is not None]
