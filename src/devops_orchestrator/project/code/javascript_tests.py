"""What the tests of a JavaScript component need: the services whose drivers they really load."""

from __future__ import annotations

import re

from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import NODE


def give(draft: Draft, code: JavaScript) -> None:
    """The services whose drivers the tests import, by themselves or through the code; a mocked module is not followed."""
    wanted = dict(draft.many("services"))
    if not wanted or draft.depends_on(
        "testcontainers", "@testcontainers/postgresql", "mongodb-memory-server", "pg-mem", "@databases/pg-test"
    ):
        return
    packages: dict[str, str] = {}
    known: set[str] = set()
    stack = [path for path in code.tests if re.search(r"\.(test|spec)\.[cm]?[jt]sx?$|(^|/)(tests?|__tests__)/", path)]
    mocked = {name for path in stack for name in _mocked(code, path)}
    while stack and len(known) < facts.MAX_SOURCES:
        path = stack.pop()
        if path in known or path in mocked:
            continue
        known.add(path)
        source = code.source(path, always=True)
        for _, module, _node in code.imports(source) if source else ():
            target = code.resolve(path, module)
            if target:
                stack.append(target)
            elif module not in mocked:
                packages.setdefault(module, path)
    orm = next(
        (
            packages[name]
            for name in (
                "@prisma/client",
                "sequelize",
                "typeorm",
                "knex",
                "drizzle-orm",
                "@nestjs/typeorm",
                "@mikro-orm/core",
            )
            if name in packages
        ),
        None,
    )
    for service in wanted:
        where = next((packages[name] for name, of in NODE.items() if of == service and name in packages), None)
        drivers = {name for name, of in NODE.items() if of == service and name in draft.dependencies}
        if where is None and orm and not drivers & mocked and service in ("postgresql", "mysql", "mariadb", "mongodb"):
            where = orm
        if where:
            draft.add("test_services", service, where)


def _mocked(code: JavaScript, path: str) -> list[str]:
    """Packages and files that a test replaces: `jest.mock("ioredis")`, `vi.mock("../src/db")`."""
    source = code.source(path, always=True) if "mock" in (code.tree.text(path) or "") else None
    found: list[str] = []
    for call in source.all("call_expression") if source else ():
        function = call.field("function")
        first = (
            argument(call, 0)
            if function is not None
            and function.text() in ("jest.mock", "vi.mock", "vi.doMock", "jest.doMock", "mock.module")
            else None
        )
        if first is not None and source is not None:
            name = code.value(source, first).constant
            if isinstance(name, str):
                found.append(code.resolve(path, name) or name)
    return found
