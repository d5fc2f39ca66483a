"""Pages that webpack or Rspack bundles without a framework: what they are built into and where they are developed."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.javascript_options import Option, Options
from devops_orchestrator.project.code.syntax import children
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree

Node = Any
_TOOLS = ("webpack", "@rspack/core")
_STEMS = (
    "webpack.config",
    "webpack.prod",
    "webpack.common",
    "webpack.config.production",
    "webpack.config.prod",
    "rspack.config",
)
_PAGES = ("html-webpack-plugin", "HtmlRspackPlugin", "webpack-dev-server")


def builds(draft: Draft) -> bool:
    """Whether a script bundles pages: a program is bundled for Node.js with webpack too, but has no page."""
    body = " ; ".join(draft.scripts.get(name, "") for name in ("build", "build:prod", "production"))
    page = any(path.endswith(".html") and not re.search(r"(^|/)(dist|docs|test)/", path) for path in draft.files)
    return bool(
        draft.depends_on(*_TOOLS) and re.search(r"\b(webpack|rspack)\b", body) and page and draft.depends_on(*_PAGES)
    )


def give(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """Output folder and port of the development server, as the configuration says them or by their defaults."""
    options = Options.of(draft, tree, code, *_STEMS)
    port = options.get("devServer", "port")
    if port is not None:
        draft.offer("port", port.value.port, port.evidence)
    draft.offer("port", 8080, convention("webpack-dev-server's default port"))
    path = options.get("output", "path")
    if path is not None:
        draft.offer("output", _below(options, path), path.evidence)
    draft.offer("output", "dist", convention("the output folder of webpack"))


def _below(options: Options, option: Option) -> str | None:
    """`path.resolve(__dirname, "public/bundle")` as a folder of the component; None where it leaves it."""
    node = option.node
    if node.kind() == "identifier" and options.source is not None:
        node = options.code.declared(options.source, node.text()) or node
    if node.kind() != "call_expression" or options.source is None:
        return None
    parts: list[str] = []
    for part in children(node.field("arguments")):
        value = options.code.value(options.source, part).constant
        if part.text() in ("__dirname", "import.meta.dirname", "process.cwd()"):
            continue
        if not isinstance(value, str):
            return None
        parts.append(value)
    found = posixpath.normpath(posixpath.join(*parts)) if parts else None
    return None if found is None or found.startswith(("..", "/")) else found
