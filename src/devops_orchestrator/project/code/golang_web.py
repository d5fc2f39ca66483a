"""What a Go program serves: where it listens, its framework, its metrics, its static files; what it consumes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Route, Value
from devops_orchestrator.project.code.golang import Go
from devops_orchestrator.project.code.golang_nodes import callee, enclosing, literal, pair
from devops_orchestrator.project.code.golang_reach import Reach
from devops_orchestrator.project.code.golang_routes import routes
from devops_orchestrator.project.code.golang_values import Values
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
# Module without its major version → the framework's name.
FRAMEWORKS = {
    "github.com/gin-gonic/gin": "gin", "github.com/labstack/echo": "echo", "github.com/gofiber/fiber": "fiber", "github.com/go-chi/chi": "chi",
    "github.com/beego/beego": "beego", "github.com/astaxie/beego": "beego", "github.com/kataras/iris": "iris", "github.com/gobuffalo/buffalo": "buffalo",
    "github.com/cloudwego/hertz": "hertz", "github.com/flamego/flamego": "flamego", "gopkg.in/macaron.v1": "macaron", "github.com/revel/revel": "revel",
    "github.com/danielgtaylor/huma": "huma", "github.com/zeromicro/go-zero": "go-zero", "github.com/go-kratos/kratos": "kratos",
    "github.com/go-ozzo/ozzo-routing": "ozzo-routing", "github.com/gogf/gf": "gf", "github.com/go-fuego/fuego": "fuego", "goa.design/goa": "goa", "github.com/pocketbase/pocketbase": "pocketbase",
}  # fmt: skip
COMMANDS = {
    "github.com/spf13/cobra": "cobra",
    "github.com/urfave/cli": "urfave/cli",
    "github.com/alecthomas/kong": "kong",
}
_STARTS = {
    "Run": "gin beego iris flamego macaron", "RunTLS": "gin", "Start": "echo pocketbase", "StartTLS": "echo", "StartServer": "echo", "StartH2CServer": "echo",
    "Listen": "fiber iris", "ListenTLS": "fiber", "Spin": "hertz",
}  # fmt: skip
_SERVES = frozenset({"ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS"})
_SECOND = lazy(r"debug|metric|pprof|redirect|challenge|acme|admin|internal|profil|probe|prometheus", re.I)
_NAMED = lazy(
    r"(?:(?:http|listen|server|web|api|app|bind)[-_.]?)?(?:port|addr|address|listen|bind|host[-_]?port)|server_url",
    re.I,
)


@dataclass(frozen=True)
class Listener:
    """A place where a program listens. `rank`: 0 its own HTTP server, 1 gRPC or plain TCP, 2 a second server beside."""

    value: Value
    evidence: str
    rank: int


class Web:
    """One program's servers."""

    def __init__(self, code: Go, reach: Reach) -> None:
        self.code = code
        self.reach = reach
        self.values = Values(code, reach)

    @cached_property
    def imported(self) -> dict[str, list[str]]:
        """Module without its major version (of the known frameworks) → the files that import a package of it."""
        found: dict[str, list[str]] = {}
        for source in self.values.sources:
            for path in self.code.imported(source):
                for known in (*FRAMEWORKS, *COMMANDS):
                    if (path == known or path.startswith(known + "/")) and source.path not in found.get(known, ()):
                        found.setdefault(known, []).append(source.path)
        return found

    @cached_property
    def framework(self) -> str | None:
        """The framework that most files import, or None: net/http alone."""
        best = max(
            ((len(files), name) for known, files in self.imported.items() if (name := FRAMEWORKS.get(known))),
            default=None,
        )
        return best[1] if best else None

    @cached_property
    def listeners(self) -> list[Listener]:
        """Where the program listens, its own server first."""
        found = [one for one in (*self._servers(), *self._functions()) if one.evidence not in self._local]
        return sorted(found, key=lambda one: one.rank)

    @property
    def http(self) -> bool:
        """Whether it speaks HTTP: gRPC alone has no routes."""
        return any(one.rank != 1 for one in self.listeners)

    @cached_property
    def _local(self) -> set[str]:
        """Calls in functions that listen on any free port: a command that waits for a browser's answer is no server."""
        found: set[str] = set()
        for source, call in self.values.calls.get("Listen", []):
            free = any(re.search(r":0$", literal(one) or "") for one in children(call.field("arguments")))
            around = enclosing(call, "function_declaration", "method_declaration") if free else None
            if around is None:
                continue
            makers = self.values.called(source, around)
            for other, made in (
                (source, around),
                *((o, enclosing(c, "function_declaration", "method_declaration")) for o, c in makers),
            ):
                for inner in made.find_all(kind="call_expression") if made is not None else ():
                    found.add(other.at(inner))
        return found

    def _servers(self) -> Iterator[Listener]:
        for source, call in self.values.nodes("call_expression"):
            name, function = callee(call), call.field("function")
            if function is None or function.kind() != "selector_expression":
                continue
            arguments = list(children(call.field("arguments")))
            packages = self.code.imports(source)
            if name in _SERVES:
                found = self._serves(source, call, name, arguments, packages)
            elif name == "Listen" and len(arguments) > 1 and "net" in self.code.imported(source):
                found = self._listens(source, call, arguments, packages)
            elif name in _STARTS:
                found = self._starts(source, call, name, arguments, packages)
            else:
                continue
            if found is not None:
                yield found

    def _serves(
        self, source: Source, call: Node, name: str, arguments: list[Node], packages: dict[str, str]
    ) -> Listener | None:
        owner = call.field("function").field("operand").text()
        package = packages.get(owner)
        if (
            package is not None
            and package not in ("net/http", "github.com/valyala/fasthttp", "github.com/prometheus/exporter-toolkit/web")
            and self.code.place(package) is None
        ):
            return None
        web = any(one in self.code.imported(source) for one in ("net/http", "github.com/valyala/fasthttp"))
        grpc = any(one.startswith("google.golang.org/grpc") for one in self.code.imported(source))
        if not web and not grpc:
            return None
        plain = name.startswith("Listen") and bool(arguments)
        value = self.values.value(source, arguments[0]) if plain else Value()
        return Listener(value, source.at(call), 1 if grpc and not web else self._rank(call, arguments if plain else []))

    def _listens(self, source: Source, call: Node, arguments: list[Node], packages: dict[str, str]) -> Listener | None:
        network = next((index for index, one in enumerate(arguments) if (literal(one) or "").startswith("tcp")), None)
        if network is None or network + 1 >= len(arguments):
            return None
        value = self.values.value(source, arguments[network + 1])
        if value.constant is not None and value.port is None and not value.variable:
            return None  # `localhost:0`: any free port
        grpc = any(one.startswith("google.golang.org/grpc") for one in self.code.imported(source))
        return Listener(
            value, source.at(call), 1 if grpc or "net/http" not in self.code.imported(source) else self._rank(call, [])
        )

    def _starts(
        self, source: Source, call: Node, name: str, arguments: list[Node], packages: dict[str, str]
    ) -> Listener | None:
        wanted = _STARTS[name].split()
        here = {
            FRAMEWORKS[known]
            for known in FRAMEWORKS
            for one in self.code.imported(source)
            if one == known or one.startswith(known + "/")
        }
        around = {FRAMEWORKS[known] for known in self.imported if known in FRAMEWORKS}
        if not (here | around).intersection(wanted):
            return None
        value = self.values.value(source, arguments[0]) if arguments else Value()
        if here.intersection(wanted):
            silent = name in ("Run", "Spin") and not arguments
            if not (
                silent or value.port or value.variable or (arguments and name.startswith(("Start", "Listen", "RunTLS")))
            ):
                return None
        elif not around.intersection(wanted) or not (isinstance(value.constant, str) and value.port):
            return None
        owner = call.field("function").field("operand").text()
        # `gin := gin.Default()` takes the package's name for a variable.
        variable = any(one[0] is source for one in self.values.assigned.get(owner, []))
        if (
            owner in packages
            and not variable
            and "beego" not in packages[owner]
            and self.code.place(packages[owner]) is None
        ):
            return None
        return Listener(value, source.at(call), self._rank(call, []))

    def _rank(self, call: Node, arguments: list[Node]) -> int:
        """2 for a server beside the program's own: profiling, metrics, redirects."""
        around = enclosing(call, "function_declaration", "method_declaration")
        name = around.field("name").text() if around is not None and around.field("name") is not None else ""
        if _SECOND.search(name) or (
            arguments and re.search(r"promhttp|pprof|[Rr]edirect|acme|autocert|HTTPHandler", call.text())
        ):
            return 2
        inner = enclosing(call, "func_literal")
        if inner is not None and re.search(r"\bpprof\.", inner.text()) and len(inner.text()) < 2000:
            return 2
        above = enclosing(call, "go_statement", "function_declaration", "method_declaration")
        if arguments and above is not None and above.kind() == "go_statement" and len(arguments) > 1:
            return 2 if arguments[1].text() == "nil" or _SECOND.search(arguments[1].text()) else 0
        owner = call.field("function").field("operand").text()
        return 2 if _SECOND.search(owner) else 0

    def _functions(self) -> Iterator[Listener]:
        """`run(server.ListenAndServe, server.Shutdown)`: a method that is handed on."""
        for source, node in self.values.nodes("selector_expression"):
            if node.field("field").text() not in ("ListenAndServe", "ListenAndServeTLS"):
                continue
            above = node.parent()
            if above is not None and above.kind() == "argument_list":
                yield Listener(Value(), source.at(node), self._rank_of(node))

    def _rank_of(self, node: Node) -> int:
        return 2 if _SECOND.search(node.field("operand").text()) else 0

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """The ports that the program listens on, its own first: where it listens, its server's `Addr`, flags named port."""
        ranked = [(one.rank, one.value, one.evidence) for one in self.listeners]
        for source, literal_ in self.values.nodes("composite_literal"):
            kind = literal_.field("type")
            if kind is None or not re.search(r"(?i)http.*server$|^\w+\.Server$", kind.text()):
                continue
            for element in children(literal_.field("body")):
                named = pair(element) if element.kind() == "keyed_element" else None
                if named and named[0] == "Addr":
                    name = _owner(literal_)
                    value = self.values.value(source, named[1])
                    ranked.append(
                        (
                            2 if value.port == 443 or _SECOND.search(name) or _SECOND.search(_around(literal_)) else 0,
                            value,
                            source.at(element),
                        )
                    )
        for source, statement, value_node, _ in self.values.assigned.get("Addr", []):
            left = statement.field("left")
            if left is not None and re.search(r"(?i)(srv|server|http\w*)\.Addr$", left.text()):
                ranked.append((0, self.values.value(source, value_node), source.at(statement)))
        # Hertz's and Kratos' options, and the flags that every Prometheus exporter has.
        for name, at in (("WithHostPorts", 0), ("WithAddress", 0), ("AddFlags", 1)):
            for source, call in self.values.calls.get(name, []):
                arguments = list(children(call.field("arguments")))
                if at < len(arguments) and (at == 0 or "kingpinflag" in " ".join(self.code.imported(source))):
                    ranked.append((0, self.values.value(source, arguments[at]), source.at(call)))
        if not ranked:
            return []
        own = [(v, e) for rank, v, e in ranked if rank == 0 and v.port is not None]
        unset = [(v, e) for rank, v, e in ranked if rank == 0 and v.port is None and v.variable]
        if not own:
            own = list(self._flags())
        later = [
            (v, e)
            for rank, v, e in sorted(ranked, key=lambda one: one[0])
            if rank and (v.port is not None or v.variable)
        ]
        if not any(rank == 0 for rank, _, _ in ranked) or own or unset:
            own += later if not unset or own else []
        return [*own, *unset] or [(Value(), evidence) for _, _, evidence in ranked[:1]]

    def _flags(self) -> Iterator[tuple[Value, str]]:
        """Flags, configuration keys, tagged fields and helpers of the environment that are named after a port or address."""
        settings = self.values.settings
        for flag in (*settings.flags, *settings.keys.values()):
            if (
                _NAMED.fullmatch(flag.name.rpartition(".")[2])
                and not _foreign(flag.name)
                and flag.value.port is not None
            ):
                yield flag.value, flag.evidence
        for field in settings.fields:
            name = self_name(field.variable or field.tags.get("long") or field.name)
            value = Value(field.default, field.variable)
            if (
                _NAMED.fullmatch(name)
                and not _foreign(field.struct)
                and value.port is None
                and (field.default or "").isdigit()
            ):
                value = Value(int(field.default or "0"), field.variable)
            if _NAMED.fullmatch(name) and not _foreign(field.struct) and value.port is not None:
                yield value, field.evidence
        for source, element in self.values.nodes("keyed_element"):
            # A table of options under the names of their variables.
            named = pair(element)
            key = named[0].strip('"`') if named else ""
            if named and named[0] != key and key.isupper() and _NAMED.fullmatch(key):
                for found in re.findall(r'"([^"\s]*:\d{2,5}|\d{2,5})"', named[1].text()):
                    yield Value(found if ":" in found else int(found), key), source.at(element)
        for name, calls in self.values.calls.items():
            for source, call in calls if re.search(r"env|lookup|default", name, re.I) else ():
                arguments = list(children(call.field("arguments")))
                given = literal(arguments[0]) if len(arguments) > 1 else None
                if (
                    given
                    and given.isupper()
                    and _NAMED.fullmatch(given)
                    and (value := self.values.value(source, call)).port is not None
                ):
                    yield value, source.at(call)

    @cached_property
    def routes(self) -> list[Route]:
        """The routes that it declares."""
        return routes(self.values)


def self_name(name: str) -> str:
    """A field's or variable's name as one word is compared: `AppPort` → `App_Port`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


def _foreign(name: str) -> bool:
    """Whether a setting is of another server: the database's port, the metrics' address."""
    return bool(
        re.search(
            r"(?i)db|database|postgres|mysql|mongo|redis|smtp|mail|grpc|rpc|metric|debug|pprof|nats|rabbit|kafka|elastic|amqp|proxy",
            name,
        )
    )


def _owner(node: Node) -> str:
    """The variable or field that a literal is kept in."""
    above = enclosing(node, "short_var_declaration", "assignment_statement", "var_spec", "keyed_element", "block")
    if above is None or above.kind() == "block":
        return ""
    left = above.field("left") or above.field("name") or next(children(above), None)
    return str(left.text()) if left is not None else ""


def _around(node: Node) -> str:
    """The name of the function around a node."""
    above = enclosing(node, "function_declaration", "method_declaration")
    name = above.field("name") if above is not None else None
    return str(name.text()) if name is not None else ""
