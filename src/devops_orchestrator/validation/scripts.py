"""The shell scripts inside CI files: each as one text for shellcheck, and the way back from it to the file.

`run` steps of GitHub workflows and composite actions; `script`, `before_script` and `after_script` of GitLab jobs, whose
entries share one shell. Expressions are masked as words of the same length, so every place stays where it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.workflow import Job, Script, Step, Workflow, expressions_in, script_of
from devops_orchestrator.formats.yaml import Node

_SHELLS = ("bash", "sh", "dash", "ksh")
_INPUT = re.compile(r"\$\[\[.*?\]\]", re.S)  # GitLab's
_POWERSHELL = re.compile(r"\$env:|\bWrite-(?:Host|Output)\b|\bGet-\w+\b|\bSet-\w+ -|-ErrorAction\b", re.I)


@dataclass(frozen=True, eq=False)
class ShellScript:
    """What one shell reads: `parts` are YAML scalars, a line break between them. `strict` says that an error ends it."""

    shell: str
    strict: bool
    parts: tuple[Script, ...]

    @cached_property
    def text(self) -> str:
        return "\n".join(_masked(part) for part in self.parts) + "\n"

    @property
    def templated(self) -> bool:
        """Whether expressions stand in it: then a word that looks constant may be none."""
        return any(masked != part.text for part, masked in ((part, _masked(part)) for part in self.parts))

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for part in self.parts[:-1]:
            starts.append(starts[-1] + len(part.text) + 1)
        return starts

    def place(self, line: int, column: int) -> int:
        """The offset in the file of a line and column of `text`."""
        offset = min(self._lines.start(line) + column - 1, self._lines.end(line))
        index = bisect_right(self._starts, offset) - 1
        return self.parts[index].place(min(offset - self._starts[index], len(self.parts[index].text)))

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)


def _masked(part: Script) -> str:
    """The script with each expression as underscores; line breaks inside of one stay."""
    text = part.text
    spans = [(found.start, found.end) for found in expressions_in(text)]
    spans += [found.span() for found in _INPUT.finditer(text)]
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", "_", text[start:end]) + text[end:]
    return text


def scripts(kind: str, text: str) -> Iterator[ShellScript]:
    """The bash and sh scripts of a file; none where it does not parse."""
    try:
        if kind == "gitlab-ci":
            for document in yaml.parse(text):
                yield from _gitlab(document)
        else:
            yield from _github(workflow.parse(text))
    except ParseError:
        return


def _github(flow: Workflow) -> Iterator[ShellScript]:
    for job in flow.groups:
        for step in job.steps:
            run = step.node.get("run")
            told = _shell(flow, job, step)
            if run is None or run.kind != "scalar" or run.alias or told is None:
                continue
            yield ShellScript(*told, (_placed(run),))


def _shell(flow: Workflow, job: Job, step: Step) -> tuple[str, bool] | None:
    """The shell of a step and whether it ends at an error; None for another language, or one that is not known."""
    defaults = (job.get("defaults", "run", "shell"), flow.root.get("defaults", "run", "shell"))
    named = step.shell or next((node.scalar for node in defaults if node is not None and node.scalar), "")
    if named:
        words = named.split()
        shell = words[0].rpartition("/")[2]
        strict = len(words) == 1 or any(re.fullmatch(r"-[a-z]*e[a-z]*|errexit", word) for word in words[1:])
        return (shell, strict) if shell in _SHELLS else None
    labels = " ".join(node.scalar for node in job.runners).lower()
    matrix = job.get("strategy")
    if "${{" in labels and matrix is not None:
        labels += matrix.text[matrix.start : matrix.end].lower()
    return None if "windows" in labels else ("bash", True)


def _gitlab(document: Node) -> Iterator[ShellScript]:
    jobs = [value for key, value in document.items() if value.kind == "map" and not value.alias]
    for job in [document, *jobs]:
        tags = job.get("tags")
        if tags is not None and "windows" in tags.text[tags.start : tags.end].lower():
            continue
        for names in (("before_script", "script"), ("after_script",)):
            parts = tuple(_placed(node) for name in names for node in _entries(job.get(name)))
            if parts and not any(_POWERSHELL.search(part.text) for part in parts):
                yield ShellScript("bash", True, parts)


def _entries(node: Node | None) -> Iterator[Node]:
    """The scalars of a script, a word or a list; what is taken from elsewhere (aliases, `!reference`) is left out."""
    if node is None or node.alias:
        return
    if node.kind == "scalar":
        yield node
    for child in node.children():
        if not child.alias and child.raw.tag != "!reference":
            yield from _entries(child)


def _placed(node: Node) -> Script:
    """The script of a scalar with the places of its characters, in a folded, escaped or many-line scalar too."""
    script = script_of(node)
    return script if script.placed else Script(node, script.text, tuple(_aligned(node, script.text)))


def _aligned(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """(offset in text, offset in file) of each word, found again in order. Ends at the first that is written otherwise."""
    at = node.start
    if node.raw.style in ("|", ">"):
        at = node.text.find("\n", node.start, node.end)
        if at < 0:
            return
    for word in re.finditer(r"\S+", text):
        found = node.text.find(word[0], at, node.end)
        if found < 0:
            return
        yield word.start(), found
        at = found + len(word[0])
