"""The routing that must hold, word for word, in French and in English."""

from __future__ import annotations

import pytest

from devops_orchestrator.routing import decide

TECHNOLOGIES = {
    "GitHub Actions": "cicd/github-actions",
    "GitLab CI": "cicd/gitlab-ci",
    "Docker": "containers/docker",
    "Docker Compose": "containers/docker-compose",
    "Kubernetes": "kubernetes/deployments",
    "Helm": "kubernetes/helm",
    "Terraform": "infrastructure/terraform",
    "AWS": "infrastructure/aws",
    "GCP": "infrastructure/gcp",
    "Prometheus": "monitoring/prometheus",
    "Grafana": "monitoring/grafana",
    "ELK/Loki": "monitoring/logging",
    "ELK": "monitoring/logging",
    "Loki": "monitoring/logging",
    "ArgoCD/Flux": "deployment/strategies",
    "ArgoCD": "deployment/strategies",
    "Argo CD": "deployment/strategies",
    "Flux": "deployment/strategies",
}
AROUND = (
    "{}", "{} ?", "Configurer {}", "Mettre en place {}", "Configurer {} pour mon projet", "J'ai besoin de {}", "je veux utiliser {} svp",
    "Configure {}", "Set up {}", "Set up {} for my project", "I need {}", "help me with {} please", "aide moi avec {}", "Installer {}", "use {}",
)  # fmt: skip
ACTIONS = {
    "Configurer une pipeline": "cicd/orchestrator",
    "Set up a pipeline": "cicd/orchestrator",
    "Configure a pipeline": "cicd/orchestrator",
    "Créer un Dockerfile": "containers/docker",
    "Create a Dockerfile": "containers/docker",
    "Déployer sur K8s": "kubernetes/deployments",
    "Deploy to K8s": "kubernetes/deployments",
    "Deploy on Kubernetes": "kubernetes/deployments",
    "Créer un chart Helm": "kubernetes/helm",
    "Create a Helm chart": "kubernetes/helm",
    "Provisionner de l'infra": "infrastructure/orchestrator",
    "Provision infrastructure": "infrastructure/orchestrator",
    "Provision some infra": "infrastructure/orchestrator",
    "Configurer du monitoring": "monitoring/orchestrator",
    "Mettre en place du monitoring": "monitoring/orchestrator",
    "Configure monitoring": "monitoring/orchestrator",
    "Set up monitoring": "monitoring/orchestrator",
    "Implémenter blue-green": "deployment/strategies",
    "Implement blue-green": "deployment/strategies",
}
EXAMPLES = {
    "Configurer GitHub Actions pour mon projet": ("cicd/github-actions", "create"),
    "Configure GitHub Actions for my project": ("cicd/github-actions", "create"),
    "Optimiser mon Dockerfile multi-stage": ("containers/docker", "improve"),
    "Optimize my multi-stage Dockerfile": ("containers/docker", "improve"),
    "Créer un deployment Kubernetes": ("kubernetes/deployments", "create"),
    "Create a Kubernetes deployment": ("kubernetes/deployments", "create"),
    "Configurer Terraform pour AWS": ("infrastructure/terraform", "create"),
    "Configure Terraform for AWS": ("infrastructure/terraform", "create"),
    "Mettre en place Prometheus": ("monitoring/prometheus", "create"),
    "Set up Prometheus": ("monitoring/prometheus", "create"),
    "Implémenter un déploiement canary": ("deployment/strategies", "create"),
    "Implement a canary deployment": ("deployment/strategies", "create"),
}
DOMAINS = {
    "Pipeline": "cicd", "CI": "cicd", "CD": "cicd", "CI/CD": "cicd", "Actions": "cicd", "GitLab": "cicd",
    "Docker": "containers", "Dockerfile": "containers", "image": "containers", "container": "containers", "conteneur": "containers",
    "Kubernetes": "kubernetes", "K8s": "kubernetes", "pod": "kubernetes", "helm": "kubernetes", "kubectl": "kubernetes",
    "Terraform": "infrastructure", "AWS": "infrastructure", "GCP": "infrastructure", "cloud": "infrastructure", "infra": "infrastructure",
    "Prometheus": "monitoring", "Grafana": "monitoring", "logs": "monitoring", "alertes": "monitoring", "alerts": "monitoring",
    "Blue-green": "deployment", "canary": "deployment", "rollback": "deployment", "stratégie": "deployment", "strategy": "deployment",
}  # fmt: skip
DECISIONS = {
    "Quel cloud choisir ?": ("direction-technique", "cloud-provider"),
    "Which cloud should we choose?": ("direction-technique", "cloud-provider"),
    "AWS ou GCP ?": ("direction-technique", "cloud-provider"),
    "AWS or GCP?": ("direction-technique", "cloud-provider"),
    "Quelle architecture choisir ?": ("direction-technique", "architecture"),
    "Which architecture should we choose?": ("direction-technique", "architecture"),
    "Quelle politique de sécurité réseau adopter ?": ("direction-technique", "network-security-policy"),
    "Which network security policy should we adopt?": ("direction-technique", "network-security-policy"),
    "Quel budget prévoir pour l'infrastructure ?": ("direction-technique", "budget"),
    "What budget should we plan for the infrastructure?": ("direction-technique", "budget"),
    "Quelle approche CI/CD adopter ?": ("web-dev-process", "pipeline-stages"),
    "Which CI/CD approach should we adopt?": ("web-dev-process", "pipeline-stages"),
    "Quelles étapes mettre dans la CI/CD ?": ("web-dev-process", "pipeline-stages"),
    "Which steps should the CI/CD have?": ("web-dev-process", "pipeline-stages"),
    "Quels quality gates choisir ?": ("web-dev-process", "quality-gates"),
    "Which quality gates should we choose?": ("web-dev-process", "quality-gates"),
    "Quel processus de release adopter ?": ("web-dev-process", "release-process"),
    "Which release process should we follow?": ("web-dev-process", "release-process"),
    "Planifier les prochaines releases": ("lead-dev", "release-planning"),
    "Plan the next releases": ("lead-dev", "release-planning"),
    "Coordonner un hotfix": ("lead-dev", "hotfix"),
    "Coordinate a hotfix": ("lead-dev", "hotfix"),
    "Go ou no-go pour le déploiement de ce soir ?": ("lead-dev", "go-no-go"),
    "Go or no-go for tonight's deployment?": ("lead-dev", "go-no-go"),
}


