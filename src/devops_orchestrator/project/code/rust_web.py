"""What a Rust program serves and reads: where it listens, metrics, environment variables, static files, workers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Read, Route, Value
from devops_orchestrator.project.code.rust import around, literal, name_of, path_of, place, receiver, struct_of
from devops_orchestrator.project.code.rust_routes import routes
from devops_orchestrator.project.code.rust_values import Rust, env_of
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
_BINDS = lazy(
    r"(\w+::)*(TcpListener|Server|AddrIncoming|axum_server|TcpSocket)::(bind|bind_rustls|bind_openssl|try_bind|new|from_tcp)|(\w+::)*axum_server::(bind\w*|from_tcp\w*)"
)
_METHODS = frozenset({"bind", "bind_rustls", "bind_rustls_021", "bind_rustls_0_23", "bind_openssl", "bind_auto_h2c", "run", "serve", "try_bind", "listen", "try_bind_with_graceful_shutdown", "bind_with_graceful_shutdown"})  # fmt: skip
_LISTENS = lazy(
    "|".join(sorted({*_METHODS, "bind\\w*", "new", "from_tcp\\w*", "build", "ignite", "custom", "execute"}))
)
_SECOND = lazy(r"metric|prometheus|debug|admin|probe|redirect|internal|health|telemetry|udp|grpc", re.I)
_SYSTEM = lazy(
    r"HOME|PATH|USER|USERNAME|PWD|SHELL|TERM|TMPDIR|TEMP|TMP|LANG|EDITOR|VISUAL|PAGER|DISPLAY|USERPROFILE|APPDATA|LOCALAPPDATA|XDG_\w+|CARGO\w*|OUT_DIR|"
    r"RUSTC\w*|PROFILE|TARGET|NO_COLOR|COLORTERM|HOSTNAME|HOST|CI|RUST_BACKTRACE|TZ|NOTIFY_SOCKET|JOURNAL_STREAM|LISTEN_FDS|PROGRAMDATA|COLUMNS|ENV"
)
_PORT_FIELD = lazy(
    r"(?:(?:http|server|listen|web|api|app|bind)_)?(?:port|addr|address|listen|bind|bind_addr|socket_addr|http_addr)|interfaces?"
)
_FRAMEWORKS = ("axum", "actix_web", "rocket", "warp", "poem", "salvo", "tide", "tonic", "hyper")


@dataclass(frozen=True)
class Listener:
    """A place where the program listens. `rank`: 0 its own server, 2 a second one beside."""

    value: Value
    evidence: str
    rank: int


class Web:
    """The servers of one package."""

    def __init__(self, code: Rust, own: frozenset[str] = frozenset()) -> None:
        self.code = code
        self.own = own  # the files that may listen, where the code holds those of libraries too

    @cached_property
    def listeners(self) -> list[Listener]:
        """Where the program listens, its own server first."""
        found = []
        for source, call in self.code.called(_LISTENS):
            value = self._bound(source, call) if not self.own or source.path in self.own else None
            if value is not None and not (value.constant is not None and value.port is None and not value.variable):
                name = around(call, "function_item")
                own = name.field("name").text() if name is not None else ""
                found.append(
                    Listener(
                        value,
                        place(source, call),
                        2 if _SECOND.search(own) or "metrics" in source.path.rpartition("/")[2] else 0,
                    )
                )
        return sorted(found, key=lambda one: one.rank)

    def _bound(self, source: Source, call: Node) -> Value | None:
        """The address of a call that listens; None for another call."""
        path, name = path_of(call), name_of(call)
        arguments = list(children(call.field("arguments")))
        if re.fullmatch(r"rocket::(build|ignite|custom|execute)|(\w+::)*Rocket::(build|custom)", path):
            return Value()
        if not arguments:
            return None
        if path in ("axum::serve", "hyper::serve") or (
            path == "serve" and len(arguments) > 1 and "axum" in source.text
        ):
            return Value()
        chosen = arguments[0]
        if _BINDS.fullmatch(path) and not re.search(r"(Unix|Udp)\w*::", path):
            if path.endswith("::new") and (
                "TcpListener" not in path or (literal(chosen) is None and chosen.kind() != "call_expression")
            ):
                return None
            return self.code.value(source, chosen)
        operand = receiver(call)
        if name not in _METHODS or operand is None:
            return None
        chain = operand.text()
        if name == "listen":
            return Value() if "HttpServer" in source.text else None
        if name.startswith("bind"):
            web = re.search(r"HttpServer|warp::serve|Server::", chain) or (
                "actix_web" in source.text and re.fullmatch(r"\w*(server|srv)\w*", chain)
            )
            text = call.text()
            return self.code.value(source, chosen) if web and "Unix" not in text and "Udp" not in text else None
        if name in ("run", "try_bind", "try_bind_with_graceful_shutdown") and "warp::serve" in chain:
            return self.code.value(source, chosen)
        if name == "serve" and re.search(r"Server::builder\(\)|add_service", chain):
            return self.code.value(source, chosen)
        return None

    @cached_property
    def mentions(self) -> set[str]:
        """The known frameworks that the code uses (`actix_web`), by paths and `use` declarations."""
        found: set[str] = set()
        for _, node in self.code.nodes("use_declaration", "scoped_identifier", "scoped_type_identifier"):
            first = re.match(r"(?:pub\s+)?(?:use\s+)?(\w+)", node.text())
            if first and first[1] in _FRAMEWORKS:
                found.add(first[1])
        return found

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """The ports that it listens on, its own first; then those of fields, options and defaults named after a port."""
        own = [(one.value, one.evidence) for one in self.listeners if one.rank == 0]
        found = [entry for entry in own if entry[0].port is not None]
        named = [entry for entry in own if entry[0].port is None and entry[0].variable]
        if not found:
            found = list(self._settings())
        later = [(one.value, one.evidence) for one in self.listeners if one.rank and one.value.port is not None]
        return [*found, *named, *(later if found or not own else [])] or own[:1]

    def _settings(self) -> Iterator[tuple[Value, str]]:
        for name, declared in self.code.fields.items():
            if not _PORT_FIELD.fullmatch(name):
                continue
            value = self.code.of_field(name)
            if value.port is None and isinstance(value.constant, str) and value.constant.isdigit():
                value = Value(int(value.constant), value.variable)
            if value.port is not None and not re.search(
                r"(?i)db|database|redis|smtp|mail|postgres|metric|grpc", struct_of(declared[0][1])
            ):
                yield value, declared[0][0].at(declared[0][1])
        for name in ("set_default", "merge"):
            for source, call in self.code.calls.get(name, []):
                parts = list(children(call.field("arguments")))
                parts = list(children(parts[0])) if len(parts) == 1 and parts[0].kind() == "tuple_expression" else parts
                key = literal(parts[0]) if len(parts) == 2 else None
                if key and _PORT_FIELD.fullmatch(key.rpartition(".")[2]):
                    value = self.code.value(source, parts[1])
                    if value.port is None and str(value.constant).isdigit():
                        value = Value(int(str(value.constant)), value.variable)
                    if value.port is not None:
                        yield value, source.at(call)

    @cached_property
    def routes(self) -> list[Route]:
        """The routes that it declares."""
        return routes(self.code)

    def metrics(self, dependencies: set[str]) -> tuple[str, str] | None:
        """(path, evidence) of the route that serves Prometheus metrics, or None."""
        known = {"prometheus", "prometheus-client", "axum-prometheus", "metrics-exporter-prometheus", "actix-web-prom", "rocket_prometheus",
                 "opentelemetry-prometheus", "axum-otel-metrics", "poem", "autometrics", "prometheus_exporter", "actix-web-metrics"}  # fmt: skip
        if not known & dependencies:
            return None
        if "actix-web-prom" in dependencies:
            for source, call in self.code.calls.get("endpoint", []):
                text = self.code.value(source, next(children(call.field("arguments")), None)).constant
                if isinstance(text, str) and text.startswith("/"):
                    return text, place(source, call)
        if "rocket_prometheus" in dependencies:
            for source, call in self.code.calls.get("mount", []):
                arguments = list(children(call.field("arguments")))
                text = (
                    literal(arguments[0])
                    if len(arguments) == 2 and "prometheus" in arguments[1].text().lower()
                    else None
                )
                if text:
                    return text, place(source, call)
        for route in self.routes:
            if route.method == "GET" and re.fullmatch(r"/(?:[\w-]+/)*(?:metrics|prometheus)", route.path):
                return route.path, route.evidence
        for source, call in self.code.calls.get("with_http_listener", []):
            return "/metrics", place(source, call)
        return None

    def reads(self) -> list[Read]:
        """The environment variables that it reads; those of the system and of Cargo left out."""
        found = [*self._variables(), *self._options(), *self._structs()]
        return [read for read in found if not _SYSTEM.fullmatch(read.name)]

    def _variables(self) -> Iterator[Read]:
        for source, call in self.code.called(re.compile(r"var|var_os|env_var|get_env\w*")):
            if not re.fullmatch(
                r"(std::)?env::(var|var_os)|(dotenvy|dotenv)::var|(\w+::)?(env_var|get_env\w*)|var", path_of(call)
            ):
                continue
            arguments = list(children(call.field("arguments")))
            name = self.code.value(source, arguments[0]).constant if arguments else None
            if isinstance(name, str) and re.fullmatch(r"[A-Za-z_]\w*", name):
                yield Read(name, place(source, call), len(arguments) == 1 and _required(call))

    def _options(self) -> Iterator[Read]:
        """clap's options with `env`."""
        for name, declared in self.code.fields.items():
            for source, node, attributes in declared:
                for text in attributes:
                    variable = env_of(text, name)
                    kind = node.field("type").text()
                    if variable:
                        optional = (
                            "default_value" in text
                            or re.match(r"Option|Vec|bool", kind)
                            or re.search(r"ArgAction|required\s*=\s*false", text)
                        )
                        yield Read(variable, source.at(node), not optional)

    def _structs(self) -> Iterator[Read]:
        """Structs that envy, config and figment fill from the environment."""
        for _, call in self.code.calls.get("from_env", []):
            text = call.text()
            if "envy" in text:
                prefixed = re.search(r'prefixed\(\s*"(\w+)"', text)
                for name, node, where in self._fields(_turbofish(call) or _declared(call)):
                    missing = not node.field("type").text().startswith("Option") and not re.search(
                        "default", " ".join(where[2])
                    )
                    yield Read((prefixed[1] if prefixed else "") + name.upper(), where[0].at(node), missing)
        for source, call in self.code.calls.get("with_prefix", []):
            if "Environment" not in path_of(call):
                continue
            prefix = self.code.value(source, next(children(call.field("arguments")), None)).constant
            first = prefix if isinstance(prefix, str) else None
            chain = around(call, "arguments", "let_declaration", "expression_statement")
            said = re.search(r'(?<!prefix_)separator\(\s*"([^"]*)"', chain.text() if chain is not None else "")
            between = re.search(r'prefix_separator\(\s*"([^"]*)"', chain.text() if chain is not None else "")
            if first is not None:
                start = first.upper() + (between[1] if between else said[1] if said else "_")
                for name in self._nested(_settings_struct(self.code), said[1] if said else None):
                    yield Read(start + name.upper(), source.at(call), False)

    def _fields(self, struct: str) -> Iterator[tuple[str, Node, tuple[Source, Node, list[str]]]]:
        for name, declared in self.code.fields.items():
            for where in declared:
                if struct and struct_of(where[1]) == struct:
                    yield name, where[1], where

    def _nested(self, struct: str, separator: str | None, depth: int = 0) -> Iterator[str]:
        """The names of a struct's fields, those of its structs behind the separator."""
        structs = {struct_of(where[1]) for declared in self.code.fields.values() for where in declared}
        for name, node, _ in self._fields(struct):
            kind = re.sub(r"^Option<(.*)>$", r"\1", node.field("type").text()).rpartition("::")[2]
            if kind in structs and kind != struct and depth < 4:
                if separator:
                    yield from (f"{name}{separator}{inner}" for inner in self._nested(kind, separator, depth + 1))
            elif not re.match(r"Vec|HashMap|BTreeMap", kind):
                yield name

    def assets(self) -> Iterator[tuple[str, str]]:
        """(folder, evidence) of the static files that it serves from disk."""
        for source, call in self.code.called(re.compile(r"new|open|from|dir")):
            path = path_of(call)
            if re.fullmatch(
                r"(\w+::)*(ServeDir::new|Files::new|NamedFile::open|FileServer::(from|new)|fs::dir|StaticFilesEndpoint::new|StaticDir::new)",
                path,
            ):
                texts = [text for argument in children(call.field("arguments")) if (text := literal(argument))]
                if texts and not texts[-1].startswith("/"):
                    yield texts[-1].removeprefix("./").strip("/"), source.at(call)

    def written(self) -> Iterator[tuple[str, str]]:
        """(path, evidence) of the folders and SQLite files that the code names and makes."""
        for name in ("create_dir_all", "create_dir"):
            for source, call in self.code.calls.get(name, []):
                text = self.code.value(source, next(children(call.field("arguments")), None)).constant
                if isinstance(text, str) and re.fullmatch(r"(\./)?[\w-][\w./-]*", text):
                    yield text.removeprefix("./").strip("/"), source.at(call)
        for source, node in self.code.nodes("string_literal"):
            found = re.fullmatch(r'"sqlite:(?://)?((?:\./)?[\w-][\w./-]*\.\w+)(?:\?.*)?"', node.text())
            if found:
                yield found[1].removeprefix("./"), source.at(node)

    @cached_property
    def consumer(self) -> str | None:
        """Where the program takes work from a queue for ever, or None."""
        for name in (
            "basic_consume",
            "subscribe",
            "queue_subscribe",
            "recv",
            "blpop",
            "brpop",
            "xread_options",
            "fetch_message",
            "run_forever",
            "register_fn",
            "register_queue",
        ):
            for source, call in self.code.calls.get(name, []):
                if name in ("recv", "subscribe") and not re.search(
                    r"rdkafka|async_nats|nats::|lapin|redis", source.text
                ):
                    continue
                return source.at(call)
        for source, node in self.code.nodes("loop_expression"):
            return source.at(node)
        return None


