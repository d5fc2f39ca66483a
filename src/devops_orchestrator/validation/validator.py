"""What a validator is: the kinds it takes, the level it reaches, how it is found, how it runs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from devops_orchestrator.core import kinds
from devops_orchestrator.core.change import Level
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text, same

TIMEOUT = 60  # seconds for one call of one tool
# A tool that asks the network is told at once that nobody is there: it judges what it can, and takes no time over it.
_NOWHERE = "http://127.0.0.1:9"
_PROXIES = {name: _NOWHERE for word in ("http", "https", "all") for name in (f"{word}_proxy", f"{word.upper()}_PROXY")}


class DidNotRun(Exception):
    """The validator could not judge: told as absent, never as passed. `reason` says why, in both languages."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class Problem:
    """What a validator objects to, at a line and column from 1. `rule` is the tool's own id for it.

    `told` is the message in both languages, where it is ours; a tool's own message stays in its language. `end_line` is
    the last line of what it is about, where the tool names an object and not a place in it.
    """

    file: str
    line: int
    message: str
    rule: str = ""
    column: int = 1
    end_line: int = 0
    severity: Severity = Severity.ERROR
    url: str = ""
    told: Text | None = None
    confidence: str = "high"

    @property
    def said(self) -> Text:
        """The message in both languages."""
        return self.told or same(self.message)

    @property
    def fingerprint(self) -> tuple[str, str, str]:
        """The same problem in a later version of the file, wherever its line moved."""
        return self.file, self.rule, self.message


@dataclass(eq=False)
class Batch:
    """Files of one call, with the repository around them (as it would be with them written).

    A validator that cannot judge one of them, or a part of it, says so in `unjudged`: path → why.
    """

    files: Mapping[str, str]
    repository: Repository
    _kinds: dict[str, str] = field(default_factory=dict)
    unjudged: dict[str, Text] = field(default_factory=dict)

    def kind(self, path: str) -> str:
        """The kind of a file of this batch (its family of `core.kinds`), `""` for none."""
        if path not in self._kinds:
            self._kinds[path] = kinds.family(kinds.of(path, self.files[path]) or "")
        return self._kinds[path]

    def of(self, wanted: tuple[str, ...]) -> Batch:
        """The files of these kinds."""
        return Batch({p: t for p, t in self.files.items() if self.kind(p) in wanted}, self.repository, self._kinds)

    @contextmanager
    def tree(self, *globs: str) -> Iterator[Path]:
        """A temporary folder with this batch's files, and those of the repository that match `globs`."""
        with tempfile.TemporaryDirectory(prefix="devops-") as folder:
            root = Path(folder)
            around = {path: self.repository.read_bytes(path) for path in self.repository.glob(*globs)} if globs else {}
            mine = {path: text.encode("utf-8", "surrogateescape") for path, text in self.files.items()}
            for path, data in {**around, **mine}.items():
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data or b"")
            yield root

    @cached_property
    def paths(self) -> list[str]:
        return sorted(self.files)

    @property
    def arguments(self) -> list[str]:
        """The paths for a command line: one that begins with a dash is no option."""
        return [f"./{path}" if path.startswith("-") else path for path in self.paths]


@dataclass(frozen=True)
class Validator:
    """`run` returns the problems of all files of the batch in as few process calls as it can.

    `program` is the executable that it needs (None: embedded), `others` those that do as well. `adds` says what a user
    gets by installing it. One that is not `inner` takes minutes or the network: it runs only where it is asked for.
    """

    id: str
    level: Level
    kinds: tuple[str, ...]
    adds: Text
    run: Callable[[Batch], list[Problem]]
    program: str | None = None
    version_arguments: tuple[str, ...] = ("--version",)
    takes: Callable[[str, str], bool] | None = None  # further choice by (path, kind)
    others: tuple[str, ...] = ()
    inner: bool = True

    @property
    def present(self) -> str | None:
        """The name of the first of its programs that is there."""
        return next((name for name in (self.program, *self.others) if name and find(name)), None)

    @property
    def found(self) -> str | None:
        """The executable's path; `"embedded"` for one without; None where it is absent."""
        if self.program is None:
            return "embedded"
        return find(self.present) if self.present else None

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
    program: str, *arguments: str, cwd: Path | None = None, stdin: str | None = None, ok: tuple[int, ...] = (0, 1),
    mixed: bool = False, personal: bool = False, network: bool = False, seconds: int = TIMEOUT,
) -> subprocess.CompletedProcess[str]:  # fmt: skip
    """Run a tool off the network and within its time. Raises DidNotRun: absent, crashed or too slow.

    The user's own configuration is not read unless `personal`: the repository's alone decides what is found. `mixed` puts
    what it says on both channels into `stdout`, in order.
    """
    executable = find(program)
    if executable is None:
        raise DidNotRun(not_installed(program))
    quiet = {"NO_COLOR": "1", "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "HELM_NO_PLUGINS": "1"}
    environment = {k: v for k, v in os.environ.items() if k != "TF_CLI_CONFIG_FILE"} | quiet
    if not network:
        environment = {k: v for k, v in environment.items() if k.lower() != "no_proxy"} | _PROXIES
    if cwd is not None and not personal:
        environment = {k: v for k, v in environment.items() if not k.startswith("XDG_")} | {"HOME": str(cwd)}
    try:
        process = subprocess.Popen(
            [executable, *arguments], cwd=cwd, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT if mixed else subprocess.PIPE, text=True, encoding="utf-8",
            errors="replace", env=environment, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise DidNotRun(
            Text(
                f"{program} could not be started: {error.strerror}", f"{program} n'a pas pu démarrer : {error.strerror}"
            )
        ) from None
    with process:
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            raise DidNotRun(
                Text(f"{program} took more than {seconds} s", f"{program} a mis plus de {seconds} s")
            ) from None
    done = subprocess.CompletedProcess(
        [executable, *arguments], process.returncode, _relative(out, cwd), _relative(err or "", cwd)
    )
    if done.returncode not in ok:
        raise DidNotRun(crashed(program, done))
    return done


def _relative(said: str, cwd: Path | None) -> str:
    """What a tool said without the name of its temporary folder: the same files give the same words."""
    for folder in {str(cwd), str(cwd.resolve())} if cwd is not None else ():
        said = said.replace(f"{folder}/", "")
    return said


def _end(process: subprocess.Popen[str]) -> None:
    """End a tool and what it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def not_installed(program: str) -> Text:
    """Why a tool that is not there did not judge."""
    return Text(f"{program} is not installed", f"{program} n'est pas installé")


def crashed(program: str, done: subprocess.CompletedProcess[str]) -> Text:
    """Why a tool that ended in an unforeseen way did not judge, with its last line."""
    last = (done.stderr.strip() or done.stdout.strip()).splitlines()
    said = last[-1].strip()[:200] if last else ""
    return Text(
        f"{program} did not run to its end (code {done.returncode}): {said or 'no message'}",
        f"{program} ne s'est pas terminé normalement (code {done.returncode}) : {said or 'aucun message'}",
    )


def json_of(program: str, done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON that a tool printed. Raises DidNotRun where it printed nothing or something else: that is no approval."""
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        if not done.stdout.strip():
            raise DidNotRun(crashed(program, done)) from None
        raise DidNotRun(
            Text(
                f"{program} did not run: its output is not JSON",
                f"{program} n'a pas été exécuté : sa sortie n'est pas du JSON",
            )
        ) from None
