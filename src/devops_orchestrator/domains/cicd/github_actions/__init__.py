"""GitHub Actions: workflows, their jobs, caches and updates."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.cicd.github_actions.create import create, suggest
from devops_orchestrator.domains.cicd.github_actions.params import GithubActionsParams
from devops_orchestrator.domains.cicd.github_actions.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="cicd/github-actions",
    title=Text("GitHub Actions", "GitHub Actions"),
    summary=Text(
        "GitHub Actions workflows: jobs, runners, matrix, cache, reusable workflows",
        "les workflows GitHub Actions : jobs, runners, matrice, cache, workflows réutilisables",
    ),
    params=GithubActionsParams,
    kinds=("github-workflow", "github-action", "dependabot"),
    files=(".github/workflows/ci.yml", ".github/dependabot.yml"),
    suggest=suggest,
    create=create,
    rules=RULES,
    examples=(
        Text("Set up GitHub Actions for my project", "Configurer GitHub Actions pour mon projet"),
        Text(
            "Run the tests on Python 3.12 and 3.13 with PostgreSQL, every Monday at 3",
            "Lance les tests sur Python 3.12 et 3.13 avec PostgreSQL, tous les lundis à 3h",
        ),
        Text("Pin the actions of my workflows", "Épingle les actions de mes workflows"),
    ),
    after=("containers/docker",),
)
