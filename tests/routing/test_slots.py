"""Parameters understood in a sentence: value forms, lists, ranges, changes, and numbers that are none."""

from __future__ import annotations

from typing import Any

import pytest

from devops_orchestrator.core.units import digits
from devops_orchestrator.routing import changes, slots

SAID: list[tuple[str, str, dict[str, Any]]] = [
    ("kubernetes/deployments", "Créer un deployment Kubernetes avec 3 replicas sur le port 8080", {"replicas": 3, "port": 8080}),
    ("kubernetes/deployments", "trois replicas, un demi-cœur et 1 Go de mémoire", {"replicas": 3, "cpu": "500m", "memory": "1Gi"}),
    ("kubernetes/deployments", "passe de 2 à 5 replicas", {"replicas": 5}),
    ("kubernetes/scaling", "autoscaling entre 2 et 8 pods à 60 % de CPU", {"min_replicas": 2, "max_replicas": 8, "cpu_percent": 60}),
    ("kubernetes/scaling", "from 3 to 20 replicas, memory at 75%", {"min_replicas": 3, "max_replicas": 20, "memory_percent": 75}),
    ("kubernetes/scaling", "min 2, max 6 pods", {"min_replicas": 2, "max_replicas": 6}),
    ("kubernetes/services", "ingress pour shop.example.com en https sur /api", {"kind": "ingress", "host": "shop.example.com", "path": "/api", "tls": True}),
    ("kubernetes/services", "Service NodePort sur le port 9000", {"port": 9000, "type": "NodePort"}),
    ("kubernetes/helm", "chart Helm nommé boutique avec 2 replicas, port 8080", {"name": "boutique", "replicas": 2, "port": 8080}),
    ("kubernetes/config", "un ConfigMap avec LOG_LEVEL et API_URL", {"kind": "configmap", "keys": ["LOG_LEVEL", "API_URL"]}),
    ("kubernetes/config", "External Secret for DATABASE_URL in namespace shop", {"kind": "external-secret", "keys": ["DATABASE_URL"], "namespace": "shop"}),
    ("cicd/gitlab-ci", "pipeline GitLab tous les lundis à 3h", {"schedule": "0 3 * * 1"}),
    ("cicd/gitlab-ci", "test on python 3.11 and 3.12 with postgres", {"versions": ["3.11", "3.12"], "services": ["postgresql"]}),
    ("cicd/pipelines", "migrer de Jenkins vers GitHub Actions", {"source_system": "jenkins", "target_system": "github-actions"}),
    ("cicd/pipelines", "Jenkinsfile with stages build, test, deploy", {"system": "jenkins", "stages": ["build", "test", "deploy"]}),
    ("cicd/quality-gates", "passer le seuil de couverture de 70 à 80 %", {"coverage": 80}),
    ("cicd/quality-gates", "codecov must require 90 percent coverage", {"coverage": 90, "tool": "codecov"}),
    ("cicd/artifacts", "publier sur PyPI et garder les artefacts trois semaines", {"registry": "pypi", "retention_days": 21}),
    ("containers/docker-compose", "compose avec mongo et redis, port 4000", {"services": ["mongodb", "redis"], "port": 4000}),
    ("containers/registries", "push ghcr.io/acme/api:2.1.0 to GHCR", {"registry": "ghcr", "image": "ghcr.io/acme/api:2.1.0"}),
    ("containers/registries", "ECR en eu-west-3, garder les images 90 jours", {"registry": "ecr", "region": "eu-west-3", "retention_days": 90}),
    ("containers/security", "trivy, échouer sur critique, sans SBOM", {"scanner": "trivy", "severity": "critical", "sbom": False}),
    ("infrastructure/aws", "RDS PostgreSQL db.t4g.medium de 100 Go en eu-west-1", {"resources": ["rds"], "region": "eu-west-1", "instance_type": "db.t4g.medium", "engine": "postgresql", "storage_gb": 100}),
    ("infrastructure/gcp", "GKE with e2-standard-4 in europe-west9", {"resources": ["gke"], "region": "europe-west9", "machine_type": "e2-standard-4"}),
    ("infrastructure/networking", "VPC 10.1.0.0/16 sur trois zones sans NAT, ports 80 et 443", {"cidr": "10.1.0.0/16", "zones": 3, "ports": [80, 443], "nat": False}),
    ("monitoring/grafana", "dashboard latence, erreurs et trafic sur Prometheus", {"panels": ["latency", "errors", "traffic"], "datasource": "prometheus"}),
    ("monitoring/logging", "Loki avec 30 jours de rétention", {"stack": "loki", "retention_days": 30}),
    ("monitoring/alerting", "alert when p99 is above 2 s for 10 minutes on #oncall", {"signal": "latency", "quantile": 0.99, "threshold": 2, "unit": "s", "duration": "10m", "channel": "#oncall"}),
    ("monitoring/alerting", "alerte Slack si le taux d'erreurs dépasse 5 % pendant 5 min", {"signal": "errors", "threshold": 5, "unit": "percent", "duration": "5m", "channel": "slack"}),
    ("deployment/rollback", "helm rollback shop à la révision 4", {"tool": "helm", "revision": 4, "release": "shop"}),
    ("deployment/rollback", "automatic rollback with Argo Rollouts", {"tool": "argo-rollouts", "automatic": True}),
]  # fmt: skip
NOTHING = [
    ("kubernetes/scaling", "le HPA ne descend plus depuis la 1.29.4, ticket OPS-1203"),
    ("monitoring/logging", "erreur 429 sur 12 requêtes le 3 mai"),
    ("cicd/pipelines", "notre build met 45 minutes sur 12 étapes"),
    ("infrastructure/networking", "traceroute s'arrête au saut 7"),
    ("containers/registries", "le push échoue avec HTTP 500 trois fois sur 10"),
    ("kubernetes/services", "erreur 502 depuis 14 h sur la version 2.3"),
]


