"""The setup steps of JavaScript: Node.js with its package managers, Bun, Deno."""

from __future__ import annotations

import json

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.cicd.github_actions.pipeline import Raw, Step, Value
from devops_orchestrator.domains.cicd.github_actions.runtimes import (
    has,
    lock,
    noted,
    path_in,
    root_of,
    version_file,
    version_input,
)


def node(component: Component, project: Project, given: Raw | None) -> list[Step]:
    manager = component.package_manager or "npm"
    found: list[Step] = []
    root = root_of(component)
    if manager == "pnpm":
        found.append(Step(uses="pnpm/action-setup", inputs=_pnpm(component, project, root)))
    if manager == "yarn" and (component.package_manager_version or "1")[0] != "1":
        found.append(Step(name="Enable the Yarn of package.json", run="corepack enable", folder="."))
    inputs = version_input(component, project, given, "node-version", "node-version-file")
    if component.lockfile:
        inputs |= {"cache": manager, **lock(component)}
    else:
        inputs["package-manager-cache"] = Raw("false # there is no lockfile to make a cache key of")
    return [*found, Step(uses="actions/setup-node", inputs=inputs)]


def _pnpm(component: Component, project: Project, root: str) -> dict[str, Value]:
    path = path_in(root, "package.json")
    try:
        manifest = json.loads(project.repository.read(path) or "{}")
    except json.JSONDecodeError:
        manifest = {}
    if isinstance(manifest, dict) and str(manifest.get("packageManager", "")).startswith("pnpm@"):
        return {} if root == "." else {"package_json_file": path}
    said = component.package_manager_version
    if said:
        return {"version": Raw(f'"{said}"')}
    newest = str(facts.load("runtimes")["pnpm"]["latest_supported"])
    return {"version": Raw(f'"{newest}" # the newest release; packageManager in package.json would pin it')}


def bun(component: Component, project: Project, given: Raw | None) -> list[Step]:
    """Bun in the project's version, and Node.js beside it where the program itself runs on that."""
    lockfile = component.lockfile or path_in(root_of(component), "bun.lock")
    key = f"bun-${{{{ runner.os }}}}-${{{{ hashFiles('{lockfile}') }}}}"
    cache = Step(uses="actions/cache", inputs={"path": "~/.bun/install/cache", "key": Raw(key)})
    found = [Step(uses="oven-sh/setup-bun", inputs=_bun_version(component, project)), cache]
    if component.runtime and component.runtime.name == "node" and component.runtime.version:
        inputs = version_input(component, project, given, "node-version", "node-version-file")
        inputs["package-manager-cache"] = Raw("false # Bun installs, and has the cache above")
        found.insert(0, Step(uses="actions/setup-node", inputs=inputs))
    return found


def _bun_version(component: Component, project: Project) -> dict[str, Value]:
    for name in (".bun-version", "package.json"):
        path = path_in(root_of(component), name)
        text = project.repository.read(path) if path in project.repository.files else None
        if text and (name != "package.json" or '"bun@' in text):
            return {"bun-version-file": path}
    said = component.runtime.version if component.runtime and component.runtime.name == "bun" else None
    if said := said or component.package_manager_version:
        return {"bun-version": Raw(f'"{said}"')}
    newest = str(facts.load("runtimes")["bun"]["cycles"][0]["latest"])
    return {"bun-version": Raw(f'"{newest}" # the newest release; packageManager in package.json would pin it')}


def deno(component: Component, project: Project, given: Raw | None) -> list[Step]:
    """Deno in the project's version, with its module cache."""
    inputs: dict[str, Value]
    if given:
        inputs = {"deno-version": given}
    elif path := version_file(component, project):
        inputs = {"deno-version-file": path}
    else:
        inputs = {"deno-version": noted(component, project)}
    if has(project.repository, root_of(component), "deno.lock"):
        inputs["cache"] = True
    return [Step(uses="denoland/setup-deno", inputs=inputs)]
