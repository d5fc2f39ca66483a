"""The package managers of JavaScript: how each comes into the image, what it reads, and its commands."""

from __future__ import annotations

from dataclasses import dataclass

from devops_orchestrator.core import facts
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes.recipe import Job
from devops_orchestrator.text import Text


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


def on_bun(job: Job) -> bool:
    """Whether the program itself runs on Bun, not only its installation."""
    return bool(job.component.runtime and job.component.runtime.name == "bun")


def manager(job: Job, version: str) -> Manager:
    """The package manager of a component, in an image of this version of its runtime."""
    name = job.component.package_manager or "npm"
    if on_bun(job):
        return _bun(job)
    major = int(images.numbers(version)[0])
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
    said = job.component.package_manager_version
    version = said or facts.load("runtimes")["bun"]["cycles"][0]["latest"]
    lock = next((n for n in ("bun.lock", "bun.lockb") if job.has(n)), None)
    install = "bun install --frozen-lockfile" if lock else "bun install"
    manifests = ("package.json", *((lock,) if lock else ()), *(n for n in ("bunfig.toml",) if job.has(n)))
    return Manager(
        "bun",
        "" if on_bun(job) else f"npm install --global bun@{version}",
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
