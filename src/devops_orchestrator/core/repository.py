"""A repository's files behind one object: a folder, a few texts in a test, or either with new files laid over."""

from __future__ import annotations

import fnmatch
import os
import re
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

    def read_bytes(self, path: str) -> bytes | None:
        """The bytes of a file; None where it is absent, unreadable or outside the root."""
        raise NotImplementedError

    def read(self, path: str) -> str | None:
        """The text of a file, its line breaks as they are; None where it is absent, too large or not text."""
        data = self.read_bytes(path)
        if data is None or len(data) > MAX_BYTES or b"\0" in data[:8192]:
            return None
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("latin-1")

    def has(self, path: str) -> bool:
        """Whether a file is there."""
        return path in self._known or self.read_bytes(path) is not None

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

    @property
    def name(self) -> str:
        return self.root.name if self.root else ""

    @cached_property
    def files(self) -> tuple[str, ...]:
        listed = self.git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        if listed is None:
            return tuple(sorted(self._walk()))
        paths = (path for path in listed.split("\0") if path and not VENDORED.intersection(path.split("/")[:-1]))
        assert self.root is not None
        root = str(self.root)
        # ls-files also names submodules (folders) and files that are gone.
        return tuple(sorted({path for path in paths if os.path.isfile(os.path.join(root, path))}))

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
                elif _is_file(entry):
                    yield path

    def read_bytes(self, path: str) -> bytes | None:
        assert self.root is not None
        full = os.path.join(self.root, path)
        try:
            # A link that leads out of the repository is not part of it.
            if os.path.islink(full) and not Path(full).resolve().is_relative_to(self.root):  # noqa: PTH114
                return None
            if ".." in path.split("/"):
                return None
            with open(full, "rb") as file:  # noqa: PTH123 - measurably faster over 50,000 files
                return file.read()
        except (OSError, RuntimeError, ValueError):
            return None

    def git(self, *arguments: str) -> str | None:
        assert self.root is not None
        if not any((folder / ".git").exists() for folder in (self.root, *self.root.parents)):
            return None
        try:
            done = subprocess.run(
                ["git", "-C", str(self.root), *arguments], capture_output=True, timeout=20, check=False
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False


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

    def read_bytes(self, path: str) -> bytes | None:
        return self._texts.get(path)

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

    def read_bytes(self, path: str) -> bytes | None:
        over = self._over.get(path)
        return over.encode() if over is not None else self._below.read_bytes(path)

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
