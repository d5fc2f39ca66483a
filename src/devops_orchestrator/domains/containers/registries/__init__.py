"""The room `containers/registries`: where images are kept."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.containers.registries.params import RegistriesParams
from devops_orchestrator.domains.containers.registries.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="containers/registries",
    title=Text("Image registries", "Registres d'images"),
    summary=Text(
        "Docker Hub, GHCR, ECR, Artifact Registry, GitLab, Harbor: login, push, pull, tags, retention",
        "Docker Hub, GHCR, ECR, Artifact Registry, GitLab, Harbor : connexion, push, pull, tags, rétention",
    ),
    params=RegistriesParams,
    kinds=("github-workflow", "kubernetes"),
    rules=RULES,
    examples=(
        Text("docker push says denied", "docker push répond denied"),
        Text("Review how we push our images", "Relire la façon dont nous poussons nos images"),
    ),
)
