"""Node.js, Bun and Deno: which of them runs a package, its version, and who installs it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(dict(files)))


def package(*dependencies: str, **fields: Any) -> str:
    scripts = fields.pop("scripts", {"start": "node index.js"})
    return json.dumps({"name": "x", "scripts": scripts, "dependencies": dict.fromkeys(dependencies, "*"), **fields})


def only(files: dict[str, str]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    assert found.problems == ()
    return found.components[0]


def app(code: str, *dependencies: str, **files: str) -> Component:
    return only({"package.json": package(*dependencies), "index.js": code, **files})


EXPRESS = "const express = require('express');\nconst app = express();\n"


@pytest.mark.parametrize(
    ("fields", "files", "runtime", "port"),
    [
        ({"scripts": {"start": "bun src/index.ts"}}, {}, ("bun", None), 3000),
        (
            {"scripts": {"start": "bun run --smol src/index.ts"}, "packageManager": "bun@1.2.3"},
            {},
            ("bun", "1.2.3"),
            3000,
        ),
        ({"scripts": {"start": "bun src/index.ts"}}, {".bun-version": "1.1.9\n"}, ("bun", "1.1.9"), 3000),
        (
            {"scripts": {"start": "bun src/index.ts"}},
            {"Dockerfile": "FROM oven/bun:1.3-alpine\n"},
            ("bun", "1.3"),
            3000,
        ),
        # Bun as the package manager alone
        (
            {"scripts": {"start": "node dist/index.js", "dev": "bun --hot src/index.ts"}, "engines": {"node": ">=20"}},
            {"bun.lock": "{}"},
            ("node", "20"),
            None,
        ),
    ],
)
def test_bun(fields: dict[str, Any], files: dict[str, str], runtime: tuple[str, str | None], port: int | None) -> None:
    code = "import { Hono } from 'hono';\nconst app = new Hono();\nexport default app;\n"
    found = only({"package.json": package("hono", **fields), "src/index.ts": code, **files})
    assert found.runtime is not None
    assert ((found.runtime.name, found.runtime.version), found.port, found.framework) == (runtime, port, "hono")


def test_a_manager_that_a_script_calls_is_not_a_runtime() -> None:
    found = only(
        {
            "package.json": package("express", scripts={"start": "bun run build && node index.js"}),
            "index.js": EXPRESS + "app.listen(1234);",
        }
    )
    assert found.runtime is None or found.runtime.name == "node"


@pytest.mark.parametrize(
    ("files", "manager", "evidence"),
    [
        ({}, "yarn", "yarn.lock"),
        (
            {"Dockerfile": "FROM node:22\n# yarn install\nCOPY package-lock.json ./\nRUN npm ci\nCMD node index.js\n"},
            "npm",
            "Dockerfile:4",
        ),
        (
            {".github/workflows/ci.yml": "jobs:\n  t:\n    steps:\n      - run: npm test\n"},
            "npm",
            ".github/workflows/ci.yml:4",
        ),
        ({"README.md": "# x\n\n    npm install\n"}, "npm", "README.md:3"),
        ({"README.md": "# x\n\n    pnpm install\n"}, "yarn", "yarn.lock"),  # no lockfile of it
    ],
)
def test_lockfiles_of_two_managers(files: dict[str, str], manager: str, evidence: str) -> None:
    found = app(EXPRESS + "app.listen(1);", "express", **{"yarn.lock": "", "package-lock.json": "{}", **files})
    assert (found.package_manager, found.evidence["package_manager"]) == (manager, evidence)
    assert found.lockfile == {"npm": "package-lock.json", "yarn": "yarn.lock"}[manager]


# Deno


def deno(config: dict[str, Any], **files: str) -> Component:
    return only({"deno.json": json.dumps(config, indent=1), **files})


def test_deno_without_a_port() -> None:
    found = deno({"tasks": {"dev": "deno run --watch main.ts"}}, **{"main.ts": "Deno.serve(() => new Response('x'));"})
    assert found.runtime is not None
    assert (found.runtime.name, found.runtime.version, found.kind, found.port) == ("deno", None, "service", 8000)
    assert (found.start, found.package_manager, found.install, found.framework) == (
        "deno run --allow-all main.ts",
        None,
        "deno install",
        None,
    )
    assert found.evidence["port"] == "convention: Deno.serve's default port"


def test_deno_serve_and_hono() -> None:
    found = deno(
        {"tasks": {"start": "deno serve --port 9100 main.ts"}, "imports": {"hono": "jsr:@hono/hono@^4"}, "lock": False},
        **{
            "main.ts": "import { Hono } from 'hono';\nconst app = new Hono();\napp.get('/up', (c) => c.text(''));\nexport default app;\n"
        },
    )
    assert (found.framework, found.port, found.health, found.start) == (
        "hono",
        9100,
        "/up",
        "deno serve --port 9100 main.ts",
    )


def test_oak_and_modules_of_addresses() -> None:
    code = (
        "import { Application, Router } from 'https://example.org/x/oak@v12.6.1/mod.ts';\nimport { Client } from 'https://example.org/x/mysql@v2/mod.ts';\n"
        "const router = new Router();\nrouter.get('/health', f);\nconst app = new Application();\napp.use(router.routes());\n"
        "await app.listen({ port: Number(Deno.env.get('PORT') || 8080) });\n"
    )
    found = only({"server.ts": code, "Dockerfile": 'FROM denoland/deno:2.4.0\nCMD ["run", "-A", "server.ts"]\n'})
    assert (found.framework, found.port, found.health, found.services) == ("oak", 8080, "/health", ("mysql",))
    assert (found.runtime is not None and found.runtime.version, found.start) == ("2.4.0", "deno run -A server.ts")


def test_a_deno_manifest_that_only_publishes_leaves_the_package_to_node() -> None:
    found = only(
        {
            "package.json": package("express"),
            "index.js": EXPRESS + "app.listen(3000);",
            "deno.json": json.dumps({"name": "@x/y", "exports": "./index.js", "imports": {"a": "npm:a@1"}}),
        }
    )
    assert (found.framework, found.package_manager, found.manifest) == ("express", "npm", "package.json")


def test_deno_workspace() -> None:
    found = project(
        {
            "deno.json": json.dumps({"workspace": ["./apps/*", "./libs/db"], "imports": {"pg": "npm:pg@8"}}),
            "deno.lock": "{}",
            "apps/api/deno.json": json.dumps({"name": "@x/api", "tasks": {"start": "deno run -A main.ts"}}),
            "apps/api/main.ts": "import { find } from '@x/db';\nDeno.serve({ port: 4000 }, find);",
            "libs/db/deno.json": json.dumps({"name": "@x/db", "exports": "./mod.ts"}),
            "libs/db/mod.ts": "import pg from 'pg';\nexport const find = () => pg;",
            "libs/db/mod_test.ts": "Deno.test('x', () => {});",
        }
    )
    assert [(component.path, component.kind) for component in found.components] == [
        ("apps/api", "service"),
        ("libs/db", "library"),
    ]
    api, db = found.components
    assert (api.services, api.uses, api.lockfile, api.install_path) == (("postgresql",), ("libs/db",), "deno.lock", ".")
    assert (api.install, db.test) == ("deno install --frozen", "deno test")


def test_a_broken_deno_manifest_is_reported() -> None:
    found = project({"deno.json": '{\n  "tasks": {\n', "main.ts": ""})
    assert [(problem.path, problem.line) for problem in found.problems] == [("deno.json", 3)]
