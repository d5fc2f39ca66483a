"""How a JavaScript component is started: its scripts, its image, its entry file."""

from __future__ import annotations

import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import nx
from devops_orchestrator.project.code import javascript_pages
from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, join

_PRODUCTION = ("start:prod", "start:production", "start", "serve", "server", "prod")
_DEVELOPS = lazy(
    r"\b(nodemon|ts-node-dev|tsnd|nest start|nx serve|concurrently|node-dev|tsup --watch|wrangler dev)\b|\btsx watch\b|--watch\b|--hot\b|\btsc\b[^&|;]* -w\b"
)
_ENTRIES = (
    "server.js", "index.js", "app.js", "main.js", "src/server.js", "src/index.js", "src/app.js", "server/index.js", "bin/www",
    "server.mjs", "index.mjs",
)  # fmt: skip


def give(draft: Draft, tree: Tree, package: Document, servers: tuple[str, ...], code: JavaScript) -> None:
    """Offer the start command and the entry file."""
    from devops_orchestrator.project.ecosystems import node

    framework = draft.get("framework")
    if draft.kind == "static":
        nx.give_output(draft, tree)
        javascript_pages.give(draft, tree, code, node.execute(draft, "{}"))
    if draft.kind in ("library", "static"):
        return
    for name in _PRODUCTION:
        body = draft.scripts.get(name)
        if body is None or (draft.kind == "service" and develops(draft, body) and framework in (*servers, None)):
            continue
        if framework in javascript_pages.PAGES and javascript_pages.develops(body):
            continue
        plain = direct(_alias(draft, body))
        evidence = package.at("scripts", name)
        draft.offer("start", plain or node.run(draft, name), evidence)
        draft.offer("entrypoint", entry_of(draft, body), evidence)
    nx.give_output(draft, tree)
    if draft.traits.get("image_command"):
        draft.offer("start", draft.traits["image_command"], draft.evidence("image_command") or "")
    javascript_pages.give(draft, tree, code, node.execute(draft, "{}"))
    main = package.text("main")
    known = main and any(tree.has(draft.path, main + end) for end in ("", ".js", "/index.js"))
    if draft.kind == "service" and framework in (*servers, None) and main and known and not main.endswith(".ts"):
        draft.offer("start", f"node {main}", package.at("main"))
        draft.offer("entrypoint", main, package.at("main"))
    for name in ("start", "dev"):
        if name in draft.scripts and draft.kind in ("service", "worker"):
            draft.offer("start", node.run(draft, name), package.at("scripts", name))
    if draft.kind == "command" and "bin" not in package.value:
        path = program(draft, tree, package, code)
        if path:
            inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
            runner = "bun" if _on_bun(draft) else "node"
            draft.offer("start", f"{runner} {inside}", path)
            draft.offer("entrypoint", inside, path)
    if draft.kind == "service" and framework in (*servers, None) and framework not in ("strapi", "meteor"):
        path = next((join(draft.path, name) for name in _ENTRIES if tree.has(draft.path, name)), None)
        if path:
            inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
            draft.offer("start", f"node {inside}", path)
            draft.offer("entrypoint", inside, path)


def program(draft: Draft, tree: Tree, package: Document, code: JavaScript) -> str | None:
    """The main file of a package that is run, not imported: it exports nothing, and works as it is loaded."""
    named = [package.text("main") or "", package.text("module") or "", "index.js", "index.ts" if _on_bun(draft) else ""]
    path = next(
        (join(draft.path, name.removeprefix("./")) for name in named if name and tree.has(draft.path, name)), None
    )
    source = code.source(path, always=True) if path and path.endswith((".js", ".mjs", ".cjs", ".ts")) else None
    if source is None or source.all("export_statement"):
        return None
    left = (node.field("left").text() for node in source.all("assignment_expression"))
    if any(text.startswith(("module.exports", "exports.")) for text in left):
        return None
    return path if source.all("call_expression") else None


def _on_bun(draft: Draft) -> bool:
    return bool(draft.get("package_manager") == "bun")


def entry_file(draft: Draft, package: Document) -> str | None:
    """The file that is started, as far as scripts or the manifest name it."""
    bodies = [draft.scripts[name] for name in _PRODUCTION if name in draft.scripts]
    return next((found for body in bodies if (found := entry_of(draft, body))), package.text("main"))


def develops(draft: Draft, body: str, depth: int = 0) -> bool:
    """Whether a script is for development: it watches, or compiles as it goes, by itself or through a script it runs."""
    if _DEVELOPS.search(body):
        return True
    called = re.fullmatch(r"(?:npm run|yarn(?: run)?|pnpm(?: run)?|bun run) ([\w:.-]+)", body.strip())
    inner = draft.scripts.get(called[1]) if called else None
    return inner is not None and depth < 4 and develops(draft, inner, depth + 1)


def direct(body: str) -> str | None:
    """The command of a script that is one plain `node file`; its own variables in front are left out."""
    text = re.sub(r"^(?:(?:cross-env|env)\s+)?(?:[A-Z_][A-Z0-9_]*=\S+\s+)+", "", body.strip())
    program = r"(node|bun(?: run)?(?=\s.*[./])|deno (?:run|serve))"
    options = r"(\s+--?[\w-]+(?:[= ](?!\S*\.[cm]?[jt]s\b)[\w.@/:,-]+)?)*"
    found = re.fullmatch(rf"{program}{options}\s+[\w./-]+(\s+--?[\w-]+(=\S+)?)*", text)
    return text if found and not re.search(r"[;&|]", text) else None


def _alias(draft: Draft, body: str, depth: int = 0) -> str:
    """The script that a script only calls (`npm run start:api`), else itself."""
    called = re.fullmatch(r"(?:npm run|yarn(?: run)?|pnpm(?: run)?|bun run) ([\w:.-]+)", body.strip())
    inner = draft.scripts.get(called[1]) if called else None
    return _alias(draft, inner, depth + 1) if inner is not None and depth < 4 else body


def entry_of(draft: Draft, body: str, depth: int = 0) -> str | None:
    """The file that a script runs in the end: over the scripts that it calls, after what it builds first."""
    last = body.split("&&")[-1].strip()
    called = re.fullmatch(r"(?:npm run|npm|yarn(?: run)?|pnpm(?: run)?|bun run) ([\w:.-]+)", last)
    inner = draft.scripts.get(called[1]) if called else None
    if inner is not None:
        return entry_of(draft, inner, depth + 1) if depth < 4 else None
    plain = direct(last)
    if plain:
        return entry(plain)
    ran = re.search(
        r"(?:\bpm2(?:-runtime)? start|\b(?:tsx|ts-node|babel-node|swc-node))\s(?:.*?\s)?([\w./-]+\.[cm]?[jt]s)\b",
        re.sub(r"\s(-r|--require|--import|--loader)[ =]\S+", "", last),
    )
    return ran[1] if ran and not ran[1].endswith(".config.js") else None


def entry(command: str) -> str:
    """The file that a plain command runs."""
    words = [word for word in command.split() if not word.startswith("-")]
    return next((word for word in reversed(words) if re.search(r"[./]", word)), words[-1])
