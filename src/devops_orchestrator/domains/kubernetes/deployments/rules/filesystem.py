"""A read-only root file system and the paths that the process writes to."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import container as containers
from devops_orchestrator.domains.kubernetes.deployments import images, sizing
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.domains.kubernetes.deployments.sizing import Writable
from devops_orchestrator.formats.kubernetes import Container, PodTemplate
from devops_orchestrator.text import Text


@rule(
    "deployments/unwritable-path", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    title=Text("The process writes to a read-only path", "Le processus écrit dans un chemin en lecture seule"),
    advice=Text(
        "With readOnlyRootFilesystem every write outside a volume fails (Read-only file system), most often at the start.",
        "Avec readOnlyRootFilesystem, toute écriture hors d'un volume échoue (Read-only file system), le plus souvent au démarrage.",
    ),
)  # fmt: skip
def unwritable_path(source: Source, project: Project) -> Iterator[Hit]:
    """readOnlyRootFilesystem without a volume where the framework or the server is known to write."""
    for workload, container in index.containers(source, project):
        pod = workload.pod
        node = container.node.get("securityContext", "readOnlyRootFilesystem")
        if pod is None or node is None or node.value is not True:
            continue
        component = index.of(project).component(workload, container)
        missing = [one for one in _written(component, container, project) if not _mounted(one.path, container)]
        if not missing:
            continue
        names = ", ".join(one.path for one in missing)
        yield Hit(
            node.start, node.end,
            Text(
                f"Container {container.name} writes to {names}, which no volume covers.",
                f"Le conteneur {container.name} écrit dans {names}, qu'aucun volume ne couvre.",
            ),
            _fix(source, pod, container, missing),
        )  # fmt: skip


def _written(component: Component | None, container: Container, project: Project) -> tuple[Writable, ...]:
    """Only paths without which the process fails; a cache that stays empty is no defect."""
    image = images.split(container.image or "")
    if image.short == "nginx" and component is None:
        return (Writable("nginx-cache", "/var/cache/nginx", ""), Writable("run", "/var/run", ""))
    if component is None:
        return ()
    found = sizing.writable(component, containers.read(component, project))
    certain = component.framework in ("laravel", "spring-boot", "nextjs") or component.depends_on("gunicorn")
    return found if certain or (component.kind == "static" and containers.dockerfile_of(component, project)) else ()


def _mounted(path: str, container: Container) -> bool:
    """Whether a volume is mounted at a path or above it; /run and /var/run are one folder."""
    same = {path, path.replace("/var/run", "/run")}
    return any(
        one == mount or one.startswith(mount.rstrip("/") + "/") for one in same for mount in container.mounts if mount
    )


def _fix(source: Source, pod: PodTemplate, container: Container, missing: list[Writable]) -> Fix | None:
    spec = pod.spec
    fresh = {one.volume: one for one in missing if one.volume not in pod.volumes}
    if spec is None or len(fresh) != len({one.volume for one in missing}):
        return None
    mounts = [
        f"- name: {one.volume}\n  mountPath: {one.path}" + (f"\n  subPath: {one.below}" if one.below else "")
        for one in missing
    ]
    volumes = [f"- name: {name}\n  emptyDir:\n    sizeLimit: {one.limit}" for name, one in fresh.items()]
    edits = (*_append(source, container.node, "volumeMounts", mounts), *_append(source, spec, "volumes", volumes))
    return Fix(
        edits, safe=False, title=Text("Mount an emptyDir there", "Y monter un emptyDir"),
        needs=Text("What is written there must not have to outlive the pod.", "Ce qui y est écrit ne doit pas avoir à survivre au pod."),
    ) if len(edits) == 2 else None  # fmt: skip


def _append(source: Source, node: object, key: str, items: list[str]) -> tuple[Edit, ...]:
    from devops_orchestrator.formats import yaml
    from devops_orchestrator.formats.yaml import Node

    assert isinstance(node, Node)
    listed = node.get(key)
    if listed is None:
        block = "\n".join("  " + line for item in items for line in item.split("\n"))
        return spans.put(source, node, f"{key}:\n{block}")
    if listed.kind != "list" or listed.flow or not list(listed.children()):
        return ()
    changes = [yaml.append_item(listed, item.removeprefix("- ").replace("\n  ", "\n")) for item in items]
    start, end, _ = changes[0]
    return (source.edit(start, end, "".join(change[2] for change in changes)),)


RULES = (unwritable_path,)
