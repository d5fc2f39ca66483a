"""The folders of a repository that are PHP components: applications, libraries, plugins and themes, plain pages."""

from __future__ import annotations

import fnmatch
import re

from devops_orchestrator.project import wordpress
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.ecosystems.ecosystem import with_manifest
from devops_orchestrator.project.tree import Tree, ancestors

FRONTS = (
    "public/index.php",
    "web/index.php",
    "webroot/index.php",
    "htdocs/index.php",
    "public_html/index.php",
    "www/index.php",
    "index.php",
)
LIBRARIES = ("library", "symfony-bundle", "laravel-package", "cakephp-plugin", "drupal-module", "drupal-theme", "yii2-extension",
              "typo3-cms-extension", "flarum-extension", "craft-plugin", "kirby-plugin", "composer-plugin", "metapackage")  # fmt: skip
# Root files of tools, which nobody requests.
_CONFIGURATIONS = {"rector.php", "ecs.php", "monorepo-builder.php", "castor.php", "deploy.php", "phpinsights.php", "phinx.php", "scoper.inc.php",
                   "preload.php", "bootstrap.php", "autoload.php", "cli-config.php", "index.php"}  # fmt: skip


def finds(tree: Tree) -> list[str]:
    """The folders of PHP components."""
    found = [folder for folder in with_manifest(tree, "composer.json") if not _aside(folder)]
    kept = [folder for folder in found if _own(tree, folder, found)]
    for folder in wordpress.folders(tree):
        inner = folder not in kept and not any(_below(folder, other) for other in kept if application(tree, other))
        if inner and not any(_below(folder, other) and wordpress.main_file(tree, other) for other in kept):
            kept.append(folder)
    for folder in sorted(tree.folders, key=lambda f: (f.count("/") + (f != "."), f)):
        if _plain(tree, folder) and not any(_below(folder, other) or folder == other for other in kept):
            kept.append(folder)
    return sorted(kept)


def _aside(folder: str) -> bool:
    """Folders of tools: `.ci/phpstan`, `tools/php-cs-fixer`, `vendor-bin/psalm`."""
    return bool(re.search(r"(^|/)(\.[\w-]+|tools|vendor-bin|stubs)(/|$)", folder)) and folder != "."


def _below(folder: str, other: str) -> bool:
    return folder != other and (other == "." or folder.startswith(other + "/"))


def composer_of(tree: Tree, folder: str) -> Document | None:
    """The composer.json of a folder; None where it is absent or broken."""
    return tree.json(tree.first(folder, "composer.json"))


def application(tree: Tree, folder: str) -> bool:
    """Whether a folder's composer.json is an application's: it has a front controller, a console, or pages."""
    composer = composer_of(tree, folder)
    if composer is None or composer.text("type") in LIBRARIES or (composer.text("type") or "").startswith("wordpress-"):
        return False
    return _entry(tree, folder) is not None or pages(tree, folder) is not None


def _entry(tree: Tree, folder: str) -> str | None:
    return front(tree, folder) or tree.first(folder, "artisan", "bin/console")


def pages(tree: Tree, folder: str) -> str | None:
    """The first page of a project whose root files are requested one by one, or None."""
    composer = composer_of(tree, folder)
    if composer is None or composer.text("type") != "project" or composer.get("bin") is not None:
        return None
    files = [path for path in tree.matching(folder, "*.php") if not path.rpartition("/")[2].startswith(".")]
    return next((path for path in files if path.rpartition("/")[2] not in _CONFIGURATIONS), None)


def _own(tree: Tree, folder: str, found: list[str]) -> bool:
    """Whether a manifest below an application's is a component of its own, and not a library that was copied into it."""
    for above in ancestors(folder)[1:]:
        if above not in found or not application(tree, above):
            continue
        composer = composer_of(tree, above)
        repositories = composer.get("repositories") if composer else None
        entries = repositories.values() if isinstance(repositories, dict) else repositories or []
        inside = folder if above == "." else folder.removeprefix(above + "/")
        local = any(
            isinstance(entry, dict) and entry.get("type") == "path" and fnmatch.fnmatchcase(inside, str(entry.get("url", "")).removeprefix("./").rstrip("/"))
            for entry in entries
        )  # fmt: skip
        return local or _served(tree, folder) or wordpress.main_file(tree, folder) is not None
    return True


def _served(tree: Tree, folder: str) -> bool:
    return application(tree, folder) and _entry(tree, folder) is not None


def front(tree: Tree, folder: str) -> str | None:
    """The front controller of a folder, or None."""
    return tree.first(folder, *FRONTS)


def _plain(tree: Tree, folder: str) -> bool:
    """An application without Composer: a front controller at the root, or beside a Dockerfile, or one folder down."""
    if _aside(folder) or re.search(r"(^|/)(public|web|webroot|htdocs|public_html|www|views?|templates?|src)$", folder):
        return False
    deep = folder.count("/") + (folder != ".")
    names = tree.names(folder)
    if deep > 3 or (deep > 1 and "Dockerfile" not in names) or (folder != "." and "package.json" in names):
        return False
    entry = front(tree, folder)
    if entry is None:
        return False
    text = re.sub(r"<\?php|\?>|/\*.*?\*/|(//|#)[^\n]*", "", tree.text(entry) or "", flags=re.S)
    return bool(text.strip())  # WordPress puts an index.php of one comment into every folder
