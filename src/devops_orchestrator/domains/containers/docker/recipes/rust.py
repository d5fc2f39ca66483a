"""Rust: one release binary in an image without a shell, or on Debian where it binds a system library."""

from __future__ import annotations

import posixpath
from typing import Any

from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    Base,
    Job,
    Recipe,
    exec_form,
    joined,
    no_client,
    no_lock,
    plain_words,
    replaced,
)
from devops_orchestrator.text import Text

SUFFIXES = ("slim-trixie", "slim")
# glibc and libgcc, certificates and a nonroot user; no shell, no package manager.
MINIMAL = "gcr.io/distroless/cc-debian13:nonroot"
USER = "65532:65532"
ASSETS = ("assets", "static", "public", "templates", "migrations", "locales")
CONFIGURATION = ("Rocket.toml", "config", "configuration")
# Crates that bind a system library → (Debian packages to compile it, Debian packages that stay).
LIBRARIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "openssl": (("pkg-config", "libssl-dev"), ("libssl3t64",)),
    "native-tls": (("pkg-config", "libssl-dev"), ("libssl3t64",)),
    "pq-sys": (("libpq-dev",), ("libpq5",)),
    "mysqlclient-sys": (("default-libmysqlclient-dev",), ("libmariadb3",)),
    "rusqlite": (("pkg-config", "libsqlite3-dev"), ("libsqlite3-0",)),
    "tonic-build": (("protobuf-compiler",), ()),
    "rdkafka": (("cmake", "make", "g++"), ()),
}
DIESEL = {"postgresql": "pq-sys", "mysql": "mysqlclient-sys", "mariadb": "mysqlclient-sys", "sqlite": "rusqlite"}


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a Rust component."""
    component = job.component
    base, toolchain = _base(job)
    build, run = _libraries(job)
    binaries = _binaries(job)
    locked = job.has("Cargo.lock")
    final = job.final(f"debian:{images.tag('debian', 'trixie', 'slim') or 'trixie-slim'}" if run else MINIMAL, "rust")
    environment = _environment(job)
    values: dict[str, Any] = {
        "base": base, "toolchain": toolchain, "build_packages": build, "packages": ("ca-certificates", *run) if run else (),
        "binaries": binaries, "locked": " --locked" if locked else "", "final": final, "user": job.user(USER, "nonroot"),
        "assets": _assets(job), "prefix": job.mounted, "writable": job.writable, "environment": joined(environment),
        "offline": component.depends_on("sqlx") and bool(job.folders(".sqlx")), "command": exec_form([f"/usr/local/bin/{binaries[0]}", *_arguments(job)]),
    }  # fmt: skip
    notes: tuple[Text, ...] = () if locked else (no_lock("Cargo.lock", "cargo generate-lockfile"),)
    if component.health:
        notes = (*notes, no_client(component.health))
    return Recipe("rust.Dockerfile", values, port=job.port, notes=notes, ignore=("**/target",))


def _base(job: Job) -> tuple[Base, bool]:
    """The compiler's image; only the newest is supported, and it compiles what older ones did.

    A toolchain file is followed by rustup, which the image has; `rust-version` is a lower bound.
    """
    base = job.base("rust", "rust", *SUFFIXES)
    evidence = job.component.evidence.get("runtime", "")
    said = job.component.runtime.version if job.component.runtime else None
    if job.params.version or said is None:
        return base, False
    if "rust-toolchain" in evidence:
        return Base(base.image, base.version, None, "rustup follows the toolchain file"), True
    if evidence.startswith("Cargo.toml") or "/Cargo.toml" in evidence:
        return Base(base.image, base.version), False
    return Base(base.image, base.version, replaced("rust", said, base.version), base.ended), False


def _libraries(job: Job) -> tuple[list[str], list[str]]:
    wanted = {name for name in LIBRARIES if job.component.depends_on(name)}
    if job.component.depends_on("diesel"):
        wanted |= {DIESEL[service] for service in job.component.services if service in DIESEL}
    build: list[str] = []
    run: list[str] = []
    for name in sorted(wanted):
        build += [package for package in LIBRARIES[name][0] if package not in build]
        run += [package for package in LIBRARIES[name][1] if package not in run]
    return build, run


def _binaries(job: Job) -> list[str]:
    """The served program first, then those of its workers."""
    own = job.component.traits.get("binary") or job.component.entrypoint or job.component.name
    found = [own]
    for process in job.component.processes:
        words = plain_words(process.command) or []
        name = posixpath.basename(words[0]) if words and "/target/" in words[0] else ""
        if name and name not in found:
            found.append(name)
    return found


def _arguments(job: Job) -> list[str]:
    words = plain_words(job.component.start or "") or []
    return words[1:] if words and posixpath.basename(words[0]) == _binaries(job)[0] else []


def _assets(job: Job) -> list[str]:
    """Folders and files that are read at run time, from the component's folder."""
    files = [name for name in CONFIGURATION if job.has(job.mounted + name)]
    folders = [*job.folders(*ASSETS, "config", "configuration")]
    if (said := job.component.assets) and job.folders(said) and said not in folders:
        folders.append(said)
    return list(dict.fromkeys([*folders, *files]))


def _environment(job: Job) -> list[str]:
    found = [f"{job.port_variable[0]}={job.port_variable[1]}"] if job.port_variable else []
    if job.component.framework == "rocket":
        found.insert(0, "ROCKET_ADDRESS=0.0.0.0")  # its default is the container's own loopback
    return found
