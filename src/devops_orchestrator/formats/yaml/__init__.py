"""YAML as nodes with positions, and the edits that keep every other byte."""

from devops_orchestrator.formats.yaml.edits import Change, append_item, insert_after_key, remove_pair, replace
from devops_orchestrator.formats.yaml.nodes import MAX_DEPTH, MAX_NODES, Node, parse

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "Change",
    "Node",
    "append_item",
    "insert_after_key",
    "parse",
    "remove_pair",
    "replace",
]
