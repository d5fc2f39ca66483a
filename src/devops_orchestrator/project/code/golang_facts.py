"""What Go code reads and serves beside its routes: environment variables, metrics, what its tests import."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.golang import Go
from devops_orchestrator.project.code.syntax import children

Node = Any


def reads(code: Go) -> list[Read]:
    """Environment variables that the code reads."""
    found: list[Read] = []
    for source in code.sources:
        for call in source.all("call_expression"):
            function = call.field("function")
            name = function.text() if function is not None else ""
            arguments = list(children(call.field("arguments")))
            key = arguments[0].text().strip('"`') if arguments else ""
            if not re.fullmatch(r"[A-Z][A-Z0-9_]*", key):
                continue
            if name in ("os.Getenv", "os.LookupEnv", "syscall.Getenv"):
                found.append(Read(key, source.at(call), name == "os.Getenv" and not _defaulted(call)))
            elif re.search(r"env", name.rpartition(".")[2], re.I):
                found.append(Read(key, source.at(call), len(arguments) == 1 and "must" in name.lower()))
        for field in source.all("field_declaration"):
            tag = field.field("tag")
            variable = re.search(r'\benv:"(\w+)([^"]*)"', tag.text()) if tag is not None else None
            if variable and tag is not None:
                found.append(
                    Read(variable[1], source.at(field), "required" in variable[2] or 'required:"true"' in tag.text())
                )
    return found


def _defaulted(call: Node) -> bool:
    """Whether the read value is compared with "" (then its absence is dealt with)."""
    above = call.parent()
    while above is not None and above.kind() in ("expression_list", "argument_list", "parenthesized_expression"):
        above = above.parent()
    if above is None:
        return False
    if above.kind() == "binary_expression":
        return True
    if above.kind() == "call_expression" and above.field("function").text() in ("cmp.Or", "strings.Split"):
        return True
    if above.kind() in ("short_var_declaration", "assignment_statement"):
        name = (above.field("left").text() or "").split(",")[0].strip()
        block = above.parent()
        text = block.text() if block is not None else ""
        return bool(re.search(rf"\b{re.escape(name)}\s*[!=]=\s*\"\"|len\({re.escape(name)}\)\s*[!=>]", text))
    return False


def metrics(code: Go) -> tuple[str, str] | None:
    """(path, evidence) of the route that promhttp serves, or None."""
    for source in code.sources:
        if "github.com/prometheus/client_golang/prometheus/promhttp" not in code.imports(source):
            continue
        for call in source.all("call_expression"):
            if "promhttp.Handler" not in call.text() or call.field("function").text().startswith("promhttp."):
                continue
            path = next((code.value(source, a).constant for a in children(call.field("arguments"))), None)
            if isinstance(path, str) and "/" in path:
                return path.rpartition(" ")[2], source.at(call)
            chained = re.search(r'Path\("([^"]+)"\)', call.text())
            if chained:
                return chained[1], source.at(call)
    return None


def test_imports(code: Go) -> dict[str, str]:
    """Packages that the tests themselves import → where."""
    found: dict[str, str] = {}
    for path in code.tests:
        source = code.source(path, always=True) if path.endswith(".go") else None
        for name, node in code.imports(source).items() if source else ():
            for package in (name, *("/".join(name.split("/")[:end]) for end in range(3, 6))):
                found.setdefault(package, source.at(node) if source else path)
    return found
