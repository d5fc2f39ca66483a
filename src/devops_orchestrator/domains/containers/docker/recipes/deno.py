"""Deno: the modules of the lockfile in a layer of their own, the program with the permissions that its own command has."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    Job,
    Recipe,
    exec_form,
    health_command,
    plain_words,
)
from devops_orchestrator.text import Text

USER = "1993:1993"  # the deno user of the official Debian image
CONFIGURATION = ("deno.json", "deno.jsonc", "package.json", "import_map.json", "deno.lock")


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a program that runs on Deno."""
    base = job.base("deno", "denoland/deno")
    command, notes = _command(job)
    manifests = [name for name in CONFIGURATION if job.has(name)]
    programs = [word for word in [*command, *_of_processes(job)] if re.search(r"\.[cm]?[jt]sx?$", word)]
    locked = job.has("deno.lock")
    values: dict[str, Any] = {
        "base": base, "final": job.final(base.image, "deno"), "user": job.user(USER, "deno"), "manifests": manifests,
        "install": "deno install --frozen" if locked else "deno install", "programs": list(dict.fromkeys(programs)),
        "cache": "deno cache --frozen" if locked else "deno cache", "work": f"/app/{job.inside}".rstrip("/"),
        "health": health_command(base.image, job.component.health, job.port), "command": exec_form(command),
        "port_variable": job.port_variable,
    }  # fmt: skip
    if not locked:
        notes = (*notes, _no_lock())
    return Recipe("deno.Dockerfile", values, port=job.port, notes=notes, ignore=("**/node_modules",))


def _command(job: Job) -> tuple[list[str], tuple[Text, ...]]:
    words = plain_words(job.component.start or "")
    if words and words[:2] == ["deno", "run"]:
        return [word for word in words if not word.startswith("--watch")], ()
    if words and words[:2] in (["deno", "serve"], ["deno", "task"]):
        return words, ()
    program = job.component.entrypoint or "main.ts"
    note = Text(
        "No start command was found: give the program in the CMD of the Dockerfile the permissions that it needs.",
        "Aucune commande de démarrage n'a été trouvée : donnez au programme, dans le CMD du Dockerfile, les permissions dont il a besoin.",
    )
    return ["deno", "run", "--allow-net", "--allow-env", program], (note,)


def _of_processes(job: Job) -> list[str]:
    """The programs of its workers, which run from the same image."""
    return [word for process in job.component.processes for word in plain_words(process.command) or []]


def _no_lock() -> Text:
    return Text(
        "There is no deno.lock: two builds may take different versions. Run `deno install` and commit it.",
        "Il n'y a pas de deno.lock : deux builds peuvent prendre des versions différentes. Lancez `deno install` et versionnez le fichier.",
    )
