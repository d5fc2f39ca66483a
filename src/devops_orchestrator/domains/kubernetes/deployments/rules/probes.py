"""Probes: there, on a route that exists, and patient."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments import health
from devops_orchestrator.domains.kubernetes.deployments.rules import index, routes, spans
from devops_orchestrator.formats.kubernetes import LONG_RUNNING, Container, Object, Probe
from devops_orchestrator.text import Text

DOCS = "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/"


def _served(workload: Object, container: Container, project: Project) -> bool:
    """Whether requests reach the container through a Service or a declared port."""
    return bool(container.ports) and workload.kind in LONG_RUNNING


def _handler(container: Container, component: Component | None) -> str | None:
    """A handler on the application's own route, in YAML; None where the port or the route is not known."""
    if component is None or component.health is None or not container.ports:
        return None
    port = container.ports[0].name or container.ports[0].number
    return f"httpGet:\n    path: {component.health}\n    port: {port}"


def _missing(
    source: Source, project: Project, name: str, block: str, en: str, fr: str, *, live: bool = False
) -> Iterator[Hit]:
    for workload, container in index.containers(source, project, *LONG_RUNNING):
        if spans.has(container.node, name) or not _served(workload, container, project):
            continue
        component = index.of(project).component(workload, container)
        handler = _handler(container, component)
        if live and component is not None and health.asks_services(component, project.repository) is not False:
            handler = None  # a liveness probe on a route that asks the database restarts healthy pods
        fix = None
        if handler and (edits := spans.put(source, container.node, f"{name}:\n  {handler}\n{block}", "ports")):
            assert component is not None
            fix = Fix(
                edits, safe=False,
                title=Text(f"Probe {component.health}", f"Sonder {component.health}"),
                needs=Text(
                    f"{component.health} must answer within the time given, also under load.",
                    f"{component.health} doit répondre dans le délai indiqué, même sous charge.",
                ),
            )  # fmt: skip
        yield Hit(*spans.head(container.node), Text(en, fr).fill(name=container.name), fix)


@rule(
    "deployments/missing-readiness-probe", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("No readiness probe", "Pas de readinessProbe"),
    advice=Text(
        "Without one, a pod gets requests as soon as its process exists: each rollout answers errors until the application listens.",
        "Sans elle, un pod reçoit des requêtes dès que son processus existe : chaque déploiement renvoie des erreurs tant que "
        "l'application n'écoute pas encore.",
    ),
)  # fmt: skip
def missing_readiness(source: Source, project: Project) -> Iterator[Hit]:
    """A container with ports and no readinessProbe."""
    yield from _missing(
        source, project, "readinessProbe", "  periodSeconds: 5\n  timeoutSeconds: 2",
        "Container {name} gets traffic and has no readinessProbe.", "Le conteneur {name} reçoit du trafic sans readinessProbe.",
    )  # fmt: skip


@rule(
    "deployments/missing-liveness-probe", Severity.INFO, on="kubernetes", url=DOCS,
    title=Text("No liveness probe", "Pas de livenessProbe"),
    advice=Text(
        "A process that hangs without ending is never restarted. The probe must ask the process alone, not its database.",
        "Un processus bloqué qui ne se termine pas n'est jamais redémarré. La sonde doit interroger le processus seul, pas sa base "
        "de données.",
    ),
)  # fmt: skip
def missing_liveness(source: Source, project: Project) -> Iterator[Hit]:
    """A container with ports and no livenessProbe."""
    yield from _missing(
        source, project, "livenessProbe", "  periodSeconds: 10\n  timeoutSeconds: 5\n  failureThreshold: 6",
        "Container {name} has no livenessProbe: if it hangs, it stays.", "Le conteneur {name} n'a pas de livenessProbe : s'il se bloque, il le reste.",
        live=True,
    )  # fmt: skip


