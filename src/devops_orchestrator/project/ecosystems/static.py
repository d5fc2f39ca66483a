"""Sites without an application: plain HTML, Hugo, Jekyll, MkDocs, Zola."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.core.project import Runtime
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import versions
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join


@dataclass(frozen=True)
class Generator:
    """A site generator: its configuration files, its build, the key and default of its output, its development server."""

    name: str
    files: tuple[str, ...]
    build: str
    key: str
    output: str
    port: int
    assets: str | None = None


# https://gohugo.io/configuration/all/ (publishDir), https://jekyllrb.com/docs/configuration/options/ (destination),
# https://www.mkdocs.org/user-guide/configuration/ (site_dir), https://www.getzola.org/documentation/getting-started/configuration/ (output_dir)
_HUGO = Generator(
    "hugo",
    ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", *(f"config/_default/{name}" for name in ("hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml"))),
    "hugo --minify", "publishDir", "public", 1313, "static",
)  # fmt: skip
_ZOLA = Generator("zola", (), "zola build", "output_dir", "public", 1111, "static")
_MKDOCS = Generator("mkdocs", ("mkdocs.yml", "mkdocs.yaml"), "mkdocs build --strict", "site_dir", "site", 8000)
_JEKYLL = Generator(
    "jekyll", ("_config.yml", "_config.yaml", "_config.toml"), "jekyll build", "destination", "_site", 4000, "assets"
)
_GENERATORS = (_HUGO, _MKDOCS, _JEKYLL)
_OLD_HUGO = ("config.toml", "config.yaml", "config.yml", "config.json")  # its names before Hugo 0.110
_BUILT = lazy(
    r"(^|/)(dist|build|out|coverage|target|_site|htmlcov|templates?|views|resources|src|assets|static|wwwroot|public|layouts|_layouts|_includes|_build)(/|$)"
)
# Where a site is kept that has neither a generator nor a page at the root.
_KEPT = ("public", "site", "src", "www", "html", "web", "htdocs", "app", "dist", "docs")


def _finds(tree: Tree) -> list[str]:
    found = with_manifest(
        tree, "index.html", *(file for generator in _GENERATORS for file in generator.files if "/" not in file)
    )
    found += [
        folder.removesuffix("/config/_default") if folder != "config/_default" else "."
        for folder in tree.folders
        if folder.endswith("config/_default") and _default(tree, folder)
    ]
    found += [
        folder for folder in with_manifest(tree, *_OLD_HUGO, "theme.toml") if _old(tree, folder) or _theme(tree, folder)
    ]
    tops: list[str] = []
    for folder in sorted(set(found), key=lambda f: (f.count("/"), f)):
        if not _BUILT.search(folder) and not any(top == "." or folder.startswith(top + "/") for top in tops):
            tops.append(folder)
    if not tops:
        tops = [folder for folder in _KEPT if tree.has(folder, "index.html")][:1]
    return tops


def _default(tree: Tree, folder: str) -> bool:
    return (
        tree.first(folder, "hugo.toml", "hugo.yaml", "hugo.yml", "config.toml", "config.yaml", "config.yml") is not None
    )


def _folder(tree: Tree, folder: str, *names: str) -> bool:
    return any(tree.below(join(folder, name)) for name in names)


def _old(tree: Tree, folder: str) -> tuple[Generator, str] | None:
    """A `config.toml` that is Hugo's or Zola's: many tools name theirs so, hence by its keys and the folders beside it."""
    path = tree.first(folder, *_OLD_HUGO)
    if path is None or not _folder(tree, folder, "content", "layouts", "archetypes", "themes"):
        return None
    keys = {key.lower() for key in _settings(tree, path)}
    if path.endswith(".toml") and "base_url" in keys and _folder(tree, folder, "content", "templates", "themes"):
        return _ZOLA, path
    return (_HUGO, path) if keys & {"baseurl", "languagecode", "theme", "params"} else None


def _theme(tree: Tree, folder: str) -> bool:
    """A theme of Hugo: layouts for the sites of others."""
    return tree.has(folder, "theme.toml") and _folder(tree, folder, "layouts")


def _settings(tree: Tree, path: str) -> dict[str, tuple[Any, str]]:
    """The top keys of a configuration file → (value, place)."""
    if path.endswith((".toml", ".json")):
        document = tree.toml(path) if path.endswith(".toml") else tree.json(path)
        return {key: (value, document.at(key)) for key, value in document.value.items()} if document else {}
    found: dict[str, tuple[Any, str]] = {}
    for node in tree.yaml(path):
        if node.kind == "map":
            for key, value in node.items():
                line = key.text.count("\n", 0, key.start) + 1
                found.setdefault(
                    str(key.value),
                    (None if "!!python" in value.text[value.start : value.end] else value.value, f"{path}:{line}"),
                )
    return found


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    chosen = _generator(tree, draft.path)
    if chosen is None:
        if _theme(tree, draft.path):
            path = join(draft.path, "theme.toml")
            draft.kind = "library"
            draft.offer("framework", "hugo", path)
            draft.offer("language", "static", path)
            draft.offer("manifest", path, path)
            return True
        return _html(draft)
    generator, path = chosen
    draft.kind = "static"
    draft.offer("framework", generator.name, path)
    draft.offer("manifest", path, path)
    settings = {key.lower(): entry for key, entry in _settings(tree, path).items()}
    output, place = settings.get(generator.key.lower(), (None, ""))
    if isinstance(output, str) and output.strip("./"):
        draft.offer("output", output.strip().removeprefix("./").rstrip("/"), place)
    draft.offer("output", generator.output, convention(f"the output folder of {generator.name}"))
    build = generator.build
    if generator is _JEKYLL and tree.has(draft.path, "Gemfile"):
        build = _bundled(draft, tree, build)
    draft.offer("language", "static", path)
    _netlify(draft, tree, generator)
    draft.offer("build", build, path)
    if generator is _MKDOCS:
        _python(draft, tree)
    if generator is _HUGO:
        _hugo_version(draft, tree, settings)
    draft.offer("port", generator.port, convention(f"{generator.name}'s development server"))
    if generator.assets and tree.below(join(draft.path, generator.assets)):
        draft.offer("assets", generator.assets, join(draft.path, generator.assets))
    return True


def _generator(tree: Tree, folder: str) -> tuple[Generator, str] | None:
    for generator in _GENERATORS:
        path = tree.first(folder, *generator.files)
        if path:
            return generator, path
    return _old(tree, folder)


def _html(draft: Draft) -> bool:
    index = join(draft.path, "index.html")
    if index not in draft.files:
        return False
    draft.kind = "static"
    draft.offer("language", "static", index)
    draft.offer("entrypoint", "index.html", index)
    draft.offer("output", ".", draft.path if draft.path != "." else index)
    return True


def _bundled(draft: Draft, tree: Tree, build: str) -> str:
    """A Gemfile without the gem `jekyll` itself (`github-pages` brings it): Bundler runs it all the same."""
    gemfile = join(draft.path, "Gemfile")
    draft.offer("language", "ruby", gemfile)
    draft.offer("package_manager", "bundler", gemfile)
    lock = tree.first(draft.path, "Gemfile.lock")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "bundle install", lock or gemfile)
    versions.pin_files(draft, tree, "ruby", ".ruby-version")
    versions.tool_files(draft, tree, "ruby")
    return f"bundle exec {build}"


def _python(draft: Draft, tree: Tree) -> None:
    """What MkDocs and its plugins are installed with."""
    path = tree.first(
        draft.path,
        "requirements.txt",
        "requirements-docs.txt",
        "docs-requirements.txt",
        "docs/requirements.txt",
        "requirements/docs.txt",
    )
    if path is None:
        return
    inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
    draft.offer("package_manager", "pip", path)
    draft.offer("install", f"pip install -r {inside}", path)
    versions.pin_files(draft, tree, "python", ".python-version", "runtime.txt")
    versions.tool_files(draft, tree, "python")
    versions.last_resorts(draft, tree, "python")


def _netlify(draft: Draft, tree: Tree, generator: Generator) -> None:
    """The build that `netlify.toml` says, where it is the generator's own and needs nothing of that host."""
    document = tree.toml(tree.first(draft.path, "netlify.toml"))
    command = document.text("build", "command") if document else None
    if document and command and re.match(rf"{generator.name}\b[^$]*$", command):
        draft.offer("build", command.strip(), document.at("build", "command"))


