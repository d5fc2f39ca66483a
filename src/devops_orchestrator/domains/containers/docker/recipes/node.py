"""Node.js: npm, pnpm, Yarn and Bun; servers, NestJS, Next.js, and front ends that become static files."""

from __future__ import annotations

import json
import posixpath
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.domains.containers.docker.recipes import node_command, web
from devops_orchestrator.domains.containers.docker.recipes.node_managers import Manager, on_bun
from devops_orchestrator.domains.containers.docker.recipes.node_managers import manager as manager_of
from devops_orchestrator.domains.containers.docker.recipes.recipe import UID as ACCOUNT
from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    Job,
    Recipe,
    exec_form,
    health_command,
    joined,
)
from devops_orchestrator.text import Text

SLIM = ("trixie-slim", "slim")
UID = 1000  # the node user of the official image, and the bun user of Bun's
# Folders that a server reads at run time beside its compiled code.
ASSETS = ("public", "static", "views", "templates", "prisma", "migrations", "locales", "assets", "drizzle")


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a JavaScript or TypeScript component, on Node.js or on Bun."""
    runtime = "bun" if on_bun(job) else "node"
    base = job.base("bun", "oven/bun", "slim") if runtime == "bun" else job.base("node", "node", *SLIM)
    manager = manager_of(job, base.version)
    common = {
        "base": base, "manager": manager, "manifests": copied(job, manager), "inside": job.inside,
        "build": _build_command(job, manager), "public": _public_variables(job), "user": job.user(f"{UID}:{UID}", runtime), "account": job.account("", runtime), "uid": ACCOUNT,
        "final": job.final(base.image, runtime), "owner": runtime,
        "prisma": _prisma(job),
    }  # fmt: skip
    if job.component.kind == "static":
        return web.from_build(job, common, _output(job), ignored(job))
    if job.component.framework == "nextjs":
        return _next(job, common)
    return _server(job, common)


def ignored(job: Job) -> tuple[str, ...]:
    """What is installed or built again in the image."""
    component = job.component
    left = ["**/node_modules"]
    left += (
        [posixpath.normpath(posixpath.join(job.inside, _output(job)))]
        if component.scripts.get("build") or component.build
        else []
    )
    if component.framework == "nextjs":
        left.append(f"{job.mounted}.next")
    if component.depends_on("turbo"):
        left.append("**/.turbo")
    if component.depends_on("jest", "vitest", "nyc", "c8"):
        left.append("**/coverage")
    return tuple(left)


def _server(job: Job, common: dict[str, Any]) -> Recipe:
    component = job.component
    command, notes = node_command.command(job)
    output = _output(job) if common["build"] else ""
    whole = integrated(job)  # its build goes to the workspace's own folder, its dependencies are the workspace's
    if whole:
        common = {**common, "inside": ""}
        output = posixpath.normpath(posixpath.join(job.inside, output)) if output else ""
    work = "/app" if whole else f"/app/{job.inside}".rstrip("/")
    shared = _shared_folders(job)
    values = {
        **common, "command": exec_form(command), "output": output, "work": work, "health": health_command(common["base"].image, component.health, job.port),
        "assets": [] if not output or whole else [a for a in job.folders(*ASSETS) if a != output.split("/")[0]],
        "environment": joined(["NODE_ENV=production", *([f"{job.port_variable[0]}={job.port_variable[1]}"] if job.port_variable else [])]),
        "shared": shared, "deploy": _deploy(job), "steps": _steps(common, prune=not _deploy(job)),
        "install": common["manager"].install if common["build"] or common["prisma"] else _production(job, common["manager"]),
    }  # fmt: skip
    return Recipe(
        "node.Dockerfile", values, ignore=ignored(job), notes=(*notes, *common["manager"].notes), port=job.port
    )


def integrated(job: Job) -> bool:
    """Whether it is a project of a workspace with one package.json for all, as Nx makes them."""
    return bool(job.inside) and not job.has(f"{job.inside}/package.json")


def _production(job: Job, manager: Manager) -> str:
    """The install without development dependencies; in an npm workspace of this component alone."""
    if job.inside and manager.name == "npm" and not integrated(job):
        return f"{manager.production} --workspace={job.inside} --include-workspace-root"
    return manager.production


def _steps(common: dict[str, Any], *, prune: bool) -> str:
    """What is run once the code is there: generate, build, and take out what only the build needed."""
    prisma, build = common["prisma"], common["build"]
    steps = [*([prisma] if prisma and prisma != "-" else []), *([build] if build else [])]
    if steps and prune:
        steps.append(common["manager"].prune)
    return " \\\n    && ".join(steps)


def _next(job: Job, common: dict[str, Any]) -> Recipe:
    port = job.port or 3000
    standalone = _is_standalone(job)
    notes: tuple[Text, ...] = common["manager"].notes
    if not standalone:
        notes = (
            *notes,
            Text(
                "next.config does not set output: \"standalone\". With it the image holds only the files that the server needs; add it and create the Dockerfile again.",
                "next.config ne définit pas output: \"standalone\". Avec cette option, l'image ne contient que les fichiers utiles au serveur ; ajoutez-la puis recréez le Dockerfile.",
            ),
        )  # fmt: skip
    values = {
        **common, "standalone": standalone, "port": port, "health": health_command(common["base"].image, job.component.health, port),
        "public_folder": bool(job.folders("public")), "work": f"/app/{job.inside}".rstrip("/"), "shared": _shared_folders(job),
        "steps": _steps(common, prune=not standalone),
        "config": [n for n in ("next.config.js", "next.config.mjs", "next.config.ts") if job.has(job.mounted + n)],
    }  # fmt: skip
    return Recipe("nextjs.Dockerfile", values, ignore=ignored(job), notes=notes, port=port)


def _is_standalone(job: Job) -> bool:
    """Whether next.config sets `output: "standalone"`, read from its syntax tree."""
    if "standalone" in job.component.traits.get("output", ""):
        return True
    from ast_grep_py import SgRoot

    for name in ("next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"):
        text = job.read(job.mounted + name)
        if text is None:
            continue
        for pair in SgRoot(text, "typescript").root().find_all(kind="pair"):
            key, value = pair.field("key"), pair.field("value")
            if key and value and key.text().strip("\"'") == "output" and value.text().strip("\"'`") == "standalone":
                return True
    return False


def copied(job: Job, manager: Manager) -> list[tuple[str, str]]:
    """(sources, target) of the COPYs of the dependency layer: the root's manifests, then each workspace member's."""
    plain = " ".join(name for name in manager.manifests if name != ".yarn")
    copies = [(plain, "./")]
    if ".yarn" in manager.manifests:
        copies.append((".yarn", "./.yarn"))
    if job.folders("prisma") and job.component.depends_on("@prisma/client"):
        copies.append((f"{job.mounted}prisma", f"./{job.mounted}prisma"))  # its postinstall reads the schema
    if job.inside or job.has("pnpm-workspace.yaml") or _workspaces(job):
        members = [p for p in job.below if p.endswith("/package.json") and _is_member(job, p)]
        copies += [(path, f"./{path.removesuffix('package.json')}") for path in members]
    return copies


def _workspaces(job: Job) -> list[str]:
    data = package(job, "package.json")
    declared = data.get("workspaces", [])
    if isinstance(declared, dict):
        declared = declared.get("packages", [])
    found = [str(glob) for glob in declared] if isinstance(declared, list) else []
    text = job.read("pnpm-workspace.yaml")
    if text:
        from devops_orchestrator.formats import yaml

        for document in yaml.parse(text):
            packages = document.at("packages", default=[])
            found += [str(glob) for glob in packages or []]
    return found


def _is_member(job: Job, path: str) -> bool:
    from devops_orchestrator.core.repository import matches

    folder = path.removesuffix("/package.json")
    globs = [glob.strip("/").removeprefix("./") for glob in _workspaces(job)]
    kept = [glob for glob in globs if not glob.startswith("!")]
    return matches(folder, *kept) and not any(matches(folder, glob[1:]) for glob in globs if glob.startswith("!"))


def package(job: Job, path: str) -> dict[str, Any]:
    """A package.json of the context; an empty one where it is absent or does not parse."""
    try:
        data = json.loads(job.read(path) or "{}")
    except json.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}


def _build_command(job: Job, manager: Manager) -> str:
    """The script that builds the component, run from the context's root."""
    scripts = job.component.scripts
    if integrated(job):
        return job.component.build or ""
    if "build" not in scripts:
        command = job.component.build or ""
        return command.replace("npm run", manager.run) if command and not job.inside else ""
    if not job.inside:
        return f"{manager.run} build"
    name = package(job, f"{job.inside}/package.json").get("name", job.inside)
    return {
        "npm": f"npm run build --workspace={job.inside}",
        "pnpm": f"pnpm --filter {name}... run build",
        "yarn": f"yarn workspace {name} run build",
        "bun": f"bun run --filter {name} build",
    }[manager.name]


