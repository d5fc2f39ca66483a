"""What a validator is: the kinds it takes, the level it reaches, how it is found, how it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from devops_orchestrator.core import kinds
from devops_orchestrator.core.change import Level
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text

TIMEOUT = 60  # seconds for one call of one tool


class DidNotRun(Exception):
    """The validator could not judge: told as absent, never as passed."""


@dataclass(frozen=True)
class Problem:
    """What a validator objects to, at a line and column from 1. `rule` is the tool's own id for it."""

    file: str
    line: int
    message: str
    rule: str = ""
    column: int = 1
    end_line: int = 0
    severity: Severity = Severity.ERROR
    url: str = ""

    @property
    def fingerprint(self) -> tuple[str, str, str]:
        """The same problem in a later version of the file, wherever its line moved."""
        return self.file, self.rule, self.message


@dataclass(eq=False)
class Batch:
    """Files of one call, with the repository around them (as it would be with them written)."""

    files: Mapping[str, str]
    repository: Repository
    _kinds: dict[str, str] = field(default_factory=dict)

    def kind(self, path: str) -> str:
        """The kind of a file of this batch (`core.kinds`), `""` for none."""
        if path not in self._kinds:
            self._kinds[path] = kinds.of(path, self.files[path]) or ""
        return self._kinds[path]

    def of(self, wanted: tuple[str, ...]) -> Batch:
        """The files of these kinds."""
        return Batch({p: t for p, t in self.files.items() if self.kind(p) in wanted}, self.repository, self._kinds)

    @contextmanager
    def tree(self, *globs: str) -> Iterator[Path]:
        """A temporary folder with this batch's files, and those of the repository that match `globs`."""
        with tempfile.TemporaryDirectory(prefix="devops-") as folder:
            root = Path(folder)
            around = {path: self.repository.read(path) for path in self.repository.glob(*globs)} if globs else {}
            for path, text in {**around, **self.files}.items():
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text or "", encoding="utf-8", newline="")
            yield root

    @cached_property
    def paths(self) -> list[str]:
        return sorted(self.files)


@dataclass(frozen=True)
class Validator:
    """`run` returns the problems of all files of the batch in as few process calls as it can.

    `program` is the executable that it needs (None: embedded). `adds` says what a user gets by installing it.
    """

    id: str
    level: Level
    kinds: tuple[str, ...]
    adds: Text
    run: Callable[[Batch], list[Problem]]
    program: str | None = None
    version_arguments: tuple[str, ...] = ("--version",)
    takes: Callable[[str, str], bool] | None = None  # further choice by (path, kind)

    @property
    def found(self) -> str | None:
        """The executable's path; `"embedded"` for one without; None where it is absent."""
        return "embedded" if self.program is None else find(self.program)

    def wants(self, path: str, kind: str) -> bool:
        """Whether it judges this file."""
        return kind in self.kinds and (self.takes is None or self.takes(path, kind))


@lru_cache(maxsize=64)
def find(program: str) -> str | None:
    """An executable: beside this Python (its `linters` extra), in the tools folder, on the PATH."""
    folders = [str(Path(sys.executable).parent), *os.environ.get("DEVOPS_TOOLS", "").split(os.pathsep)]
    for folder in folders:
        if folder and (found := shutil.which(program, path=folder)):
            return found
    return shutil.which(program)


def call(
    program: str, *arguments: str, cwd: Path | None = None, stdin: str | None = None, ok: tuple[int, ...] = (0, 1)
) -> subprocess.CompletedProcess[str]:
    """Run a tool off the network and within its time. Raises DidNotRun: absent, crashed or too slow."""
    executable = find(program)
    if executable is None:
        raise DidNotRun(f"{program} is not installed")
    quiet = {"NO_COLOR": "1", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "HELM_NO_PLUGINS": "1"}
    environment = {k: v for k, v in os.environ.items() if k != "TF_CLI_CONFIG_FILE"} | quiet
    try:
        done = subprocess.run(
            [executable, *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, encoding="utf-8",
            errors="replace", timeout=TIMEOUT, check=False, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise DidNotRun(f"{program} took more than {TIMEOUT} s") from None
    except OSError as error:
        raise DidNotRun(f"{program} could not be started: {error.strerror}") from None
    if done.returncode not in ok:
        last = (done.stderr or done.stdout).strip().splitlines()
        raise DidNotRun(f"{program} ended with {done.returncode}: {last[-1][:200] if last else 'no message'}")
    return done