def agents(request: str) -> list[str]:
    found = decide(request)
    return [step.agent for step in found.steps] + [f"{e.authority}:{e.topic}" for e in found.escalations] or [
        found.decision
    ]


@pytest.mark.parametrize(("technology", "agent"), TECHNOLOGIES.items())
def test_by_technology(technology: str, agent: str) -> None:
    for around in AROUND:
        for said in (technology, technology.lower()):
            assert agents(around.format(said)) == [agent], around.format(said)


@pytest.mark.parametrize(("request_", "agent"), ACTIONS.items())
def test_by_action(request_: str, agent: str) -> None:
    for said in (request_, request_.lower(), f"{request_}.", f"{request_} svp"):
        assert agents(said) == [agent]


@pytest.mark.parametrize(("request_", "expected"), EXAMPLES.items())
def test_examples(request_: str, expected: tuple[str, str]) -> None:
    found = decide(request_)
    assert found.decision == "route"
    assert (found.steps[0].agent, found.steps[0].action) == expected
    assert found.why and found.why[0].endswith(f"→ {expected[0]}")


@pytest.mark.parametrize(("word", "domain"), DOMAINS.items())
def test_decision_tree(word: str, domain: str) -> None:
    for said in (word, word.lower(), word.upper()):
        found = decide(said)
        assert found.decision == "route", (said, found)
        assert found.steps[0].agent.split("/")[0] == domain, said


@pytest.mark.parametrize(("request_", "expected"), DECISIONS.items())
def test_decisions_go_to_their_authority(request_: str, expected: tuple[str, str]) -> None:
    found = decide(request_)
    assert found.decision == "escalation", found
    assert [(e.authority, e.topic) for e in found.escalations] == [expected]
    assert not found.steps
