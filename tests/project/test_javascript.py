"""JavaScript and TypeScript servers: ports, routes, processes, folders that are too small for an example."""

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
    ("code", "files", "port", "variable"),
    [
        # the callers of the function that listens
        (
            "require('./listen')(app, 4100);",
            {"listen.js": "module.exports = (app, port) => app.listen(port);"},
            4100,
            None,
        ),
        (
            "const { start } = require('./listen');\nstart(process.env.HTTP_PORT || 4200);",
            {
                "listen.js": "function start(port) { require('http').createServer().listen(port); }\nmodule.exports = { start };"
            },
            4200,
            "HTTP_PORT",
        ),
        # alternatives in a list
        (
            "const port = [process.env.APP_PORT, 4300].map((v) => parseInt(v)).find((v) => !isNaN(v));\napp.listen(port);",
            {},
            4300,
            "APP_PORT",
        ),
        # schemas of the environment
        (
            "const env = require('./env');\napp.listen(env.PORT);",
            {
                "env.js": "const { cleanEnv, port } = require('envalid');\nmodule.exports = cleanEnv(process.env, { PORT: port({ default: 4400 }) });"
            },
            4400,
            "PORT",
        ),
        (
            "const env = require('./env');\napp.listen(env.PORT);",
            {
                "env.js": "const { z } = require('zod');\n"
                "module.exports = z.object({ PORT: z.coerce.number().default(4500).describe('9999') }).parse(process.env);"
            },
            4500,
            "PORT",
        ),
        # the port of the server, not the one of the database beside it
        (
            "const config = require('./config');\napp.listen(config.server.port);",
            {"config.js": "module.exports = { database: { port: 5432 }, server: { port: process.env.PORT || 4600 } };"},
            4600,
            "PORT",
        ),
        # a class
        (
            "class Server { constructor(port) { this.port = port; } run() { app.listen(this.port); } }\nnew Server(4700).run();",
            {},
            4700,
            None,
        ),
        # the whole environment under another name
        ("const env = process.env;\napp.listen(env.PORT ?? 4800);", {}, 4800, "PORT"),
        # a file of settings says what the code leaves open
        ("app.listen(process.env.PORT);", {".env.example": "# PORT=1\nPORT=4900\n"}, 4900, "PORT"),
        # a path is no port
        ("const config = { path: process.env.SOCKET_PATH };\napp.listen(config.path);", {}, None, None),
        # what only examples and scripts start
        ("module.exports = app;", {"scripts/mock.js": "require('express')().listen(9999);"}, None, None),
    ],
)
def test_port(code: str, files: dict[str, str], port: int | None, variable: str | None) -> None:
    found = app(EXPRESS + code, "express", **files)
    assert (found.port, found.traits.get("port_env")) == (port, variable)


def test_the_program_of_express_generator_has_no_extension() -> None:
    found = only(
        {
            "package.json": package("express", scripts={"start": "node ./bin/www"}),
            "bin/www": "#!/usr/bin/env node\nvar app = require('../app');\nvar port = normalizePort(process.env.PORT || '5005');\n"
            "app.set('port', port);\nvar server = require('http').createServer(app);\nserver.listen(port);\n",
            "app.js": EXPRESS + "app.get('/healthz', (q, s) => s.end());\nmodule.exports = app;\n",
        }
    )
    assert (found.start, found.entrypoint, found.port, found.health) == (
        "node ./bin/www",
        "./bin/www",
        5005,
        "/healthz",
    )


@pytest.mark.parametrize(
    ("dependency", "code", "files", "health"),
    [
        ("express", "app.use('/healthz', (request, response) => response.end());", {}, "/healthz"),
        ("express", "app.get(['/healthz', '/health'], f);", {}, "/health"),
        # a router is mounted by the key under which its module exports it; the other one is not mounted
        (
            "express",
            "const routes = require('./routes');\napp.use('/api', routes.api);",
            {
                "routes.js": "const { Router } = require('express');\nconst api = Router();\nconst old = Router();\n"
                "api.get('/ping', f);\nold.get('/health', f);\nmodule.exports = { api, old };"
            },
            "/api/ping",
        ),
        # an index that only passes on
        (
            "express",
            "app.use('/v2', require('./routes'));",
            {
                "routes/index.js": "module.exports = require('./all');",
                "routes/all.js": "const router = require('express').Router();\nrouter.get('/', f);\nrouter.get('/health', f);\nmodule.exports = router;",
            },
            "/v2/health",
        ),
        # the root of a mounted router has no slash of its own
        (
            "express",
            "app.use('/health', require('./health'));",
            {"health.js": "const router = require('express').Router();\nrouter.get('/', f);\nmodule.exports = router;"},
            "/health",
        ),
        (
            "hono",
            "const { Hono } = require('hono');\nconst h = new Hono().basePath('/api').get('/livez', (c) => c.text(''));",
            {},
            "/api/livez",
        ),
        (
            "elysia",
            "const { Elysia } = require('elysia');\nnew Elysia().group('/v1', (app) => app.get('/health', 'ok')).listen(3000);",
            {},
            "/v1/health",
        ),
        (
            "fastify",
            "const fastify = require('fastify')();\nfastify.route({ method: 'GET', url: '/readyz', handler: f });",
            {},
            "/readyz",
        ),
        (
            "fastify",
            "const fastify = require('fastify')();\nfastify.route({ method: 'POST', url: '/health', handler: f });",
            {},
            None,
        ),
        ("express", "app.post('/health', f);\nconst text = \"app.get('/health', f)\"; // app.get('/health')", {}, None),
    ],
)
def test_health(dependency: str, code: str, files: dict[str, str], health: str | None) -> None:
    assert app(f"{EXPRESS}{code}\napp.listen(1234);", "express", dependency, **files).health == health


