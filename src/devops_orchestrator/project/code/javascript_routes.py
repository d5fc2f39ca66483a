"""Addresses that the files of a framework make: Next.js, Nuxt, SvelteKit, Remix, React Router, Astro, TanStack Start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.javascript_options import Options, inside
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.draft import Draft

Node = Any
_FILES = (
    # framework, pattern of the file below the component, what the groups make
    ("nextjs", re.compile(r"(?:src/)?app/(.*?)/?route\.[jt]sx?$")),
    ("nextjs", re.compile(r"(?:src/)?pages/(api/.*?)(?:/index)?\.[jt]sx?$")),
    ("nuxt", re.compile(r"server/(api/.*?)(?:/index)?(?:\.(?:get|all))?\.[jt]s$")),
    ("nuxt", re.compile(r"server/routes/(.*?)(?:/index)?(?:\.(?:get|all))?\.[jt]s$")),
    ("sveltekit", re.compile(r"src/routes/(.*?)/?\+server\.[jt]s$")),
    ("astro", re.compile(r"src/pages/(.*?)(?:/index)?\.[jt]s$")),
    ("solid-start", re.compile(r"src/routes/(.*?)(?:/index)?\.[jt]s$")),
    ("expo", re.compile(r"(?:src/)?app/(.*?)\+api\.[jt]s$")),
)
_CREATORS = ("createFileRoute", "createServerFileRoute", "createAPIFileRoute")


def routes(draft: Draft, code: JavaScript) -> Iterator[Route]:
    """Every route that the framework makes of files, under the base path that its configuration sets."""
    framework = draft.get("framework")
    prefix = _base(draft, code) if framework == "nextjs" else ""
    for route in _routes(draft, code, framework):
        yield Route(normal(prefix, route.path), route.evidence, route.method) if prefix else route


def _base(draft: Draft, code: JavaScript) -> str:
    option = Options.of(draft, code.tree, code, "next.config").get("basePath")
    return option.text or "" if option is not None else ""


def _routes(draft: Draft, code: JavaScript, framework: str | None) -> Iterator[Route]:
    if framework in ("remix", "react-router"):
        yield from _remix(draft, code)
    elif framework == "tanstack-start":
        yield from _tanstack(code)
    patterns = [pattern for name, pattern in _FILES if name == framework]
    for path in draft.files if patterns else ():
        for pattern in patterns:
            found = pattern.fullmatch(inside(draft.path, path))
            if found:
                # Route groups in parentheses are no part of the address.
                parts = [part for part in found[1].split("/") if not re.fullmatch(r"\(.*\)", part)]
                yield Route(normal("/".join(parts)), f"{path}:1")


def _remix(draft: Draft, code: JavaScript) -> Iterator[Route]:
    """app/routes.ts where it lists the routes itself; the names of files below app/routes otherwise."""
    option = Options.of(draft, code.tree, code, "react-router.config").get("appDirectory")
    folder = (option.text if option is not None and option.text else "app").removeprefix("./").rstrip("/")
    at = folder if draft.path == "." else f"{draft.path}/{folder}"
    listed = code.source(f"{at}/routes.ts", always=True) or code.source(f"{at}/routes.js", always=True)
    if listed is not None:
        yield from _listed(code, listed, listed.root, "")
        called = {f.text() for call in listed.all("call_expression") if (f := call.field("function")) is not None}
        if not called & {"flatRoutes", "autoRoutes", "remixRoutesOptionAdapter"}:
            return
    for path in draft.files:
        found = re.fullmatch(re.escape(f"{at}/routes/") + r"(.*?)(?:/(?:route|index))?\.[jt]sx?", path)
        if found:
            yield Route(_flat(found[1]), f"{path}:1")


def _flat(name: str) -> str:
    """The address of a flat file name: `api.health`, `resources+/healthcheck`, `_auth.login`, `health[.]txt`."""
    text = re.sub(r"\[(.+?)\]", lambda m: m[1].replace(".", "\0"), name).replace("+/", ".").replace("/", ".")
    parts = [part for part in text.split(".") if part and not part.startswith("_") and part != "index"]
    parts = [":" + part[1:] if part.startswith("$") else part.rstrip("_") for part in parts]
    return normal("/".join(parts).replace("\0", "."))


def _listed(code: JavaScript, source: Source, node: Node, prefix: str) -> Iterator[Route]:
    """`route("health", "routes/health.ts")`, `prefix("api", [ … ])`, `layout("…", [ … ])`, one in the other."""
    for child in children(node):
        function = child.field("function") if child.kind() == "call_expression" else None
        word = function.text() if function is not None else ""
        first = code.text_argument(child, 0) if word in ("route", "prefix") else None
        if first is not None:
            path = normal(prefix, first)
            if word == "route":
                yield Route(path, source.at(child))
            yield from _listed(code, source, child.field("arguments"), path)
        else:
            yield from _listed(code, source, child, prefix)


def _tanstack(code: JavaScript) -> Iterator[Route]:
    """Routes with handlers of the server: `createFileRoute("/api/health")({ server: { handlers } })`."""
    for path in code.paths:
        text = code.tree.text(path) or ""
        source = code.source(path, always=True) if any(word in text for word in _CREATORS) else None
        for call in source.all("call_expression") if source else ():
            function = call.field("function")
            if source is None or function is None or function.text() not in _CREATORS:
                continue
            address = code.text_argument(call, 0)
            options = (
                argument(call.parent(), 0)
                if call.parent() is not None and call.parent().kind() == "call_expression"
                else None
            )
            served = function.text() != "createFileRoute" or (
                options is not None
                and any(p.kind() == "pair" and p.field("key").text() == "server" for p in children(options))
            )
            if address and served:
                yield Route(normal(address), source.at(call))
