"""JSON Schema over YAML nodes: the errors that matter, at their place in the text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.validation.validator import Problem


@lru_cache(maxsize=4)
def package_folder(name: str) -> Path:
    """The folder of an installed package, found without importing it: its data is all that is wanted."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name)
    return Path(spec.submodule_search_locations[0])


@lru_cache(maxsize=16)
def schemastore(name: str) -> Any:
    """A compiled validator of one of the schemas that check-jsonschema bundles (`github-workflows`, `compose-spec`…)."""
    import jsonschema

    path = package_folder("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json"
    text = path.read_text(encoding="utf-8")
    schema = json.loads(text)
    return jsonschema.validators.validator_for(schema)(schema)


def problems(validator: Any, document: Node, path: str, value: Any = None) -> list[Problem]:
    """What a validator objects to in a document, deepest cause first, at the node that it is about."""
    import jsonschema

    found: dict[tuple[int, str], Problem] = {}
    lines = Lines(document.text)
    for error in validator.iter_errors(document.value if value is None else value):
        cause = jsonschema.exceptions.best_match([error]) if error.context else error
        line, column = lines.place(node_at(document, cause.absolute_path).start)
        message = cause.message if len(cause.message) < 300 else cause.message[:297] + "…"
        where = ".".join(str(part) for part in cause.absolute_path)
        problem = Problem(path, line, f"{where}: {message}" if where else message, "schema", column)
        found.setdefault((line, problem.message), problem)
    return list(found.values())


def node_at(document: Node, path: Iterable[str | int]) -> Node:
    """The node at a JSON path, or the nearest one above it."""
    node = document
    for step in path:
        below = node.get(step)
        if below is None:
            return node
        node = below
    return node
