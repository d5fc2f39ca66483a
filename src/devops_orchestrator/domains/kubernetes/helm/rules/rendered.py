"""What the chart renders to with its default values: ports, probes, selectors and references that do not meet."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats.kubernetes import LONG_RUNNING, Container, undeclared
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import charts
from devops_orchestrator.project.charts import Chart, Made
from devops_orchestrator.text import Text


def _of(source: Source, project: Project) -> Iterator[tuple[Chart, Made]]:
    """(chart, object) of the objects that a template renders to."""
    chart = charts.holding(source.path, project)
    for made in chart.made if chart is not None else ():
        if chart is not None and made.template.path == source.path:
            yield chart, made


def _related(chart: Chart, made: Made, node: Node, message: Text) -> tuple[Related, ...]:
    """The value that gave a node of an object, else its place in the template."""
    path = made.rendered.value(node.start, node.end)
    value = chart.values_node.get(*path.split(".")) if path and chart.values_node is not None else None
    if value is not None:
        return (Related(chart.values_path, Lines(value.text).place(value.start)[0], message),)
    return (Related(made.template.path, Lines(made.template.text).place(made.span(node)[0])[0], message),)


def _workloads(chart: Chart, selector: dict[str, str]) -> list[Made]:
    return [
        one for one in chart.made
        if one.object.pod is not None and selector and all(one.object.pod.labels.get(k) == v for k, v in selector.items())
    ]  # fmt: skip


@rule(
    "helm/service-target-port", Severity.ERROR, on="helm-template",
    url="https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
    title=Text("The chart's Service aims at a port that its pods do not have", "Le Service du chart vise un port que ses pods n'ont pas"),
    advice=Text(
        "Installed with the default values, connections to the Service are refused although its pods are ready.",
        "Installé avec les valeurs par défaut, le Service refuse les connexions alors que ses pods sont prêts.",
    ),
)  # fmt: skip
def service_target_port(source: Source, project: Project) -> Iterator[Hit]:
    """A targetPort, as rendered, that none of the selected pods declares."""
    for chart, made in _of(source, project):
        if made.object.kind != "Service":
            continue
        workloads = _workloads(chart, made.object.selector)
        ports = [p for w in workloads if w.object.pod for c in w.object.pod.all_containers for p in c.ports]
        for port in made.object.ports:
            node = port.node.get("targetPort") or port.node.get("port")
            if (
                not ports
                or node is None
                or port.target in [p.number for p in ports]
                or port.target in [p.name for p in ports]
            ):
                continue
            if isinstance(port.target, int) and undeclared(made.object.ports, ports):
                continue
            told = ", ".join(dict.fromkeys(p.name or str(p.number) for p in ports))
            place = next((p.node.get("containerPort") for p in ports if p.node.get("containerPort")), None)
            owner = workloads[0]
            yield Hit(
                *made.span(node),
                Text(
                    f"Service {made.object.called} aims at port {port.target}; its pods declare {told}.",
                    f"Le Service {made.object.called} vise le port {port.target} ; ses pods déclarent {told}.",
                ),
                related=_related(chart, owner, place, Text("declared here", "déclaré ici")) if place is not None else (),
                severity=None if isinstance(port.target, str) else Severity.WARNING,
            )  # fmt: skip


@rule(
    "helm/probe-port", Severity.ERROR, on="helm-template",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    title=Text("A probe of the chart aims at a port that the container does not have", "Une sonde du chart vise un port que le conteneur n'a pas"),
    advice=Text(
        "Installed with the default values, the pod never becomes ready, or is restarted again and again.",
        "Installé avec les valeurs par défaut, le pod ne devient jamais prêt, ou redémarre en boucle.",
    ),
)  # fmt: skip
def probe_port(source: Source, project: Project) -> Iterator[Hit]:
    """A probe's port, as rendered, beside those that the container declares."""
    for chart, made in _of(source, project):
        for container in made.object.pod.containers if made.object.pod else ():
            numbers = [port.number for port in container.ports if port.number is not None]
            names = [port.name for port in container.ports if port.name]
            for probe in container.probes:
                node, port = probe.port_node, probe.port
                if node is None or port is None or not (numbers or names) or port in numbers or port in names:
                    continue
                if isinstance(port, str) and port.isdigit() and int(port) in numbers:
                    continue
                told = ", ".join([*names, *(str(number) for number in numbers)])
                place = container.ports[0].node.get("containerPort")
                yield Hit(
                    *made.span(node),
                    Text(
                        f"{probe.name} of {container.name} aims at port {port}; the container declares {told}.",
                        f"{probe.name} de {container.name} vise le port {port} ; le conteneur déclare {told}.",
                    ),
                    related=_related(chart, made, place, Text("declared here", "déclaré ici")) if place is not None else (),
                    severity=None if isinstance(port, str) else Severity.WARNING,
                )  # fmt: skip


