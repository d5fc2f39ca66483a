"""What a repository is, for people and as JSON."""

from __future__ import annotations

import json

import click

from devops_orchestrator.core.project import Component, DevopsFile, Project
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
    ("processes", Text("workers and jobs", "processus et tâches")),
    ("assets", Text("static files", "fichiers statiques")),
    ("writable", Text("written folders", "dossiers écrits")),
    ("uses", Text("built from", "construit à partir de")),
    ("environment", Text("environment", "variables d'environnement")),
)


def as_json(project: Project) -> str:
    """CONTRACT.md's object."""
    text = json.dumps(to_json(project), ensure_ascii=False, indent=2)
    # The bytes of a file's name that are no UTF-8 are escaped, and come back as they are.
    return text.encode("utf-8", "backslashreplace").decode()


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
        lines += [_devops_file(file) for file in project.devops_files]
    for problem in project.problems:
        message = Text(problem.message_en, problem.message_fr).to(language)
        lines.append(click.style(f"  ! {_plain(problem.path)}:{problem.line}  {message}", fg="yellow"))
    return "\n".join(lines)


def _plain(name: str) -> str:
    """A file's name on one line, with nothing in it that a terminal obeys."""
    return name if name.isprintable() else name.encode("unicode_escape").decode()


def _devops_file(file: DevopsFile) -> str:
    named = ", ".join(file.detail[:6]) + (", …" if len(file.detail) > 6 else "")
    return f"  {_plain(file.path)}  {click.style(file.kind, dim=True)}" + (f"  {named}" if named else "")


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
    if name == "processes":
        return ", ".join(f"{one.name}: {one.command}" for one in component.processes)
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)
