"""Deployments that cannot go back."""

import pytest
from tests.domains.kubernetes.rooms import findings, places

ROLLBACK = "deployment/rollback"
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: shop\nspec:\n  interval: 10m\n"


def workflow(command: str) -> str:
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: |\n          {command}\n          kubectl rollout status deployment/shop\n"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("kubectl set image deployment/shop shop=acme/shop:latest", True),
        ("kubectl set image deployment/shop shop=acme/shop:$GITHUB_SHA", False),
        ("helm upgrade shop ./chart --atomic --set image.tag=latest", True),
        ("helm upgrade shop ./chart --atomic --set image.tag=1.4.0", False),
        ("docker tag acme/shop:1 acme/shop:latest", False),
        ("echo kubectl set image", False),
    ],
)
def test_floating_images(command: str, told: bool) -> None:
    found = places(ROLLBACK, {".github/workflows/d.yml": workflow(command)}, "rollback/floating-image-deployed")
    assert found == ([".github/workflows/d.yml:7"] if told else [])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", True),
        ("  upgrade:\n    remediation:\n      retries: 3\n", False),
        ("  upgrade:\n    strategy:\n      name: RetryOnFailure\n", False),
        ("  suspend: true\n", False),
    ],
)
def test_remediation(more: str, told: bool) -> None:
    assert bool(findings(ROLLBACK, {"apps/a.yaml": RELEASE + more}, "rollback/no-remediation")) is told


def test_a_patch_may_bring_the_remediation() -> None:
    files = {
        "apps/a.yaml": RELEASE, "apps/p.yaml": RELEASE + "  upgrade:\n    remediation: {retries: 3}\n",
        "apps/kustomization.yaml": "resources: [a.yaml]\npatches:\n  - path: p.yaml\n",
    }  # fmt: skip
    assert not findings(ROLLBACK, files, "rollback/no-remediation")
