"""What autoscalers scale: workloads that are not there, two autoscalers on one, databases, nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import Object, integer, text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.project.cluster import Placed
from devops_orchestrator.project.services import of_image
from devops_orchestrator.text import Text

HPA = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"
KEDA = "https://keda.sh/docs/latest/reference/scaledobject-spec/"
KINDS = ("HorizontalPodAutoscaler", "ScaledObject", "VerticalPodAutoscaler")
SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "Rollout")
SINGLE = ("postgresql", "mysql", "mariadb", "mongodb", "redis", "rabbitmq", "elasticsearch", "kafka", "minio")


def _reference(thing: Object) -> tuple[str, Node] | None:
    """(kind, node of the name) of what an autoscaler scales."""
    path = ("spec", "targetRef") if thing.kind == "VerticalPodAutoscaler" else ("spec", "scaleTargetRef")
    node = thing.get(*path, "name")
    return (
        (text_of(thing.at(*path, "kind")) or "Deployment", node) if node is not None and text_of(node.value) else None
    )


@rule(
    "scaling/unknown-target", Severity.ERROR, on="kubernetes", url=HPA,
    title=Text("An autoscaler of a workload that is not there", "Un autoscaler d'une charge de travail absente"),
    advice=Text(
        "The autoscaler reports FailedGetScale and scales nothing.",
        "L'autoscaler signale FailedGetScale et ne met rien à l'échelle.",
    ),
)  # fmt: skip
def unknown_target(source: Source, project: Project) -> Iterator[Hit]:
    """A target that no manifest defines, where the manifests beside it define a workload of the kind or of the name."""
    manifests = cluster.of(project)
    renamed = any(k.node.get(key) is not None for k in manifests.kustomizations for key in ("namePrefix", "nameSuffix"))
    for thing in cluster.objects(source, project, *KINDS):
        found = _reference(thing)
        if found is None or found[0] not in SCALED or "$" in found[1].scalar or renamed:
            continue
        kind, node = found
        workloads = manifests.of_kind(*SCALED)
        if any(one.object.name == node.value and one.object.kind == kind for one in workloads):
            continue
        beside = manifests.beside(source.path, workloads)
        other = next((one for one in beside if one.object.name == node.value), None)
        names = [one.object.name for one in beside if one.object.kind == kind]
        near = get_close_matches(str(node.value), names, n=1, cutoff=0.5)
        if other is None and not near and thing.name not in names:
            continue  # its workload may be elsewhere
        meant = other or next(one for one in beside if one.object.name in (near or [thing.name]))
        place = meant.object.get("metadata", "name") or meant.object.node
        yield Hit(
            node.start, node.end,
            Text(
                f"No manifest defines the {kind} {node.value}; there is a {meant.object.kind} {meant.object.name}.",
                f"Aucun manifeste ne définit le {kind} {node.value} ; il y a un {meant.object.kind} {meant.object.name}.",
            ),
            related=(meant.related(place, Text("probably meant", "probablement visé")),),
        )  # fmt: skip


@rule(
    "scaling/two-autoscalers", Severity.ERROR, on="kubernetes", url=KEDA,
    title=Text("Two autoscalers of one workload", "Deux autoscalers sur une même charge de travail"),
    advice=Text(
        "Each corrects the other: the number of pods goes up and down without end. KEDA makes an autoscaler of its own.",
        "Chacun corrige l'autre : le nombre de pods monte et descend sans fin. KEDA crée son propre autoscaler.",
    ),
)  # fmt: skip
def two_autoscalers(source: Source, project: Project) -> Iterator[Hit]:
    """A second HorizontalPodAutoscaler or ScaledObject with the same target, applied with this one."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "HorizontalPodAutoscaler", "ScaledObject"):
        found = _reference(thing)
        if found is None:
            continue
        together = manifests.together(source.path) | {source.path}
        for other in manifests.of_kind("HorizontalPodAutoscaler", "ScaledObject"):
            theirs = _reference(other.object)
            mine = (thing.kind, thing.name) == (other.object.kind, other.object.name)
            if (
                mine
                or theirs is None
                or (theirs[0], theirs[1].value) != (found[0], found[1].value)
                or other.path not in together
            ):
                continue
            yield Hit(
                found[1].start, found[1].end,
                Text(
                    f"{other.object.kind} {other.object.called} scales {found[1].value} too.",
                    f"{other.object.kind} {other.object.called} met aussi {found[1].value} à l'échelle.",
                ),
                related=(other.related(theirs[1], Text("the other one", "l'autre")),),
            )  # fmt: skip


