"""What runs beside the server of a JavaScript package: workers and scheduled jobs, as its scripts and PM2 name them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.syntax import Source, children, unquote
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

Node = Any
QUEUES = (
    "bullmq",
    "bull",
    "bee-queue",
    "kafkajs",
    "amqplib",
    "agenda",
    "bree",
    "pg-boss",
    "graphile-worker",
    "@temporalio/worker",
    "nats",
)
SCHEDULERS = ("node-cron", "cron", "croner", "node-schedule", "agenda", "bree", "toad-scheduler", "@nestjs/schedule")
_WORKER = lazy(
    r"(start[:-]|run[:-])?(workers?|queues?|consumers?|jobs?|processors?|background)([:-](start|prod|production))?"
)
_SCHEDULE = lazy(r"(start[:-]|run[:-])?(cron|scheduler?s?|clock|beat|crons)([:-](start|prod|production))?")


def give(draft: Draft, tree: Tree, package: Document, code: JavaScript) -> None:
    """`processes`: the scripts whose names say what they are and whose programs are there, then PM2's applications."""
    from devops_orchestrator.project.ecosystems import node

    of_scripts(draft, lambda name: node.run(draft, name), lambda name: package.at("scripts", name))
    _pm2(draft, tree, code)
    if draft.kind == "service":
        _files(draft, code)


def of_scripts(draft: Draft, run: Callable[[str], str], at: Callable[[str], str]) -> None:
    """The scripts named after a worker or a schedule; `run` makes a script's command, `at` its evidence."""
    from devops_orchestrator.project.code import javascript_start

    for name, body in draft.scripts.items():
        kind = "schedule" if _SCHEDULE.fullmatch(name) else "worker" if _WORKER.fullmatch(name) else None
        if kind is None or javascript_start.develops(draft, body):
            continue
        command = javascript_start.direct(body) or run(name)
        if command != draft.get("start"):
            draft.process(re.sub(r"^(start|run)[:-]|[:-](start|prod|production)$", "", name), kind, command, at(name))


def _pm2(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """The applications of `ecosystem.config.js` beyond the one that is served."""
    if "pm2" not in draft.dependencies and not any("pm2" in body for body in draft.scripts.values()):
        return
    path = tree.first(draft.path, "ecosystem.config.js", "ecosystem.config.cjs")
    source = code.source(path, always=True) if path else None
    for pair in source.all("pair") if source else ():
        if source is None or pair.field("key").text() != "apps" or pair.field("value").kind() != "array":
            continue
        for entry in children(pair.field("value")):
            found = {
                part.field("key").text(): unquote(part.field("value").text())
                for part in children(entry)
                if part.kind() == "pair"
            }
            script, name = found.get("script"), found.get("name")
            if script and name and script.endswith((".js", ".mjs", ".cjs")):
                inside = posixpath.normpath(script)
                kind = "schedule" if found.get("cron_restart") or _SCHEDULE.search(name) else "worker"
                if _WORKER.search(name) or kind == "schedule":
                    draft.process(name, kind, f"node {inside}", source.at(entry))


def _files(draft: Draft, code: JavaScript) -> None:
    """Programs that nothing of the server loads and that no script runs: `worker.js` with a queue's consumer in it."""
    scripts = " ".join(draft.scripts.values())
    loaded: set[str | None] | None = None
    for source in code.sources:
        name = posixpath.basename(source.path).partition(".")[0]
        inside = source.path.removeprefix(f"{draft.path}/")
        if source.language != "javascript" or inside in scripts:
            continue
        kind = "schedule" if _SCHEDULE.fullmatch(name) and _uses(code, source, SCHEDULERS) else None
        kind = kind or ("worker" if _WORKER.fullmatch(name) and _uses(code, source, QUEUES) else None)
        loaded = _loaded(code) if kind and loaded is None else loaded
        if kind and loaded is not None and source.path not in loaded:
            draft.process(name, kind, f"node {inside}", f"{source.path}:1")


def _loaded(code: JavaScript) -> set[str | None]:
    """Every file that another one imports, also by way of files that say nothing else."""
    found: set[str | None] = set()
    for path in code.paths[: facts.MAX_SOURCES]:
        source = code.source(path, always=True)
        found |= {code.resolve(path, module) for _, module, _ in code.imports(source)} if source else set()
    return found


def _uses(code: JavaScript, source: Source, packages: tuple[str, ...]) -> bool:
    return any(module in packages for _, module, _ in code.imports(source))
