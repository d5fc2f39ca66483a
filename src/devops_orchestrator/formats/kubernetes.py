"""Kubernetes manifests: objects, pod templates, containers, probes and ports as typed views over YAML nodes.

Nothing here has an opinion: a view says what is written and where. A field that is not written, or is of another type
than Kubernetes wants, is None or empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node

# kind → where its pod template (a map with `metadata` and `spec`) is.
POD_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Rollout": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
WORKLOADS = tuple(POD_TEMPLATES)
LONG_RUNNING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout")
HANDLERS = ("httpGet", "tcpSocket", "grpc", "exec")


def text_of(value: object) -> str:
    """A scalar as the text that Kubernetes would read; empty for anything that is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def texts(node: Node | None) -> dict[str, str]:
    """A map of scalars (labels, a selector, `data`); entries of another shape are left out."""
    if node is None or not isinstance(node.value, dict):
        return {}
    return {str(key): text_of(value) for key, value in node.value.items() if isinstance(value, str | int | float)}


def integer(value: object) -> int | None:
    """A whole number, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True, eq=False)
class Port:
    """An entry of `ports:`, of a container or of a Service."""

    node: Node

    @property
    def number(self) -> int | None:
        """`containerPort`, or `port` of a Service."""
        found = integer(self.node.at("containerPort"))
        return found if found is not None else integer(self.node.at("port"))

    @property
    def name(self) -> str:
        return text_of(self.node.at("name"))

    @property
    def target(self) -> int | str | None:
        """`targetPort` of a Service: a number, a port's name, or `port` where it is not written."""
        found = self.node.at("targetPort")
        return found if isinstance(found, int | str) and not isinstance(found, bool) else self.number


@dataclass(frozen=True, eq=False)
class Probe:
    """A probe, or a lifecycle handler. `name` is its key (`livenessProbe`…)."""

    name: str
    key: Node
    node: Node

    @property
    def handler(self) -> str | None:
        """`httpGet`, `tcpSocket`, `grpc`, `exec`, or None."""
        return next((name for name in HANDLERS if self.node.pair(name)), None)

    @property
    def path(self) -> str | None:
        """The path of an `httpGet` (`/` where it is not written)."""
        if self.handler != "httpGet":
            return None
        return text_of(self.node.at("httpGet", "path")) or "/"

    @property
    def port(self) -> int | str | None:
        found = self.node.at(self.handler or "", "port")
        return found if isinstance(found, int | str) and not isinstance(found, bool) else None

    @property
    def port_node(self) -> Node | None:
        return self.node.get(self.handler or "", "port")


@dataclass(frozen=True, eq=False)
class Variable:
    """An entry of `env:`."""

    node: Node

    @property
    def name(self) -> str:
        return text_of(self.node.at("name"))

    @property
    def value(self) -> str | None:
        """The value written in the manifest; None for a reference."""
        node = self.node.get("value")
        return None if node is None else text_of(node.value)


@dataclass(frozen=True, eq=False)
class Reference:
    """A name that points at a ConfigMap, a Secret, a claim or a service account; `key` where one key is read."""

    kind: str
    name: str
    key: str | None
    optional: bool
    node: Node


