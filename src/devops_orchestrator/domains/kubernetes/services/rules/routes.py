"""Traffic that reaches nobody, or that anybody can read: Ingress and Gateway routes against the Services of the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.text import Text

LOCAL = (".local", ".localhost", ".test", ".internal", ".lan", ".home.arpa", ".nip.io", ".sslip.io", ".example")
INGRESS = "https://kubernetes.io/docs/concepts/services-networking/ingress/"


@dataclass(frozen=True)
class Backend:
    """A Service that a route names, with the node of its name and of its port."""

    service: str
    name: Node
    port: int | str | None
    port_node: Node | None


def _backends(thing: Object) -> Iterator[Backend]:
    if thing.kind == "Ingress":
        places = [thing.get("spec", "defaultBackend")]
        rules = thing.get("spec", "rules")
        for entry in rules.children() if rules else ():
            paths = entry.get("http", "paths")
            places += [path.get("backend") for path in paths.children()] if paths else []
        for place in places:
            service = place.get("service") if place else None
            name = service.get("name") if service else None
            if service and name:
                port = service.get("port", "number") or service.get("port", "name")
                yield Backend(str(name.value), name, port.value if port else None, port)
    elif thing.kind in ("HTTPRoute", "GRPCRoute"):
        rules = thing.get("spec", "rules")
        for entry in rules.children() if rules else ():
            references = entry.get("backendRefs")
            for reference in references.children() if references else ():
                name, port = reference.get("name"), reference.get("port")
                if name and reference.at("kind", default="Service") == "Service":
                    yield Backend(str(name.value), name, port.value if port else None, port)


@rule(
    "services/unknown-backend", Severity.WARNING, on="kubernetes", url=INGRESS,
    title=Text("A route to a Service that is not there", "Une route vers un Service absent"),
    advice=Text(
        "The controller answers 503 on this route until a Service of that name is in the namespace.",
        "Le contrôleur répond 503 sur cette route tant qu'aucun Service de ce nom n'existe dans le namespace.",
    ),
)  # fmt: skip
def unknown_backend(source: Source, project: Project) -> Iterator[Hit]:
    """A backend whose Service no manifest declares, in a repository that declares Services."""
    services = cluster.of(project).services
    if not services:
        return  # they are elsewhere (a chart, another repository): not verified
    for thing in cluster.objects(source, project):
        for backend in _backends(thing):
            if backend.service not in services:
                known = ", ".join(sorted(services))
                yield Hit(
                    backend.name.start, backend.name.end,
                    Text(
                        f"{thing.kind} {thing.name} sends to Service {backend.service}; the manifests declare {known}.",
                        f"{thing.kind} {thing.name} envoie vers le Service {backend.service} ; les manifestes déclarent {known}.",
                    ),
                )  # fmt: skip


@rule(
    "services/unknown-backend-port", Severity.ERROR, on="kubernetes", url=INGRESS,
    title=Text("A route to a port that the Service has not", "Une route vers un port que le Service n'a pas"),
    advice=Text(
        "The Service exists but not with this port: the controller has no endpoint and answers 503.",
        "Le Service existe, mais pas avec ce port : le contrôleur n'a aucun endpoint et répond 503.",
    ),
)  # fmt: skip
def unknown_backend_port(source: Source, project: Project) -> Iterator[Hit]:
    """A backend port (number or name) that none of the Services of that name has."""
    services = cluster.of(project).services
    for thing in cluster.objects(source, project):
        for backend in _backends(thing):
            declared = services.get(backend.service)
            if not declared or not isinstance(backend.port, int | str) or backend.port_node is None:
                continue
            declared = cluster.of(project).near(source.path, declared)
            ports = {
                value for one in declared for port in one.object.ports for value in (port.number, port.name) if value
            }
            if backend.port not in ports:
                told = ", ".join(str(value) for value in sorted(ports, key=str))
                yield Hit(
                    backend.port_node.start, backend.port_node.end,
                    Text(
                        f"Service {backend.service} has no port {backend.port}; it has {told}.",
                        f"Le Service {backend.service} n'a pas de port {backend.port} ; il a {told}.",
                    ),
                    related=(declared[0].related(declared[0].object.node, Text("the Service", "le Service")),),
                )  # fmt: skip


@rule(
    "services/ingress-without-tls", Severity.WARNING, on="kubernetes", url=INGRESS + "#tls",
    title=Text("A host that is served without TLS", "Un nom d'hôte servi sans TLS"),
    advice=Text(
        "Passwords and cookies of this host travel in clear text. With cert-manager, a `tls` entry and one annotation are enough.",
        "Les mots de passe et les cookies de cet hôte circulent en clair. Avec cert-manager, une entrée `tls` et une annotation suffisent.",
    ),
)  # fmt: skip
def ingress_without_tls(source: Source, project: Project) -> Iterator[Hit]:
    """An Ingress rule with a host that no `tls` entry covers; local names are left alone."""
    for thing in cluster.objects(source, project):
        if thing.kind != "Ingress" or _tls_elsewhere(thing):
            continue
        covered = {
            str(host) for entry in thing.at("spec", "tls", default=[]) or [] if isinstance(entry, dict)
            for host in entry.get("hosts") or []
        }  # fmt: skip
        rules = thing.get("spec", "rules")
        for entry in rules.children() if rules else ():
            host = entry.get("host")
            if host is None or not host.value or str(host.value).endswith(LOCAL) or "." not in str(host.value):
                continue
            wildcard = "*." + str(host.value).partition(".")[2]
            if host.value not in covered and wildcard not in covered:
                yield Hit(
                    host.start, host.end,
                    Text(f"{host.value} has no TLS entry.", f"{host.value} n'a pas d'entrée TLS."),
                )  # fmt: skip


def _tls_elsewhere(thing: Object) -> bool:
    """Whether a cloud's load balancer, or a wildcard certificate of the controller, ends TLS: annotations say so."""
    names = (
        "certificate-arn",
        "managed-certificates",
        "pre-shared-cert",
        "ssl-cert",
        "tls-acme",
        "router.tls",
        "appgw-ssl-certificate",
    )
    if any(name in key for key in thing.annotations for name in names):
        return True
    tls = thing.get("spec", "tls")
    return tls is not None and any(entry.get("hosts") is None for entry in tls.children())


