"""Rules over a prometheus.yml against the application and the compose file: hosts, ports, paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus import cluster, exporters
from devops_orchestrator.domains.monitoring.prometheus.rules.scraping import CONFIGURATION, config, span
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.prometheus import Job, Target, place
from devops_orchestrator.project import compose_services as compose
from devops_orchestrator.project.exports import component_of
from devops_orchestrator.text import Text

LOCAL = frozenset(
    {
        "localhost",
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104
        "::1",
        "host.docker.internal",
        "host.containers.internal",
        "gateway.docker.internal",
    }
)
_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?", re.I)


def _services(project: Project) -> set[str]:
    return {m.object.name for m in cluster.manifests(project) if m.object.kind == "Service"}


def _static(source: Source) -> Iterator[tuple[Job, Target]]:
    view = config(source)
    for job in view.jobs if view else ():
        if not job.rewrites_address:
            yield from ((job, target) for target in job.targets)


@rule(
    "prometheus/no-such-target", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#static_config",
    title=Text("Target that nothing answers to", "Cible à laquelle rien ne répond"),
    advice=Text(
        "A target whose host is no service stays DOWN, and everything that is computed from it stays empty without an error.",
        "Une cible dont l'hôte n'est pas un service reste DOWN, et tout ce qui en est calculé reste vide, sans erreur.",
    ),
)  # fmt: skip
def no_such_target(source: Source, project: Project) -> Iterator[Hit]:
    known = compose.hosts(project)
    # Only where Prometheus itself is one of the compose services does a bare name have to be another one.
    if not any("prometheus" in service.image for service in known.values()):
        return
    outside = _services(project)
    for _, target in _static(source):
        host = target.host
        if host in LOCAL or host in known or not _NAME.fullmatch(host) or host.split(".")[0] in outside or "." in host:
            continue
        near = _near(host, known)
        fix = None
        start, end = place(target.node, host)
        if near:
            fix = Fix(
                (source.edit(start, end, near),), safe=False,
                title=Text(f"Scrape {near}", f"Collecter {near}"),
                needs=Text(f"{near} is the service that was meant", f"{near} est bien le service visé"),
            )  # fmt: skip
        listed = ", ".join(sorted(known)[:8])
        yield Hit(
            start, end,
            Text(
                f"No service of the compose files is called {host}: there are {listed}.",
                f"Aucun service des fichiers compose ne s'appelle {host} : il y a {listed}.",
            ), fix,
        )  # fmt: skip


def _near(host: str, known: dict[str, compose.Service]) -> str | None:
    from difflib import get_close_matches

    same = [name for name in sorted(known) if re.sub(r"\W|_", "", name) == re.sub(r"\W|_", "", host)]
    close = same or get_close_matches(host, sorted(known), n=1, cutoff=0.75)
    return close[0] if close else None


@rule(
    "prometheus/wrong-port", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#static_config",
    title=Text("Port on which the target does not listen", "Port sur lequel la cible n'écoute pas"),
    advice=Text(
        "Between containers the container's own port counts, not the published one: on another port the target is refused and stays DOWN.",
        "Entre conteneurs, c'est le port du conteneur qui compte, pas le port publié : sur un autre port, la connexion est refusée et la cible reste DOWN.",
    ),
)  # fmt: skip
def wrong_port(source: Source, project: Project) -> Iterator[Hit]:
    known = compose.hosts(project)
    for _, target in _static(source):
        if target.port is None or target.host in LOCAL:
            continue
        service = known.get(target.host)
        component = component_of(target, project)
        expected, where = _expected(service, component, project)
        if expected is None or target.port in expected:
            continue
        start, end = place(target.node, f":{target.port}")
        right = component.port if component is not None and component.port in expected else sorted(expected)[0]
        fix = Fix(
            (source.edit(start + 1, end, str(right)),), safe=False,
            title=Text(f"Scrape port {right}", f"Collecter le port {right}"),
            needs=Text(f"the metrics are served on port {right}", f"les métriques sont servies sur le port {right}"),
        )  # fmt: skip
        published = service is not None and target.port in service.published
        message = Text(
            f"{target.host} listens on {right}, not on {target.port}"
            + (", which is only its published port on the host." if published else "."),
            f"{target.host} écoute sur le port {right}, pas sur {target.port}"
            + (", qui n'est que son port publié sur l'hôte." if published else "."),
        )
        yield Hit(start + 1, end, message, fix, related=where)


def _expected(
    service: compose.Service | None, component: Component | None, project: Project
) -> tuple[set[int] | None, tuple[Related, ...]]:
    """The ports on which a target may be scraped, None where nobody can say."""
    if component is not None and component.port is not None and service is not None:
        # The container's own side of `ports:` counts too: a port may be set where the code does not show it.
        ports = {component.port, component.port_of("metrics") or component.port, *service.ports}
        evidence = component.evidence.get("port", "")
        found = re.fullmatch(r"([^\s:]+):(\d+)", evidence)
        said = Text("the application's port", "le port de l'application")
        return ports, (Related(found[1], int(found[2]), said),) if found else ()
    if service is None:
        return None, ()
    exporter = next(
        (
            e
            for e in exporters.EXPORTERS
            if e.image and e.image.split(":")[0].rpartition("/")[2] == service.image.split(":")[0].rpartition("/")[2]
        ),
        None,
    )
    if exporter is not None and "listen" not in service.command:
        return {exporter.port}, ()
    return None, ()


@rule(
    "prometheus/wrong-path", Severity.WARNING, on="prometheus", url=f"{CONFIGURATION}#scrape_config",
    title=Text("Path at which the application has no metrics", "Chemin sans métriques dans l'application"),
    advice=Text(
        "Prometheus asks for this path and gets 404, or a page that is no exposition format: the target is DOWN.",
        "Prometheus demande ce chemin et reçoit un 404, ou une page qui n'est pas au format d'exposition : la cible est DOWN.",
    ),
)  # fmt: skip
def wrong_path(source: Source, project: Project) -> Iterator[Hit]:
    view = config(source)
    for job in view.jobs if view else ():
        if job.rewrites_address or job.rewrites_path:
            continue
        served = {_slashed(c.metrics): c for t in job.targets if (c := component_of(t, project)) is not None}
        if len(served) != 1 or None in served or _slashed(job.path) in served:
            continue
        right, component = next(iter(served.items()))
        assert right is not None
        node = job.node.get("metrics_path")
        edit = (
            source.edit(*yaml.replace(node, right))
            if node
            else source.edit(*yaml.insert_after_key(job.node, "job_name", f"metrics_path: {right}"))
        )
        found = re.fullmatch(r"([^\s:]+):(\d+)", component.evidence.get("metrics", ""))
        said = Text("where the metrics are served", "là où les métriques sont servies")
        yield Hit(
            *span(node or job.name_node or job.node),
            Text(
                f"{component.name} serves its metrics at {right}, not at {job.path}.",
                f"{component.name} sert ses métriques sur {right}, pas sur {job.path}.",
            ),
            Fix(
                (edit,), safe=False, title=Text(f"Scrape {right}", f"Collecter {right}"),
                needs=Text("the deployed version serves this path", "la version déployée sert bien ce chemin"),
            ),
            related=(Related(found[1], int(found[2]), said),) if found else (),
        )  # fmt: skip


def _slashed(path: str | None) -> str | None:
    return path if path is None else f"/{path.strip('/')}"


RULES: tuple[Rule, ...] = (no_such_target, wrong_port, wrong_path)
