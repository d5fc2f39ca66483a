"""Objects that are defined twice, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.project import cluster
from devops_orchestrator.text import Text


@rule(
    "config/duplicate-object", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
    title=Text("One object is defined twice", "Un même objet est défini deux fois"),
    advice=Text(
        "kustomize refuses to build (may not add resource with an already registered id); `kubectl apply` keeps whichever comes last.",
        "kustomize refuse de construire (may not add resource with an already registered id) ; `kubectl apply` garde celui qui vient en dernier.",
    ),
)  # fmt: skip
def duplicate_object(source: Source, project: Project) -> Iterator[Hit]:
    """The same kind, name and namespace twice in a file, or in two files that one kustomization lists."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project):
        node = thing.get("metadata", "name")
        if node is None or not thing.name or "$" in thing.name or "{{" in thing.name:
            continue
        for other in manifests.called.get((thing.group, thing.kind, thing.name, thing.namespace), ()):
            first = (other.path, other.object.start) < (source.path, thing.start)
            if not first or (other.path != source.path and not _together(source.path, other.path, manifests)):
                continue
            place = other.object.get("metadata", "name") or other.object.node
            yield Hit(
                node.start, node.end,
                Text(
                    f"{thing.kind} {thing.name} is already defined in {other.path}.",
                    f"{thing.kind} {thing.name} est déjà défini dans {other.path}.",
                ),
                related=(other.related(place, Text("defined here too", "défini ici aussi")),),
            )  # fmt: skip
            break


def _together(path: str, other: str, manifests: cluster.Cluster) -> bool:
    """Whether one kustomization lists both files itself."""
    for one in manifests.kustomizations:
        listed = {one.resolve(entry) for entry, _ in one.entries("resources")}
        if path in listed and other in listed:
            return True
    return False


@rule(
    "config/unknown-claim", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes",
    title=Text("A volume claim that no manifest defines", "Un claim de volume qu'aucun manifeste ne définit"),
    advice=Text(
        "The pod stays Pending: persistentvolumeclaim not found.",
        "Le pod reste Pending : persistentvolumeclaim not found.",
    ),
)  # fmt: skip
def unknown_claim(source: Source, project: Project) -> Iterator[Hit]:
    """A `claimName` without its PersistentVolumeClaim, where the manifests applied with it define others that nobody mounts."""
    manifests = cluster.of(project)
    claims = manifests.of_kind("PersistentVolumeClaim")
    known = {one.object.name for one in claims}
    mounted = {
        text_of(volume.at("persistentVolumeClaim", "claimName"))
        for one in manifests.workloads if one.object.pod for volume in one.object.pod.volumes.values()
    }  # fmt: skip
    for thing in cluster.objects(source, project):
        for volume in thing.pod.volumes.values() if thing.pod is not None else ():
            node = volume.get("persistentVolumeClaim", "claimName")
            if node is None or node.scalar in known or "$" in node.scalar or manifests.foreign_kinds:
                continue
            free = [one for one in manifests.near(source.path, claims) if one.object.name not in mounted]
            if not free:
                continue  # it may be made elsewhere, by hand or for good
            place = free[0].object.get("metadata", "name") or free[0].object.node
            yield Hit(
                node.start, node.end,
                Text(
                    f"No manifest defines the claim {node.value}; {free[0].object.name} is defined and nobody mounts it.",
                    f"Aucun manifeste ne définit le claim {node.value} ; {free[0].object.name} est défini et personne ne le monte.",
                ),
                related=(free[0].related(place, Text("probably meant", "probablement visé")),),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (duplicate_object, unknown_claim)
