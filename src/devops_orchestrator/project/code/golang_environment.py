"""The environment variables that a Go program reads, and what its tests import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.golang import Go
from devops_orchestrator.project.code.golang_nodes import callee, literal
from devops_orchestrator.project.code.golang_values import ENVIRONMENT, Values
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
# What the operating system or systemd sets: no configuration of the application's.
_SYSTEM = lazy(
    r"HOME|PATH|USER|USERNAME|PWD|SHELL|TERM|TMPDIR|TEMP|TMP|LANG|EDITOR|VISUAL|PAGER|DISPLAY|HOMEDRIVE|HOMEPATH|USERPROFILE|APPDATA|LOCALAPPDATA|XDG_\w+|"
    r"LISTEN_PID|LISTEN_FDS|LISTEN_FDNAMES|NOTIFY_SOCKET|WATCHDOG_\w+|SSH_\w+|GOPATH|GOROOT|GOOS|GOARCH|CI|NO_COLOR|COLORTERM|HOSTNAME|INVOCATION_ID|JOURNAL_STREAM"
)
_READERS = ("os.Getenv", "os.LookupEnv", "syscall.Getenv", "os.ExpandEnv")


def reads(values: Values) -> list[Read]:
    """Environment variables that the program reads; those of the operating system left out."""
    return [read for read in (*_calls(values), *_settings(values)) if not _SYSTEM.fullmatch(read.name)]


def _calls(values: Values) -> Iterator[Read]:
    for source, call in values.nodes("call_expression"):
        function = call.field("function")
        whole = function.text() if function is not None else ""
        arguments = list(children(call.field("arguments")))
        name = callee(call)
        if not arguments or not (whole in _READERS or name in values.readers or re.search(r"env", name, re.I)):
            continue
        if whole in _READERS and values.given(call, arguments[0]):
            continue  # the helper's calls say which variable it is
        if name in ("SetEnvPrefix", "Setenv", "Unsetenv", "BindEnv", "SetEnv"):
            continue
        for index, argument in enumerate(arguments[:2]):
            constant = values.value(source, argument).constant if argument.kind() != "call_expression" else None
            if (
                not isinstance(constant, str)
                or not ENVIRONMENT.fullmatch(constant)
                or (literal(argument) is None and index)
            ):
                continue
            if whole in _READERS:
                yield Read(constant, source.at(call), whole == "os.Getenv" and required(call))
                break
            ours = values.functions.get(name)
            if index == 0 or (ours and len(arguments) > 1 and constant == literal(argument)):
                must = re.search(r"must|require", name, re.I) is not None and len(arguments) < 2
                yield Read(constant, source.at(call), must)
                break


def _settings(values: Values) -> Iterator[Read]:
    settings = values.settings
    for field in settings.fields:
        if field.variable:
            missing = field.required and field.default is None
            yield Read(field.variable, field.evidence, missing)
    for flag in settings.flags:
        if flag.value.variable:
            yield Read(flag.value.variable, flag.evidence, False)
    for key in settings.keys.values():
        if key.value.variable:
            yield Read(key.value.variable, key.evidence, False)
    if settings.automatic:
        for name in ("GetString", "GetInt", "GetBool", "GetDuration", "GetStringSlice", "Get"):
            for source, call in values.calls.get(name, []):
                owner = call.field("function").field("operand")
                key_text = literal(next(children(call.field("arguments")), None))
                if owner is None or not re.search(r"(?i)viper|^v$|config|conf$|cfg", owner.text()) or not key_text:
                    continue
                variable = settings.variable(key_text)
                if variable and re.fullmatch(r"[A-Z][A-Z0-9_]*", variable):
                    yield Read(variable, source.at(call), False)


def required(call: Node) -> bool:
    """Whether what `os.Getenv` gives has no default: it is not compared, or its absence ends the program."""
    above = call.parent()
    while above is not None and above.kind() in ("expression_list", "argument_list", "parenthesized_expression"):
        above = above.parent()
    if above is None:
        return False
    if above.kind() == "binary_expression":
        return _ends(above) if re.search(r'==\s*""', above.text()) else False
    if above.kind() == "expression_switch_statement":
        return False
    if above.kind() == "call_expression":
        name = above.field("function").text()
        return name not in ("cmp.Or", "strings.Split", "len") and not re.search(
            r"(?i)or|default|parsebool|env", name.rpartition(".")[2]
        )
    if above.kind() in ("short_var_declaration", "assignment_statement", "var_spec"):
        left = above.field("left") or above.field("name")
        name = (left.text() if left is not None else "").split(",")[0].strip()
        block = above.parent()
        while block is not None and block.kind() not in ("block", "source_file", "if_statement"):
            block = block.parent()
        return _dealt(block, name, above.range().start.index) if block is not None else True
    return True


def _dealt(block: Node, name: str, start: int) -> bool:
    """Whether a variable without a value ends the program, or nobody looks at whether it has one."""
    for node in block.find_all(kind="binary_expression"):
        if node.range().start.index < start:
            continue
        text = node.text()
        if re.fullmatch(rf'{re.escape(name)}\s*(==|!=)\s*"[^"]*"|len\({re.escape(name)}\)\s*[!=><]+\s*\d+', text):
            return _ends(node) if re.search(r'==\s*""|==\s*0', text) else False
    for node in block.find_all(kind="expression_switch_statement"):
        value = node.field("value")
        if value is not None and value.text() == name:
            return False
    return True


def _ends(comparison: Node) -> bool:
    """Whether the branch where a value is missing panics, exits or returns an error."""
    above = comparison.parent()
    while above is not None and above.kind() in ("binary_expression", "parenthesized_expression"):
        above = above.parent()
    if above is None or above.kind() != "if_statement":
        return False
    body = above.field("consequence")
    text = body.text() if body is not None else ""
    return bool(re.search(r"\bpanic\(|[Ff]atal\w*\(|os\.Exit\(|return .*\b(err\w*|fmt\.Errorf|errors\.New)\b", text))


def test_imports(code: Go) -> dict[str, str]:
    """Packages that the module's own tests import → where."""
    found: dict[str, str] = {}
    for path in code.tests:
        source: Source | None = (
            code.source(path) if path.endswith("_test.go") and code.module_of(path) == code.folder else None
        )
        for node in source.all("import_spec") if source else ():
            name = node.field("path").text().strip('"`')
            for package in (name, *("/".join(name.split("/")[:end]) for end in range(3, 6))):
                found.setdefault(package, source.at(node) if source else path)
    return found
