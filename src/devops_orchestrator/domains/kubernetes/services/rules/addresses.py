"""The addresses that pods are given: do the Services that they name exist, and on that port?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import Container, Object, text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.project.cluster import Cluster, Placed
from devops_orchestrator.text import Text

_URL = re.compile(
    r"(?:^|[\s,=])(?:(?P<scheme>[a-z][a-z0-9+.:-]*)://)?(?:[^@/\s,]*@)?(?P<host>[a-z][a-z0-9-]*)(?P<rest>(?:\.[a-z0-9-]+)*)(?::(?P<port>\d{2,5}))?(?=[/?,\s]|$)"
)
_DEFAULTS = {"http": 80, "https": 443}
_HOST = re.compile(r"^(?P<stem>\w*?)_?(HOST|HOSTNAME|SERVER|ADDR|ADDRESS|SERVICE)$")


@dataclass(frozen=True)
class Call:
    """A pod is told to call a Service: the node that says so, the host as written, the port where one is said."""

    node: Node
    host: str
    port: int | None
    service: Placed
    candidates: tuple[Placed, ...]


def called(container: Container, manifests: Cluster, path: str) -> Iterator[Call]:
    """The Services of the repository that a container's variables name, with the ports that they are called on."""
    pairs = [(v.name, v.value, v.node.get("value")) for v in container.env]
    yield from _called(
        [(name, value, node) for name, value, node in pairs if value and node is not None], manifests, path
    )


def configured(thing: Object, manifests: Cluster, path: str) -> Iterator[Call]:
    """The same of a ConfigMap whose keys are names of variables."""
    data = thing.get("data") if thing.kind == "ConfigMap" else None
    pairs = [(key.scalar, text_of(node.value), node) for key, node in data.items()] if data is not None else []
    yield from _called(
        [pair for pair in pairs if re.fullmatch(r"[A-Z][A-Z0-9_]*", pair[0]) and "\n" not in pair[1]], manifests, path
    )


def _called(pairs: list[tuple[str, str, Node]], manifests: Cluster, path: str) -> Iterator[Call]:
    services = manifests.services
    values = {name: (value, node) for name, value, node in pairs}
    for name, value, node in pairs:
        if "$(" in value or "{{" in value:
            continue
        for found in _URL.finditer(value):
            host = found["host"]
            if host not in services or (found["rest"] and not _inner(found["rest"], services[host])):
                continue
            port = int(found["port"]) if found["port"] else _DEFAULTS.get((found["scheme"] or "").rpartition(":")[2])
            place = node
            if port is None and not found["scheme"] and value == found[0]:
                stem = _HOST.match(name)
                other = values.get(f"{stem['stem']}_PORT") if stem else None
                if other is not None and other[0].isdigit():
                    port, place = int(other[0]), other[1]
            near = manifests.near(path, services[host])
            yield Call(place, host, port, near[0], tuple(near))


def _inner(rest: str, services: list[Placed]) -> bool:
    """Whether what follows a host makes it a Service's name in the cluster: `.namespace`, `.namespace.svc.cluster.local`."""
    parts = rest.lstrip(".").split(".")
    spaces = {one.object.namespace for one in services}
    return (
        len(parts) == 1
        and (None in spaces or parts[0] in spaces)
        and parts[0] not in ("com", "io", "org", "net", "dev")
    ) or (len(parts) > 1 and parts[1] == "svc")


@rule(
    "services/wrong-port-called", Severity.ERROR, on="kubernetes", url="https://kubernetes.io/docs/concepts/services-networking/service/",
    title=Text("A pod calls a port that the Service does not have", "Un pod appelle un port que le Service n'a pas"),
    advice=Text(
        "The connection is refused or times out: clients call `port` of the Service, whatever `targetPort` is.",
        "La connexion est refusée ou expire : les clients appellent le `port` du Service, quel que soit `targetPort`.",
    ),
)  # fmt: skip
def wrong_port_called(source: Source, project: Project) -> Iterator[Hit]:
    """A variable with `host:port` (or `X_HOST` and `X_PORT`) of a Service of the repository, and a port that it lacks."""
    manifests = cluster.of(project)
    for thing in cluster.objects(source, project):
        for call in configured(thing, manifests, source.path):
            yield from _wrong(call, Text(f"ConfigMap {thing.called}", f"Le ConfigMap {thing.called}"))
        for container in thing.pod.all_containers if thing.pod is not None else ():
            for call in called(container, manifests, source.path):
                yield from _wrong(call, Text(f"Container {container.name}", f"Le conteneur {container.name}"))


def _wrong(call: Call, who: Text) -> Iterator[Hit]:
    ports = [port.number for one in call.candidates for port in one.object.ports if port.number]
    direct = any(
        text_of(one.object.at("spec", "clusterIP")) == "None" or one.object.at("spec", "type") == "ExternalName"
        for one in call.candidates
    )
    if call.port is None or not ports or call.port in ports or direct:
        return  # a headless Service gives the pods' own addresses, an external name another host's
    place = call.service.object.get("spec", "ports") or call.service.object.node
    told = ", ".join(str(number) for number in dict.fromkeys(ports))
    yield Hit(
        call.node.start, call.node.end,
        Text(
            f"{who.en} calls {call.host} on port {call.port}; Service {call.host} has {told}.",
            f"{who.fr} appelle {call.host} sur le port {call.port} ; le Service {call.host} a {told}.",
        ),
        related=(call.service.related(place, Text("the Service's ports", "les ports du Service")),),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (wrong_port_called,)
