"""From a project to its images: a Dockerfile for each component that is deployed, a .dockerignore for each build context."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Source
from devops_orchestrator.core.specialist import Suggestion
from devops_orchestrator.domains.containers.docker import ignore, images, refusals
from devops_orchestrator.domains.containers.docker.params import DockerParams
from devops_orchestrator.domains.containers.docker.recipes import (
    deno,
    dotnet,
    elixir,
    golang,
    java,
    node,
    php,
    python,
    ruby,
    rust,
    sites,
    web,
)
from devops_orchestrator.domains.containers.docker.recipes.python_command import without_runner
from devops_orchestrator.domains.containers.docker.recipes.recipe import Job, Recipe, joined
from devops_orchestrator.domains.containers.docker.rules import bases, running
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text

PACKAGE = "devops_orchestrator.domains.containers.docker"
RECIPES: dict[str, Callable[[Job], Recipe]] = {
    "python": python.recipe, "javascript": node.recipe, "typescript": node.recipe, "go": golang.recipe,
    "java": java.recipe, "kotlin": java.recipe, "php": php.recipe, "static": web.plain,
    "ruby": ruby.recipe, "rust": rust.recipe, "csharp": dotnet.recipe, "elixir": elixir.recipe,
}  # fmt: skip

# Their images hold no compiler and no source: what a migration runs through is not there.
COMPILED = ("go", "rust", "csharp", "elixir", "java", "kotlin")


def recipe_of(job: Job) -> Callable[[Job], Recipe] | None:
    """The recipe for a component: by the generator of its pages, the runtime that it names, then its language."""
    component = job.component
    if component.framework == "hugo" and sites.hugo_version(job) is None:
        return None
    if component.kind == "static" and component.framework in sites.GENERATORS:
        return sites.recipe
    if component.runtime and component.runtime.name == "deno":
        return deno.recipe
    return RECIPES.get(component.language or "")


def suggest(project: Project) -> Mapping[str, Suggestion]:
    """The runtime's version and the port of the only component; with several, each keeps its own."""
    if len(chosen(project, None)) != 1:
        return {}
    component = chosen(project, None)[0]
    found: dict[str, Suggestion] = {}
    if component.port and component.port >= 1024 and component.kind != "static":  # a port below would need root
        found["port"] = Suggestion(component.port, component.evidence.get("port", ""))
    return found


def chosen(project: Project, name: str | None) -> list[Component]:
    """The components that become images: the named one, else every deployable one; of two in one folder the service.

    A repository that holds nothing but command-line programs gets their images.
    """
    commands = [c for c in project.components if c.kind == "command" and (c.start or c.entrypoint)]
    every = [*project.deployable, *commands]
    named = [c for c in every if name and name in (c.name, c.path, posixpath.basename(c.path))]
    kept: dict[str, Component] = {}
    for component in named or project.deployable or commands:
        known = kept.get(component.path)
        if known is None or (known.kind != "service" and component.kind == "service"):
            kept[component.path] = component
    return list(kept.values())


def create(params: DockerParams, project: Project) -> Creation:
    """The files. With no component that can be deployed, a question instead."""
    components = chosen(project, params.name)
    jobs = [Job(component, _for(params, component, len(components)), project) for component in components]
    known = [job for job in jobs if recipe_of(job)]
    if not known:
        return refusals.nothing(project, jobs)
    files: list[File] = []
    notes: list[Text] = []
    ignored: dict[str, list[str]] = {}
    leave: dict[str, list[str]] = {}
    keep: dict[str, list[str]] = {}
    for job in known:
        made = recipe_of(job)
        assert made is not None
        recipe = made(job)
        files.append(_dockerfile(job, recipe))
        for path, (content, why) in recipe.files.items():
            files.append(File(posixpath.normpath(posixpath.join(job.component.path, path)), content, why))
        ignored.setdefault(job.context, []).extend(recipe.ignore)
        leave.setdefault(job.context, []).extend(recipe.leave)
        keep.setdefault(job.context, []).extend(["docs"] if job.component.kind == "static" else [])
        notes += [*_steps(job, recipe), *recipe.notes, *_processes(job)]
        if note := _left_out(job):
            notes.append(note)
        base = recipe.values.get("base")
        if base is not None and base.why:
            notes.append(base.why)
    for context, entries in ignored.items():
        files.append(ignore.file(project, context, entries, leave[context], keep[context]))
    if left := [job for job in jobs if job not in known]:
        notes.append(refusals.left(left))
    notes += _shared_images(project, components)
    return Creation(_summary(known), tuple(files), next_steps=tuple(dict.fromkeys(notes)))


