"""Rules beyond the guide's own pairs: what must not be reported, and what the fixes do."""

import pytest
from tests.domains.deployment.strategies import fixtures
from tests.domains.deployment.strategies.fixtures import findings, project

from devops_orchestrator.core.change import apply_edits

ROLLOUT = """apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata:
  name: shop
spec:
  replicas: 3 # ✓
  progressDeadlineAbort: true
  workloadRef:
    apiVersion: apps/v1
    kind: Deployment
    name: shop
  strategy:
    canary:
      steps:
        - setWeight: 10
        - pause: {}
        - setWeight: 50
        - pause:
            duration: 10m
"""
FLUX = """apiVersion: kustomize.toolkit.fluxcd.io/v1beta2
kind: Kustomization
metadata:
  name: shop
  namespace: flux-system
spec:
  interval: 10m
  path: ./k8s
  prune: true
  wait: true
  sourceRef:
    kind: GitRepository
    name: flux-system
"""


def fixed(files: dict[str, str], unsafe: bool = False) -> dict[str, str]:
    """The files after each fix, one at a time, until nothing moves."""
    for _ in range(20):
        found = [f for f in findings(project(files)) if f.fix and (f.fix.safe or unsafe)]
        if not found:
            return files
        assert found[0].fix
        for path in {edit.file for edit in found[0].fix.edits}:
            files = files | {path: apply_edits(files[path], [e for e in found[0].fix.edits if e.file == path])}
    raise AssertionError("fixes never end")


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_safe_fixes_only_add_comments(eol: str) -> None:
    files = {"k8s/rollout.yaml": ROLLOUT.replace("\n", eol)}
    after = fixed(files)["k8s/rollout.yaml"]
    assert [line.partition(" # ")[0] for line in after.split(eol)] == [
        line.partition(" # ")[0] for line in ROLLOUT.split("\n")
    ]
    assert "- pause: {} # waits for: kubectl argo rollouts promote shop" in after
    assert "- setWeight: 10 # 3 pods: about 25 %" in after
    assert "# ✓" in after


def test_a_gone_version_is_replaced_where_the_schema_takes_the_object() -> None:
    found = findings(
        project({"k8s/x.yaml": "a: 1\n", "clusters/production/shop.yaml": FLUX}), "strategies/flux-gone-version"
    )
    assert [f.fix.safe for f in found if f.fix] == [True]
    old = FLUX.replace("  prune: true\n", "  prune: true\n  validation: client\n")
    found = findings(project({"clusters/production/shop.yaml": old}), "strategies/flux-gone-version")
    assert [f.fix.safe for f in found if f.fix] == [False]


def test_a_patch_is_no_rollout() -> None:
    files = {
        "k8s/kustomization.yaml": "kind: Kustomization\nresources:\n  - rollout.yaml\npatches:\n  - path: steps.yaml\n",
        "k8s/rollout.yaml": ROLLOUT,
        "k8s/steps.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata:\n  name: shop\nspec:\n  strategy:\n    canary:\n"
        "      steps:\n        - setWeight: 5\n        - pause: {}\n",
    }
    assert {f.file for f in findings(project(files))} == {"k8s/rollout.yaml"}


def test_a_deployment_scaled_down_by_a_patch_is_not_started_twice() -> None:
    files = fixtures.FILES | {
        "k8s/overlays/production/rollout.yaml": ROLLOUT,
        "k8s/overlays/production/kustomization.yaml": "kind: Kustomization\nresources:\n  - ../../base\n  - rollout.yaml\npatches:\n"
        "  - patch: |-\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata:\n        name: shop\n      spec:\n        replicas: null\n",
    }
    assert findings(project(files), "strategies/workload-started-twice") == []
    without = files["k8s/overlays/production/kustomization.yaml"].partition("patches:")[0]
    found = findings(
        project(files | {"k8s/overlays/production/kustomization.yaml": without}), "strategies/workload-started-twice"
    )
    assert [(f.file, f.related[0].file) for f in found] == [
        ("k8s/overlays/production/rollout.yaml", "k8s/base/deployment.yaml")
    ]


def test_what_cannot_be_verified_is_not_reported() -> None:
    alone = {
        "k8s/rollout.yaml": ROLLOUT.replace(
            "    canary:\n", "    canary:\n      canaryService: a\n      stableService: b\n"
        )
    }
    assert findings(project(alone), "strategies/unknown-service") == []
    assert findings(project(alone), "strategies/unknown-workload") == []
    elsewhere = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: a\nspec:\n  source:\n    repoURL: https://github.com/other/repo\n    path: gone\n"
    assert findings(project({"argocd/a.yaml": elsewhere}), "strategies/application-path-missing") == []


def test_a_percentage_is_rounded_down() -> None:
    text = fixtures.DEPLOYMENT.replace(
        "  selector:", "  strategy:\n    rollingUpdate:\n      maxUnavailable: 25%\n  selector:", 1
    )
    files = {"k8s/deployment.yaml": text.replace("replicas: 2", "replicas: 1"), "k8s/service.yaml": fixtures.SERVICE}
    assert findings(project(files), "strategies/update-stops-all-pods") == []
    worse = files | {"k8s/deployment.yaml": files["k8s/deployment.yaml"].replace("25%", "1")}
    assert len(findings(project(worse), "strategies/update-stops-all-pods")) == 1


def test_unsafe_fixes_remove_their_finding() -> None:
    files = {
        "k8s/rollout.yaml": ROLLOUT.replace("  progressDeadlineAbort: true\n", ""),
        "argocd/shop.yaml": "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n"
        "    repoURL: https://github.com/acme/shop\n    path: k8s\n    targetRevision: master\n  syncPolicy:\n    automated: {}\n",
        "clusters/shop.yaml": FLUX.replace("v1beta2", "v1").replace("  wait: true\n", ""),
    }
    after = fixed(files, unsafe=True)
    assert not [f for f in findings(project(after)) if f.fix]
    assert "targetRevision: main" in after["argocd/shop.yaml"]
    assert "wait: true\n  timeout: 5m" in after["clusters/shop.yaml"]


def test_an_unparsable_file_stops_no_other() -> None:
    files = {"k8s/broken.yaml": "apiVersion: v1\nkind: Service\n  bad: [", "k8s/rollout.yaml": ROLLOUT}
    of = project(files)
    from devops_orchestrator.core.rule import Source
    from devops_orchestrator.domains.deployment.strategies import SPECIALIST

    source = Source("k8s/rollout.yaml", ROLLOUT, "kubernetes")
    assert [f.rule for rule in SPECIALIST.rules for f in rule.findings(source, of)]
