"""Plain Deployments: updates that leave a gap."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.deployment.strategies import kustomize
from devops_orchestrator.domains.deployment.strategies.rules import place
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Object, selects
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy"


def _serves(item: Object, project: Project) -> str | None:
    """The Service that sends traffic to a Deployment."""
    labels = item.pod.labels if item.pod else {}
    for manifest in kustomize.of_kind(project, "Service"):
        service = manifest.object
        if selects(manifest.selector, labels) and (service.namespace or "") in ("", item.namespace or ""):
            return service.name
    return None


def _holds_volume(item: Object) -> bool:
    volumes = item.pod.volumes.values() if item.pod else ()
    return any(v.get("persistentVolumeClaim") is not None or v.get("hostPath") is not None for v in volumes)


@rule(
    "strategies/recreated-service", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("A service that is down at each release", "Un service coupé à chaque livraison"),
    advice=Text(
        "With Recreate all pods stop before the first new one starts: users see errors for as long as a start takes, and for good if it fails.",
        "Avec Recreate, tous les pods s'arrêtent avant que le premier nouveau ne démarre : les utilisateurs voient des erreurs le temps d'un démarrage, et pour de bon s'il échoue.",
    ),
)  # fmt: skip
def recreated_service(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.objects(source, project, "Deployment"):
        node = item.get("spec", "strategy", "type")
        if node is None or node.value != "Recreate" or _holds_volume(item):
            continue
        service = _serves(item, project)
        if service is None:
            continue
        fix = place.unsafe(
            source, [yaml.replace(node, "RollingUpdate")],
            Text("Replace the pods one by one", "Remplacer les pods un par un"),
            Text("Two versions then run side by side for a moment: the database schema and the sessions must bear it.",
                 "Deux versions tournent alors un instant côte à côte : le schéma de la base et les sessions doivent le supporter."),
        )  # fmt: skip
        yield place.hit(node, Text(
            f"{item.name} serves Service/{service} and is recreated at each release.",
            f"{item.name} sert Service/{service} et est recréé à chaque livraison.",
        ), fix)  # fmt: skip


def _share(value: object, replicas: int) -> int | None:
    """How many pods `maxUnavailable` allows to be away; a percentage is rounded down."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.rstrip("%").isdigit():
        number = int(value.rstrip("%"))
        return replicas * number // 100 if value.endswith("%") else number
    return None


@rule(
    "strategies/update-stops-all-pods", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("The rolling update may stop every pod at once", "Le rolling update peut arrêter tous les pods à la fois"),
    advice=Text(
        "maxUnavailable is as large as the number of pods: the update is a Recreate under another name.",
        "maxUnavailable atteint le nombre de pods : la mise à jour est un Recreate sous un autre nom.",
    ),
)  # fmt: skip
def update_stops_all_pods(source: Source, project: Project) -> Iterator[Hit]:
    for item in place.objects(source, project, "Deployment"):
        node = item.get("spec", "strategy", "rollingUpdate", "maxUnavailable")
        replicas = 1 if item.get("spec", "replicas") is None else item.replicas
        if node is None or not replicas or _scaled(item, project):
            continue
        away = _share(node.value, replicas)
        if away is None or away < replicas or _serves(item, project) is None or _more_elsewhere(item, source, project):
            continue
        fix = place.unsafe(
            source, [yaml.replace(node, "0")],
            Text("Keep every pod until its successor is ready", "Garder chaque pod jusqu'à ce que son successeur soit prêt"),
            Text("maxSurge must be at least 1, and the nodes need room for one more pod.", "maxSurge doit valoir au moins 1, et les nœuds doivent avoir la place d'un pod de plus."),
        )  # fmt: skip
        yield place.hit(node, Text(
            f"{item.name} runs {replicas} pod{'s' if replicas > 1 else ''}, and {node.value} may be away during an update.",
            f"{item.name} fait tourner {replicas} pod{'s' if replicas > 1 else ''}, et {node.value} peut manquer pendant une mise à jour.",
        ), fix)  # fmt: skip


def _scaled(item: Object, project: Project) -> bool:
    return any(
        m.object.at("spec", "scaleTargetRef", "name") == item.name
        for m in kustomize.of_kind(project, "HorizontalPodAutoscaler", "ScaledObject")
    )


def _more_elsewhere(item: Object, source: Source, project: Project) -> bool:
    """Whether every environment that is applied gives the Deployment more pods than the manifest says."""
    roots = place.holding(project, source.path)
    written = item.replicas or 1
    return bool(roots) and all((kustomize.replicas(root, item.name, item.replicas) or 1) > written for root in roots)


RULES = (recreated_service, update_stops_all_pods)
