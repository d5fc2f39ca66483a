"""Meta-frameworks and static builds: what their configuration decides, and what only looks like them."""

from __future__ import annotations

import json

import pytest

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read


def package(**content: object) -> str:
    return json.dumps({"name": "x", **content})


def only(files: dict[str, str]) -> Component:
    found = read(Repository.of(dict(files)))
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


NUXT = {
    "scripts": {"dev": "nuxt dev", "build": "nuxt build", "generate": "nuxt generate"},
    "dependencies": {"nuxt": "^4.2.0"},
}


@pytest.mark.parametrize(
    ("config", "files", "kind", "build", "output"),
    [
        ("export default defineNuxtConfig({});", {}, "service", "npm run build", ".output"),
        ("export default defineNuxtConfig({ ssr: false });", {}, "static", "npm run generate", ".output/public"),
        ("// ssr: false\nexport default defineNuxtConfig({});", {}, "service", "npm run build", ".output"),
        ("export default defineNuxtConfig({ ssr: false });", {"server/api/a.get.ts": ""}, "service", "npm run build", ".output"),
        ("export default defineNuxtConfig({ nitro: { preset: 'static' } });", {}, "static", "npm run generate", ".output/public"),
        ("export default defineNuxtConfig({ vite: { ssr: false } });", {}, "service", "npm run build", ".output"),
    ],
)  # fmt: skip
def test_nuxt(config: str, files: dict[str, str], kind: str, build: str, output: str) -> None:
    found = only({"package.json": package(**NUXT), "nuxt.config.ts": config, "app/app.vue": "<template/>", **files})
    assert (found.framework, found.kind, found.build, found.output) == ("nuxt", kind, build, output)
    assert found.start == ("node .output/server/index.mjs" if kind == "service" else None)


@pytest.mark.parametrize(
    ("config", "kind", "output"),
    [
        ("export default { output: 'export' }", "static", "out"),
        ("export default { output: 'export', distDir: 'site' }", "static", "site"),
        ("const nextConfig = { distDir: '.build' };\nmodule.exports = withBundle(nextConfig);", "service", ".build"),
        ("module.exports = (phase) => { return { output: 'export' }; }", "static", "out"),
        ("module.exports = { webpack: (config) => ({ ...config, output: 'export' }) }", "service", ".next"),
    ],
)
def test_next(config: str, kind: str, output: str) -> None:
    manifest = package(scripts={"build": "next build"}, dependencies={"next": "16.0.3"})
    found = only({"package.json": manifest, "next.config.js": config, "app/page.jsx": ""})
    assert (found.kind, found.output) == (kind, output)
    assert found.start == ("npx next start" if kind == "service" else None)


@pytest.mark.parametrize(
    ("adapter", "kind", "start", "port"),
    [
        ("@sveltejs/adapter-node", "service", "node build", 3000),
        ("@sveltejs/adapter-static", "static", None, 5173),
        ("@sveltejs/adapter-vercel", "service", "npm run dev", 5173),
    ],
)
def test_sveltekit(adapter: str, kind: str, start: str | None, port: int) -> None:
    scripts = {"dev": "vite dev", "build": "vite build"}
    others = {"@sveltejs/kit": "2", "@sveltejs/adapter-node": "5", "@sveltejs/adapter-static": "3"}
    files = {
        "package.json": package(scripts=scripts, devDependencies=others),
        "svelte.config.js": f"import adapter from '{adapter}';\nexport default {{ kit: {{ adapter: adapter() }} }};",
        "src/routes/+page.svelte": "<p/>",
    }
    found = only(files)
    assert (found.framework, found.kind, found.start, found.port) == ("sveltekit", kind, start, port)


@pytest.mark.parametrize(
    ("ssr", "kind", "start", "output", "port"),
    [
        ("true", "service", "npx react-router-serve ./build/server/index.js", "build", 3000),
        ("false", "static", None, "build/client", 5173),
    ],
)
def test_react_router(ssr: str, kind: str, start: str | None, output: str, port: int) -> None:
    manifest = package(
        scripts={"build": "react-router build", "dev": "react-router dev"},
        dependencies={"@react-router/serve": "7", "@react-router/dev": "7"},
    )
    config = (
        f"import type {{ Config }} from '@react-router/dev/config';\nexport default {{ ssr: {ssr} }} satisfies Config;"
    )
    found = only({"package.json": manifest, "react-router.config.ts": config, "app/root.tsx": ""})
    assert (found.kind, found.start, found.output, found.port) == (kind, start, output, port)


@pytest.mark.parametrize(
    ("file", "health"),
    [
        ("app/routes/healthcheck.tsx", "/healthcheck"),
        ("app/routes/_system.healthz.ts", "/healthz"),
        ("app/routes/resources+/healthcheck.tsx", "/resources/healthcheck"),
        ("app/routes/api.health/route.ts", "/api/health"),
        ("app/routes/$locale.health.ts", None),
    ],
)
def test_flat_routes(file: str, health: str | None) -> None:
    manifest = package(
        scripts={"build": "remix vite:build"}, dependencies={"@remix-run/serve": "2", "@remix-run/dev": "2"}
    )
    assert (
        only({"package.json": manifest, "app/root.tsx": "", file: "export const loader = () => 'OK';"}).health == health
    )


