"""A site and what else its folder holds: npm scripts, Hugo modules and a Gemfile are its tools, a library is not."""

from __future__ import annotations

import re

from devops_orchestrator.project.draft import Draft

# The code that makes a folder more than the tools of a site. A site has scripts of its own, but seldom typed ones.
_CODE = {"go": (".go",), "python": (".py",), "rust": (".rs",), "ruby": (".rb", ".gemspec"), "node": (".ts", ".tsx")}
_TOLD = ("package_manager", "package_manager_version", "install", "lockfile", "test", "lint")


def may_be_site(known: Draft | None) -> bool:
    """Whether what was found in a folder leaves room for a site."""
    if known is None:
        return False
    return known.framework_is("jekyll") or (known.kind in ("library", "command") and known.get("framework") is None)


def wins(parts: list[Draft], site: Draft) -> bool:
    """Whether a site goes before the other parts of its folder."""
    if site.get("framework") is None:
        return False
    for part in parts:
        scripts = (".js", ".mjs") if site.framework_is("mkdocs") else ()
        endings = (*_CODE.get(part.ecosystem, ("",)), *scripts)
        if part.framework_is("jekyll") or any(path.endswith(endings) for path in part.files):
            return False
    return True


def over(parts: list[Draft], site: Draft) -> Draft:
    """The site with what its tools say: how they are installed, the script that builds it."""
    for part in parts:
        if part.ecosystem == "go":
            site.trait("go_modules", part.get("manifest"))  # Hugo fetches its modules with Go
            continue
        for fact in _TOLD:
            site.offer(fact, part.get(fact), part.evidence(fact) or "")
        if re.search(rf"\b{site.get('framework')}\b", part.scripts.get("build", "")):
            site.prefer("build", part.get("build"), part.evidence("build") or "")
    return site


_ABOUT = frozenset(["site", "website", "docs", "doc", "documentation", "blog", "homepage", "landing", "storybook"])


def set_aside(drafts: list[Draft]) -> None:
    """Mark the sites about a repository's application, such as `website/` beside the library at the root."""
    if not any(draft.path == "." and draft.kind != "static" for draft in drafts):
        return
    for draft in drafts:
        words = re.split(r"[^a-z]+", draft.path.rpartition("/")[2].lower())
        draft.aside = draft.kind == "static" and draft.path != "." and not _ABOUT.isdisjoint(words)


def give(known: Draft, site: Draft) -> None:
    """What the configuration of Jekyll says beside a Gemfile that names it."""
    for fact in ("output", "assets") if site.framework_is(str(known.get("framework"))) else ():
        known.offer(fact, site.get(fact), site.evidence(fact) or "")
