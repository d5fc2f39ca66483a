"""Meta-frameworks and static builds of JavaScript: when one is really used, what it makes, and its documented defaults."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import javascript_angular, javascript_config
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.javascript_options import Options, inside
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.nx import project_of, tools
from devops_orchestrator.project.tree import Tree, join
from devops_orchestrator.project.versions import least


@dataclass(frozen=True)
class Pages:
    """One framework that makes pages: how a component shows that it uses it, and its documented defaults."""

    files: tuple[str, ...]  # names of its configuration, `*` for the extension
    command: str  # its program in a script, as a regular expression
    folders: tuple[str, ...] = ()  # where its pages are, below the component
    port: int | None = None  # of its server; where it has none, of its development server
    port_name: str = ""
    output: str = "dist"
    assets: tuple[str, ...] = ("public",)
    build: str | None = None  # the program that builds, where no script does


PAGES = {
    "nextjs": Pages(("next.config.*",), r"\bnext (dev|build|start|export)\b|\bnext(\s|$)", ("app", "pages", "src/app", "src/pages"), 3000, "Next.js's default port", ".next", build="next build"),
    "nuxt": Pages(("nuxt.config.*",), r"\bnuxi?t? (dev|build|generate|start|preview)\b|\bnuxt(\s|$)", ("pages", "app/pages"), 3000, "Nitro's default port", ".output", ("public", "static"), "nuxt build"),
    "sveltekit": Pages(("svelte.config.*",), r"\b(vite|svelte-kit) (dev|build|preview)\b", ("src/routes",), 3000, "adapter-node's default port", "build", ("static",), "vite build"),
    "tanstack-start": Pages(("app.config.*", "vite.config.*"), r"\b(vite|vinxi) (dev|build|start)\b|\bvite(\s|$)", ("src/routes", "app/routes"), 3000, "Nitro's default port", ".output", build="vite build"),
    "solid-start": Pages(("app.config.*", "vite.config.*"), r"\b(vinxi|vite) (dev|build|start)\b", ("src/routes",), 3000, "Nitro's default port", ".output", build="vinxi build"),
    "react-router": Pages(("react-router.config.*",), r"\breact-router (dev|build|typegen)\b|react-router-serve", ("app",), 3000, "react-router-serve's default port", "build", build="react-router build"),
    "remix": Pages(("remix.config.*",), r"\bremix (dev|build|vite:\w+|watch)\b|remix-serve|\bremix(\s|$)", ("app/routes",), 3000, "remix-serve's default port", "build", build="remix vite:build"),
    "qwik": Pages((), r"\bqwik (build|add)\b", ("src/routes",), 5173, "Vite's development server", build="qwik build"),
    "astro": Pages(("astro.config.*",), r"\bastro (dev|build|preview|check)\b|\bastro(\s|$)", ("src/pages",), 4321, "Astro's default port", build="astro build"),
    "gatsby": Pages(("gatsby-config.*",), r"\bgatsby (develop|build|serve|clean)\b", ("src/pages",), 8000, "Gatsby's development server", "public", ("static",), "gatsby build"),
    "angular": Pages(("angular.json",), r"\bng(\s|$)|\bnx (serve|build)\b", (), 4200, "Angular's development server", "dist", ("public", "src/assets"), "ng build"),
    "expo": Pages(("app.json", "app.config.*", "eas.json"), r"\bexpo(\s|$|-cli)", ("app",), 8081, "Metro's default port", "dist", ("public",), "expo export --platform web"),
    "eleventy": Pages((".eleventy.js", "eleventy.config.*", ".eleventy.cjs"), r"\beleventy(\s|$)|@11ty/eleventy", (), 8080, "Eleventy's development server", "_site", (), "@11ty/eleventy"),
    "docusaurus": Pages(("docusaurus.config.*",), r"\bdocusaurus\b", (), 3000, "Docusaurus's development server", "build", ("static",), "docusaurus build"),
    "vitepress": Pages((".vitepress/config.*",), r"\bvitepress (dev|build)\b", (), 5173, "VitePress's development server", ".vitepress/dist", (), "vitepress build"),
    "create-react-app": Pages(("craco.config.*",), r"\b(react-scripts|craco|react-app-rewired)\b", (), 3000, "Create React App's development server", "build", ("public",), "react-scripts build"),
    "vue-cli": Pages(("vue.config.*",), r"\bvue-cli-service\b", (), 8080, "Vue CLI's development server", "dist", ("public",), "vue-cli-service build"),
    "vite": Pages(("vite.config.*",), r"\bvite (dev|build|preview|serve)\b|\bvite(\s|$)", (), 5173, "Vite's development server", "dist", ("public",), "vite build"),
    "rsbuild": Pages(("rsbuild.config.*",), r"\brsbuild\b", (), 3000, "Rsbuild's development server", "dist", ("public",), "rsbuild build"),
    "parcel": Pages((".parcelrc",), r"\bparcel\b", (), 1234, "Parcel's development server", "dist", (), None),
}  # fmt: skip
# Frameworks whose build is a server unless their configuration says otherwise.
SERVED = ("nextjs", "nuxt", "sveltekit", "tanstack-start", "solid-start", "react-router", "remix")
BUNDLED = ("vite", "rsbuild", "parcel")
# A `start` script that only develops is no way to run what was built.
_DEVELOPS = lazy(
    r"\b(nuxi?t? dev|astro( dev| preview)?(\s|$)|vite( dev| serve| preview)?(\s+-|\s*$)|next dev|remix (vite:)?dev|react-router dev|ng serve|vinxi dev|svelte-kit dev|nuxt\s*$|gatsby develop|expo start)"
)


def belongs(draft: Draft, tree: Tree, framework: str) -> bool:
    """Whether a component uses a framework that it depends on: a library depends on Next.js without being a site of it."""
    pages = PAGES.get(framework)
    if pages is None:
        return True
    if framework in BUNDLED:
        return _index(draft) is not None
    scripts = " ; ".join(body for name, body in draft.scripts.items() if name not in ("prepare", "postinstall"))
    if framework == "sveltekit" and (
        re.search(r"svelte-package|\bpackage\b", draft.scripts.get("build", "") + draft.scripts.get("package", ""))
        or (draft.scripts and not any(re.search(r"\bbuild\b", body) for body in draft.scripts.values()))
    ):
        return False  # a component library, whose routes show it while it is developed
    if re.search(pages.command, scripts) and framework not in ("sveltekit", "tanstack-start", "solid-start"):
        return True
    if any(
        tree.matching(join(draft.path, file).rpartition("/")[0] or ".", file.rpartition("/")[2])
        for file in pages.files
        if "vite" not in file and file not in ("app.json",)
    ):
        return framework != "sveltekit" or bool(tree.below(join(draft.path, "src/routes")))
    if any(
        re.search(re.escape(package), " ".join(tools(project_of(tree, draft.path))))
        for package in _PACKAGES.get(framework, ())
    ):
        return True
    return any(
        tree.below(join(draft.path, folder)) for folder in pages.folders if framework not in ("nextjs", "expo")
    ) and (framework in ("tanstack-start", "solid-start", "sveltekit", "remix") or bool(draft.scripts))


_PACKAGES = {
    "angular": ("@angular/core",),
    "nextjs": ("next",),
    "nuxt": ("nuxt",),
    "remix": ("@remix-run/dev",),
    "expo": ("expo",),
}


def _index(draft: Draft) -> str | None:
    """The page that a bundler starts from."""
    depth = 0 if draft.path == "." else draft.path.count("/") + 1
    found = [
        path
        for path in draft.files
        if path.endswith(".html")
        and path.rpartition("/")[2] == "index.html"
        and path.count("/") <= depth + 2
        and not re.search(
            r"(^|/)(dist|build|out|coverage|docs|test|tests|examples?|\.storybook)/",
            path[len(draft.path) + 1 if draft.path != "." else 0 :],
        )
    ]
    return min(found, key=lambda path: (path.count("/"), path)) if found else None


def kind(draft: Draft, tree: Tree, code: JavaScript) -> str | None:
    """`service` or `static` for a component of these frameworks, `library` for what is published; None for others."""
    framework = draft.get("framework")
    if framework not in PAGES:
        return None
    if framework in SERVED:
        return "static" if _static(draft, tree, code, framework) else "service"
    if framework == "astro":
        options = Options.of(draft, tree, code, "astro.config")
        output = options.get("output")
        rendered = output is not None and output.text in ("server", "hybrid")
        return "service" if rendered or draft.depends_on("@astrojs/node") else "static"
    if framework == "angular":
        return "service" if javascript_angular.serves(tree, draft.path) else "static"
    if framework == "expo":
        return (
            "static"
            if draft.depends_on("react-native-web", "@expo/metro-runtime")
            or re.search(r"\bexpo export\b|--web", " ".join(draft.scripts.values()))
            else "library"
        )
    if framework == "qwik":
        return (
            "service"
            if any(
                tree.below(join(draft.path, f"adapters/{name}"))
                for name in ("express", "fastify", "node-server", "bun")
            )
            else "static"
        )
    return "static"


def _static(draft: Draft, tree: Tree, code: JavaScript, framework: str) -> bool:
    """Whether the configuration makes files of a framework that would make a server."""
    if framework == "nextjs":
        output = Options.of(draft, tree, code, "next.config").get("output")
        return (output is not None and output.text == "export") or "next export" in draft.scripts.get("build", "")
    if framework == "nuxt":
        return _nuxt_generates(draft, tree, code)
    if framework == "sveltekit":
        return _adapters(draft, tree, code) == {"@sveltejs/adapter-static"}
    if framework == "react-router":
        ssr = Options.of(draft, tree, code, "react-router.config").get("ssr")
        return ssr is not None and ssr.flag is False
    if framework == "remix":
        from devops_orchestrator.project.code.javascript_options import called_with

        options = Options.of(draft, tree, code, "vite.config")
        for name, module in options.imports().items():
            node = called_with(options, name) if module.startswith("@remix-run/dev") and name else None
            ssr = options._in(node, ("ssr",)) if node is not None and node.kind() == "object" else None
            if ssr is not None and ssr.flag is False:
                return True
    return False


def _nuxt_generates(draft: Draft, tree: Tree, code: JavaScript) -> bool:
    options = Options.of(draft, tree, code, "nuxt.config")
    build = draft.scripts.get("build", "")
    preset, target, ssr = options.get("nitro", "preset"), options.get("target"), options.get("ssr")
    if re.search(r"\bgenerate\b|--prerender", build) or (target is not None and target.text == "static"):
        return True
    if preset is not None and preset.text is not None:
        return preset.text in ("static", "github-pages", "github_pages", "netlify-static", "vercel-static")
    # Without server-side rendering the server has nothing left to do, unless the application has routes of its own.
    runs = any(".output/server" in body or re.search(r"\bnuxt start\b", body) for body in draft.scripts.values())
    return ssr is not None and ssr.flag is False and not runs and not tree.below(join(draft.path, "server"))


def _adapters(draft: Draft, tree: Tree, code: JavaScript) -> set[str]:
    """The adapters that svelte.config imports, whatever else is a dependency."""
    imported = set(Options.of(draft, tree, code, "svelte.config").imports().values())
    return {module for module in imported if "adapter" in module}


def give(draft: Draft, tree: Tree, code: JavaScript, execute: str) -> None:
    """Output, start command, port and assets where nothing else said them; `execute` runs a program, `{}` its name."""
    framework = draft.get("framework")
    pages = PAGES.get(framework)
    if pages is None or draft.kind not in ("service", "static"):
        return
    if framework == "angular":
        javascript_angular.give(draft, tree)
    _output(draft, tree, code, pages)
    if draft.kind == "service":
        _start(draft, tree, code, execute)
        if draft.get("start") is None:  # then the development server is all that the repository starts
            javascript_config.developed(draft, tree, code)
    _check(draft, execute)
    port, name = pages.port, pages.port_name
    if (
        (framework == "sveltekit" and (draft.kind == "static" or not _adapters(draft, tree, code) & _NODE_ADAPTERS))
        or (draft.kind == "static" and framework == "react-router")
        or (framework == "remix" and draft.kind == "static")
    ):
        port, name = 5173, PAGES["vite"].port_name
    elif framework == "angular" and draft.kind == "service":
        port, name = 4000, "the server that Angular CLI makes"
    draft.offer("port", port, convention(name))
    for folder in pages.assets:
        if tree.below(join(draft.path, folder)):
            draft.offer("assets", folder, join(draft.path, folder))
    if pages.build and (not draft.scripts or re.search(pages.command, " ; ".join(draft.scripts.values()))):
        draft.offer("build", execute.format(pages.build), convention(f"the build of {framework}"))


_NODE_ADAPTERS = {"@sveltejs/adapter-node", "svelte-adapter-bun"}


def _output(draft: Draft, tree: Tree, code: JavaScript, pages: Pages) -> None:
    framework = draft.get("framework")
    output = pages.output
    if (framework == "react-router" and draft.kind == "static") or (framework == "remix" and draft.kind == "static"):
        output = "build/client"
    elif framework == "nuxt":
        two = (least(draft.dependencies.get("nuxt", "")) or "").startswith("2")
        output = (".nuxt" if two else ".output") if draft.kind == "service" else ("dist" if two else ".output/public")
    elif framework == "nextjs" and draft.kind == "static":
        output = "out"
    elif framework == "tanstack-start" and not _has_nitro(draft, tree, code):
        output = "dist"
    draft.offer("output", output, convention(f"the output folder of {framework}"))


def _has_nitro(draft: Draft, tree: Tree, code: JavaScript) -> bool:
    """Whether TanStack Start is built with Nitro: through its plugin, or by Vinxi in the first versions."""
    options = Options.of(draft, tree, code, "vite.config")
    return bool(options.called() & {"nitro", "nitroV2Plugin"}) or draft.depends_on("vinxi", "nitro") is not None


def _start(draft: Draft, tree: Tree, code: JavaScript, execute: str) -> None:
    framework = draft.get("framework")
    entry: str | None = None
    command: str | None = None
    if framework == "nextjs":
        command = execute.format("next start")
    elif framework == "nuxt" and not (least(draft.dependencies.get("nuxt", "")) or "").startswith("2"):
        entry = ".output/server/index.mjs"
    elif framework == "nuxt":
        command = execute.format("nuxt start")
    elif framework == "sveltekit" and _adapters(draft, tree, code) & _NODE_ADAPTERS:
        entry = draft.get("output")
    elif framework == "solid-start" or (framework == "tanstack-start" and _has_nitro(draft, tree, code)):
        entry = ".output/server/index.mjs"
    elif framework == "astro" and draft.depends_on("@astrojs/node"):
        entry = f"{draft.get('output')}/server/entry.mjs"
    elif framework == "react-router" and draft.depends_on("@react-router/serve"):
        command = execute.format(f"react-router-serve ./{draft.get('output')}/server/index.js")
    elif framework == "remix" and draft.depends_on("@remix-run/serve"):
        vite = bool(tree.matching(draft.path, "vite.config.*"))
        command = execute.format(f"remix-serve ./build/{'server/' if vite else ''}index.js")
    name = convention(f"how {framework} runs what it built")
    # A script that the image starts with prepares something and then runs just this.
    scripted = ".sh" in str(draft.get("start")) and draft.evidence("start") == draft.evidence("image_command")
    (draft.prefer if scripted else draft.offer)("start", f"node {entry}" if entry else command, name)
    draft.offer("entrypoint", entry, name)


def _check(draft: Draft, execute: str) -> None:
    """The type checker that knows the framework's files goes before TypeScript's own, which does not read them."""
    known = draft.get("typecheck")
    if known is not None and not known.endswith("tsc --noEmit"):
        return
    for package, command in (
        ("@astrojs/check", "astro check"),
        ("svelte-check", "svelte-check"),
        ("vue-tsc", "vue-tsc --noEmit"),
    ):
        if package in draft.dependencies:
            draft.prefer("typecheck", execute.format(command), draft.place(package))
            return


def develops(body: str) -> bool:
    """Whether a script only starts a development server of these frameworks."""
    return bool(_DEVELOPS.search(body))


def own_ports(draft: Draft, ports: list[tuple[Value, str]]) -> list[tuple[Value, str]]:
    """The ports of a server of the application's own; a server that only plays the back end in tests is none of it."""
    scripts = " ".join(draft.scripts.get(name, "") for name in ("start", "start:prod", "dev", "serve"))
    found = []
    for value, evidence in ports:
        path = inside(draft.path, evidence.rpartition(":")[0])
        named = path.rsplit(".", 1)[0] in scripts or re.search(r"(^|/)\.\s*($|[;&|])", scripts)
        if named or re.fullmatch(
            r"(src/)?(server|server/(index|app|main|server)|app/server|main\.server)\.[cm]?[jt]s", path
        ):
            found.append((value, evidence))
    return found
