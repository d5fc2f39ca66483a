"""A repository's files behind one object: a folder, a few texts in a test, or either with new files laid over."""

from __future__ import annotations

import codecs
import fnmatch
import os
import re
import stat
import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

# Never the user's own work, wherever git does not already leave them out.
VENDORED = frozenset(
    {
        ".git", ".hg", ".svn", "node_modules", "vendor", ".venv", "venv", "__pycache__", ".tox", ".nox", ".mypy_cache",
        ".pytest_cache", ".ruff_cache", ".gradle", ".terraform", ".next", ".nuxt", ".turbo", ".idea", "bower_components",
        ".yarn", ".devops",
    }
)  # fmt: skip
_OF_ANOTHER = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"})
MAX_BYTES = 2_000_000  # A larger file is data, not configuration or code.


class Repository:
    """Read-only access to the files of one repository. Paths are relative, with `/`.

    `Repository.at(path)` reads a folder, `Repository.of({...})` holds texts, `overlay` lays files over either.
    """

    root: Path | None = None

    @staticmethod
    def at(path: str | Path) -> Repository:
        """The repository in a folder."""
        return _Folder(Path(path).resolve())

    @staticmethod
    def of(files: Mapping[str, str | bytes], name: str = "app", git: Mapping[str, str] | None = None) -> Repository:
        """A repository made of texts. `git` holds what git would print: `{"config --get remote.origin.url": "…"}`."""
        return _Texts(files, name, git or {})

    @property
    def name(self) -> str:
        """The folder's name."""
        raise NotImplementedError

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file, sorted; ignored and vendored ones left out."""
        raise NotImplementedError

    def read_bytes(self, path: str, limit: int | None = None) -> bytes | None:
        """The bytes of a file, at most the first `limit`; None where it is absent, unreadable or outside the root."""
        raise NotImplementedError

    def read(self, path: str) -> str | None:
        """The text of a file, its line breaks as they are; None where it is absent, too large or not text."""
        data = self.read_bytes(path, MAX_BYTES + 1)
        return None if data is None or len(data) > MAX_BYTES else decoded(data)

    def has(self, path: str) -> bool:
        """Whether a file is there."""
        return path in self._known or self.read_bytes(path, 0) is not None

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.files)

    def glob(self, *patterns: str) -> list[str]:
        """The files that match one of the patterns (`*` within a folder, `**/` any folders), sorted."""
        matches = [_pattern(pattern) for pattern in patterns]
        return [path for path in self.files if any(match.fullmatch(path) for match in matches)]

    def below(self, folder: str) -> list[str]:
        """The files below a folder (`"."` is the root)."""
        return list(self.files) if folder in (".", "") else [f for f in self.files if f.startswith(folder + "/")]

    def overlay(self, files: Mapping[str, str]) -> Repository:
        """This repository as it would be with `files` written."""
        return _Overlay(self, files) if files else self

    def git(self, *arguments: str) -> str | None:
        """What a read-only git command prints; None where there is no git."""
        return None


class _Folder(Repository):
    def __init__(self, root: Path) -> None:
        self.root = root
        self._folders: dict[str, str | None] = {"": str(root)}

    @property
    def name(self) -> str:
        return self.root.name if self.root else ""

    @cached_property
    def files(self) -> tuple[str, ...]:
        listed = self._git("ls-files", "-z", "-t", "-s", "--cached", "--others", "--deleted", "--exclude-standard")
        # An empty list: a folder that the repository around it ignores is looked into all the same.
        return tuple(sorted(self._listed(os.fsdecode(listed)) if listed else self._walk()))

    def _listed(self, listing: str) -> set[str]:
        """The files of git's listing: `H 100644 <id> 0<tab>path` for one that it knows, `? path` for another one."""
        found: set[str] = set()
        gone: set[str] = set()
        for line in listing.split("\0"):
            tag, rest = line[:1], line[2:]
            known, _, path = ("", "", rest) if tag == "?" else rest.partition("\t")
            if not path or path.endswith("/") or known.startswith("160000"):  # another repository inside this one
                continue
            if tag == "R":
                gone.add(path)
            elif not VENDORED.intersection(path.split("/")[:-1]) and (
                # What is no plain file in the index need not be one here: links, files of a sparse checkout, new ones.
                (tag == "H" and known.startswith("100")) or self._has(f"{self.root}/{path}")
            ):
                found.add(path)
        return found - gone

    def _walk(self) -> Iterable[str]:
        assert self.root is not None
        stack = [("", str(self.root))]
        while stack:
            relative, folder = stack.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError:  # a folder that may not be read is left out, like one that is not there
                continue
            for entry in entries:
                path = relative + entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in VENDORED:
                        stack.append((path + "/", entry.path))
                elif self._has(entry.path):
                    yield path

    def read_bytes(self, path: str, limit: int | None = None) -> bytes | None:
        folder, _, name = path.rpartition("/")
        if ".." in (name, *folder.split("/")):
            return None
        try:
            above = self._folder(folder)
            # A link that leads out of the repository is not part of it.
            if above is None or (os.path.islink(f"{above}/{name}") and not self._inside(f"{above}/{name}")):  # noqa: PTH114
                return None
            # A pipe would wait for its writer: not opened to wait, and not read.
            file = os.open(f"{above}/{name}", os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            try:
                told = os.fstat(file)
                if not stat.S_ISREG(told.st_mode):
                    return None
                return _bytes(file, told.st_size if limit is None else min(told.st_size, limit))
            finally:
                os.close(file)
        except (OSError, RuntimeError, ValueError):
            return None

    def _folder(self, folder: str) -> str | None:
        """The absolute path of a folder, None where a link on its way leads out of the repository."""
        known = self._folders
        if folder not in known:
            above, at = known[""], ""
            for name in folder.split(
                "/"
            ):  # each folder is looked at once: resolving whole paths takes ten times as long
                at = f"{at}/{name}" if at else name
                if at not in known:
                    full = f"{above}/{name}"
                    out = above is None or (os.path.islink(full) and not self._inside(full))  # noqa: PTH114
                    known[at] = None if out else full
                above = known[at]
            return above
        return known[folder]

    def _has(self, full: str) -> bool:
        """Whether this is a file of the repository: one that a link names outside of it is none."""
        return os.path.isfile(full) and (not os.path.islink(full) or self._inside(full))  # noqa: PTH114

    def _inside(self, full: str) -> bool:
        assert self.root is not None
        return Path(full).resolve().is_relative_to(self.root)

    def git(self, *arguments: str) -> str | None:
        found = self._git(*arguments)
        return None if found is None else found.decode("utf-8", "replace")

    def _git(self, *arguments: str) -> bytes | None:
        assert self.root is not None
        if not any((folder / ".git").exists() for folder in (self.root, *self.root.parents)):
            return None
        # The configuration of a repository that somebody else made may name a program to run: not run. No lock is taken.
        command = ["git", "-C", str(self.root), "-c", "core.fsmonitor=false", "--no-optional-locks", *arguments]
        try:
            done = subprocess.run(command, capture_output=True, timeout=20, check=False, env=_environment())
        except (OSError, ValueError, subprocess.SubprocessError):
            return None
        return done.stdout if done.returncode == 0 else None


def _environment() -> dict[str, str]:
    """Without what names another repository: a hook of git sets it for its own."""
    return {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER}


def decoded(data: bytes) -> str | None:
    """The text of a file's bytes; None where they are no text.

    UTF-8, else Latin-1; UTF-16 where its mark says so, as PowerShell's `>` writes it. The mark stays the first
    character: every encoding gives the same bytes back.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                return None
    if b"\0" in data[:8192]:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _bytes(file: int, size: int) -> bytes:
    """`size` bytes of an open file, fewer where it ends before: what grows while it is read is not followed."""
    found = os.read(file, size)
    while len(found) < size and (more := os.read(file, size - len(found))):
        found += more
    return found


class _Texts(Repository):
    def __init__(self, files: Mapping[str, str | bytes], name: str, git: Mapping[str, str]) -> None:
        self._git = git
        self._texts = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    @cached_property
    def files(self) -> tuple[str, ...]:
        return tuple(sorted(self._texts))

    def read_bytes(self, path: str, limit: int | None = None) -> bytes | None:
        found = self._texts.get(path)
        return found[:limit] if found is not None else None

    def git(self, *arguments: str) -> str | None:
        return self._git.get(" ".join(arguments))


class _Overlay(Repository):
    def __init__(self, below: Repository, files: Mapping[str, str]) -> None:
        self._below = below
        self._over = dict(files)
        self.root = below.root

    @property
    def name(self) -> str:
        return self._below.name

    @cached_property
    def files(self) -> tuple[str, ...]:
        return tuple(sorted({*self._below.files, *self._over}))

    def read_bytes(self, path: str, limit: int | None = None) -> bytes | None:
        over = self._over.get(path)
        return over.encode()[:limit] if over is not None else self._below.read_bytes(path, limit)

    def git(self, *arguments: str) -> str | None:
        return self._below.git(*arguments)


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = [
        "(?:.*/)?" if part == "**/" else ".*" if part == "**" else _segment(part)
        for part in re.split(r"(\*\*/|\*\*)", pattern)
        if part
    ]
    return re.compile("".join(parts))


def _segment(part: str) -> str:
    translated = fnmatch.translate(part).removeprefix("(?s:").removesuffix(r")\Z")
    return translated.replace(".*", "[^/]*").replace("(?>[^/]*?", "(?>[^/]*?")


def matches(path: str, *patterns: str) -> bool:
    """Whether a path matches one of the patterns (see `Repository.glob`)."""
    return any(_pattern(pattern).fullmatch(path) for pattern in patterns)
