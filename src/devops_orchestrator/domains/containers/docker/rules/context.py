"""Rules on the build context: what is copied, what is ignored, what is there at all."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import VENDORED, matches
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker.rules.reading import View, copies, copies_everything, is_remote, runs
from devops_orchestrator.formats.dockerfile import Word, expand
from devops_orchestrator.text import Text

DOCS = "https://docs.docker.com/build/concepts/context/"
# (entry, the name by which a .gitignore leaves the same thing out, what has to be in the context for it to matter)
_LOCAL = (
    ("**/node_modules", "node_modules", ("package.json",)),
    ("**/dist", "dist", ("package.json",)),
    ("**/build", "build", ("package.json", "build.gradle", "build.gradle.kts")),
    ("**/.next", ".next", ("package.json",)),
    ("**/coverage", "coverage", ("package.json",)),
    ("**/__pycache__", "__pycache__", ("*.py",)),
    ("**/.venv", ".venv", ("*.py",)),
    ("**/venv", "venv", ("*.py",)),
    ("**/.pytest_cache", ".pytest_cache", ("*.py",)),
    ("vendor", "vendor", ("composer.json", "go.mod", "Gemfile")),
    ("**/target", "target", ("pom.xml", "Cargo.toml")),
    ("**/.gradle", ".gradle", ("build.gradle", "build.gradle.kts")),
    ("**/bin", "bin", ("*.csproj",)),
    ("**/obj", "obj", ("*.csproj",)),
    ("**/.env", ".env", ("*",)),
    ("**/.env.local", ".env.local", ("*",)),
    ("**/*.log", "*.log", ("*",)),
)


@rule(
    "docker/missing-dockerignore", Severity.WARNING, on="dockerfile", url=f"{DOCS}#dockerignore-files",
    title=Text("The build context has no .dockerignore", "Le contexte de build n'a pas de .dockerignore"),
    advice=Text(
        "COPY . takes .git, local dependencies and .env into the image: slower builds, a cache that never hits, and secrets for everybody who pulls it.",
        "COPY . emporte .git, les dépendances locales et .env dans l'image : des builds lents, un cache toujours invalidé, et des secrets pour quiconque télécharge l'image.",
    ),
)  # fmt: skip
def missing_dockerignore(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    whole = next((item for item in view.file.instructions if copies_everything(item)), None)
    if whole is None or view.context.ignore is not None:
        return
    if (
        not view.context.certain
        and view.folder != "."
        and (view.component is None or view.component.path != view.context.path)
    ):
        return  # which folder the build is given is not known
    others = _other_takers(view)
    entries = _entries(view)
    fix = None
    if entries and not others:
        text = "\n".join(
            ["# What git leaves out as well: it is made again in the image, or it is a secret.", *entries, ""]
        )
        title = Text(f"Create {view.context.ignore_path}", f"Créer {view.context.ignore_path}")
        fix = Fix((Edit(view.context.ignore_path, 0, 0, text),), True, title)
    yield Hit(
        whole.start, whole.end,
        Text(
            f"{whole.name} takes the whole context and there is no {view.context.ignore_path}.",
            f"{whole.name} prend tout le contexte et il n'y a pas de {view.context.ignore_path}.",
        ),
        fix,
    )  # fmt: skip


def _other_takers(view: View) -> bool:
    """Whether an earlier Dockerfile of the same context already proposes the file: one finding creates it."""
    for path in view.project.of_kind("dockerfile"):
        if path >= view.source.path:
            continue
        text = view.project.repository.read(path)
        if text is None:
            continue
        other = View(Source(path, text, "dockerfile"), view.project)
        try:
            same = other.context.ignore_path == view.context.ignore_path
            if same and any(copies_everything(item) for item in other.file.instructions):
                return True
        except Exception:  # noqa: S112 - a file that does not parse is told elsewhere
            continue
    return False


def _entries(view: View) -> list[str]:
    """Entries that cannot take away anything a clean checkout has: `.git`, and what .gitignore names."""
    entries = [] if _needs_git(view) or view.context.path != "." else [".git"]
    ignored = _git_ignored(view)
    sources = [posixpath.normpath(w.value) for item in view.file.instructions for w in (copies(item) or ([], None))[0]]
    names = {posixpath.basename(path) for path in view.context.files}
    for entry, name, needed in _LOCAL:
        named = any(part == name for source in sources for part in source.split("/"))
        tracked = any(name in path.split("/") for path in view.context.files)
        matters = any(fnmatch.fnmatchcase(file, glob) for glob in needed for file in names)
        if matters and name in ignored and not named and not tracked:
            entries.append(entry)
    return entries


def _git_ignored(view: View) -> set[str]:
    found: set[str] = set()
    folder = view.context.path
    folders = [folder]
    while folder not in (".", ""):
        folder = posixpath.dirname(folder) or "."
        folders.append(folder)
    for place in folders:
        text = view.project.repository.read(posixpath.normpath(posixpath.join(place, ".gitignore"))) or ""
        found |= {
            line.strip().removeprefix("**/").strip("/")
            for line in text.splitlines()
            if line.strip() and not line.startswith(("#", "!"))
        }
    return found


def _needs_git(view: View) -> bool:
    """Whether the build reads the history: a git command, a version from tags, Go's own stamp."""
    component = view.component
    if component and component.depends_on(
        "setuptools-scm", "setuptools_scm", "hatch-vcs", "versioneer", "git-commit-id-maven-plugin"
    ):
        return True
    pyproject = (
        view.project.repository.read(posixpath.normpath(posixpath.join(view.context.path, "pyproject.toml"))) or ""
    )
    if "setuptools_scm" in pyproject or "setuptools-scm" in pyproject or "hatch-vcs" in pyproject:
        return True
    return any(command.name in ("git", "make", "goreleaser") for _, command in runs(view.file.instructions))


