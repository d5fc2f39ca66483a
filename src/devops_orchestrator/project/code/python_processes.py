"""Workers and scheduled jobs of a Python application: those that the repository runs, else those that its code defines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_applications import Application, assignment, top
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword
from devops_orchestrator.project.code.python_said import Said
from devops_orchestrator.project.draft import Draft

# Django applications whose worker is a management command: entry of INSTALLED_APPS → command.
_MANAGED = {
    "huey.contrib.djhuey": "run_huey", "django_q": "qcluster", "background_task": "process_tasks", "django_tasks.backends.database": "db_worker",
    "django_dramatiq": "rundramatiq",
}  # fmt: skip
_CLASSES = {
    ("huey", "RedisHuey"): "huey", ("huey", "SqliteHuey"): "huey", ("huey", "PriorityRedisHuey"): "huey", ("huey", "Huey"): "huey",
    ("procrastinate", "App"): "procrastinate", ("taskiq", "TaskiqScheduler"): "taskiq scheduler",
}  # fmt: skip

Found = tuple[str, str, str, str]  # name, kind, command, evidence


def give(draft: Draft, python: Python, applications: Iterable[Application], said: Iterable[Said]) -> None:
    """Add the processes. What the repository runs goes before what its code defines."""
    known = {(one.kind, _program(one.command)) for one in draft.processes.values()}
    start = draft.get("start")
    if draft.kind == "worker" and start:
        known.add(("worker", _program(start)))
    groups = [
        [_of(one) for one in said if one.kind and not one.development],
        [_of(one) for one in said if one.kind and one.development],
        list(defined(draft, python, applications)),
    ]
    for group in groups:
        new: set[tuple[str, str]] = set()
        for name, kind, command, evidence in group:
            key = (kind, _program(command))
            if key in known or command == start:
                continue
            new.add(key)
            draft.process(name, kind, command, evidence)
        known |= new


def _of(one: Said) -> Found:
    kind = one.kind or "worker"
    return one.name if one.name not in ("", "start") else _name(kind), kind, one.text, one.evidence


def _name(kind: str) -> str:
    return "worker" if kind == "worker" else "beat"


def _program(command: str) -> str:
    words = Said(command, "").words
    manage = next((i for i, word in enumerate(words) if word.endswith("manage.py")), None)
    return words[manage + 1] if manage is not None and len(words) > manage + 1 else words[0] if words else ""


def defined(draft: Draft, python: Python, applications: Iterable[Application]) -> Iterator[Found]:
    """The processes that the code defines, each with the command that its library documents."""
    manager = draft.get("package_manager")
    run = f"{manager} run " if manager in ("uv", "poetry", "pdm", "pipenv") else ""
    celery = next((a for a in applications if a.framework == "celery"), None)
    if celery:
        target = celery.module.name if not celery.factory else ""
        schedule = beat(python)
        if target:
            yield "worker", "worker", f"{run}celery -A {target} worker --loglevel=INFO", celery.evidence
        if target and schedule:
            stored = " --scheduler django_celery_beat.schedulers:DatabaseScheduler" if schedule[1] else ""
            yield "beat", "schedule", f"{run}celery -A {target} beat --loglevel=INFO{stored}", schedule[0]
    yield from _rq(draft, python, run)
    manage = next((path for path in python.paths if path.rpartition("/")[2] == "manage.py"), None)
    for module in python.modules:
        for name, command in _MANAGED.items() if manage else ():
            place = _installed(module, name)
            if place:
                yield "worker", "worker", f"{run}python {python.inside(manage or '')} {command}", place
        yield from _objects(draft, python, module, run)


def beat(python: Python) -> tuple[str, bool] | None:
    """(place, whether it is kept in Django's database) of a Celery schedule; None without one."""
    stored: str | None = None
    own: str | None = None
    scheduler = False
    for module in python.modules:
        scheduler = scheduler or bool({"CELERY_BEAT_SCHEDULER", "CELERYBEAT_SCHEDULER"} & module.constants.keys())
        stored = stored or _installed(module, "django_celery_beat")
        for node in module.nodes:
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            names = [getattr(t, "attr", getattr(t, "id", "")) for t in targets]
            if any(name in ("beat_schedule", "CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE") for name in names):
                own = own or module.at(node)
            elif isinstance(node, ast.keyword) and node.arg == "beat_schedule":
                own = own or module.at(node.value)
            elif isinstance(node, ast.Dict):
                for key in node.keys:
                    if isinstance(key, ast.Constant) and key.value == "beat_schedule":
                        own = own or module.at(key)
            elif called(node) == "add_periodic_task":
                own = own or module.at(node)
    if own is None and stored is None:
        return None
    return own or stored or "", stored is not None and not scheduler


def _installed(module: Module, name: str) -> str | None:
    """The place of an entry of INSTALLED_APPS."""
    for constant in ("INSTALLED_APPS", "THIRD_PARTY_APPS"):
        apps = module.constants.get(constant)
        for node in ast.walk(apps) if apps is not None else ():
            if isinstance(node, ast.Constant) and node.value == name:
                return module.at(node)
    return None


def queues(python: Python) -> list[tuple[str, str]]:
    """(queue, place) of RQ: `Queue("mail", connection=…)`; its default queue is called `default`."""
    found: dict[str, str] = {}
    for module in python.modules:
        for node in module.calls():
            if (
                called(node) == "Queue"
                and module.imports.get(dotted(node.func).split(".")[0], ("",))[0].split(".")[0] == "rq"
            ):
                given = node.args[0] if node.args else keyword(node, "name")
                name = python.string(module, given) if given is not None else "default"
                if name:
                    found.setdefault(name, module.at(node))
    return list(found.items())


def _rq(draft: Draft, python: Python, run: str) -> Iterator[Found]:
    for module in python.modules:
        table = module.constants.get("RQ_QUEUES")
        manage = next((path for path in python.paths if path.rpartition("/")[2] == "manage.py"), None)
        if isinstance(table, ast.Dict) and manage:
            names = [name for key in table.keys if (name := python.string(module, key))]
            yield (
                "worker",
                "worker",
                f"{run}python {python.inside(manage)} rqworker {' '.join(names)}".strip(),
                module.at(table),
            )
            return
    found = queues(python)
    if not found:
        return
    script = _worker_script(python)
    url = next((name for name in draft.many("environment") if name.endswith("REDIS_URL")), None)
    if script:
        yield "worker", "worker", f"{run}python {python.inside(script[0])}", script[1]
        return
    names = [name for name, _ in found]
    where = found[0][1]
    yield "worker", "worker", f"{run}rq worker{f' --url ${url}' if url else ''} {' '.join(names)}", where


def _worker_script(python: Python) -> tuple[str, str] | None:
    """A script that runs RQ's `Worker`."""
    for module in python.modules:
        if module.imports.get("Worker", ("",))[0].split(".")[0] == "rq":
            for node in module.calls():
                if called(node) == "work":
                    return module.path, module.at(node)
    return None


def _objects(draft: Draft, python: Python, module: Module, run: str) -> Iterator[Found]:
    for node in top(module.tree.body):
        if isinstance(node, ast.ClassDef) and node.name == "WorkerSettings" and draft.depends_on("arq"):
            yield "worker", "worker", f"{run}arq {module.name}.WorkerSettings", module.at(node)
        variable, value = assignment(node)
        if variable is None or not isinstance(value, ast.Call):
            continue
        head = dotted(value.func).split(".")[0]
        base, _ = module.imports.get(head, ("", None))
        package = base.split(".")[0]
        kind = _CLASSES.get((package, called(value)))
        if kind == "huey":
            yield "worker", "worker", f"{run}huey_consumer.py {module.name}.{variable}", module.at(node)
        elif kind == "procrastinate":
            yield "worker", "worker", f"{run}procrastinate --app={module.name}.{variable} worker", module.at(node)
        elif kind == "taskiq scheduler":
            yield "scheduler", "schedule", f"{run}taskiq scheduler {module.name}:{variable}", module.at(node)
        elif package.startswith("taskiq") and called(value).endswith("Broker"):
            yield "worker", "worker", f"{run}taskiq worker {module.name}:{variable}", module.at(node)
        elif package == "dramatiq" and called(value).endswith("Broker") and draft.get("framework") != "django":
            yield "worker", "worker", f"{run}dramatiq {module.name}", module.at(node)
