"""Which package manager a repository calls where it keeps lockfiles of several: its image, its CI, its README."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.tree import Tree, ancestors, join

_CALLED = lazy(
    r"(?:^|[\s`'\"&;$(])(?:(npm) (?:ci|install|i|run|start|test)\b|(yarn)(?: (?:install|add|start|dev|test|build|--\S+))?(?=$|[\s`'\"&;)])"
    r"|(pnpm) (?:install|i|run|dev|-r|--filter)\b|(bun) (?:install|i|run|test)\b)"
)


def called(tree: Tree, folder: str, candidates: Collection[str]) -> tuple[str, str] | None:
    """(manager, evidence): the first of the candidates that the repository's own files call, or None."""
    for path, number, line in _lines(tree, folder):
        for found in _CALLED.finditer(line):
            name = next(group for group in found.groups() if group)
            if name in candidates:
                return name, f"{path}:{number}"
    return None


def _lines(tree: Tree, folder: str) -> Iterator[tuple[str, int, str]]:
    for above in ancestors(folder):
        image = tree.first(above, "Dockerfile", "Containerfile")
        parsed = tree.dockerfile(image)
        for stage in parsed.stages if parsed and image else ():
            for item in stage.of("RUN"):
                yield image or "", item.line, item.arguments
    for path in (
        *tree.matching(".github/workflows", "*.yml", "*.yaml"),
        *tree.matching(".", ".travis.yml", ".gitlab-ci.yml"),
    ):
        for number, line in tree.lines(path):
            if not line.lstrip().startswith("#"):
                yield path, number, line
    for above in ancestors(folder):
        for path in tree.matching(above, "README.md", "readme.md", "README*.md", "README"):
            for number, line in tree.lines(join(".", path)):
                yield path, number, line
