"""Autoscalers and what they scale."""

import pytest
from tests.domains.kubernetes.rooms import findings, workload

SCALING = "kubernetes/scaling"
REQUESTS = "resources:\n  requests:\n    cpu: 100m\n    memory: 64Mi"


def hpa(target: str = "shop", low: int = 2, high: int = 5, name: str = "shop", kind: str = "Deployment") -> str:
    return (
        f"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: {name}\nspec:\n  scaleTargetRef:\n    kind: {kind}\n"
        f"    name: {target}\n  minReplicas: {low}\n  maxReplicas: {high}\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n"
        "        target:\n          type: Utilization\n          averageUtilization: 70\n"
    )


def keda(trigger: str, low: str = "") -> str:
    return f"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:\n  name: k\nspec:\n  scaleTargetRef:\n    name: shop\n{low}  triggers:\n    - type: {trigger}\n"


def test_an_autoscaler_in_order_has_no_finding() -> None:
    assert findings(SCALING, {"k8s/shop.yaml": workload(container=REQUESTS), "k8s/hpa.yaml": hpa()}) == []


@pytest.mark.parametrize(
    ("target", "kind", "told"),
    [
        ("shop-api", "Deployment", True),
        ("shop", "StatefulSet", True),
        ("elsewhere", "Deployment", False),
        ("x", "Widget", False),
    ],
)
def test_targets(target: str, kind: str, told: bool) -> None:
    files = {
        "k8s/shop.yaml": workload(container=REQUESTS),
        "k8s/hpa.yaml": hpa(target, kind=kind, name="other" if target == "elsewhere" else "shop"),
    }
    assert bool(findings(SCALING, files, "scaling/unknown-target")) is told


def test_a_target_of_another_folder_or_chart_is_not_missed() -> None:
    assert not findings(SCALING, {"a/shop.yaml": workload(), "b/hpa.yaml": hpa("shop-api")}, "scaling/unknown-target")


def test_two_autoscalers_count_only_where_they_are_applied_together() -> None:
    shop = {"k8s/shop.yaml": workload(container=REQUESTS)}
    apart = shop | {"k8s/a/hpa.yaml": hpa(), "k8s/b/hpa.yaml": hpa(name="b")}
    assert not findings(SCALING, apart, "scaling/two-autoscalers")
    files = shop | {
        "k8s/hpa.yaml": hpa(),
        "k8s/keda.yaml": keda("prometheus"),
        "k8s/kustomization.yaml": "resources: [shop.yaml, hpa.yaml, keda.yaml]\n",
    }
    assert len(findings(SCALING, files, "scaling/two-autoscalers")) == 2


@pytest.mark.parametrize(
    ("trigger", "low", "told"), [("cpu", "", True), ("cpu", "  minReplicaCount: 1\n", False), ("kafka", "", False)]
)
def test_zero(trigger: str, low: str, told: bool) -> None:
    assert bool(findings(SCALING, {"k8s/k.yaml": keda(trigger, low)}, "scaling/zero-on-cpu")) is told


def test_a_request_that_a_patch_or_another_variant_gives() -> None:
    bare = {"k8s/shop.yaml": workload(), "k8s/hpa.yaml": hpa()}
    assert findings(SCALING, bare, "scaling/utilization-without-request")
    patch = {
        "k8s/patch.yaml": workload(container=REQUESTS),
        "k8s/kustomization.yaml": "resources: [shop.yaml, hpa.yaml]\npatches:\n  - path: patch.yaml\n",
    }
    assert not findings(SCALING, bare | patch, "scaling/utilization-without-request")


def test_keda_fights_with_replicas_too() -> None:
    files = {"k8s/shop.yaml": workload(spec="replicas: 3"), "k8s/k.yaml": keda("kafka")}
    assert findings(SCALING, files, "scaling/replicas-fight")


def test_a_stateless_program_beside_a_database_is_scaled() -> None:
    files = {
        "k8s/shop.yaml": workload(container=REQUESTS),
        "k8s/db.yaml": workload("db", "postgres:18.0"),
        "k8s/hpa.yaml": hpa(),
    }
    assert not findings(SCALING, files, "scaling/scaled-database")
