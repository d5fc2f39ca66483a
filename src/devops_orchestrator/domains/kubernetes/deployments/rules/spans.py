"""Where a finding points, and the edits that the fixes are made of."""

from __future__ import annotations

from devops_orchestrator.core.rule import Edit, Source
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node


def head(node: Node) -> tuple[int, int]:
    """The first entry of a map: the place to name for something that is missing in it."""
    first = next(node.items(), None)
    if first is None:
        return node.start, node.end
    key, value = first
    return key.start, value.end if value.kind == "scalar" else key.end


def entry(node: Node, key: str) -> tuple[int, int]:
    """A key and its value, of a map that has it; of a long value the key alone."""
    pair = node.pair(key)
    if pair is None:
        return head(node)
    return pair[0].start, pair[1].end if pair[1].kind == "scalar" else pair[0].end


def has(node: Node | None, key: str) -> bool:
    """Whether a map has a key, by itself or through a merge (`<<`)."""
    return node is not None and isinstance(node.value, dict) and key in node.value


def editable(node: Node | None) -> bool:
    """Whether keys can be put into a map as lines."""
    return node is not None and node.kind == "map" and not node.flow and next(node.items(), None) is not None


def put(source: Source, node: Node, block: str, after: str | None = None) -> tuple[Edit, ...]:
    """The edit that puts the lines of `block` into a block map: after a key where it is there, else at its end."""
    if not editable(node):
        return ()
    anchor = after if after is not None and node.pair(after) else list(node.items())[-1][0].value
    return (source.edit(*yaml.insert_after_key(node, str(anchor), block)),)


def put_below(source: Source, node: Node, key: str, block: str, after: str | None = None) -> tuple[Edit, ...]:
    """`block` below `key` of a map, which is made where it is missing."""
    below = node.get(key)
    if below is None:
        indented = "\n".join(f"  {line}" for line in block.split("\n"))
        return put(source, node, f"{key}:\n{indented}", after)
    if below.raw is None or (below.kind == "map" and below.flow and not below.value):
        return ()
    return put(source, below, block)


def drop_item(source: Source, item: Node) -> tuple[Edit, ...]:
    """The edit that takes one entry, with its dash and whole lines, out of a block list."""
    text = item.text
    start = text.rfind("\n", 0, item.start) + 1
    if text[start : item.start].strip() != "-":
        return ()
    end = text.find("\n", item.end)
    return (source.edit(start, len(text) if end < 0 else end + 1, ""),)
