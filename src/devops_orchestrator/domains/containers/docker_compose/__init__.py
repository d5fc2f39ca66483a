"""The room `containers/docker-compose`: compose files, local environments."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.containers.docker_compose.params import DockerComposeParams
from devops_orchestrator.domains.containers.docker_compose.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="containers/docker-compose",
    title=same("Docker Compose"),
    summary=Text(
        "compose files, local environments of several services, their volumes and networks",
        "fichiers compose, environnements locaux à plusieurs services, leurs volumes et réseaux",
    ),
    params=DockerComposeParams,
    kinds=("compose", "env-example"),
    rules=RULES,
    examples=(
        Text("My API starts before the database is ready", "Mon API démarre avant que la base soit prête"),
        Text("Review my docker-compose.yml", "Relire mon docker-compose.yml"),
    ),
)
