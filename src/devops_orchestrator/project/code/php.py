"""PHP code: environment variables, routes, connections, classes that are jobs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import php_values as values
from devops_orchestrator.project.code.facts import MAX_READ, MAX_SOURCES, Read, Value
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree, join

Node = Any
_READS = lazy(r"\benv\(|Env::get|getenv|\$_ENV|\$_SERVER")
_IGNORED = {"APP_ENV", "APP_DEBUG", "argv", "argc", "HOME", "PATH", "USER", "TERM", "COLUMNS"}
# `$_SERVER` also holds what the web server says of a request.
_REQUEST = lazy(
    r"(REQUEST|HTTP|REMOTE|SERVER|SCRIPT|PHP|DOCUMENT|QUERY|PATH|GATEWAY|ORIG|REDIRECT|CONN)_\w+|HTTPS|AUTH_TYPE|CONTENT_(TYPE|LENGTH)"
)
# Those of them that frameworks ask env() for too.
_ASKED = {"HTTPS", "HTTP_HOST", "HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_X_FORWARDED_FOR", "SERVER_NAME", "SERVER_PORT", "SERVER_ADDR",
          "REMOTE_ADDR", "REQUEST_METHOD", "REQUEST_URI", "SCRIPT_NAME", "SCRIPT_FILENAME", "DOCUMENT_ROOT", "QUERY_STRING"}  # fmt: skip
_ASIDE = lazy(r"(^|/)(tests?|Tests|spec|views|vendor|node_modules|stubs|fixtures|Fixtures)/")
# The engine of a PDO connection string.
_DSN = lazy(r"(mysql|pgsql):(?:host|dbname|port|unix_socket)=")
_ENGINES = {"mysql": "mysql", "pgsql": "postgresql"}
# What a plain application opens a connection with: a function or a class → the service.
_FUNCTIONS = {
    "mysqli_connect": "mysql",
    "mysql_connect": "mysql",
    "pg_connect": "postgresql",
    "pg_pconnect": "postgresql",
}
_CLASSES = {"mysqli": "mysql", "Redis": "redis", "Memcached": "memcached", "MongoDB\\Client": "mongodb"}
_DRIVERS = {"mysql": "mysql", "mysqli": "mysql", "postgres": "postgresql", "postgre": "postgresql"}
_DRIVER = lazy(r"['\"](driver|DBDriver)['\"]")
_CONNECTS = lazy(r"(mysql|pgsql):|mysqli|mysql_connect|pg_p?connect|new \\?(Redis|Memcached|MongoDB)\b")


class Php(Sources):
    """The sources of one component."""

    def __init__(self, tree: Tree, folder: str, files: Iterable[str]) -> None:
        super().__init__(
            tree, files, {".php": "php"}, _READS, lambda p: bool(_ASIDE.search(p)),
            lambda p: 0 if re.search(r"(^|/)(bootstrap|routes|config|public)/", p) else 1,
        )  # fmt: skip
        self.folder = folder

    def inside(self, path: str) -> str:
        """A path as seen from the component's folder."""
        return path if self.folder == "." else path.removeprefix(self.folder + "/")

    def holding(self, words: re.Pattern[str], where: Callable[[str], bool] = lambda path: True) -> Iterator[Source]:
        """The parsed files (not tests) whose text holds these words; `where` is asked with the path from the component."""
        count = 0
        for path in sorted(self.paths, key=lambda p: (self.first(p), p.count("/"), p))[:MAX_READ]:
            if count >= MAX_SOURCES:
                return
            if not where(self.inside(path)):
                continue
            text = self.tree.text(path)
            if text is None or not words.search(text):
                continue
            source = self.source(path, always=True)
            if source is not None:
                count += 1
                yield source

    @cached_property
    def drivers(self) -> tuple[str, str] | None:
        """(service, place) of the first database of a CakePHP or CodeIgniter configuration: `'driver' => Mysql::class`."""
        for source in self.holding(_DRIVER, lambda path: path.startswith(("config/", "app/Config/"))):
            for array in source.all("array_element_initializer"):
                parts = list(children(array))
                key = values.text(parts[0]) if len(parts) == 2 else None
                if key in ("driver", "DBDriver"):
                    default = values.value(parts[1]).constant
                    named = re.search(r"(\w+)::class", parts[1].text())
                    name = default if isinstance(default, str) else named[1] if named else ""
                    service = _DRIVERS.get(name.rpartition("\\")[2].lower())
                    if service:
                        return service, source.at(array)
        return None

    @cached_property
    def reads(self) -> list[Read]:
        """`env('X', default)`, `getenv('X')`, `Env::get('X')`, `$_ENV['X']`."""
        return self.reads_in(lambda path: True)

    def reads_in(self, where: Callable[[str], bool]) -> list[Read]:
        """The environment variables that the files of these places read."""
        found: list[Read] = []
        for source in self.holding(_READS, where):
            for call in source.all("function_call_expression", "scoped_call_expression"):
                found += self._call(source, call)
            for node in source.all("subscript_expression"):
                key = values.superglobal(node)
                if key and not _REQUEST.fullmatch(key) and key not in _IGNORED and not _assigned(node):
                    required = node.text().startswith("$_ENV") and not values.guarded(node)
                    found.append(Read(key, source.at(node), required))
        return found

    def _call(self, source: Source, call: Node) -> Iterator[Read]:
        name = values.name_of(call)
        if call.kind() == "scoped_call_expression":
            scope = call.field("scope")
            if name != "get" or scope is None or scope.text().rpartition("\\")[2] != "Env":
                return
        elif name not in ("env", "getenv"):
            return
        given = values.arguments(call)
        key = values.text(given[0].node) if given else None
        if key and re.fullmatch(r"[A-Z][A-Z0-9_]*", key) and key not in _IGNORED | _ASKED:
            # Frameworks' env() gives null where nothing is set, which their configuration expects.
            required = name == "getenv" and not values.guarded(call) and not _tested(call)
            yield Read(key, source.at(call), required)

    def configured(self, name: str, *keys: str) -> tuple[Value, str] | None:
        """(value, place) of a key of the array that `config/<name>.php` returns."""
        for folder in ("config", "app/Config"):
            source = self.source(join(self.folder, f"{folder}/{name}.php"), always=True)
            for statement in source.all("return_statement") if source else ():
                node: Node | None = next(iter(children(statement)), None)
                for key in keys:
                    node = dict(values.entries(node)).get(key) if node is not None else None
                if node is not None and source:
                    return values.value(node), source.at(node)
        return None

    def class_with(self, interface: str, where: Callable[[str], bool] = lambda path: True) -> str | None:
        """The place of the first class that implements an interface (by its short name), or None."""
        for source in self.holding(re.compile(rf"\b{interface}\b"), where):
            for clause in source.all("class_interface_clause"):
                if any(part.text().rpartition("\\")[2] == interface for part in children(clause)):
                    return source.at(clause)
        return None

    def attribute(self, *names: str) -> Iterator[tuple[Source, Node, str]]:
        """(source, attribute, short name) of the PHP attributes of these names."""
        for source in self.holding(re.compile(rf"\b({'|'.join(names)})\b")):
            for node in source.all("attribute"):
                named = next(iter(children(node)), None)
                short = named.text().rpartition("\\")[2] if named is not None else ""
                if short in names:
                    yield source, node, short

    @cached_property
    def connections(self) -> dict[str, str]:
        """Service → place of the connections that plain code opens. A layer over several engines says nothing."""
        found: dict[str, str] = {}
        for source in self.holding(_CONNECTS):
            for node in source.all("string_content"):
                engine = _DSN.match(node.text())
                if engine:
                    found.setdefault(_ENGINES[engine[1]], source.at(node))
            for call in source.all("function_call_expression"):
                service = _FUNCTIONS.get(values.name_of(call))
                if service:
                    found.setdefault(service, source.at(call))
            for node in source.all("object_creation_expression"):
                named = next(iter(children(node)), None)
                service = _CLASSES.get(named.text().lstrip("\\")) if named is not None else None
                if service:
                    found.setdefault(service, source.at(node))
        relational = [service for service in found if service in ("mysql", "postgresql")]
        return found if len(relational) < 2 else {s: at for s, at in found.items() if s not in relational}


def _tested(call: Node) -> bool:
    """Whether the variable that a call is assigned to is compared or tested later in the file: the code lives without it."""
    above = call.parent()
    left = above.field("left") if above is not None and above.kind() == "assignment_expression" else None
    if above is None or left is None:
        return False
    top = above
    while top.parent() is not None:
        top = top.parent()
    return any(
        other.text() == left.text() and values.guarded(other)
        for other in top.find_all(kind=left.kind())
        if other.range().start.index != left.range().start.index
    )


def _assigned(node: Node) -> bool:
    above = node.parent()
    left = above.field("left") if above is not None and above.kind() == "assignment_expression" else None
    return left is not None and left.range().start.index == node.range().start.index
