"""Helm charts: their values, their templates as trees, and the objects that they render to with the default values."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import gotemplate, kubernetes, yaml
from devops_orchestrator.formats.gotemplate import Action, Block, Define, Rendered, Renderer
from devops_orchestrator.formats.kubernetes import Object, text_of
from devops_orchestrator.formats.yaml import Node

KUBE_VERSION = "v1.34.0"
RELEASE = "release-name"  # what `helm template` calls it


@dataclass(frozen=True, eq=False)
class Template:
    """A file below `templates/`: its tree, None where it does not read as a template."""

    path: str
    text: str
    actions: tuple[Action, ...] | None


@dataclass(frozen=True, eq=False)
class Made:
    """An object that a template renders to; `rendered` leads back to the template."""

    template: Template
    rendered: Rendered
    object: Object

    def span(self, node: Node) -> tuple[int, int]:
        """Where in the template a node of the object comes from."""
        end = node.end if node.kind == "scalar" else node.start + 1
        return self.rendered.span(node.start, max(end, node.start + 1))


@dataclass(frozen=True, eq=False)
class Chart:
    """One chart of the repository. `folder` is `.` at its root."""

    folder: str
    project: Project

    def _path(self, name: str) -> str:
        return name if self.folder == "." else f"{self.folder}/{name}"

    def _document(self, name: str) -> Node | None:
        text = self.project.repository.read(self._path(name))
        try:
            return next(iter(yaml.parse(text)), None) if text is not None else None
        except ParseError:
            return None

    @cached_property
    def node(self) -> Node | None:
        """Chart.yaml."""
        return self._document("Chart.yaml")

    @property
    def name(self) -> str:
        return text_of(self.node.at("name")) if self.node is not None else ""

    @property
    def library(self) -> bool:
        """Whether it only lends its named templates to other charts."""
        return self.node is not None and self.node.at("type") == "library"

    @property
    def values_path(self) -> str:
        return self._path("values.yaml")

    @cached_property
    def values_node(self) -> Node | None:
        """values.yaml."""
        return self._document("values.yaml")

    @cached_property
    def values(self) -> dict[str, Any] | None:
        """The default values; None where the file is missing or does not parse."""
        if self.values_node is None:
            text = self.project.repository.read(self.values_path)
            try:
                return {} if text is not None and not yaml.parse(text) else None
            except ParseError:
                return None
        found = self.values_node.value
        return found if isinstance(found, dict) else None

    @cached_property
    def dependencies(self) -> tuple[Node, ...]:
        """The entries of `dependencies`, of Chart.yaml or of the former requirements.yaml."""
        found: list[Node] = []
        for document in (self.node, self._document("requirements.yaml")):
            listed = document.get("dependencies") if document is not None else None
            found += listed.children() if listed is not None else ()
        return tuple(found)

    @cached_property
    def subcharts(self) -> frozenset[str]:
        """The top-level keys that hold the values of dependencies: their names and aliases, vendored folders too."""
        names = {text_of(entry.at("alias")) or text_of(entry.at("name")) for entry in self.dependencies}
        start = self._path("charts/")
        vendored = {
            path[len(start) :].split("/")[0] for path in self.project.repository.files if path.startswith(start)
        }
        return frozenset(names | {name.partition(".tgz")[0] for name in vendored} - {""})

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The chart's own templates, those of vendored charts left out."""
        start = self._path("templates/")
        found = []
        for path in self.project.repository.files:
            if path.startswith(start) and path.endswith((".yaml", ".yml", ".tpl", ".txt", ".json")):
                text = self.project.repository.read(path)
                if text is not None:
                    found.append(Template(path, text, _tree(text)))
        return tuple(found)

    def template(self, path: str) -> Template | None:
        """The template of a file."""
        return next((one for one in self.templates if one.path == path), None)

    @cached_property
    def readable(self) -> bool:
        """Whether all templates read as such: else nothing can be said of what none of them does."""
        return all(template.actions is not None for template in self.templates)

    @cached_property
    def names(self) -> dict[str, Define]:
        """The named templates of this chart."""
        return {define.name: define for template in self.templates for define in defines(template.actions or ())}

    @cached_property
    def borrowed(self) -> dict[str, Define]:
        """The named templates of the other charts of the repository."""
        others = [chart for chart in of(self.project) if chart.folder != self.folder]
        return {name: define for chart in others for name, define in chart.names.items()}

    @property
    def complete(self) -> bool:
        """Whether the repository holds every chart that it depends on."""
        here = {chart.name for chart in of(self.project)}
        return all(text_of(entry.at("name")) in here for entry in self.dependencies)

    @property
    def made(self) -> tuple[Made, ...]:
        """The objects that its templates render to by default; what cannot be rendered offline is left out."""
        return self._made[0]

    @property
    def whole(self) -> bool:
        """Whether all of its templates could be rendered, so that what is not in `made` is not in the release."""
        return self._made[1]

    @cached_property
    def _made(self) -> tuple[tuple[Made, ...], bool]:
        if self.values is None or self.library or self.node is None:
            return (), False
        found: list[Made] = []
        whole = self.readable
        for template in self.templates:
            if template.actions is not None and template.path.endswith((".yaml", ".yml")):
                try:
                    found += self._render(template)
                except (gotemplate.Unrenderable, ParseError):
                    whole = False
        return tuple(found), whole

    def _render(self, template: Template) -> list[Made]:
        values = copy.deepcopy(self.values or {})
        values.setdefault("global", {})
        for name in self.subcharts:
            values.setdefault(name, {})
        chart = self.node.value if self.node is not None and isinstance(self.node.value, dict) else {}
        root = {
            "Values": values,
            "Chart": {key[:1].upper() + key[1:]: text_of(value) or value for key, value in chart.items()},
            "Release": {
                "Name": RELEASE, "Namespace": "default", "Service": "Helm", "Revision": 1, "IsInstall": True, "IsUpgrade": False,
            },
            "Capabilities": {
                "KubeVersion": {"Version": KUBE_VERSION, "GitVersion": KUBE_VERSION, "Major": "1", "Minor": "34"},
                "APIVersions": {}, "HelmVersion": {"Version": "v4.0.0"},
            },
            "Files": {},
            "Template": {"Name": template.path, "BasePath": posixpath.dirname(template.path)},
        }  # fmt: skip
        renderer = Renderer({**self.borrowed, **self.names}, root)
        rendered = renderer.render(template.actions or ())
        return [Made(template, rendered, one) for one in kubernetes.objects(rendered.text)]


def defines(actions: tuple[Action, ...] | list[Action]) -> Iterator[Define]:
    """Every named template of a tree."""
    for action in actions:
        if isinstance(action, Define):
            yield action
            yield from defines(action.body)
        elif isinstance(action, Block):
            for _, body in action.branches:
                yield from defines(body)


def _tree(text: str) -> tuple[Action, ...] | None:
    try:
        return tuple(gotemplate.parse(text))
    except gotemplate.Unreadable:
        return None


def of(project: Project) -> tuple[Chart, ...]:
    """The charts of a project."""
    return project.remembered(_build)


def _build(project: Project) -> tuple[Chart, ...]:
    return tuple(Chart(posixpath.dirname(path) or ".", project) for path in project.of_kind("helm-chart"))


def holding(path: str, project: Project) -> Chart | None:
    """The chart that a file belongs to: the nearest one above it."""
    above = posixpath.dirname(path) or "."
    folders = {chart.folder: chart for chart in of(project)}
    while True:
        if above in folders:
            return folders[above]
        if above == ".":
            return None
        above = posixpath.dirname(above) or "."
