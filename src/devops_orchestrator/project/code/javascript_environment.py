"""Environment variables that JavaScript code reads, and which of them have no default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import javascript_settings
from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.javascript import JavaScript, environment_name
from devops_orchestrator.project.code.javascript_modules import ENVIRONMENTS
from devops_orchestrator.project.code.syntax import Source, children

Node = Any


_NOT_OURS = lazy(
    r"[a-z]|(NODE_ENV|CI|MODE|DEV|PROD|SSR|BASE_URL|NEXT_RUNTIME|VERCEL\w*|npm_\w+|PATH|PATHEXT|HOME|USER|SHELL|TERM|PWD|TMPDIR|TEMP|TMP|OSTYPE"
    r"|APPDATA|LOCALAPPDATA|PROGRAMFILES|USERPROFILE|JEST_WORKER_ID|VITEST\w*|DENO_DEPLOYMENT_ID|GITHUB_ACTIONS)$"
)
_SCHEMAS = lazy(r"(process|Bun|Deno)\.env|validationSchema|ConfigModule|fastify/env|env-schema|envalid")

_READS = lazy(r"env|config|validationSchema", re.I)  # what no read of the environment is without
_READER = lazy(r"env(\.(int|float|bool|json|array|date|url))?|(get|require|must|read|load)\w*Env\w*|requireEnv\w*")


def reads(code: JavaScript) -> list[Read]:
    """Every environment variable that the code reads."""
    found: list[Read] = []
    for source in code.sources:
        if not _READS.search(source.text) or not code.used(source.path):
            continue
        if (
            re.search(r"(^|/)(scripts?|tools?|\.github)/|\.config\.[cm]?[jt]s$", source.path)
            and "vite.config" not in source.path
        ):
            continue
        found += [read for read in _reads(code, source) if not _NOT_OURS.match(read.name)]
    return [*found, *javascript_settings.replaced(code)]


def _reads(code: JavaScript, source: Source) -> Iterator[Read]:
    aliases = _aliases(code, source)
    for node in source.all("member_expression", "subscript_expression", "call_expression"):
        name = environment_name(node)
        if name is None and aliases and node.kind() == "member_expression" and node.field("object").text() in aliases:
            name = node.field("property").text()
            name = name if re.fullmatch(r"[A-Z][A-Z0-9_]+", name) else None
        if name:
            yield Read(name, source.at(node), not _has_default(node) and not _inside_function(node))
    if _SCHEMAS.search(source.text):
        yield from _schema(source)
    for node in source.all("object_pattern"):
        declarator = node.parent()
        given = (
            declarator.field("value") if declarator is not None and declarator.kind() == "variable_declarator" else None
        )
        if given is not None and given.text() in ENVIRONMENTS:
            for entry in children(node):
                left = entry.field("left") if entry.kind() == "object_assignment_pattern" else entry
                if left is not None and left.text().isupper():
                    yield Read(left.text(), source.at(entry), entry.kind() != "object_assignment_pattern")
    for node in source.all("call_expression"):
        function = node.field("function")
        word = function.text() if function is not None else ""
        if re.search(r"(config\w*|\benv)\.(get|getOrThrow)(<[^>]*>)?$", word, re.I):
            name = code.text_argument(node, 0)
            if name and re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
                chain = node.parent().text() if node.parent() is not None else ""
                must = word.rpartition(".")[2].startswith("getOrThrow") or chain.endswith(".required")
                yield Read(name, source.at(node), must)
        elif _READER.fullmatch(word):  # Strapi's env.int("PORT", 1337), an own getEnv("SECRET")
            name = code.text_argument(node, 0)
            if name and re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
                yield Read(name, source.at(node), bool(re.match(r"require|must", word)))
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


def _aliases(code: JavaScript, source: Source) -> set[str]:
    """Names of the whole environment: `const env = process.env`, `import { env } from "node:process"`."""
    found = {
        local for local, module, _ in code.imports(source) if module in ("process", "node:process") and local == "env"
    }
    for node in source.all("variable_declarator"):
        value, name = node.field("value"), node.field("name")
        if value is not None and name is not None and value.text() in ENVIRONMENTS and name.kind() == "identifier":
            found.add(name.text())
    return found


def _schema(source: Source) -> Iterator[Read]:
    """The variables of a schema that the environment is checked with: `PORT: Joi.number().default(3000)`."""
    for pair in source.all("pair"):
        key, value = pair.field("key"), pair.field("value")
        if (
            key is not None
            and value is not None
            and value.kind() == "object"
            and re.fullmatch(r"[A-Z][A-Z0-9_]+", key.text())
        ):
            yield from _property(source, pair, key.text(), value)
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


def _property(source: Source, pair: Node, name: str, value: Node) -> Iterator[Read]:
    """A property of a JSON Schema of the environment: @fastify/env."""
    keys = {part.field("key").text() for part in children(value) if part.kind() == "pair"}
    properties = pair.parent().parent() if pair.parent() is not None else None
    if (
        "type" not in keys
        or properties is None
        or properties.kind() != "pair"
        or properties.field("key").text() != "properties"
    ):
        return
    needed = ""
    for other in children(properties.parent()):
        if other.kind() == "pair" and other.field("key").text() == "required":
            needed = other.field("value").text()
    yield Read(name, source.at(pair), bool(re.search(rf"['\"]{name}['\"]", needed)) and "default" not in keys)


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
