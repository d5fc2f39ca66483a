"""The tests of a Python component: the command that runs them, and the services that they reach."""

from __future__ import annotations

import ast

from devops_orchestrator.project.code import django
from devops_orchestrator.project.code.python import Python, is_test
from devops_orchestrator.project.code.python_roots import inside
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import PYTHON

_MAX_TESTS = 60  # what so many tests do not reach, the others seldom do


def is_test_file(path: str) -> bool:
    """Whether a file of the component is a Python test."""
    return path.endswith(".py") and is_test(path) and not path.endswith(("conftest.py", "__init__.py"))


def command(draft: Draft, text: str) -> str:
    """A command in the environment of the package manager."""
    manager = draft.get("package_manager")
    return f"{manager} run {text}" if manager in ("uv", "poetry", "pdm", "pipenv") else text


def give(draft: Draft, python: Python, framework: str | None) -> None:
    """Offer the test command that fits the tests which are there, and add the services that they reach."""
    tests = [path for path in python.tests if is_test_file(path)]
    manage = django.manager(python) if framework == "django" else None
    if manage and any(_has_tests(python, path) for path in tests):
        where = inside(draft.path, manage).rpartition("/")[0]
        text = f"python {inside(draft.path, manage)} test{f' {where}' if where else ''}"
        draft.offer("test", command(draft, text), next(path for path in tests if _has_tests(python, path)))
    few = tests[:_MAX_TESTS] if draft.get("test") is None else []
    written = next((path for path in few if _imports(python, path, "pytest")), None)
    if written and framework != "django":
        draft.offer("test", command(draft, "pytest"), written)
    unit = next((path for path in few if _imports(python, path, "unittest")), None)
    if unit and draft.get("test") is None:
        draft.offer("test", command(draft, "python -m unittest"), unit)
    _test_services(draft, python, framework)


def _has_tests(python: Python, path: str) -> bool:
    module = python.module(path, always=True)
    return any(
        isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test")
        for n in (module.nodes if module else ())
    )


def _imports(python: Python, path: str, package: str) -> bool:
    module = python.module(path, always=True)
    return any(base.split(".")[0] == package for base, _ in module.imports.values()) if module else False


def _test_services(draft: Draft, python: Python, framework: str | None) -> None:
    """The services that the tests reach: those whose driver the tests import, by themselves or through the code.

    Tests with a database of their own (SQLite in the tests, testcontainers, fakes) need none.
    """
    wanted = dict(draft.many("services"))
    if (
        not wanted
        or not python.tests
        or draft.depends_on("testcontainers", "pytest-docker", "pytest-postgresql", "pytest-mysql")
    ):
        return
    reached: dict[str, str] = {}
    tests = sorted(
        (path for path in python.tests if path.endswith("conftest.py") or is_test_file(path)),
        key=lambda p: (not p.endswith("conftest.py"), p),
    )
    stack = tests[:_MAX_TESTS]
    known: set[str] = set()
    sqlite = False
    while stack and len(known) < 2 * _MAX_TESTS:
        path = stack.pop()
        if path in known:
            continue
        known.add(path)
        module = python.module(path, always=True)
        if module is None:
            continue
        sqlite = sqlite or (
            is_test(path)
            and any(
                isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith("sqlite")
                for n in module.nodes
            )
        )
        for base, attribute in module.imports.values():
            reached.setdefault(base.split(".")[0], module.path)
            for name in (base, f"{base}.{attribute}"):
                parts = name.split(".")
                stack += [
                    target for end in range(1, len(parts) + 1) if (target := python.names.get(".".join(parts[:end])))
                ]
    fakes = {
        "redis": ("fakeredis",),
        "mongodb": ("mongomock", "mongomock-motor"),
        "elasticsearch": (),
        "kafka": (),
        "rabbitmq": (),
    }
    relational = {"postgresql", "mysql", "mariadb"}
    orm = (
        framework == "django"
        or "sqlalchemy" in reached
        or "sqlmodel" in reached
        or "flask_sqlalchemy" in reached
        or "tortoise" in reached
        or "peewee" in reached
    )
    for service, evidence in wanted.items():
        if draft.depends_on(*fakes.get(service, ())) or (sqlite and service in relational):
            continue
        modules = {package.replace("-", "_") for package, name in PYTHON.items() if name == service}
        direct = next((where for name, where in reached.items() if name in modules), None)
        if direct or (orm and service in relational):
            draft.add("test_services", service, direct or evidence)
