"""PHP code: routes, environment variables, Laravel's health route and default connection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code.facts import Read, Route, normal
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree, join

Node = Any
_WORDS = re.compile(r"env\(|Env::get|getenv|\$_ENV|\$_SERVER|Route|health:|->(get|map|any)\(")
_IGNORED = {"APP_ENV", "APP_DEBUG"}
# `$_SERVER` also holds what the web server says of a request.
_REQUEST = re.compile(
    r"^(REQUEST_|HTTP_|REMOTE_|SERVER_|SCRIPT_|PHP_|DOCUMENT_|QUERY_|PATH_|GATEWAY_|HTTPS$|argv$|argc$)"
)


class Php(Sources):
    """The sources of one component."""

    def __init__(self, tree: Tree, folder: str, files: Iterable[str]) -> None:
        super().__init__(
            tree, files, {".php": "php"}, _WORDS, lambda p: "/tests/" in f"/{p}" or "/views/" in p,
            lambda p: 0 if re.search(r"(^|/)(bootstrap|routes|config|public)/", p) else 1,
        )  # fmt: skip
        self.folder = folder

    @cached_property
    def routes(self) -> list[Route]:
        """`Route::get('/x', …)`, `$app->get('/x', …)`, `#[Route('/x')]`, and Laravel's `health:` of `withRouting`."""
        found: list[Route] = []
        for source in self.sources:
            found += self._calls(source)
            found += self._attributes(source)
        return found

    def _calls(self, source: Source) -> Iterator[Route]:
        name = source.path.rpartition("/")[2]
        prefix = "/api" if name == "api.php" and "/routes/" in f"/{source.path}" else ""
        for call in source.all("scoped_call_expression", "member_call_expression"):
            verb = call.field("name").text() if call.field("name") is not None else ""
            arguments = list(children(call.field("arguments")))
            if verb == "withRouting":
                for argument in arguments:
                    parts = re.fullmatch(r"health\s*:\s*['\"]([^'\"]+)['\"]", argument.text().strip())
                    if parts:
                        yield Route(normal(parts[1]), source.at(argument))
                continue
            owner = call.field("scope") or call.field("object")
            if verb not in ("get", "any", "view", "match", "map") or owner is None or not arguments:
                continue
            if call.kind() == "scoped_call_expression" and owner.text().rpartition("\\")[2] != "Route":
                continue
            if call.kind() == "member_call_expression" and not re.fullmatch(
                r"\$(app|group|router|route\w*)", owner.text()
            ):
                continue
            path = _text(arguments[0])
            if path is not None and len(arguments) > 1:
                yield Route(normal(prefix, path), source.at(call), "GET" if verb != "any" else "ANY")

    def _attributes(self, source: Source) -> Iterator[Route]:
        """Symfony: the attribute of a method, under that of its class."""
        prefix = ""
        for node in source.all("attribute"):
            if not re.match(r"\\?(?:\w+\\)*(Route|Get)\b", node.text()):
                continue
            found = re.search(r"\(\s*(?:path\s*:\s*)?['\"]([^'\"]*)['\"]", node.text())
            path = found[1] if found else ""
            above = node.parent()
            while above is not None and above.kind() not in ("method_declaration", "class_declaration"):
                above = above.parent()
            if above is not None and above.kind() == "class_declaration":
                prefix = path
            elif found:
                yield Route(normal(prefix, path), source.at(node))

    @cached_property
    def reads(self) -> list[Read]:
        """`env('X', default)`, `getenv('X')`, `$_ENV['X']`."""
        found: list[Read] = []
        for source in self.sources:
            for call in source.all("function_call_expression"):
                name = call.field("function").text() if call.field("function") is not None else ""
                arguments = list(children(call.field("arguments")))
                key = _text(arguments[0]) if arguments else None
                if (
                    name.lstrip("\\") in ("env", "getenv")
                    and key
                    and re.fullmatch(r"[A-Z][A-Z0-9_]*", key)
                    and key not in _IGNORED
                ):
                    found.append(
                        Read(
                            key, source.at(call), False if name == "getenv" else len(arguments) < 2 and key == "APP_KEY"
                        )
                    )
            for node in source.all("subscript_expression"):
                named = re.fullmatch(r"\$_(ENV|SERVER)\[['\"](\w+)['\"]\]", node.text())
                if named and not _REQUEST.match(named[2]) and named[2] not in _IGNORED:
                    above = node.parent()
                    required = above is not None and not re.search(r"\?\?|isset|empty", above.text())
                    found.append(Read(named[2], source.at(node), required and named[1] == "ENV"))
        return found

    @cached_property
    def default_connection(self) -> tuple[str, str] | None:
        """(engine, place) of `'default' => env('DB_CONNECTION', 'mysql')` in Laravel's config/database.php."""
        path = join(self.folder, "config/database.php")
        source = self.source(path, always=True)
        for node in source.all("array_element_initializer") if source else ():
            found = re.fullmatch(
                r"['\"]default['\"]\s*=>\s*(?:env\(\s*['\"]DB_CONNECTION['\"]\s*,\s*)?['\"](\w+)['\"]\)?",
                node.text().strip(),
            )
            if found and source:
                return found[1], source.at(node)
        return None


def _text(node: Node) -> str | None:
    found = re.fullmatch(r"['\"]([^'\"$]*)['\"]", node.text().strip())
    return found[1] if found else None
