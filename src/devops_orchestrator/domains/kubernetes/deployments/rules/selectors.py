"""What selects what: workloads, Services, disruption budgets."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.domains.kubernetes.deployments.rules.index import Index, Placed
from devops_orchestrator.formats import template
from devops_orchestrator.formats.kubernetes import Object, text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

SELECTING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController")


@rule(
    "deployments/selector-mismatch", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector",
    title=Text("The selector does not match the pod template", "Le sélecteur ne correspond pas au modèle de pod"),
    advice=Text(
        "The API refuses the object: `selector` does not match template `labels`.",
        "L'API refuse l'objet : `selector` does not match template `labels`.",
    ),
)  # fmt: skip
def selector_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """A workload's selector with a label that its own pods do not have."""
    added = index.of(project).added_labels
    for one in index.objects(source, project):
        pod, selector = one.pod, one.get("spec", "selector")
        if one.kind not in SELECTING or pod is None or selector is None or pod.node.get("metadata") is None:
            continue
        wrong = {k: v for k, v in one.selector.items() if pod.labels.get(k) != v and added.get(k) != v}
        if not wrong:
            continue
        key, value = next(iter(wrong.items()))
        has = pod.labels.get(key)
        told = f"{key}={has}" if has is not None else "-"
        yield Hit(
            selector.start, selector.end,
            Text(
                f"{one.kind} {one.called} selects {key}={value}; its pods have {told if has is not None else f'no label {key}'}.",
                f"{one.kind} {one.called} sélectionne {key}={value} ; ses pods ont {told if has is not None else f'aucun label {key}'}.",
            ),
            _relabel(source, pod.node, wrong),
        )  # fmt: skip


def _relabel(source: Source, template_node: Node, wanted: dict[str, str]) -> Fix | None:
    """Give the pods the labels that the selector wants."""
    labels = template_node.get("metadata", "labels")
    if labels is None or not spans.editable(labels):
        return None
    edits: list[Edit] = []
    missing = []
    for key, value in wanted.items():
        node = labels.get(key)
        if node is not None:
            edits.append(source.edit(node.start, node.end, template.quoted(value)))
        else:
            missing.append(f"{key}: {template.quoted(value)}")
    if missing:
        edits += spans.put(source, labels, "\n".join(missing))
    return Fix(
        tuple(edits), safe=False, title=Text("Give the pods these labels", "Donner ces labels aux pods"),
        needs=Text("Services and policies that select these pods must know the new labels.", "Les Services et les politiques qui sélectionnent ces pods doivent connaître les nouveaux labels."),
    )  # fmt: skip


@rule(
    "deployments/orphan-service", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/services-networking/service/",
    title=Text("The Service selects no pod", "Le Service ne sélectionne aucun pod"),
    advice=Text(
        "A Service without endpoints refuses every connection, while its pods run and look healthy.",
        "Un Service sans endpoints refuse toutes les connexions, alors que ses pods tournent et semblent sains.",
    ),
)  # fmt: skip
def orphan_service(source: Source, project: Project) -> Iterator[Hit]:
    """A Service (or disruption budget) whose selector misses the workload that it is plainly meant for."""
    manifests = index.of(project)
    for one in index.objects(source, project):
        if one.kind not in ("Service", "PodDisruptionBudget") or not one.selector:
            continue
        if manifests.selected(one.selector, one.namespace):
            continue
        near = _meant(one, source.path, manifests)
        if near is None or near.object.pod is None:
            continue
        node = one.get("spec", "selector") if one.kind == "Service" else one.get("spec", "selector", "matchLabels")
        assert node is not None
        place = near.object.get("metadata", "name") or near.object.node
        elsewhere = manifests.selected(one.selector, None)
        why = Text(
            f"{one.kind} {one.called} selects {_pairs(one.selector)}, which no pod has.",
            f"{one.kind} {one.called} sélectionne {_pairs(one.selector)}, qu'aucun pod ne porte.",
        )
        if elsewhere:
            why = Text(
                f"{one.kind} {one.called} is in namespace {one.namespace}, the pods that it selects are in {elsewhere[0].object.namespace}.",
                f"{one.kind} {one.called} est dans le namespace {one.namespace}, les pods qu'il sélectionne sont dans {elsewhere[0].object.namespace}.",
            )
        labels = _pairs(near.object.pod.labels)
        yield Hit(
            node.start, node.end, why, None if elsewhere else _reselect(source, node, one, near),
            (near.related(place, Text(f"its pods have {labels}", f"ses pods portent {labels}")),),
        )  # fmt: skip


def _meant(one: Object, path: str, manifests: Index) -> Placed | None:
    """The workload of the same name, or the one that shares a label value (not one that many share)."""
    named = [w for w in manifests.workloads if w.object.name == one.name]
    if named:
        return next((w for w in named if w.path == path), named[0])
    values = set(one.selector.items())
    shared = [w for w in manifests.workloads if w.object.pod and values & set(w.object.pod.labels.items())]
    return shared[0] if len(shared) == 1 else None


def _reselect(source: Source, node: Node, one: Object, near: Placed) -> Fix | None:
    labels = near.object.pod.labels if near.object.pod else {}
    wrong = [(key, node.get(key)) for key, value in one.selector.items() if labels.get(key) != value]
    if any(key not in labels or at is None for key, at in wrong):
        return None
    edits = tuple(source.edit(at.start, at.end, template.quoted(labels[key])) for key, at in wrong if at is not None)
    return Fix(
        edits, safe=False, title=Text("Select the labels of the pods", "Sélectionner les labels des pods"),
        needs=Text(f"{near.object.name} must be the workload that is meant.", f"{near.object.name} doit bien être la charge de travail visée."),
    )  # fmt: skip


def _pairs(labels: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())


@rule(
    "deployments/missing-governing-service", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id",
    title=Text("The StatefulSet's Service is not there", "Le Service du StatefulSet n'existe pas"),
    advice=Text(
        "Without its headless Service the pods have no names of their own in DNS, and the members of a cluster do not find each other.",
        "Sans son Service headless, les pods n'ont pas de nom DNS propre et les membres d'un cluster ne se trouvent pas.",
    ),
)  # fmt: skip
def governing_service(source: Source, project: Project) -> Iterator[Hit]:
    """`serviceName` names no Service of the repository, which has others."""
    services = {one.object.name for one in index.of(project).of_kind("Service")}
    for one in index.objects(source, project):
        node = one.get("spec", "serviceName")
        if one.kind != "StatefulSet" or node is None or not services or text_of(node.value) in ("", *services):
            continue
        yield Hit(
            node.start, node.end,
            Text(
                f"StatefulSet {one.called} names the Service {node.value}, which no manifest defines.",
                f"Le StatefulSet {one.called} désigne le Service {node.value}, qu'aucun manifeste ne définit.",
            ),
        )  # fmt: skip


RULES = (selector_mismatch, orphan_service, governing_service)
