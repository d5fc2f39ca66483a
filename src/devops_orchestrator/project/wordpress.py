"""WordPress: the headers that it reads from plugins and themes, and the folders that are one of them or a site.

WordPress itself looks for `Plugin Name:` in the first 8 kB of the PHP files of a plugin's folder, and for `Theme Name:`
in style.css, with the pattern below (developer.wordpress.org: get_file_data).
"""

from __future__ import annotations

import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.tree import Tree, parent

_READ = 8 * 1024
_HEADER = lazy(r"^(?:[ \t]*<\?php)?[ \t/*#@]*(Plugin Name|Theme Name|Requires PHP|Text Domain):(.*)$", re.I | re.M)
_MOST = 60  # PHP files of one folder that are looked into
SITE = ("wp-load.php", "wp-settings.php")


def header(tree: Tree, path: str) -> dict[str, tuple[str, int]]:
    """The fields of a plugin's or theme's header: lower-case name → (value, line)."""
    text = (tree.text(path) or "")[:_READ]
    found: dict[str, tuple[str, int]] = {}
    for field in _HEADER.finditer(text):
        value = re.sub(r"\s*(?:\*/|\?>).*", "", field[2]).strip()
        if value:
            found.setdefault(field[1].lower(), (value, text.count("\n", 0, field.start(1)) + 1))
    return found


def main_file(tree: Tree, folder: str) -> str | None:
    """The file of a folder that carries a plugin's or theme's header, or None."""
    style = tree.first(folder, "style.css")
    if style and "theme name" in header(tree, style):
        return style
    for path in tree.matching(folder, "*.php")[:_MOST]:
        if "plugin name" in header(tree, path):
            return path
    return None


def is_site(tree: Tree, folder: str) -> bool:
    """Whether a whole WordPress stands in a folder."""
    return all(tree.has(folder, name) for name in SITE)


def folders(tree: Tree) -> list[str]:
    """The folders that may be a plugin, a theme or a site: the root, those of `plugins/` and `themes/`, and those with
    a file of the folder's own name. What stands in another of them is a part of it."""
    found: list[str] = []
    for folder in sorted(tree.folders, key=lambda f: (f != ".", f)):
        name, above = folder.rpartition("/")[2], parent(folder).rpartition("/")[2]
        names = tree.names(folder)
        likely = folder == "." or above in ("plugins", "themes", "mu-plugins") or f"{name}.php" in names
        likely = likely or ("style.css" in names and not names.isdisjoint(("functions.php", "theme.json")))
        if not likely or any(folder.startswith(other + "/") for other in found if other != "."):
            continue
        if is_site(tree, folder) or main_file(tree, folder):
            if "." in found:
                return found
            found.append(folder)
    return found
