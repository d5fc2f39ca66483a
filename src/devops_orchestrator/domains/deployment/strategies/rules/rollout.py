"""A Rollout and what it shares with its Deployment, its Services and its autoscaler."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.deployment.strategies import kustomize
from devops_orchestrator.domains.deployment.strategies.kustomize import Manifest
from devops_orchestrator.domains.deployment.strategies.rules import place
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Object, selects, texts
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://argo-rollouts.readthedocs.io/en/stable/"


@rule(
    "strategies/two-pod-templates", Severity.ERROR, on="kubernetes", url=DOCS + "migrating/#reference-deployment-from-rollout",
    title=Text("A Rollout has both a template and a workloadRef", "Un Rollout a à la fois un template et un workloadRef"),
    advice=Text(
        "The controller refuses the Rollout: it does not know which of the two pod templates is meant.",
        "Le contrôleur refuse le Rollout : il ne sait pas lequel des deux modèles de pod est le bon.",
    ),
)  # fmt: skip
def two_pod_templates(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        spec = item.get("spec")
        pair = spec.pair("template") if spec is not None else None
        if spec is None or pair is None or spec.pair("workloadRef") is None or not pair[1].value:
            continue
        name = item.at("spec", "workloadRef", "name")
        fix = None if spec.flow else place.unsafe(
            source, [yaml.remove_pair(spec, "template")],
            Text("Remove the template of the Rollout", "Retirer le template du Rollout"),
            Text(f"The pods are then those of Deployment/{name}: check that it says the same image and environment.",
                 f"Les pods sont alors ceux de Deployment/{name} : vérifiez qu'il porte la même image et le même environnement."),
        )  # fmt: skip
        yield place.hit(pair[0], Text(
            f"The Rollout {item.name} has its own template and refers to Deployment/{name}.",
            f"Le Rollout {item.name} a son propre template et renvoie aussi à Deployment/{name}.",
        ), fix)  # fmt: skip


def _workload(item: Object) -> tuple[Node, str, str] | None:
    """(node of the name, kind, name) of what a Rollout or a Canary refers to."""
    path = ("spec", "workloadRef") if item.kind == "Rollout" else ("spec", "targetRef")
    node, kind = item.get(*path, "name"), item.at(*path, "kind")
    if node is None or not isinstance(node.value, str) or kind != "Deployment":
        return None
    return node, kind, node.value


def _referring(source: Source, project: Project) -> Iterator[tuple[Object, Node, str]]:
    for item in (*place.rollouts(source, project), *place.objects(source, project, "Canary", "flagger.app")):
        found = _workload(item)
        if found:
            yield item, found[0], found[2]


def _final(project: Project, manifest: Manifest) -> set[str]:
    """The names that an object has: as written, and in each kustomization that builds it."""
    roots = place.holding(project, manifest.path)
    return {manifest.object.name, *(kustomize.final_name(root, manifest.path, manifest.object.name) for root in roots)}


@rule(
    "strategies/unknown-workload", Severity.ERROR, on="kubernetes", url=DOCS + "migrating/",
    title=Text("A Rollout or Canary refers to a Deployment that does not exist", "Un Rollout ou un Canary renvoie à un Deployment qui n'existe pas"),
    advice=Text(
        "The controller finds no pod template: no version ever goes out.",
        "Le contrôleur ne trouve aucun modèle de pod : aucune version ne sort jamais.",
    ),
)  # fmt: skip
def unknown_workload(source: Source, project: Project) -> Iterator[Hit]:
    referring = list(_referring(source, project))
    deployments = kustomize.of_kind(project, "Deployment") if referring else []
    if not deployments or project.of_kind("helm-template"):
        return  # made elsewhere, or by a chart: not verified
    known = {name for m in deployments for name in _final(project, m)}
    for _, node, name in referring:
        if name not in known:
            told = ", ".join(sorted(known)[:5])
            yield place.hit(node, Text(
                f"No Deployment {name} in this repository; there are: {told}.",
                f"Aucun Deployment {name} dans ce dépôt ; il y a : {told}.",
            ))  # fmt: skip


@rule(
    "strategies/workload-started-twice", Severity.WARNING, on="kubernetes", url=DOCS + "migrating/#reference-deployment-from-rollout",
    title=Text("The Deployment behind a Rollout still says how many pods it runs", "Le Deployment derrière un Rollout fixe encore son nombre de pods"),
    advice=Text(
        "The Rollout scales the Deployment to 0 once; every later apply scales it up again. Its pods then run the new version beside the "
        "canary, without weights and without analysis.",
        "Le Rollout met le Deployment à 0 une seule fois ; chaque apply suivant le relance. Ses pods servent alors la nouvelle version à côté "
        "du canary, sans poids ni analyse.",
    ),
)  # fmt: skip
def workload_started_twice(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        found = _workload(item)
        if not found:
            continue
        for manifest in place.beside(source, project):
            if manifest.kind != "Deployment" or found[2] not in _final(project, manifest):
                continue
            count = _count(project, source, manifest)
            if count:
                written = manifest.object.get("spec", "replicas") or manifest.object.node
                yield place.hit(found[0], Text(
                    f"Deployment/{manifest.object.name} is applied with {count} replica{'s' if count > 1 else ''} of its own.",
                    f"Deployment/{manifest.object.name} est appliqué avec {count} replica{'s' if count > 1 else ''} en propre.",
                ), related=(place.related(manifest, written, Text("here", "ici")),))  # fmt: skip


def _count(project: Project, source: Source, manifest: Manifest) -> int | None:
    """The replicas with which a Deployment is applied together with the source; None where they are left out."""
    roots = place.holding(project, source.path)
    if not roots:
        return manifest.object.replicas
    counts = [kustomize.replicas(root, manifest.object.name, manifest.object.replicas) for root in roots]
    return next((count for count in counts if count), None)


def _scalers(source: Source, project: Project) -> Iterator[tuple[Manifest, str, str]]:
    """(autoscaler, kind, name of what it scales) of those applied with the source."""
    for manifest in place.beside(source, project):
        if manifest.kind in ("HorizontalPodAutoscaler", "ScaledObject"):
            ref = manifest.object.at("spec", "scaleTargetRef", default={})
            if isinstance(ref, dict):
                kind = str(ref.get("kind") or "Deployment")
                roots = place.holding(project, source.path)
                if any(kustomize.retargeted(root, manifest.object.name) for root in roots):
                    kind = "Rollout"
                yield manifest, kind, str(ref.get("name") or "")


@rule(
    "strategies/autoscaler-misses-rollout", Severity.ERROR, on="kubernetes", url=DOCS + "features/hpa-support/",
    title=Text("An autoscaler scales the Deployment whose pods a Rollout runs", "Un autoscaler vise le Deployment dont un Rollout fait tourner les pods"),
    advice=Text(
        "The Deployment is at 0, where an autoscaler is disabled; the Rollout's own pods are never scaled.",
        "Le Deployment est à 0, où un autoscaler est désactivé ; les pods du Rollout, eux, ne sont jamais mis à l'échelle.",
    ),
)  # fmt: skip
def autoscaler_misses_rollout(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        found = _workload(item)
        if not found:
            continue
        for scaler, kind, name in _scalers(source, project):
            if kind == "Deployment" and name == found[2]:
                ref = scaler.object.get("spec", "scaleTargetRef") or scaler.object.node
                yield place.hit(found[0], Text(
                    f"{scaler.object.kind}/{scaler.object.name} scales Deployment/{name}, not this Rollout.",
                    f"{scaler.object.kind}/{scaler.object.name} vise Deployment/{name}, pas ce Rollout.",
                ), related=(place.related(scaler, ref, Text("its target", "sa cible")),))  # fmt: skip


@rule(
    "strategies/replicas-fight-autoscaler", Severity.WARNING, on="kubernetes", url=DOCS + "features/hpa-support/",
    title=Text("A Rollout says how many pods it runs, and an autoscaler too", "Un Rollout fixe son nombre de pods, et un autoscaler aussi"),
    advice=Text(
        "Each apply puts the written number back, in the middle of a peak as well, until the autoscaler corrects it.",
        "Chaque apply remet le nombre écrit, même en plein pic, jusqu'à ce que l'autoscaler le corrige.",
    ),
)  # fmt: skip
def replicas_fight_autoscaler(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        spec = item.get("spec")
        pair = spec.pair("replicas") if spec is not None else None
        if spec is None or pair is None:
            continue
        for scaler, kind, name in _scalers(source, project):
            if kind == "Rollout" and name in (item.name, *_final(project, Manifest(source.path, item))):
                fix = None if spec.flow else place.unsafe(
                    source, [yaml.remove_pair(spec, "replicas")],
                    Text("Leave the number to the autoscaler", "Laisser le nombre à l'autoscaler"),
                    Text("The first apply without it drops to 1 pod for a moment: `kubectl apply edit-last-applied` first.",
                         "Le premier apply sans lui retombe un instant à 1 pod : `kubectl apply edit-last-applied` d'abord."),
                )  # fmt: skip
                yield place.hit(pair[0], Text(
                    f"{scaler.object.kind}/{scaler.object.name} scales this Rollout, which says {pair[1].value} replicas.",
                    f"{scaler.object.kind}/{scaler.object.name} met ce Rollout à l'échelle, et il fixe {pair[1].value} replicas.",
                ), fix, (place.related(scaler, scaler.object.node, Text("the autoscaler", "l'autoscaler")),))  # fmt: skip


# Each pair of Services that must differ.
PAIRS = (
    (("canary", "stableService"), ("canary", "canaryService")),
    (("blueGreen", "activeService"), ("blueGreen", "previewService")),
    (("canary", "pingPong", "pingService"), ("canary", "pingPong", "pongService")),
)


@rule(
    "strategies/same-service-twice", Severity.ERROR, on="kubernetes", url=DOCS + "features/bluegreen/",
    title=Text("Both versions are behind one Service", "Les deux versions sont derrière le même Service"),
    advice=Text(
        "The controller refuses a Rollout whose two Services are one: nothing would tell the versions apart.",
        "Le contrôleur refuse un Rollout dont les deux Services n'en font qu'un : rien ne distinguerait les versions.",
    ),
)  # fmt: skip
def same_service_twice(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        for one, other in PAIRS:
            first, second = item.get("spec", "strategy", *one), item.get("spec", "strategy", *other)
            if first is not None and second is not None and first.value and first.value == second.value:
                yield place.hit(second, Text(
                    f"{one[-1]} and {other[-1]} are both {first.value}.", f"{one[-1]} et {other[-1]} valent tous deux {first.value}."
                ))  # fmt: skip


def _services(item: Object) -> Iterator[Node]:
    for paths in PAIRS:
        for path in paths:
            node = item.get("spec", "strategy", *path)
            if node is not None and isinstance(node.value, str) and node.value:
                yield node


def _service(source: Source, project: Project, name: str) -> Manifest | None:
    """The Service of that name that is applied with the source, else one in the whole repository."""
    near = [m for m in place.beside(source, project) if m.kind == "Service"]
    for candidates in (near, kustomize.of_kind(project, "Service")):
        for manifest in candidates:
            if name in _final(project, manifest):
                return manifest
    return None


@rule(
    "strategies/unknown-service", Severity.ERROR, on="kubernetes", url=DOCS + "features/specification/",
    title=Text("A Rollout names a Service that does not exist", "Un Rollout nomme un Service qui n'existe pas"),
    advice=Text(
        "The Rollout stays in the state InvalidSpec and no version goes out.",
        "Le Rollout reste à l'état InvalidSpec et aucune version ne sort.",
    ),
)  # fmt: skip
def unknown_service(source: Source, project: Project) -> Iterator[Hit]:
    rollouts = list(place.rollouts(source, project))
    around = [m for m in place.beside(source, project) if m.kind == "Service"] if rollouts else []
    if not around:
        return  # the Services of this place are made elsewhere: not verified
    for item in rollouts:
        for node in _services(item):
            if _service(source, project, node.value) is None:
                told = ", ".join(sorted({m.object.name for m in around})[:5])
                yield place.hit(node, Text(
                    f"There is no Service {node.value}; beside this Rollout there are: {told}.",
                    f"Il n'y a pas de Service {node.value} ; à côté de ce Rollout il y a : {told}.",
                ))  # fmt: skip


def _pod_labels(item: Object, source: Source, project: Project) -> dict[str, str]:
    if item.pod is not None:
        return item.pod.labels
    found = _workload(item)
    if not found:
        return {}
    for manifest in kustomize.of_kind(project, "Deployment"):
        if found[2] in _final(project, manifest) and manifest.object.pod:
            return manifest.object.pod.labels
    return {}


@rule(
    "strategies/service-selects-no-pod", Severity.ERROR, on="kubernetes", url=DOCS + "features/traffic-management/",
    title=Text("A Service of a Rollout selects other pods", "Un Service d'un Rollout sélectionne d'autres pods"),
    advice=Text(
        "The controller adds its hash to the selector; with labels that no pod of the Rollout carries, the Service has no endpoint and answers 503.",
        "Le contrôleur ajoute son hash au sélecteur ; avec des labels qu'aucun pod du Rollout ne porte, le Service n'a aucun endpoint et répond 503.",
    ),
)  # fmt: skip
def service_selects_no_pod(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.rollouts(source, project):
        labels = _pod_labels(item, source, project)
        selector = texts(item.get("spec", "selector", "matchLabels"))
        node = item.get("spec", "selector", "matchLabels")
        if item.pod is not None and node is not None and selector and not selects(selector, labels):
            yield place.hit(node, Text(
                f"The selector of the Rollout {item.name} does not match the labels of its own template.",
                f"Le sélecteur du Rollout {item.name} ne correspond pas aux labels de son propre template.",
            ))  # fmt: skip
        for name in _services(item):
            service = _service(source, project, name.value)
            added = {
                key: value
                for root in place.holding(project, source.path)
                for k in root.chain
                for key, value in k.added_labels.items()
            }
            if (
                service is None
                or not labels
                or not service.object.selector
                or selects(service.object.selector, labels | added)
            ):
                continue
            where = service.object.get("spec", "selector") or service.object.node
            yield place.hit(name, Text(
                f"Service/{name.value} selects {_told(service.object.selector)}, the pods carry {_told(labels)}.",
                f"Service/{name.value} sélectionne {_told(service.object.selector)}, les pods portent {_told(labels)}.",
            ), related=(place.related(service, where, Text("its selector", "son sélecteur")),))  # fmt: skip


def _told(labels: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in sorted(labels.items())[:4])


RULES = (
    two_pod_templates, unknown_workload, workload_started_twice, autoscaler_misses_rollout, replicas_fight_autoscaler,
    same_service_twice, unknown_service, service_selects_no_pod,
)  # fmt: skip
