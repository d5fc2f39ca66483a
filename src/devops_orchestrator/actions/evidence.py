"""What a decision brief tells of a repository beyond its components: clouds, environments, ways back; each with its place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import hcl, kubernetes
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text, same

# Terraform's name of a provider → the cloud.
PROVIDERS = {
    "aws": "AWS", "google": "Google Cloud", "google-beta": "Google Cloud", "azurerm": "Azure", "scaleway": "Scaleway",
    "ovh": "OVHcloud", "outscale": "Outscale", "openstack": "OpenStack", "hcloud": "Hetzner", "digitalocean": "DigitalOcean",
}  # fmt: skip
# A package that speaks to one cloud alone → the cloud.
PACKAGES = (
    (re.compile(r"boto3|aiobotocore|aws-sdk|@aws-sdk/.+|.*/aws-sdk-go(-v2)?(/.*)?|software\.amazon\.awssdk.*"), "AWS"),
    (re.compile(r"google-cloud-.+|@google-cloud/.+|cloud\.google\.com/go(/.*)?|com\.google\.cloud.*"), "Google Cloud"),
    (re.compile(r"azure-.+|@azure/.+|.*/azure-sdk-for-go(/.*)?|com\.azure.*"), "Azure"),
)
REGISTRIES = (
    (re.compile(r"\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com/"), "AWS"),
    (re.compile(r"[\w-]+-docker\.pkg\.dev/|([\w-]+\.)?gcr\.io/"), "Google Cloud"),
    (re.compile(r"[\w-]+\.azurecr\.io/"), "Azure"),
    (re.compile(r"rg\.[\w-]+\.scw\.cloud/"), "Scaleway"),
)
# Folders whose subfolders are environments.
PARENTS = ("overlays", "environments", "envs", "clusters")


def clouds(project: Project) -> dict[str, str]:
    """cloud → the first place that shows it."""
    found: dict[str, str] = {}
    for path in project.of_kind("terraform"):
        for name, line in _providers(project.repository.read(path) or ""):
            if name in PROVIDERS:
                found.setdefault(PROVIDERS[name], f"{path}:{line}")
    for component in project.components:
        for package in component.dependencies:
            for pattern, cloud in PACKAGES:
                if pattern.fullmatch(package):
                    found.setdefault(cloud, f"{package}, {component.manifest or component.path}")
    for path, item in _objects(project):
        for container in item.pod.all_containers if item.pod else ():
            for pattern, cloud in REGISTRIES:
                node = container.node.get("image")
                if node is not None and pattern.match(container.image or ""):
                    found.setdefault(cloud, f"{path}:{Lines(node.text).place(node.start)[0]}")
    return found


def _providers(text: str) -> Iterator[tuple[str, int]]:
    """(provider, line) of a Terraform file; nothing where it does not parse."""
    try:
        document = hcl.parse(text)
    except ParseError:
        return
    lines = Lines(text)
    for block in document.blocks("provider"):
        yield block.label, lines.place(block.start)[0]
    for block in document.blocks("terraform"):
        for required in block.body.blocks("required_providers"):
            for name in required.body.attributes:
                yield name, lines.place(required.start)[0]


def environments(project: Project) -> dict[str, str]:
    """environment → the file that makes it one: an overlay, a folder of a cluster, a tfvars file."""
    found: dict[str, str] = {}
    for path in project.of_kind("kustomization", "kubernetes", "terraform"):
        parts = path.split("/")
        for parent, name in pairwise(parts[:-1]):
            if parent in PARENTS:
                found.setdefault(name, path)
    for path in project.of_kind("terraform-vars"):
        stem = posixpath.basename(path).removesuffix(".tfvars").removesuffix(".auto")
        if stem != "terraform":
            found.setdefault(stem, path)
    return dict(sorted(found.items()))


def ways_back(project: Project) -> Iterator[tuple[Text, str]]:
    """(what takes a bad version back or stops it, where) as manifests show it."""
    first: dict[str, str] = {}
    for path, item in _objects(project):
        first.setdefault(item.kind if item.group != "kustomize.toolkit.fluxcd.io" else "", path)
        template = item.pod
        if template and any(container.probe("readinessProbe") for container in template.containers):
            first.setdefault("readinessProbe", path)
    for kind, told in (
        ("Rollout", Text("progressive delivery (Rollout)", "livraison progressive (Rollout)")),
        ("Canary", Text("progressive delivery (Canary)", "livraison progressive (Canary)")),
        ("readinessProbe", Text("readiness probe", "sonde readiness")),
        ("PodDisruptionBudget", same("PodDisruptionBudget")),
    ):
        if kind in first:
            yield told, first[kind]


def _objects(project: Project) -> Iterator[tuple[str, Object]]:
    for path in project.of_kind("kubernetes"):
        try:
            for item in kubernetes.objects(project.repository.read(path) or ""):
                yield path, item
        except ParseError:
            continue