def _hugo_version(draft: Draft, tree: Tree, settings: dict[str, tuple[Any, str]]) -> None:
    """`.hvm`, `.tool-versions`, `hugo-extended` of npm, `netlify.toml`, workflows, the least that the site asks for."""
    path = tree.first(draft.path, ".hvm")
    for number, line in tree.lines(path):
        _version(draft, line, f"{path}:{number}")
        break
    path = tree.first(draft.path, ".tool-versions")
    for number, line in tree.lines(path):
        words = line.split("#")[0].split()
        if len(words) > 1 and words[0] in ("hugo", "gohugo"):
            _version(draft, words[1], f"{path}:{number}")
    package = tree.json(tree.first(draft.path, "package.json"))
    for table in ("devDependencies", "dependencies") if package else ():
        for name in ("hugo-extended", "hugo-bin"):
            said = package.text(table, name) if package else None
            if package and said and name == "hugo-extended":
                _version(draft, said, package.at(table, name))
    _of_netlify(draft, tree.toml(tree.first(draft.path, "netlify.toml")))
    _of_workflows(draft, tree)
    module, place = settings.get("module", (None, ""))
    least = module.get("hugoVersion", module.get("hugoversion")) if isinstance(module, dict) else None
    if isinstance(least, dict) and least.get("min"):
        _version(draft, str(least["min"]), place)


def _of_netlify(draft: Draft, document: Document | None) -> None:
    for keys in (("build", "environment"), ("context", "production", "environment")):
        said = document.get(*keys, "HUGO_VERSION") if document else None
        if document and said is not None:
            _version(draft, str(said), document.at(*keys, "HUGO_VERSION"))


def _of_workflows(draft: Draft, tree: Tree) -> None:
    for path in tree.matching(".github/workflows", "*.yml", "*.yaml"):
        for document in tree.yaml(path):
            jobs = document.get("jobs")
            for holder in (document, *(job for _, job in (jobs.items() if jobs else ()))):
                steps = holder.get("steps")
                for node in (
                    holder.get("env", "HUGO_VERSION"),
                    *(s.get("with", "hugo-version") for s in (steps.children() if steps else ())),
                ):
                    if node is not None and "${{" not in str(node.value):
                        _version(draft, str(node.value), f"{path}:{node.text.count(chr(10), 0, node.start) + 1}")


def _version(draft: Draft, said: str, evidence: str) -> None:
    number = versions.plain(said)
    if number:
        draft.offer("runtime", Runtime("hugo", number), evidence)


ECOSYSTEM = Ecosystem("static", _finds, _read)