def _for(params: DockerParams, component: Component, count: int) -> DockerParams:
    """The parameters of one component: with several, the project's own port and name hold for each."""
    if count == 1:
        return params
    product = images.RUNTIMES.get(component.runtime.name, component.runtime.name) if component.runtime else None
    fits = product in ("python", "node", "go", "java", "php", "bun", "deno", "ruby", "rust", "dotnet", "elixir")
    return params.model_copy(update={"port": None, "name": None, **({} if fits else {"version": None})})


def _dockerfile(job: Job, recipe: Recipe) -> File:
    shared = {
        "head": _head(job), "tail": _tail(job, recipe), "port": recipe.port if job.component.kind in ("service", "static") else None,
    }  # fmt: skip
    content = render(PACKAGE, recipe.template, **{**shared, **recipe.values, "port": shared["port"]})
    why = Text(f"builds the image of {job.component.name}", f"construit l'image de {job.component.name}")
    base = recipe.values.get("base")
    return File(job.dockerfile, _accepted(job, _spaced(content), base.ended if base else ""), why)


def _accepted(job: Job, content: str, ended: str) -> str:
    """An image that was asked for is used as asked: where a rule objects to it, the file says who decided.

    `ended` says that the project's own version is out of support, where a supported one stands in for it.
    """
    given = job.params
    asked = given.version is not None or given.base_image is not None
    rules = [*(bases.RULES if asked else (bases.runtime_mismatch,) if ended else ())]
    rules += [running.expose_mismatch] if given.port else []
    source = Source(job.dockerfile, content, "dockerfile")
    objections: dict[int, list[str]] = {}
    for rule in rules:
        for finding in rule.findings(source, job.project):
            objections.setdefault(finding.line, []).append(rule.id)
    lines = content.split("\n")
    for line in sorted(objections, reverse=True):
        reason = ended if ended and not asked and objections[line] == [bases.runtime_mismatch.id] else "asked for"
        lines.insert(line - 1, f"# devops: ignore[{', '.join(objections[line])}] {reason}")
    return "\n".join(lines)


def _spaced(content: str) -> str:
    """One empty line before each stage after the first, above the comments that belong to it."""
    lines = [line for line in content.split("\n") if line.strip()]
    out: list[str] = []
    stages = 0
    for line in lines:
        if line.startswith("FROM "):
            stages += 1
            if stages > 1:
                at = len(out)
                while at and out[at - 1].startswith("#"):
                    at -= 1
                out.insert(at, "")
        out.append(line)
    return "\n".join(out) + "\n"


def _head(job: Job) -> str:
    elsewhere = job.context != job.component.path
    where = "the repository's root" if job.context == "." else job.context
    lock = job.component.lockfile and (posixpath.dirname(job.component.lockfile) or ".") == job.context
    reason = f"The lockfile is in {where}" if lock else f"It is built with files of {where}"
    return render(
        PACKAGE, "head.Dockerfile", dockerfile=job.dockerfile, image=_image_name(job), where=job.context,
        reason=reason if elsewhere else "",
    ).rstrip("\n")  # fmt: skip


def _tail(job: Job, recipe: Recipe) -> str:
    served = job.component.kind == "static" or "writable" in recipe.values  # the recipe has its own way
    writable = [] if served else job.writable
    labels = joined(f'org.opencontainers.image.{key}="{value}"' for key, value in job.labels)
    return render(
        PACKAGE, "tail.Dockerfile", labels=labels, writable=writable, user=recipe.values.get("user", "")
    ).strip("\n")


def _image_name(job: Job) -> str:
    return (job.params.name or job.component.name).lower().replace("@", "").replace("/", "-")