def _deploy(job: Job) -> str:
    """pnpm's way to one member with its own dependencies; the other managers keep the hoisted tree."""
    if not job.inside or job.component.package_manager != "pnpm" or integrated(job):
        return ""
    name = package(job, f"{job.inside}/package.json").get("name", job.inside)
    major = int(
        (job.component.package_manager_version or str(facts.load("packagers")["pnpm"]["version"])).split(".")[0]
    )
    legacy = " --legacy" if major >= 10 else ""
    return f"pnpm --filter {name} deploy --prod{legacy} /out"


def _shared_folders(job: Job) -> list[str]:
    """The folders of the workspace members that the component depends on, which node_modules links to."""
    if not job.inside:
        return []
    members: dict[str, tuple[str, dict[str, Any]]] = {}
    for path in job.below:
        if path.endswith("/package.json") and _is_member(job, path):
            data = package(job, path)
            members[str(data.get("name"))] = (path.removesuffix("/package.json"), data)
    found: list[str] = []
    queue = [package(job, f"{job.inside}/package.json")]
    while queue:
        for name in queue.pop().get("dependencies", {}):
            if name in members and members[name][0] not in (*found, job.inside):
                found.append(members[name][0])
                queue.append(members[name][1])
    return sorted(found)


def _output(job: Job) -> str:
    """The build's output, from the component's folder; it may lie outside of it."""
    return posixpath.normpath(job.component.output or "dist")


def _public_variables(job: Job) -> list[str]:
    """Variables that the bundler writes into the pages: they are public and must be there at build time."""
    prefixes = ("VITE_", "NEXT_PUBLIC_", "REACT_APP_", "PUBLIC_", "NUXT_PUBLIC_")
    return [name for name in job.component.environment if name.startswith(prefixes)]


def _prisma(job: Job) -> str:
    """The command that generates Prisma's client, or nothing."""
    if not job.component.depends_on("@prisma/client"):
        return ""
    scripts = " ".join(job.component.scripts.get(name, "") for name in ("build", "postinstall", "prebuild"))
    if "prisma generate" in scripts:
        return "-"  # the project's own scripts do it; the image still needs OpenSSL
    schema = next((p for p in job.below if p.endswith("schema.prisma")), "")
    standard = schema in ("", "prisma/schema.prisma", f"{job.mounted}prisma/schema.prisma") and not job.inside
    return "npx prisma generate" + ("" if standard else f" --schema={schema}")
