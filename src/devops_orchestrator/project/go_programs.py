"""The programs of a Go module: which one is the component's, which are components of their own, what each one does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import go_modules, services
from devops_orchestrator.project.code import golang, golang_reach
from devops_orchestrator.project.code.golang import Go, is_aside
from devops_orchestrator.project.code.golang_commands import Commands
from devops_orchestrator.project.code.golang_jobs import consumer
from devops_orchestrator.project.code.golang_web import Web
from devops_orchestrator.project.go_modules import Module
from devops_orchestrator.project.tree import Tree, ancestors, join

_TOOLS = lazy(
    r"(^|[-_])(gen|generate|generator|codegen|docgen|gendocs?|lint|linter|bench|benchmark|fuzz|mock|test|tests|testing|example|examples|demo|dev|tool|tools|debug|release|changelog|(cli|man|api)?docs?)($|[-_])"
)


@dataclass
class Program:
    """A `main` package and what it does."""

    folder: str
    evidence: str
    web: Web

    @cached_property
    def services(self) -> set[str]:
        """The backing services whose packages it imports."""
        paths = {path for source in self.web.values.sources for path in self.web.code.imported(source)}
        return {services.GO[package] for path in paths if (package := service_package(path))}

    @cached_property
    def serves(self) -> bool:
        """Whether it listens."""
        return bool(self.web.listeners)

    @cached_property
    def consumes(self) -> bool:
        """Whether it takes work from a queue or a clock."""
        return not self.serves and consumer(self.web, self.services) is not None

    @property
    def kind(self) -> str:
        """service, worker or command."""
        return "service" if self.serves else "worker" if self.consumes else "command"

    @cached_property
    def commands(self) -> Commands:
        """Its subcommands."""
        return Commands(self.web)

    @property
    def subcommand(self) -> str:
        """The words that make it serve, behind its name; "" where it serves at once or is no service."""
        return self.commands.serving if self.serves else ""

    @property
    def processes(self) -> list[tuple[str, str, str, str]]:
        """(name, kind, words behind the binary, evidence) of subcommands that work beside the served one."""
        return self.commands.working(self.services) if self.serves else []


def service_package(path: str) -> str | None:
    """The package of `services.GO` that an import path belongs to, the longest of several; or None."""
    return max((known for known in services.GO if path == known or path.startswith(known + "/")), key=len, default=None)


@dataclass
class Used:
    """What a program (or a library) imports: modules of the repository → folder, packages of services → a file."""

    modules: dict[str, str] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)


@dataclass
class _Module:
    """What is known of one module, read once."""

    code: Go
    programs: dict[str, Program]
    best: Program | None
    others: tuple[Program, ...]


_KNOWN: WeakKeyDictionary[Tree, dict[str, _Module]] = WeakKeyDictionary()


def _of(tree: Tree, folder: str) -> _Module:
    known = _KNOWN.setdefault(tree, {})
    if folder not in known:
        known[folder] = _read(tree, folder)
    return known[folder]


def _read(tree: Tree, folder: str) -> _Module:
    read = golang.code_of(tree, folder)
    module = go_modules.of(tree, folder)
    programs = {
        at: Program(at, evidence, Web(read, golang_reach.of(read, at))) for at, evidence in _worth(read).items()
    }
    best = _best(tree, folder, programs, module)
    others = tuple(
        one for one in programs.values() if best is not None and one is not best and _deployed(tree, folder, one)
    )
    return _Module(read, programs, best, others)


def _worth(read: Go) -> dict[str, str]:
    """The programs that are looked at: tools, examples and generators only where there is nothing else."""
    mains = read.mains
    own = {at: evidence for at, evidence in mains.items() if not is_aside(at, read.folder)}
    return dict(sorted((own or mains).items(), key=lambda entry: (entry[0].count("/"), entry[0]))[:24])


def _best(tree: Tree, folder: str, programs: dict[str, Program], module: Module | None) -> Program | None:
    """The program that a person would call the application."""
    if not programs:
        return None
    name = go_modules.base(module.name).rpartition("/")[2] if module and module.name else ""
    wanted = {name, f"{name}d", f"{name}-server", "server", "api", "app", "web", "main", "cmd", "backend", "http"}
    built = _built(tree, folder, set(programs))
    ranks = {"service": 0, "worker": 1, "command": 2}

    def rank(one: Program) -> tuple[object, ...]:
        last = one.folder.rpartition("/")[2]
        return (
            bool(_TOOLS.search(last)), ranks[one.kind], one.folder not in built, one.folder != folder, last not in (name, f"{name}d"),
            last not in wanted, not one.web.http, -len(one.web.reach.folders), one.folder.count("/"), one.folder,
        )  # fmt: skip

    if len(programs) == 1:
        return next(iter(programs.values()))
    return min(programs.values(), key=rank)


def _built(tree: Tree, folder: str, programs: set[str]) -> set[str]:
    """The programs that the module's Dockerfile builds (`go build … ./cmd/api`), where it names fewer than all."""
    found: set[str] = set()
    for path in tree.matching(folder, "Dockerfile", "*.Dockerfile", "Dockerfile.*"):
        parsed = tree.dockerfile(path)
        for stage in parsed.stages if parsed else ():
            for item in stage.of("RUN"):
                if re.search(r"\bgo\s+(build|install)\b", item.arguments):
                    for word in re.findall(r"(?<![\w-])\.?/?((?:[\w.-]+/)*[\w.-]+)", item.arguments):
                        at = join(folder, word.removesuffix("/main.go").strip("/"))
                        if at in programs:
                            found.add(at)
    return found