@rule(
    "services/open-load-balancer", Severity.INFO, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer",
    title=Text("A load balancer that is open to everybody", "Un répartiteur de charge ouvert à tous"),
    advice=Text(
        "Everybody on the network in front of it reaches the port. `loadBalancerSourceRanges` names who may; leave it out on purpose only.",
        "Tout le réseau situé devant lui atteint ce port. `loadBalancerSourceRanges` nomme qui en a le droit ; ne l'omettez que sciemment.",
    ),
)  # fmt: skip
def open_load_balancer(source: Source, project: Project) -> Iterator[Hit]:
    """A Service of type LoadBalancer without source ranges, for a port that is not 80 or 443."""
    for thing in cluster.objects(source, project):
        if (
            thing.kind != "Service"
            or thing.at("spec", "type") != "LoadBalancer"
            or thing.at("spec", "loadBalancerSourceRanges")
        ):
            continue
        odd = [port.number for port in thing.ports if port.number not in (80, 443)]
        node = thing.get("spec", "type")
        if odd and node is not None:
            told = ", ".join(str(number) for number in odd)
            yield Hit(
                node.start, node.end,
                Text(f"Service {thing.name} opens {told} to everybody.", f"Le Service {thing.name} ouvre {told} à tous."),
            )  # fmt: skip


@rule(
    "services/rewrite-without-group", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.github.io/ingress-nginx/examples/rewrite/",
    title=Text("A rewrite to a group that the path does not have", "Une réécriture vers un groupe que le chemin n'a pas"),
    advice=Text(
        "`$1` and `$2` stand for the groups of the path. Without the group every request reaches the same address, `/` mostly.",
        "`$1` et `$2` désignent les groupes du chemin. Sans ce groupe, toute requête arrive à la même adresse, le plus souvent `/`.",
    ),
)  # fmt: skip
def rewrite_without_group(source: Source, project: Project) -> Iterator[Hit]:
    """The annotation rewrite-target of ingress-nginx with `$n`, and a path with fewer groups."""
    for thing in cluster.objects(source, project, "Ingress"):
        annotations = thing.get("metadata", "annotations")
        node = annotations.get("nginx.ingress.kubernetes.io/rewrite-target") if annotations is not None else None
        wanted = (
            max((int(number) for number in re.findall(r"\$(\d)", node.scalar)), default=0) if node is not None else 0
        )
        rules = thing.get("spec", "rules")
        for entry in rules.children() if rules is not None and node is not None and wanted else ():
            paths = entry.get("http", "paths")
            for path in paths.children() if paths is not None else ():
                place = path.get("path")
                groups = len(re.findall(r"(?<!\\)\((?!\?)", place.scalar)) if place is not None else 0
                if place is None or node is None or groups >= wanted:
                    continue
                yield Hit(
                    place.start, place.end,
                    Text(
                        f"{place.scalar} has {groups} group(s); rewrite-target is {node.scalar}.",
                        f"{place.scalar} a {groups} groupe(s) ; rewrite-target vaut {node.scalar}.",
                    ),
                    related=(Related(source.path, source.lines.place(node.start)[0], Text("the rewrite", "la réécriture")),),
                )  # fmt: skip


RULES: tuple[Rule, ...] = (
    unknown_backend,
    unknown_backend_port,
    ingress_without_tls,
    open_load_balancer,
    rewrite_without_group,
)
