"""The domain of CI/CD pipelines."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Choice, Domain
from devops_orchestrator.text import Text

BY_FILE = (
    ("github-workflow", "cicd/github-actions"),
    ("gitlab-ci", "cicd/gitlab-ci"),
    ("jenkinsfile", "cicd/pipelines"),
    ("circleci", "cicd/pipelines"),
    ("azure-pipelines", "cicd/pipelines"),
)
BY_HOST = {"github": "cicd/github-actions", "gitlab": "cicd/gitlab-ci"}


def pick(project: Project, request: str) -> Choice:
    """The CI that is there, else the one of the git host, else a question."""
    for kind, agent in BY_FILE:
        if paths := project.of_kind(kind):
            return Choice(agent, Text(f"{paths[0]} is there", f"{paths[0]} est présent"))
    host = project.vcs.host
    if host in BY_HOST:
        return Choice(BY_HOST[host], Text(f"the remote is on {host}", f"le dépôt distant est sur {host}"))
    return Choice(
        None,
        Text("no CI file and no known git host", "ni fichier de CI, ni hébergeur git reconnu"),
        question=Text("Which CI runs this repository?", "Quelle CI exécute ce dépôt ?"),
        options=("cicd/github-actions", "cicd/gitlab-ci", "cicd/pipelines"),
    )


DOMAIN = Domain(
    id="cicd",
    title=Text("CI/CD pipelines", "Pipelines CI/CD"),
    summary=Text(
        "what runs on each change, and what is published", "ce qui s'exécute à chaque changement, et ce qui est publié"
    ),
    specialists=("github-actions", "gitlab-ci", "pipelines", "quality-gates", "artifacts"),
    pick=pick,
)