def test_the_version_in_the_address_of_nest_controllers() -> None:
    main = (
        "import { NestFactory } from '@nestjs/core';\nconst app = await NestFactory.create(AppModule);\n"
        "app.setGlobalPrefix('api');\napp.enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });\nawait app.listen(3000);\n"
    )
    health = "@Controller({ path: 'health', version: '1' })\nclass Health {\n  @Get()\n  check() {}\n}\n"
    manifest = package("@nestjs/core", scripts={"start:prod": "node dist/main"})
    found = only({"package.json": manifest, "src/main.ts": main, "src/health.controller.ts": health})
    assert (found.health, found.start) == ("/api/v1/health", "node dist/main")


def test_routes_that_a_handler_compares() -> None:
    code = (
        "require('http').createServer((request, response) => {\n"
        "  if (request.url === '/healthz' && request.method === 'POST') return response.end();\n"
        "  if (request.method === 'GET' && request.url === '/livez') return response.end('ok');\n"
        "  if (location.pathname === '/health') return;\n"
        "}).listen(7000);\n"
    )
    found = app(code)
    assert (found.framework, found.kind, found.port, found.health) == (None, "service", 7000, "/livez")


def test_what_examples_below_have_is_not_the_packages_own() -> None:
    found = project(
        {
            "package.json": package("express"),
            "index.js": EXPRESS + "app.listen(3000);",
            "playground/package.json": package("koa"),
            "playground/index.js": "const app = require('express')();\napp.get('/health', f);\napp.listen(9999, process.env.OTHER);",
        }
    )
    assert [component.path for component in found.components] == ["."]
    assert (found.components[0].port, found.components[0].health, found.components[0].environment) == (3000, None, ())


def test_what_the_start_does_not_reach_is_left_out() -> None:
    found = only(
        {
            "package.json": package("express", scripts={"start": "npm run server", "server": "node server/main.js"}),
            "server/main.js": EXPRESS + "app.listen(process.env.PORT || 3001);",
            "release/publish.js": "require('http').createServer().listen(process.env.RELEASE_PORT || 1);\nprocess.env.RELEASE_TOKEN;",
        }
    )
    assert (found.start, found.entrypoint, found.port) == ("node server/main.js", "server/main.js", 3001)
    assert found.environment == ("PORT",)


@pytest.mark.parametrize(
    ("scripts", "files", "processes"),
    [
        ({"start": "node index.js", "worker": "node worker.js"}, {}, {"worker": ("worker", "node worker.js")}),
        ({"start": "node index.js", "worker:dev": "nodemon worker.js", "build:worker": "tsc"}, {}, {}),
        ({"start": "node index.js", "queue": "nodemon worker.js"}, {}, {}),
        ({"start": "node index.js", "start:cron": "tsx src/cron.ts"}, {}, {"cron": ("schedule", "npm run start:cron")}),
        # a program that nothing loads and no script names
        (
            {"start": "node index.js"},
            {"worker.js": "const { Worker } = require('bullmq');\nnew Worker('mail', f);\n"},
            {"worker": ("worker", "node worker.js")},
        ),
        # a worker inside the server
        (
            {"start": "node index.js"},
            {
                "jobs/index.js": "require('./worker');",
                "jobs/worker.js": "const { Worker } = require('bullmq');\nnew Worker('mail', f);\n",
            },
            {},
        ),
        (
            {"start": "pm2-runtime ecosystem.config.js"},
            {
                "ecosystem.config.js": "module.exports = { apps: [\n  { name: 'api', script: 'index.js' },\n"
                "  { name: 'mail-worker', script: './worker.js' },\n  { name: 'digest', script: 'digest.js', cron_restart: '0 6 * * *' },\n] };"
            },
            {"mail-worker": ("worker", "node worker.js"), "digest": ("schedule", "node digest.js")},
        ),
    ],
)
def test_processes(scripts: dict[str, str], files: dict[str, str], processes: dict[str, tuple[str, str]]) -> None:
    manifest = package("express", "bullmq", scripts=scripts)
    found = only({"package.json": manifest, "index.js": EXPRESS + "require('./jobs');\napp.listen(3000);", **files})
    assert {one.name: (one.kind, one.command) for one in found.processes} == processes


