"""The routes of ASP.NET Core: minimal APIs and their groups, controllers, health checks, metrics; those of used libraries too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.csharp import (
    CSharp,
    arguments,
    called,
    in_development,
    is_test,
    receiver,
    text_of,
)
from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import Tree

Node = Any
_CHECKS = ("MapHealthChecks", "UseHealthChecks")
_METRICS = {
    "MapMetrics": "prometheus_net_dotnet",
    "UseMetricServer": "prometheus_net_dotnet",
    "MapPrometheusScrapingEndpoint": "aspnetcore_opentelemetry",
    "UseOpenTelemetryPrometheusScrapingEndpoint": "aspnetcore_opentelemetry",
}
_VERBS = {"MapGet": "GET", "Map": "ANY", "MapPost": "POST", "MapMethods": "ANY"}
_EXTENSION = lazy(r"this\s+I?(WebApplication|EndpointRouteBuilder|ApplicationBuilder|RouteGroupBuilder)\b|Controller\b")
_WORTH = lazy(
    r"MapHealthChecks|UseHealthChecks|MapMetrics|UseMetricServer|PrometheusScraping|MapGet|[Hh]ealth|[Pp]ing|[Aa]live|[Rr]eady"
)


class Endpoints:
    """What a project serves. `libraries` are the files of the projects that it is built from."""

    def __init__(self, code: CSharp, libraries: Iterable[str], shared: dict[object, object]) -> None:
        self.tree: Tree = code.tree
        self.code = code
        self.shared = shared
        self.checks: list[Route] = []
        self.routes: list[Route] = []
        self.metrics: list[tuple[str, str, str]] = []  # (path, library, place)
        self._prefixes: dict[str, str] = {}  # method → prefix of the group that it is called on
        borrowed = [source for path in libraries if (source := self._library(path))]
        for source in [*code.sources, *borrowed]:
            self._grouped(source)
        for source in code.sources:
            self._read(source, None)
        known = set(code.named)
        for _ in range(3):  # an extension method calls another one
            more = {name for source in borrowed for method in _methods(source, known) for name in _calls_in(method)}
            if more <= known:
                break
            known |= more
        for source in borrowed:
            self._read(source, known)

    def _library(self, path: str) -> Source | None:
        """A file of a library that may add routes to an application: parsed once for all who use it."""
        if path not in self.shared:
            text = self.tree.text(path) if path.endswith(".cs") and not is_test(path) else None
            worth = text is not None and len(text) < 500_000 and _EXTENSION.search(text) and _WORTH.search(text)
            self.shared[path] = Source(path, text, "csharp") if text is not None and worth else None
        found = self.shared[path]
        return found if isinstance(found, Source) else None

    def _grouped(self, source: Source) -> None:
        for call in source.all("invocation_expression"):
            name = called(call)
            if name.startswith("Map") and name not in _VERBS and name != "MapGroup" and "MapGroup" in receiver(call):
                prefix = self._prefix(source, call)
                if prefix:
                    self._prefixes.setdefault(name, prefix)

    def _read(self, source: Source, known: set[str] | None) -> None:
        """The endpoints of a source; of a library's only those in methods that are called, and its controllers."""
        if known is None:
            calls = source.all("invocation_expression")
        else:
            calls = [
                call for method in _methods(source, known) for call in method.find_all(kind="invocation_expression")
            ]
        for call in calls:
            name = called(call)
            if (name in _CHECKS or name in _METRICS or name in _VERBS) and not in_development(call):
                self._endpoint(source, call, name)
            elif name == "Get" and not receiver(call) and _class(call, r"Endpoint"):  # FastEndpoints
                path = text_of(source, given[0]) if (given := arguments(call)) else None
                if path:
                    self.routes.append(Route(normal(path), source.at(call)))
        self.routes += self._controllers(source)

    def _endpoint(self, source: Source, call: Node, name: str) -> None:
        given = arguments(call)
        texts = [text for argument in given if (text := text_of(source, argument)) is not None]
        if name in _METRICS:
            path = texts[0] if texts and not texts[0].isdigit() else "/metrics"
            if not (name == "UseMetricServer" and any(argument.kind() == "integer_literal" for argument in given)):
                self.metrics.append((normal(self._prefix(source, call), path), _METRICS[name], source.at(call)))
            return
        if not given:
            return
        path_text = text_of(source, given[0])
        if path_text is None:
            return
        route = Route(normal(self._prefix(source, call), path_text), source.at(call), _VERBS.get(name, "GET"))
        (self.checks if name in _CHECKS else self.routes).append(route)

    def _prefix(self, source: Source, call: Node, depth: int = 0) -> str:
        """The prefix of the groups that a call hangs on: `app.MapGroup("/api").MapGet(…)`, or a variable or parameter."""
        function = call.field("function")
        owner = (
            function.field("expression")
            if function is not None and function.kind() == "member_access_expression"
            else None
        )
        while owner is not None and owner.kind() == "invocation_expression" and depth < 10:
            if called(owner) == "MapGroup":
                given = arguments(owner)
                text = text_of(source, given[0]) if given else None
                return normal(self._prefix(source, owner, depth + 1), text or "") if text is not None else ""
            function = owner.field("function")
            owner = (
                function.field("expression")
                if function is not None and function.kind() == "member_access_expression"
                else None
            )
        if owner is None or owner.kind() != "identifier" or depth > 5:
            return ""
        return self._of_variable(source, call, owner.text(), depth)

    def _of_variable(self, source: Source, call: Node, name: str, depth: int) -> str:
        method = _above(call, "method_declaration", "local_function_statement")
        declared = (
            method.find_all(kind="variable_declarator") if method is not None else source.all("variable_declarator")
        )
        for node in declared:
            label = node.field("name") or next(iter(children(node)), None)
            if label is None or label.text() != name:
                continue
            for inner in node.find_all(kind="invocation_expression"):
                if called(inner) == "MapGroup":
                    given = arguments(inner)
                    text = text_of(source, given[0]) if given else None
                    return normal(self._prefix(source, inner, depth + 1), text or "")
        label = method.field("name") if method is not None else None
        parameters = method.field("parameters") if method is not None else None
        first = next(iter(children(parameters)), None)
        if label is not None and first is not None and first.text().endswith(f" {name}"):
            return self._prefixes.get(label.text(), "")
        return ""

    # controllers

    def _controllers(self, source: Source) -> Iterator[Route]:
        for method in source.all("method_declaration"):
            marks = _attributes(method)
            verb = next((name for name in ("HttpGet", "HttpHead") if name in marks), None)
            if verb is None and not ("Route" in marks and not any(name.startswith("Http") for name in marks)):
                continue
            owner = _above(method, "class_declaration")
            if owner is None or not (_attributes(owner) or re.search(r"Controller\b", _bases(owner))):
                continue
            own = marks.get(verb or "") or marks.get("Route") or ""
            place = source.at(method)
            if own.startswith(("/", "~/")):
                yield Route(normal(own.removeprefix("~")), place)
                continue
            prefix = self._class_route(owner)
            name = owner.field("name").text().removesuffix("Controller")
            action = method.field("name").text()
            if not prefix and not own:
                continue
            path = normal(prefix or "", own)
            path = re.sub(r"\[controller\]", name.lower(), path, flags=re.I)
            yield Route(re.sub(r"\[action\]", action.lower(), path, flags=re.I), place)

    def _class_route(self, owner: Node, depth: int = 0) -> str | None:
        """The `[Route]` of a class, or of the class of the component that it derives from."""
        marks = _attributes(owner)
        if "Route" in marks or depth > 3:
            return marks.get("Route")
        for base in re.findall(r"\w+", _bases(owner)):
            for source in [*self.code.sources, *(s for s in self.shared.values() if isinstance(s, Source))]:
                for other in source.all("class_declaration"):
                    if other.field("name").text() == base != owner.field("name").text():
                        return self._class_route(other, depth + 1)
        return None


def _attributes(node: Node) -> dict[str, str]:
    """Attribute → its first string, of a class or method."""
    found: dict[str, str] = {}
    for group in node.children():
        for mark in children(group) if group.kind() == "attribute_list" else ():
            parts = list(children(mark))
            name = parts[0].text().rpartition(".")[2].removesuffix("Attribute") if parts else ""
            text = re.search(r'\(\s*(?:template\s*:\s*|Template\s*=\s*)?@?"([^"]*)"', mark.text())
            found.setdefault(name, text[1] if text else "")
    return found


def _bases(owner: Node) -> str:
    return next((str(child.text()) for child in owner.children() if child.kind() == "base_list"), "")


def _class(node: Node, pattern: str) -> bool:
    owner = _above(node, "class_declaration")
    return owner is not None and bool(re.search(pattern, _bases(owner)))


def _above(node: Node, *kinds: str) -> Node | None:
    above = node.parent()
    while above is not None and above.kind() not in kinds:
        above = above.parent()
    return above


def _methods(source: Source, names: set[str]) -> list[Node]:
    return [node for node in source.all("method_declaration") if node.field("name").text() in names]


def _calls_in(method: Node) -> set[str]:
    return {called(call) for call in method.find_all(kind="invocation_expression")}
