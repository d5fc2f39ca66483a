"""What the configuration of JavaScript tools says: ports, output folders, and the flags of scripts."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.javascript_options import Option, Options, called_with, setting
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

_RUN = ("start:prod", "start:production", "start", "serve")
_DEVELOP = ("dev", "start:dev", "develop", "serve", "preview", "web")
# A program of these frameworks with its port: `next start -p 3001`, `ng serve --port=4300`.
_PORT = lazy(
    r"(?:next(?: (?:start|dev))?|vite(?: preview| dev)?|astro \w+|nuxi?t? \w+|ng serve|serve|remix\S*(?: \w+)?|react-router\S*(?: dev)?|http-server|gatsby \w+|"
    r"eleventy|@11ty/eleventy|expo start|vue-cli-service serve|docusaurus \w+|vitepress \w+|vinxi \w+|rsbuild \w+|parcel(?: \w+)?|live-server)\b[^&|;]*?(?:\s--port|\s-p|\s-l)[= ]+(\d{2,5})\b"
)


def give(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """Ports and output folders that are said for what is built, before what the code says."""
    _scripts(draft, tree, _RUN if draft.kind == "service" else (*_RUN, *_DEVELOP))
    framework = draft.get("framework")
    if framework in _READERS:
        _READERS[framework](draft, tree, code)
    if framework in ("vite", "tanstack-start", "react-router", "remix", "sveltekit") or "vite" in draft.dependencies:
        _vite(draft, tree, code)


def developed(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """The port of a service's development server, where nothing says that of the built one."""
    if draft.kind != "service" or draft.get("port") is not None:
        return
    _scripts(draft, tree, _DEVELOP)
    if draft.framework_is("tanstack-start", "nuxt"):
        options = Options.of(draft, tree, code, "nuxt.config" if draft.framework_is("nuxt") else "vite.config")
        _offer_port(draft, options.get("devServer" if draft.framework_is("nuxt") else "server", "port"))


def _scripts(draft: Draft, tree: Tree, names: tuple[str, ...]) -> None:
    manifest = tree.json(tree.first(draft.path, "package.json"))
    for name in names:
        body = draft.scripts.get(name, "")
        found = _PORT.search(body) or re.match(r"(?:cross-env |env )?(?:[A-Z_]+=\S+ )*PORT=(\d{2,5})\b", body)
        if found and manifest:
            draft.offer("port", int(found[1]), manifest.at("scripts", name))


def _offer_port(draft: Draft, option: Option | None) -> None:
    if option is not None:
        draft.offer("port", option.value.port, option.evidence)


def _folder(draft: Draft, option: Option | None, *below: str) -> None:
    """Offer an output folder that a configuration names, from the component's path."""
    if option is not None and option.text:
        draft.offer(
            "output", posixpath.normpath(posixpath.join(option.text.removeprefix("./"), *below)), option.evidence
        )


def _vite(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "vite.config")
    root = options.get("root")
    if draft.kind == "static" or (draft.framework_is("sveltekit") and not draft.traits.get("port_env")):
        _offer_port(draft, options.get("server", "port"))
        _offer_port(draft, options.get("preview", "port"))
    output = options.get("build", "outDir")
    base = root.text if root is not None and root.text and re.match(r"[\w.]", root.text) else ""
    if output is not None and output.text and draft.framework_is("vite"):
        draft.offer("output", posixpath.normpath(posixpath.join(base, output.text)), output.evidence)
    elif base and draft.framework_is("vite") and root is not None:
        draft.offer("output", posixpath.normpath(posixpath.join(base, "dist")), root.evidence)
    public = options.get("publicDir")
    if public is not None and public.text:
        draft.offer("assets", posixpath.normpath(posixpath.join(base, public.text)), public.evidence)


def _next(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "next.config")
    output, folder, prefix = options.get("output"), options.get("distDir"), options.get("basePath")
    if output is not None and output.text:
        draft.trait("next_output", output.text, output.evidence)
    _folder(draft, folder)
    if draft.kind == "static" and output is not None:
        draft.offer("output", "out", output.evidence)
    if prefix is not None and prefix.text:
        draft.trait("base_path", prefix.text, prefix.evidence)


def _nuxt(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "nuxt.config")
    if draft.kind == "static":
        _offer_port(draft, options.get("devServer", "port"))
        if "build" not in draft.scripts or not re.search(r"generate|prerender", draft.scripts["build"]):
            _generate(draft, tree)
    secrets = options.get("runtimeConfig")
    if secrets is not None and secrets.node.kind() == "object":
        for name, evidence in _runtime_config(options, ("runtimeConfig",), "NUXT"):
            draft.add("environment", name, evidence)


def _generate(draft: Draft, tree: Tree) -> None:
    """A site that is generated is built by the script that generates it, not by the one that makes a server."""
    from devops_orchestrator.project.ecosystems import node

    manifest = tree.json(tree.first(draft.path, "package.json"))
    if "generate" in draft.scripts and manifest:
        draft.prefer("build", node.run(draft, "generate"), manifest.at("scripts", "generate"))


