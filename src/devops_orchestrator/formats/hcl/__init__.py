"""HCL (Terraform, OpenTofu): text ↔ blocks, attributes and expressions with character positions; its canonical format.

A grammar of our own: `layout` needs the very tokens of HCL to give `terraform fmt`'s result to the byte, and a file of
the user that does not parse is told with line and column. Both are checked against terraform itself in the tests.
"""

from __future__ import annotations

from devops_orchestrator.formats.hcl.body import (
    Attribute,
    Block,
    Body,
    Change,
    Document,
    insert,
    insert_first,
    remove,
    set_value,
)
from devops_orchestrator.formats.hcl.expressions import Expression, key_of
from devops_orchestrator.formats.hcl.layout import fmt
from devops_orchestrator.formats.hcl.parser import parse

__all__ = [
    "Attribute",
    "Block",
    "Body",
    "Change",
    "Document",
    "Expression",
    "fmt",
    "insert",
    "insert_first",
    "key_of",
    "parse",
    "remove",
    "set_value",
]
