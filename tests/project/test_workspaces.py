"""Repositories of several JavaScript components: who is one, who is built from whom, who comes first."""

from __future__ import annotations

import json

import pytest

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

NEXT = {"scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "16"}}
API = {"scripts": {"start": "node index.js"}, "dependencies": {"express": "5"}}
LISTENS = "require('express')().listen(3000)"


def project(files: dict[str, object]) -> Project:
    texts = {path: text if isinstance(text, str) else json.dumps(text) for path, text in files.items()}
    return read(Repository.of(dict(texts)))


def paths(found: Project) -> list[str]:
    return [component.path for component in found.components]


def test_an_application_called_docs_counts_where_the_workspace_takes_it() -> None:
    files = {
        "package.json": {"name": "root", "private": True, "workspaces": ["apps/*", "examples/*"]},
        "apps/docs/package.json": {"name": "docs", **NEXT}, "apps/docs/app/page.jsx": "",
        "apps/web/package.json": {"name": "web", **NEXT}, "apps/web/app/page.jsx": "",
        "examples/one/package.json": {"name": "one", **NEXT}, "examples/one/app/page.jsx": "",
    }  # fmt: skip
    assert paths(project(files)) == ["apps/web", "apps/docs"]


@pytest.mark.parametrize("private", [True, False])
def test_the_root_of_a_workspace_is_no_part_unless_it_has_code_of_its_own(private: bool) -> None:
    files: dict[str, object] = {
        "package.json": {
            "name": "root", "private": private, "workspaces": ["packages/*"], "scripts": {"start": "turbo run start", "test": "vitest"},
            "devDependencies": {"vite": "7", "turbo": "2"},
        },
        "scripts/release.js": "process.env.TOKEN", "vitest.config.ts": "", "public/worker.js": "",
        "packages/api/package.json": {"name": "api", **API}, "packages/api/index.js": LISTENS,
    }  # fmt: skip
    assert paths(project(files)) == ["packages/api"]
    files["package.json"] = {"name": "root", "workspaces": ["packages/*"], **API}
    files["server/index.js"] = "require('express')().listen(4000)"
    assert paths(project(files)) == [".", "packages/api"]


def test_a_package_that_only_runs_the_others_is_no_part() -> None:
    files = {
        "package.json": {"private": True, "scripts": {"dev": "concurrently a b"}, "devDependencies": {"concurrently": "9", "husky": "9"}},
        "client/package.json": {"name": "client", **NEXT}, "client/pages/index.js": "",
        "server/package.json": {"name": "server", **API}, "server/index.js": LISTENS,
    }  # fmt: skip
    assert paths(project(files)) == ["client", "server"]


def test_templates_within_a_member_and_members_that_are_taken_out_are_no_parts() -> None:
    files = {
        "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n  - '!apps/legacy'\n",
        "package.json": {"name": "root", "private": True},
        "apps/site/package.json": {"name": "site", **NEXT}, "apps/site/app/page.jsx": "",
        "apps/site/content/start/package.json": {"name": "start", **API},
        "apps/legacy/package.json": {"name": "legacy", **API}, "apps/legacy/index.js": LISTENS,
    }  # fmt: skip
    assert paths(project(files)) == ["apps/site"]


def test_what_a_member_uses_comes_from_the_root() -> None:
    files = {
        "package.json": {"private": True, "workspaces": ["*"], "devDependencies": {"vite": "7", "express": "5", "pg": "8"}},
        "yarn.lock": "",
        "site/package.json": {"name": "site", "scripts": {"build": "vite build"}},
        "site/index.html": "<p/>", "site/vite.config.js": "export default { server: { port: 5005 } }", "site/src/main.js": "",
    }  # fmt: skip
    found = project(files)
    assert [(c.path, c.framework, c.port, c.services) for c in found.components] == [("site", "vite", 5005, ())]
    assert (found.components[0].install_path, found.components[0].lockfile) == (".", "yarn.lock")
    assert found.components[0].evidence["framework"] == "package.json:1"


def test_the_application_that_is_built_from_most_comes_first() -> None:
    files = {
        "package.json": {"private": True, "workspaces": ["apps/*", "packages/*"]},
        "apps/admin/package.json": {"name": "admin", **NEXT}, "apps/admin/app/page.jsx": "",
        "apps/portal/package.json": {**NEXT, "name": "portal", "dependencies": {"next": "16", "ui": "workspace:*", "db": "workspace:*"}},
        "apps/portal/app/page.jsx": "",
        "packages/ui/package.json": {"name": "ui", "exports": "./a.js"}, "packages/ui/a.js": "",
        "packages/db/package.json": {"name": "db", "exports": "./a.js", "dependencies": {"mysql2": "3"}}, "packages/db/a.js": "",
    }  # fmt: skip
    found = project(files)
    assert paths(found) == ["apps/portal", "apps/admin", "packages/db", "packages/ui"]
    assert found.components[0].uses == ("packages/db", "packages/ui")
    assert (found.components[0].services, found.components[1].services) == (("mysql",), ())


def test_a_folder_named_by_link_is_used() -> None:
    files = {
        "server/package.json": {**API, "name": "server", "dependencies": {"express": "5", "shared": "file:../shared"}},
        "server/index.js": LISTENS,
        "shared/package.json": {"name": "shared", "main": "index.js"}, "shared/index.js": "",
    }  # fmt: skip
    assert project(files).components[0].uses == ("shared",)


@pytest.mark.parametrize(
    ("manager", "script", "test"),
    [
        ("pnpm@10.0.0", "vitest run", "pnpm -w test"),
        ("yarn@1.22.22", "vitest", "yarn --cwd ../.. test"),
        ("yarn@4.9.1", "jest", "yarn workspace root test"),
        ("bun@1.3.0", "vitest", "bun run --cwd ../.. test"),
        ("npm@11.0.0", "npm run unit", "npm test --prefix ../.."),
        ("npm@11.0.0", "turbo run test", None),
        ("npm@11.0.0", "npm run test --workspaces", None),
    ],
)
def test_a_test_runner_at_the_root_tests_the_members(manager: str, script: str, test: str | None) -> None:
    scripts = {"test": script, "unit": "vitest run"}
    files = {
        "package.json": {"name": "root", "private": True, "packageManager": manager, "workspaces": ["apps/*"], "scripts": scripts},
        "apps/api/package.json": {"name": "api", **API}, "apps/api/index.js": LISTENS, "apps/api/a.test.js": "",
    }  # fmt: skip
    assert project(files).components[0].test == test


def test_projects_of_nx_without_package_json() -> None:
    files = {
        "package.json": {"name": "org", "devDependencies": {"nx": "22", "vite": "7"}, "dependencies": {"fastify": "5", "redis": "5", "pg": "8"}},
        "nx.json": {},
        "tsconfig.base.json": {"compilerOptions": {"paths": {"@org/store": ["libs/store/src/index.ts"]}}},
        "apps/api/project.json": {"name": "api", "projectType": "application", "targets": {"build": {"executor": "@nx/esbuild:esbuild"}}},
        "apps/api/src/main.ts": "import Fastify from 'fastify';\nimport '@org/store';\nFastify().listen({ port: 3131 });",
        "apps/api-e2e/project.json": {"name": "api-e2e", "projectType": "application"},
        "libs/store/project.json": {"name": "store", "projectType": "library"},
        "libs/store/src/index.ts": "import { createClient } from 'redis';\nexport const client = createClient();",
    }  # fmt: skip
    found = project(files)
    assert [(c.path, c.kind, c.framework, c.port, c.services, c.uses) for c in found.components] == [
        ("apps/api", "service", "fastify", 3131, ("redis",), ("libs/store",)),
        ("libs/store", "library", None, None, ("redis",), ()),
    ]
    assert (found.components[0].build, found.components[0].install_path) == ("npx nx build api", ".")


def test_a_program_beside_another_part_is_one_whatever_its_file_is_called() -> None:
    files = {
        "package.json": {"name": "x", "dependencies": {"express": "5"}}, "bell.js": LISTENS,
        "py/pyproject.toml": '[project]\nname = "y"\ndependencies = ["flask"]\n', "py/app.py": "import flask\napp = flask.Flask('y')\n",
    }  # fmt: skip
    assert set(paths(project(files))) == {".", "py"}
