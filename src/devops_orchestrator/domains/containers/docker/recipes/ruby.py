"""Ruby: Rails, Sinatra and other Rack applications, Sidekiq and plain workers, with Bundler."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from devops_orchestrator.core.project import Component, Runtime
from devops_orchestrator.domains.containers.docker.recipes import node, node_managers
from devops_orchestrator.domains.containers.docker.recipes.python import stand_in
from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    UID,
    Job,
    Recipe,
    exec_form,
    joined,
    no_lock,
    plain_words,
)
from devops_orchestrator.text import Text

THRUSTER = 8080  # a port below 1024 would need root
# What gems with C code need to compile, whatever the project.
COMPILERS = ("build-essential", "git", "libyaml-dev", "pkg-config")
# Gem → (Debian packages to compile it, Debian packages that stay).
NATIVE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pg": (("libpq-dev",), ("libpq5",)),
    "mysql2": (("default-libmysqlclient-dev",), ("libmariadb3",)),
    "image_processing": ((), ("libvips42t64",)),
    "ruby-vips": ((), ("libvips42t64",)),
    "rmagick": (("libmagickwand-dev",), ("imagemagick",)),
}


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a Ruby component."""
    component = job.component
    base = job.base("ruby", "ruby", "slim-trixie", "slim")
    rails = component.framework == "rails"
    locked = job.has("Gemfile.lock")
    build, run = _native(component)
    command, notes = _command(job)
    port, listening = _listening(job, command)
    values: dict[str, Any] = {
        "base": base, "final": job.final(base.image, "ruby"), "build_packages": [*COMPILERS, *build], "packages": run,
        "manifests": [name for name in ("Gemfile", "Gemfile.lock", ".ruby-version") if job.has(name)], "assets": _assets(job),
        "bundle": joined(_bundle(locked)), "precompile": rails and "assets:precompile" in (component.build or ""),
        "bootsnap": component.depends_on("bootsnap"), "environment": joined([*_environment(job), *listening, *_bundle(locked)]),
        "user": job.user(f"{UID}:{UID}"), "account": job.account("app"), "uid": UID, "command": exec_form(command), "health": _health(job, port), "stand_ins": _stand_ins(component),
    }  # fmt: skip
    if not locked:
        notes = (*notes, no_lock("Gemfile.lock", "bundle lock"))
    ignore = (".bundle", "vendor/bundle", "log/*.log", "tmp", "**/node_modules", "public/assets")
    return Recipe("ruby.Dockerfile", values, port=port, notes=notes, ignore=ignore)


def _native(component: Component) -> tuple[list[str], list[str]]:
    build: list[str] = []
    run: list[str] = []
    for name, (needed, kept) in NATIVE.items():
        if component.depends_on(name):
            build += [package for package in needed if package not in build]
            run += [package for package in kept if package not in run]
    return build, run


def _bundle(locked: bool) -> list[str]:
    """Bundler's settings: the gems of production alone, exactly those of the lockfile."""
    frozen = ["BUNDLE_DEPLOYMENT=1"] if locked else []
    return [*frozen, "BUNDLE_PATH=/usr/local/bundle", "BUNDLE_WITHOUT=development:test"]


def _environment(job: Job) -> list[str]:
    found = ["RACK_ENV=production"]
    if job.component.framework == "rails":
        found = ["RAILS_ENV=production", "RAILS_LOG_TO_STDOUT=1", "RAILS_SERVE_STATIC_FILES=1"]
    elif job.component.framework == "sinatra":
        found = ["APP_ENV=production", *found]
    return found


def _listening(job: Job, command: list[str]) -> tuple[int | None, list[str]]:
    """The port, and the variables that tell the process: Thruster has one of its own, and takes 80 without it."""
    if any(word.endswith("thrust") for word in command):
        port = job.port if job.port and job.port >= 1024 else THRUSTER
        return port, [f"HTTP_PORT={port}"]
    return job.port, [f"{job.port_variable[0]}={job.port_variable[1]}"] if job.port_variable else []


def _stand_ins(component: Component) -> str:
    """Values for the variables without which the application does not boot; nothing is used of them while assets are built."""
    names = [
        name for name in component.required_environment if not name.startswith(("SECRET_KEY_BASE", "RAILS_MASTER_KEY"))
    ]
    return "".join(f"{name}={stand_in(name)} " for name in names)


def _command(job: Job) -> tuple[list[str], tuple[Text, ...]]:
    words = plain_words(job.component.start or "")
    if words:
        return words, ()
    if job.component.start:
        return ["sh", "-c", f"exec {job.component.start}"], ()
    note = Text(
        "No start command was found: replace the CMD of the Dockerfile by yours.",
        "Aucune commande de démarrage n'a été trouvée : remplacez le CMD du Dockerfile par la vôtre.",
    )
    return ["bundle", "exec", "rackup", "-o", "0.0.0.0", "-p", str(job.port or 9292)], (note,)  # noqa: S104 - inside a container


def _health(job: Job, port: int | None) -> str:
    if not job.component.health or not port:
        return ""
    url = f"http://127.0.0.1:{port}{job.component.health}"
    # A redirect to https is an answer too: the process serves.
    return exec_form(["ruby", "-rnet/http", "-e", f"exit(Net::HTTP.get_response(URI('{url}')).code.to_i < 400)"])


def _assets(job: Job) -> dict[str, Any] | None:
    """The node stage that bundles the front end for jsbundling and cssbundling."""
    text = job.read(f"{job.mounted}package.json")
    if text is None or not job.component.depends_on("jsbundling-rails", "cssbundling-rails"):
        return None
    said = [re.search(r"\d+(?:\.\d+)*", job.read(name) or "") for name in (".node-version", ".nvmrc")]
    version = next((found[0] for found in said if found), None)
    locks = {"pnpm": "pnpm-lock.yaml", "yarn": "yarn.lock", "bun": "bun.lock"}
    javascript = Component(
        path=job.component.path, language="javascript", install_path=job.component.install_path,
        package_manager=next((name for name, lock in locks.items() if job.has(lock)), "npm"),
        runtime=Runtime("node", version) if version else None,
    )  # fmt: skip
    inner = replace(
        job, component=javascript, params=job.params.model_copy(update={"version": None, "base_image": None})
    )
    base = inner.base("node", "node", *node.SLIM)
    found = node_managers.manager(inner, base.version)
    scripts = node.package(job, f"{job.mounted}package.json").get("scripts", {})
    steps = [f"{found.run} {name}" for name in ("build", "build:css") if name in scripts]
    return {"base": base, "manager": found, "manifests": node.copied(inner, found), "build": " && ".join(steps)}
