"""Settings that a JavaScript component keeps in files: the `config` package's folder, dotenv files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from devops_orchestrator.project.code.facts import Read, Value
from devops_orchestrator.project.tree import Tree

if TYPE_CHECKING:
    from devops_orchestrator.project.code.javascript import JavaScript

# The files that show which variables a component wants, in the order in which they say what it really uses.
DOTENV = (
    ".env",
    ".env.example",
    ".env.sample",
    ".env.dist",
    ".env.template",
    "sample.env",
    "example.env",
    ".env.defaults",
)
_FORMATS = ("json", "json5", "yaml", "yml", "js", "ts", "cjs", "mjs")


def of_config_package(code: JavaScript, names: list[str]) -> Value:
    """A key that the `config` package reads of `config/default.*`, and the variable that replaces it."""
    default = _of_file(code, "config/default", names)
    replaced = _of_file(code, "config/custom-environment-variables", names).constant
    return Value(default.constant, replaced if isinstance(replaced, str) else default.variable)


def _of_file(code: JavaScript, stem: str, names: list[str]) -> Value:
    tree = code.tree
    path = next((p for ext in _FORMATS if (p := tree.first(code.folder, f"{stem}.{ext}"))), None)
    if path is None:
        return Value()
    if path.endswith((".json", ".json5")):
        document = tree.jsonc(path)
        return Value(document.get(*names) if document else None)
    if path.endswith((".yaml", ".yml")):
        for node in tree.yaml(path):
            return Value(node.at(*names))
        return Value()
    source = code.source(path, always=True)
    return code.setting(source, ".".join(names[:-1]), names[-1], 0) if source else Value()


def replaced(code: JavaScript) -> Iterator[Read]:
    """The variables that replace settings of the `config` package: optional, since every setting has a default."""
    stem = "config/custom-environment-variables"
    path = next((p for ext in ("json", "yaml", "yml") if (p := code.tree.first(code.folder, f"{stem}.{ext}"))), None)
    if path is None:
        return
    for number, line in code.tree.lines(path):
        found = re.fullmatch(r"\s*[\"']?[\w-]+[\"']?\s*:\s*[\"']?([A-Z][A-Z0-9_]+)[\"']?,?\s*", line)
        if found:
            yield Read(found[1], f"{path}:{number}", False)


def dotenv_port(tree: Tree, folder: str, variables: Iterable[str]) -> tuple[int, str] | None:
    """(port, evidence) that a dotenv file of the repository gives the first of these variables, or None."""
    for variable in variables:
        for name in DOTENV:
            path = tree.first(folder, name)
            found = tree.properties(path).get(variable) if path else None
            number = found[0].split("#")[0].strip() if found else ""
            if found and number.isdigit():
                return int(number), f"{path}:{found[1]}"
    return None