@rule(
    "scaling/vertical-fights-horizontal", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/autoscaling/vertical-pod-autoscale/",
    title=Text("Horizontal and vertical autoscaling of the same resource", "Autoscaling horizontal et vertical sur la même ressource"),
    advice=Text(
        "The vertical one changes the requests of which the horizontal one measures a share: both move for ever. Use another metric, or "
        "updateMode Off.",
        "Le vertical change les requests dont l'horizontal mesure une part : les deux bougent sans fin. Prenez une autre métrique, ou "
        "updateMode Off.",
    ),
)  # fmt: skip
def vertical_fights_horizontal(source: Source, project: Project) -> Iterator[Hit]:
    """A VerticalPodAutoscaler that acts, and a HorizontalPodAutoscaler on CPU or memory, with the same target."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "VerticalPodAutoscaler"):
        found = _reference(thing)
        mode = thing.get("spec", "updatePolicy", "updateMode")
        if found is None or (mode is not None and text_of(mode.value) in ("Off", "false", "Initial")):
            continue
        for other in manifests.of_kind("HorizontalPodAutoscaler"):
            theirs = _reference(other.object)
            metrics = other.object.at("spec", "metrics", default=[]) or []
            resource = any(isinstance(metric, dict) and metric.get("type") == "Resource" for metric in metrics)
            resource = resource or other.object.get("spec", "targetCPUUtilizationPercentage") is not None
            if theirs is None or not resource or (theirs[0], theirs[1].value) != (found[0], found[1].value):
                continue
            yield Hit(
                found[1].start, found[1].end,
                Text(
                    f"HorizontalPodAutoscaler {other.object.called} scales {found[1].value} on its requests.",
                    f"Le HorizontalPodAutoscaler {other.object.called} met {found[1].value} à l'échelle selon ses requests.",
                ),
                related=(other.related(theirs[1], Text("the horizontal one", "l'horizontal")),),
            )  # fmt: skip


@rule(
    "scaling/fixed-range", Severity.WARNING, on="kubernetes", url=HPA,
    title=Text("An autoscaler that cannot scale", "Un autoscaler qui ne peut rien faire"),
    advice=Text(
        "Lowest and highest number are the same: under load nothing is added, though everybody believes so.",
        "Le minimum et le maximum sont égaux : sous la charge, rien n'est ajouté, alors que tout le monde le croit.",
    ),
)  # fmt: skip
def fixed_range(source: Source, project: Project) -> Iterator[Hit]:
    """`minReplicas` equal to `maxReplicas` (or a highest of 1 with the lowest unsaid)."""
    for thing in cluster.objects(source, project, "HorizontalPodAutoscaler", "ScaledObject"):
        keys = (
            ("minReplicas", "maxReplicas")
            if thing.kind == "HorizontalPodAutoscaler"
            else ("minReplicaCount", "maxReplicaCount")
        )
        highest = thing.get("spec", keys[1])
        low = integer(thing.at("spec", keys[0], default=1 if keys[0] == "minReplicas" else 0))
        if highest is not None and integer(highest.value) is not None and highest.value == low:
            yield Hit(
                highest.start, highest.end,
                Text(f"{thing.called} stays at {low}.", f"{thing.called} reste à {low}."),
            )  # fmt: skip


@rule(
    "scaling/zero-on-cpu", Severity.ERROR, on="kubernetes", url="https://keda.sh/docs/latest/scalers/cpu/",
    title=Text("A ScaledObject that cannot come back from zero", "Un ScaledObject qui ne peut pas repartir de zéro"),
    advice=Text(
        "No pod, no CPU to measure: KEDA refuses minReplicaCount 0 where CPU or memory is the only trigger, or stays at zero.",
        "Sans pod, pas de CPU à mesurer : KEDA refuse minReplicaCount 0 quand le CPU ou la mémoire est le seul déclencheur, ou reste à zéro.",
    ),
)  # fmt: skip
def zero_on_cpu(source: Source, project: Project) -> Iterator[Hit]:
    """Only `cpu` and `memory` triggers, and a lowest number of 0, written or by default."""
    for thing in cluster.objects(source, project, "ScaledObject"):
        triggers = thing.get("spec", "triggers")
        types = [text_of(trigger.at("type")) for trigger in triggers.children()] if triggers is not None else []
        lowest = thing.get("spec", "minReplicaCount")
        if not types or not set(types) <= {"cpu", "memory"} or (lowest is not None and lowest.value != 0):
            continue
        place = lowest or triggers
        assert place is not None
        yield Hit(
            place.start, place.end if lowest is not None else place.start + 1,
            Text(
                f"{thing.called} scales on {', '.join(types)} alone and goes down to 0.",
                f"{thing.called} se règle sur {', '.join(types)} seulement et descend à 0.",
            ),
        )  # fmt: skip


@rule(
    "scaling/scaled-database", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/run-application/run-replicated-stateful-application/",
    title=Text("An autoscaler of a database that does not replicate by itself", "Un autoscaler sur une base qui ne se réplique pas d'elle-même"),
    advice=Text(
        "Each new pod is an empty database of its own behind the same Service: reads and writes are spread over copies that do not know "
        "of each other.",
        "Chaque nouveau pod est une base vide à part derrière le même Service : lectures et écritures se répartissent sur des copies qui "
        "s'ignorent.",
    ),
)  # fmt: skip
def scaled_database(source: Source, project: Project) -> Iterator[Hit]:
    """A horizontal autoscaler whose target runs a plain database image."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "HorizontalPodAutoscaler", "ScaledObject"):
        found = _reference(thing)
        targets = [
            one
            for one in manifests.of_kind(*SCALED)
            if found and (one.object.kind, one.object.name) == (found[0], found[1].value)
        ]
        for one in manifests.near(source.path, targets)[:1]:
            image = _database(one)
            if found is None or image is None or one.object.kind == "StatefulSet":
                continue
            yield Hit(
                found[1].start, found[1].end,
                Text(f"{found[1].value} runs {image.value}.", f"{found[1].value} exécute {image.value}."),
                related=(_image(one, image),),
            )  # fmt: skip


def _database(one: Placed) -> Node | None:
    containers = one.object.pod.containers if one.object.pod else ()
    first = containers[0] if containers else None
    return first.node.get("image") if first is not None and of_image(first.image or "") in SINGLE else None


def _image(one: Placed, node: Node) -> Related:
    return one.related(node, Text("the image", "l'image"))


RULES: tuple[Rule, ...] = (
    unknown_target, two_autoscalers, vertical_fights_horizontal, fixed_range, zero_on_cpu, scaled_database,
)  # fmt: skip
