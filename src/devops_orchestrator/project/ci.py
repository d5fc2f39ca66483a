"""What the CI of a repository runs: the scripts of its pipelines, whichever system reads them, and where they run."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import shell, workflow, yaml
from devops_orchestrator.formats.workflow import Job, Step, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy

KINDS = (
    "github-workflow", "gitea-workflow", "gitlab-ci", "circleci", "woodpecker", "jenkinsfile", "azure-pipelines", "bitbucket-pipelines",
    "travis", "appveyor", "drone", "buildkite", "cirrus-ci", "cloud-build", "codebuild",
)  # fmt: skip
# Systems that no kind stands for, by their files.
OTHERS = (
    ".semaphore/**", ".teamcity/**", ".builds/*.yml", ".build.yml", "bamboo-specs/**", "codemagic.yaml", "bitrise.yml", ".onedev-buildspec.yml",
    ".tekton/**", ".harness/**", "wercker.yml", "shippable.yml", ".scrutinizer.yml", "concourse/**", "ci/pipeline.yml", "tekton/**", "dagger.json",
    "**/.github/workflows/*.y*ml", "**/Jenkinsfile*", "jenkins/**", ".ci/**", ".github/main.workflow", "Earthfile",
)  # fmt: skip
# Called workflows that look after issues and releases, and check no code.
_ADMINISTERS = lazy(
    r"issue|stale|lock|merge|label|bot\b|changelog|release|greet|triage|pull-?request|permission|announce|project", re.I
)
_HOME = lazy(r"^(?:\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR)\}?|_{4,})/?")


@dataclass(frozen=True)
class CiScript:
    """One script of a pipeline: `text` with expressions masked, `folder` from the root (None where it cannot be told)."""

    path: str
    job: str
    text: str
    folder: str | None
    events: frozenset[str]
    line: int


@dataclass(frozen=True)
class Ci:
    """All that is run. `uses` are the actions and orbs; `unread` is what may run anything and cannot be seen through."""

    files: tuple[str, ...]
    scripts: tuple[CiScript, ...]
    uses: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """One command of a script, with the folder that it runs in."""

    script: CiScript
    command: shell.Command
    folder: str | None


def read(project: Project) -> Ci:
    """The CI of a repository; ask for it by `project.remembered(ci.read)`."""
    files = tuple(project.of_kind(*KINDS))
    others = tuple(path for path in project.repository.glob(*OTHERS) if path not in files)
    scripts: list[CiScript] = []
    uses: list[str] = []
    unread = [] if files else list(others)
    for path in files:
        text = project.repository.read(path) or ""
        kind = next(file.kind for file in project.devops_files if file.path == path)
        try:
            if kind in ("github-workflow", "gitea-workflow"):
                found = workflow.parse(text)
                scripts += _workflow(path, found)
                uses += [use.text for use in found.uses]
                called = [use.text for use in found.uses if use.kind != "local" and ".github/workflows/" in use.text]
                unread += [text for text in called if not _ADMINISTERS.search(text.rpartition("/")[2])]
            elif kind in ("gitlab-ci", "circleci", "travis"):
                for document in yaml.parse(text):
                    scripts += {"gitlab-ci": _gitlab, "circleci": _circleci, "travis": _travis}[kind](path, document)
                    unread += _included(kind, document)
            else:
                unread.append(path)
        except ParseError:
            unread.append(path)
    for path in project.of_kind("github-action"):
        try:
            found = workflow.parse(project.repository.read(path) or "")
        except ParseError:
            unread.append(path)
            continue
        scripts += _steps(path, "runs", found.actions, None, frozenset({"push", "pull_request"}))
        uses += [step.uses.text for step in found.actions if step.uses]
    return Ci((*files, *others), tuple(scripts), tuple(uses), tuple(unread))


def runs(found: Ci, project: Project) -> Iterator[Run]:
    """Every command that is run, `cd` followed, and the commands of the repository's own shell scripts."""
    for script in found.scripts:
        yield from _runs(script, script.text, script.folder, project, 0)


def _runs(script: CiScript, text: str, folder: str | None, project: Project, depth: int) -> Iterator[Run]:
    for command in shell.commands(text):
        if command.name in ("cd", "pushd") and len(command.words) > 1:
            folder = _joined(folder, command.words[1].value)
            continue
        yield Run(script, command, folder)
        own = shell_script(command.values, folder, project)
        recipe = make_recipe(command.values, folder, project)
        below = project.repository.read(own) if own is not None else recipe
        if below and depth < 3:
            yield from _runs(script, below, folder, project, depth + 1)


_RULE = lazy(
    r"^([^\s:#=][^:#=]*?)\s*::?(?!=)\s*([^\n;]*?)(?:;[^\n]*)?$((?:\n(?:\t[^\n]*|\s*#[^\n]*|[ \t]*(?=\n)))*)", re.M
)
_OPEN = lazy(r"^\s*-?s?include\b|^[^\t#\n]*%[^\n]*:|\$\((?:eval|shell|call|foreach)\b|^\.ONESHELL", re.M)


