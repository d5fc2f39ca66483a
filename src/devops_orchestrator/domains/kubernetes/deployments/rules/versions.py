"""API versions that Kubernetes removed or is going to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index, spans
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.text import Text

# Kinds whose fields are the same in the replacement: only apiVersion changes.
SAME_FIELDS = {
    "Deployment": ("extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"),
    "StatefulSet": ("apps/v1beta1", "apps/v1beta2"),
    "DaemonSet": ("extensions/v1beta1", "apps/v1beta2"),
    "ReplicaSet": ("extensions/v1beta1", "apps/v1beta2"),
    "NetworkPolicy": ("extensions/v1beta1",),
    "CronJob": ("batch/v1beta1", "batch/v2alpha1"),
    "HorizontalPodAutoscaler": ("autoscaling/v2beta2",),
    "PodDisruptionBudget": ("policy/v1beta1",),
    "Role": ("rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1alpha1"),
    "RoleBinding": ("rbac.authorization.k8s.io/v1beta1",),
    "ClusterRole": ("rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1alpha1"),
    "ClusterRoleBinding": ("rbac.authorization.k8s.io/v1beta1",),
    "StorageClass": ("storage.k8s.io/v1beta1",),
    "PriorityClass": ("scheduling.k8s.io/v1beta1", "scheduling.k8s.io/v1alpha1"),
    "IngressClass": ("networking.k8s.io/v1beta1",),
    "ExternalSecret": ("external-secrets.io/v1beta1",),
    "SecretStore": ("external-secrets.io/v1beta1",),
    "ClusterSecretStore": ("external-secrets.io/v1beta1",),
}
WITH_SELECTOR = ("Deployment", "DaemonSet", "StatefulSet", "ReplicaSet")


@lru_cache(maxsize=1)
def _known() -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["api_version"], one["kind"]): one for one in facts.load("k8s_deprecations")["deprecations"]}


@rule(
    "deployments/removed-api", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
    title=Text("API version that is removed or deprecated", "Version d'API supprimée ou dépréciée"),
    advice=Text(
        "The cluster answers \"no matches for kind\" and applies nothing of it; the next upgrade turns a deprecated one into a removed one.",
        "Le cluster répond « no matches for kind » et n'applique rien ; la prochaine mise à jour transforme une version dépréciée en "
        "version supprimée.",
    ),
)  # fmt: skip
def removed_api(source: Source, project: Project) -> Iterator[Hit]:
    """An apiVersion and kind of the dated facts."""
    for one in index.objects(source, project):
        known = _known().get((one.api_version, one.kind))
        if known is None:
            continue
        removed, replacement = known["removed_in"], known["replacement"]
        en = f"removed in Kubernetes {removed}" if removed else f"deprecated since {known['deprecated_in']}"
        fr = f"supprimé dans Kubernetes {removed}" if removed else f"déprécié depuis {known['deprecated_in']}"
        if known["component"] != "k8s":
            en, fr = en.replace("Kubernetes", known["component"]), fr.replace("Kubernetes", known["component"])
        then = Text(f"; use {replacement}", f" ; utilisez {replacement}") if replacement else Text("", "")
        yield Hit(
            *spans.entry(one.node, "apiVersion"),
            Text(
                f"{one.kind} of {one.api_version} is {en}{then.en}.",
                f"{one.kind} de {one.api_version} est {fr}{then.fr}.",
            ),
            _fix(source, one, replacement),
            severity=None if removed else Severity.WARNING,
        )


def _fix(source: Source, one: Object, replacement: str | None) -> Fix | None:
    node = one.get("apiVersion")
    if node is None or not replacement or one.api_version not in SAME_FIELDS.get(one.kind, ()):
        return None
    if one.kind == "PodDisruptionBudget" and not one.selector:
        return None  # an empty selector picks nothing in v1beta1 and everything in v1
    edits: tuple[Edit, ...] = (source.edit(node.start, node.end, replacement),)
    spec = one.get("spec")
    if one.kind in WITH_SELECTOR and not spans.has(spec, "selector"):
        labels = one.pod.labels if one.pod else {}
        if spec is None or not labels or not spans.editable(spec):
            return None
        lines = "".join(f"\n    {key}: {_scalar(value)}" for key, value in labels.items())
        edits += spans.put(source, spec, f"selector:\n  matchLabels:{lines}", "replicas")
    if one.at("spec", "rollbackTo") is not None:
        return None
    return Fix(edits, safe=True, title=Text(f"Use {replacement}", f"Passer à {replacement}"))


def _scalar(value: str) -> str:
    from devops_orchestrator.formats import template

    return template.quoted(value)


RULES = (removed_api,)
