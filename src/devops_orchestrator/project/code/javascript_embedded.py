"""Environment variables of page components (.astro, .svelte, .vue) and of the modules that frameworks make of them.

SvelteKit gives `$env/static/*` and `$env/dynamic/*` (https://svelte.dev/docs/kit/$env-static-private), Astro `astro:env/*`
with the schema of its configuration (https://docs.astro.build/en/guides/environment-variables/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import MAX_SOURCES, Read
from devops_orchestrator.project.code.javascript import JavaScript, environment_name
from devops_orchestrator.project.code.javascript_options import Options
from devops_orchestrator.project.code.syntax import Source, children, unquote
from devops_orchestrator.project.draft import Draft

_FILES = (".astro", ".svelte", ".vue")
_SCRIPT = lazy(r"<script\b[^>]*>(.*?)</script\s*>", re.S | re.I)
_FRONT = lazy(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*$", re.S | re.M)
_WORDS = lazy(r"import\.meta\.env|process\.env|\$env/|astro:env/")
_OURS = lazy(r"(?!(MODE|DEV|PROD|SSR|BASE_URL|SITE|NODE_ENV)$)[A-Z][A-Z0-9_]*")


def reads(draft: Draft, code: JavaScript) -> Iterator[Read]:
    """The variables that components read, and those that modules of the framework import by name."""
    schema = _schema(draft, code)
    for source in [*_components(draft, code), *(s for s in code.sources if _WORDS.search(s.text))]:
        yield from _imported(source, schema)
        for node in source.all("member_expression") if source.path.endswith(_FILES) else ():
            name = environment_name(node)
            if name and _OURS.fullmatch(name):
                yield Read(name, source.at(node), False)


def _components(draft: Draft, code: JavaScript) -> Iterator[Source]:
    """The scripts of components as TypeScript, each line where it stands in its file."""
    paths = [path for path in draft.files if path.endswith(_FILES)]
    for path in paths[:MAX_SOURCES]:
        text = code.tree.text(path)
        if text is None or not _WORDS.search(text) or len(text) > 500_000:
            continue
        kept = [found.span(1) for found in (_FRONT if path.endswith(".astro") else _SCRIPT).finditer(text)]
        blank = re.sub(r"[^\n]", " ", text)
        for start, end in kept:
            blank = blank[:start] + text[start:end] + blank[end:]
        yield Source(path, blank, "typescript")


def _imported(source: Source, schema: dict[str, bool]) -> Iterator[Read]:
    for node in source.all("import_statement"):
        module = unquote(node.field("source").text()) if node.field("source") is not None else None
        if module is None or not re.match(r"\$env/|astro:env/", module):
            continue
        names = [given.text() for s in node.find_all(kind="import_specifier") if (given := s.field("name")) is not None]
        locals_ = [
            (s.field("alias") or s.field("name")).text()
            for s in node.find_all(kind="import_specifier")
            if s.field("name") is not None and s.field("name").text() == "env"
        ]
        if module.startswith("$env/dynamic/"):
            for use in source.all("member_expression"):
                target, key = use.field("object"), use.field("property")
                if target is not None and target.text() in locals_ and key is not None and _OURS.fullmatch(key.text()):
                    yield Read(key.text(), source.at(use), False)
            continue
        for name in names:
            if _OURS.fullmatch(name):
                # A static variable that is absent stops the build.
                yield Read(name, source.at(node), module.startswith("$env/static/") or schema.get(name, False))


def _schema(draft: Draft, code: JavaScript) -> dict[str, bool]:
    """Variable → whether it is required, of `env.schema` in astro.config."""
    found: dict[str, bool] = {}
    if draft.framework_is("astro"):
        option = Options.of(draft, code.tree, code, "astro.config").get("env", "schema")
        for pair in children(option.node) if option is not None and option.node.kind() == "object" else ():
            key, value = pair.field("key"), pair.field("value")
            if key is not None and value is not None:
                found[key.text().strip("'\"")] = not re.search(r"\b(optional\s*:\s*true|default\s*:)", value.text())
    return found
