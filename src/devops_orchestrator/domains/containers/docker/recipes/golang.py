"""Go: one static binary in an image that holds nothing else."""

from __future__ import annotations

from typing import Any

from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    Job,
    Recipe,
    exec_form,
    health_command,
    plain_words,
)
from devops_orchestrator.text import Text

# distroless: no shell, no package manager; certificates, time zones and a nonroot user.
STATIC = "gcr.io/distroless/static-debian13:nonroot"
WITH_LIBC = "gcr.io/distroless/base-debian13:nonroot"
USER = "65532:65532"
# Packages that bind a C library: CGO_ENABLED=0 would break them.
CGO = (
    "github.com/mattn/go-sqlite3", "github.com/confluentinc/confluent-kafka-go", "github.com/confluentinc/confluent-kafka-go/v2",
    "github.com/h2non/bimg", "github.com/rogpeppe/go-internal/cgo", "github.com/davidbyttow/govips/v2",
)  # fmt: skip
ASSETS = ("templates", "views", "static", "public", "assets", "ui", "migrations", "locales")


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a Go component."""
    base = job.base("go", "golang", "trixie")
    cgo = job.component.depends_on(*CGO)
    name = (job.params.name or job.component.name).rsplit("/", 1)[-1]
    flags = _flags(job)
    cross = bool(job.params.platforms) and not cgo
    final = job.final(WITH_LIBC if cgo else STATIC, "go")
    health = health_command(final, job.component.health, job.port)
    values: dict[str, Any] = {
        "base": base, "cgo": cgo, "binary": name, "main": _package(job), "sums": job.has("go.sum"),
        "work": job.has("go.work"), "cross": cross, "user": job.user(USER, "nonroot"),
        "final": final, "health": health, "assets": _assets(job), "writable": job.writable, "vendored": _vendored(job),
        "environment": ("CGO_ENABLED=1" if cgo else "CGO_ENABLED=0") + (' GOOS="$TARGETOS" GOARCH="$TARGETARCH"' if cross else ""),
        "command": exec_form([f"/{name}", *flags]), "prefix": job.mounted, "port_variable": job.port_variable,
    }  # fmt: skip
    notes: tuple[Text, ...] = ()
    if job.component.health and not health:
        notes = (
            Text(
                f"The image has no shell and no HTTP client, so it has no HEALTHCHECK: let the platform call {job.component.health}.",
                f"L'image n'a ni shell ni client HTTP, donc pas de HEALTHCHECK : laissez la plateforme appeler {job.component.health}.",
            ),
        )
    return Recipe("go.Dockerfile", values, notes=notes, port=job.port, ignore=("bin", "*.test", "*.out"))


def _package(job: Job) -> str:
    entrypoint = (job.component.entrypoint or ".").removesuffix("/main.go")
    if entrypoint in (".", "main.go", ""):
        return f"./{job.inside}" if job.inside else "."
    return entrypoint if entrypoint.startswith(".") else f"./{entrypoint}"


def _flags(job: Job) -> list[str]:
    """What the start command says behind the binary's name."""
    words = plain_words(job.component.start or "") or []
    if words[:2] == ["go", "run"]:
        return words[3:]
    return words[1:]


def _vendored(job: Job) -> bool:
    listed = job.project.repository.git("ls-files", "--", job.at("vendor/modules.txt"))
    return bool(listed and listed.strip())


def _assets(job: Job) -> list[str]:
    """Folders that are read at run time: those that hold no Go code and that no `//go:embed` takes in."""
    found = []
    prefix = "" if job.component.path in (".", "") else job.component.path + "/"
    files = [f.removeprefix(prefix) for f in job.project.repository.files if f.startswith(prefix)]
    embedded = _embedded(job, [f for f in files if f.endswith(".go")], prefix)
    for folder in job.folders(*ASSETS):
        inside = [f for f in files if f.startswith(folder + "/")]
        if not any(f.endswith(".go") for f in inside) and not any(e.split("/")[0] == folder for e in embedded):
            found.append(folder)
    return found


def _embedded(job: Job, files: list[str], prefix: str) -> list[str]:
    """The patterns of the `//go:embed` directives, from the component's folder."""
    found = []
    for path in files:
        folder = path.rpartition("/")[0]
        for line in (job.project.repository.read(prefix + path) or "").splitlines():
            if line.startswith("//go:embed "):
                found += [f"{folder}/{glob}".lstrip("/") for glob in line.split()[1:]]
    return found
