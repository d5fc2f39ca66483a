"""Elixir: Mix; Phoenix."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.facts import Read, Route, Value, normal
from devops_orchestrator.project.code.syntax import Source, Sources
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import join

_WORDS = re.compile(r"System\.|get |port:|def deps|elixir:")


def _finds(tree: Any) -> list[str]:
    return with_manifest(tree, "mix.exs")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    path = join(draft.path, "mix.exs")
    text = tree.text(path)
    if text is None:
        return False
    mix = Source(path, text, "elixir")
    for node in mix.all("tuple"):
        found = re.match(r'\{\s*:(\w+)\s*,\s*(?:"([^"]*)")?', node.text())
        if found:
            draft.dependencies.setdefault(found[1], found[2] or "")
            draft.places.setdefault(found[1], mix.at(node))
            if re.search(r"only:\s*\[?\s*:(dev|test)", node.text()):
                draft.dev_dependencies.add(found[1])
    for node in mix.all("pair"):
        found = re.fullmatch(r'(app|elixir):\s*(?::(\w+)|"([^"]+)")', node.text())
        if found and found[1] == "app":
            draft.name = found[2] or draft.name
        elif found:
            draft.trait("runtime_constraint", found[3] or "", mix.at(node))
    draft.offer("manifest", path, path)
    draft.offer("language", "elixir", path)
    draft.offer("package_manager", "mix", path)
    lock = tree.first(draft.path, "mix.lock")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "mix deps.get", lock or path)
    versions.tool_files(draft, tree, "elixir")
    constraint = draft.traits.get("runtime_constraint")
    if constraint:
        versions.offer(draft, "elixir", versions.coarse(constraint, 2), draft.evidence("runtime_constraint") or path)
    services.from_packages(draft, services.ELIXIR)
    phoenix = "phoenix" in draft.dependencies
    draft.kind = "service" if phoenix or draft.depends_on("bandit", "plug_cowboy") else "library"
    draft.offer("framework", "phoenix" if phoenix else None, draft.place("phoenix"))
    facts.give(draft, _seen(draft, context))
    if draft.kind == "service":
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
        draft.offer("port", 4000, convention("Phoenix's default port"))
        draft.offer("build", "MIX_ENV=prod mix release", path)
        draft.offer("start", f"_build/prod/rel/{draft.name}/bin/{draft.name} start", path)
        if draft.depends_on("ecto_sql"):
            draft.offer("migrate", "mix ecto.migrate", draft.place("ecto_sql"))
    draft.offer("test", "mix test" if any("/test/" in f"/{p}" for p in draft.files) else None, path)
    draft.offer(
        "lint",
        "mix credo"
        if draft.depends_on("credo")
        else "mix format --check-formatted"
        if tree.has(draft.path, ".formatter.exs")
        else None,
        draft.place("credo"),
    )
    tasks.offer(draft, tree, "lint")
    versions.last_resorts(draft, tree, "elixir")
    return True


def _seen(draft: Draft, context: Context) -> facts.Seen:
    code = Sources(
        context.tree, draft.files, {".ex": "elixir", ".exs": "elixir"}, _WORDS, lambda p: "/test/" in f"/{p}",
        lambda p: 0 if p.endswith(("runtime.exs", "router.ex", "prod.exs")) else 1,
    )  # fmt: skip
    found = facts.Seen()
    for source in code.sources:
        for call in source.all("call"):
            text = call.text()
            named = re.match(r'System\.(get_env|fetch_env!)\(\s*"(\w+)"\s*(,)?', text)
            if named:
                above = call.parent()
                raises = above is not None and "||" in above.text() and "raise" in above.text()
                found.reads.append(Read(named[2], source.at(call), named[1] == "fetch_env!" or raises))
            route = re.match(r'get\s*\(?\s*"([^"]+)"', text)
            if route and "router" in source.path:
                found.routes.append(Route(normal(route[1]), source.at(call)))
        if source.path.endswith("runtime.exs"):
            for call in source.all("call"):
                port = re.match(
                    r'String\.to_integer\(\s*System\.get_env\(\s*"(\w*PORT)"\s*(?:,\s*"(\d+)"\s*)?\)(?:\s*\|\|\s*"(\d+)")?',
                    call.text(),
                )
                if port:
                    number = port[2] or port[3]
                    found.ports.append((Value(int(number) if number else None, port[1]), source.at(call)))
    return found


ECOSYSTEM = Ecosystem("elixir", _finds, _read)
