"""What a command of a pipeline names: package scripts, make targets, files; and which of them the repository has not."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import VENDORED
from devops_orchestrator.errors import ParseError
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.documents import read_json

_ELSEWHERE = lazy(r"--(?:if-present|prefix|workspaces?|filter|cwd|recursive|dir|working-dir)|-[wrCFd]|-ws")
_COMPOSER = frozenset({"run", "run-script"})
_TARGET = lazy(r"^([^\s:#=][^:#=]*?)\s*:(?![:=])", re.M)
# Folders that builds make: what lies in them need not be in the repository.
MADE = frozenset(
    {"build", "dist", "target", "out", "bin", "coverage", "tmp", "node_modules", "vendor", "public", "generated"}
)


def missing(words: tuple[str, ...], folder: str, project: Project) -> tuple[str, str] | None:
    """(what a command names, the file or folder that lacks it)."""
    return missing_name(words, folder, project) or _file(words, folder, project)


def missing_name(words: tuple[str, ...], folder: str, project: Project) -> tuple[str, str] | None:
    """(the package script or make target that a command names, the file that lacks it)."""
    return (
        _package_script(words, folder, project)
        or _composer_script(words, folder, project)
        or _make_target(words, folder, project)
    )


def _package_script(words: tuple[str, ...], folder: str, project: Project) -> tuple[str, str] | None:
    if words[0] not in ("npm", "pnpm", "yarn") or len(words) < 2:
        return None
    if words[1] in ("run", "run-script") and len(words) > 2:
        name, rest = words[2], words[3:]
    elif words[1] in ("test", "t", "start") and words[0] == "npm":
        name, rest = {"t": "test"}.get(words[1], words[1]), words[2:]
    else:
        return None
    if (
        not re.fullmatch(r"[\w:.-]+", name)
        or "_" * 4 in name
        or name.startswith("-")
        or any(_ELSEWHERE.match(word) for word in rest)
    ):
        return None
    path = posixpath.normpath(posixpath.join(folder, "package.json"))
    known = _scripts(path, project)
    served = name == "start" and f"{posixpath.dirname(path) or '.'}/server.js" in project.repository.files
    return (name, path) if known is not None and name not in known and not served else None


def _composer_script(words: tuple[str, ...], folder: str, project: Project) -> tuple[str, str] | None:
    if words[0] != "composer" or len(words) < 3 or words[1] not in _COMPOSER:
        return None
    if any(_ELSEWHERE.match(word) for word in words):
        return None
    name = next((word for word in words[2:] if not word.startswith("-")), "")
    path = posixpath.normpath(posixpath.join(folder, "composer.json"))
    known = _scripts(path, project)
    hook = name.startswith(("pre-", "post-"))
    plain = re.fullmatch(r"[\w:.-]+", name) and "_" * 4 not in name and not hook
    return (name, path) if plain and known is not None and name not in known else None


def _scripts(path: str, project: Project) -> set[str] | None:
    """The names of the scripts of a manifest; None where it cannot be read."""
    text = project.repository.read(path) if path in project.repository.files else None
    try:
        return set(read_json(path, text).table("scripts")) if text is not None else None
    except ParseError:
        return None


def _make_target(words: tuple[str, ...], folder: str, project: Project) -> tuple[str, str] | None:
    """A target that the Makefile has not; unsure where it includes others, or makes targets by pattern or variable."""
    if words[0] != "make" or any(
        word.startswith(("-C", "-f", "--directory", "--file", "--makefile")) for word in words
    ):
        return None
    names = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    path = next(
        (
            found
            for name in ("GNUmakefile", "makefile", "Makefile")
            if (found := posixpath.normpath(posixpath.join(folder, name))) in project.repository.files
        ),
        None,
    )
    text = project.repository.read(path) if path else None
    if (
        text is None
        or path is None
        or re.search(r"(?m)^\s*-?s?include\b|^[^\t#\n]*%[^\n]*:|^\s*\$[({]|^\.DEFAULT\s*:", text)
    ):
        return None
    known = {name for found in _TARGET.finditer(text) for name in found[1].split()}
    if any("$" in name for name in known):
        return None
    for name in names:
        if re.fullmatch(r"[A-Za-z][\w-]*", name) and "_" * 4 not in name and name not in known:
            made = posixpath.normpath(posixpath.join(folder, name))
            if made not in project.repository.files:
                return name, path
    return None


def plain(text: str) -> bool:
    """Whether a path can be compared: relative, without variables and patterns."""
    return bool(text) and not re.search(r"\$|[*?\[\]{}!~]|^/|\.\.|_{4,}|://|^-|@", text)


def _file(words: tuple[str, ...], folder: str, project: Project) -> tuple[str, str] | None:
    """(file or folder, the folder that lacks it)."""
    candidates: list[str] = []
    folders: list[str] = []
    name = words[0]
    if name in ("bash", "sh", "python", "python3", "node") and len(words) > 1:
        candidates = [words[1]] if words[1].endswith((".sh", ".py", ".js", ".mjs")) else []
    elif name.startswith("./") and (name.endswith((".sh", ".py")) or name in ("./gradlew", "./mvnw")):
        candidates = [name]
    elif "install" in words and any(word.rsplit("/", 1)[-1] in ("pip", "pip3") for word in words):
        candidates = [value for option in ("-r", "--requirement") for value in _values(words, option)]
    elif name == "kubectl" and {"apply", "create", "replace", "diff"} & set(words[1:3]):
        folders = [value for option in ("-f", "--filename", "-k", "--kustomize") for value in _values(words, option)]
    elif name in ("terraform", "tofu"):
        folders = [word.partition("=")[2] for word in words if word.startswith("-chdir=")]
        inside = folders[0] if folders and plain(folders[0]) else "."
        candidates = [
            posixpath.normpath(posixpath.join(inside, word.partition("=")[2]))
            for word in words
            if word.startswith(("-var-file=", "--var-file=")) and plain(word.partition("=")[2])
        ]
    elif name == "helm" and {"upgrade", "install", "template", "lint"} & set(words[1:2]):
        folders = [word for word in words[2:] if word.startswith("./")]
        candidates = [value for option in ("-f", "--values") for value in _values(words, option)]
    elif name in ("docker", "docker-compose") and ("compose" in words[:2] or name == "docker-compose"):
        candidates = [v for option in ("-f", "--file") for v in _values(words[: _verb(words)], option)]
    elif name == "docker" and "build" in words[1:3]:
        candidates = [value for option in ("-f", "--file") for value in _values(words, option)]
    for wanted, whole in ((candidates, False), (folders, True)):
        for each in wanted:
            path = posixpath.normpath(posixpath.join(folder, each))
            if not plain(each) or MADE & set(path.split("/")[:-1]) or VENDORED & set(path.split("/")):
                continue
            there = project.repository.has(path) or (whole and bool(project.repository.below(path)))
            if not there:
                return each, "./" if folder == "." else f"{folder}/"
    return None


def _verb(words: tuple[str, ...]) -> int:
    """Where the verb of a compose command stands: `-f` behind it is another option (`logs -f`)."""
    verbs = {"up", "down", "build", "run", "exec", "pull", "push", "logs", "config", "ps", "stop", "start", "restart", "kill", "rm", "create", "cp", "top", "wait", "watch"}  # fmt: skip
    return next((place for place, word in enumerate(words) if word in verbs), len(words))


def _values(words: tuple[str, ...], option: str) -> list[str]:
    """What an option is given: `-f x`, `-f=x`, `--file=x`."""
    found = [words[place + 1] for place, word in enumerate(words[:-1]) if word == option]
    return found + [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
