"""What the pods of a chart lack however it is installed: no value of the chart speaks of it."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.helm.rules.values import read_values
from devops_orchestrator.formats.kubernetes import LONG_RUNNING, Container
from devops_orchestrator.project import charts
from devops_orchestrator.project.charts import Made
from devops_orchestrator.text import Text

PROBES = "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/"


def _containers(source: Source, project: Project, value: str) -> Iterator[tuple[Made, Container]]:
    """(object, container) of a template's long-running workloads, unless it reads a value whose name ends so."""
    chart = charts.holding(source.path, project)
    reads = project.remembered(read_values).get(source.path, ())
    if chart is None or any(value in read.path.rpartition(".")[2].lower() or not read.path for read in reads):
        return
    for made in chart.made:
        if made.template.path == source.path and made.object.kind in LONG_RUNNING and made.object.pod is not None:
            for container in made.object.pod.containers:
                if container.image is not None:
                    yield made, container


def _place(made: Made, container: Container) -> tuple[int, int]:
    node = container.node.get("name") or container.node.get("image") or container.node
    return made.span(node)


@rule(
    "helm/missing-readiness-probe", Severity.WARNING, on="helm-template", url=PROBES,
    title=Text("No readiness probe in the chart", "Pas de readinessProbe dans le chart"),
    advice=Text(
        "Traffic goes to a pod as soon as its process has started: each upgrade of the release loses requests, and `helm upgrade --wait` "
        "calls a broken version ready.",
        "Le trafic arrive dès que le processus a démarré : chaque upgrade de la release perd des requêtes, et `helm upgrade --wait` déclare "
        "prête une version cassée.",
    ),
)  # fmt: skip
def missing_readiness_probe(source: Source, project: Project) -> Iterator[Hit]:
    """A container with ports, as rendered, without a readinessProbe, in a template that reads no value for one."""
    for made, container in _containers(source, project, "probe"):
        if container.ports and container.probe("readinessProbe") is None and made.object.kind != "DaemonSet":
            yield Hit(
                *_place(made, container),
                Text(f"Container {container.name} has no readinessProbe.", f"Le conteneur {container.name} n'a pas de readinessProbe."),
            )  # fmt: skip


@rule(
    "helm/missing-resources", Severity.WARNING, on="helm-template",
    url="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    title=Text("No resources in the chart, and no value for them", "Pas de ressources dans le chart, ni de valeur pour elles"),
    advice=Text(
        "Its pods are the first to be evicted, may take a whole node, and whoever installs the chart cannot change that.",
        "Ses pods sont évincés en premier, peuvent occuper un nœud entier, et qui installe le chart n'y peut rien.",
    ),
)  # fmt: skip
def missing_resources(source: Source, project: Project) -> Iterator[Hit]:
    """A container, as rendered, without requests and limits, in a template that reads no value for them."""
    for made, container in _containers(source, project, "resources"):
        if not container.node.at("resources"):
            yield Hit(
                *_place(made, container),
                Text(f"Container {container.name} has no resources.", f"Le conteneur {container.name} n'a pas de resources."),
            )  # fmt: skip


@rule(
    "helm/missing-security-context", Severity.WARNING, on="helm-template",
    url="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    title=Text("No security context in the chart, and no value for one", "Pas de securityContext dans le chart, ni de valeur pour lui"),
    advice=Text(
        "The container keeps its image's user and all default capabilities, and namespaces with the restricted Pod Security Standard refuse it.",
        "Le conteneur garde l'utilisateur de son image et toutes les capabilities par défaut, et les namespaces au Pod Security Standard "
        "restricted le refusent.",
    ),
)  # fmt: skip
def missing_security_context(source: Source, project: Project) -> Iterator[Hit]:
    """A pod, as rendered, with no security context of its own or of a container, in a template that reads no value for one."""
    seen: set[int] = set()
    for made, container in _containers(source, project, "securitycontext"):
        pod = made.object.pod
        if pod is None or made.object.start in seen or pod.at("securityContext"):
            continue
        if any(one.node.at("securityContext") for one in pod.all_containers):
            continue
        seen.add(made.object.start)
        yield Hit(
            *_place(made, container),
            Text(
                f"{made.object.kind} {made.object.called} has no securityContext.",
                f"{made.object.kind} {made.object.called} n'a pas de securityContext.",
            ),
        )  # fmt: skip


@rule(
    "helm/floating-image", Severity.WARNING, on="helm-template", url="https://helm.sh/docs/chart_best_practices/pods/#images",
    title=Text("A template with an image without a fixed version", "Un template dont l'image n'a pas de version fixe"),
    advice=Text(
        "The same revision of the release runs other code tomorrow, and `helm rollback` does not bring the old code back.",
        "La même révision de la release exécute demain un autre code, et `helm rollback` ne ramène pas l'ancien.",
    ),
)  # fmt: skip
def floating_image(source: Source, project: Project) -> Iterator[Hit]:
    """An image written in the template itself with `latest` or without a tag; what values give is told there."""
    chart = charts.holding(source.path, project)
    for made in chart.made if chart is not None else ():
        test = made.object.annotations.get("helm.sh/hook", "").startswith("test")
        if made.template.path != source.path or made.object.pod is None or test:
            continue
        for container in made.object.pod.all_containers:
            node = container.node.get("image")
            start, end = made.span(node) if node is not None else (0, 0)
            if node is None or not container.image or "{{" in source.text[start:end]:
                continue
            name, _, tag = container.image.rpartition("/")[2].partition(":")
            if "@" not in container.image and tag in ("", "latest") and name:
                yield Hit(
                    start, end,
                    Text(
                        f"Image {container.image} of container {container.name} has no fixed tag.",
                        f"L'image {container.image} du conteneur {container.name} n'a pas de tag fixe.",
                    ),
                )  # fmt: skip


RULES: tuple[Rule, ...] = (missing_readiness_probe, missing_resources, missing_security_context, floating_image)
