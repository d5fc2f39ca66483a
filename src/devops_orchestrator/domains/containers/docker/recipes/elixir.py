"""Elixir: a release of Phoenix, of an umbrella or of a plain Mix application."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    UID,
    Job,
    Recipe,
    exec_form,
    joined,
    no_client,
    no_lock,
)
from devops_orchestrator.text import Text


def recipe(job: Job) -> Recipe:
    """The Dockerfile of an Elixir component."""
    component = job.component
    base = job.base("elixir", "elixir", *_suffixes(job))
    release = component.entrypoint or component.name.replace("-", "_")
    assets = "assets.deploy" in (component.build or "")
    locked = job.has("mix.lock")
    program = _program(component.start or "") or ["bin/" + release, "start"]
    configuration = [name for name in ("config/config.exs", "config/prod.exs") if job.has(name)]
    environment = ["MIX_ENV=prod", "LANG=C.UTF-8", "RELEASE_TMP=/tmp"]
    if component.framework == "phoenix":
        environment += [
            "PHX_SERVER=true",
            *([f"PORT={job.port}"] if job.port and component.traits.get("port_env") == "PORT" else []),
        ]
    if job.port_variable and f"{job.port_variable[0]}={job.port_variable[1]}" not in environment:
        environment.append(f"{job.port_variable[0]}={job.port_variable[1]}")
    values: dict[str, Any] = {
        "base": base, "final": job.final(base.image, "elixir"), "manifests": _manifests(job), "configuration": configuration,
        "assets": assets, "inside": job.inside, "release": f"mix release {release}" if component.entrypoint else "mix release", "application": release,
        "environment": joined(environment), "user": job.user(f"{UID}:{UID}"), "account": job.account("app"), "uid": UID,
        "command": exec_form([f"/app/{program[0]}", *program[1:]]), "locked": locked,
    }  # fmt: skip
    notes: tuple[Text, ...] = () if locked else (no_lock("mix.lock", "mix deps.get"),)
    if component.health:
        notes = (*notes, no_client(component.health))
    migrate = _program(component.migrate or "")
    return Recipe(
        "elixir.Dockerfile", values, port=job.port, notes=notes, ignore=("_build", "deps", "**/node_modules", ".elixir_ls"),
        migrate=f"/app/{' '.join(migrate)}" if migrate else None,
    )  # fmt: skip


def _suffixes(job: Job) -> tuple[str, ...]:
    """The image of the project's own Erlang/OTP where .tool-versions names it."""
    listed = job.read(".tool-versions") or ""
    found = re.search(r"^erlang\s+(\d+)", listed, re.M)
    return (f"otp-{found[1]}-slim", "slim") if found else ("slim",)


def _program(command: str) -> list[str] | None:
    """`bin/server` of `_build/prod/rel/orchard/bin/server`: a release's own scripts."""
    found = re.search(r"(?:^|/)(bin/[\w.-]+)((?:\s+[\w.:()\"'-]+)*)$", command)
    if found is None or "mix " in command:
        return None
    return [found[1], *found[2].split()]


def _manifests(job: Job) -> list[tuple[str, str]]:
    """(sources, target) of the dependency layer: mix.exs and the lock, then those of an umbrella's applications."""
    own = [name for name in ("mix.exs", "mix.lock") if job.has(name)]
    below = [path for path in job.below if re.fullmatch(r"apps/[^/]+/mix\.exs", path)]
    return [(" ".join(own), "./"), *((path, f"./{posixpath.dirname(path)}/") for path in below)]
