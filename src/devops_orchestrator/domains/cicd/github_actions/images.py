"""The image job: what is built from each Dockerfile, and how it is named and pushed."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.cicd.github_actions.pipeline import Job, Raw, Step, checkout
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import dockerfile, yaml

PUSHED = "github.event_name != 'pull_request'"


@dataclass(frozen=True)
class Image:
    """An image to build: its Dockerfile and its build context."""

    file: str
    context: str
    component: Component | None


def found(project: Project) -> list[Image]:
    """The Dockerfiles of the project's components, and one at the root."""
    images = []
    for path in project.of_kind("dockerfile"):
        folder = posixpath.dirname(path) or "."
        if posixpath.basename(path) not in ("Dockerfile", "Containerfile"):
            continue
        component = next((c for c in project.components if c.path == folder), None)
        if component is None and folder == "." and len(project.components) == 1:
            component = project.components[0]
        if component is not None or folder == ".":
            images.append(Image(path, _context(path, folder, project), component))
    return images


def _context(path: str, folder: str, project: Project) -> str:
    """The build context: what a compose file says, else the folder in which all that is copied exists."""
    for compose in project.of_kind("compose"):
        try:
            documents = yaml.parse(project.repository.read(compose) or "")
        except ParseError:
            continue
        for document in documents:
            services = document.get("services")
            for _, entry in services.items() if services else ():
                said = entry.at("build")
                context = said.get("context", ".") if isinstance(said, dict) else said
                if not isinstance(context, str) or "$" in context or "://" in context:
                    continue
                base = posixpath.normpath(posixpath.join(posixpath.dirname(compose), context))
                name = str(said.get("dockerfile", "Dockerfile")) if isinstance(said, dict) else "Dockerfile"
                if posixpath.normpath(posixpath.join(base, name)) == path:
                    return base
    if folder == ".":
        return "."
    built = next((c for c in project.components if c.path == folder), None)
    if built is not None and (root := _built_from(built)) != folder:
        return root
    sources = _copied(project.repository.read(path) or "")
    files = project.repository.files
    here = all(
        any(
            f == s or f.startswith(s.rstrip("/") + "/")
            for f in (file.removeprefix(folder + "/") for file in files if file.startswith(folder + "/"))
        )
        for s in sources
    )
    return folder if here else "."


def _built_from(component: Component) -> str:
    """The folder that holds all that a component is built from: lockfile, workspace, other parts of the repository."""
    folders = [component.install_path or component.path, *component.uses]
    folders += [
        posixpath.dirname(component.traits[name]) for name in ("workspace", "solution") if name in component.traits
    ]
    return posixpath.commonpath([f"/{path.strip('./')}" for path in folders]).lstrip("/") or "."


def _copied(text: str) -> list[str]:
    """The plain paths that a Dockerfile copies from its context."""
    try:
        parsed = dockerfile.parse(text)
    except ParseError:
        return []
    words = [
        word.value.removeprefix("./").removeprefix("/")
        for item in parsed.instructions
        if item.name in ("COPY", "ADD") and item.flag("from") is None and not item.heredocs
        for word in item.operands[:-1]
    ]
    return [
        word
        for word in words
        if word not in ("", ".") and not any(char in word for char in "*?[$") and "://" not in word
    ]


def job(image: Image, project: Project, *, id: str, name: str, needs: list[str], condition: str, several: bool) -> Job:
    """The job that builds an image on every run, and pushes it on the default branch and on version tags."""
    repository = "ghcr.io/${{ github.repository }}"
    if several:
        repository += f"/{slug(image.component, project)}"
    build: dict[str, str | int | bool | Raw] = {"context": image.context}
    if image.file != posixpath.normpath(posixpath.join(image.context, "Dockerfile")):
        build["file"] = image.file
    scope = f",scope={id}" if several else ""
    build |= {
        "push": Raw(f"${{{{ {PUSHED} }}}}"),
        "tags": Raw("${{ steps.meta.outputs.tags }}"),
        "labels": Raw("${{ steps.meta.outputs.labels }}"),
        "provenance": Raw("mode=max # how it was built, attached to the image"),
        "sbom": Raw("true # what is inside, for scanners"),
        "no-cache": Raw("${{ github.ref_type == 'tag' }} # a release depends on no earlier run"),
        "cache-from": Raw(f"type=gha{scope}"),
        "cache-to": Raw(f"type=gha,mode=max{scope}"),
    }
    tags = "type=ref,event=branch\ntype=ref,event=pr\ntype=sha\ntype=semver,pattern={{version}}\ntype=semver,pattern={{major}}.{{minor}}"
    steps = [
        checkout(),
        Step(uses="docker/setup-buildx-action"),
        Step(
            name="Log in to GHCR", condition=PUSHED, uses="docker/login-action",
            inputs={"registry": "ghcr.io", "username": Raw("${{ github.actor }}"), "password": Raw("${{ secrets.GITHUB_TOKEN }}")},
        ),
        Step(id="meta", uses="docker/metadata-action", inputs={"images": Raw(repository), "tags": tags}),
        Step(uses="docker/build-push-action", inputs=build),
    ]  # fmt: skip
    return Job(
        id=id, name=name, steps=steps, timeout=30, why_timeout="room for a build without cache",
        needs=needs, condition=condition,
        permissions={"contents": ("read", "checkout"), "packages": ("write", "push to ghcr.io")},
        note="Pull requests build the image; the branch and version tags (v1.2.3) also push it.",
    )  # fmt: skip


def slug(component: Component | None, project: Project) -> str:
    """A component's name as a job id and an image name."""
    name = (component.name if component else project.name).rsplit("/", 1)[-1].lower()
    clean = "".join(char if char.isalnum() or char == "-" else "-" for char in name).strip("-")
    return clean or "app"
