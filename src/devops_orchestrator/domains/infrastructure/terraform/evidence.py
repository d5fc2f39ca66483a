"""What the repository already says of its cloud, its region, its state and its environments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Suggestion
from devops_orchestrator.errors import ParseError
from devops_orchestrator.project.terraform_modules import Module, Place, modules, parsed

_ECR = re.compile(r"\b\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\b")
_ARTIFACT_REGISTRY = re.compile(r"\b([a-z]+-[a-z]+\d+)-docker\.pkg\.dev/([a-z][a-z0-9-]+)/")
_REGION = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d)|[a-z]+-[a-z]+\d+")
_ACTIONS = {
    "aws-actions/": "aws",
    "google-github-actions/": "gcp",
}
_PROVIDERS = {"aws": "aws", "google": "gcp", "google-beta": "gcp"}
_FILES = {
    "cloudbuild.yaml": "gcp",
    "cloudbuild.yml": "gcp",
    "samconfig.toml": "aws",
    "buildspec.yml": "aws",
    "appspec.yml": "aws",
}
_MANIFESTS = ("github-workflow", "gitlab-ci", "kubernetes", "compose", "kustomization", "helm-values")


def suggest(project: Project) -> Mapping[str, Suggestion]:
    """The parameters that the repository answers. A cloud is suggested only where everything points to the same one."""
    found: dict[str, Suggestion] = {}
    signs = [*_module_signs(project), *_values_signs(project), *_manifest_signs(project)]
    clouds = {cloud for cloud, _, _ in signs}
    if len(clouds) == 1:
        found["cloud"] = Suggestion(signs[0][0], signs[0][2])
        regions = {region: evidence for _, region, evidence in reversed(signs) if region}
        if len(regions) == 1:
            region, evidence = next(iter(regions.items()))
            found["region"] = Suggestion(region, evidence)
    if (module := root_module(project)) and (place := module.backend):
        kind = "remote" if place.block.type == "cloud" else place.block.label
        if kind in ("s3", "gcs", "azurerm", "http", "remote", "local"):
            found["backend"] = Suggestion(kind, _at(place))
    if environments := _environments(project):
        found["environments"] = environments
    if project.main is not None:
        found["name"] = Suggestion(label(project.name), "the repository's name")
    return found


def root_module(project: Project) -> Module | None:
    """The root module to work on: the one nearest to the repository's root, its bootstrap aside."""
    roots = [m for folder, m in modules(project).items() if m.root and not folder.endswith("bootstrap")]
    return min(
        roots, key=lambda module: (module.folder.count("/") + (module.folder != "."), module.folder), default=None
    )


def label(name: str) -> str:
    """A name that clouds take: lower-case letters, digits and dashes, beginning with a letter, at most 24 characters."""
    clean = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    clean = clean if clean[:1].isalpha() else f"app-{clean}".rstrip("-")
    return clean[:24].rstrip("-")


def _at(place: Place) -> str:
    return f"{place.path}:{place.document.text.count(chr(10), 0, place.block.start) + 1}"


def _module_signs(project: Project) -> Iterator[tuple[str, str | None, str]]:
    for module in modules(project).values():
        for place in module.blocks("provider"):
            if cloud := _PROVIDERS.get(place.block.label):
                region = place.block.body.constant("region")
                yield cloud, region if isinstance(region, str) else None, _at(place)
        for name, (place, _, _) in module.required_providers.items():
            if cloud := _PROVIDERS.get(name):
                yield cloud, None, _at(place)


def _values_signs(project: Project) -> Iterator[tuple[str, str | None, str]]:
    """Regions in the values of the root module's environments."""
    for path in project.of_kind("terraform-vars"):
        try:
            document = parsed(project.repository.read(path) or "")
        except ParseError:
            continue
        attribute = document.attributes.get("region")
        region = attribute.value.string if attribute else None
        if attribute and region and (found := _REGION.fullmatch(region)):
            line = document.text.count("\n", 0, attribute.start) + 1
            yield "aws" if found[1] else "gcp", region, f"{path}:{line}"


def _manifest_signs(project: Project) -> Iterator[tuple[str, str | None, str]]:
    from devops_orchestrator.formats import yaml

    for path, cloud in _FILES.items():
        if project.repository.has(path):
            yield cloud, None, path
    for path in project.of_kind(*_MANIFESTS):
        text = project.repository.read(path) or ""
        if not any(mark in text for mark in ("amazonaws.com", "pkg.dev", "aws-actions", "google-github-actions")):
            continue
        try:
            documents = yaml.parse(text)
        except ParseError:
            continue
        for document in documents:
            for node in document.walk():
                if node.kind == "scalar" and isinstance(node.value, str):
                    place = f"{path}:{text.count(chr(10), 0, node.start) + 1}"
                    yield from _scalar_signs(node.value, place)
                region = node.get("aws-region") if node.kind == "map" else None
                if region is not None and re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", str(region.value)):
                    yield "aws", str(region.value), f"{path}:{text.count(chr(10), 0, region.start) + 1}"


def _scalar_signs(value: str, place: str) -> Iterator[tuple[str, str | None, str]]:
    if registry := _ECR.search(value):
        yield "aws", registry[1], place
    if registry := _ARTIFACT_REGISTRY.search(value):
        yield "gcp", registry[1], place
    for prefix, cloud in _ACTIONS.items():
        if value.startswith(prefix):
            yield cloud, None, place


def _environments(project: Project) -> Suggestion | None:
    """Environments that have values or overlays of their own."""
    for pattern in ("**/environments/*.tfvars", "**/envs/*.tfvars"):
        if paths := project.repository.glob(pattern):
            names = tuple(label(PurePosixPath(path).stem) for path in paths)
            return Suggestion(names, paths[0])
    overlays = project.repository.glob("**/overlays/*/kustomization.y*ml")
    if len(overlays) > 1:
        names = tuple(dict.fromkeys(label(path.split("/")[-2]) for path in overlays))
        # The least exposed first: what a plan is tried on before production.
        return Suggestion(tuple(sorted(names, key=lambda name: (name.startswith("prod"), name))), overlays[0])
    return None
