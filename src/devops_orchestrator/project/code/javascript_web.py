"""Node web applications: routes with the prefixes under which routers are mounted, file-based routes, ports."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import javascript_bare, javascript_controllers
from devops_orchestrator.project.code.facts import Route, Value, normal, rank
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.javascript_ports import Served, ports, served
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
Key = tuple[str, str]  # (file, name); name "" stands for the parameter of a plugin
_VERBS = ("get", "all", "head", "route", "use", "register", "mount", "openapi", "group")
_ROOTS = lazy(
    r"^(await\s+)?(express|[Ff]astify|new\s+(Hono|Koa|Elysia|OpenAPIHono|Application|Express)|restify\.createServer|polka|new\s+\w*[Ss]erver)\s*[(<]"
)
_DECLARES = lazy(r"\.(get|all|head|route|use|register|mount|openapi)\b|[rR]outer|express|[fF]astify|Hono|Koa|Elysia")
_ROUTERS = lazy(r"(^|\.|\s)(Router|router|KoaRouter|PromiseRouter)\s*[(<]")


class Web:
    """What the modules of a component serve."""

    def __init__(self, code: JavaScript) -> None:
        self.code = code
        self.roots: set[Key] = set()
        self.routers: dict[Key, str] = {}
        self.unknown: list[str] = []  # prefixes under which something is mounted that the code does not name
        self.parents: dict[Key, list[tuple[Key, str]]] = {}

    @cached_property
    def served(self) -> list[Served]:
        """Every call that starts a server."""
        return served(self.code)

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """`app.listen(…)`, `serve({ port })`, `export default { port }`."""
        return ports(self.served)

    @cached_property
    def routes(self) -> list[Route]:
        """Every route that a call or a decorator declares."""
        declared: list[tuple[Key, str, str, str]] = []
        sources = [source for source in self.code.sources if _DECLARES.search(source.text)]
        for source in sources:
            self._objects(source)
        for source in sources:
            declared += self._calls(source)
        found = [
            Route(normal(prefix) if path == "/" and prefix.strip("/") else normal(prefix, path), evidence, method)
            for owner, path, method, evidence in declared
            for prefix in self._prefixes(owner, 0)
        ]
        return [*found, *javascript_controllers.routes(self.code), *javascript_bare.routes(self.code)]

    def _objects(self, source: Source) -> None:
        for node in source.all("variable_declarator"):
            name, value = node.field("name"), node.field("value")
            if name is None or value is None or name.kind() != "identifier":
                continue
            made = _made(value)
            self._object((source.path, name.text()), made.text() if made is not None else "")
        for node in source.all("assignment_expression"):  # this.app = express()
            left, made = node.field("left"), _made(node.field("right"))
            if left is not None and made is not None and re.fullmatch(r"(this\.)?\w+", left.text()):
                self._object((source.path, left.text().removeprefix("this.")), made.text())
        field = "field_definition" if source.language == "javascript" else "public_field_definition"
        for node in source.all(field):  # class App { app = express() }
            name, made = node.field("name") or node.field("property"), _made(node.field("value"))
            if name is not None and made is not None:
                self._object((source.path, name.text()), made.text())

    def _object(self, key: Key, text: str) -> None:
        head = text[:120]
        if _ROOTS.search(head) and ".Router" not in head.split("(")[0]:
            self.roots.add(key)
            prefix = re.search(r"\b(?:prefix|basePath)\s*[:(]\s*['\"]([^'\"]*)['\"]", text)
            if prefix:
                self.routers[key] = prefix[1]
        elif _ROUTERS.search(head):
            prefix = re.search(r"\bprefix\s*:\s*['\"]([^'\"]*)['\"]", text)
            self.routers[key] = prefix[1] if prefix else ""

    def _calls(self, source: Source) -> Iterator[tuple[Key, str, str, str]]:
        for call in source.all("call_expression"):
            function = call.field("function")
            if function is None or function.kind() != "member_expression":
                continue
            verb, target = function.field("property"), function.field("object")
            if verb is None or target is None or verb.text() not in _VERBS:
                continue
            owner = self._owner(source, target)
            if owner is not None:
                yield from self._declared_by(source, call, verb, owner)

    def _declared_by(self, source: Source, call: Node, verb: Node, owner: Key) -> Iterator[tuple[Key, str, str, str]]:
        first = argument(call, 0)
        path = (
            self.code.value(source, first).constant
            if first is not None
            and first.kind() in ("string", "template_string", "identifier", "member_expression", "binary_expression")
            else None
        )
        word, place = verb.text(), source.at(verb)
        if word == "group":
            return
        if word == "openapi":
            made = (
                self.code.declared(source, first.text())
                if first is not None and first.kind() == "identifier"
                else first
            )
            yield from self._described(source, made, owner, place)
        elif word in ("use", "register", "mount") or (
            word == "route" and argument(call, 1) is not None and isinstance(path, str)
        ):
            mounted = self._mount(source, owner, call, path if isinstance(path, str) else "")
            last = list(children(call.field("arguments")))[-1:]
            if (
                isinstance(path, str)
                and rank(path) is not None
                and not mounted
                and last
                and last[0].kind() in _HANDLERS
            ):
                yield owner, path, "ANY", place
        elif word == "route" and first is not None and first.kind() == "object":
            yield from self._described(source, first, owner, place)
        elif word == "route" and isinstance(path, str):
            above = call.parent()
            if above is not None and above.text().endswith((".get", ".all")):
                yield owner, path, "GET", place
        elif isinstance(path, str) and (path.startswith("/") or path == "") and argument(call, 1) is not None:
            yield owner, self._grouped(call) + path, "ANY" if word == "all" else "GET", place
        elif first is not None and first.kind() == "array":  # app.get(["/health", "/healthz"], …)
            for entry in children(first):
                inner = self.code.value(source, entry).constant
                if isinstance(inner, str):
                    yield owner, inner, "GET", place

    def _described(
        self, source: Source, node: Node | None, owner: Key, place: str
    ) -> Iterator[tuple[Key, str, str, str]]:
        """A route as an object: Fastify's `{ method, url, handler }`, zod-openapi's `createRoute({ method, path })`."""
        if node is not None and node.kind() == "call_expression":
            node = argument(node, 0)
        text = node.text() if node is not None and node.kind() == "object" else ""
        url = re.search(r"\b(?:url|path)\s*:\s*['\"`]([^'\"`]+)['\"`]", text)
        if url:
            method = re.search(r"\bmethod\s*:[^,}]*", text)
            yield owner, url[1], "GET" if method and re.search(r"['\"](GET|get)['\"]", method[0]) else "POST", place

    def _grouped(self, call: Node) -> str:
        """The prefixes of the groups around a route: Elysia's `app.group("/v1", app => app.get("/health", …))`."""
        prefix = ""
        for above in call.ancestors():
            function = above.field("function") if above.kind() == "call_expression" else None
            if (
                function is not None
                and function.kind() == "member_expression"
                and function.field("property").text() == "group"
            ):
                inside = any(
                    child.range().start.index <= call.range().start.index < child.range().end.index
                    for child in children(above.field("arguments"))
                )
                found = self.code.text_argument(above, 0)
                prefix = (found or "") + prefix if inside else prefix
        return prefix

    def _owner(self, source: Source, target: Node) -> Key | None:
        """What a route is declared on: a known object, or the parameter of a plugin."""
        while target.kind() == "call_expression":  # router.get(…).get(…)
            function = target.field("function")
            if function is None or function.kind() != "member_expression":
                # express().get(…), Router().get(…) and what they are given to
                named = self._named(source, target)
                return named or ((source.path, "") if _ROUTERS.search(target.text()[:60]) else None)
            target = function.field("object")
        if target.kind() == "new_expression":
            return self._named(source, target) or (source.path, "")
        name = target.text().removeprefix("this.")
        key = (source.path, name)
        if key in self.roots or key in self.routers:
            return key
        if not re.fullmatch(r"\w+", name):
            return None
        imported = self.code.module_of(source, name)
        if imported is not None:
            path = self.code.resolve(source.path, imported)
            return self._exported(path, name) if path else None
        if re.search(r"app|server|router|fastify|instance|api|route", name, re.I):
            return (source.path, "")
        return None

    def _named(self, source: Source, node: Node) -> Key | None:
        """The name that the object made at the start of a chain is given to."""
        above = node.parent()
        while above is not None and above.kind() in ("member_expression", "call_expression", "await_expression"):
            above = above.parent()
        name = above.field("name") if above is not None and above.kind() == "variable_declarator" else None
        key = (source.path, name.text()) if name is not None else None
        return key if key in self.roots or key in self.routers else None

    def _exported(self, path: str, name: str, depth: int = 0) -> Key:
        """The router that a module exports: the one of that name, the key of its object, its only one, else its parameter."""
        if (path, name) in self.roots or (path, name) in self.routers:
            return (path, name)
        source = self.code.source(path, always=True) if name else None
        for pair in source.all("pair") if source else ():  # module.exports = { api: apiRouter }
            value = pair.field("value")
            key = (path, value.text()) if value is not None and pair.field("key").text() == name else None
            if key and (key in self.roots or key in self.routers):
                return key
        mine = [key for key in (*self.roots, *self.routers) if key[0] == path]
        if len(mine) == 1:
            return mine[0]
        if not mine and depth < 3:
            source = source or self.code.source(path, always=True)
            passed = self._passed(source) if source else None  # module.exports = require("./routes")
            if passed:
                return self._exported(passed, name, depth + 1)
        return (path, "")

    def _passed(self, source: Source) -> str | None:
        """The module that an index file only passes on."""
        targets = {
            self.code.resolve(source.path, module)
            for _, module, node in self.code.imports(source)
            if node.kind() == "export_statement" or node.parent().text().startswith("module.exports = require")
        } - {None}
        return next(iter(targets)) if len(targets) == 1 else None

    def _mount(self, source: Source, owner: Key, call: Node, prefix: str) -> bool:
        """Note what is mounted; whether it was a router or a plugin of this component."""
        mounted: Key | None = None
        for node in children(call.field("arguments")):
            if node.kind() == "object":
                found = re.search(r"\bprefix\s*:\s*['\"`]([^'\"`]*)['\"`]", node.text())
                if found and mounted:
                    self.parents[mounted][-1] = (owner, found[1])
                continue
            if node.kind() == "identifier" and self.code.module_of(source, node.text()) in _AUTOLOAD:
                self._autoload(source, owner, call)
                return True
            before = len(self.unknown)
            key = self._below(source, node)
            if len(self.unknown) > before:
                self.unknown[-1] = prefix
            if key and key != owner:
                self.parents.setdefault(key, []).append((owner, prefix))
                mounted = key
        return mounted is not None

    def _autoload(self, source: Source, owner: Key, call: Node) -> None:
        """@fastify/autoload: every file of the folder is a plugin, and the folders below it are prefixes."""
        options = argument(call, 1)
        found = re.search(
            r"\bdir\s*:\s*(?:[\w.]+\(.*?['\"`]([\w./-]+)['\"`]\s*\)|['\"`]([\w./-]+)['\"`])",
            options.text() if options else "",
            re.S,
        )
        if not found or not options:
            return
        named = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), (found[1] or found[2]).lstrip("/")))
        above = re.search(r"\bprefix\s*:\s*['\"`]([^'\"`]*)['\"`]", options.text())
        for path in self.code.paths:
            if path.startswith(f"{named}/"):
                below = posixpath.dirname(path[len(named) + 1 :])
                self.parents.setdefault((path, ""), []).append((owner, normal(above[1] if above else "", below)))

    def _below(self, source: Source, node: Node) -> Key | None:
        if node.kind() == "call_expression":
            function = node.field("function")
            word = function.text() if function is not None else ""
            if word in ("require", "import"):
                module = argument(node, 0)
                path = self.code.resolve(source.path, module.text().strip("'\"`")) if module is not None else None
                return self._exported(path, "") if path else None
            if re.search(r"\.routes$|\.middleware$", word):  # koa-router
                return self._below(source, function.field("object"))
            return None
        if node.kind() == "member_expression":  # app.use("/api", routes.api)
            head, key = node.field("object"), node.field("property")
            module = self.code.module_of(source, head.text())
            path = self.code.resolve(source.path, module) if module else None
            found = self._exported(path, key.text()) if path else None
            if found is None and module is None and head.kind() == "identifier" and head.text() != "express":
                self.unknown.append("")
            return found if found in self.roots or found in self.routers else None
        if node.kind() != "identifier":
            return None
        name = node.text()
        if (source.path, name) in self.routers or (source.path, name) in self.roots:
            return (source.path, name)
        for local, module, _ in self.code.imports(source):
            if local == name:
                path = self.code.resolve(source.path, module)
                return self._exported(path, name) if path else None
        return None

    def _prefixes(self, key: Key, depth: int) -> list[str]:
        above = self.parents.get(key, [])
        own = self.routers.get(key, "")
        if not above:
            # An unmounted router of a module that exports it may be served anywhere: the code does not say where.
            anywhere = {
                normal(prefix) for prefix in self.unknown
            }  # app.use("/", controllers.common), all with one prefix
            mounted = len(anywhere) == 1 and any(key in self.routers for key in (key,))
            if mounted:
                return [normal(*anywhere, own)]
            return [own] if key in self.roots or key[1] == "" or own else []
        if depth > 6:
            return []
        return [normal(before, prefix, own) for parent, prefix in above for before in self._prefixes(parent, depth + 1)]


_HANDLERS = ("arrow_function", "function_expression", "function", "call_expression")
_AUTOLOAD = ("@fastify/autoload", "fastify-autoload")


def _made(node: Node | None) -> Node | None:
    """What an expression starts with: `express()` of `await express()`, `new Hono()` of `new Hono().basePath("/v1").get(…)`."""
    while node is not None:
        if node.kind() in ("await_expression", "as_expression", "parenthesized_expression"):
            node = next(children(node), None)
            continue
        function = node.field("function") if node.kind() == "call_expression" else None
        inner = function.field("object") if function is not None and function.kind() == "member_expression" else None
        if inner is None or inner.kind() not in ("call_expression", "new_expression"):
            return node
        if function is not None and function.field("property").text() == "basePath":
            return node
        node = inner
    return None
