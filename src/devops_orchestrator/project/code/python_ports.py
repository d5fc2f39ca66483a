"""The port that a Python application listens on: in its commands, its servers' configuration files, its code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.project import shell
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import called, dotted, is_main_guard, keyword
from devops_orchestrator.project.code.python_said import Said, ini_file
from devops_orchestrator.project.code.python_services import is_settings
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.tree import Tree, join

_OPTIONS = {
    "--port", "-p", "--bind", "-b", "--listen", "--http", "--http-socket", "--https", "-P", "--server.port", "--server-port", "--http-port",
}  # fmt: skip
# What a server listens on when nothing says it, as its documentation says.
DEFAULTS = {
    "gunicorn": (8000, "Gunicorn's default port"), "uvicorn": (8000, "Uvicorn's default port"), "fastapi": (8000, "Uvicorn's default port"),
    "hypercorn": (8000, "Hypercorn's default port"), "granian": (8000, "Granian's default port"), "daphne": (8000, "Daphne's default port"),
    "waitress-serve": (8080, "Waitress's default port"), "flask": (5000, "Flask's default port"), "streamlit": (8501, "Streamlit's default port"),
    "litestar": (8000, "Uvicorn's default port"), "sanic": (8000, "Sanic's default port"), "chainlit": (8000, "Chainlit's default port"),
}  # fmt: skip
# Framework → the port of its own server.
FRAMEWORKS = {
    "fastapi": DEFAULTS["uvicorn"], "starlette": DEFAULTS["uvicorn"], "litestar": DEFAULTS["uvicorn"], "starlite": DEFAULTS["uvicorn"],
    "django": (8000, "Django's and Gunicorn's default port"), "flask": DEFAULTS["flask"], "quart": (5000, "Quart's default port"),
    "streamlit": DEFAULTS["streamlit"], "gradio": (7860, "Gradio's default port"), "sanic": DEFAULTS["sanic"],
    "dash": (8050, "Dash's default port"), "bottle": (8080, "Bottle's default port"), "connexion": (8000, "Uvicorn's default port"),
}  # fmt: skip
_SETTINGS = (
    "PORT",
    "APP_PORT",
    "API_PORT",
    "SERVER_PORT",
    "HTTP_PORT",
    "WEB_PORT",
    "LISTEN_PORT",
    "UVICORN_PORT",
    "BACKEND_PORT",
    "DEFAULT_PORT",
)
_RUNS = (
    "run",
    "serve",
    "run_app",
    "run_simple",
    "listen",
    "launch",
    "run_server",
    "Config",
    "bind",
    "WSGIServer",
    "TCPSite",
    "make_server",
    "Granian",
)


@dataclass(frozen=True)
class Port:
    """A port, or the variable that holds it, and where the code says it; `script` where only a script listens on it."""

    value: Value
    evidence: str
    script: bool = False


def of_command(said: Said, draft: Draft, context: Context) -> tuple[Value, str] | None:
    """The port that a server's command names, or that of the configuration file that it names."""
    words = said.words
    for index, word in enumerate(words):
        name, equals, text = word.partition("=")
        if name in _OPTIONS and (equals or index + 1 < len(words)):
            found = _word(text if equals else words[index + 1])
            if found is not None:
                return found, said.evidence
        short = re.match(r"-[bp](\S+)$", word)
        if short and (found := _word(short[1])) is not None and index > 0:
            return found, said.evidence
        if word.endswith(".ini"):
            path = ini_file(draft, context, word)
            inside = _ini(context.tree, path) if path else None
            if inside is not None:
                return inside
        if word in ("runserver", "runserver_plus") and index + 1 < len(words):
            found = _word(next((w for w in words[index + 1 :] if not w.startswith("-")), ""))
            if found is not None:
                return found, said.evidence
    return None


def _word(text: str) -> Value | None:
    tail = re.search(r"(?:^|:)(\d{2,5})$", text)
    if tail and not text.startswith("unix:"):
        return Value(int(tail[1]))
    variable = re.search(r"(?:^|:)(\$\w+|\$\{[^}]+\})$", text)
    if variable:
        default, name = shell.value(variable[1])
        return Value(int(default) if default and default.isdigit() else None, name)
    return None


