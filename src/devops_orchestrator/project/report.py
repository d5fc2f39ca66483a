"""A project as CONTRACT.md's JSON object."""

from __future__ import annotations

from typing import Any

from devops_orchestrator.core.project import Component, Project


def to_json(project: Project) -> dict[str, Any]:
    """The object of `inspect --json`."""
    root = project.repository.root
    return {
        "root": str(root) if root else None,
        "name": project.name,
        "vcs": {"host": project.vcs.host, "default_branch": project.vcs.default_branch},
        "components": [_component(component) for component in project.components],
        "devops_files": [
            {"path": file.path, "kind": file.kind, "detail": list(file.detail)} for file in project.devops_files
        ],
    }


def _component(component: Component) -> dict[str, Any]:
    runtime = component.runtime
    return {
        "path": component.path,
        "language": component.language,
        "framework": component.framework,
        "package_manager": component.package_manager,
        "runtime": {"name": runtime.name, "version": runtime.version} if runtime else None,
        "install": component.install,
        "build": component.build,
        "test": component.test,
        "lint": component.lint,
        "start": component.start,
        "port": component.port,
        "health": component.health,
        "services": list(component.services),
        "environment": list(component.environment),
        "evidence": {fact: place for fact, place in sorted(component.evidence.items()) if "." not in fact},
        # Beyond the contract's keys, in the same spirit: null or empty where the repository does not say.
        "name": component.name,
        "kind": component.kind,
        "uses": list(component.uses),
        "typecheck": component.typecheck,
        "migrate": component.migrate,
        "metrics": component.metrics,
        "output": component.output,
        "assets": component.assets,
        "writable": list(component.writable),
        "required_environment": list(component.required_environment),
        "service_versions": {
            service: version
            for service in component.services
            if (version := component.traits.get(f"version.{service}"))
        },
        "processes": [
            {"name": one.name, "kind": one.kind, "command": one.command, "evidence": one.evidence}
            for one in component.processes
        ],
    }