@dataclass(frozen=True, eq=False)
class Container:
    """A container of a pod template; `role` is `containers`, `initContainers` or `ephemeralContainers`."""

    node: Node
    role: str

    @property
    def name(self) -> str:
        return text_of(self.node.at("name"))

    @property
    def image(self) -> str | None:
        found = self.node.at("image")
        return found if isinstance(found, str) else None

    @property
    def sidecar(self) -> bool:
        """An init container that keeps running beside the others."""
        return self.role == "initContainers" and self.node.at("restartPolicy") == "Always"

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        return tuple(Port(child) for child in _children(self.node, "ports"))

    def probe(self, name: str) -> Probe | None:
        """`livenessProbe`, `readinessProbe` or `startupProbe`."""
        pair = self.node.pair(name)
        return Probe(name, pair[0], pair[1]) if pair and pair[1].kind == "map" else None

    @property
    def probes(self) -> tuple[Probe, ...]:
        """The probes that are there, in the order in which they are written."""
        names = ("startupProbe", "readinessProbe", "livenessProbe")
        return tuple(Probe(k.value, k, v) for k, v in self.node.items() if k.value in names and v.kind == "map")

    @cached_property
    def env(self) -> tuple[Variable, ...]:
        return tuple(Variable(child) for child in _children(self.node, "env"))

    @cached_property
    def mounts(self) -> dict[str, Node]:
        """mount path → its entry."""
        return {text_of(child.at("mountPath")): child for child in _children(self.node, "volumeMounts")}

    def security(self, *path: str, default: Any = None) -> Any:
        """A value of the container's `securityContext`."""
        return self.node.at("securityContext", *path, default=default)


@dataclass(frozen=True, eq=False)
class PodTemplate:
    """A map with `metadata` and `spec` from which pods are made."""

    node: Node

    @property
    def spec(self) -> Node | None:
        return self.node.get("spec")

    @cached_property
    def labels(self) -> dict[str, str]:
        return texts(self.node.get("metadata", "labels"))

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """Those that make up the pod: `containers`, in order."""
        return self._of("containers")

    @cached_property
    def all_containers(self) -> tuple[Container, ...]:
        """The init containers, then the containers."""
        return self._of("initContainers") + self.containers

    def _of(self, role: str) -> tuple[Container, ...]:
        spec = self.spec
        return tuple(Container(child, role) for child in _children(spec, role)) if spec else ()

    @cached_property
    def volumes(self) -> dict[str, Node]:
        """name → the volume's entry."""
        spec = self.spec
        return {text_of(child.at("name")): child for child in _children(spec, "volumes")} if spec else {}

    def at(self, *path: str, default: Any = None) -> Any:
        """A value of the pod's `spec`."""
        return self.node.at("spec", *path, default=default)

    def references(self) -> Iterator[Reference]:
        """Every ConfigMap, Secret and claim that the pod reads, with its place."""
        for container in self.all_containers:
            for source in _children(container.node, "envFrom"):
                yield from _reference(source.get("configMapRef"), "ConfigMap")
                yield from _reference(source.get("secretRef"), "Secret")
            for variable in container.env:
                yield from _reference(variable.node.get("valueFrom", "configMapKeyRef"), "ConfigMap")
                yield from _reference(variable.node.get("valueFrom", "secretKeyRef"), "Secret")
        for volume in self.volumes.values():
            yield from _reference(volume.get("configMap"), "ConfigMap")
            yield from _reference(volume.get("secret"), "Secret", "secretName")
            yield from _reference(volume.get("persistentVolumeClaim"), "PersistentVolumeClaim", "claimName")
            for source in _children(volume.get("projected"), "sources"):
                yield from _reference(source.get("configMap"), "ConfigMap")
                yield from _reference(source.get("secret"), "Secret")


