"""Disruption budgets that hold up node maintenance."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.domains.kubernetes.deployments.rules.index import Index, Placed
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/"


@rule(
    "deployments/blocking-budget", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("The disruption budget allows no eviction", "Le PodDisruptionBudget n'autorise aucune éviction"),
    advice=Text(
        "`kubectl drain` and every node upgrade wait forever for a pod that may never go.",
        "`kubectl drain` et chaque mise à jour de nœud attendent indéfiniment un pod qui n'a jamais le droit de partir.",
    ),
)  # fmt: skip
def blocking_budget(source: Source, project: Project) -> Iterator[Hit]:
    """maxUnavailable 0, or minAvailable of as many pods as there are, in the base or in an overlay."""
    manifests = index.of(project)
    for one in index.objects(source, project):
        if one.kind != "PodDisruptionBudget":
            continue
        key = "maxUnavailable" if one.get("spec", "maxUnavailable") is not None else "minAvailable"
        node = one.get("spec", key)
        if node is None:
            continue
        if (key == "maxUnavailable" and str(node.value) in ("0", "0%")) or str(node.value) == "100%":
            yield _hit(source, one, key, Text(f"{key}: {node.value}", f"{key}: {node.value}"), ())
            continue
        if key == "maxUnavailable" or not isinstance(node.value, int):
            continue
        for workload in manifests.selected(one.selector, one.namespace):
            count = _fewest(workload, manifests)
            if count is None or node.value < count[0]:
                continue
            told = Text(
                f"minAvailable: {node.value} with {count[0]} replica(s)",
                f"minAvailable: {node.value} avec {count[0]} réplica(s)",
            )
            yield _hit(source, one, key, told, (count[1],))
            break


def _fewest(workload: Placed, manifests: Index) -> tuple[int, Related] | None:
    """The smallest number of pods that a manifest or an overlay gives a workload, and where; None with an autoscaler."""
    name = workload.object.name
    for scaler in manifests.of_kind("HorizontalPodAutoscaler", "ScaledObject"):
        if scaler.object.at("spec", "scaleTargetRef", "name") == name:
            return None
    found: list[tuple[int, Related]] = []
    node = workload.object.get("spec", "replicas")
    if node is None or isinstance(node.value, int):
        place = node or workload.object.node
        count = node.value if node is not None else 1
        found.append((count, workload.related(place, Text(f"{count} replica(s) here", f"{count} réplica(s) ici"))))
    for kustomization in manifests.kustomizations:
        for target, count_node in kustomization.replicas():
            if target == name and isinstance(count_node.value, int):
                line = Lines(count_node.text).place(count_node.start)[0]
                told = Text(f"{count_node.value} replica(s) here", f"{count_node.value} réplica(s) ici")
                found.append((count_node.value, Related(kustomization.path, line, told)))
    running = [one for one in found if one[0] > 0]
    return min(running, key=lambda one: one[0]) if running else None


def _hit(source: Source, one: Object, key: str, told: Text, related: tuple[Related, ...]) -> Hit:
    spec = one.get("spec")
    assert spec is not None
    pair = spec.pair(key)
    assert pair is not None
    fix = Fix(
        (source.edit(pair[0].start, pair[1].end, "maxUnavailable: 1"),), safe=False,
        title=Text("Let one pod go at a time", "Laisser partir un pod à la fois"),
        needs=Text(
            "The application must work with one pod less; with a single replica this means a short interruption.",
            "L'application doit fonctionner avec un pod de moins ; avec un seul réplica, cela signifie une courte interruption.",
        ),
    ) if not spec.flow else None  # fmt: skip
    message = Text(
        f"{one.called} allows no eviction: {told.en}.", f"{one.called} n'autorise aucune éviction : {told.fr}."
    )
    return Hit(*spans.entry(spec, key), message, fix, related)


RULES = (blocking_budget,)
