"""Requests and limits."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import sizing
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
MEASURE = Text(
    "The values are a first guess: correct them with `kubectl top pod` after a day of real traffic.",
    "Les valeurs sont une première estimation : corrigez-les avec `kubectl top pod` après une journée de trafic réel.",
)


def _place(node: Node) -> tuple[int, int]:
    return spans.entry(node, "resources") if node.pair("resources") else spans.head(node)


@rule(
    "deployments/missing-requests", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("No CPU or memory request", "Pas de request CPU ou mémoire"),
    advice=Text(
        "The scheduler counts the pod as nothing and fills nodes beyond what they have; such pods are evicted first.",
        "L'ordonnanceur compte ce pod pour rien et surcharge les nœuds ; ces pods sont évincés les premiers.",
    ),
)  # fmt: skip
def missing_requests(source: Source, project: Project) -> Iterator[Hit]:
    """A container without a CPU or memory request (a memory limit counts as one)."""
    for workload, container in index.containers(source, project):
        resources = container.node.value.get("resources") or {}
        parts = [resources.get(key) for key in ("limits", "requests")] if isinstance(resources, dict) else []
        given = {name for part in parts if isinstance(part, dict) for name in part}
        missing = [name for name in ("cpu", "memory") if name not in given]
        if not missing:
            continue
        size = sizing.of(index.of(project).component(workload, container))
        block = "\n".join(f"{name}: {size.cpu if name == 'cpu' else size.memory}" for name in missing)
        edits = _requests(source, container.node, block)
        fix = (
            Fix(edits, safe=False, title=Text("Add requests", "Ajouter les requests"), needs=MEASURE) if edits else None
        )
        told = Text(" and ".join(missing), " ni ".join("CPU" if name == "cpu" else "mémoire" for name in missing))
        yield Hit(
            *_place(container.node),
            Text(
                f"Container {container.name} has no {told.en} request.",
                f"Le conteneur {container.name} n'a pas de request {told.fr}.",
            ),
            fix,
        )


def _requests(source: Source, node: Node, block: str) -> tuple[Edit, ...]:
    resources = node.get("resources")
    if resources is None or not resources.value:
        indented = "\n".join(f"    {line}" for line in block.split("\n"))
        if resources is None:
            return spans.put(source, node, f"resources:\n  requests:\n{indented}", "image")
        pad = newline(node.text) + " " * (node.column + 2)
        lines = block.split("\n")
        return (
            source.edit(
                resources.start, resources.end, pad + "requests:" + "".join(f"{pad}  {line}" for line in lines)
            ),
        )
    return spans.put_below(source, resources, "requests", block)


@rule(
    "deployments/missing-memory-limit", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("No memory limit", "Pas de limite de mémoire"),
    advice=Text(
        "A leak takes the memory of the whole node, and the kernel then kills neighbours that did nothing wrong.",
        "Une fuite prend la mémoire de tout le nœud, et le noyau tue alors des voisins qui n'y sont pour rien.",
    ),
)  # fmt: skip
def missing_memory_limit(source: Source, project: Project) -> Iterator[Hit]:
    """A container without a memory limit."""
    for _, container in index.containers(source, project):
        if container.node.at("resources", "limits", "memory") is not None:
            continue
        resources = container.node.get("resources")
        request = text_of(container.node.at("resources", "requests", "memory"))
        edits = spans.put_below(source, resources, "limits", f"memory: {request}") if resources and request else ()
        fix = Fix(
            edits, safe=False, title=Text(f"Limit memory to {request}", f"Limiter la mémoire à {request}"),
            needs=Text(
                f"The container must do with {request}: one that needs more is killed (OOMKilled).",
                f"Le conteneur doit se contenter de {request} : au-delà il est tué (OOMKilled).",
            ),
        ) if edits else None  # fmt: skip
        yield Hit(
            *_place(container.node),
            Text(
                f"Container {container.name} has no memory limit.",
                f"Le conteneur {container.name} n'a pas de limite de mémoire.",
            ),
            fix,
        )


RULES = (missing_requests, missing_memory_limit)
