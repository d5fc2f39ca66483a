"""The image names of a repository: what CI pushes, what compose builds, what the host's registry would be called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node

PLACEHOLDER = "registry.example.com"  # reserved by RFC 2606: it can never be somebody's registry
UNSET = "unset"  # a tag that no build makes: a forgotten one fails at the pull, with this word in the message
_EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
_SHELL = re.compile(r"\$\{?(\w+)\}?")
_PUSH = re.compile(r"\b(?:docker|podman|buildah|nerdctl)\s+(?:image\s+)?push\s+(?:-\S+\s+)*[\"']?([^\s\"';&|]+)")
_DESTINATION = re.compile(r"--destination[= ][\"']?([^\s\"';&|]+)")


@dataclass(frozen=True)
class Image:
    """An image reference split up: `name` is everything before the tag or digest."""

    name: str
    tag: str | None = None
    digest: str | None = None

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Named:
    """An image name that a file of the repository gives, with its place and the build context where it says one."""

    name: str
    file: str
    line: int
    context: str | None = None
    pushed: bool = True

    @property
    def evidence(self) -> str:
        return f"{self.file}:{self.line}"


def split(reference: str) -> Image:
    """`ghcr.io/acme/shop:1.2` → name and tag; the port of a registry is not a tag."""
    rest, _, digest = reference.partition("@")
    head, colon, tag = rest.rpartition(":")
    if colon and "/" not in tag:
        return Image(head, tag or None, digest or None)
    return Image(rest, None, digest or None)


def named(project: Project) -> list[Named]:
    """Every image name that CI pushes or compose builds, in the order of the files."""
    found: list[Named] = []
    for path in project.of_kind("github-workflow", "gitlab-ci", "compose"):
        text = project.repository.read(path)
        if text is None:
            continue
        try:
            documents = yaml.parse(text)
        except ParseError:
            continue
        lines = Lines(text)
        for document in documents:
            read = _compose if "services" in dict(_pairs(document)) else _ci
            for reference, offset, context in read(document, project):
                name = split(reference).name.lower()
                if re.fullmatch(r"[\w.-]+(:\d+)?(/[\w.-]+)*", name):
                    pushed = read is _ci
                    found.append(Named(name, path, lines.place(offset)[0], context, pushed))
    return list(dict.fromkeys(found))


def of_component(component: Component, project: Project, name: str) -> tuple[str, str]:
    """(image name without tag, evidence) of a component: CI and compose first, then the host's registry."""
    candidates = named(project)
    alone = len(project.deployable) <= 1
    for one in candidates:
        folder = (one.context or "").strip("./") or "."
        last = one.name.rsplit("/", 1)[-1]
        mine = folder == component.path if one.context and not alone else False
        if mine or last in (name, component.name) or last.endswith(f"-{component.name}") or (alone and one.pushed):
            return one.name, one.evidence
    slug = (project.vcs.slug or "").lower()
    suffix = "" if alone else f"/{name}"
    if project.vcs.host == "github" and slug:
        return f"ghcr.io/{slug}{suffix}", "convention: the repository's GitHub Container Registry"
    if project.vcs.host == "gitlab" and slug:
        return f"registry.gitlab.com/{slug}{suffix}", "convention: the repository's GitLab registry"
    return f"{PLACEHOLDER}/{name}", "convention: placeholder registry"


def _pairs(node: Node) -> Iterator[tuple[str, Node]]:
    for key, value in node.items():
        yield str(key.value), value


def _compose(document: Node, project: Project) -> Iterator[tuple[str, int, str | None]]:
    services = document.get("services")
    for _, service in services.items() if services else ():
        image, build = service.get("image"), service.get("build")
        if image is None or build is None or not isinstance(image.value, str):
            continue
        context = build.value if isinstance(build.value, str) else build.at("context", default=".")
        reference = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", image.value)
        if "$" not in reference.partition(":")[0]:
            yield re.sub(r":\$.*$", "", reference), image.start, str(context)


def _ci(document: Node, project: Project) -> Iterator[tuple[str, int, str | None]]:
    slug = (project.vcs.slug or "").lower()
    known = _environment(document, slug)
    for node in document.walk():
        uses = node.at("uses")
        if isinstance(uses, str) and uses.startswith("docker/metadata-action"):
            yield from _lines_of(node.get("with", "images"), known, None)
        elif isinstance(uses, str) and uses.startswith("docker/build-push-action"):
            context = node.at("with", "context")
            yield from _lines_of(node.get("with", "tags"), known, context if isinstance(context, str) else None)
        elif node.kind == "scalar" and isinstance(node.value, str):
            for push in (*_PUSH.finditer(node.value), *_DESTINATION.finditer(node.value)):
                reference = _filled(push[1], known)
                if reference:
                    yield reference, node.start, None


def _lines_of(node: Node | None, known: dict[str, str], context: str | None) -> Iterator[tuple[str, int, str | None]]:
    if node is None or not isinstance(node.value, str):
        return
    for entry in re.split(r"[\n,]", node.value):
        word = entry.strip().removeprefix("name=")
        if word and not word.startswith(("type=", "#")) and (reference := _filled(word, known)):
            yield reference, node.start, context


def _environment(document: Node, slug: str) -> dict[str, str]:
    """What the expressions of a CI file stand for, as far as the repository tells."""
    owner, _, short = slug.partition("/")
    known = {
        "github.repository": slug, "github.repository_owner": owner, "github.event.repository.name": short,
        "CI_REGISTRY_IMAGE": f"registry.gitlab.com/{slug}", "CI_REGISTRY": "registry.gitlab.com",
        "CI_PROJECT_PATH": slug, "GITHUB_REPOSITORY": slug,
    } if slug else {}  # fmt: skip
    for node in document.walk():
        for part in ("env", "variables"):
            values = node.at(part)
            for key, value in values.items() if isinstance(values, dict) else ():
                if isinstance(value, str) and (full := _filled(value, known)):
                    known.setdefault(f"env.{key}", full)
                    known.setdefault(str(key), full)
    return known


def _filled(reference: str, known: dict[str, str]) -> str | None:
    """A reference with its expressions filled; its tag may stay unknown, its name may not."""
    text = _EXPRESSION.sub(lambda found: known.get(found[1], "\0"), reference)
    text = _SHELL.sub(lambda found: known.get(found[1], "\0"), text)
    name, _, _ = text.partition(":") if text.count(":") else (text, "", "")
    return None if "\0" in name or not name else text.replace("\0", "x")
