"""Static sites: nginx as an unprivileged user, with its own server block."""

from __future__ import annotations

import posixpath
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes.recipe import Job, Recipe, exec_form
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text

PACKAGE = "devops_orchestrator.domains.containers.docker"
# Frameworks whose pages are made by the browser: every path is index.html.
SINGLE_PAGE = ("vite", "react", "vue", "svelte", "angular", "create-react-app", "preact", "solid")
PORT = 8080


def nginx_image() -> str:
    """nginx's stable line, in the image that never needs root. Its tags are kept in step with nginx's own."""
    stable = images.supported("nginx")[-1]
    tag = images.tag("nginx", stable, "alpine")
    return f"nginxinc/nginx-unprivileged:{tag}"


def _uid() -> str:
    user = facts.load("images")["images"]["nginxinc/nginx-unprivileged"]["user"]
    return f"{user['uid']}:{user['gid']}"


def from_build(job: Job, common: dict[str, Any], output: str, ignore: tuple[str, ...]) -> Recipe:
    """A front end that node builds and nginx serves."""
    port = job.params.port or PORT
    values = {
        "setup_user": "",
        **common,
        "output": posixpath.normpath(posixpath.join("/app", job.inside, output)),
        "cross": bool(job.params.platforms),
        "final": job.final(nginx_image(), "nginx"),
        **_served(job, port),
    }
    why = _why()
    return Recipe(
        "static.Dockerfile", values, files={"nginx.conf": (_server_block(job, port), why)}, ignore=ignore,
        notes=common["manager"].notes, port=port,
    )  # fmt: skip


def plain(job: Job) -> Recipe:
    """Pages that need no build."""
    port = job.params.port or PORT
    folder = (job.component.output or "").strip("./")
    values = {
        "build": "",
        "pages": f"{job.mounted}{folder}" or ".",
        "final": job.final(nginx_image(), "nginx"),
        **_served(job, port),
    }
    return Recipe(
        "static.Dockerfile", values, files={"nginx.conf": (_server_block(job, port), _why())}, port=port,
        leave=tuple(name for name in ("README.md", "README.fr.md", "LICENSE", "CHANGELOG.md", "package.json") if job.has(name)),
    )  # fmt: skip


def _served(job: Job, port: int) -> dict[str, Any]:
    return {
        "config": f"{job.mounted}nginx.conf", "user": _user(job),
        "health": exec_form(["wget", "-q", "-O", "/dev/null", f"http://127.0.0.1:{port}/"]),
    }  # fmt: skip


def _user(job: Job) -> str:
    """nginx's own user; another one needs group 0, which may write where nginx does."""
    own = _uid()
    user = job.user(own, "nginx")
    return user if user == own else f"{user.partition(':')[0]}:0"


def _server_block(job: Job, port: int) -> str:
    single = (job.component.framework or "") in SINGLE_PAGE or job.component.depends_on(
        "vite", "react-scripts", "@angular/core"
    )
    hashed = (
        "/assets/"
        if job.component.depends_on("vite")
        else "/static/"
        if job.component.depends_on("react-scripts")
        else ""
    )
    return render(
        PACKAGE,
        "nginx.conf",
        port=port,
        single=single,
        hashed=hashed,
        whole=job.component.output is None and not job.component.build,
    )


def _why() -> Text:
    return Text("how nginx serves the pages", "la façon dont nginx sert les pages")
