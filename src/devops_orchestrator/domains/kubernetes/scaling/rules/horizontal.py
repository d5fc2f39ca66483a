"""Autoscaling that cannot work, or that fights with the manifests."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.project.cluster import Placed
from devops_orchestrator.text import Text

DOC = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"


def _autoscalers(source: Source, *kinds: str) -> Iterator[Node]:
    """The autoscalers of a source; horizontal ones where no kind is named."""
    for thing in source.parsed(kubernetes.objects):
        if thing.kind in (kinds or ("HorizontalPodAutoscaler",)):
            yield thing.node


def _targets(autoscaler: Node, path: str, project: Project) -> list[Placed]:
    """The workloads of the repository that an autoscaler may mean, the nearest ones."""
    manifests = cluster.of(project)
    reference = autoscaler.get("spec", "scaleTargetRef")
    kind = text_of(reference.at("kind")) or "Deployment" if reference is not None else ""
    name = text_of(reference.at("name")) if reference is not None else ""
    return manifests.near(path, [one for one in manifests.of_kind(kind) if one.object.name == name])


@rule(
    "scaling/min-above-max", Severity.ERROR, on="kubernetes", url=DOC,
    title=Text("minReplicas is above maxReplicas", "minReplicas dépasse maxReplicas"),
    advice=Text(
        "The API server refuses this autoscaler, so nothing scales.",
        "Le serveur d'API refuse cet autoscaler : rien n'est mis à l'échelle.",
    ),
)  # fmt: skip
def min_above_max(source: Source, project: Project) -> Iterator[Hit]:
    """`spec.minReplicas` greater than `spec.maxReplicas`."""
    for autoscaler in _autoscalers(source):
        low, high = autoscaler.get("spec", "minReplicas"), autoscaler.get("spec", "maxReplicas")
        if low and high and isinstance(low.value, int) and isinstance(high.value, int) and low.value > high.value:
            yield Hit(
                low.start, low.end,
                Text(
                    f"minReplicas is {low.value}, maxReplicas only {high.value}.",
                    f"minReplicas vaut {low.value}, alors que maxReplicas ne vaut que {high.value}.",
                ),
            )  # fmt: skip


@rule(
    "scaling/replicas-fight", Severity.WARNING, on="kubernetes", url=DOC,
    title=Text("The manifest and the autoscaler both set the replicas", "Le manifeste et l'autoscaler fixent tous deux les réplicas"),
    advice=Text(
        "Every apply puts the manifest's number back, and the autoscaler then corrects it: pods are killed and created for nothing.",
        "Chaque apply remet le nombre du manifeste, que l'autoscaler corrige ensuite : des pods sont tués et recréés pour rien.",
    ),
)  # fmt: skip
def replicas_fight(source: Source, project: Project) -> Iterator[Hit]:
    """A workload with `replicas` that an HPA or a ScaledObject scales. Reported on the autoscaler's target reference."""
    for autoscaler in _autoscalers(source, "HorizontalPodAutoscaler", "ScaledObject"):
        found = _targets(autoscaler, source.path, project)
        reference = autoscaler.get("spec", "scaleTargetRef")
        if not found or reference is None:
            continue
        path, workload = found[0].path, found[0].object.node
        spec = workload.get("spec")
        replicas = workload.get("spec", "replicas")
        if spec is None or replicas is None or spec.flow:
            continue
        line, _ = Lines(workload.text).place(replicas.start)
        name = workload.at("metadata", "name")
        start, end, text = yaml.remove_pair(spec, "replicas")
        place = reference.get("name") or reference
        yield Hit(
            place.start, place.end,
            Text(
                f"{name} also sets replicas: {replicas.value}.",
                f"{name} fixe aussi replicas: {replicas.value}.",
            ),
            fix=Fix(
                edits=(Edit(path, start, end, text),), safe=False,
                title=Text(f"take `replicas` out of {path}", f"retirer `replicas` de {path}"),
                needs=Text(
                    "the first apply without it sets one replica until the autoscaler acts: apply it in a quiet hour",
                    "le premier apply sans ce champ passe à un réplica jusqu'à l'action de l'autoscaler : à faire en heure creuse",
                ),
            ),
            related=(Related(path, line, Text("set here", "fixé ici")),),
        )  # fmt: skip