@pytest.mark.parametrize(("agent", "request_", "expected"), SAID)
def test_said(agent: str, request_: str, expected: dict[str, Any]) -> None:
    found = slots.read(request_, agent)
    if agent == "kubernetes/scaling":
        found.pop("kind", None)
    assert {k: v for k, v in found.items() if k != "kind" or "kind" in expected} == expected


@pytest.mark.parametrize(("agent", "request_"), NOTHING)
def test_numbers_that_are_no_parameter(agent: str, request_: str) -> None:
    found = slots.read(request_, agent)
    assert not {k: v for k, v in found.items() if k not in ("kind", "stack", "system")}


def test_what_does_not_validate_is_left_out() -> None:
    assert "cidr" not in slots.read("un VPC en 10.0.0.0/99", "infrastructure/networking")
    assert "port" not in slots.read("compose sur le port 99999", "containers/docker-compose")


def test_an_orchestrator_takes_none() -> None:
    assert slots.read("Configurer une pipeline sur le port 80", "cicd/orchestrator") == {}


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("remonte le seuil de 300 a 800 ms", "remonte le seuil 800 ms"),
        ("passe de node 18 a node 22", "passe node 22"),
        ("replace grype with trivy", "replace trivy"),
        ("remplace le port 8080 par 9090", "remplace le port 9090"),
        ("eu-west-1 -> eu-west-3", "eu-west-3"),
        ("loki au lieu de elk", "loki"),
        ("port 9100 not 9000", "port 9100"),
        ("go from grype to snyk", "go from grype to snyk"),
        ("canary 5% -> 20% -> 100%", "canary 5% -> 20% -> 100%"),
        ("vpc sur 3 zones, pas de nat", "vpc sur 3 zones, pas de nat"),
        ("a service that does not respond", "a service that does not respond"),
        ("hpa de 2 a 10 pods", "hpa de 2 a 10 pods"),
        ("disque de 2,5 to en europe-west9", "disque de 2,5 to en europe-west9"),
    ],
)
def test_only_the_new_value_of_a_change_is_left(sentence: str, left: str) -> None:
    found = changes.without_old(sentence)
    assert " ".join(found.split()) == left
    assert len(found) == len(sentence)


def test_a_range_is_a_change_for_what_cannot_be_a_range() -> None:
    assert changes.without_ranges("retention from 30 days to 90 days").split() == ["retention", "90", "days"]


@pytest.mark.parametrize(
    ("sentence", "read"),
    [
        ("vingt-cinq pods", "25 pods"),
        ("une douzaine de pods", "12 pods"),
        ("two hundred and fifty ms", "250 ms"),
        ("soixante-quinze pour cent", "75 pour cent"),
        ("un pod", "un pod"),
    ],
)
def test_number_words_are_digits_of_the_same_length(sentence: str, read: str) -> None:
    assert " ".join(digits(sentence).split()) == read
    assert len(digits(sentence)) == len(sentence)