def _ini(tree: Tree, path: str) -> tuple[Value, str] | None:
    """uWSGI's `http-socket = :8000`, the `port` or `listen` of a Paste file's `[server:main]`."""
    section = ""
    for number, line in tree.lines(path):
        text = line.strip()
        if text.startswith("["):
            section = text.strip("[]")
        key, equals, value = (part.strip() for part in text.partition("="))
        wanted = (
            ("http-socket", "http") if section == "uwsgi" else ("port", "listen") if section == "server:main" else ()
        )
        if equals and key in wanted and not text.startswith(("#", ";")):
            found = _word(value.split()[0] if value.split() else "")
            if found is not None:
                return found, f"{path}:{number}"
    return None


def of_files(tree: Tree, folder: str) -> Iterator[tuple[Value, str]]:
    """The ports of the configuration files that a server reads by itself."""
    streamlit = tree.toml(tree.first(folder, ".streamlit/config.toml"))
    if streamlit and isinstance(streamlit.get("server", "port"), int):
        yield Value(streamlit.get("server", "port")), streamlit.at("server", "port")
    hypercorn = tree.toml(tree.first(folder, "hypercorn.toml"))
    bind = hypercorn.get("bind") if hypercorn else None
    first = bind[0] if isinstance(bind, list) and bind else bind
    if hypercorn and isinstance(first, str) and (found := _word(first)) is not None:
        yield found, hypercorn.at("bind")
    for name in ("uwsgi.ini", "production.ini", "development.ini"):
        found_ini = _ini(tree, join(folder, name)) if tree.has(folder, name) else None
        if found_ini:
            yield found_ini


def of_code(python: Python) -> list[Port]:
    """The ports that the code says: Gunicorn's `bind`, then `uvicorn.run(port=…)`, `app.run(port=…)`, `.listen(…)`."""
    found: list[Port] = []
    for module in python.modules:
        scripts = {id(part) for node in module.tree.body if is_main_guard(node) for part in ast.walk(node)}
        for call in module.calls():
            given = _given(call)
            value = python.value(module, given)
            if value.port is not None or value.variable:
                option = called(call) in ("add_argument", "option")
                found.append(Port(value, module.at(given or call), id(call) in scripts or option))
        if "gunicorn" in module.path and "bind" in module.constants:
            value = python.value(module, module.constants["bind"])
            if value.port is not None or value.variable:
                found.insert(0, Port(value, module.at(module.constants["bind"])))
    return found


def _given(call: ast.Call) -> ast.expr | None:
    name = called(call)
    if name in ("add_argument", "option"):  # argparse and click: `--port`, default 5000
        words = [part.value for part in call.args if isinstance(part, ast.Constant)]
        return keyword(call, "default") if "--port" in words else None
    if name in _RUNS:
        given = keyword(call, "port", "server_port")
        if name == "listen" and call.args and given is None:
            return call.args[0]
        if name == "WSGIServer" and call.args:
            return _of_address(call)
        if name == "make_server" and len(call.args) > 1:
            return call.args[1]
        if name == "TCPSite" and len(call.args) > 2:
            return call.args[2]
        return given if name != "Config" or dotted(call.func).startswith("uvicorn") else None
    return _of_address(call) if name.endswith("HTTPServer") else None


def _of_address(call: ast.Call) -> ast.expr | None:
    first = call.args[0] if call.args else None
    return first.elts[1] if isinstance(first, ast.Tuple) and len(first.elts) > 1 else None


def of_settings(python: Python) -> Iterator[tuple[Value, str]]:
    """The default of a setting that is called PORT, APP_PORT…: what an application without a better hint listens on."""
    for module in python.modules:
        for name, node in module.constants.items() if is_settings(module) else ():
            if name.upper() in _SETTINGS:
                value = python.value(module, node)
                if isinstance(value.constant, str) and value.constant.isdigit():
                    value = Value(int(value.constant), value.variable)
                if value.port is not None:
                    yield value, module.at(node)


def offer(draft: Draft, found: tuple[Value, str] | None) -> None:
    """Offer a port that was found, and the variable that holds it."""
    if found is None:
        return
    value, evidence = found
    if value.port is not None:
        draft.offer("port", value.port, evidence)
    if value.variable:
        draft.trait("port_env", value.variable)
