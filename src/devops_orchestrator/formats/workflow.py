"""GitHub Actions workflows as typed views over YAML nodes: triggers, permissions, jobs, steps, uses, expressions.

A view says what is written and where. What is not written, or is of another shape than GitHub wants, is None or empty.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

_COMMENT = re.compile(r"[ \t]*#([^\r\n]*)")
_STRING = re.compile(r"'(?:[^']|'')*'")
_REFERENCE = re.compile(r"[A-Za-z_][\w-]*(?:\s*\.\s*(?:[A-Za-z_][\w-]*|\*)|\s*\[\s*(?:'(?:[^']|'')*'|\d+|\*)\s*\])*")


@dataclass(frozen=True, eq=False)
class Uses:
    """What a step or job uses. `comment` is the text behind it on its line, `comment_span` its place from the `#`."""

    node: Node
    comment: str
    comment_span: tuple[int, int] | None

    @property
    def text(self) -> str:
        return self.node.scalar

    @property
    def kind(self) -> str:
        """`action` (another repository's), `local` (`./…`) or `docker`."""
        if self.text.startswith(("./", "../")):
            return "local"
        return "docker" if self.text.startswith("docker://") else "action"

    @cached_property
    def name(self) -> str:
        """What is used, without the reference: `actions/cache/restore`."""
        return self.text.partition("@")[0]

    @property
    def repository(self) -> str:
        """`owner/name` of an action: `actions/cache` of `actions/cache/restore@v4`."""
        return "/".join(self.name.split("/")[:2])

    @property
    def below(self) -> str:
        """The path inside the action's repository: `restore`, or empty."""
        return "/".join(self.name.split("/")[2:])

    @property
    def ref(self) -> str:
        """What stands behind the `@`."""
        return self.text.partition("@")[2]

    @property
    def pinned(self) -> bool:
        """Whether the reference is a whole commit hash."""
        return bool(re.fullmatch(r"[0-9a-f]{40}", self.ref))

    @property
    def version(self) -> str:
        """The version that the comment or the reference names (`v4.1.2`, `v4`); empty for a branch or a bare hash."""
        found = re.match(
            r"\s*(?:tag[= ])?(?:version[= :])?\s*(v?\d+(?:\.\d+){0,2}(?:[-+][\w.]+)?)\b",
            self.comment if self.pinned else self.ref,
        )
        return found[1] if found else ""

    @property
    def major(self) -> int | None:
        """The major version, where it is known."""
        found = re.match(r"v?(\d+)", self.version)
        return int(found[1]) if found else None


@dataclass(frozen=True)
class Expression:
    """An expression: `body` without its `${{ }}`, `start:end` with them, in the file."""

    body: str
    start: int
    end: int

    @cached_property
    def references(self) -> tuple[str, ...]:
        """The contexts and functions that it names, lower case, in the form `github.event.pull_request.title`."""
        bare = _STRING.sub(
            lambda found: found[0] if _indexes(self.body, found.start()) else " " * len(found[0]), self.body
        )
        return tuple(_dotted(found[0]) for found in _REFERENCE.finditer(bare))


def _indexes(text: str, at: int) -> bool:
    return text[:at].rstrip().endswith("[")


def _dotted(reference: str) -> str:
    dotted = re.sub(r"\s*\[\s*'?([^'\]]*?)'?\s*\]", r".\1", reference)
    return re.sub(r"\s*\.\s*", ".", dotted).lower()


@dataclass(frozen=True, eq=False)
class Script:
    """A `run` script: `text` is what the shell reads. Offsets of it are moved to the file by `place`."""

    node: Node
    text: str
    _starts: tuple[tuple[int, int], ...]  # (offset in text, offset in file) of each piece that is copied as it is

    @property
    def placed(self) -> bool:
        """Whether its characters can be found in the file (not so in a folded or escaped script)."""
        return bool(self._starts)

    def place(self, offset: int) -> int:
        """The offset in the file of an offset in the script; the node's start where it cannot be told."""
        if not self._starts:
            return self.node.start
        index = bisect_right(self._starts, (offset, 1 << 60)) - 1
        begin, there = self._starts[max(index, 0)]
        return there + offset - begin

    @cached_property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in it, with offsets in `text`."""
        return tuple(expressions_in(self.text))

    @cached_property
    def plain(self) -> str:
        """The script with its expressions masked as words of the same length: what a shell parser can read."""
        plain = self.text
        for expression in self.expressions:
            plain = plain[: expression.start] + "_" * (expression.end - expression.start) + plain[expression.end :]
        return plain


def script_of(node: Node) -> Script:
    """The script of a `run` node, with the places of its lines."""
    text = node.scalar
    style = node.raw.style
    source = node.text[node.start : node.end]
    if style == "|":
        return Script(node, text, tuple(_literal_lines(node, text)))
    simple = "\n" not in source and not (style == '"' and "\\" in source) and not (style == "'" and "''" in source)
    if simple and style in (None, "'", '"', ""):
        return Script(node, text, ((0, node.start + (1 if style in ("'", '"') else 0)),))
    return Script(node, text, ())


def _literal_lines(node: Node, text: str) -> Iterator[tuple[int, int]]:
    at = node.text.find("\n", node.start) + 1
    lines = text.split("\n")
    indent = _indentation(node, at, lines)
    offset = 0
    for line in lines:
        end = node.text.find("\n", at)
        end = len(node.text) if end < 0 else end
        yield offset, min(at + indent, end)
        offset += len(line) + 1
        at = end + 1


def _indentation(node: Node, at: int, lines: list[str]) -> int:
    """The columns that a literal block's lines lose: those before its first line with text."""
    for line in lines:
        end = node.text.find("\n", at)
        source = node.text[at : end if end >= 0 else len(node.text)].rstrip("\r")
        if line.strip():
            return len(source) - len(line)
        at = end + 1
    return 0


def expressions_in(text: str) -> Iterator[Expression]:
    """The `${{ … }}` of a text; a `}}` inside a string does not end one."""
    at = text.find("${{")
    while at >= 0:
        end = at + 3
        quoted = False
        while end < len(text) and (quoted or not text.startswith("}}", end)):
            quoted ^= text[end] == "'"
            end += 1
        if end >= len(text):
            return
        yield Expression(text[at + 3 : end].strip(), at, end + 2)
        at = text.find("${{", end + 2)


@dataclass(frozen=True, eq=False)
class Step:
    """One step of a job; `node` is its mapping."""

    node: Node

    def get(self, *path: str | int) -> Node | None:
        return self.node.get(*path)

    @cached_property
    def uses(self) -> Uses | None:
        return uses_of(self.node)

    @cached_property
    def script(self) -> Script | None:
        found = self.node.get("run")
        return script_of(found) if found is not None and found.kind == "scalar" else None

    @property
    def shell(self) -> str:
        return _word(self.node.get("shell"))

    @property
    def id(self) -> str:
        return _word(self.node.get("id"))

    @property
    def name(self) -> str:
        return _word(self.node.get("name"))

    @property
    def inputs(self) -> Mapping[str, Node]:
        """`with`, as names in lower case → nodes."""
        found = self.node.get("with")
        return {key.scalar.lower(): value for key, value in found.items()} if found is not None else {}

    def input(self, name: str) -> str:
        """The text of an input; empty where it is not written."""
        return _word(self.inputs.get(name.lower()))


@dataclass(frozen=True, eq=False)
class Job:
    """One job: its key and its mapping."""

    key: Node
    node: Node

    @property
    def id(self) -> str:
        return self.key.scalar

    def get(self, *path: str | int) -> Node | None:
        return self.node.get(*path)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        found = self.node.get("steps")
        return tuple(Step(child) for child in found.children() if child.kind == "map") if found is not None else ()

    @cached_property
    def uses(self) -> Uses | None:
        """The reusable workflow that the job calls."""
        return uses_of(self.node)

    @cached_property
    def needs(self) -> tuple[Node, ...]:
        """The scalars of `needs`, a word or a list."""
        return _words(self.node.get("needs"))

    @cached_property
    def runners(self) -> tuple[Node, ...]:
        """The scalars of `runs-on` (a word, a list, or `labels` of a map)."""
        found = self.node.get("runs-on")
        if found is not None and found.kind == "map":
            found = found.get("labels")
        return _words(found)

    @property
    def environment(self) -> str:
        """The name of its deployment environment, or empty."""
        found = self.node.get("environment")
        return _word(found.get("name") if found is not None and found.kind == "map" else found)

    @property
    def folder(self) -> str:
        """`defaults.run.working-directory`."""
        return _word(self.node.get("defaults", "run", "working-directory"))


@dataclass(frozen=True, eq=False)
class Workflow:
    """A parsed workflow; `root` is the document's mapping."""

    root: Node

    @cached_property
    def triggers(self) -> Mapping[str, Node | None]:
        """Event → its settings (None where it has none); `on` may be a word, a list or a map."""
        pair = self.root.pair("on")
        if pair is None:
            return {}
        found = pair[1]
        if found.kind == "map":
            return {
                key.scalar: value if value.kind == "map" or value.kind == "list" else None
                for key, value in found.items()
            }
        return {node.scalar: None for node in _words(found)}

    @property
    def on(self) -> tuple[Node, Node] | None:
        """The key and value of `on`."""
        return self.root.pair("on")

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        found = self.root.get("jobs")
        return (
            tuple(Job(key, value) for key, value in found.items() if value.kind == "map") if found is not None else ()
        )

    @cached_property
    def steps(self) -> tuple[tuple[Job, Step], ...]:
        return tuple((job, step) for job in self.jobs for step in job.steps)

    @cached_property
    def actions(self) -> tuple[Step, ...]:
        """The steps of a composite action (`runs.steps` of its action.yml)."""
        return tuple(step for group in self.groups for step in group.steps) if not self.jobs else ()

    @property
    def groups(self) -> tuple[Job, ...]:
        """The jobs; for a composite action its `runs`, which has steps as a job has."""
        runs = self.root.pair("runs")
        return (Job(*runs),) if runs is not None and runs[1].kind == "map" else self.jobs

    def before(self, job: Job) -> list[Job]:
        """The jobs that a job waits for, directly or through others."""
        known: dict[str, Job] = {}
        wanted = {node.scalar for node in job.needs}
        while new := [other for other in self.jobs if other.id in wanted and other.id not in known]:
            known |= {other.id: other for other in new}
            wanted |= {node.scalar for other in new for node in other.needs}
        return list(known.values())

    @property
    def folder(self) -> str:
        """`defaults.run.working-directory` of the whole workflow."""
        return _word(self.root.get("defaults", "run", "working-directory"))

    @cached_property
    def uses(self) -> tuple[Uses, ...]:
        """All that its steps and jobs use, in order."""
        found = []
        for job in self.jobs:
            found += [job.uses] if job.uses else []
            found += [step.uses for step in job.steps if step.uses]
        return tuple(found)

    def expressions(self, node: Node | None = None) -> Iterator[Expression]:
        """The expressions below a node (the whole workflow), with offsets in the file."""
        for scalar in (node or self.root).walk():
            if scalar.kind == "scalar" and "${{" in scalar.scalar:
                script = script_of(scalar)
                for found in script.expressions:
                    yield Expression(found.body, script.place(found.start), script.place(found.end - 1) + 1)


def parse(text: str) -> Workflow:
    """The workflow of a text. Raises ParseError: bad YAML, or no mapping with jobs to begin with."""
    documents = yaml.parse(text)
    if len(documents) != 1 or documents[0].kind != "map":
        raise ParseError(
            Text(
                "A workflow is one YAML mapping with `on` and `jobs`.",
                "Un workflow est un mapping YAML avec `on` et `jobs`.",
            )
        )
    return Workflow(documents[0])


def uses_of(mapping: Node) -> Uses | None:
    """The `uses` of a step or job, with the comment behind it."""
    found = mapping.get("uses")
    if found is None or found.kind != "scalar":
        return None
    comment = _COMMENT.match(found.text, found.end)
    if comment is None:
        return Uses(found, "", None)
    return Uses(found, comment[1].strip(), (found.text.index("#", found.end), comment.end()))


def _word(node: Node | Any) -> str:
    return node.scalar if node is not None and node.kind == "scalar" else ""


def _words(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    if node.kind == "list":
        return tuple(child for child in node.children() if child.kind == "scalar")
    return (node,) if node.kind == "scalar" and node.scalar else ()
