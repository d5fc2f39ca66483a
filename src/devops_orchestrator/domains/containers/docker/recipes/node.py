"""Node.js: npm, pnpm, Yarn and Bun; servers, NestJS, Next.js, and front ends that become static files."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes import web
from devops_orchestrator.domains.containers.docker.recipes.recipe import UID as ACCOUNT
from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    Job,
    Recipe,
    exec_form,
    health_command,
    joined,
    plain_words,
)
from devops_orchestrator.text import Text

SLIM = ("trixie-slim", "slim")
UID = 1000  # the node user of the official image
# Folders that a server reads at run time beside its compiled code.
ASSETS = ("public", "static", "views", "templates", "prisma", "migrations", "locales", "assets", "drizzle")
IGNORE = (
    "**/node_modules",
    "**/dist",
    "**/build",
    "**/.next",
    "**/out",
    "**/coverage",
    "**/.turbo",
    "**/*.tsbuildinfo",
    "**/npm-debug.log*",
)


@dataclass(frozen=True)
class Manager:
    """A package manager: how it comes into the image, its manifests, and its commands."""

    name: str
    setup: str  # the RUN that brings it, or nothing
    manifests: tuple[str, ...]
    cache: str
    install: str
    production: str  # the same without the development dependencies
    prune: str  # takes the development dependencies out of an installed tree
    run: str  # runs a script of package.json
    notes: tuple[Text, ...] = ()


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a JavaScript or TypeScript component."""
    base = job.base("node", "node", *SLIM)
    manager = _manager(job, base.version)
    common = {
        "base": base, "manager": manager, "manifests": _copied(job, manager), "inside": job.inside,
        "build": _build_command(job, manager), "public": _public_variables(job), "user": job.user(f"{UID}:{UID}", "node"), "account": job.account("", "node"), "uid": ACCOUNT,
        "final": job.final(base.image, "node"),
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
    command, notes = _command(job)
    output = _output(job) if common["build"] else ""
    work = f"/app/{job.inside}".rstrip("/")
    shared = _shared_folders(job)
    values = {
        **common, "command": exec_form(command), "output": output, "work": work, "health": health_command(common["base"].image, component.health, job.port),
        "assets": [] if not output else [a for a in job.folders(*ASSETS) if a != output.split("/")[0]],
        "environment": joined(["NODE_ENV=production", *([f"{job.port_variable[0]}={job.port_variable[1]}"] if job.port_variable else [])]),
        "shared": shared, "deploy": _deploy(job), "steps": _steps(common, prune=not _deploy(job)),
        "install": common["manager"].install if common["build"] or common["prisma"] else _production(job, common["manager"]),
    }  # fmt: skip
    return Recipe(
        "node.Dockerfile", values, ignore=ignored(job), notes=(*notes, *common["manager"].notes), port=job.port
    )


def _production(job: Job, manager: Manager) -> str:
    """The install without development dependencies; in an npm workspace of this component alone."""
    if job.inside and manager.name == "npm":
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


def _manager(job: Job, node: str) -> Manager:
    name = job.component.package_manager or "npm"
    major = int(images.numbers(node)[0])
    if name == "pnpm":
        return _pnpm(job)
    if name == "yarn":
        return _yarn(job, major)
    if name == "bun":
        return _bun(job)
    lock = next((n for n in ("package-lock.json", "npm-shrinkwrap.json") if job.has(n)), None)
    install = "npm ci" if lock else "npm install"
    notes = () if lock else (
        Text(
            "There is no package-lock.json: two builds may install different versions. Run `npm install` and commit it.",
            "Il n'y a pas de package-lock.json : deux builds peuvent installer des versions différentes. Lancez `npm install` et versionnez le fichier.",
        ),
    )  # fmt: skip
    configured = tuple(n for n in (".npmrc",) if job.has(n))
    return Manager(
        "npm", "", ("package.json", *((lock,) if lock else ()), *configured), "/root/.npm", install,
        f"{install} --omit=dev", "npm prune --omit=dev", "npm run", notes,
    )  # fmt: skip


def _pnpm(job: Job) -> Manager:
    pinned = (job.component.package_manager_version or "").split("+")[0] or str(
        facts.load("packagers")["pnpm"]["version"]
    )
    extra = tuple(n for n in ("pnpm-workspace.yaml", ".npmrc", ".pnpmfile.cjs") if job.has(n))
    lock = job.has("pnpm-lock.yaml")
    install = "pnpm install --frozen-lockfile" if lock else "pnpm install"
    return Manager(
        "pnpm", f"npm install --global pnpm@{pinned}", ("package.json", *(("pnpm-lock.yaml",) if lock else ()), *extra),
        "/root/.local/share/pnpm/store", install, f"{install} --prod", "CI=true pnpm prune --prod", "pnpm run",
    )  # fmt: skip


def _bun(job: Job) -> Manager:
    version = facts.load("runtimes")["bun"]["cycles"][0]["latest"]
    lock = next((n for n in ("bun.lock", "bun.lockb") if job.has(n)), None)
    install = "bun install --frozen-lockfile" if lock else "bun install"
    manifests = ("package.json", *((lock,) if lock else ()), *(n for n in ("bunfig.toml",) if job.has(n)))
    return Manager(
        "bun",
        f"npm install --global bun@{version}",
        manifests,
        "/root/.bun/install/cache",
        install,
        f"{install} --production",
        f"rm -rf node_modules && {install} --production",
        "bun run",
    )


def _yarn(job: Job, node: int) -> Manager:
    packagers = facts.load("packagers")
    version = job.component.package_manager_version or ""
    lock = job.read("yarn.lock") or ""
    berry = "__metadata:" in lock or (version[:1].isdigit() and int(version.split(".")[0]) >= 2)
    if not berry:
        bundled = node <= packagers["yarn"]["bundled_until_node"]
        setup = "" if bundled else f"npm install --global yarn@{packagers['yarn']['version']}"
        install = "yarn install --frozen-lockfile"
        return Manager(
            "yarn", setup, ("package.json", "yarn.lock"), "/usr/local/share/.cache/yarn", install,
            f"{install} --production", f"{install} --production --ignore-scripts --prefer-offline", "yarn run",
        )  # fmt: skip
    extra = tuple(n for n in (".yarnrc.yml",) if job.has(n))
    if any(path.startswith(".yarn/") for path in _committed_yarn(job)):
        extra = (*extra, ".yarn")
    setup = "corepack enable"
    if node > packagers["corepack"]["bundled_until_node"]:
        setup = f"npm install --global corepack@{packagers['corepack']['version']} && corepack enable"
    notes = () if version else (
        Text(
            "package.json has no packageManager field: run `yarn set version stable` so that the build uses one Yarn version.",
            "package.json n'a pas de champ packageManager : lancez `yarn set version stable` pour que le build utilise une seule version de Yarn.",
        ),
    )  # fmt: skip
    return Manager(
        "yarn", setup, ("package.json", "yarn.lock", *extra), "/root/.yarn/berry/cache", "yarn install --immutable",
        "yarn workspaces focus --all --production", "yarn workspaces focus --all --production", "yarn run", notes,
    )  # fmt: skip


def _committed_yarn(job: Job) -> list[str]:
    """Yarn's own release and plugins, which a repository may commit (the file list leaves `.yarn` out)."""
    listed = job.project.repository.git("ls-files", "--", job.at(".yarn/releases"), job.at(".yarn/plugins"))
    return [path.removeprefix("" if job.context in (".", "") else job.context + "/") for path in (listed or "").split()]


def _copied(job: Job, manager: Manager) -> list[tuple[str, str]]:
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
    data = _package(job, "package.json")
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


def _package(job: Job, path: str) -> dict[str, Any]:
    try:
        data = json.loads(job.read(path) or "{}")
    except json.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}


