"""The commands that a repository itself runs its Python code with: images, their scripts, compose, Procfile, tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.project import compose_commands, images, shell
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.python_tasks import tasks
from devops_orchestrator.project.tree import join

SERVERS = frozenset(
    {
        "gunicorn", "uvicorn", "hypercorn", "granian", "daphne", "uwsgi", "waitress-serve", "fastapi", "flask", "streamlit", "litestar", "sanic",
        "pserve", "chainlit", "robyn", "gradio", "mod_wsgi-express", "circusd",
    }
)  # fmt: skip
WORKERS = frozenset(
    {
        "celery",
        "rq",
        "rqworker",
        "dramatiq",
        "arq",
        "taskiq",
        "huey_consumer",
        "huey_consumer.py",
        "procrastinate",
        "faststream",
    }
)
_DJANGO_WORKERS = {
    "rqworker", "rqworker-pool", "run_huey", "djangohuey", "qcluster", "process_tasks", "db_worker", "rundramatiq", "procrastinate", "runworker",
}  # fmt: skip
_SCHEDULES = {"rqscheduler", "rqcron", "scheduler", "db_scheduler", "redbeat"}


def console_scripts(draft: Draft, context: Context) -> set[str]:
    """The names of the programs that the project itself installs."""
    pyproject = context.tree.toml(context.tree.first(draft.path, "pyproject.toml"))
    tables = (("project", "scripts"), ("tool", "poetry", "scripts"))
    return {name for keys in tables for name in (pyproject.table(*keys) if pyproject else {})}


@dataclass(frozen=True)
class Said:
    """A simple command that something of the repository runs, and where it is written."""

    text: str
    evidence: str
    name: str = ""  # of the process: the compose service, the Procfile's process, the task
    development: bool = False
    daemon: bool = False  # what a server keeps running beside itself

    @property
    def words(self) -> list[str]:
        """The words from the program on."""
        found = shell.program(shell.split(self.text))
        if found[:1] in (["python"], ["python3"]) and len(found) > 2 and found[1] == "-m":
            module = found[2].split(".")[0]
            if module in SERVERS or module in WORKERS:
                return [module, *found[3:]]
        return found

    @property
    def serves(self) -> bool:
        """Whether it is a web server's command."""
        words = self.words
        if words[:1] in (["flask"], ["litestar"]):
            return "run" in words
        if words[:1] == ["fastapi"]:
            return words[1:2] in (["run"], ["dev"])
        return bool(words) and (words[0] in SERVERS or words[:2] == ["newrelic-admin", "run-program"])

    @property
    def runs_django(self) -> bool:
        """Whether it is Django's development server."""
        return "runserver" in self.words or "runserver_plus" in self.words

    @property
    def kind(self) -> str | None:
        """`worker` or `schedule`, None for another command."""
        words = self.words
        if not words:
            return None
        if self.daemon:
            return "worker"
        if words[0] == "celery":
            if "beat" in words:
                return "schedule"
            return "worker" if "worker" in words else None
        if words[0] in WORKERS:
            return (
                "worker"
                if words[0] not in ("rq", "taskiq", "procrastinate", "faststream") or _consumes(words)
                else None
            )
        if words[0] in _SCHEDULES:
            return "schedule"
        manage = next((i for i, word in enumerate(words) if word.endswith("manage.py")), None)
        if manage is not None and len(words) > manage + 1:
            command = words[manage + 1]
            return "worker" if command in _DJANGO_WORKERS else "schedule" if command in _SCHEDULES else None
        return None


def _consumes(words: list[str]) -> bool:
    return bool({"worker", "worker-pool", "run", "scheduler"} & set(words[1:3])) or "worker" in words


def said(draft: Draft, context: Context, dockerfile: str | None) -> list[Said]:
    """What the image runs, then what compose runs of it, then the Procfile's and the tasks' commands."""
    found: list[Said] = []
    image = draft.traits.get("image_command")
    if image:
        found += _expanded(draft, context, Said(image, draft.evidence("image_command") or dockerfile or ""), dockerfile)
    for run in compose_commands.runs(context):
        mine = draft.path == run.folder or (run.dockerfile is not None and run.dockerfile == dockerfile)
        if mine and run.command:
            development = bool(
                re.search(r"(^|[._/-])(dev|development|local|override|tests?|debug)([._/-]|$)", run.evidence)
            )
            one = Said(run.command, run.evidence, run.name, development)
            found += _expanded(draft, context, one, run.dockerfile or dockerfile)
    path = context.tree.first(draft.path, "Procfile")
    for number, line in context.tree.lines(path):
        name, colon, command = (part.strip() for part in line.partition(":"))
        if colon and command and not name.startswith("#"):
            found += _expanded(draft, context, Said(command, f"{path}:{number}", name), dockerfile)
    for task in tasks(draft, context.tree):
        found += _expanded(draft, context, Said(task.runs, task.evidence, task.name, development=True), dockerfile)
    return found