@rule(
    "docker/copy-source-missing", Severity.ERROR, on="dockerfile", url="https://docs.docker.com/reference/dockerfile/#copy",
    title=Text("A COPY source is not in the build context", "Une source de COPY n'est pas dans le contexte de build"),
    advice=Text(
        "The build stops there with \"not found\" on every machine that has a clean checkout.",
        "Le build s'arrête là avec « not found » sur toute machine qui part d'un dépôt propre.",
    ),
)  # fmt: skip
def copy_source_missing(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    context = view.context
    told = False
    for item in view.file.instructions:
        found = copies(item)
        if found is None:
            continue
        for word in found[0]:
            path = _literal(view, word)
            if path is None or path in (".", ""):
                continue
            shown = "the repository's root" if context.path == "." else context.path
            montre = "la racine du dépôt" if context.path == "." else context.path
            there = context.matches(path)
            if not there:
                if path.startswith("..") or re.search(r"[*?\[]", path) or VENDORED.intersection(path.split("/")):
                    continue  # a folder of somebody else's code: whether it is committed is not read
                made = _made_outside(view, path)
                if made and (told or "src/main/docker/" in source.path):
                    continue  # Quarkus and JHipster build first, and say so there; elsewhere once is enough
                told = told or made
                yield Hit(
                    word.start, word.end,
                    _not_in_checkout(path) if made else Text(f"{path} does not exist in the build context ({shown}).", f"{path} n'existe pas dans le contexte de build ({montre})."),
                    severity=Severity.WARNING if made else None if context.certain or context.path in (view.folder, ".") else Severity.WARNING,
                )  # fmt: skip
                continue
            patterns = [context.ignored(p) for p in there]
            if all(patterns) and (pattern := patterns[0]):
                yield Hit(
                    word.start, word.end,
                    Text(
                        f"{path} is left out of the context by {context.ignore_path}, line {pattern.line}.",
                        f"{path} est exclu du contexte par {context.ignore_path}, ligne {pattern.line}.",
                    ),
                    related=(Related(context.ignore_path, pattern.line, Text("the pattern", "le motif")),),
                )  # fmt: skip


def _literal(view: View, word: Word) -> str | None:
    if is_remote(word.value):
        return None
    value = expand(word.value, {}) if "$" in word.value else word.value
    if value is None:
        return None
    if value.startswith("/") and value.strip("/") == "":
        return "."
    return posixpath.normpath(value).lstrip("/") if value else None


def _made_outside(view: View, path: str) -> bool:
    """Whether a missing source is a build's output: git leaves it out, or it is where the component's build writes."""
    parts = path.split("/")
    ignored = _git_ignored(view)
    component = view.component
    if component and component.output and path.startswith(component.output.strip("./")):
        return True
    if any(part in ignored for part in parts) or any("/".join(parts[: i + 1]) in ignored for i in range(len(parts))):
        return True
    if re.search(r"[-_.](linux|amd64|arm64)\b", parts[-1]):
        return True
    return parts[0] in ("dist", "build", "target", "out", "bin", "publish", ".next", "public") and parts[0] not in {
        f.split("/")[0] for f in view.context.files
    }


def _not_in_checkout(path: str) -> Text:
    return Text(
        f"{path} is built outside the image: `docker build` fails on a clean checkout. Build it in a stage.",
        f"{path} est produit hors de l'image : `docker build` échoue sur un dépôt propre. Construisez-le dans une étape.",
    )


@rule(
    "docker/crlf-script", Severity.ERROR, on="dockerfile", url="https://docs.docker.com/reference/dockerfile/#entrypoint",
    title=Text("A script that the image runs has Windows line endings", "Un script exécuté par l'image a des fins de ligne Windows"),
    advice=Text(
        "The kernel looks for an interpreter called /bin/sh\\r: the container ends at once with \"no such file or directory\".",
        "Le noyau cherche un interpréteur nommé /bin/sh\\r : le conteneur s'arrête aussitôt avec « no such file or directory ».",
    ),
)  # fmt: skip
def crlf_script(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    words = {posixpath.basename(word) for word in view.process}
    words |= {posixpath.basename(c.values[0]) for _, c in runs(view.file.instructions)}
    for item in view.file.instructions:
        for word in (copies(item) or ([], None))[0]:
            name = posixpath.normpath(word.value)
            if (
                posixpath.basename(name) not in words
                and posixpath.basename((item.operands or [word])[-1].value) not in words
            ):
                continue
            path = posixpath.normpath(posixpath.join(view.context.path, name))
            text = project.repository.read(path)
            if not text or not text.startswith("#!"):
                continue
            forced = _forced_crlf(view, path)
            if "\r\n" not in text and forced is None:
                continue
            edits = tuple(Edit(path, found.start(), found.end(), "\n") for found in re.finditer("\r\n", text))
            fix = (
                Fix(edits, True, Text(f"Use LF in {path}", f"Utiliser LF dans {path}"))
                if edits and forced is None
                else None
            )
            yield Hit(
                word.start, word.end,
                Text(f"{path} has CRLF line endings and cannot be started.", f"{path} a des fins de ligne CRLF et ne peut pas être lancé."),
                fix, (forced,) if forced else (Related(path, 1, Text("the script", "le script")),),
            )  # fmt: skip


def _forced_crlf(view: View, path: str) -> Related | None:
    """The line of .gitattributes that gives a file Windows line endings in every checkout; the last match decides."""
    found: Related | None = None
    for number, line in enumerate((view.project.repository.read(".gitattributes") or "").splitlines(), 1):
        pattern, *attributes = line.split() or [""]
        if not pattern or pattern.startswith("#"):
            continue
        if matches(path, pattern) or ("/" not in pattern and matches(posixpath.basename(path), pattern)):
            eol = next((a.removeprefix("eol=") for a in attributes if a.startswith("eol=")), None)
            if eol:
                message = Text("checked out with CRLF", "extrait avec CRLF")
                found = Related(".gitattributes", number, message) if eol == "crlf" else None
    return found


RULES = (missing_dockerignore, copy_source_missing, crlf_script)