def _turbofish(call: Node) -> str:
    found = re.search(r"::<\s*(?:\w+::)*(\w+)\s*>\s*\(", call.text())
    return found[1] if found else ""


def _declared(call: Node) -> str:
    """The type of the variable that a call fills, or that its function returns."""
    let = around(call, "let_declaration", "function_item")
    if let is None:
        return ""
    kind = let.field("type") if let.kind() == "let_declaration" else let.field("return_type")
    if kind is None and let.kind() == "let_declaration":
        function = around(call, "function_item")
        kind = function.field("return_type") if function is not None else None
    text = kind.text() if kind is not None else ""
    if text == "Self" or "Self" in re.findall(r"\w+", text):
        above = around(call, "impl_item")
        owner = above.field("type") if above is not None else None
        return owner.text() if owner is not None else ""
    words = [word for word in re.findall(r"\w+", text) if word not in ("Result", "Option", "Box", "dyn", "anyhow")]
    return words[0] if words else ""


def _settings_struct(code: Rust) -> str:
    for name in ("try_deserialize", "try_into", "extract", "deserialize"):
        for _, call in code.calls.get(name, []):
            found = _turbofish(call) or _declared(call)
            if found:
                return found
    return ""


def _required(call: Node) -> bool:
    """Whether the program ends where the variable is missing: `.unwrap()`, `.expect(…)`, `?`."""
    at = call
    while True:
        above = at.parent()
        if above is None:
            return False
        if above.kind() == "try_expression":
            return True
        if above.kind() == "field_expression":
            name = above.field("field").text()
            if name in ("unwrap", "expect"):
                return True
            if name not in (
                "map_err",
                "context",
                "with_context",
                "map",
                "parse",
                "as_str",
                "ok_or",
                "ok_or_else",
                "await",
            ):
                return False
            outer = above.parent()
            if outer is not None and outer.kind() == "generic_function":
                outer = outer.parent()
            at = outer if outer is not None else above
            continue
        return False
