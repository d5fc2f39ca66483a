"""What agents and authorities are called in a sentence for the user, and what each can do nearest to a request."""

from __future__ import annotations

from devops_orchestrator.text import Text, same

NAMES: dict[str, Text] = {
    "cicd/orchestrator": Text("CI/CD as a whole", "la CI/CD dans son ensemble"),
    "cicd/github-actions": same("GitHub Actions"),
    "cicd/gitlab-ci": same("GitLab CI"),
    "cicd/pipelines": Text("a pipeline of another system (Jenkins, CircleCI, Azure) or its structure", "un pipeline d'un autre système (Jenkins, CircleCI, Azure) ou sa structure"),
    "cicd/quality-gates": Text("a quality gate (coverage, lint, SonarQube)", "un quality gate (couverture, lint, SonarQube)"),
    "cicd/artifacts": Text("releases, packages and build artifacts", "les versions, les paquets et les artefacts de build"),
    "containers/orchestrator": Text("containers as a whole", "les conteneurs dans leur ensemble"),
    "containers/docker": Text("a Dockerfile or an image", "un Dockerfile ou une image"),
    "containers/docker-compose": same("Docker Compose"),
    "containers/registries": Text("an image registry", "un registre d'images"),
    "containers/security": Text("image security (scan, signature, hardening)", "la sécurité des images (scan, signature, durcissement)"),
    "kubernetes/orchestrator": Text("the Kubernetes cluster as a whole", "le cluster Kubernetes dans son ensemble"),
    "kubernetes/deployments": Text("a Kubernetes workload (Deployment, pods, jobs)", "une charge Kubernetes (Deployment, pods, jobs)"),
    "kubernetes/services": Text("network access in Kubernetes (Service, Ingress)", "l'accès réseau dans Kubernetes (Service, Ingress)"),
    "kubernetes/helm": Text("a Helm chart", "un chart Helm"),
    "kubernetes/scaling": Text("scaling in Kubernetes (HPA, nodes)", "la montée en charge dans Kubernetes (HPA, nœuds)"),
    "kubernetes/config": Text("configuration, secrets and rights in Kubernetes", "la configuration, les secrets et les droits dans Kubernetes"),
    "infrastructure/orchestrator": Text("infrastructure as a whole", "l'infrastructure dans son ensemble"),
    "infrastructure/terraform": same("Terraform"),
    "infrastructure/aws": Text("AWS resources", "des ressources AWS"),
    "infrastructure/gcp": Text("Google Cloud resources", "des ressources Google Cloud"),
    "infrastructure/networking": Text("the network (VPC, firewall, VPN, DNS)", "le réseau (VPC, pare-feu, VPN, DNS)"),
    "monitoring/orchestrator": Text("monitoring as a whole", "la supervision dans son ensemble"),
    "monitoring/prometheus": Text("metrics with Prometheus", "les métriques avec Prometheus"),
    "monitoring/grafana": Text("Grafana dashboards", "les tableaux de bord Grafana"),
    "monitoring/logging": Text("logs (Loki, ELK)", "les logs (Loki, ELK)"),
    "monitoring/alerting": Text("alerts", "les alertes"),
    "deployment/orchestrator": Text("deployment as a whole", "le déploiement dans son ensemble"),
    "deployment/strategies": Text("a deployment strategy (canary, blue-green, GitOps)", "une stratégie de déploiement (canary, blue-green, GitOps)"),
    "deployment/rollback": Text("going back to an earlier version", "le retour à une version précédente"),
    "direction-technique": Text("a decision of the technical direction", "une décision de la direction technique"),
    "web-dev-process": Text("a decision on the development process", "une décision sur le processus de développement"),
    "lead-dev": Text("a decision of the lead developer", "une décision du lead développeur"),
    "out-of-scope": Text("something that is not DevOps work", "autre chose que du travail DevOps"),
}  # fmt: skip
TOPICS: dict[str, Text] = {
    "cloud-provider": Text("choice of cloud provider", "choix du fournisseur cloud"),
    "architecture": Text("infrastructure architecture", "architecture d'infrastructure"),
    "network-security-policy": Text("network security policy", "politique de sécurité réseau"),
    "budget": Text("budget and costs", "budget et coûts"),
    "pipeline-stages": Text("stages of the pipeline", "étapes du pipeline"),
    "quality-gates": Text("choice of quality gates", "choix des quality gates"),
    "release-process": Text("release process", "processus de release"),
    "release-planning": Text("planning of releases", "planification des releases"),
    "hotfix": Text("coordination of a hotfix", "coordination d'un hotfix"),
    "go-no-go": Text("go/no-go of a deployment", "go/no-go d'un déploiement"),
}  # fmt: skip
PATHS = {
    "direction-technique": "direction-technique/infrastructure",
    "web-dev-process": "web-dev-process/setup/cicd",
    "lead-dev": "lead-dev/delivery",
}
TOPICS_OF = {
    "direction-technique": ("cloud-provider", "architecture", "network-security-policy", "budget"),
    "web-dev-process": ("pipeline-stages", "quality-gates", "release-process"),
    "lead-dev": ("release-planning", "hotfix", "go-no-go"),
}


def name(agent: str, language: str) -> str:
    """An agent as a sentence calls it."""
    text = NAMES.get(agent)
    return text.to(language) if text else agent
