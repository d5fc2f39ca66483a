"""The embedded schemas refuse misspelt fields, inside the pod templates of custom resources too."""

import pytest

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.validation import kubernetes_schema
from devops_orchestrator.validation.validator import Batch

WORKLOAD = """apiVersion: {api}
kind: {kind}
metadata: {{name: shop}}
spec:
  selector: {{matchLabels: {{app: shop}}}}
  template:
    metadata: {{labels: {{app: shop}}}}
    spec:
      containers:
        - name: shop
          image: shop:1
"""
KINDS = [("apps/v1", "Deployment"), ("argoproj.io/v1alpha1", "Rollout")]


def judge(text: str) -> list[str]:
    return [f"{p.line} {p.message}" for p in kubernetes_schema.run(Batch({"a.yaml": text}, Repository.of({})))]


@pytest.mark.parametrize(("api", "kind"), KINDS)
def test_a_sound_workload_passes(api: str, kind: str) -> None:
    assert judge(WORKLOAD.format(api=api, kind=kind)) == []


@pytest.mark.parametrize(("api", "kind"), KINDS)
def test_a_misspelt_container_field_is_refused_at_its_line(api: str, kind: str) -> None:
    text = WORKLOAD.format(api=api, kind=kind).replace("          image:", "          imgae:")
    assert any("imgae" in told and told.startswith("11 ") for told in judge(text))


def test_a_misspelt_field_of_a_custom_resource_is_refused() -> None:
    text = WORKLOAD.format(api="argoproj.io/v1alpha1", kind="Rollout") + "  stratgy: {}\n"
    assert any("stratgy" in told for told in judge(text))
