"""Elixir code: endpoints and their ports, routes of Phoenix and Plug, health plugs, environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.elixir_values import (
    VARIABLE,
    arguments,
    calls,
    evaluate,
    in_development,
    is_module,
    keyword,
    name_of,
    scopes,
)
from devops_orchestrator.project.code.facts import Read, Route, Value, normal
from devops_orchestrator.project.code.syntax import Source, Sources, children, unquote
from devops_orchestrator.project.tree import Tree

Node = Any
_WORDS = lazy(
    r"System\.|\bget[ (]|forward|port:|request_path|path_info|\bplug |Endpoint|Bandit|Plug\.Cowboy|use Plug\.Router|"
    r"env!\(|PlugExporter|Prometheus|_env\(|\{:system,"
)
_VERBS = {"get": "GET", "head": "HEAD", "match": "ANY", "forward": "ANY", "live": "GET"}
_SERVERS = ("Bandit", "Plug.Cowboy")
_SERVER = lazy(r"Bandit|Plug\.Cowboy")
# What the operating system says of itself, not of the application.
_SYSTEM = frozenset(
    [
        "HOME",
        "PATH",
        "USER",
        "PWD",
        "SHELL",
        "LANG",
        "TERM",
        "TMPDIR",
        "APPDATA",
        "LOCALAPPDATA",
        "USERPROFILE",
        "XDG_CONFIG_HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "MIX_ENV",
        "CI",
    ]
)
_PORT = lazy(r"(PORT|HTTP_PORT|LISTEN_PORT|\w*_HTTP_PORT)")


def is_test(path: str) -> bool:
    """Whether a file is of tests, or of configuration for them."""
    return "/test/" in f"/{path}" or path.endswith(("_test.exs", "/test.exs"))


def _first(path: str) -> int:
    names = (
        "runtime.exs",
        "releases.exs",
        "prod.exs",
        "config.exs",
        "endpoint.ex",
        "router.ex",
        "application.ex",
        "dev.exs",
    )
    name = path.rpartition("/")[2]
    return names.index(name) if name in names else len(names)


class Elixir(Sources):
    """The sources of one application. `app` tells its own configuration from that of others in an umbrella."""

    def __init__(self, tree: Tree, files: Iterable[str], app: str | None) -> None:
        super().__init__(tree, files, {".ex": "elixir", ".exs": "elixir"}, _WORDS, is_test, _first)
        self.app = app

    @property
    def production(self) -> list[Source]:
        """Without what only development reads."""
        return [
            s for s in self.sources if not re.search(r"(^|/)(dev|local|hex)\.exs$|/mix/tasks/|(^|/)mix\.exs$", s.path)
        ]

    @cached_property
    def endpoint(self) -> str | None:
        """Where an endpoint of Phoenix is, or None."""
        for source in self.sources:
            for call in calls(source, "use"):
                if (given := arguments(call)) and given[0].text() == "Phoenix.Endpoint":
                    return source.at(call)
        return None

    @cached_property
    def servers(self) -> list[tuple[Value, str]]:
        """(port, place) of each `{Bandit, plug: …, port: …}` and `Plug.Cowboy.child_spec(…)` that the code starts."""
        found: list[tuple[Value, str]] = []
        for source in self.production:
            for node in source.all("tuple", "call") if _SERVER.search(source.text) else ():
                parts = list(children(node))
                if node.kind() == "tuple":
                    started = bool(parts) and parts[0].text() in _SERVERS
                else:
                    started = bool(parts) and parts[0].text() in (
                        "Plug.Cowboy.child_spec",
                        "Plug.Cowboy.http",
                        "Bandit.start_link",
                        "Bandit.child_spec",
                    )
                if started:
                    port = keyword(node, "port")
                    found.append(
                        (
                            evaluate(source, port) if port is not None else Value(),
                            source.at(port if port is not None else node),
                        )
                    )
        return found

    def ports(self, *names: str) -> list[tuple[Value, str]]:
        """The `http: [port: …]` of the endpoint in these configuration files, else the variable `PORT` that they read."""
        found: list[tuple[Value, str]] = []
        for source in self.sources:
            if source.path.rpartition("/")[2] not in names:
                continue
            mine = list(self._of_endpoint(source))
            if not mine and source.path.endswith(("runtime.exs", "releases.exs")):
                mine = list(self._of_variable(source))
            found += mine
        return found

    def _of_endpoint(self, source: Source) -> Iterator[tuple[Value, str]]:
        for call in calls(source, "config"):
            given = arguments(call)
            if len(given) < 2 or not re.search(
                r"Endpoint\b", call.text().partition(",")[2].partition("\n")[0] + given[1].text()
            ):
                continue
            if self.app and given[0].text() != f":{self.app}":
                continue
            http = keyword(call, "http")
            port = keyword(http, "port") if http is not None else None
            if port is not None:
                value = evaluate(source, port)
                if value.port or value.variable:
                    yield value, source.at(port)

    def _of_variable(self, source: Source) -> Iterator[tuple[Value, str]]:
        for call in calls(source, "System.get_env"):
            value = evaluate(source, call)
            if value.variable and _PORT.fullmatch(value.variable):
                above = call.parent()
                while (
                    above is not None
                    and above.kind() in ("arguments", "call", "binary_operator")
                    and above.text().count("\n") < 3
                ):
                    outer = evaluate(source, above) if above.kind() != "arguments" else value
                    value = outer if outer.port and outer.variable == value.variable else value
                    above = above.parent()
                yield value, source.at(call)

    @cached_property
    def reads(self) -> list[Read]:
        """`System.get_env`, `System.fetch_env!`; required where it raises without a value."""
        found: list[Read] = []
        for source in self.production:
            for call in calls(source, "System.get_env", "System.fetch_env!", "System.fetch_env"):
                name = name_of(call)
                given = arguments(call)
                key = unquote(given[0].text()) if given else None
                if not key or key in _SYSTEM or not VARIABLE.fullmatch(key):
                    continue
                above = call.parent()
                raises = (
                    above is not None
                    and above.kind() == "binary_operator"
                    and bool(re.search(r"\|\|\s*raise\b", above.text()))
                )
                found.append(Read(key, source.at(call), name == "System.fetch_env!" or raises))
        return found

    @cached_property
    def routes(self) -> list[Route]:
        """Routes under their scopes, plugs that answer a path by themselves."""
        found: list[Route] = []
        forwards = list(self._forwards())
        for source in self.production:
            prefix = next((at for to, at, by in forwards if by != source.path and is_module(source, to)), "")
            router = any(
                re.search(r"Phoenix\.Router|Plug\.Router|:router\b", call.text().partition("\n")[0])
                for call in calls(source, "use")
            )
            for call in calls(source, "plug", *_VERBS):
                name, given = name_of(call), arguments(call)
                path = unquote(given[0].text()) if given else None
                if router and name in _VERBS and path is not None and path.startswith("/") and not in_development(call):
                    found.append(Route(normal(prefix, *scopes(call), path), source.at(call), _VERBS[name]))
                elif name == "plug" and len(given) > 1:
                    node = keyword(call, "path") or keyword(call, "at")
                    path = unquote(node.text()) if node is not None else None
                    if path and given[0].text() not in ("Plug.Static", "PromEx.Plug"):
                        found.append(Route(normal(prefix, path), source.at(call)))
                elif name == "plug" and given and given[0].text() == "PlugHeartbeat":
                    found.append(Route("/heartbeat", source.at(call)))
            found += self._answered(source)
        return found

    def _forwards(self) -> Iterator[tuple[str, str, str]]:
        """(module, prefix, file) of what a router forwards to."""
        for source in self.production:
            for call in calls(source, "forward"):
                given = arguments(call)
                path = unquote(given[0].text()) if len(given) > 1 else None
                to = keyword(call, "to") or (given[1] if len(given) > 1 else None)
                if path and to is not None and to.kind() == "alias":
                    yield str(to.text()), normal(*scopes(call), path), source.path

    def _answered(self, source: Source) -> Iterator[Route]:
        """`def call(%Plug.Conn{request_path: "/health"} = conn, _)`."""
        for call in calls(source, "def"):
            given = arguments(call)
            head = given[0].text() if given else ""
            if not re.match(r"call\s*\(", head):
                continue
            for pair in given[0].find_all(kind="pair"):
                parts = list(children(pair))
                key = parts[0].text().strip().rstrip(":") if parts else ""
                if key == "request_path" and (path := unquote(parts[1].text())):
                    yield Route(normal(path), source.at(pair))
                elif key == "path_info" and parts[1].kind() == "list":
                    words = [unquote(child.text()) for child in children(parts[1])]
                    if words and all(words):
                        yield Route(normal(*[word or "" for word in words]), source.at(pair))

    @cached_property
    def metrics(self) -> list[tuple[str, str, str | None]]:
        """(path, place, port) where metrics are served: PromEx's plug, an exporter plug, a reporter's own server."""
        found: list[tuple[str, str, str | None]] = []
        for source in self.production:
            for call in calls(source, "plug"):
                given = arguments(call)
                if given and given[0].text() == "PromEx.Plug":
                    path = keyword(call, "path")
                    said = unquote(path.text()) if path is not None else None
                    found.append((said or "/metrics", source.at(call), None))
            for call in calls(source, "use"):
                if (given := arguments(call)) and given[0].text() == "Prometheus.PlugExporter":
                    found.append(("/metrics", source.at(call), None))
            for node in source.all("tuple") if "TelemetryMetricsPrometheus" in source.text else ():
                if next((part.text() for part in children(node)), "") == "TelemetryMetricsPrometheus":
                    port = keyword(node, "port")
                    value = evaluate(source, port).port if port is not None else 9568
                    found.append(("/metrics", source.at(node), str(value) if value else None))
        return found + [(route.path, route.evidence, None) for route in self.routes if route.path.endswith("/metrics")]
