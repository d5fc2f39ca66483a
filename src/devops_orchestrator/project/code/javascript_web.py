"""Node web applications: routes with the prefixes under which routers are mounted, file-based routes, ports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code.facts import Route, Value, normal
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
Key = tuple[str, str]  # (file, name); name "" stands for the parameter of a plugin
_VERBS = ("get", "all", "head", "route", "use", "register", "mount")
_ROOTS = re.compile(
    r"^(await\s+)?(express|[Ff]astify|new\s+(Hono|Koa|Elysia|OpenAPIHono|Application|Express)|restify\.createServer|polka|new\s+\w*[Ss]erver)\s*[(<]"
)
_ROUTERS = re.compile(r"(^|\.|\s)(Router|router|KoaRouter|PromiseRouter)\s*[(<]")
_SERVERS = ("serve", "Bun.serve", "Deno.serve", "startStandaloneServer", "createAdaptorServer")


class Web:
    """What the modules of a component serve."""

    def __init__(self, code: JavaScript) -> None:
        self.code = code
        self.roots: set[Key] = set()
        self.routers: dict[Key, str] = {}
        self.parents: dict[Key, list[tuple[Key, str]]] = {}

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """`app.listen(…)`, `serve({ port })`, `export default { port }`."""
        found: list[tuple[Value, str]] = []
        for source in self.code.sources:
            if re.search(r"(^|/)(scripts?|tools?|mocks?)/", source.path):
                continue
            for call in source.all("call_expression"):
                function = call.field("function")
                word = function.text() if function is not None else ""
                if word.endswith(".listen") or word in _SERVERS or word == "listen":
                    value = self._listening(source, call)
                    if value is not None and (value.port is not None or value.variable):
                        found.append((value, source.at(call)))
        return found

    def _listening(self, source: Source, call: Node) -> Value | None:
        for index in (0, 1):
            node = argument(call, index)
            if node is None:
                return None
            if node.kind() == "object":
                for pair in children(node):
                    key = pair.field("key") if pair.kind() == "pair" else None
                    if key is not None and key.text() == "port":
                        return self.code.value(source, pair.field("value"))
                    if key is not None and key.text() == "listen" and pair.field("value").kind() == "object":
                        for inner in children(pair.field("value")):
                            if inner.kind() == "pair" and inner.field("key").text() == "port":
                                return self.code.value(source, inner.field("value"))
                    if pair.kind() == "shorthand_property_identifier" and pair.text() == "port":
                        return self.code.identifier(source, "port", 0)
            elif index == 0:
                value = self.code.value(source, node)
                if value.port is not None or value.variable:
                    return value
        return None

    @cached_property
    def routes(self) -> list[Route]:
        """Every route that a call or a decorator declares."""
        declared: list[tuple[Key, str, str, str]] = []
        for source in self.code.sources:
            self._objects(source)
        for source in self.code.sources:
            declared += self._calls(source)
        found = [
            Route(normal(prefix, path), evidence, method)
            for owner, path, method, evidence in declared
            for prefix in self._prefixes(owner, 0)
        ]
        return found + list(self._controllers())

    def _objects(self, source: Source) -> None:
        for node in source.all("variable_declarator"):
            name, value = node.field("name"), node.field("value")
            if name is None or value is None or name.kind() != "identifier":
                continue
            text = value.text()[:120]
            key = (source.path, name.text())
            if _ROOTS.search(text) and ".Router" not in text.split("(")[0]:
                self.roots.add(key)
            elif _ROUTERS.search(text):
                prefix = re.search(r"prefix\s*:\s*['\"]([^'\"]*)['\"]", value.text())
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
            if owner is None:
                continue
            first = argument(call, 0)
            path = (
                self.code.value(source, first).constant
                if first is not None
                and first.kind() in ("string", "template_string", "identifier", "member_expression")
                else None
            )
            word = verb.text()
            if word in ("use", "register", "mount") or (
                word == "route" and argument(call, 1) is not None and isinstance(path, str)
            ):
                self._mount(source, owner, call, path if isinstance(path, str) else "")
            elif word == "route" and first is not None and first.kind() == "object":
                url = re.search(r"\b(?:url|path)\s*:\s*['\"`]([^'\"`]+)['\"`]", first.text())
                if url:
                    yield owner, url[1], "GET" if re.search(r"['\"]GET['\"]", first.text()) else "POST", source.at(call)
            elif word == "route" and isinstance(path, str):
                above = call.parent()
                if above is not None and above.text().endswith((".get", ".all")):
                    yield owner, path, "GET", source.at(call)
            elif isinstance(path, str) and (path.startswith("/") or path == "") and argument(call, 1) is not None:
                yield owner, path, "ANY" if word == "all" else "GET", source.at(call)

    def _owner(self, source: Source, target: Node) -> Key | None:
        """What a route is declared on: a known object, or the parameter of a plugin."""
        while target.kind() == "call_expression":  # router.get(…).get(…)
            function = target.field("function")
            if function is None or function.kind() != "member_expression":
                return (source.path, "") if _ROUTERS.search(target.text()[:60]) else None
            target = function.field("object")
        name = target.text().removeprefix("this.")
        key = (source.path, name)
        if key in self.roots or key in self.routers:
            return key
        if not re.fullmatch(r"\w+", name):
            return None
        imported = next((module for local, module, _ in self.code.imports(source) if local == name), None)
        if imported is not None:
            path = self.code.resolve(source.path, imported)
            return self._exported(path, name) if path else None
        if re.search(r"app|server|router|fastify|instance|api|route", name, re.I):
            return (source.path, "")
        return None

    def _exported(self, path: str, name: str) -> Key:
        """The router that a module exports: the one of that name, else its only one, else its parameter."""
        if (path, name) in self.roots or (path, name) in self.routers:
            return (path, name)
        mine = [key for key in (*self.roots, *self.routers) if key[0] == path]
        return mine[0] if len(mine) == 1 else (path, "")

    def _mount(self, source: Source, owner: Key, call: Node, prefix: str) -> None:
        for node in children(call.field("arguments")):
            if node.kind() == "object":
                found = re.search(r"\bprefix\s*:\s*['\"`]([^'\"`]*)['\"`]", node.text())
                if found and self._last:
                    self.parents[self._last][-1] = (owner, found[1])
                continue
            key = self._below(source, node)
            if key and key != owner:
                self.parents.setdefault(key, []).append((owner, prefix))
                self._last = key

    _last: Key | None = None

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
            return [own] if key in self.roots or key[1] == "" or own else []
        if depth > 6:
            return []
        return [normal(before, prefix, own) for parent, prefix in above for before in self._prefixes(parent, depth + 1)]

    def _controllers(self) -> Iterator[Route]:
        """NestJS: `@Controller("x")` and the `@Get("y")` that follow it, under the global prefix."""
        prefix, excluded = "", ""
        for source in self.code.sources:
            for call in source.all("call_expression"):
                function = call.field("function")
                if function is not None and function.text().endswith(".setGlobalPrefix"):
                    value = self.code.value(source, argument(call, 0)).constant
                    prefix = value if isinstance(value, str) else prefix
                    options = argument(call, 1)
                    excluded = options.text() if options is not None else ""
        for source in self.code.sources:
            controller = None
            for node in source.all("decorator"):
                call = next(children(node), None)
                function = call.field("function") if call is not None and call.kind() == "call_expression" else None
                name = function.text() if function is not None else ""
                if name == "Controller":
                    controller = self._path_of(source, argument(call, 0))
                elif name in ("Get", "All", "HealthCheck") and controller is not None and name != "HealthCheck":
                    path = self._path_of(source, argument(call, 0))
                    inner = normal(controller, path)
                    bare = re.search(rf"['\"]/?{re.escape(inner.strip('/'))}['\"]", excluded)
                    yield Route(inner if bare else normal(prefix, inner), source.at(node))

    def _path_of(self, source: Source, node: Node | None) -> str:
        if node is None:
            return ""
        if node.kind() == "object":
            found = re.search(r"\bpath\s*:\s*['\"`]([^'\"`]*)['\"`]", node.text())
            return found[1] if found else ""
        value = self.code.value(source, node).constant
        return value if isinstance(value, str) else ""


_FILE_ROUTES = (
    # framework, pattern of the file below the component, what the groups make
    ("nextjs", re.compile(r"(?:src/)?app/(.*?)/?route\.[jt]sx?$")),
    ("nextjs", re.compile(r"(?:src/)?pages/(api/.*?)(?:/index)?\.[jt]sx?$")),
    ("nuxt", re.compile(r"server/(api/.*?)(?:/index)?(?:\.(?:get|all))?\.[jt]s$")),
    ("nuxt", re.compile(r"server/routes/(.*?)(?:/index)?(?:\.(?:get|all))?\.[jt]s$")),
    ("sveltekit", re.compile(r"src/routes/(.*?)/?\+server\.[jt]s$")),
    ("remix", re.compile(r"app/routes/(.*?)(?:/route)?\.[jt]sx?$")),
    ("react-router", re.compile(r"app/routes/(.*?)(?:/route)?\.[jt]sx?$")),
    ("astro", re.compile(r"src/pages/(.*?)(?:/index)?\.[jt]s$")),
)


def file_routes(framework: str | None, folder: str, files: tuple[str, ...]) -> Iterator[Route]:
    """The routes that a framework makes of file names."""
    patterns = [pattern for name, pattern in _FILE_ROUTES if name == framework]
    for path in files if patterns else ():
        inside = path if folder == "." else path.removeprefix(folder + "/")
        for pattern in patterns:
            found = pattern.fullmatch(inside)
            if found:
                parts = found[1].replace("_index", "")
                if framework in ("remix", "react-router"):
                    parts = (
                        parts.replace("[.]", ".")
                        .replace("+/", "/")
                        .replace(".", "/")
                        .replace("$", ":")
                        .replace("_", "_")
                    )
                # Route groups in parentheses are no part of the address.
                kept = "/".join(part for part in parts.split("/") if not re.fullmatch(r"\(.*\)", part))
                yield Route(normal(kept), f"{path}:1")
