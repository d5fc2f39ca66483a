"""What a .dockerignore leaves out, from what the repository really holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from devops_orchestrator.core.change import File
from devops_orchestrator.core.project import Project
from devops_orchestrator.formats import dockerignore
from devops_orchestrator.text import Text

# Listed where the repository has them and they hold no code.
_FOR_PEOPLE = (
    ".github", ".gitlab-ci.yml", ".circleci", "Jenkinsfile", "k8s", "charts", "helm", "terraform", "infra", "docs",
    ".vscode", ".idea", ".devcontainer",
)  # fmt: skip
_CODE = (".py", ".js", ".mjs", ".ts", ".tsx", ".go", ".java", ".kt", ".php", ".rb", ".rs", ".cs", ".sql")


def file(
    project: Project, context: str, entries: Iterable[str], leave: Iterable[str] = (), keep: Iterable[str] = ()
) -> File:
    """The .dockerignore of a build context; `keep` names folders for people that are built from here."""
    path = posixpath.normpath(posixpath.join(context, ".dockerignore"))
    why = Text(
        "keeps secrets, history and local builds out of the image and the context small",
        "garde les secrets, l'historique et les builds locaux hors de l'image, et le contexte léger",
    )
    return File(path, content(project, context, entries, leave, keep), why)


def content(
    project: Project, context: str, entries: Iterable[str], leave: Iterable[str] = (), keep: Iterable[str] = ()
) -> str:
    """The text: history, what is made again in the image, secrets, and what only people and pipelines read."""
    prefix = "" if context in (".", "") else context + "/"
    files = [path.removeprefix(prefix) for path in project.repository.files if path.startswith(prefix)]
    tops = {path.split("/")[0] for path in files}
    blocks = [] if prefix else [("History", [".git"])]
    made = [entry for entry in dict.fromkeys(entries) if not _holds(entry, files)]
    if made:
        blocks.append(("Made again inside the image", made))
    blocks.append(
        (
            "Secrets and local settings come with the container's environment",
            ["**/.env", "**/.env.local", "**/.env.*.local"],
        )
    )
    people = [*dict.fromkeys(leave)]
    kept = set(keep)
    people += [name for name in _FOR_PEOPLE if name in tops and name not in kept and not _has_code(name, files)]
    if people:
        blocks.append(("Read by people and pipelines only", people))
    blocks.append(("Docker's own files", ["**/Dockerfile*", "**/.dockerignore", *_compose(tops)]))
    return "\n".join("\n".join([f"# {title}", *lines, ""]) for title, lines in blocks)


def _holds(entry: str, files: list[str]) -> bool:
    """Whether the repository itself holds files of that name: then they are the user's work, not the build's."""
    patterns = dockerignore.parse(entry)
    return any(patterns.excludes(path) for path in files)


def _has_code(folder: str, files: list[str]) -> bool:
    return any(path.startswith(folder + "/") and path.endswith(_CODE) for path in files)


def _compose(tops: set[str]) -> list[str]:
    found = []
    if any(name.startswith("compose") for name in tops):
        found.append("compose*.y*ml")
    if any(name.startswith("docker-compose") for name in tops):
        found.append("docker-compose*.y*ml")
    return found