def _steps(job: Job, recipe: Recipe) -> list[Text]:
    """The commands that build and start the image."""
    name, context = _image_name(job), job.context
    file = (
        "" if job.dockerfile == posixpath.normpath(posixpath.join(context, "Dockerfile")) else f" -f {job.dockerfile}"
    )
    if job.params.platforms:
        platforms = ",".join(job.params.platforms)
        build = f"docker buildx build --platform {platforms}{file} -t REGISTRY/{name} --push {context}"
        return [
            Text(
                f"Build for each platform: {build} (an image for several platforms goes to a registry, the local engine holds one)",
                f"Construire pour chaque plateforme : {build} (une image multiplateforme va dans un registre, le moteur local n'en garde qu'une)",
            )
        ]
    build = f"docker build{file} -t {name} {context}"
    port = f" -p {recipe.port}:{recipe.port}" if recipe.port and job.component.kind in ("service", "static") else ""
    needed = _environment(job) if recipe.template != "static.Dockerfile" else ""
    run = f"docker run --rm --init{port}{needed} {name}"
    steps = [Text(f"Build: {build}", f"Construire : {build}"), Text(f"Start: {run}", f"Démarrer : {run}")]
    if migrate := recipe.migrate or _migration(job):
        steps.append(
            Text(
                f"Before a new version starts, migrate the database once: docker run --rm{needed} {name} {migrate}",
                f"Avant le démarrage d'une nouvelle version, migrez la base une seule fois : docker run --rm{needed} {name} {migrate}",
            )
        )
    elif job.component.migrate:
        steps.append(
            Text(
                f"The image leaves the migration tool out ({_tool(job).en}): run `{job.component.migrate}` in the pipeline before a new version starts.",
                f"L'image ne contient pas l'outil de migration ({_tool(job).fr}) : lancez `{job.component.migrate}` dans le pipeline avant le démarrage d'une nouvelle version.",
            )
        )
    return steps


def _environment(job: Job) -> str:
    """The options of `docker run` for the variables that the program needs."""
    names = job.component.required_environment
    if len(names) > 4:
        return " --env-file .env"
    return "".join(f" -e {name}" for name in names)


def _migration(job: Job) -> str | None:
    """The migration command as the image runs it; None where its tool is not in the image."""
    words = without_runner((job.component.migrate or "").split())
    if not words:
        return None
    if job.component.language in COMPILED:
        return None
    tool = words[1] if words[0] in ("npx", "pnpm", "yarn", "bunx") and len(words) > 1 else words[0]
    return None if tool in job.component.dev_dependencies else " ".join(words)


def _tool(job: Job) -> Text:
    if job.component.language in COMPILED:
        return Text("it holds compiled programs alone", "elle ne contient que des programmes compilés")
    return Text("a development dependency", "dépendance de développement")


def _shared_images(project: Project, components: list[Component]) -> list[Text]:
    """Workers in the folder of a service run from the service's image."""
    found = []
    for component in project.deployable:
        host = next((c for c in components if c.path == component.path and c is not component), None)
        if host and component not in components and component.start:
            found.append(
                Text(
                    f"{component.name} runs from the image of {host.name}: give the container the command `{component.start}`.",
                    f"{component.name} utilise l'image de {host.name} : donnez au conteneur la commande `{component.start}`.",
                )
            )
    return found


def _processes(job: Job) -> list[Text]:
    """Workers and schedulers of the component run from its image, with a command of their own."""
    found = []
    for process in job.component.processes:
        command = " ".join(without_runner(process.command.split())).replace("./target/release/", "/usr/local/bin/")
        found.append(
            Text(
                f"{process.name} runs from the image of {job.component.name}: give the container the command `{command}`.",
                f"{process.name} utilise l'image de {job.component.name} : donnez au conteneur la commande `{command}`.",
            )
        )
    return found


def _left_out(job: Job) -> Text | None:
    """What to say of a base image that cannot run the program."""
    runtimes = {"javascript": "node", "typescript": "node", "kotlin": "java", "static": "nginx", "csharp": "dotnet"}
    language = "static" if job.component.kind == "static" else str(job.component.language)
    if job.component.runtime and job.component.runtime.name in ("bun", "deno") and language != "static":
        language = job.component.runtime.name
    asked = job.params.base_image
    if asked is None or job.fits(runtimes.get(language, language)):
        return None
    return Text(
        f"{asked} cannot run {job.component.name}: the image for its own runtime was kept.",
        f"{asked} ne peut pas exécuter {job.component.name} : l'image de son propre environnement a été conservée.",
    )


def _summary(jobs: list[Job]) -> Text:
    names = ", ".join(job.component.name for job in jobs)
    return Text(
        f"A multi-stage Dockerfile and a .dockerignore for {names}.",
        f"Un Dockerfile multi-stage et un .dockerignore pour {names}.",
    )
