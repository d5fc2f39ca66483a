"""Escalations, what is not DevOps, plans, languages, actions, questions, and anything that may be typed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devops_orchestrator.core.decision import Decision
from devops_orchestrator.routing import decide

TOPICS = [
    ("fr", "cloud-provider", "On hésite entre AWS et Azure, lequel prendre pour l'entreprise ?"),
    ("en", "cloud-provider", "Should the company go with AWS or Azure?"),
    ("fr", "architecture", "Microservices ou monolithe pour la prochaine plateforme ?"),
    ("en", "architecture", "Should our platform be microservices or a monolith?"),
    ("fr", "network-security-policy", "Faut-il imposer le VPN à tout le monde, quelle politique de sécurité ?"),
    ("en", "network-security-policy", "Should we adopt zero trust as our security policy?"),
    ("fr", "budget", "Combien va coûter l'infrastructure l'an prochain ?"),
    ("en", "budget", "How much will the infrastructure cost us next year?"),
    ("fr", "pipeline-stages", "Quelles étapes doit avoir notre pipeline ?"),
    ("en", "pipeline-stages", "What stages should our pipeline have?"),
    ("fr", "quality-gates", "Quel taux de couverture devrait-on exiger ?"),
    ("en", "quality-gates", "What coverage should we require?"),
    ("fr", "release-process", "Trunk-based ou git flow, que choisir pour l'équipe ?"),
    ("en", "release-process", "Trunk-based or git flow for our team?"),
    ("fr", "release-planning", "Quand sort-on la prochaine version ?"),
    ("en", "release-planning", "When do we ship the next version?"),
    ("fr", "hotfix", "Qui prend le hotfix du paiement ?"),
    ("en", "hotfix", "Who takes the hotfix for payments?"),
    ("fr", "go-no-go", "Peut-on livrer vendredi soir ?"),
    ("en", "go-no-go", "Can we ship on Friday evening?"),
]
OUTSIDE = [
    ("fr", "Donne-moi une recette de gâteau au chocolat"),
    ("fr", "bonjour, ça va ?"),
    ("fr", "Écris une requête SQL avec deux jointures"),
    ("fr", "notre pipeline commercial du trimestre"),
    ("fr", "centrer une div en css"),
    ("en", "write a haiku about autumn"),
    ("en", "How do I sort a list in Python?"),
    ("en", "our sales pipeline for next quarter"),
    ("en", "redux actions are not dispatched"),
    ("en", "why does useEffect run twice in React"),
]
PLANS = [
    ("Un Dockerfile et un workflow GitHub Actions pour mon API", ["containers/docker", "cicd/github-actions"]),
    ("A Dockerfile and a GitHub Actions workflow for my API", ["containers/docker", "cicd/github-actions"]),
    ("Créer un chart Helm et un dashboard Grafana", ["kubernetes/helm", "monitoring/grafana"]),
    ("Create a Helm chart, then a Grafana dashboard", ["kubernetes/helm", "monitoring/grafana"]),
    ("Mettre en place Prometheus, des règles d'alerte et un tableau de bord Grafana", ["monitoring/prometheus", "monitoring/alerting", "monitoring/grafana"]),
    ("Deploy with a canary, write the Dockerfile, and alert on Slack when errors go over 5%", ["containers/docker", "deployment/strategies", "monitoring/alerting"]),
    ("Terraform pour AWS, puis le déploiement Kubernetes et l'autoscaling HPA", ["infrastructure/terraform", "kubernetes/deployments", "kubernetes/scaling"]),
    ("docker-compose file for local dev and a GitLab CI pipeline", ["containers/docker-compose", "cicd/gitlab-ci"]),
]  # fmt: skip
SINGLE = [
    "docker compose avec postgres et redis",
    "compose file with kafka, redis and postgres",
    "HPA de 2 à 10 pods, cible 70 % de CPU",
    "Dockerfile for FastAPI, port 8000, user app",
    "Alert on Slack when p95 is above 500 ms for 5 minutes, severity critical",
    "pourquoi mon pod redémarre et reste en CrashLoopBackOff ?",
    "My ingress returns 404 and I don't know why",
    "Deployment Kubernetes avec 3 replicas, 500m de CPU et 1 Go de mémoire",
]


@pytest.mark.parametrize(("language", "topic", "request_"), TOPICS)
def test_the_ten_topics(language: str, topic: str, request_: str) -> None:
    found = decide(request_)
    assert found.decision == "escalation", found
    assert found.language == language
    assert found.escalations[0].topic == topic
    assert found.escalations[0].path.startswith(found.escalations[0].authority)


@pytest.mark.parametrize(("language", "request_"), OUTSIDE)
def test_what_is_not_devops_is_told_so(language: str, request_: str) -> None:
    found = decide(request_)
    assert found.decision == "out-of-scope", found
    assert not found.steps and found.question is None
    assert found.language == language
    assert len(found.why) == 2


@pytest.mark.parametrize(("request_", "agents"), PLANS)
def test_plans_in_the_order_of_work(request_: str, agents: list[str]) -> None:
    found = decide(request_)
    assert found.decision == "plan", found
    assert [step.agent for step in found.steps] == agents
    assert len(found.why) >= len(agents)


TYPED = [
    ("fr", "kubernetes/deployments", "jai mon pod ki redemarre en boucle CrashLoopBackOff stp"),
    ("fr", "containers/docker", "optimise mon dockerfile svp limage fait 2go"),
    ("fr", "monitoring/alerting", "jveux recevoir un msg slack qd le taux derreur depasse 5%"),
    ("fr", "cicd/gitlab-ci", "mon job gitlab-ci reste en pending y a pas de runner"),
    ("fr", "kubernetes/helm", "le helm upgrade il fail, another operation is in progress"),
    ("fr", "infrastructure/terraform", "terrafrom plan veu detruire ma base, c normal ?"),
    ("en", "kubernetes/deployments", "pls help, kubernets pod stuck in pending, no idea y"),
    ("en", "monitoring/grafana", "need a garfana dashbord 4 our api, latency n errors"),
    ("en", "containers/registries", "cant push 2 ghcr, denied: permission_denied write_package"),
    ("en", "containers/docker-compose", "docker-compose up, db not ready wen api starts"),
]


@pytest.mark.parametrize(("language", "agent", "request_"), TYPED)
def test_it_reads_what_people_type_in_a_hurry(language: str, agent: str, request_: str) -> None:
    found = decide(request_)
    assert [step.agent for step in found.steps] == [agent], found
    assert found.language == language


@pytest.mark.parametrize("request_", SINGLE)
def test_one_deliverable_is_no_plan(request_: str) -> None:
    assert decide(request_).decision == "route"


def test_work_and_a_decision_give_both() -> None:
    found = decide("Écris le Dockerfile de l'API, et dis-nous : AWS ou GCP pour l'héberger ?")
    assert found.decision == "plan"
    assert [step.agent for step in found.steps] == ["containers/docker"]
    assert [e.topic for e in found.escalations] == ["cloud-provider"]


def test_why_names_the_words_and_the_agent() -> None:
    assert decide("Créer un deployment Kubernetes avec 3 replicas").why[0].endswith("→ kubernetes/deployments")
    assert "Kubernetes" in decide("Créer un deployment Kubernetes avec 3 replicas").why[0]


def test_the_language_asked_for_wins() -> None:
    assert decide("Docker", lang="fr").language == "fr"
    assert decide("Configurer Docker", lang="en").language == "en"


def test_unsure_asks_one_question_with_options() -> None:
    found = decide("xyzzy plugh frobnicate zork")
    assert found.decision in ("clarification", "out-of-scope")
    if found.decision == "clarification":
        assert found.question and 2 <= len(found.options) <= 3


@pytest.mark.parametrize(
    ("request_", "action"),
    [
        ("Créer un Dockerfile", "create"),
        ("Optimiser mon Dockerfile", "improve"),
        ("Relire mon Dockerfile", "review"),
        ("Audit our Terraform code", "review"),
        ("Speed up our GitHub Actions workflow", "improve"),
        ("mon pod est en CrashLoopBackOff", "answer"),
        ("Why is my pod OOMKilled?", "answer"),
        ("comment configurer un ingress ?", "answer"),
        ("Peux-tu ajouter un HPA ?", "create"),
        ("HPA de 2 à 10 pods", "create"),
    ],
)
def test_actions(request_: str, action: str) -> None:
    assert decide(request_).steps[0].action == action


def check(found: Decision, text: str) -> None:
    assert found.request == text
    assert found.decision in ("route", "plan", "escalation", "clarification", "out-of-scope")
    assert all(0 <= step.confidence <= 1 for step in found.steps)
    assert (found.decision == "clarification") == bool(found.question and found.options)
    found.to_json()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_decided(text: str) -> None:
    check(decide(text), text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["deploy", "port", "80", "10.0.0.0/99", "entre", "et", "%", "p95", "de", "à", "AWS", "\n", "image", "a/b:1", "tous les", "lundis", "#ops", "GKE", "canary", "10", "puis", "?"]), max_size=40))  # fmt: skip
def test_any_mix_of_the_trade_is_decided(words: list[str]) -> None:
    check(decide(" ".join(words)), " ".join(words))


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\x00", "🚀🚀", "部署到集群", "a" * 100_000, "déployer " * 12_000, "\ufdfa" * 3000, "İ" * 500])  # fmt: skip
def test_odd_and_long_texts(text: str) -> None:
    check(decide(text), text)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=60), st.integers(1, 100_000))
def test_any_text_up_to_a_hundred_kilobytes_is_decided(text: str, size: int) -> None:
    """How long it takes at most is measured by `make bench-routing`, over texts that are hard to read."""
    long = (text * (size // len(text) + 1))[:size]
    check(decide(long), long)


def test_the_same_request_gives_the_same_decision() -> None:
    assert decide("Créer un chart Helm") == decide("Créer un chart Helm")
