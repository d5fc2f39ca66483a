"""Ports: what the application listens on, what the container declares, what probes and Services aim at."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import container as containers
from devops_orchestrator.domains.kubernetes.deployments.rules import index
from devops_orchestrator.formats.kubernetes import Container, undeclared
from devops_orchestrator.text import Text


@rule(
    "deployments/probe-port", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/",
    title=Text("The probe aims at a port that the container does not have", "La sonde vise un port que le conteneur n'a pas"),
    advice=Text(
        "The probe is refused (connection refused): the pod never becomes ready, or is restarted again and again.",
        "La sonde est refusée (connection refused) : le pod ne devient jamais prêt, ou redémarre en boucle.",
    ),
)  # fmt: skip
def probe_port(source: Source, project: Project) -> Iterator[Hit]:
    """A probe's port name that is not declared, or a number beside those that are."""
    for _, container in index.containers(source, project):
        numbers = [port.number for port in container.ports if port.number is not None]
        names = [port.name for port in container.ports if port.name]
        for probe in container.probes:
            port, node = probe.port, probe.port_node
            if port is None or node is None or probe.node.at("httpGet", "host") is not None:
                continue
            known = (
                port in names if isinstance(port, str) and not port.isdigit() else int(port) in numbers or not numbers
            )
            if known:
                continue
            declared = ", ".join([*names, *(str(number) for number in numbers)]) or "-"
            fix = None
            if len(numbers) == 1:
                fix = Fix(
                    (source.edit(node.start, node.end, names[0] if names else str(numbers[0])),), safe=False,
                    title=Text(f"Probe port {numbers[0]}", f"Sonder le port {numbers[0]}"),
                    needs=Text("The application must serve the probe there.", "L'application doit y répondre à la sonde."),
                )  # fmt: skip
            yield Hit(
                node.start, node.end,
                Text(
                    f"{probe.name} of {container.name} aims at port {port}; the container declares {declared}.",
                    f"{probe.name} de {container.name} vise le port {port} ; le conteneur déclare {declared}.",
                ),
                fix, severity=None if isinstance(port, str) else Severity.WARNING,
            )  # fmt: skip


@rule(
    "deployments/service-target-port", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports",
    title=Text("The Service aims at a port that its pods do not have", "Le Service vise un port que ses pods n'ont pas"),
    advice=Text(
        "Connections to the Service are refused although its pods are ready.",
        "Les connexions au Service sont refusées alors que ses pods sont prêts.",
    ),
)  # fmt: skip
def service_target_port(source: Source, project: Project) -> Iterator[Hit]:
    """A targetPort that none of the selected workloads declares."""
    manifests = index.of(project)
    for one in index.objects(source, project):
        if one.kind != "Service" or not one.selector or one.at("spec", "type") == "ExternalName":
            continue
        workloads = manifests.near(source.path, manifests.selected(one.selector, one.namespace))
        declared = [p for w in workloads if w.object.pod for c in w.object.pod.all_containers for p in c.ports]
        if not workloads or not declared:
            continue
        for port in one.ports:
            target = port.target
            if (
                target is None
                or target in [p.number for p in declared]
                or target in [p.name for p in declared if p.name]
            ):
                continue
            if isinstance(target, int) and undeclared(one.ports, declared):
                continue
            node = port.node.get("targetPort") or port.node.get("port") or port.node
            pod_ports = ", ".join(dict.fromkeys(p.name or str(p.number) for p in declared))
            first = workloads[0]
            fix = None
            if len(declared) == 1 and port.node.get("targetPort") is not None:
                fix = Fix(
                    (source.edit(node.start, node.end, declared[0].name or str(declared[0].number)),), safe=False,
                    title=Text(f"Aim at {pod_ports}", f"Viser {pod_ports}"),
                    needs=Text("The application must listen on that port.", "L'application doit écouter sur ce port."),
                )  # fmt: skip
            yield Hit(
                node.start, node.end,
                Text(
                    f"Service {one.called} aims at port {target}; the pods of {first.object.name} declare {pod_ports}.",
                    f"Le Service {one.called} vise le port {target} ; les pods de {first.object.name} déclarent {pod_ports}.",
                ),
                fix, (first.related(declared[0].node, Text("declared here", "déclaré ici")),),
                severity=None if isinstance(target, str) else Severity.WARNING,
            )  # fmt: skip


@rule(
    "deployments/container-port", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/pods/",
    title=Text("The container's port is not the one that the application listens on", "Le port du conteneur n'est pas celui où écoute l'application"),
    advice=Text(
        "Probes and Services that follow this port find nobody there.",
        "Les sondes et les Services qui suivent ce port n'y trouvent personne.",
    ),
)  # fmt: skip
def container_port(source: Source, project: Project) -> Iterator[Hit]:
    """The only containerPort against the PORT that the manifest sets, the code and the Dockerfile's EXPOSE."""
    for workload, container in index.containers(source, project):
        component = index.of(project).component(workload, container)
        if (
            component is None
            or len(container.ports) != 1
            or container.node.pair("args")
            or container.node.pair("command")
        ):
            continue
        node = container.ports[0].node.get("containerPort")
        expected = _expected(component, container, project)
        if node is None or expected is None or node.value == expected[0]:
            continue
        number, related = expected
        fix = Fix(
            (source.edit(node.start, node.end, str(number)),), safe=False,
            title=Text(f"Declare port {number}", f"Déclarer le port {number}"),
            needs=Text("Probes and Services that name the old number must follow.", "Les sondes et les Services qui citent l'ancien numéro doivent suivre."),
        )  # fmt: skip
        yield Hit(
            node.start, node.end,
            Text(
                f"Container {container.name} declares port {node.value}; {component.name} listens on {number}.",
                f"Le conteneur {container.name} déclare le port {node.value} ; {component.name} écoute sur {number}.",
            ),
            fix, (related,) if related else (),
        )  # fmt: skip


def _expected(component: Component, container: Container, project: Project) -> tuple[int, Related | None] | None:
    """(port, where it is said): the manifest's own PORT, else the code, else the Dockerfile."""
    read = [name for name in component.environment if name == "PORT" or name.endswith("_PORT")]
    for variable in container.env:
        if variable.name == "PORT" and "PORT" in read:
            return (int(variable.value), None) if variable.value and variable.value.isdigit() else None
    image = containers.read(component, project)
    built_in = image.environment.get("PORT")
    if built_in and built_in.isdigit() and "PORT" in read:
        return int(built_in), Related(image.path or "", 1, Text("ENV PORT", "ENV PORT"))
    if component.kind == "static":  # the code's port is that of the development server
        return (
            (image.port, Related(image.path or "", image.port_line, Text("EXPOSE", "EXPOSE"))) if image.port else None
        )
    path, _, line = component.evidence.get("port", "").rpartition(":")
    written = bool(path) and line.isdigit()
    if image.port is not None and (not written or image.port == component.port):
        return image.port, Related(image.path or "", image.port_line, Text("EXPOSE", "EXPOSE"))
    if image.port is not None or not written or component.port is None:
        return None  # the code and the Dockerfile disagree: told by the Dockerfile's own room
    return component.port, Related(path, int(line), Text("it listens here", "il écoute ici"))


RULES = (probe_port, service_target_port, container_port)
