"""From JavaScript code and scripts to facts: framework, kind, start command, port, health, metrics, migrations, tests."""

from __future__ import annotations

import re

from devops_orchestrator.project import images
from devops_orchestrator.project.code import facts, javascript_config, javascript_environment
from devops_orchestrator.project.code.javascript import LANGUAGES, JavaScript, argument, is_test
from devops_orchestrator.project.code.javascript_web import Web, file_routes
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.services import NODE, of_url
from devops_orchestrator.project.tree import Tree, join

# package → framework; the first that is a dependency wins, what builds pages before what serves them plainly.
_FRAMEWORKS = (
    ("@nestjs/core", "nestjs"), ("next", "nextjs"), ("nuxt", "nuxt"), ("@sveltejs/kit", "sveltekit"), ("@tanstack/react-start", "tanstack-start"),
    ("@react-router/dev", "react-router"), ("@remix-run/dev", "remix"), ("@remix-run/serve", "remix"), ("astro", "astro"), ("gatsby", "gatsby"),
    ("@angular/core", "angular"), ("expo", "expo"), ("@adonisjs/core", "adonisjs"), ("fastify", "fastify"), ("hono", "hono"), ("koa", "koa"),
    ("@hapi/hapi", "hapi"), ("elysia", "elysia"), ("express", "express"), ("@11ty/eleventy", "eleventy"), ("react-scripts", "create-react-app"),
    ("@vue/cli-service", "vue-cli"), ("vite", "vite"),
)  # fmt: skip
SERVERS = ("nestjs", "fastify", "hono", "koa", "hapi", "elysia", "express", "adonisjs")
_PAGES = ("nextjs", "nuxt", "sveltekit", "tanstack-start", "react-router", "remix")
_STATIC = ("astro", "gatsby", "angular", "eleventy", "create-react-app", "vue-cli", "vite", "expo")
_PORTS = {
    "nextjs": (3000, "Next.js's default port"), "nuxt": (3000, "Nitro's default port"), "sveltekit": (3000, "adapter-node's default port"),
    "remix": (3000, "remix-serve's default port"), "react-router": (3000, "react-router-serve's default port"), "astro": (4321, "Astro's default port"),
    "tanstack-start": (3000, "Nitro's default port"), "vite": (5173, "Vite's development server"), "angular": (4200, "Angular's development server"),
    "gatsby": (8000, "Gatsby's development server"), "create-react-app": (3000, "Create React App's development server"),
    "eleventy": (8080, "Eleventy's development server"), "vue-cli": (8080, "Vue CLI's development server"), "nestjs": (3000, "NestJS's default port"),
    "adonisjs": (3333, "AdonisJS's default port"),
}  # fmt: skip
_OUTPUT = {
    "vite": "dist", "astro": "dist", "angular": "dist", "gatsby": "public", "eleventy": "_site", "create-react-app": "build", "vue-cli": "dist",
    "nextjs": ".next", "nuxt": ".output", "sveltekit": "build", "remix": "build", "react-router": "build", "tanstack-start": ".output", "expo": "dist",
}  # fmt: skip
_QUEUES = ("bullmq", "bull", "kafkajs", "amqplib", "agenda", "bree", "node-cron", "@temporalio/worker", "nats")


def test_files(draft: Draft) -> list[str]:
    """The component's tests."""
    return [path for path in draft.files if path[path.rfind(".") :] in LANGUAGES and is_test(path)]


def give_code(draft: Draft, context: Context, package: Document) -> None:
    """Everything that scripts and modules say."""
    code = JavaScript(context.tree, draft.files)
    web = Web(code)
    _framework(draft)
    framework = draft.get("framework")
    server = framework in SERVERS or framework is None or framework in ("vite", "nextjs")
    seen = facts.Seen(reads=javascript_environment.reads(code), ports=web.ports if server else [])
    if framework in SERVERS or (web.ports and server):
        seen.routes = web.routes
    seen.routes = [*seen.routes, *file_routes(framework, draft.path, draft.files)]
    _kind(draft, package, seen)
    javascript_config.give(draft, context.tree, code)
    if draft.kind in ("service", "worker", "command") or framework in _PAGES:
        facts.give(draft, seen)
    else:
        facts.give(draft, facts.Seen(reads=seen.reads))
    if draft.kind == "service":
        images.from_dockerfile(
            draft, context.tree, images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
        )
    if framework in _PORTS and draft.kind in ("service", "static"):
        draft.offer("port", _PORTS[framework][0], convention(_PORTS[framework][1]))
    if framework in _OUTPUT and draft.kind in ("service", "static"):
        draft.offer("output", _OUTPUT[framework], convention(f"the output folder of {framework}"))
    _start(draft, context.tree, package)
    _metrics(draft, code, web)
    _database(draft, context.tree, code)
    _test_services(draft, code)


