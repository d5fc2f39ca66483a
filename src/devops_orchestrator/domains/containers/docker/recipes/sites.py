"""Sites that a generator builds and nginx serves: MkDocs and Sphinx with Python, Jekyll with Ruby, Hugo."""

from __future__ import annotations

from typing import Any

from devops_orchestrator.domains.containers.docker.recipes import web
from devops_orchestrator.domains.containers.docker.recipes.node_managers import Manager
from devops_orchestrator.domains.containers.docker.recipes.recipe import Base, Job, Recipe
from devops_orchestrator.text import Text

GENERATORS = ("mkdocs", "jekyll", "hugo")


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a generated site."""
    base, manager, ignore = {"mkdocs": _mkdocs, "jekyll": _jekyll, "hugo": _hugo}[str(job.component.framework)](job)
    output = (
        job.component.output or {"mkdocs": "site", "jekyll": "_site", "hugo": "public"}[str(job.component.framework)]
    )
    copies = [(" ".join(manager.manifests), "./")] if manager.manifests else []
    common: dict[str, Any] = {
        "base": base, "manager": manager, "manifests": copies, "build": job.component.build, "public": [],
        "setup_user": "0:0" if job.component.framework == "hugo" else "",
    }  # fmt: skip
    return web.from_build(job, common, output, (*ignore, output))


def hugo_version(job: Job) -> str | None:
    """The Hugo that builds the site; its images have exact versions alone."""
    said = job.params.version or (job.component.runtime.version if job.component.runtime else None)
    return said if said and said.count(".") == 2 else None


def _mkdocs(job: Job) -> tuple[Base, Manager, tuple[str, ...]]:
    base = job.base("python", "python", "slim-trixie", "slim")
    listed = tuple(name for name in ("requirements.txt", "docs/requirements.txt") if job.has(name))[:1]
    install = f"pip install -r {listed[0].rsplit('/', 1)[-1]}" if listed else "pip install mkdocs"
    notes = () if listed else (
        Text(
            "No requirements.txt pins MkDocs and its plugins: two builds may differ. Write one and create the Dockerfile again.",
            "Aucun requirements.txt ne fixe MkDocs et ses extensions : deux builds peuvent différer. Écrivez-en un puis recréez le Dockerfile.",
        ),
    )  # fmt: skip
    manager = Manager("pip", "", listed, "/root/.cache/pip", install, install, "", "", notes)
    return base, manager, ("**/__pycache__", "**/.venv")


def _jekyll(job: Job) -> tuple[Base, Manager, tuple[str, ...]]:
    # Not the slim image: gems with C code are compiled here, and nothing of this stage is delivered.
    base = job.base("ruby", "ruby", "trixie", "")
    lock = job.has("Gemfile.lock")
    notes = () if lock else (
        Text(
            "There is no Gemfile.lock: two builds may install different versions. Run `bundle lock` and commit it.",
            "Il n'y a pas de Gemfile.lock : deux builds peuvent installer des versions différentes. Lancez `bundle lock` et versionnez le fichier.",
        ),
    )  # fmt: skip
    manifests = ("Gemfile", "Gemfile.lock") if lock else ("Gemfile",)
    manager = Manager(
        "bundler", "", manifests, "/usr/local/bundle/cache", "bundle install", "bundle install", "", "", notes
    )
    return base, manager, (".jekyll-cache", ".bundle", "vendor")


def _hugo(job: Job) -> tuple[Base, Manager, tuple[str, ...]]:
    said = hugo_version(job) or ""
    manager = Manager("hugo", "", (), "", "", "", "", "")
    return Base(f"ghcr.io/gohugoio/hugo:v{said}", said), manager, ("resources/_gen", ".hugo_build.lock")
