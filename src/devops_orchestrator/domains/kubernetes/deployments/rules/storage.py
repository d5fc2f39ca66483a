"""Volumes: mounts of nothing, data that goes with the pod, one disk for several pods."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.domains.kubernetes.deployments.rules.index import Index
from devops_orchestrator.formats.kubernetes import Container, Object, text_of
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project.services import of_image
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/storage/"
# Backing services that keep data; a cache may lose it.
KEEPING = ("postgresql", "mysql", "mariadb", "mongodb", "elasticsearch", "minio", "clickhouse")
PASSING = ("/tmp", "/run", "/var/run", "/dev", "/var/log")  # noqa: S108 - mount paths of sockets and scratch files
# Those whose one instance writes to its disk: a second pod is a second database.
SINGLE = ("postgresql", "mysql", "mariadb", "mongodb")


@rule(
    "deployments/unknown-volume", Severity.ERROR, on="kubernetes", url=DOCS + "volumes/",
    title=Text("A mount of a volume that the pod does not have", "Un montage d'un volume que le pod n'a pas"),
    advice=Text(
        "The API refuses the object: volumeMounts[].name: Not found.",
        "L'API refuse l'objet : volumeMounts[].name: Not found.",
    ),
)  # fmt: skip
def unknown_volume(source: Source, project: Project) -> Iterator[Hit]:
    """A `volumeMounts` entry whose name is neither among `volumes` nor the claim templates of a StatefulSet."""
    for one in index.objects(source, project):
        if one.pod is None:
            continue
        templates = one.at("spec", "volumeClaimTemplates", default=[]) or []
        claimed = {text_of((t.get("metadata") or {}).get("name")) for t in templates if isinstance(t, dict)}
        known = {*one.pod.volumes, *claimed} - {""}
        for container in one.pod.all_containers:
            for mount in container.mounts.values():
                node = mount.get("name")
                if node is None or not text_of(node.value) or text_of(node.value) in known or "$" in node.scalar:
                    continue
                told = ", ".join(sorted(known)) or "-"
                yield Hit(
                    node.start, node.end,
                    Text(
                        f"{one.kind} {one.called} has no volume {node.value}; it has {told}.",
                        f"{one.kind} {one.called} n'a pas de volume {node.value} ; ses volumes : {told}.",
                    ),
                )  # fmt: skip


@rule(
    "deployments/database-without-disk", Severity.WARNING, on="kubernetes", url=DOCS + "persistent-volumes/",
    title=Text("A database whose data goes with its pod", "Une base de données dont les données disparaissent avec le pod"),
    advice=Text(
        "An emptyDir, or the container's own layer, is deleted with the pod: the next node upgrade or release empties the database.",
        "Un emptyDir, ou la couche du conteneur, est supprimé avec le pod : la prochaine mise à jour de nœud ou livraison vide la base.",
    ),
)  # fmt: skip
def database_without_disk(source: Source, project: Project) -> Iterator[Hit]:
    """A database's image in a long-running workload, all of whose writable volumes are emptyDirs, or that has none."""
    for one, container in index.containers(
        source, project, "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"
    ):
        service = of_image(container.image or "")
        spec = one.get("spec")
        if service not in KEEPING or one.pod is None or spec is None or spec.get("volumeClaimTemplates") is not None:
            continue
        mounted = [
            (mount, one.pod.volumes.get(text_of(mount.at("name"))))
            for path, mount in container.mounts.items()
            if not path.startswith(PASSING)
        ]
        if any(volume is None or not _lost(volume) for _, volume in mounted if not _read_only(volume)):
            continue
        empty = next(
            (mount for mount, volume in mounted if volume is not None and volume.get("emptyDir") is not None), None
        )
        node = empty.get("name") if empty is not None else container.node.get("image")
        if node is None:
            continue
        where = (
            Text("on an emptyDir", "sur un emptyDir")
            if empty is not None
            else Text("in the container itself", "dans le conteneur même")
        )
        yield Hit(
            node.start, node.end,
            Text(
                f"{one.kind} {one.called} keeps its {service} data {where.en}.",
                f"{one.kind} {one.called} garde ses données {service} {where.fr}.",
            ),
        )  # fmt: skip


def _lost(volume: Node) -> bool:
    return volume.get("emptyDir") is not None


def _read_only(volume: Node | None) -> bool:
    """Whether a volume brings configuration and takes no data."""
    return volume is not None and any(
        volume.get(key) is not None for key in ("configMap", "secret", "projected", "downwardAPI")
    )


