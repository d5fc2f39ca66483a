"""Autoscaling that cannot work, or that fights with the manifests."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOC = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"


def _autoscalers(source: Source) -> Iterator[Node]:
    for document in source.parsed(yaml.parse):
        if document.at("kind") == "HorizontalPodAutoscaler":
            yield document


def _target(autoscaler: Node, project: Project) -> tuple[str, Node] | None:
    """(file, object) of the workload that an autoscaler scales, where the repository has it."""
    wanted = (autoscaler.at("spec", "scaleTargetRef", "kind"), autoscaler.at("spec", "scaleTargetRef", "name"))
    for path in project.of_kind("kubernetes"):
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for document in documents:
            if (document.at("kind"), document.at("metadata", "name")) == wanted:
                return path, document
    return None


@rule(
    "scaling/min-above-max", Severity.ERROR, on="kubernetes", url=DOC,
    title=Text("minReplicas is above maxReplicas", "minReplicas dépasse maxReplicas"),
    advice=Text(
        "The API server refuses this autoscaler, so nothing scales.",
        "Le serveur d'API refuse cet autoscaler : rien n'est mis à l'échelle.",
    ),
)  # fmt: skip
def min_above_max(source: Source, project: Project) -> Iterator[Hit]:
    """`spec.minReplicas` greater than `spec.maxReplicas`."""
    for autoscaler in _autoscalers(source):
        low, high = autoscaler.get("spec", "minReplicas"), autoscaler.get("spec", "maxReplicas")
        if low and high and isinstance(low.value, int) and isinstance(high.value, int) and low.value > high.value:
            yield Hit(
                low.start, low.end,
                Text(
                    f"minReplicas is {low.value}, maxReplicas only {high.value}.",
                    f"minReplicas vaut {low.value}, alors que maxReplicas ne vaut que {high.value}.",
                ),
            )  # fmt: skip


@rule(
    "scaling/replicas-fight", Severity.WARNING, on="kubernetes", url=DOC,
    title=Text("The manifest and the autoscaler both set the replicas", "Le manifeste et l'autoscaler fixent tous deux les réplicas"),
    advice=Text(
        "Every apply puts the manifest's number back, and the autoscaler then corrects it: pods are killed and created for nothing.",
        "Chaque apply remet le nombre du manifeste, que l'autoscaler corrige ensuite : des pods sont tués et recréés pour rien.",
    ),
)  # fmt: skip
def replicas_fight(source: Source, project: Project) -> Iterator[Hit]:
    """A workload with `replicas` that an HPA of the repository scales. Reported on the autoscaler's target reference."""
    for autoscaler in _autoscalers(source):
        found = _target(autoscaler, project)
        reference = autoscaler.get("spec", "scaleTargetRef")
        if found is None or reference is None:
            continue
        path, workload = found
        spec = workload.get("spec")
        replicas = workload.get("spec", "replicas")
        if spec is None or replicas is None or spec.flow:
            continue
        line, _ = Lines(workload.text).place(replicas.start)
        name = workload.at("metadata", "name")
        start, end, text = yaml.remove_pair(spec, "replicas")
        yield Hit(
            reference.start, reference.end,
            Text(
                f"{name} also sets replicas: {replicas.value}.",
                f"{name} fixe aussi replicas: {replicas.value}.",
            ),
            fix=Fix(
                edits=(Edit(path, start, end, text),), safe=False,
                title=Text(f"take `replicas` out of {path}", f"retirer `replicas` de {path}"),
                needs=Text(
                    "the first apply without it sets one replica until the autoscaler acts: apply it in a quiet hour",
                    "le premier apply sans ce champ passe à un réplica jusqu'à l'action de l'autoscaler : à faire en heure creuse",
                ),
            ),
            related=(Related(path, line, Text("set here", "fixé ici")),),
        )  # fmt: skip


@rule(
    "scaling/utilization-without-request", Severity.ERROR, on="kubernetes", url=DOC,
    title=Text("Utilization of a request that is not there", "Un taux d'utilisation sans request"),
    advice=Text(
        "Utilization is a share of the request. Without it the autoscaler shows <unknown> and never scales.",
        "Le taux d'utilisation est une part de la request. Sans elle, l'autoscaler affiche <unknown> et ne fait rien.",
    ),
)  # fmt: skip
def utilization_without_request(source: Source, project: Project) -> Iterator[Hit]:
    """A Resource metric of type Utilization whose target has a container without that request."""
    for autoscaler in _autoscalers(source):
        found = _target(autoscaler, project)
        metrics = autoscaler.get("spec", "metrics")
        if found is None or metrics is None:
            continue
        path, workload = found
        containers = workload.at("spec", "template", "spec", "containers", default=[]) or []
        for metric in metrics.children():
            resource = metric.at("resource", "name")
            if metric.at("resource", "target", "type") != "Utilization" or not resource:
                continue
            without = [
                str(c.get("name")) for c in containers
                if isinstance(c, dict) and not ((c.get("resources") or {}).get("requests") or {}).get(resource)
            ]  # fmt: skip
            if without:
                names = ", ".join(without)
                yield Hit(
                    metric.start, metric.end,
                    Text(
                        f"{path}: container {names} has no {resource} request.",
                        f"{path} : le conteneur {names} n'a pas de request {resource}.",
                    ),
                )  # fmt: skip


@rule(
    "scaling/removed-api", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/reference/using-api/deprecation-guide/#horizontalpodautoscaler-v126",
    title=Text("An autoscaling API that is gone", "Une API d'autoscaling supprimée"),
    advice=Text(
        "autoscaling/v2beta1 and v2beta2 were removed in Kubernetes 1.25 and 1.26; the object is refused.",
        "autoscaling/v2beta1 et v2beta2 ont été supprimées dans Kubernetes 1.25 et 1.26 ; l'objet est refusé.",
    ),
)  # fmt: skip
def removed_api(source: Source, project: Project) -> Iterator[Hit]:
    """v2beta2 has the fields of v2: only the version changes. v2beta1 names its fields otherwise: told, not fixed."""
    for autoscaler in _autoscalers(source):
        version = autoscaler.get("apiVersion")
        if version is None or version.value not in ("autoscaling/v2beta1", "autoscaling/v2beta2"):
            continue
        fix = None
        if version.value == "autoscaling/v2beta2":
            fix = Fix(
                (source.edit(version.start, version.end, "autoscaling/v2"),), safe=True,
                title=Text("use autoscaling/v2, with the same fields", "utiliser autoscaling/v2, avec les mêmes champs"),
            )  # fmt: skip
        yield Hit(
            version.start, version.end,
            Text(f"{version.value} is no longer served.", f"{version.value} n'est plus servie."), fix=fix,
        )  # fmt: skip


RULES: tuple[Rule, ...] = (min_above_max, replicas_fight, utilization_without_request, removed_api)