@rule(
    "scaling/utilization-without-request", Severity.ERROR, on="kubernetes", url=DOC,
    title=Text("Utilization of a request that is not there", "Un taux d'utilisation sans request"),
    advice=Text(
        "Utilization is a share of the request. Without it the autoscaler shows <unknown> and never scales.",
        "Le taux d'utilisation est une part de la request. Sans elle, l'autoscaler affiche <unknown> et ne fait rien.",
    ),
)  # fmt: skip
def utilization_without_request(source: Source, project: Project) -> Iterator[Hit]:
    """A utilization of CPU or memory whose target has a container without that request; a limit alone counts as one."""
    for autoscaler in _autoscalers(source):
        found = _targets(autoscaler, source.path, project)
        if not found or any(_requests(one) for one in found[1:]) or _patched(found[0].object.node, project):
            continue
        workload = found[0].object
        for resource, node in _utilizations(autoscaler):
            without = [
                container.name
                for container in (workload.pod.containers if workload.pod else ())
                if not any(container.node.at("resources", part, resource) for part in ("requests", "limits"))
            ]
            if without:
                names = ", ".join(without)
                place = workload.get("metadata", "name") or workload.node
                yield Hit(
                    node.start, node.end,
                    Text(
                        f"{found[0].path}: container {names} has no {resource} request.",
                        f"{found[0].path} : le conteneur {names} n'a pas de request {resource}.",
                    ),
                    related=(found[0].related(place, Text("the workload", "la charge de travail")),),
                )  # fmt: skip


def _utilizations(autoscaler: Node) -> Iterator[tuple[str, Node]]:
    """(resource, node) of the shares of a request that an autoscaler holds to, of v2 and of v1."""
    old = autoscaler.get("spec", "targetCPUUtilizationPercentage")
    if old is not None:
        yield "cpu", old
    metrics = autoscaler.get("spec", "metrics")
    for metric in metrics.children() if metrics is not None else ():
        resource, node = text_of(metric.at("resource", "name")), metric.get("resource", "target")
        if resource and node is not None and node.at("type") == "Utilization":
            yield resource, node


def _requests(one: Placed) -> bool:
    """Whether every container of a workload asks for CPU."""
    containers = one.object.pod.containers if one.object.pod else ()
    return all(container.node.at("resources", "requests", "cpu") is not None for container in containers)


def _patched(workload: Node, project: Project) -> bool:
    """Whether a patch of the repository gives resources to a workload of that name."""
    manifests = cluster.of(project)
    name = workload.at("metadata", "name")
    fragments = [one.object for one in manifests.placed if one.path in manifests.patches and one.object.name == name]
    return any(
        container.node.get("resources") is not None for one in fragments if one.pod for container in one.pod.containers
    )


@rule(
    "scaling/removed-api", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/reference/using-api/deprecation-guide/#horizontalpodautoscaler-v126",
    title=Text("An autoscaling API that is gone", "Une API d'autoscaling supprimée"),
    advice=Text(
        "autoscaling/v2beta1 and v2beta2 were removed in Kubernetes 1.25 and 1.26; the object is refused.",
        "autoscaling/v2beta1 et v2beta2 ont été supprimées dans Kubernetes 1.25 et 1.26 ; l'objet est refusé.",
    ),
)  # fmt: skip
def removed_api(source: Source, project: Project) -> Iterator[Hit]:
    """v2beta2 has the fields of v2: only the version changes. v2beta1 names its fields otherwise: told, not fixed."""
    for autoscaler in _autoscalers(source):
        version = autoscaler.get("apiVersion")
        if version is None or version.value not in ("autoscaling/v2beta1", "autoscaling/v2beta2"):
            continue
        fix = None
        if version.value == "autoscaling/v2beta2":
            fix = Fix(
                (source.edit(version.start, version.end, "autoscaling/v2"),), safe=True,
                title=Text("use autoscaling/v2, with the same fields", "utiliser autoscaling/v2, avec les mêmes champs"),
            )  # fmt: skip
        yield Hit(
            version.start, version.end,
            Text(f"{version.value} is no longer served.", f"{version.value} n'est plus servie."), fix=fix,
        )  # fmt: skip


RULES: tuple[Rule, ...] = (min_above_max, replicas_fight, utilization_without_request, removed_api)