@rule(
    "helm/selector-mismatch", Severity.ERROR, on="helm-template",
    url="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
    title=Text("A selector of the chart matches no pod of it", "Un sélecteur du chart ne correspond à aucun de ses pods"),
    advice=Text(
        "A workload is refused by the API; a Service has no endpoints and refuses every connection.",
        "Une charge de travail est refusée par l'API ; un Service n'a aucun endpoint et refuse toute connexion.",
    ),
)  # fmt: skip
def selector_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """A workload whose selector is not in its own labels; a Service that shares labels with one workload and misses it."""
    for chart, made in _of(source, project):
        selector = made.object.get("spec", "selector")
        if selector is None or not made.object.selector:
            continue
        pod = made.object.pod
        near = pod if pod is not None else None
        if (
            pod is None
            and made.object.kind == "Service"
            and chart.whole
            and not _workloads(chart, made.object.selector)
        ):
            values = set(made.object.selector.items())
            sharing = [
                o
                for o in chart.made
                if o.object.kind in LONG_RUNNING and o.object.pod and values & set(o.object.pod.labels.items())
            ]
            near = sharing[0].object.pod if len(sharing) == 1 else None
        if near is None:
            continue
        wrong = {key: value for key, value in made.object.selector.items() if near.labels.get(key) != value}
        if wrong:
            key, value = next(iter(wrong.items()))
            has = near.labels.get(key)
            yield Hit(
                *made.span(selector),
                Text(
                    f"{made.object.kind} {made.object.called} selects {key}={value}; the pods have {'no ' + key if has is None else f'{key}={has}'}.",
                    f"{made.object.kind} {made.object.called} sélectionne {key}={value} ; les pods ont {'pas de ' + key if has is None else f'{key}={has}'}.",
                ),
            )  # fmt: skip


def _component(chart: Chart, container: Container, project: Project) -> Component | None:
    """The component that a container of the chart runs, where a name or its being the only one leaves no doubt."""
    short = (container.image or "").partition("@")[0].rsplit("/", 1)[-1].partition(":")[0]
    found = [one for one in project.deployable if one.name in (short, container.name)]
    if len(found) == 1:
        return found[0]
    if len(project.deployable) == 1 and (
        short in (project.name, chart.name) or container.name in (project.name, chart.name)
    ):
        return project.deployable[0]
    return None


@rule(
    "helm/container-port", Severity.ERROR, on="helm-template", url="https://kubernetes.io/docs/concepts/workloads/pods/",
    title=Text("The chart's port is not the one that the application listens on", "Le port du chart n'est pas celui où écoute l'application"),
    advice=Text(
        "Probes and Services that follow this port find nobody there: the release never becomes ready.",
        "Les sondes et les Services qui suivent ce port n'y trouvent personne : la release ne devient jamais prête.",
    ),
)  # fmt: skip
def container_port(source: Source, project: Project) -> Iterator[Hit]:
    """The only containerPort, as rendered, against the port in the code; nothing where the chart sets a port itself."""
    for chart, made in _of(source, project):
        for container in made.object.pod.containers if made.object.pod else ():
            component = _component(chart, container, project)
            if component is None or component.port is None or len(container.ports) != 1 or component.kind == "static":
                continue
            path, _, line = component.evidence.get("port", "").rpartition(":")
            node = container.ports[0].node.get("containerPort")
            told = any("PORT" in variable.name.upper() for variable in container.env)
            command = container.node.pair("args") or container.node.pair("command") or container.node.pair("envFrom")
            if node is None or not line.isdigit() or told or command or node.value == component.port:
                continue
            yield Hit(
                *made.span(node),
                Text(
                    f"Container {container.name} declares port {node.value}; {component.name} listens on {component.port} ({path}:{line}).",
                    f"Le conteneur {container.name} déclare le port {node.value} ; {component.name} écoute sur {component.port} ({path}:{line}).",
                ),
                related=(
                    Related(path, int(line), Text("it listens here", "il écoute ici")),
                    *_related(chart, made, node, Text("this value", "cette valeur")),
                ),
            )  # fmt: skip


@rule(
    "helm/undefined-reference", Severity.ERROR, on="helm-template",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/",
    title=Text("A key that the chart's own ConfigMap or Secret does not have", "Une clé absente du ConfigMap ou du Secret du chart"),
    advice=Text(
        "The container waits in CreateContainerConfigError until the key exists.",
        "Le conteneur reste en CreateContainerConfigError tant que la clé n'existe pas.",
    ),
)  # fmt: skip
def undefined_reference(source: Source, project: Project) -> Iterator[Hit]:
    """A key reference to an object that the chart renders, without that key."""
    for chart, made in _of(source, project):
        for reference in made.object.pod.references() if made.object.pod else ():
            if reference.key is None or reference.optional:
                continue
            owners = [o for o in chart.made if o.object.kind == reference.kind and o.object.name == reference.name]
            keys = {key for o in owners for key in o.object.keys or ()}
            if not owners or reference.key in keys:
                continue
            yield Hit(
                *made.span(reference.node),
                Text(
                    f"{reference.kind} {reference.name} has no key {reference.key}; it has {', '.join(sorted(keys)) or '-'}.",
                    f"{reference.kind} {reference.name} n'a pas de clé {reference.key} ; ses clés : {', '.join(sorted(keys)) or '-'}.",
                ),
                related=_related(chart, owners[0], owners[0].object.node, Text("the object", "l'objet")),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (service_target_port, probe_port, selector_mismatch, container_port, undefined_reference)