@dataclass(frozen=True, eq=False)
class Object:
    """One Kubernetes object. Offsets of its nodes are those of the whole file."""

    node: Node

    @property
    def start(self) -> int:
        return self.node.start

    @property
    def end(self) -> int:
        return self.node.end

    @cached_property
    def api_version(self) -> str:
        return text_of(self.node.at("apiVersion"))

    @cached_property
    def group(self) -> str:
        """The API group, empty for the core one."""
        return self.api_version.rpartition("/")[0]

    @cached_property
    def kind(self) -> str:
        return text_of(self.node.at("kind"))

    @cached_property
    def name(self) -> str:
        """`metadata.name`; empty where it is not written (`generateName`)."""
        return text_of(self.node.at("metadata", "name"))

    @property
    def called(self) -> str:
        """How a sentence names it: its name, or what its name begins with."""
        return self.name or text_of(self.node.at("metadata", "generateName")) or self.kind

    @cached_property
    def namespace(self) -> str | None:
        return text_of(self.node.at("metadata", "namespace")) or None

    @cached_property
    def labels(self) -> dict[str, str]:
        return texts(self.node.get("metadata", "labels"))

    @property
    def annotations(self) -> dict[str, str]:
        return texts(self.node.get("metadata", "annotations"))

    def at(self, *path: str | int, default: Any = None) -> Any:
        """The plain value at a path, or `default`."""
        return self.node.at(*path, default=default)

    def get(self, *path: str | int) -> Node | None:
        """The node at a path, or None."""
        return self.node.get(*path)

    @cached_property
    def pod(self) -> PodTemplate | None:
        """The pod template of a workload; None for every other kind."""
        path = POD_TEMPLATES.get(self.kind)
        if path is None or (self.kind == "Rollout" and self.group != "argoproj.io"):
            return None
        node = self.node.get(*path)
        return PodTemplate(node) if node is not None and node.kind == "map" else None

    @cached_property
    def selector(self) -> dict[str, str]:
        """The labels that a workload, a Service or a PodDisruptionBudget selects by; expressions are not in it."""
        if self.kind in ("Service", "ReplicationController"):
            return texts(self.node.get("spec", "selector"))
        return texts(self.node.get("spec", "selector", "matchLabels"))

    @property
    def replicas(self) -> int | None:
        return integer(self.node.at("spec", "replicas"))

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        """The ports of a Service."""
        return tuple(Port(child) for child in _children(self.node.get("spec"), "ports"))

    @property
    def keys(self) -> frozenset[str] | None:
        """The keys that a ConfigMap or a Secret defines; None for another kind."""
        if self.kind not in ("ConfigMap", "Secret"):
            return None
        parts = (self.node.at(part) for part in ("data", "binaryData", "stringData"))
        return frozenset(str(key) for part in parts if isinstance(part, dict) for key in part)


def objects(text: str) -> list[Object]:
    """The Kubernetes objects of a manifest, the entries of a `List` one by one; other documents are left out.

    Raises ParseError where the text is not YAML.
    """
    found: list[Object] = []
    stack = list(reversed(yaml.parse(text)))
    while stack:
        node = stack.pop()
        if node.kind != "map" or not text_of(node.at("kind")) or not text_of(node.at("apiVersion")):
            continue
        items = node.get("items")
        if text_of(node.at("kind")).endswith("List") and items is not None and items.kind == "list":
            stack.extend(reversed(list(items.children())))
        else:
            found.append(Object(node))
    return found


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Whether an equality selector picks these labels; an empty one picks nothing."""
    return bool(selector) and all(labels.get(key) == value for key, value in selector.items())


def undeclared(ports: Sequence[Port], declared: Sequence[Port]) -> bool:
    """Whether the numbers that a Service aims at may be ports that its pods listen on and do not declare.

    They need not declare any: only a Service that meets none of them, or one odd port on each side, is a contradiction.
    """
    numbers = {value for port in declared for value in (port.number, port.name) if value}
    aimed = [port.target for port in ports]
    met = [target for target in aimed if target in numbers]
    left = [port for port in declared if port.number not in aimed and port.name not in aimed]
    return bool(met) and not (len(aimed) - len(met) == 1 and len(left) == 1)


def _children(node: Node | None, key: str) -> tuple[Node, ...]:
    """The maps in the list `key` of a map."""
    found = node.get(key) if node is not None else None
    return tuple(child for child in found.children() if child.kind == "map") if found is not None else ()


def _reference(node: Node | None, kind: str, name: str = "name") -> Iterator[Reference]:
    if node is None or not text_of(node.at(name)):
        return
    place = node.get(name)
    assert place is not None
    key = text_of(node.at("key")) or None
    yield Reference(kind, text_of(node.at(name)), key, node.at("optional") is True, place)