@rule(
    "deployments/unknown-probe-route", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("The probe asks for a path that the application does not serve", "La sonde demande un chemin que l'application ne sert pas"),
    advice=Text(
        "The probe gets a 404: the pod never becomes ready, or is restarted again and again.",
        "La sonde reçoit un 404 : le pod ne devient jamais prêt, ou redémarre en boucle.",
    ),
)  # fmt: skip
def unknown_route(source: Source, project: Project) -> Iterator[Hit]:
    """A probe's path that no route of the component's code serves, where the code has a health route."""
    for workload, container in index.containers(source, project):
        component = index.of(project).component(workload, container)
        if component is None or component.health is None:
            continue
        for probe in container.probes:
            node = probe.node.get("httpGet", "path")
            if probe.path is None or node is None or routes.serves(component, project.repository, probe.path):
                continue
            message = Text(
                f"{probe.name} asks for {probe.path}; {component.name} serves {component.health}.",
                f"{probe.name} demande {probe.path} ; {component.name} sert {component.health}.",
            )
            fix = Fix(
                (source.edit(node.start, node.end, component.health),), safe=False,
                title=Text(f"Probe {component.health}", f"Sonder {component.health}"),
                needs=Text("The image that runs must hold this route.", "L'image déployée doit contenir cette route."),
            )  # fmt: skip
            yield Hit(node.start, node.end, message, fix, _route_place(component))


def _route_place(component: Component) -> tuple[Related, ...]:
    path, _, line = component.evidence.get("health", "").rpartition(":")
    if not path or not line.isdigit():
        return ()
    return (Related(path, int(line), Text(f"{component.health} is served here", f"{component.health} est servi ici")),)


@rule(
    "deployments/aggressive-liveness", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("The liveness probe is as impatient as the readiness probe", "La livenessProbe est aussi impatiente que la readinessProbe"),
    advice=Text(
        "Both ask the same, so a short overload that should only pause the traffic restarts every pod, which makes the overload worse.",
        "Les deux posent la même question : une courte surcharge, qui devrait seulement suspendre le trafic, redémarre tous les pods "
        "et aggrave la surcharge.",
    ),
)  # fmt: skip
def aggressive_liveness(source: Source, project: Project) -> Iterator[Hit]:
    """A liveness probe with the readiness probe's handler that gives up in less than half a minute and no later."""
    for _, container in index.containers(source, project, *LONG_RUNNING):
        live, ready = container.probe("livenessProbe"), container.probe("readinessProbe")
        if live is None or ready is None or live.handler is None:
            continue
        same = live.node.at(live.handler) == ready.node.at(live.handler)
        if same and _patience(live) < 30 and _patience(live) <= _patience(ready):
            period = max(1, _seconds(live, "periodSeconds", 10))
            yield Hit(
                live.key.start, live.key.end,
                Text(
                    f"{container.name} is restarted after {_patience(live)} s of the failure that makes it unready after {_patience(ready)} s.",
                    f"{container.name} est redémarré après {_patience(live)} s d'un échec qui le rend non prêt après {_patience(ready)} s.",
                ),
                _slower(source, live, -(-60 // period)),
            )  # fmt: skip


def _slower(source: Source, live: Probe, failures: int) -> Fix | None:
    node = live.node.get("failureThreshold")
    if node is not None:
        edits = (source.edit(node.start, node.end, str(failures)),)
    else:
        edits = spans.put(source, live.node, f"failureThreshold: {failures}")  # type: ignore[assignment]
    return Fix(
        edits, safe=False, title=Text("Wait a minute before a restart", "Attendre une minute avant de redémarrer"),
        needs=Text("A hung process then stays a minute.", "Un processus bloqué le reste alors une minute."),
    ) if edits else None  # fmt: skip


def _patience(probe: Probe) -> int:
    return _seconds(probe, "periodSeconds", 10) * _seconds(probe, "failureThreshold", 3)


def _seconds(probe: Probe, key: str, default: int) -> int:
    found = probe.node.at(key)
    return found if isinstance(found, int) else default


RULES = (missing_readiness, missing_liveness, unknown_route, aggressive_liveness)