@rule(
    "deployments/shared-disk", Severity.WARNING, on="kubernetes", url=DOCS + "persistent-volumes/#access-modes",
    title=Text("Several pods on a disk of one node", "Plusieurs pods sur un disque attaché à un seul nœud"),
    advice=Text(
        "A ReadWriteOnce volume is attached to one node: the second pod hangs in ContainerCreating (Multi-Attach error), or two "
        "databases write the same files.",
        "Un volume ReadWriteOnce est attaché à un seul nœud : le deuxième pod reste en ContainerCreating (Multi-Attach error), ou deux "
        "bases écrivent dans les mêmes fichiers.",
    ),
)  # fmt: skip
def shared_disk(source: Source, project: Project) -> Iterator[Hit]:
    """A Deployment of several replicas, by itself or through an autoscaler, that mounts a ReadWriteOnce claim."""
    manifests = index.of(project)
    for one in index.objects(source, project):
        if one.kind != "Deployment" or one.pod is None:
            continue
        several = _several(one, source, manifests)
        if several is None:
            continue
        for volume in one.pod.volumes.values():
            node = volume.get("persistentVolumeClaim", "claimName")
            claims = [
                c
                for c in manifests.of_kind("PersistentVolumeClaim")
                if node is not None and c.object.name == node.value
            ]
            claim = next(iter(manifests.near(source.path, claims)), None)
            modes = claim.object.get("spec", "accessModes") if claim is not None else None
            if (
                node is None
                or claim is None
                or modes is None
                or not set(modes.value or ()) <= {"ReadWriteOnce", "ReadWriteOncePod"}
            ):
                continue
            yield Hit(
                node.start, node.end,
                Text(
                    f"Deployment {one.called} runs {several[0]} pods; the claim {node.value} is {modes.value[0] if modes.value else '-'}.",
                    f"Le Deployment {one.called} fait tourner {several[0]} pods ; le claim {node.value} est en {modes.value[0] if modes.value else '-'}.",
                ),
                related=(claim.related(modes, Text("its access mode", "son mode d'accès")), several[1]),
            )  # fmt: skip


def _several(one: Object, source: Source, manifests: Index) -> tuple[int, Related] | None:
    """(how many pods a Deployment may have at once, where that is said), if more than one."""
    node = one.get("spec", "replicas")
    if node is not None and isinstance(node.value, int) and node.value > 1:
        told = Text("so many replicas", "autant de réplicas")
        return node.value, Related(source.path, Lines(node.text).place(node.start)[0], told)
    for scaler in manifests.of_kind("HorizontalPodAutoscaler"):
        if (
            scaler.object.at("spec", "scaleTargetRef", "name") == one.name
            and scaler.object.at("spec", "scaleTargetRef", "kind") == one.kind
        ):
            most = scaler.object.get("spec", "maxReplicas")
            if most is not None and isinstance(most.value, int) and most.value > 1:
                return most.value, scaler.related(
                    most, Text("an autoscaler adds pods", "un autoscaler ajoute des pods")
                )
    return None


@rule(
    "deployments/replicated-database", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/run-application/run-replicated-stateful-application/",
    title=Text("Several pods of a database that does not replicate", "Plusieurs pods d'une base qui ne se réplique pas"),
    advice=Text(
        "Each pod is a database of its own behind one Service: what one connection writes the next does not find. An operator or a managed "
        "service replicates.",
        "Chaque pod est une base à part derrière un même Service : ce qu'une connexion écrit, la suivante ne le trouve pas. Un opérateur ou un "
        "service managé réplique.",
    ),
)  # fmt: skip
def replicated_database(source: Source, project: Project) -> Iterator[Hit]:
    """A Deployment of more than one pod of a plain database image."""
    for one, container in index.containers(source, project, "Deployment", "ReplicaSet", "ReplicationController"):
        node = one.get("spec", "replicas")
        service = of_image(container.image or "")
        if (
            node is None
            or not isinstance(node.value, int)
            or node.value < 2
            or service not in SINGLE
            or not _plain(container)
        ):
            continue
        spec = one.get("spec")
        place = spans.entry(spec, "replicas") if spec is not None else (node.start, node.end)
        yield Hit(
            *place,
            Text(
                f"{one.kind} {one.called} runs {node.value} separate {service} databases.",
                f"{one.kind} {one.called} fait tourner {node.value} bases {service} séparées.",
            ),
        )  # fmt: skip


def _plain(container: Container) -> bool:
    """Whether a database starts as its image does: a command of its own may replicate."""
    names = {variable.name.upper() for variable in container.env}
    return container.node.pair("command") is None and not any("REPL" in name or "CLUSTER" in name for name in names)


RULES = (unknown_volume, database_without_disk, shared_disk, replicated_database)
