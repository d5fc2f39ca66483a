"""In a very large repository each component is read by a portion of its code: what tells most, first.

Everything else (manifests, configuration, Dockerfiles) is read in full. The same repository gives the same portion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from devops_orchestrator.patterns import lazy

LARGE = 10_000  # files; a smaller repository is read in full
CODE = 1_500  # code files that are looked into in a large one, shared out among its components
LEAST = 5  # and no component gets fewer than these

_CODE = frozenset(
    {
        "js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx", "vue", "svelte", "py", "go", "java", "kt", "kts", "groovy", "scala",
        "php", "rb", "erb", "rs", "cs", "fs", "vb", "ex", "exs", "eex", "heex", "html", "md", "css", "scss", "sql", "sh",
    }
)  # fmt: skip
_MANIFEST = lazy(r"(^|/)(setup\.py|manage\.py|mix\.exs|[\w.-]*\.gradle\.kts|[\w.-]+\.config\.[cm]?[jt]s|index\.html)$")
_TELLING = lazy(
    r"(^|[/._-])(main|index|app|application|server|program|startup|wsgi|asgi|health\w*|ping|status|routes?|routers?|routing|urls|"
    r"config\w*|settings|env\w*|metrics|worker|celery|tasks|schedule\w*|jobs?|database|db)([._-]|$)",
    re.I,
)
_TEST = lazy(r"(^|/)(tests?|__tests__|specs?|e2e|testdata|fixtures)/|[._-](test|spec)\.|(^|/)test_")


def of(files: Sequence[str], components: int, total: int) -> tuple[str, ...]:
    """The files of one component that are read, of a repository with so many components and files; in their order."""
    if total <= LARGE:
        return tuple(files)
    share = max(LEAST, CODE // max(1, components))
    code = [path for path in files if path[path.rfind(".") + 1 :] in _CODE]
    if len(code) <= share:
        return tuple(files)
    tests: list[tuple[bool, int, str]] = []
    others: list[tuple[bool, int, str]] = []
    for path in code:
        name = path[path.rfind("/") + 1 :]
        if _MANIFEST.fullmatch(name) is None:
            (tests if _TEST.search(path) else others).append((_TELLING.search(name) is None, path.count("/"), path))
    dropped = {path for _, _, path in (*sorted(others)[share:], *sorted(tests)[max(2, share // 8) :])}
    return tuple(path for path in files if path not in dropped)
