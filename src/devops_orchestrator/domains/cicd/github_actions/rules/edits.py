"""Edits of workflows that several rules make."""

from __future__ import annotations

from devops_orchestrator.core.rule import Edit, Source
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.workflow import Step, Uses
from devops_orchestrator.formats.yaml import Node


def edit(source: Source, change: yaml.Change) -> Edit:
    """A change of a node as an edit of its file."""
    start, end, text = change
    return source.edit(start, end, text)


def insert(source: Source, mapping: Node, after: str | None, block: str) -> tuple[Edit, ...] | None:
    """Keys put into a mapping, indented as the file is; None where its form does not allow it (empty, an alias, a flow mapping)."""
    block = _widened(block, _width(source))
    try:
        return (edit(source, yaml.insert_after_key(mapping, after, block)),)
    except ValueError:
        return None


def section(source: Source, root: Node, after: str, block: str) -> tuple[Edit, ...] | None:
    """A top-level key after another one, with an empty line before it where the file separates its keys so."""
    pair = root.pair(after)
    if pair is None:
        return None
    rest = source.text[max(pair[0].end, pair[1].end) :].replace("\r", "").split("\n")
    separated = len(rest) > 1 and not rest[1].strip()
    return insert(source, root, after, f"\n{block}" if separated else block)


def _width(source: Source) -> int:
    """How many columns the file indents by."""
    jobs = source.parsed(workflow.parse).root.get("jobs")
    return jobs.column if jobs is not None and jobs.kind == "map" and not jobs.flow and 1 <= jobs.column <= 8 else 2


def _widened(block: str, width: int) -> str:
    """Lines indented by twos, indented by `width`."""
    lines = block.split("\n")
    return "\n".join(" " * ((len(line) - len(line.lstrip(" "))) // 2 * width) + line.lstrip(" ") for line in lines)


def set_input(source: Source, step: Step, name: str, value: str) -> tuple[Edit, ...] | None:
    """An input put under `with`, which is made where it is missing."""
    given = step.get("with")
    if given is None:
        block = f"with: {{{name}: {value}}}" if step.node.flow else f"with:\n  {name}: {value}"
        return insert(source, step.node, "uses", block)
    if given.kind != "map" or not list(given.items()):
        return None
    return insert(source, given, None if given.flow else list(given.items())[-1][0].scalar, f"{name}: {value}")


def pin(source: Source, uses: Uses, sha: str, version: str) -> tuple[Edit, ...]:
    """`uses` with a commit hash, the version as the first words of the comment behind it."""
    node = uses.node
    quote = source.text[node.start] if source.text[node.start] in "'\"" else ""
    reference = f"{quote}{uses.name}@{sha}{quote}"
    if uses.comment_span is None:
        rest = source.text[node.end :].split("\n", 1)[0].strip()
        return (source.edit(node.start, node.end, reference if rest else f"{reference} # {version}"),)
    start, end = uses.comment_span
    old = uses.version if uses.pinned else ""
    if old and (at := source.text.find(old, start, end)) >= 0:
        return (source.edit(node.start, node.end, reference), source.edit(at, at + len(old), version))
    kept = f" {version}" if not uses.comment else f" {version} -"
    return (source.edit(node.start, node.end, reference), source.edit(start + 1, start + 1, kept))