def _runtime_config(options: Options, keys: tuple[str, ...], prefix: str) -> list[tuple[str, str]]:
    """Nuxt: `runtimeConfig.public.apiBase` is replaced by NUXT_PUBLIC_API_BASE while the server runs."""
    found: list[tuple[str, str]] = []
    table = options.get(*keys)
    for pair in table.node.children() if table is not None and table.node.kind() == "object" else ():
        key = pair.field("key") if pair.kind() == "pair" else None
        if key is None or options.source is None:
            continue
        name = key.text().strip("'\"")
        variable = f"{prefix}_{re.sub(r'(?<=[a-z0-9])(?=[A-Z])', '_', name).upper()}"
        if pair.field("value").kind() == "object":
            found += _runtime_config(options, (*keys, name), variable)
        else:
            found.append((variable, options.source.at(pair)))
    return found


def _svelte(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "svelte.config")
    for name, module in options.imports().items():
        if module == "@sveltejs/adapter-static":
            _folder(draft, setting(options, name, "pages"))
        elif module in ("@sveltejs/adapter-node", "svelte-adapter-bun"):
            _folder(draft, setting(options, name, "out"))
            prefix = setting(options, name, "envPrefix")
            draft.trait("port_env", f"{prefix.text if prefix and prefix.text else ''}PORT")
    base = options.get("kit", "paths", "base")
    if base is not None and base.text:
        draft.trait("base_path", base.text, base.evidence)


def _astro(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "astro.config")
    _offer_port(draft, options.get("server", "port"))
    _folder(draft, options.get("outDir"))
    public = options.get("publicDir")
    if public is not None and public.text:
        draft.offer("assets", posixpath.normpath(public.text), public.evidence)


def _react_router(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "react-router.config")
    _folder(draft, options.get("buildDirectory"), *(("client",) if draft.kind == "static" else ()))
    base = options.get("basename")
    if base is not None and base.text and base.text != "/":
        draft.trait("base_path", base.text.rstrip("/"), base.evidence)


def _create_react_app(draft: Draft, tree: Tree, code: JavaScript) -> None:
    # react-scripts reads both itself: https://create-react-app.dev/docs/advanced-configuration
    for name in (".env.production", ".env"):
        path = tree.first(draft.path, name)
        values = tree.properties(path)
        if "PORT" in values and values["PORT"][0].isdigit():
            draft.offer("port", int(values["PORT"][0]), f"{path}:{values['PORT'][1]}")
        if "BUILD_PATH" in values:
            draft.offer("output", posixpath.normpath(values["BUILD_PATH"][0]), f"{path}:{values['BUILD_PATH'][1]}")
    manifest = tree.json(tree.first(draft.path, "package.json"))
    found = re.search(r"\bBUILD_PATH=['\"]?([\w./-]+)", draft.scripts.get("build", ""))
    if found and manifest:
        draft.prefer("output", posixpath.normpath(found[1]), manifest.at("scripts", "build"))


def _vue_cli(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "vue.config")
    _offer_port(draft, options.get("devServer", "port"))
    _folder(draft, options.get("outputDir"))


def _eleventy(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "eleventy.config", ".eleventy")
    manifest = tree.json(tree.first(draft.path, "package.json"))
    found = re.search(r"--output[= ]([\w./-]+)", draft.scripts.get("build", ""))
    if found and manifest:
        draft.offer("output", posixpath.normpath(found[1]), manifest.at("scripts", "build"))
    named = called_with(options, "setOutputDirectory")
    if named is not None and options.source is not None:
        value = options.code.value(options.source, named).constant
        draft.offer("output", posixpath.normpath(value) if isinstance(value, str) else None, options.source.at(named))
    _folder(draft, options.get("dir", "output"))
    if options.source is not None:
        for pair in options.source.all("pair"):  # `export const config = { dir: { output } }` of Eleventy 3
            above = pair.parent().parent() if pair.parent() is not None else None
            if (
                pair.field("key").text() == "output"
                and above is not None
                and above.kind() == "pair"
                and above.field("key").text() == "dir"
            ):
                value = options.code.value(options.source, pair.field("value")).constant
                draft.offer(
                    "output", posixpath.normpath(value) if isinstance(value, str) else None, options.source.at(pair)
                )
    _offer_port(draft, setting(options, "setServerOptions", "port"))


def _rsbuild(draft: Draft, tree: Tree, code: JavaScript) -> None:
    options = Options.of(draft, tree, code, "rsbuild.config")
    _offer_port(draft, options.get("server", "port"))
    _folder(draft, options.get("output", "distPath", "root"))


def _vitepress(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """`vitepress build docs` writes docs/.vitepress/dist."""
    found = re.search(r"vitepress build ([\w./-]+)", " ; ".join(draft.scripts.values()))
    manifest = tree.json(tree.first(draft.path, "package.json"))
    if found and manifest:
        draft.offer("output", posixpath.normpath(f"{found[1]}/.vitepress/dist"), manifest.at("scripts"))


def _expo(draft: Draft, tree: Tree, code: JavaScript) -> None:
    found = re.search(r"expo export[^&|;]*--output-dir[= ]([\w./-]+)", " ; ".join(draft.scripts.values()))
    manifest = tree.json(tree.first(draft.path, "package.json"))
    if found and manifest:
        draft.offer("output", posixpath.normpath(found[1]), manifest.at("scripts"))


_READERS = {
    "nextjs": _next, "nuxt": _nuxt, "sveltekit": _svelte, "astro": _astro, "react-router": _react_router, "create-react-app": _create_react_app,
    "vue-cli": _vue_cli, "eleventy": _eleventy, "rsbuild": _rsbuild, "vitepress": _vitepress, "expo": _expo,
}  # fmt: skip
