"""JSON Schema over YAML nodes: the errors that matter, at their place in the text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.validation.validator import Problem

_CHOICES = ("anyOf", "oneOf")


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
    plain = jsonschema.validators.validator_for(schema)
    if r"\p{" not in text.replace("\\\\", "\\"):
        return plain(schema)
    from check_jsonschema.regex_variants import RegexImplementation, RegexVariantName

    regex = RegexImplementation(RegexVariantName.default)  # Python's does not know its `\\p{…}`
    keywords = {"pattern": regex.pattern_keyword, "patternProperties": regex.patternProperties_keyword}
    extend: Any = jsonschema.validators.extend
    return extend(plain, keywords)(schema)


def problems(
    validator: Any, document: Node, path: str, value: Any = None, allowed: Sequence[Callable[[Any], bool]] = ()
) -> list[Problem]:
    """What a validator objects to in a document, deepest cause first, at the node that it is about.

    A key that is one too many is told at the key; a value that fits none of several forms, over the value's lines. `allowed` are
    objections that the program which reads the file does not have.
    """
    found: dict[tuple[int, int, str], Problem] = {}
    lines = Lines(document.text)
    for error in validator.iter_errors(document.value if value is None else value):
        cause = _cause(error)
        if any(passed(cause) for passed in allowed):
            continue
        node = node_at(document, cause.absolute_path)
        last = lines.place(max(node.start, node_at(document, error.absolute_path).end - 1))[0]
        message = cause.message if len(cause.message) < 300 else cause.message[:297] + "…"
        where = ".".join(str(part) for part in cause.absolute_path)
        for place in _places(cause, node):
            line, column = lines.place(place.start)
            end = last if error.validator in _CHOICES else 0
            problem = Problem(path, line, f"{where}: {message}" if where else message, "schema", column, end_line=end)
            found.setdefault((line, column, problem.message), problem)
    return list(found.values())


def _cause(error: Any) -> Any:
    """The objection that matters: of several forms, the one that the value is nearest to."""
    while error.context:
        forms: dict[Any, list[Any]] = {}
        for below in error.context:
            forms.setdefault(below.relative_schema_path[0], []).append(below)
        nearest = min(forms.values(), key=_distance)
        if _distance(nearest)[0]:  # of another type altogether: the choice itself is what it fails
            return error
        # A key too many says more than the one that it was meant to be.
        error = max(nearest, key=lambda below: (len(below.absolute_path), below.validator == "additionalProperties"))
    return error


def _distance(errors: list[Any]) -> tuple[bool, int, int]:
    """How far a value is from a form: of another type, the number of objections, those that lie deeper are nearer."""
    other = any(below.validator in ("type", "enum", "const") and not below.relative_path for below in errors)
    return other, sum(_weight(below) for below in errors), -max(len(below.absolute_path) for below in errors)


def _weight(error: Any) -> int:
    """The number of objections in one: each key too many is one."""
    unknown = error.validator in ("additionalProperties", "unevaluatedProperties")
    return max(1, error.message.count("', '") + 1) if unknown else 1


def _places(error: Any, node: Node) -> Iterator[Node]:
    """The keys that are too many, else the node."""
    unknown = []
    if error.validator in ("additionalProperties", "unevaluatedProperties") and isinstance(error.instance, dict):
        unknown = [key for key, _ in node.items() if f"'{key.scalar}'" in error.message.partition("(")[2]]
    yield from unknown[:1] if unknown else (node,)


def node_at(document: Node, path: Iterable[str | int]) -> Node:
    """The node at a JSON path, or the nearest one above it."""
    node = document
    for step in path:
        below = node.get(step)
        if below is None:
            return node
        node = below
    return node


def pointed(document: Node, pointer: str) -> Node:
    """The node at a JSON pointer (`/spec/ports/0`), or the nearest one above it."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    node = document
    for step in steps:
        below = node.get(int(step)) if node.kind == "list" and step.isdigit() else node.get(step)
        if below is None:
            return node
        node = below
    return node