def _framework(draft: Draft) -> None:
    for package, name in _FRAMEWORKS:
        if package in draft.dependencies and (name not in SERVERS or package not in draft.dev_dependencies):
            draft.offer("framework", name, draft.place(package))


def _kind(draft: Draft, package: Document, seen: facts.Seen) -> None:
    framework = draft.get("framework")
    runs = (
        any(name in draft.scripts for name in ("start", "start:prod", "serve", "dev")) or draft.get("start") is not None
    )
    built = "build" in draft.scripts
    if (
        (framework in _PAGES and (runs or built))
        or (framework in SERVERS and (runs or seen.ports))
        or (seen.ports and (runs or package.get("main") is None) and framework not in _STATIC)
    ):
        draft.kind = "service"
    elif framework in _STATIC and _is_site(draft, framework):
        adapter = draft.depends_on("@astrojs/node")
        draft.kind = "service" if (seen.ports and framework == "vite") or adapter else "static"
    elif package.get("bin") is not None:
        draft.kind = "command"
    elif "start" in draft.scripts and draft.depends_on(*_QUEUES):
        draft.kind = "worker"
    elif "start" in draft.scripts and package.get("exports") is None:
        draft.kind = "worker" if draft.many("services") else "command"
    else:
        draft.kind = "library"


def _is_site(draft: Draft, framework: str) -> bool:
    """Whether a static build makes pages: a library is built with Vite too, but has no page."""
    if framework == "vite":
        return any(
            path.rpartition("/")[2] == "index.html" and path.count("/") <= draft.path.count("/") + 2
            for path in draft.files
        )
    return True


# start


def _start(draft: Draft, tree: Tree, package: Document) -> None:
    from devops_orchestrator.project.ecosystems import node

    framework = draft.get("framework")
    if draft.kind in ("library", "static"):
        return
    for name in ("start:prod", "start:production", "start", "serve", "server"):
        body = draft.scripts.get(name)
        if body is None or (draft.kind == "service" and _development(body) and framework in SERVERS):
            continue
        direct = _direct(body)
        evidence = package.at("scripts", name)
        draft.offer("start", direct or node.run(draft, name), evidence)
        if direct:
            draft.offer("entrypoint", _entry(direct), evidence)
    javascript_config.nx_start(draft, tree)
    if draft.traits.get("image_command"):
        draft.offer("start", draft.traits["image_command"], draft.evidence("image_command") or "")
    main = package.text("main")
    if draft.kind == "service" and framework in SERVERS and main and not main.endswith(".ts"):
        draft.offer("start", f"node {main}", package.at("main"))
        draft.offer("entrypoint", main, package.at("main"))
    for name in ("start", "dev"):
        if name in draft.scripts and draft.kind in ("service", "worker"):
            draft.offer("start", node.run(draft, name), package.at("scripts", name))
    if draft.kind == "service" and framework in (*SERVERS, None):
        main_file = next(
            (
                join(draft.path, f)
                for f in ("server.js", "index.js", "app.js", "src/index.js", "src/server.js")
                if tree.has(draft.path, f)
            ),
            None,
        )
        if main_file:
            inside = main_file if draft.path == "." else main_file.removeprefix(draft.path + "/")
            draft.offer("start", f"node {inside}", main_file)
            draft.offer("entrypoint", inside, main_file)


def _development(body: str) -> bool:
    """Whether a script is for development: it watches, or compiles as it goes."""
    return bool(
        re.search(r"\b(nodemon|ts-node-dev|--watch|nest start|nx serve|concurrently)\b|\btsx watch\b|--watch\b", body)
    )


def _direct(body: str) -> str | None:
    """The command of a script that is one plain `node file`; its own variables in front are left out."""
    text = re.sub(r"^(?:cross-env\s+)?(?:[A-Z_][A-Z0-9_]*=\S+\s+)+", "", body.strip())
    return (
        text
        if re.fullmatch(r"(node|bun|deno run)(\s+--?[\w-]+(?:[= ][\w./:-]+)?)*\s+[\w./-]+", text)
        and not re.search(r"[;&|]", text)
        else None
    )


def _entry(command: str) -> str:
    return command.split()[-1]


# metrics, migrations


