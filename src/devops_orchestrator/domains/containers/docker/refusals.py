"""What the room says where it writes no Dockerfile: the stack that has no recipe yet, or that nothing here runs."""

from __future__ import annotations

from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.containers.docker.recipes.recipe import Job
from devops_orchestrator.text import Text

LANGUAGES = {"csharp": "C#", "ruby": "Ruby", "rust": "Rust", "elixir": "Elixir", "scala": "Scala", "swift": "Swift"}
NOTHING = Text("Nothing to put into an image yet.", "Rien à mettre dans une image pour l'instant.")


def left(jobs: list[Job]) -> Text:
    """The components that got no Dockerfile, with their stack."""
    listed = ", ".join(f"{job.component.name} ({_stack(job.component)})" for job in jobs)
    return Text(
        f"No Dockerfile was written for {listed}: there is no recipe for this stack yet.",
        f"Aucun Dockerfile n'a été écrit pour {listed} : il n'existe pas encore de recette pour cette technologie.",
    )


def nothing(project: Project, jobs: list[Job]) -> Creation:
    """A question, where no file can be written."""
    if jobs:
        return Creation(left(jobs), question=_own_dockerfile(jobs))
    if any(component.framework == "wordpress" for component in project.components):
        return Creation(NOTHING, question=_wordpress(project))
    question = Text(
        "I found no part of this repository that runs or is served. Which folder holds the application, and how is it started?",
        "Je n'ai trouvé dans ce dépôt aucune partie qui s'exécute ou qui est servie. Quel dossier contient l'application, et comment la démarre-t-on ?",
    )
    return Creation(NOTHING, question=question, options=tuple(c.name for c in project.components))


def _own_dockerfile(jobs: list[Job]) -> Text:
    if all(job.component.framework == "hugo" for job in jobs):
        return Text(
            "Which version of Hugo builds this site (for example 0.147.9)? Its images have exact versions alone; HUGO_VERSION in netlify.toml or `--set version=…` says it.",
            "Quelle version de Hugo construit ce site (par exemple 0.147.9) ? Ses images n'existent qu'en versions exactes ; HUGO_VERSION dans netlify.toml ou `--set version=…` l'indique.",
        )
    stacks = ", ".join(dict.fromkeys(_stack(job.component) for job in jobs))
    return Text(
        f"There is no Dockerfile recipe for {stacks} yet. Do you have a Dockerfile of your own that I should review and improve?",
        f"Il n'existe pas encore de recette de Dockerfile pour {stacks}. Avez-vous votre propre Dockerfile, que je puisse relire et améliorer ?",
    )


def _wordpress(project: Project) -> Text:
    names = ", ".join(c.name for c in project.components if c.framework == "wordpress")
    return Text(
        f"{names} is a part of a WordPress site and runs inside WordPress, so it has no image of its own. Which site should hold it, and is it to be developed or delivered there?",
        f"{names} est un élément d'un site WordPress et s'exécute dans WordPress : il n'a pas d'image à lui. Quel site doit le contenir, et s'agit-il de le développer ou de le livrer ?",
    )


def _stack(component: Component) -> str:
    language = LANGUAGES.get(component.language or "", (component.language or "unknown").capitalize())
    return f"{language}, {component.framework}" if component.framework else language
