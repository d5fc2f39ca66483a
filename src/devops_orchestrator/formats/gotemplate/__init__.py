"""Go templates, as Helm writes them: a tree with positions, and what a simple one renders to."""

from devops_orchestrator.formats.gotemplate.nodes import (
    Action,
    Block,
    Call,
    Define,
    Field,
    Literal,
    Output,
    Pipeline,
    Unreadable,
    Words,
    parse,
)
from devops_orchestrator.formats.gotemplate.render import Rendered, Renderer, Unrenderable

__all__ = [
    "Action",
    "Block",
    "Call",
    "Define",
    "Field",
    "Literal",
    "Output",
    "Pipeline",
    "Rendered",
    "Renderer",
    "Unreadable",
    "Unrenderable",
    "Words",
    "parse",
]
