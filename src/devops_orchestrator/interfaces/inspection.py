"""What a repository is, for people and as JSON."""

from __future__ import annotations

import json

import click

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.project import to_json
from devops_orchestrator.text import Text

FACTS = (
    ("runtime", Text("runtime", "environnement d'exécution")),
    ("package_manager", Text("package manager", "gestionnaire de paquets")),
    ("install", Text("install", "installation")),
    ("build", Text("build", "construction")),
    ("test", Text("tests", "tests")),
    ("lint", Text("lint", "lint")),
    ("typecheck", Text("types", "types")),
    ("start", Text("start", "démarrage")),
    ("migrate", Text("migrations", "migrations")),
    ("port", Text("port", "port")),
    ("health", Text("health route", "route de santé")),
    ("metrics", Text("metrics", "métriques")),
    ("services", Text("services", "services")),
    ("environment", Text("environment", "variables d'environnement")),
)


def as_json(project: Project) -> str:
    """CONTRACT.md's object."""
    return json.dumps(to_json(project), ensure_ascii=False, indent=2)


def as_text(project: Project, language: str) -> str:
    """The components with their facts, each with its place; then the DevOps files."""
    host = f"  {project.vcs.host}" if project.vcs.host else ""
    branch = f"  {project.vcs.default_branch}" if project.vcs.default_branch else ""
    lines = [click.style(project.name, bold=True) + host + branch]
    for component in project.components:
        lines += ["", *_component(component, language)]
    if not project.components:
        lines.append(Text("No application found.", "Aucune application trouvée.").to(language))
    if project.devops_files:
        lines += ["", click.style(Text("DevOps files", "Fichiers DevOps").to(language), bold=True)]
        lines += [f"  {file.path}  {click.style(file.kind, dim=True)}" for file in project.devops_files]
    for problem in project.problems:
        message = Text(problem.message_en, problem.message_fr).to(language)
        lines.append(click.style(f"  ! {problem.path}:{problem.line}  {message}", fg="yellow"))
    return "\n".join(lines)


def _component(component: Component, language: str) -> list[str]:
    what = " · ".join(part for part in (component.language, component.framework, component.kind) if part)
    lines = [f"{click.style(component.name, bold=True)}  {component.path}  {click.style(what, dim=True)}"]
    for name, label in FACTS:
        value = _shown(component, name)
        if value:
            evidence = component.evidence.get(name, "")
            lines.append(f"  {label.to(language):<26}{value}  {click.style(evidence, dim=True)}".rstrip())
    return lines


def _shown(component: Component, name: str) -> str:
    value = getattr(component, name)
    if name == "runtime" and component.runtime:
        return f"{component.runtime.name} {component.runtime.version or ''}".strip()
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
