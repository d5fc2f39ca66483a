"""What splits the traffic: an Ingress, the Gateway API, Istio, or nothing but the number of pods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import ceil, floor, gcd

from devops_orchestrator.domains.deployment.strategies.kustomize import Manifest
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.formats.yaml import Node


@dataclass(frozen=True, eq=False)
class Router:
    """An object that sends traffic to the Service. `kind`: `nginx`, `gateway-api` or `istio`; `backends` is its list."""

    kind: str
    manifest: Manifest
    backends: Node | None = None
    pointer: str = ""  # JSON pointer of `backends`


def find(target: Target) -> Router | None:
    """The object that can split the traffic of the target's Service, or None."""
    service = target.service.object.name if target.service else None
    if service is None:
        return None
    for manifest in target.of_kind("HTTPRoute"):
        found = _entry(manifest, ("spec", "rules"), "backendRefs", service)
        if found:
            return Router("gateway-api", manifest, *found)
    for manifest in target.of_kind("VirtualService"):
        found = _entry(manifest, ("spec", "http"), "route", service)
        if found:
            return Router("istio", manifest, *found)
    for manifest in target.of_kind("Ingress"):
        if is_nginx(manifest) and service in ingress_backends(manifest):
            return Router("nginx", manifest)
    return None


def _entry(manifest: Manifest, path: tuple[str, str], key: str, service: str) -> tuple[Node, str] | None:
    rules = manifest.object.get(*path)
    for index, rule in enumerate(rules.children() if rules is not None else ()):
        backends = rule.get(key)
        names = [_host(entry) for entry in backends.children()] if backends is not None else []
        if backends is not None and names == [service]:
            return backends, "/" + "/".join((*path, str(index), key))
    return None


def _host(entry: Node) -> str:
    name = entry.at("name") or entry.at("destination", "host") or ""
    return str(name).split(".")[0]


def is_nginx(manifest: Manifest) -> bool:
    """Whether an Ingress belongs to ingress-nginx."""
    item = manifest.object
    named = item.at("spec", "ingressClassName") or item.annotations.get("kubernetes.io/ingress.class")
    return named == "nginx" or any(key.startswith("nginx.ingress.kubernetes.io/") for key in item.annotations)


def ingress_backends(manifest: Manifest) -> list[str]:
    """The Services that an Ingress sends traffic to."""
    spec = manifest.object.get("spec")
    found: list[str] = []
    for node in spec.walk() if spec is not None else ():
        name = node.at("service", "name") if node.kind == "map" else None
        if isinstance(name, str):
            found.append(name)
    return found


def reached(replicas: int, weight: int, surge: bool = True) -> int:
    """The share (percent, rounded) that `weight` becomes when pods alone split the traffic.

    It is the computation of Argo Rollouts: the nearest of the counts around the wanted one, with one pod more where a
    surge is allowed, and never zero canary pods.
    """
    options: list[tuple[int, int]] = []
    low, high = floor(replicas * weight / 100), ceil(replicas * weight / 100)
    zero = weight in (0, 100)
    if high < replicas or zero:
        options.append((high, replicas))
    if low or zero:
        options.append((low, replicas))
    if surge:
        options.append((high, replicas + 1))
        if low or zero:
            options.append((low, replicas + 1))
    options = [option for option in options if option[1] > 0]
    if not options:
        return 0
    canary, total = min(options, key=lambda option: abs(option[0] * 100 / option[1] - weight))
    return round(canary * 100 / total)


def replicas_for(weights: tuple[int, ...]) -> int:
    """The number of pods with which every weight is exact."""
    return 100 // reduce(gcd, (*weights, 100))
