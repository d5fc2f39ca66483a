"""The ports of Services: names, numbers of nodes, databases that anybody reaches."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import integer
from devops_orchestrator.project import cluster
from devops_orchestrator.project.services import of_image
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/services-networking/service/"
# Backing services that nobody outside of the cluster should reach.
INNER = (
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "memcached",
    "elasticsearch",
    "rabbitmq",
    "kafka",
    "clickhouse",
)


@rule(
    "services/unnamed-port", Severity.ERROR, on="kubernetes", url=DOCS + "#multi-port-services",
    title=Text("A Service of several ports with one that has no name", "Un Service à plusieurs ports dont l'un n'a pas de nom"),
    advice=Text(
        "The API refuses the Service: spec.ports[].name: Required value.",
        "L'API refuse le Service : spec.ports[].name: Required value.",
    ),
)  # fmt: skip
def unnamed_port(source: Source, project: Project) -> Iterator[Hit]:
    """More than one port, and one without a name or with the name of another."""
    for thing in cluster.objects(source, project, "Service"):
        seen: set[str] = set()
        for port in thing.ports if len(thing.ports) > 1 and not thing.group else ():
            node = port.node.get("port")
            if node is None or (port.name and port.name not in seen):
                seen.add(port.name)
                continue
            told = (
                Text(f"repeats the name {port.name}", f"reprend le nom {port.name}")
                if port.name
                else Text("has no name", "n'a pas de nom")
            )
            yield Hit(
                node.start, node.end,
                Text(f"Port {node.value} of Service {thing.called} {told.en}.", f"Le port {node.value} du Service {thing.called} {told.fr}."),
            )  # fmt: skip


@rule(
    "services/node-port-range", Severity.ERROR, on="kubernetes", url=DOCS + "#type-nodeport",
    title=Text("A node port outside of the range", "Un nodePort hors de la plage"),
    advice=Text(
        "The API refuses the Service unless the cluster was started with another --service-node-port-range.",
        "L'API refuse le Service, sauf si le cluster a été démarré avec un autre --service-node-port-range.",
    ),
)  # fmt: skip
def node_port_range(source: Source, project: Project) -> Iterator[Hit]:
    """`nodePort` below 30000 or above 32767."""
    for thing in cluster.objects(source, project, "Service"):
        for port in thing.ports:
            node = port.node.get("nodePort")
            number = integer(node.value) if node is not None else None
            if node is not None and number and not 30000 <= number <= 32767:
                yield Hit(
                    node.start, node.end,
                    Text(f"{number} is not between 30000 and 32767.", f"{number} n'est pas entre 30000 et 32767."),
                )  # fmt: skip


@rule(
    "services/exposed-database", Severity.WARNING, on="kubernetes", url=DOCS + "#publishing-services-service-types",
    title=Text("A database that is reached from outside of the cluster", "Une base de données joignable depuis l'extérieur du cluster"),
    advice=Text(
        "Its password alone stands between everybody on that network and the data. ClusterIP serves the application; "
        "`kubectl port-forward` serves people.",
        "Seul son mot de passe sépare les données de quiconque est sur ce réseau. ClusterIP suffit à l'application ; "
        "`kubectl port-forward` suffit aux personnes.",
    ),
)  # fmt: skip
def exposed_database(source: Source, project: Project) -> Iterator[Hit]:
    """A Service of type NodePort or LoadBalancer that selects pods of a database's image."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project, "Service"):
        node = thing.get("spec", "type")
        if (
            node is None
            or node.value not in ("NodePort", "LoadBalancer")
            or thing.at("spec", "loadBalancerSourceRanges")
        ):
            continue
        if any("internal" in key or "internal" in value.lower() for key, value in thing.annotations.items()):
            continue
        for workload in manifests.near(source.path, manifests.selected(thing.selector, thing.namespace)):
            containers = workload.object.pod.containers if workload.object.pod else ()
            found = next(((c, kind) for c in containers if (kind := of_image(c.image or "")) in INNER), None)
            image = found[0].node.get("image") if found else None
            if found is None or image is None or len(containers) > 2:
                continue
            yield Hit(
                node.start, node.end,
                Text(
                    f"Service {thing.called} is a {node.value} and selects pods of {found[1]}.",
                    f"Le Service {thing.called} est un {node.value} et sélectionne des pods {found[1]}.",
                ),
                related=(workload.related(image, Text("the image", "l'image")),),
            )  # fmt: skip
            break


RULES: tuple[Rule, ...] = (unnamed_port, node_port_range, exposed_database)
