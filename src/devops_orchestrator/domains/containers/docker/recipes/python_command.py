"""What starts a Python program in its image: the project's own server command, else the one that its dependencies allow."""

from __future__ import annotations

import re

from devops_orchestrator.domains.containers.docker.recipes.recipe import Job, plain_words
from devops_orchestrator.text import Text


def command(job: Job) -> tuple[list[str], tuple[Text, ...]]:
    """The words of CMD, and what to say of them."""
    component, port = job.component, job.port or 8000
    asgi = component.traits.get("asgi")
    wsgi = component.traits.get("wsgi")
    target = component.entrypoint or ""
    bind = f"0.0.0.0:{port}"
    words = plain_words(component.start or "")
    if component.kind == "service" and words and (said := _server_command(job, without_runner(words), bind)):
        return said, ()
    if component.kind == "service" and target.endswith("()") and component.start and not words:
        return ["sh", "-c", f"exec {_without_runner_text(component.start)}"], ()
    if component.kind == "service":
        if component.framework == "django":
            return _django(job, bind, asgi, wsgi)
        if component.framework in ("fastapi", "starlette", "litestar", "quart") and ":" in (asgi or target):
            return _asgi(job, asgi or target, port)
        if component.framework in ("flask", "bottle", "falcon", "pyramid") and ":" in (wsgi or target):
            return _flask(job, wsgi or target, bind)
    if words:
        return without_runner(words), ()
    if component.start:
        # Variables are the shell's work; `exec` leaves the signals to the program.
        return ["sh", "-c", f"exec {_without_runner_text(component.start)}"], ()
    if target.endswith(".py"):
        return ["python", target], ()
    note = Text(
        "No start command was found: replace the CMD of the Dockerfile by yours.",
        "Aucune commande de démarrage n'a été trouvée : remplacez le CMD du Dockerfile par la vôtre.",
    )
    return ["python", "-m", component.name.replace("-", "_")], (note,)


def _server_command(job: Job, words: list[str], bind: str) -> list[str] | None:
    """The project's own server command, made reachable from outside the container; None for a development server."""
    host, _, port = bind.partition(":")
    asked = job.params.port not in (None, job.component.port)
    if words[0] == "gunicorn":
        options = ("-b", "--bind")
        configured = any(word in ("-c", "--config") or word.startswith("--config=") for word in words)
        has_bind = any(word in options or word.startswith("--bind=") for word in words)
        kept = [word for word in words if word != "--reload"]
        if (configured or has_bind) and not asked:
            return kept
        return [*_without_options(kept, *options), "--bind", bind]
    if words[0] == "uvicorn" or words[:2] == ["fastapi", "run"]:
        kept = [word for word in _without_options(words, "--port", "--host") if word not in ("--reload", "--dev")]
        return [*kept, "--host", host, "--port", port] if words[0] == "uvicorn" else [*kept, "--port", port]
    return words if words[0] in ("hypercorn", "daphne", "granian", "waitress-serve") and not asked else None


def _asgi(job: Job, target: str, port: int) -> tuple[list[str], tuple[Text, ...]]:
    component = job.component
    if component.depends_on("gunicorn", "uvicorn-worker") and component.depends_on("uvicorn-worker"):
        return ["gunicorn", target, "--worker-class", "uvicorn_worker.UvicornWorker", "--bind", f"0.0.0.0:{port}"], ()
    if component.depends_on("hypercorn") and not component.depends_on("uvicorn", "fastapi-cli"):
        return ["hypercorn", target, "--bind", f"0.0.0.0:{port}"], ()
    return ["uvicorn", target, "--host", "0.0.0.0", "--port", str(port)], ()  # noqa: S104 - inside a container


def _flask(job: Job, target: str, bind: str) -> tuple[list[str], tuple[Text, ...]]:
    if job.component.depends_on("gunicorn"):
        return ["gunicorn", "--bind", bind, "--access-logfile", "-", target], ()
    if job.component.depends_on("waitress"):
        return ["waitress-serve", f"--listen={bind}", target], ()
    host, _, port = bind.partition(":")
    return ["flask", "--app", target, "run", "--host", host, "--port", port], (_no_server("flask run"),)


def _django(job: Job, bind: str, asgi: str | None, wsgi: str | None) -> tuple[list[str], tuple[Text, ...]]:
    component = job.component
    target = wsgi or component.entrypoint or ""
    if component.depends_on("gunicorn") and ":" in target:
        return ["gunicorn", "--bind", bind, "--access-logfile", "-", target], ()
    if component.depends_on("uvicorn") and asgi:
        host, _, port = bind.partition(":")
        return ["uvicorn", asgi, "--host", host, "--port", port], ()
    if component.depends_on("daphne") and asgi:
        host, _, port = bind.partition(":")
        return ["daphne", "-b", host, "-p", port, asgi], ()
    return ["python", "manage.py", "runserver", "--noreload", bind], (_no_server("manage.py runserver"),)


def _no_server(used: str) -> Text:
    return Text(
        f"The project has no production server: the image starts `{used}`, which is for development. Add gunicorn to the dependencies and create the Dockerfile again.",
        f"Le projet n'a pas de serveur de production : l'image démarre `{used}`, fait pour le développement. Ajoutez gunicorn aux dépendances puis recréez le Dockerfile.",
    )


def without_runner(words: list[str]) -> list[str]:
    """A command without `uv run`, `poetry run`…: the environment is on the PATH of the image."""
    if words[:2] in (["uv", "run"], ["poetry", "run"], ["pdm", "run"], ["pipenv", "run"]):
        words = words[2:]
        while words and words[0] in ("--frozen", "--no-sync", "--no-dev", "--locked"):
            words = words[1:]
    return words


def _without_runner_text(command: str) -> str:
    return re.sub(r"^(?:uv|poetry|pdm|pipenv) run (?:--(?:frozen|no-sync|no-dev|locked) )*", "", command)


def _without_options(words: list[str], *options: str) -> list[str]:
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in options:
            skip = True
        elif not word.startswith(tuple(f"{option}=" for option in options)):
            kept.append(word)
    return kept
