"""First values for a workload, each with its reason: they are starting points, and the files say so."""

from __future__ import annotations

from dataclasses import dataclass

from devops_orchestrator.core.project import Component
from devops_orchestrator.domains.kubernetes.deployments.container import Container


@dataclass(frozen=True)
class Size:
    """Requests of one pod, what they are a guess about, and how long a start may take (seconds)."""

    cpu: str
    memory: str
    reason: str
    start: int = 60


_SIZES = {
    "go": Size("50m", "64Mi", "a Go process", 30),
    "rust": Size("50m", "64Mi", "a native process", 30),
    "javascript": Size("100m", "256Mi", "one Node.js process"),
    "typescript": Size("100m", "256Mi", "one Node.js process"),
    "python": Size("100m", "256Mi", "two Python workers"),
    "java": Size("250m", "768Mi", "a JVM: heap, metaspace, threads and code cache together", 150),
    "kotlin": Size("250m", "768Mi", "a JVM: heap, metaspace, threads and code cache together", 150),
    "php": Size("100m", "256Mi", "a few PHP workers"),
    "ruby": Size("100m", "512Mi", "two Ruby workers"),
    "csharp": Size("100m", "256Mi", "one .NET process"),
    "elixir": Size("100m", "256Mi", "one BEAM node"),
    "static": Size("10m", "64Mi", "nginx that sends files", 30),
}


def of(component: Component | None, *, task: bool = False) -> Size:
    """The first size of a component by what runs it."""
    if task:
        known = of(component)
        return Size(known.cpu, known.memory, "one run", known.start)
    if component is None:
        return Size("100m", "256Mi", "a small service")
    if component.kind == "worker" and component.language in _SIZES:
        known = _SIZES[component.language]
        return Size(known.cpu, known.memory, "one worker process", known.start)
    key = "static" if component.kind == "static" else component.language or ""
    return _SIZES.get(key, Size("100m", "256Mi", "a small service"))


@dataclass(frozen=True)
class Writable:
    """A path that the process writes to: it gets an emptyDir, the rest of the file system is read-only."""

    volume: str
    path: str
    why: str
    limit: str = "64Mi"
    below: str | None = None  # subPath, where several paths share one volume


def writable(component: Component | None, container: Container) -> tuple[Writable, ...]:
    """The paths that the framework and its server write to."""
    if component is None:
        return (Writable("tmp", "/tmp", "temporary files"),)  # noqa: S108 - a path in the container
    home = container.workdir.rstrip("/") or "/app"
    server = container.base.rpartition("/")[2].partition(":")[0]
    apache = "apache" in container.base.partition(":")[2]
    if component.framework == "laravel":
        why = "compiled views, sessions and cache; uploads need storage that outlives the pod"
        parts = ("framework/cache", "framework/sessions", "framework/views", "logs")
        runs = (
            Writable("run", "/var/run/apache2", "Apache's pid file and locks", "1Mi", "run"),
            Writable("run", "/var/lock/apache2", "Apache's pid file and locks", "1Mi", "lock"),
        )
        bootstrap = Writable(
            "bootstrap-cache", f"{home}/bootstrap/cache", "the cached configuration and routes", "16Mi"
        )
        stores = tuple(
            Writable("storage", f"{home}/storage/{part}", why, "256Mi", part.replace("/", "-")) for part in parts
        )
        return (*stores, bootstrap, *(runs if apache else ()), Writable("tmp", "/tmp", "uploads on their way"))  # noqa: S108
    if component.framework == "nextjs" and component.kind != "static":
        owned = next((path for path in container.owned if path.endswith(".next/cache")), f"{home}/.next/cache")
        cache = Writable("next-cache", owned, "optimised images and cached pages", "512Mi")
        return (cache, Writable("tmp", "/tmp", "temporary files"))  # noqa: S108
    if component.kind == "static" and server == "nginx":
        return (
            Writable("nginx-cache", "/var/cache/nginx", "request bodies on their way"),
            Writable("run", "/var/run", "nginx.pid", "1Mi"),
        )
    if component.kind == "static" and server == "caddy":
        return (
            Writable("caddy-data", "/data", "Caddy's state"),
            Writable("caddy-config", "/config", "Caddy's saved configuration"),
        )
    reasons = {
        "python": "worker heartbeats and uploads", "java": "the embedded server's work folder", "php": "sessions and uploads",
        "kotlin": "the embedded server's work folder",
    }  # fmt: skip
    if component.kind == "static":
        return (Writable("tmp", "/tmp", "nginx.pid and request bodies on their way"),)  # noqa: S108
    if component.language in ("go", "rust"):
        return ()
    return (Writable("tmp", "/tmp", reasons.get(component.language or "", "temporary files")),)  # noqa: S108