def _expanded(draft: Draft, context: Context, one: Said, dockerfile: str | None, depth: int = 0) -> Iterator[Said]:
    """A command line as its simple commands; one that is a script of the repository as the commands of the script."""
    for command in shell.commands(one.text):
        words = shell.program(shell.split(command.text))
        line = shell.without_exec(command.text)
        path = _script(draft, context, shell.split(command.text), dockerfile) if depth < 3 else None
        inner = shell.script(context.tree, path) if path else []
        if inner and path:
            for step in inner:
                if re.fullmatch(r"exec(\s+\S+)*?\s+\"?\$@\"?", step.text):  # the script runs what it is given
                    given = _arguments(command.text)
                    if given:
                        yield Said(given, one.evidence, one.name, one.development)
                    continue
                said = Said(step.text, f"{path}:{step.line}", one.name, one.development)
                yield from _expanded(draft, context, said, dockerfile, depth + 1)
        elif words:
            yield Said(line, one.evidence, one.name, one.development)
            yield from _daemons(draft, context, words, one)


def _arguments(text: str) -> str:
    """What follows the script in a command: `archivebox server` of `tini -- entrypoint.sh archivebox server`."""
    words = shell.split(text)
    at = next((i for i, word in enumerate(words) if word.endswith((".sh", "entrypoint"))), None)
    return " ".join(words[at + 1 :]) if at is not None else ""


def ini_file(draft: Draft, context: Context, word: str) -> str | None:
    """The repository's file of an `.ini` that a command names by its path in the image."""
    parts = [part for part in word.split("/") if part not in ("", ".", "..")]
    for start in range(len(parts)):
        path = join(draft.path, "/".join(parts[start:]))
        if context.tree.text(path) is not None:
            return path
    return None


def _daemons(draft: Draft, context: Context, words: list[str], one: Said) -> Iterator[Said]:
    """What uWSGI runs beside itself: `attach-daemon = ./manage.py sendalerts`."""
    path = ini_file(draft, context, words[-1]) if words[0] == "uwsgi" and words[-1].endswith(".ini") else None
    for number, line in context.tree.lines(path):
        key, equals, value = (part.strip() for part in line.partition("="))
        if (
            equals
            and key in ("attach-daemon", "attach-daemon2", "smart-attach-daemon")
            and "%(" not in value
            and "=" not in value.split()[0]
        ):
            found = shell.split(value)
            at = next((i for i, word in enumerate(found) if word.endswith("manage.py")), None)
            name = found[at + 1] if at is not None and len(found) > at + 1 else found[0]
            text = f"python {value.removeprefix('./')}" if at == 0 else value
            yield Said(text, f"{path}:{number}", name, one.development, daemon=True)


def _script(draft: Draft, context: Context, words: list[str], dockerfile: str | None) -> str | None:
    """The repository's file that a command runs as a shell script, as the Dockerfile copies it."""
    words = [word for word in words if not word.startswith("-")]
    while words and words[0].rpartition("/")[2] in ("exec", "sh", "bash", "dumb-init", "tini", "env"):
        words = words[1:]
    if not words:
        return None
    name = words[0]
    if "/" not in name and not name.endswith(".sh"):
        return None
    copied = _copied(context, name, dockerfile)
    if copied:
        return copied
    wanted = [part for part in name.split("/") if part not in ("", ".", "..")]
    for start in range(len(wanted)):
        tail = "/".join(wanted[start:])
        exact = join(draft.path, tail)
        if context.tree.text(exact) is not None and not exact.endswith(".py"):
            return exact
    last = wanted[-1] if wanted else ""
    found = [path for path in draft.files if path.rpartition("/")[2] == last and not path.endswith(".py")]
    return found[0] if len(found) == 1 and ("." in last or "entrypoint" in last) else None


def _copied(context: Context, target: str, dockerfile: str | None) -> str | None:
    parsed = context.tree.dockerfile(dockerfile)
    for stage in parsed.stages if parsed else ():
        for item in stage.of("COPY", "ADD"):
            words = [word.value for word in item.words if not word.value.startswith("--")]
            last = words[-1].rpartition("/")[2] if words else ""
            if len(words) == 2 and (
                words[1] == target or (words[1].startswith("$") and last == target.rpartition("/")[2])
            ):
                source = words[0].removeprefix("./")
                for folder in (".", (dockerfile or "").rpartition("/")[0] or "."):
                    if context.tree.text(join(folder, source)) is not None:
                        return join(folder, source)
    return None


def image_file(draft: Draft, context: Context) -> str | None:
    """The Dockerfile of a component, also one with another name or in a folder of its own (`docker/default.Dockerfile`).

    Those for development, tests and builds are left out; one that is made from a Python image goes first.
    """
    usual = images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
    if usual:
        return usual
    named = [
        path
        for path in draft.files
        if re.search(r"(^|/)(Dockerfile|Containerfile|[\w-]+\.[Dd]ockerfile|Dockerfile\.[\w-]+)$", path)
        and not re.search(
            r"(^|[/._-])(dev|devel|development|tests?|debug|local|ci|docs|examples?|build|base|worker|nginx|postgres|devcontainer)([/._-]|$)",
            path,
        )
    ]
    for path in sorted(named, key=lambda p: (p.count("/"), len(p), p)):
        parsed = context.tree.dockerfile(path)
        bases = [parsed.image(stage) or "" for stage in parsed.stages] if parsed else []
        if any("python" in base or "/uv" in base or "pypy" in base for base in bases):
            return path
    return None
