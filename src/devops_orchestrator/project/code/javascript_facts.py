"""From JavaScript code and scripts to facts: framework, kind, start command, port, health, metrics, migrations, tests."""

from __future__ import annotations

import re

from devops_orchestrator.project import images
from devops_orchestrator.project.code import (
    facts,
    javascript_bundles,
    javascript_config,
    javascript_database,
    javascript_embedded,
    javascript_environment,
    javascript_folders,
    javascript_pages,
    javascript_processes,
    javascript_routes,
    javascript_runtime,
    javascript_settings,
    javascript_start,
    javascript_tests,
)
from devops_orchestrator.project.code.javascript import LANGUAGES, JavaScript, is_test
from devops_orchestrator.project.code.javascript_web import Web
from devops_orchestrator.project.code.syntax import Source
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.tree import Tree

# package → framework; the first that is a dependency wins, what builds pages before what serves them plainly.
_FRAMEWORKS = (
    ("@nestjs/core", "nestjs"), ("next", "nextjs"), ("nuxt", "nuxt"), ("@sveltejs/kit", "sveltekit"), ("@tanstack/react-start", "tanstack-start"),
    ("@tanstack/solid-start", "tanstack-start"), ("@solidjs/start", "solid-start"), ("@builder.io/qwik-city", "qwik"), ("@docusaurus/core", "docusaurus"),
    ("@react-router/dev", "react-router"), ("@remix-run/dev", "remix"), ("@remix-run/serve", "remix"), ("astro", "astro"), ("gatsby", "gatsby"),
    ("@angular/core", "angular"), ("expo", "expo"), ("@adonisjs/core", "adonisjs"), ("fastify", "fastify"), ("hono", "hono"), ("koa", "koa"),
    ("@hapi/hapi", "hapi"), ("elysia", "elysia"), ("@strapi/strapi", "strapi"), ("@feathersjs/feathers", "feathers"), ("sails", "sails"),
    ("restify", "restify"), ("polka", "polka"), ("express", "express"), ("@11ty/eleventy", "eleventy"), ("react-scripts", "create-react-app"),
    ("@vue/cli-service", "vue-cli"), ("vite", "vite"),
    ("@rsbuild/core", "rsbuild"), ("parcel", "parcel"), ("vitepress", "vitepress"),
)  # fmt: skip
SERVERS = (
    "nestjs", "fastify", "hono", "koa", "hapi", "elysia", "express", "adonisjs", "strapi", "feathers", "sails", "restify", "polka", "meteor",
)  # fmt: skip
_PORTS = {
    "nestjs": (3000, "NestJS's default port"), "adonisjs": (3333, "AdonisJS's default port"), "strapi": (1337, "Strapi's default port"),
    "sails": (1337, "Sails' default port"),
}  # fmt: skip


def test_files(draft: Draft) -> list[str]:
    """The component's tests."""
    return [path for path in draft.files if path[path.rfind(".") :] in LANGUAGES and is_test(path)]