def _metrics(draft: Draft, code: JavaScript, web: Web) -> None:
    for package, library in (
        ("express-prom-bundle", "express_prom_bundle"), ("fastify-metrics", "fastify_metrics"), ("@willsoto/nestjs-prometheus", "prom_client_node_default"),
        ("prom-client", "prom_client_node_default"), ("@opentelemetry/exporter-prometheus", "opentelemetry_node_http"),
    ):  # fmt: skip
        if package not in draft.dependencies or package in draft.dev_dependencies:
            continue
        draft.offer("metrics_library", library, draft.place(package))
        route = next((r for r in web.routes if re.search(r"/(prometheus|metrics)/?$", r.path)), None)
        if route:
            draft.offer("metrics", route.path, route.evidence)
        for source in code.sources if package != "prom-client" else ():
            for _, module, node in code.imports(source):
                if module == package:
                    draft.offer("metrics", "/metrics", source.at(node))


def _database(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """Services and migrations of the database tools: their configuration names the engine."""
    from devops_orchestrator.project.ecosystems import node

    _prisma(draft, tree)
    if "drizzle-kit" in draft.dependencies or "drizzle-orm" in draft.dependencies:
        config = tree.first(draft.path, "drizzle.config.ts", "drizzle.config.js")
        if config:
            draft.offer("migrate", node.execute(draft, "drizzle-kit migrate"), config)
    for package, command in (
        ("sequelize-cli", "sequelize-cli db:migrate"),
        ("knex", "knex migrate:latest"),
        ("node-pg-migrate", "node-pg-migrate up"),
    ):
        folder = next((path for path in draft.files if "/migrations/" in f"/{path}"), None)
        if package in draft.dependencies and folder:
            draft.offer("migrate", node.execute(draft, command), folder)
    for name in (
        "migrate:deploy",
        "db:migrate",
        "migrate",
        "migration:run",
        "db:deploy",
        "migrations:run",
        "typeorm:migrate",
    ):
        if name in draft.scripts and not re.search(r"migrate dev|--name", draft.scripts[name]):
            draft.offer("migrate", node.run(draft, name), f"{draft.get('manifest')}")
    for source in code.sources:
        for call in source.all("call_expression", "new_expression"):
            function = call.field("function") or call.field("constructor")
            if function is not None and function.text() in (
                "connect",
                "createClient",
                "Sequelize",
                "DataSource",
                "createConnection",
                "Pool",
                "Client",
                "Redis",
                "createPool",
                "mongoose.connect",
            ):
                value = code.value(source, argument(call, 0)).constant
                service = of_url(value)
                if service:
                    draft.add("services", service, source.at(call))


def _prisma(draft: Draft, tree: Tree) -> None:
    if not draft.depends_on("prisma", "@prisma/client"):
        return
    from devops_orchestrator.project.ecosystems import node

    schema = next(
        (p for p in draft.files if p.endswith("schema.prisma") or (p.endswith(".prisma") and "/prisma/" in f"/{p}")),
        None,
    )
    inside = False
    for number, line in tree.lines(schema):
        text = line.split("//")[0].strip()
        if text.startswith("datasource "):
            inside = True
        elif text == "}":
            inside = False
        found = re.fullmatch(r'provider\s*=\s*"(\w+)"', text) if inside else None
        service = (
            {
                "postgresql": "postgresql",
                "postgres": "postgresql",
                "mysql": "mysql",
                "mongodb": "mongodb",
                "cockroachdb": "postgresql",
            }.get(found[1])
            if found
            else None
        )
        if service:
            draft.add("services", service, f"{schema}:{number}")
        variable = re.search(r'env\("(\w+)"\)', text) if inside else None
        if variable:
            draft.add("environment", variable[1], f"{schema}:{number}")
            draft.add("required_environment", variable[1], f"{schema}:{number}")
    if schema and any("/migrations/" in p and p.endswith("migration.sql") for p in draft.files):
        draft.trait("prisma", schema)
        draft.prefer("migrate", node.execute(draft, "prisma migrate deploy"), schema)
    elif schema:
        draft.trait("prisma", schema)


# tests


def _test_services(draft: Draft, code: JavaScript) -> None:
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
        if where is None and orm and service in ("postgresql", "mysql", "mariadb", "mongodb"):
            where = orm
        if where:
            draft.add("test_services", service, where)


def _mocked(code: JavaScript, path: str) -> list[str]:
    """Packages and files that a test replaces: `jest.mock("ioredis")`, `vi.mock("../src/db")`."""
    source = code.source(path, always=True)
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