def _build_command(job: Job, manager: Manager) -> str:
    """The script that builds the component, run from the context's root."""
    scripts = job.component.scripts
    if "build" not in scripts:
        command = job.component.build or ""
        return command.replace("npm run", manager.run) if command and not job.inside else ""
    if not job.inside:
        return f"{manager.run} build"
    name = _package(job, f"{job.inside}/package.json").get("name", job.inside)
    return {
        "npm": f"npm run build --workspace={job.inside}",
        "pnpm": f"pnpm --filter {name}... run build",
        "yarn": f"yarn workspace {name} run build",
        "bun": f"bun run --filter {name} build",
    }[manager.name]


def _deploy(job: Job) -> str:
    """pnpm's way to one member with its own dependencies; the other managers keep the hoisted tree."""
    if not job.inside or job.component.package_manager != "pnpm":
        return ""
    name = _package(job, f"{job.inside}/package.json").get("name", job.inside)
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
            data = _package(job, path)
            members[str(data.get("name"))] = (path.removesuffix("/package.json"), data)
    found: list[str] = []
    queue = [_package(job, f"{job.inside}/package.json")]
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


def _command(job: Job) -> tuple[list[str], tuple[Text, ...]]:
    component = job.component
    scripts = component.scripts
    for line in (scripts.get("start:prod"), component.start, scripts.get("start")):
        words = plain_words(line or "")
        if words and words[0] == "node":
            return words, ()
    if component.entrypoint and re.search(r"\.[cm]?js$", component.entrypoint):
        return ["node", component.entrypoint.removeprefix("./")], ()
    if "start:prod" in scripts or "start" in scripts:
        script = "start:prod" if "start:prod" in scripts else "start"
        return ["npm", "run", script] if script != "start" else ["npm", "start"], (
            Text(
                "The container starts through npm, which passes on no signals: name the file with `node` in CMD to stop cleanly.",
                "Le conteneur démarre par npm, qui ne transmet pas les signaux : indiquez le fichier avec `node` dans CMD pour un arrêt propre.",
            ),
        )
    return ["node", "index.js"], (
        Text(
            "No start command was found: replace the CMD of the Dockerfile by yours.",
            "Aucune commande de démarrage n'a été trouvée : remplacez le CMD du Dockerfile par la vôtre.",
        ),
    )
