"""Pushes of workflows: near misses."""

import pytest

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Source
from devops_orchestrator.domains.containers.registries import SPECIALIST
from devops_orchestrator.project import read

PATH = ".github/workflows/image.yml"
LOGIN = "      - uses: docker/login-action@v3\n        with: {registry: ghcr.io, username: x, password: '${{ secrets.GITHUB_TOKEN }}'}\n"
PUSH = "      - uses: docker/build-push-action@v6\n        with: {push: true, tags: 'ghcr.io/acme/shop:1'}\n"


def of(rule: str, steps: str, head: str = "", slug: str = "acme/shop") -> list[Finding]:
    text = f"on: push\n{head}jobs:\n  image:\n    runs-on: ubuntu-24.04\n    steps:\n{steps}"
    git = {"config --get remote.origin.url": f"https://github.com/{slug}.git"}
    project = read(Repository.of({PATH: text}, git=git))
    source = Source(PATH, text, "github-workflow")
    return [f for each in SPECIALIST.rules if each.id == f"registries/{rule}" for f in each.findings(source, project)]


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        (PUSH, 1), (LOGIN + PUSH, 0), ("      - run: echo x | docker login -u a --password-stdin\n" + PUSH, 0), ("      - uses: ./login\n" + PUSH, 0),
        (PUSH.replace("push: true", "push: false"), 0), ("      - run: docker push acme/shop:1\n", 1), ("      - run: echo docker push\n", 0),
        ("      - run: docker push localhost:5000/shop:1\n", 0), ("      - uses: aws-actions/amazon-ecr-login@v2\n" + PUSH, 0),
        (PUSH.replace("push: true", "push: '${{ github.event_name == 1 }}'"), 0),
    ],
)  # fmt: skip
def test_a_push_needs_a_login(steps: str, count: int) -> None:
    assert len(of("push-without-login", steps)) == count


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("permissions:\n  contents: read\n", 1), ("permissions:\n  contents: read\n  packages: write\n", 0), ("permissions: write-all\n", 0), ("", 0),
        ("permissions: {}\n", 1),
    ],
)  # fmt: skip
def test_the_token_needs_its_permission(head: str, count: int) -> None:
    assert len(of("missing-packages-permission", LOGIN + PUSH, head)) == count


def test_capital_letters_of_the_repository_itself() -> None:
    steps = LOGIN + PUSH.replace("acme/shop", "${{ github.repository }}")
    assert of("uppercase-name", steps, slug="Acme/Shop")
    assert not of("uppercase-name", steps)
    assert not of("uppercase-name", LOGIN + PUSH.replace(":1", ":V1"))
    assert not of("uppercase-name", LOGIN + PUSH.replace("ghcr.io/acme", "${{ env.REGISTRY }}/Acme"))