def test_routes_of_tanstack_start_have_handlers_of_the_server() -> None:
    manifest = package(
        scripts={"dev": "vite dev --port 3040", "build": "vite build"},
        dependencies={"@tanstack/react-start": "1", "nitro": "3"},
    )
    route = "export const Route = createFileRoute('/ops/health')({ server: { handlers: { GET: () => new Response('ok') } } })"
    files = {
        "package.json": manifest,
        "vite.config.ts": "import { nitro } from 'nitro/vite';\nexport default defineConfig({ plugins: [tanstackStart(), nitro()] })",
        "src/routes/health.tsx": "export const Route = createFileRoute('/health')({ component: Page })",
        "src/routes/ops.health.ts": route,
    }
    found = only(files)
    assert (found.framework, found.health, found.start) == (
        "tanstack-start",
        "/ops/health",
        "node .output/server/index.mjs",
    )
    assert (found.port, found.output) == (3000, ".output")


def angular(**build: object) -> dict[str, str]:
    projects = {"shop": {"projectType": "application", "architect": {"build": build}}}
    return {
        "package.json": package(scripts={"build": "ng build", "start": "ng serve"}, dependencies={"@angular/core": "21"}),
        "angular.json": json.dumps({"projects": projects}),
        "src/index.html": "<app-root></app-root>", "src/main.ts": "",
        "src/server.ts": "import express from 'express';\nconst app = express();\napp.get('/healthz', (q, s) => s.end());\n"
        "app.listen(process.env['PORT'] || 4100);",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("build", "kind", "output", "start"),
    [
        ({"builder": "@angular/build:application"}, "static", "dist/shop/browser", None),
        ({"builder": "@angular/build:application", "options": {"outputPath": {"base": "out", "browser": ""}}}, "static", "out", None),
        ({"builder": "@angular-devkit/build-angular:browser", "options": {"outputPath": "dist"}}, "static", "dist", None),
        ({"builder": "@angular/build:application", "options": {"ssr": {"entry": "src/server.ts"}, "outputMode": "server"}}, "service", "dist/shop", "node dist/shop/server/server.mjs"),
        ({"builder": "@angular/build:application", "options": {"ssr": {"entry": "src/server.ts"}, "outputMode": "static"}}, "static", "dist/shop/browser", None),
    ],
)  # fmt: skip
def test_angular(build: dict[str, object], kind: str, output: str, start: str | None) -> None:
    found = only(angular(**build))
    assert (found.framework, found.kind, found.output, found.start) == ("angular", kind, output, start)
    assert (found.port, found.health) == ((4100, "/healthz") if kind == "service" else (4200, None))


VITE = {"package.json": package(scripts={"build": "vite build"}, devDependencies={"vite": "7"}), "index.html": "<div/>"}


@pytest.mark.parametrize(
    ("config", "port", "output"),
    [
        ("export default { preview: { port: 4180 } }", 4180, "dist"),
        ("export default { preview: { port: 4180 }, server: { port: 6000 } }", 6000, "dist"),
        ("export default { plugins: [dts({ outDir: 'types' })], build: { outDir: './web/' } }", 5173, "web"),
        ("export default { plugins: [mock({ server: { port: 9999 } })] }", 5173, "dist"),
        ("const port = 6001;\nexport default defineConfig({ server: { port } })", 6001, "dist"),
        ("export default defineConfig(async () => { return { root: 'ui' } })", 5173, "ui/dist"),
    ],
)
def test_vite(config: str, port: int, output: str) -> None:
    found = only({**VITE, "vite.config.ts": config, "src/main.ts": ""})
    assert (found.kind, found.port, found.output) == ("static", port, output)


def test_a_back_end_that_only_tests_use_is_no_server_of_the_pages() -> None:
    mock = "import express from 'express';\nexpress().listen(9999);"
    found = only({**VITE, "mock-server.ts": mock, "src/main.ts": ""})
    assert (found.kind, found.port) == ("static", 5173)


@pytest.mark.parametrize(
    "content",
    [
        {"peerDependencies": {"next": ">=15"}, "devDependencies": {"next": "16"}, "exports": "./index.js"},
        {"devDependencies": {"vite": "7", "vitest": "4"}, "scripts": {"build": "vite build"}, "exports": "./index.js"},
        {"devDependencies": {"astro": "5"}, "peerDependencies": {"astro": "5"}, "exports": "./index.js"},
        {
            "devDependencies": {"@sveltejs/kit": "2"},
            "scripts": {"build": "vite build && svelte-package"},
            "exports": "./index.js",
        },
    ],
)
def test_a_library_for_a_framework_is_no_site_of_it(content: dict[str, object]) -> None:
    found = only({"package.json": package(**content), "index.js": "export const a = 1;", "src/routes/+page.svelte": ""})
    assert (found.kind, found.framework, found.port, found.start) == ("library", None, None, None)


def test_expo_without_web_is_no_site() -> None:
    manifest = {
        "scripts": {"start": "expo start"},
        "dependencies": {"expo": "54", "react-native": "0.81"},
        "main": "index.js",
    }
    found = only({"package.json": package(**manifest), "app.json": "{}", "index.js": ""})
    assert (found.framework, found.kind, found.output) == ("expo", "library", None)


def test_the_port_of_the_development_server_is_not_that_of_what_is_built() -> None:
    scripts = {"dev": "next dev --port 3009", "build": "next build", "start": "next start"}
    found = only({"package.json": package(scripts=scripts, dependencies={"next": "16"}), "pages/index.js": ""})
    assert (found.port, found.evidence["port"]) == (3000, "convention: Next.js's default port")


def test_environment_of_page_components() -> None:
    files = {
        **VITE,
        "src/App.vue": "<script setup>\nconst a = import.meta.env.VITE_A\n// import.meta.env.VITE_B\n</script>\n<p>import.meta.env.VITE_C</p>",
        "src/page.astro": "---\nconst d = import.meta.env.PUBLIC_D;\n---\n<p>import.meta.env.PUBLIC_E</p>",
    }
    found = only(files)
    assert found.environment == ("PUBLIC_D", "VITE_A")
    assert found.evidence["environment.VITE_A"] == "src/App.vue:2"
