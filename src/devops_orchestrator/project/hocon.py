"""HOCON (`application.conf` of Ktor, Helidon, Play) as flat keys with their lines: objects, values, substitutions."""

from __future__ import annotations

from devops_orchestrator.patterns import lazy

_TOKEN = lazy(
    r'"""(?:.|\n)*?"""|"(?:[^"\\\n]|\\.)*"|//[^\n]*|#[^\n]*|\$\{[^}\n]*\}|\n|[{}\[\],]|\+=|[=:]|[^\s{}\[\],=:"#$]+|\S'
)


def read_hocon(path: str, text: str) -> dict[str, list[tuple[str, int]]]:
    """Each key, with its parents and dots, → its values in the order of the text (a later one wins), and their lines.

    A value that is only set where a variable exists stays as `${?NAME}`. Lists are one value, joined by commas. What is no
    HOCON gives what could be read before it: a broken file raises nothing, since the format has no end mark.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    stack: list[str] = []
    key: list[str] = []
    value: list[str] | None = None
    line, start, depth = 1, 1, 0

    def close() -> None:
        nonlocal key, value
        if value is not None and key:
            name = ".".join([part for part in stack if part] + ["".join(key)])
            found.setdefault(name, []).append(("".join(value), start))
        key, value = [], None

    for token in _TOKEN.finditer(text):
        part = token[0]
        if part.startswith(("//", "#")):
            continue
        if depth and part not in "[]":
            if value is not None and part != "\n":
                value.append(_plain(part))
        elif part == "[":
            depth += 1
        elif part == "]":
            depth = max(0, depth - 1)
        elif part == "{":
            stack.append("".join(key))
            key, value = [], None
        elif part == "}":
            close()
            if stack:
                stack.pop()
        elif part in ("\n", ","):
            if value:
                close()
            elif value is None:
                key = []
        elif part in ("=", ":", "+=") and value is None:
            value, start = [], line
        elif value is None:
            key.append(_plain(part))
        else:
            value.append(_plain(part))
        line += part.count("\n")
    close()
    return found


def _plain(part: str) -> str:
    if part.startswith('"""'):
        return part[3:-3]
    return part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part
