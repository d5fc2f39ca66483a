"""The decision briefs: every topic, both languages, facts of the repository, and never a decision."""

import re
from importlib.resources import files

import pytest

from devops_orchestrator import orchestrator
from devops_orchestrator.actions import escalate, escalations
from devops_orchestrator.authorities import AUTHORITIES
from devops_orchestrator.core.decision import Escalation
from devops_orchestrator.core.repository import Repository

TOPICS = [(authority, topic) for authority in AUTHORITIES for topic in authority.topics]
each_topic = pytest.mark.parametrize(("authority", "topic"), TOPICS, ids=[topic.id for _, topic in TOPICS])
REPOSITORY = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.13"\ndependencies = ["fastapi", "asyncpg"]\n',
    "app/main.py": 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/health")\ndef health() -> None: ...\n',
    ".github/workflows/ci.yml": "on: push\njobs: {}\n",
}


def propose(authority: str, path: str, topic: str, language: str, repository: dict[str, str]) -> tuple[str, str]:
    project = orchestrator.inspect(Repository.of(repository, "shop"))
    made = escalate.propose(Escalation(authority, path, topic), "AWS ou GCP <script> ?", project, language)
    (change,) = made.changes
    return change.path, change.after


@each_topic
@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_brief_is_a_proposed_decision_with_the_facts(authority: object, topic: object, language: str) -> None:
    path, text = propose(authority.id, authority.path, topic.id, language, REPOSITORY)  # type: ignore[attr-defined]
    assert re.fullmatch(r"docs/decisions/0001-[a-z0-9-]+\.md", path)
    head = text.partition("\n---\n")[0]
    assert "status: proposed" in head
    assert f"decision-makers: {authority.id}" in head  # type: ignore[attr-defined]
    assert f"topic: {topic.id}" in head  # type: ignore[attr-defined]
    assert "fastapi" in text
    assert ".github/workflows/ci.yml" in text
    assert "<[" not in text
    assert "<%" not in text
    assert "<script>" not in text.partition("\n---\n")[2]
    assert re.search(r"^(Not decided yet|Pas encore décidé)\.$", text, re.M), "no decision is taken"
    assert not re.search(r"\d\s*(€|\$|EUR|USD)|[€$]\s*\d", text), "no price is invented"
    assert re.search(r"`devops \"", text), "what to run once it is decided"


@each_topic
def test_both_languages_have_the_same_shape(authority: object, topic: object) -> None:
    shapes = []
    for language in ("en", "fr"):
        text = (
            files("devops_orchestrator.authorities").joinpath("briefs", f"{topic.id}.{language}.md").read_text("utf-8")
        )  # type: ignore[attr-defined]
        shapes.append([re.match(r"#+|- |\d\. |", line)[0] for line in text.splitlines() if line])  # type: ignore[index]
    english, french = shapes
    assert english == french


@each_topic
def test_every_option_is_weighed(authority: object, topic: object) -> None:
    text = files("devops_orchestrator.authorities").joinpath("briefs", f"{topic.id}.en.md").read_text("utf-8")  # type: ignore[attr-defined]
    options = re.findall(r"^\d+\. ", text, re.M)
    weighed = re.findall(r"^### ", text, re.M)
    assert len(options) >= 2
    assert len(options) == len(weighed)


def test_the_next_number_and_no_second_brief_on_one_question() -> None:
    taken = REPOSITORY | {"docs/decisions/0007-use-postgresql.md": "# Use PostgreSQL\n"}
    path, text = propose("direction-technique", "direction-technique/infrastructure", "cloud-provider", "fr", taken)
    assert path.startswith("docs/decisions/0008-")
    again = propose(
        "direction-technique", "direction-technique/infrastructure", "cloud-provider", "fr", taken | {path: text}
    )
    assert again == (path, text)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_answer_goes_under_its_heading(language: str) -> None:
    path, text = propose("lead-dev", "lead-dev/delivery", "go-no-go", language, REPOSITORY)
    (brief,) = escalations.read(Repository.of({path: text}))
    after = escalations.answered(brief, "Go.", language).after
    assert "status: accepted" in after
    assert not re.search(r"^(Not decided yet|Pas encore décidé)\.$", after, re.M)
    assert len(re.findall(r"^## ", after, re.M)) == len(re.findall(r"^## ", text, re.M))


def test_an_empty_repository_is_told() -> None:
    _, text = propose("direction-technique", "direction-technique/infrastructure", "budget", "en", {})
    assert "nothing" in text


def test_clouds_environments_and_ways_back_are_told_with_their_place() -> None:
    shown = REPOSITORY | {
        "infra/main.tf": 'terraform {\n  required_version = ">= 1.11"\n}\n\nprovider "aws" {\n  region = "eu-west-3"\n}\n',
        "k8s/base/kustomization.yaml": "kind: Kustomization\nresources:\n  - rollout.yaml\n",
        "k8s/base/rollout.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: shop\n          image: europe-west9-docker.pkg.dev/acme/shop/shop:1\n",
        "k8s/overlays/staging/kustomization.yaml": "kind: Kustomization\nresources:\n  - ../../base\n",
        "infra/production.tfvars": 'region = "eu-west-3"\n',
    }
    _, cloud = propose("direction-technique", "direction-technique/infrastructure", "cloud-provider", "fr", shown)
    assert "traces de AWS : `infra/main.tf:5`" in cloud
    assert "traces de Google Cloud : `k8s/base/rollout.yaml:10`" in cloud
    assert "production (`infra/production.tfvars`), staging (`k8s/overlays/staging/kustomization.yaml`)" in cloud
    _, ready = propose("lead-dev", "lead-dev/delivery", "go-no-go", "en", shown)
    assert "progressive delivery (Rollout): `k8s/base/rollout.yaml`" in ready
    _, bare = propose("lead-dev", "lead-dev/delivery", "go-no-go", "en", REPOSITORY)
    assert "way back shown in the manifests: not found" in bare