def make_recipe(words: tuple[str, ...], folder: str | None, project: Project) -> str | None:
    """The commands of the targets of `make`, their prerequisites' first; None where the Makefile is not that simple."""
    if words[0] != "make" or folder is None or any(word.startswith(("-C", "-f", "--dir", "--file")) for word in words):
        return None
    names = ("GNUmakefile", "makefile", "Makefile")
    paths = [posixpath.normpath(posixpath.join(folder, name)) for name in names]
    text = next((project.repository.read(path) for path in paths if path in project.repository.files), None)
    if text is None or _OPEN.search(text):
        return None
    rules: dict[str, tuple[list[str], str]] = {}
    first = ""
    for found in _RULE.finditer(text.replace("\r\n", "\n").replace("\\\n", " ")):
        for name in found[1].split():
            lines = "\n".join(line.strip().lstrip("@-+") for line in found[3].split("\n") if line.startswith("\t"))
            before = rules.get(name, ([], ""))
            rules[name] = ([*before[0], *found[2].partition("#")[0].split()], f"{before[1]}\n{lines}".strip("\n"))
            first = first or (name if not name.startswith(".") else "")
    wanted = [word for word in words[1:] if not word.startswith("-") and "=" not in word] or [first]
    told: list[str] = []
    known: set[str] = set()

    def take(name: str) -> None:
        if name in known or name not in rules:
            return
        known.add(name)
        for other in rules[name][0]:
            take(other)
        told.append(rules[name][1])

    for name in wanted:
        if name not in rules:
            return None
        take(name)
    return "\n".join(told)


def shell_script(words: tuple[str, ...], folder: str | None, project: Project) -> str | None:
    """The path of the repository's own shell script that a command runs."""
    if folder is None:
        return None
    name = (
        words[0]
        if "/" in words[0]
        else next((w for w in words[1:] if not w.startswith("-")), "")
        if words[0] in ("bash", "sh", "source", ".")
        else ""
    )
    path = posixpath.normpath(posixpath.join(folder, name)) if name else ""
    if not path or path.startswith(("..", "/")) or path not in project.repository.files:
        return None
    text = project.repository.read(path) or ""
    shebang = text.partition("\n")[0]
    return (
        path
        if path.endswith((".sh", ".bash")) or (shebang.startswith("#!") and re.search(r"\b(?:ba|z|da)?sh\b", shebang))
        else None
    )


def _joined(folder: str | None, target: str) -> str | None:
    bare = _HOME.sub("./", target) if _HOME.match(target) else target
    if folder is None or bare.startswith(("/", "~", "$", "-")) or "_" * 4 in bare or "$" in bare:
        return None
    path = posixpath.normpath(bare if bare != target else posixpath.join(folder, bare))
    return None if path.startswith("..") else path


def _workflow(path: str, found: Workflow) -> Iterator[CiScript]:
    events = frozenset(found.triggers)
    for job in found.jobs:
        yield from _steps(path, job.id, job.steps, (found, job), events)


def _steps(
    path: str, job: str, steps: tuple[Step, ...], within: tuple[Workflow, Job] | None, events: frozenset[str]
) -> Iterator[CiScript]:
    for step in steps:
        if step.script is not None:
            node = step.script.node
            line = node.text.count("\n", 0, node.start) + 1
            yield CiScript(path, job, step.script.plain, folder(within, step), events, line)


def folder(within: tuple[Workflow, Job] | None, step: Step) -> str | None:
    """The folder in which a step's script runs, from the root; None where an expression decides."""
    said = step.node.at("working-directory")
    if said is None and within is not None:
        said = within[1].folder or within[0].folder
    text = str(said or ".")
    text = _HOME.sub("./", text) if text.startswith("$GITHUB_WORKSPACE") else text
    return None if "${{" in text or text.startswith(("/", "~", "..", "$")) else posixpath.normpath(text)


def _scalars(node: Node | None) -> Iterator[Node]:
    if node is None:
        return
    if node.kind == "list":
        for child in node.children():
            yield from _scalars(child)
    elif node.kind == "scalar" and node.scalar:
        yield node


def _script(
    path: str, job: str, nodes: Iterator[Node], folder: str | None, events: tuple[str, ...]
) -> Iterator[CiScript]:
    """Lines that one shell runs, as one script."""
    found = list(nodes)
    if found:
        line = found[0].text.count("\n", 0, found[0].start) + 1
        yield CiScript(path, job, "\n".join(node.scalar for node in found), folder, frozenset(events), line)


def _gitlab(path: str, document: Node) -> Iterator[CiScript]:
    for key, job in document.items():
        if job.kind == "map":
            for name in ("before_script", "script", "after_script"):
                yield from _script(path, key.scalar, _scalars(job.get(name)), ".", ("push", "pull_request"))


def _circleci(path: str, document: Node) -> Iterator[CiScript]:
    for part in ("jobs", "commands"):
        entries = document.get(part)
        for key, job in entries.items() if entries is not None else ():
            steps = job.get("steps")
            for step in steps.children() if steps is not None else ():
                run = step.get("run")
                if run is None:
                    continue
                node = run if run.kind == "scalar" else run.get("command")
                where = run.at("working_directory") if run.kind == "map" else None
                place = (
                    None
                    if where and not re.fullmatch(r"[\w./-]+", str(where))
                    else posixpath.normpath(str(where or "."))
                )
                yield from _script(path, key.scalar, _scalars(node), place, ("push", "pull_request"))


def _travis(path: str, document: Node) -> Iterator[CiScript]:
    for name in ("before_install", "install", "before_script", "script", "after_success"):
        yield from _script(path, "script", _scalars(document.get(name)), ".", ("push", "pull_request"))
    if document.get("script") is None:  # the language's own default is run
        yield CiScript(path, "script", "make test", ".", frozenset({"push", "pull_request"}), 1)


def _included(kind: str, document: Node) -> list[str]:
    if kind == "gitlab-ci":
        include = document.get("include")
        entries = [] if include is None else [include] if include.kind != "list" else list(include.children())
        return ["include" for entry in entries if entry.kind == "scalar" or entry.get("local") is None]
    if kind == "circleci" and document.get("setup") is not None:
        return ["setup"]
    return []
