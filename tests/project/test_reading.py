"""Precedence, comments, prefixes: the places where a reader goes wrong."""

from __future__ import annotations

import json

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

PACKAGE = {"name": "x", "scripts": {"start": "node index.js"}, "dependencies": {"express": "^5.0.0"}}


def project(files: dict[str, str | bytes]) -> Project:
    return read(Repository.of(files))


def only(files: dict[str, str | bytes]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


def express(code: str, **files: str) -> Component:
    return only({"package.json": json.dumps(PACKAGE), "index.js": code, **files})


@pytest.mark.parametrize(
    ("code", "port"),
    [
        ("const app = require('express')();\napp.listen(4000);", 4000),
        ("const app = require('express')();\nconst port = process.env.PORT || 5001;\napp.listen(port);", 5001),
        ("const app = require('express')();\n// app.listen(9999)\napp.listen(Number(process.env.PORT ?? 3100));", 3100),
        (
            "const app = require('express')();\napp.set('port', process.env.PORT || 3200);\napp.listen(app.get('port'));",
            3200,
        ),
        ("const { PORT = 3300 } = process.env;\nrequire('express')().listen(PORT);", 3300),
        ("const text = 'app.listen(9999)';", None),
        ("/* app.listen(9999) */", None),
    ],
)
def test_port_of_javascript_code(code: str, port: int | None) -> None:
    assert express(code).port == port


def test_port_of_an_imported_configuration() -> None:
    found = express(
        "const config = require('./config');\nconst app = require('express')();\napp.listen(config.port);",
        **{"config.js": "module.exports = { port: process.env.PORT || 8123 };\n"},
    )
    assert (found.port, found.evidence["port"], found.traits["port_env"]) == (8123, "index.js:3", "PORT")


def test_health_route_has_the_prefix_of_its_router() -> None:
    found = express(
        "const express = require('express');\nconst app = express();\nconst api = require('./api');\n"
        "app.use('/api', api);\napp.listen(3000);",
        **{
            "api.js": "const express = require('express');\nconst router = express.Router();\n"
            "router.get('/health', (q, s) => s.end());\nmodule.exports = router;\n"
        },
    )
    assert (found.health, found.evidence["health"]) == ("/api/health", "api.js:3")


def test_a_route_of_a_comment_is_no_route() -> None:
    assert express("const app = require('express')();\n// app.get('/health', f)\napp.listen(3000);").health is None


def test_a_package_is_never_matched_by_a_part_of_its_name() -> None:
    package = {**PACKAGE, "dependencies": {"express": "^5", "pg-format": "1", "redis-mock": "1", "not-mysql2": "1"}}
    assert only({"package.json": json.dumps(package), "index.js": "require('express')().listen(1234)"}).services == ()


@pytest.mark.parametrize(
    ("files", "version", "evidence"),
    [
        ({".nvmrc": "v22.4.1\n"}, "22.4.1", ".nvmrc:1"),
        ({".nvmrc": "lts/jod\n"}, "22", ".nvmrc:1"),
        ({".tool-versions": "nodejs 20.1.0 # old\n"}, "20.1.0", ".tool-versions:1"),
        ({}, "18", "package.json:1"),
    ],
)
def test_precedence_of_the_node_version(files: dict[str, str], version: str, evidence: str) -> None:
    package = json.dumps({**PACKAGE, "engines": {"node": ">=18"}})
    found = only({"package.json": package, "index.js": "", **files})
    assert found.runtime is not None
    assert (found.runtime.name, found.runtime.version, found.evidence["runtime"]) == ("node", version, evidence)


def test_the_package_manager_field_goes_before_a_lockfile() -> None:
    package = {**PACKAGE, "packageManager": "pnpm@10.34.9+sha512.abc"}
    found = only({"package.json": json.dumps(package), "package-lock.json": "{}", "index.js": ""})
    assert (found.package_manager, found.package_manager_version) == ("pnpm", "10.34.9")
    assert found.lockfile is None


PYPROJECT = '[project]\nname = "x"\nrequires-python = ">=3.11,<4"\ndependencies = [\n  "fastapi",\n  "uvicorn",\n]\n'


def test_python_version_of_the_range_and_of_the_pin() -> None:
    files = {"pyproject.toml": PYPROJECT, "main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    found = only(files)
    assert found.runtime is not None and found.runtime.version == "3.11"
    assert found.evidence["runtime"] == "pyproject.toml:3"
    pinned = only({**files, ".python-version": "3.13\n"})
    assert pinned.runtime is not None and pinned.runtime.version == "3.13"
    assert [entry.evidence for entry in pinned.candidates["runtime"]] == [".python-version:1", "pyproject.toml:3"]


def test_the_application_is_named_as_it_is_imported() -> None:
    code = "from fastapi import FastAPI\nservice = FastAPI()\n"
    found = only({"pyproject.toml": PYPROJECT, "src/shop/__init__.py": "", "src/shop/web.py": code})
    assert found.entrypoint == "shop.web:service"


def test_fastapi_prefixes_over_modules() -> None:
    found = only(
        {
            "pyproject.toml": PYPROJECT,
            "app/__init__.py": "",
            "app/config.py": "class Settings:\n    PREFIX: str = '/api/v1'\nsettings = Settings()\n",
            "app/probes.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/probes')\n\n"
            "@router.get('/ready')\ndef ready(): ...\n\n@router.get('/healthz')\ndef health(): ...\n",
            "app/main.py": "from fastapi import FastAPI\nfrom app import probes\nfrom app.config import settings\n"
            "app = FastAPI()\n# @app.get('/health')\napp.include_router(probes.router, prefix=settings.PREFIX)\n",
        }
    )
    assert (found.health, found.evidence["health"]) == ("/api/v1/probes/healthz", "app/probes.py:7")
    assert found.traits["readiness"] == "/api/v1/probes/ready"


def test_environment_of_settings_and_of_reads() -> None:
    found = only(
        {
            "pyproject.toml": PYPROJECT,
            "main.py": "import os\nfrom fastapi import FastAPI\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
            "class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='shop_')\n    key: str\n    size: int = 3\n"
            "A = os.environ['NEEDED']\nB = os.environ.get('OPTIONAL', 'x')\nC = os.getenv('ALSO') or 'x'\n# os.environ['NOT']\napp = FastAPI()\n",
        }
    )
    assert found.environment == ("ALSO", "NEEDED", "OPTIONAL", "SHOP_KEY", "SHOP_SIZE")
    assert found.required_environment == ("NEEDED", "SHOP_KEY")


def test_go_toolchain_port_and_comment() -> None:
    found = only(
        {
            "go.mod": "module example.com/x\n\ngo 1.24\n\ntoolchain go1.26.3\n",
            "main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\t// http.ListenAndServe(":9999", nil)\n'
            '\thttp.HandleFunc("GET /livez", nil)\n\thttp.ListenAndServe(":7000", nil)\n}\n',
        }
    )
    assert found.runtime is not None and found.runtime.version == "1.26.3"
    assert (found.port, found.health, found.entrypoint, found.framework) == (7000, "/livez", ".", "net/http")


def test_gradle_reads_statements_not_comments() -> None:
    found = only(
        {
            "settings.gradle": "rootProject.name = 'shop'\n",
            "build.gradle": "plugins {\n  id 'java'\n  id 'org.springframework.boot' version '4.0.8'\n}\nversion = '1.0'\n"
            "// sourceCompatibility = '8'\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n"
            "dependencies {\n  implementation 'org.springframework.boot:spring-boot-starter-web'\n"
            "  // runtimeOnly 'org.postgresql:postgresql'\n  runtimeOnly 'com.mysql:mysql-connector-j'\n}\n",
            "src/main/java/a/App.java": "package a;\nclass App { public static void main(String[] args) {} }\n",
        }
    )
    assert found.runtime is not None and found.runtime.version == "21"
    assert (found.services, found.entrypoint, found.port) == (("mysql",), "build/libs/shop-1.0.jar", 8080)


def test_a_workspace_library_brings_its_services_to_those_who_use_it() -> None:
    found = project(
        {
            "package.json": json.dumps({"name": "root", "workspaces": ["apps/*", "packages/*"]}),
            "package-lock.json": "{}",
            "apps/api/package.json": json.dumps(
                {**PACKAGE, "name": "api", "dependencies": {"express": "5", "@x/db": "*"}}
            ),
            "apps/api/index.js": "require('express')().listen(3000)",
            "packages/db/package.json": json.dumps({"name": "@x/db", "main": "index.js", "dependencies": {"pg": "8"}}),
            "packages/db/index.js": "module.exports = process.env.DATABASE_URL",
        }
    )
    assert [component.path for component in found.components] == ["apps/api", "packages/db"]
    assert found.components[0].services == ("postgresql",)
    assert found.components[0].install_path == "."
    assert found.components[0].lockfile == "package-lock.json"


def test_a_dockerfile_sets_the_variable_that_the_code_reads() -> None:
    found = express(
        "const app = require('express')();\napp.listen(process.env.PORT || 4000);",
        Dockerfile='FROM node:24-slim\nENV PORT=80\nEXPOSE 80\nCMD ["node", "index.js"]\n',
    )
    assert (found.port, found.evidence["port"]) == (80, "Dockerfile:2")
    assert found.runtime is not None and found.runtime.version == "24"


def test_manifests_of_tests_and_examples_are_not_the_application() -> None:
    files = {"package.json": json.dumps(PACKAGE), "index.js": "", "examples/a/package.json": json.dumps(PACKAGE)}
    assert [component.path for component in project(files).components] == ["."]


def test_host_from_the_files_where_git_says_nothing() -> None:
    assert project({".gitlab-ci.yml": "test:\n  script: [make]\n"}).vcs.host == "gitlab"
    assert project({"README.md": ""}).vcs.host is None
