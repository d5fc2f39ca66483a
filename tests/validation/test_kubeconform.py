"""kubeconform really judges: a misspelt field is refused, a sound manifest is not."""

import pytest

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.validation import kubeconform
from devops_orchestrator.validation.validator import Batch, DidNotRun

SOUND = """apiVersion: v1
kind: Service
metadata: {name: shop}
spec:
  selector: {app: shop}
  ports: [{port: 80}]
"""

pytestmark = pytest.mark.skipif(kubeconform.VALIDATOR.found is None, reason="kubeconform is absent")


def judge(text: str) -> list[str]:
    return [problem.message for problem in kubeconform.run(Batch({"a.yaml": text}, Repository.of({})))]


def test_a_sound_manifest_passes() -> None:
    assert judge(SOUND) == []


def test_a_misspelt_field_is_refused() -> None:
    assert any("selectr" in message for message in judge(SOUND.replace("selector", "selectr")))


def test_a_custom_resource_alone_is_not_judged() -> None:
    with pytest.raises(DidNotRun):
        judge("apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\n")