@pytest.mark.parametrize(
    ("dependencies", "files", "migrate"),
    [
        (
            ("knex",),
            {"knexfile.js": "module.exports = { client: 'pg' };", "migrations/1.js": ""},
            "npx knex migrate:latest",
        ),
        (("knex",), {"migrations/001.sql": ""}, None),  # the query builder alone
        (
            ("drizzle-orm", "drizzle-kit"),
            {"drizzle.config.ts": "export default { dialect: 'postgresql' };"},
            None,
        ),  # no migration is there
        (("sequelize-cli",), {"config/config.json": "{}", "migrations/1.js": ""}, "npx sequelize-cli db:migrate"),
        (("migrate-mongo",), {"migrate-mongo-config.js": "", "migrations/1.js": ""}, "npx migrate-mongo up"),
    ],
)
def test_migrations(dependencies: tuple[str, ...], files: dict[str, str], migrate: str | None) -> None:
    assert app(EXPRESS + "app.listen(3000);", "express", *dependencies, **files).migrate == migrate


def test_a_script_that_makes_migrations_does_not_run_them() -> None:
    scripts = {"start": "node index.js", "migrate": "prisma migrate dev", "db:migrate": "node scripts/migrate.js"}
    found = only({"package.json": package("express", scripts=scripts), "index.js": EXPRESS + "app.listen(3000);"})
    assert found.migrate == "npm run db:migrate"


def test_engines_that_configurations_name() -> None:
    assert app(
        EXPRESS + "app.listen(1);", "express", "knex", **{"knexfile.js": "module.exports = { client: 'pg' };"}
    ).services == ("postgresql",)
    source = "const { DataSource } = require('typeorm');\nnew DataSource({ type: 'mariadb', host: 'db' });\nconst field = { type: 'mysql' };\napp.listen(1);"
    assert app(EXPRESS + source, "express", "typeorm").services == ("mariadb",)


def test_environment_that_is_checked_by_a_schema() -> None:
    code = (
        "const env = require('@fastify/env');\napp.register(env, { schema: { type: 'object', required: ['TOKEN', 'PORT'], properties: {\n"
        "  TOKEN: { type: 'string' }, PORT: { type: 'string', default: '3000' }, LEVEL: { type: 'string' } } } });\napp.listen(1234);"
    )
    found = app("const app = require('fastify')();\n" + code, "fastify", "@fastify/env")
    assert (found.environment, found.required_environment) == (("LEVEL", "PORT", "TOKEN"), ("TOKEN",))


def test_own_readers_of_the_environment() -> None:
    code = "const a = requireEnv('NEEDED');\nconst b = getEnv('OPTIONAL', 'x');\nlog('NOT_READ');\napp.listen(1234);"
    found = app(EXPRESS + code, "express")
    assert (found.environment, found.required_environment) == (("NEEDED", "OPTIONAL"), ("NEEDED",))


def test_folders() -> None:
    code = (
        "const path = require('path');\nconst upload = require('multer')({ dest: 'uploads/' });\n"
        "app.use(express.static(path.join(__dirname, 'static')));\nrequire('fs').mkdirSync('/tmp/x');\napp.listen(1234);"
    )
    found = app(EXPRESS + code, "express", "multer", **{"static/a.css": ""})
    assert (found.writable, found.assets) == (("uploads",), "static")


def test_a_watching_script_is_no_start() -> None:
    scripts = {"start": "npm run start:dev", "start:dev": "tsc -w"}
    found = only(
        {
            "package.json": package("bullmq", scripts=scripts, main="dist/index.js"),
            "src/index.ts": "export const a = 1;",
        }
    )
    assert found.kind == "library"


def test_an_image_of_the_root_runs_the_only_component() -> None:
    found = only(
        {
            "service/package.json": json.dumps({"name": "pds", "dependencies": {"somebody": "1"}}),
            "service/index.js": "require('somebody').start();",
            "Dockerfile": 'FROM node:22\nENV HTTP_PORT=3100\nENTRYPOINT ["dumb-init", "--"]\nEXPOSE $HTTP_PORT\nCMD ["node", "index.js"]\n',
        }
    )
    assert (found.kind, found.port, found.start) == ("service", 3100, "node index.js")