def _deployed(tree: Tree, folder: str, one: Program) -> bool:
    """Whether a program beside the main one is deployed by itself: under `cmd/`, or it serves, works, or has a Dockerfile."""
    inside = one.folder if folder == "." else one.folder.removeprefix(folder + "/")
    last = one.folder.rpartition("/")[2]
    if one.folder == folder or _TOOLS.search(last) or re.search(r"(^|/)internal/", inside):
        return False
    return bool(re.search(r"(^|/)cmd/[^/]+$", inside)) or one.kind != "command" or tree.has(one.folder, "Dockerfile")


def main(tree: Tree, folder: str) -> Program | None:
    """The program of a module's own component; None for a library."""
    return _of(tree, folder).best


def others(tree: Tree, folder: str) -> tuple[Program, ...]:
    """The programs of a module that are components of their own."""
    return _of(tree, folder).others


def module_of(tree: Tree, folder: str) -> tuple[Module | None, Program | None]:
    """The module that a program's folder belongs to, and the program."""
    for above in ancestors(folder):
        module = go_modules.of(tree, above)
        if module is not None:
            return module, _of(tree, above).programs.get(folder)
    return None, None


def all_of(tree: Tree, folder: str) -> dict[str, str]:
    """Folder → evidence of the programs of a module that are looked at."""
    return {one.folder: one.evidence for one in _of(tree, folder).programs.values()}


def library(tree: Tree, folder: str) -> Web:
    """All the code of a module."""
    read = golang.code_of(tree, folder)
    return Web(read, golang_reach.everything(read))


def imported(tree: Tree, folder: str, program: Program | None) -> Used:
    """What a program of a module (or, with None, the whole module) imports."""
    read = golang.code_of(tree, folder)
    web = program.web if program else library(tree, folder)
    found = Used()
    for source in web.values.sources:
        for node in source.all("import_spec"):
            path = node.field("path").text().strip('"`')
            place = read.place(path)
            if place is not None:
                at = read.module_of(place)
                found.modules.setdefault(next((name for name, where in read.modules.items() if where == at), at), at)
            package = service_package(path)
            if package:
                found.packages.setdefault(package, source.at(node))
    return found