def give_code(draft: Draft, context: Context, package: Document, *, shared: bool = False) -> None:
    """Everything that scripts and modules say; a `shared` package is a library, whatever pages show it."""
    code = JavaScript(context.tree, draft.files, draft.path)
    _framework(draft, context.tree, shared)
    framework = draft.get("framework")
    if framework not in javascript_pages.PAGES:  # their pages are compiled into what is started, not imported by it
        code.begin(javascript_start.entry_file(draft, package))
    web = Web(code)
    # What makes pages listens by itself only where it has a server of its own: of Angular, of React Router…
    server = framework in SERVERS or framework is None or framework in javascript_pages.PAGES
    reads = [*javascript_environment.reads(code), *javascript_embedded.reads(draft, code)]
    seen = facts.Seen(reads=reads, ports=web.ports if server else [])
    if framework in javascript_pages.PAGES:
        seen.ports = javascript_pages.own_ports(draft, seen.ports)
    if framework in SERVERS or seen.ports or (framework is None and web.served):
        seen.routes = web.routes
    seen.routes = [*seen.routes, *javascript_routes.routes(draft, code)]
    _kind(draft, context.tree, code, package, seen)
    javascript_config.give(draft, context.tree, code)
    if draft.kind in ("service", "worker", "command"):
        facts.give(draft, seen)
    else:
        facts.give(draft, facts.Seen(reads=seen.reads))
    if draft.kind == "service":
        images.from_dockerfile(
            draft, context.tree, images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
        )
    javascript_runtime.give(draft, context.tree, package, code, web.served if server else [])
    variable = draft.traits.get("port_env")
    read = [name for name in (variable, "APP_PORT", "SERVER_PORT", "HTTP_PORT") if name in draft.many("environment")]
    said = javascript_settings.dotenv_port(context.tree, draft.path, [str(name) for name in read])
    if said and variable and draft.kind == "service":
        draft.offer("port", *said)
    if framework in _PORTS and draft.kind in ("service", "static"):
        draft.offer("port", _PORTS[framework][0], convention(_PORTS[framework][1]))
    if framework not in javascript_pages.PAGES:
        javascript_config.developed(draft, context.tree, code)
    javascript_start.give(draft, context.tree, package, SERVERS, code)
    _metrics(draft, code, web)
    javascript_database.give(draft, context.tree, package, code)
    javascript_processes.give(draft, context.tree, package, code)
    javascript_folders.give(draft, code)
    javascript_tests.give(draft, code)
    if framework == "strapi" and draft.kind == "service":
        draft.offer("health", "/_health", convention("Strapi's health route"))
        draft.add("writable", "public/uploads", convention("Strapi's folder of uploads"))


def _framework(draft: Draft, tree: Tree, shared: bool) -> None:
    for package, name in _FRAMEWORKS:
        served = name not in SERVERS or package not in draft.dev_dependencies
        if package in draft.dependencies and served and javascript_pages.belongs(draft, tree, name):
            if shared and name in javascript_pages.PAGES:
                continue
            draft.offer("framework", name, draft.place(package))


def _kind(draft: Draft, tree: Tree, code: JavaScript, package: Document, seen: facts.Seen) -> None:
    framework = draft.get("framework")
    runs = (
        any(name in draft.scripts for name in ("start", "start:prod", "serve", "dev")) or draft.get("start") is not None
    )
    pages = javascript_pages.kind(draft, tree, code)
    if pages:
        draft.kind = "service" if seen.ports and framework in javascript_pages.BUNDLED else pages
    elif (framework in SERVERS and (runs or seen.ports)) or (
        seen.ports and (runs or package.get("main") is None) and package.get("bin") is None
    ):
        draft.kind = "service"
    elif framework is None and javascript_bundles.builds(draft):
        draft.kind = "static"
        javascript_bundles.give(draft, tree, code)
    elif package.get("bin") is not None or (not runs and javascript_start.program(draft, tree, package, code)):
        draft.kind = "command"
    elif javascript_start.develops(draft, draft.scripts.get("start", "--watch")):
        draft.kind = "library"
    elif re.search(r"(^|[/-])(workers?|consumers?|jobs?|queues?|cron|scheduler)$", draft.path) or draft.depends_on(
        *javascript_processes.QUEUES, *javascript_processes.SCHEDULERS
    ):
        draft.kind = "worker"
    elif package.get("exports") is None:
        draft.kind = "worker" if draft.many("services") else "command"
    else:
        draft.kind = "library"


# metrics


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
                    draft.offer("metrics", _metrics_path(code, source) or "/metrics", source.at(node))


def _metrics_path(code: JavaScript, source: Source) -> str | None:
    """The path that the options of a metrics plugin set."""
    for pair in source.all("pair"):
        if pair.field("key").text() in ("endpoint", "metricsPath", "path"):
            value = code.value(source, pair.field("value")).constant
            if isinstance(value, str) and re.search(r"metrics|prometheus", value):
                return value
    return None
