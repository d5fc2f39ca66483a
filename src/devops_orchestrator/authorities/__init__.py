"""The three authorities outside the system and their ten topics; each topic has a decision brief in both languages."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Authority, Topic
from devops_orchestrator.text import Text

AUTHORITIES: tuple[Authority, ...] = (
    Authority(
        id="direction-technique",
        path="direction-technique/infrastructure",
        title=Text(en="Technical direction", fr="Direction technique"),
        topics=(
            Topic("cloud-provider", Text(en="Choice of cloud provider", fr="Choix du fournisseur cloud")),
            Topic(
                "architecture",
                Text(en="Global infrastructure architecture", fr="Architecture globale d'infrastructure"),
            ),
            Topic("network-security-policy", Text(en="Network security policy", fr="Politique de sécurité réseau")),
            Topic("budget", Text(en="Budget and costs", fr="Budget et coûts")),
        ),
    ),
    Authority(
        id="web-dev-process",
        path="web-dev-process/setup/cicd",
        title=Text(en="Web development process", fr="Processus de développement web"),
        topics=(
            Topic("pipeline-stages", Text(en="Stages of the CI/CD pipeline", fr="Étapes du pipeline CI/CD")),
            Topic("quality-gates", Text(en="Choice of quality gates", fr="Choix des quality gates")),
            Topic("release-process", Text(en="Release process", fr="Processus de release")),
        ),
    ),
    Authority(
        id="lead-dev",
        path="lead-dev/delivery",
        title=Text(en="Lead developer", fr="Lead développeur"),
        topics=(
            Topic("release-planning", Text(en="Planning of releases", fr="Planification des releases")),
            Topic("hotfix", Text(en="Coordination of a hotfix", fr="Coordination d'un hotfix")),
            Topic("go-no-go", Text(en="Go/no-go of a deployment", fr="Go/no-go d'un déploiement")),
        ),
    ),
)
