"""Environment variables that JavaScript code reads, and which of them have no default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.javascript import JavaScript, environment_name
from devops_orchestrator.project.code.syntax import Source, children

Node = Any


_NOT_OURS = re.compile(r"[a-z]|(NODE_ENV|CI|MODE|DEV|PROD|SSR|BASE_URL|NEXT_RUNTIME|VERCEL\w*|npm_\w+)$")


def reads(code: JavaScript) -> list[Read]:
    """Every environment variable that the code reads."""
    found: list[Read] = []
    for source in code.sources:
        if (
            re.search(r"(^|/)(scripts?|tools?|\.github)/|\.config\.[cm]?[jt]s$", source.path)
            and "vite.config" not in source.path
        ):
            continue
        found += [read for read in _reads(code, source) if not _NOT_OURS.match(read.name)]
    return found


def _reads(code: JavaScript, source: Source) -> Iterator[Read]:
    for node in source.all("member_expression", "subscript_expression"):
        name = environment_name(node)
        if name:
            yield Read(name, source.at(node), not _has_default(node) and not _inside_function(node))
    if "process.env" in source.text:
        yield from _schema(source)
    for node in source.all("object_pattern"):
        declarator = node.parent()
        given = (
            declarator.field("value") if declarator is not None and declarator.kind() == "variable_declarator" else None
        )
        if given is not None and given.text() in ("process.env", "import.meta.env", "Bun.env"):
            for entry in children(node):
                left = entry.field("left") if entry.kind() == "object_assignment_pattern" else entry
                if left is not None and left.text().isupper():
                    yield Read(left.text(), source.at(entry), entry.kind() != "object_assignment_pattern")
    for node in source.all("call_expression"):
        function = node.field("function")
        word = function.text() if function is not None else ""
        if re.search(r"config\w*\.(get|getOrThrow)(<[^>]*>)?$", word, re.I):
            name = code.text_argument(node, 0)
            if name and re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
                yield Read(name, source.at(node), word.rstrip(">").rpartition(".")[2].startswith("getOrThrow"))
        elif word.rpartition(".")[2] in ("createEnv", "cleanEnv"):
            for pair in node.find_all(kind="pair"):
                key, value = pair.field("key"), pair.field("value")
                if (
                    key is not None
                    and value is not None
                    and re.fullmatch(r"[A-Z][A-Z0-9_]+", key.text())
                    and value.kind() == "call_expression"
                ):
                    yield Read(
                        key.text(),
                        source.at(pair),
                        not re.search(r"\.(default|optional)\(|default\s*:", value.text()),
                    )


def _schema(source: Source) -> Iterator[Read]:
    """The variables of a schema that the environment is checked with: `PORT: Joi.number().default(3000)`."""
    for pair in source.all("pair"):
        key, value = pair.field("key"), pair.field("value")
        if (
            key is None
            or value is None
            or value.kind() != "call_expression"
            or not re.fullmatch(r"[A-Z][A-Z0-9_]+", key.text())
        ):
            continue
        kind = re.match(r"(Joi|joi|z|yup|v|str|num|port|bool|url|email|host)\b", value.text())
        if kind:
            optional = re.search(r"\.(default|optional|nullish)\(|default\s*:", value.text())
            required = ".required(" in value.text() if kind[1].lower() == "joi" else not optional
            yield Read(key.text(), source.at(pair), required)


def _has_default(node: Node) -> bool:
    """Whether a read stands where its absence is dealt with: before `||`, in a condition, in a comparison, assigned to."""
    child, above = node, node.parent()
    while above is not None and above.kind() in (
        "parenthesized_expression",
        "non_null_expression",
        "as_expression",
        "call_expression",
        "arguments",
        "unary_expression",
    ):
        if above.kind() == "unary_expression":
            return above.text().startswith(("!", "typeof")) and not _throws(above)
        child, above = above, above.parent()
    if above is None:
        return False
    kind = above.kind()
    if kind == "binary_expression":
        left = above.field("left")
        return (
            bool(re.search(r"\|\||\?\?|&&|[=!]==?", above.text()))
            and left is not None
            and left.range().start.index <= child.range().start.index
        )
    if kind in ("if_statement", "while_statement"):
        return True
    if kind == "ternary_expression":
        condition = above.field("condition")
        return condition is not None and condition.range().start.index == child.range().start.index
    if kind == "assignment_expression":
        left = above.field("left")
        return left is not None and left.range().start.index == child.range().start.index
    return False


def _inside_function(node: Node) -> bool:
    """Whether a read is a function's own: then its absence is not known to stop the program."""
    if node.parent() is not None and node.parent().kind() in ("non_null_expression", "unary_expression"):
        return False
    return any(
        above.kind() in ("arrow_function", "function_declaration", "function_expression", "method_definition")
        for above in node.ancestors()
    )


def _throws(node: Node) -> bool:
    """Whether `if (!process.env.NAME)` leads to a throw: then the variable is required."""
    above = node
    for _ in range(4):
        above = above.parent()
        if above is None:
            return False
        if above.kind() == "if_statement":
            return above.find(kind="throw_statement") is not None or "process.exit" in above.text()
    return False
