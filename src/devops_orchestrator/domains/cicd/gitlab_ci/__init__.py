"""The room `cicd/gitlab-ci`: GitLab pipelines."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.cicd.gitlab_ci.params import GitlabCiParams
from devops_orchestrator.domains.cicd.gitlab_ci.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="cicd/gitlab-ci",
    title=same("GitLab CI"),
    summary=Text(
        "`.gitlab-ci.yml`: stages, jobs, rules, caches, runners",
        "`.gitlab-ci.yml` : stages, jobs, rules, caches, runners",
    ),
    params=GitlabCiParams,
    kinds=("gitlab-ci",),
    rules=RULES,
    examples=(
        Text("My GitLab job is stuck, no runner takes it", "Mon job GitLab est bloqué, aucun runner ne le prend"),
        Text("Review my .gitlab-ci.yml", "Relire mon .gitlab-ci.yml"),
    ),
)
