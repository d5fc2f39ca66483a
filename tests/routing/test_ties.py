"""The tie rules of the catalog, each by its name, and what they decide end to end."""

from __future__ import annotations

import pytest

from devops_orchestrator.routing import decide, ties
from devops_orchestrator.routing.words import fold, tokens


def padded(request: str) -> str:
    return f" {' '.join(tokens(fold(request)))} "


@pytest.mark.parametrize(
    ("rule", "request_", "label"),
    [
        (ties.nothing_but_a_name, "Configurer Docker pour mon projet", "containers/docker"),
        (ties.nothing_but_a_name, "Configurer Docker pour mon projet et le déployer au Japon", None),
        (ties.chart_is_helm, "Créer un chart Helm pour Kubernetes", "kubernetes/helm"),
        (ties.chart_is_helm, "Argo CD: create an app from a Helm chart", None),
        (ties.terraform_or_its_cloud, "Terraform for AWS", "infrastructure/terraform"),
        (ties.terraform_or_its_cloud, "Créer un RDS avec Terraform", "infrastructure/aws"),
        (ties.terraform_or_its_cloud, "provision a GKE cluster with terraform", "infrastructure/gcp"),
        (ties.terraform_or_its_cloud, "terraform state in S3", None),
        (ties.network_of_any_cloud, "VPC AWS avec deux sous-réseaux", "infrastructure/networking"),
        (ties.network_of_any_cloud, "create a firewall on GCP with terraform", "infrastructure/networking"),
        (ties.network_of_any_cloud, "a bucket on AWS", None),
        (ties.alert_rules_are_alerting, "règles d'alerte Prometheus", "monitoring/alerting"),
        (ties.alert_rules_are_alerting, "Prometheus recording rules", None),
        (ties.scanning_is_security, "scanner les images avec trivy dans la CI", "containers/security"),
        (ties.scanning_is_security, "ajoute trivy dans mon workflow GitHub Actions", None),
        (ties.gitops_or_going_back, "kubectl rollout undo", "deployment/rollback"),
        (ties.gitops_or_going_back, "helm rollback shop 3", "deployment/rollback"),
        (ties.gitops_or_going_back, "helm upgrade shop", None),
        (
            ties.choice_of_cloud_is_a_decision,
            "Azure compared to Google Cloud for our data",
            "escalate/direction-technique",
        ),
        (ties.choice_of_cloud_is_a_decision, "OVH vs Scaleway", "escalate/direction-technique"),
        (ties.choice_of_cloud_is_a_decision, "migrer les buckets de AWS vers GCP", None),
    ],
)
def test_rule(rule: ties.Rule, request_: str, label: str | None) -> None:
    assert rule(padded(request_)) == label


def test_every_rule_is_in_the_list_and_says_its_tie() -> None:
    assert all(rule.__doc__ for rule in ties.RULES)
    assert len(set(ties.RULES)) == len(ties.RULES)


@pytest.mark.parametrize(
    ("request_", "agent"),
    [
        ("Un chart Helm pour déployer sur Kubernetes", "kubernetes/helm"),
        ("A Helm chart to deploy on Kubernetes", "kubernetes/helm"),
        ("Terraform pour AWS", "infrastructure/terraform"),
        ("Terraform for GCP", "infrastructure/terraform"),
        ("Un bucket S3 chiffré", "infrastructure/aws"),
        ("Create a GKE cluster", "infrastructure/gcp"),
        ("Créer un VPC sur AWS", "infrastructure/networking"),
        ("NAT gateway on GCP", "infrastructure/networking"),
        ("Un VPN vers le bureau", "infrastructure/networking"),
        ("Security group for the database", "infrastructure/networking"),
        ("Des règles d'alerte Prometheus sur la latence", "monitoring/alerting"),
        ("Prometheus alert rules for latency", "monitoring/alerting"),
        ("Requête PromQL pour le p95", "monitoring/prometheus"),
        ("Scrape my application's metrics", "monitoring/prometheus"),
        ("Scanner nos images dans la pipeline", "containers/security"),
        ("Scan our images for CVEs in the pipeline", "containers/security"),
        ("GitOps avec Flux", "deployment/strategies"),
        ("GitOps with Argo CD", "deployment/strategies"),
        ("kubectl rollout undo sur le deployment api", "deployment/rollback"),
        ("helm rollback of the shop release", "deployment/rollback"),
        ("Mettre en place le seuil de couverture de 80 %", "cicd/quality-gates"),
        ("Configure the 80 % coverage gate", "cicd/quality-gates"),
    ],
)
def test_ties_end_to_end(request_: str, agent: str) -> None:
    found = decide(request_)
    assert found.decision == "route", found
    assert found.steps[0].agent == agent
