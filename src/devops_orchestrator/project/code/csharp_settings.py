"""The configuration of a .NET application: `appsettings.json`, its addresses and connection strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.tree import Tree, join

# What production reads, most specific first; `appsettings.Development.json` says nothing of it.
_FILES = ("appsettings.Production.json", "appsettings.json")
_HTTP = lazy(r"http://(\[[^\]]*\]|[^/:;,\s]+)(?::(\d{1,5}))?", re.I)


class Settings:
    """Keys (`Kestrel:Endpoints:Http:Url`, in any case) → (value, place)."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self.values: dict[str, tuple[Any, str]] = {}
        for at in (folder, join(folder, "config")):
            for name in _FILES:
                path = tree.first(at, name)
                document = tree.jsonc(path)
                for keys, value in _flat(document.value, ()) if document else ():
                    self.values.setdefault(":".join(map(str, keys)).lower(), (value, document.at(*keys)))  # type: ignore[union-attr]

    def text(self, key: str) -> tuple[str, str] | None:
        """(value, place) of a key that has one."""
        value, place = self.values.get(key.lower(), (None, ""))
        return (str(value), place) if value not in (None, "") else None

    def says(self, key: str) -> bool:
        """Whether the key, or one below it, has a value."""
        below = key.lower() + ":"
        return self.text(key) is not None or any(name.startswith(below) for name in self.values)

    @property
    def ports(self) -> Iterator[tuple[Value, str]]:
        """Kestrel's endpoints, which go before everything else; https is left out, it needs a certificate."""
        for key, (value, place) in self.values.items():
            if re.fullmatch(r"kestrel:endpoints:[^:]+:url", key):
                port = port_of(str(value))
                if port:
                    yield Value(port), place

    @property
    def urls(self) -> Iterator[tuple[Value, str]]:
        """The key `Urls`, which what the code says goes before."""
        found = self.text("urls")
        port = port_of(found[0]) if found else None
        if found and port:
            yield Value(port), found[1]

    @property
    def connections(self) -> Iterator[tuple[str, str, str]]:
        """(name, value, place) of the connection strings."""
        for key, (value, place) in self.values.items():
            if isinstance(value, str) and (key.startswith("connectionstrings:") or key.endswith("connectionstring")):
                yield key.rpartition(":")[2], value, place

    @property
    def logs(self) -> Iterator[tuple[str, str]]:
        """(folder, place) of the files that Serilog writes."""
        for key, (value, place) in self.values.items():
            if re.fullmatch(r"serilog:writeto:[^:]+:args:path", key) and isinstance(value, str):
                folder = value.replace("\\", "/").rpartition("/")[0].removeprefix("./")
                if folder and not folder.startswith("/") and "%" not in folder:
                    yield folder, place


def port_of(urls: str) -> int | None:
    """The port of the first http address of `http://*:5000;https://*:5001`; 80 where it names none; None without one."""
    for found in _HTTP.finditer(urls):
        return int(found[2]) if found[2] else 80
    return None


def _flat(value: Any, keys: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if entries is None or len(keys) > 20:  # nobody nests settings deeper
        yield keys, value
        return
    for key, inner in entries:
        yield from _flat(inner, (*keys, key))
