"""Rules over log agents in containers: what they can reach, what they can see, what they remember."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.logging.agents import KINDS, Place, addresses, paths
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.project import compose_services
from devops_orchestrator.project.compose_services import Service
from devops_orchestrator.text import Text

AGENTS = re.compile(r"promtail|filebeat|metricbeat|fluent-?bit|fluentd|otel|opentelemetry-collector|alloy|vector|agent")
# program → the port on which it takes what agents send
SERVERS = {"loki": 3100, "elasticsearch": 9200, "opensearch": 9200, "kibana": 5601}
# kind → (programs, flags of its configuration, where it reads without one)
CONFIGURATIONS = {
    "promtail": (("promtail",), ("-config.file", "--config.file"), "/etc/promtail/config.yml"),
    "loki": (("loki",), ("-config.file", "--config.file"), "/etc/loki/local-config.yaml"),
    "fluent-bit": (("fluent-bit",), ("-c", "--config"), "/fluent-bit/etc/fluent-bit.conf"),
}


def _running(source: Source, project: Project) -> list[Service]:
    """The agents into which this configuration is mounted."""
    found = compose_services.reading(project, source.path)
    return [service for service, _, _ in found if AGENTS.search(service.program)]


def _at(service: Service) -> Related:
    line = service.node.text.count("\n", 0, service.node.start) + 1
    return Related(service.file, line, Text(f"the service {service.name}", f"le service {service.name}"))


@rule(
    "logging/unreachable-output", Severity.ERROR, on=KINDS, url="https://docs.docker.com/compose/how-tos/networking/",
    title=Text("Logs that are sent to nobody", "Des journaux envoyés à personne"),
    advice=Text(
        "The agent retries, fills its buffer and drops what is older. In its container, `localhost` is itself, and the others are known by the names of their services.",
        "L'agent réessaie, remplit son tampon et jette le plus ancien. Dans son conteneur, `localhost` est lui-même, et les autres sont connus sous le nom de leur service.",
    ),
)  # fmt: skip
def unreachable_output(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs the agent: an output to localhost, to a name that is no service, or to a published port."""
    running = _running(source, project)
    if not running or any(s.on_host for s in running):
        return
    hosts = compose_services.hosts(project)
    for place in addresses(source):
        said = _wrong(place, hosts, running)
        if said is None:
            continue
        text, right = said
        fix = None
        start, end = _within(source.text, place)
        if right and source.text[start:end].startswith(place.host):
            fix = Fix(
                (source.edit(start, end, right),), safe=False, title=Text(f"Send to {right}", f"Envoyer vers {right}"),
                needs=Text(f"{right} is the server that was meant", f"{right} est bien le serveur visé"),
            )  # fmt: skip
        yield Hit(start, end, text, fix, related=(_at(running[0]),))


def _within(text: str, place: Place) -> tuple[int, int]:
    """The host, and its port where one is written."""
    word = f"{place.host}:{place.port}" if place.port else place.host
    start = text.find(word, place.start, place.end)
    return (start, start + len(word)) if start >= 0 else (place.start, place.end)


def _wrong(place: Place, hosts: dict[str, Service], running: list[Service]) -> tuple[Text, str | None] | None:
    host = place.host
    if not host or "$" in place.text or "{{" in place.text:
        return None
    usual = {port: name for name, port in SERVERS.items()}.get(place.port or 0)
    servers = sorted({s.name for s in hosts.values() if s.program in SERVERS and (usual is None or s.program == usual)})
    right = f"{servers[0]}:{place.port}" if len(servers) == 1 and usual else None
    told = f": {right}" if right else "."
    french = f" : {right}" if right else "."
    if host in ("localhost", "127.0.0.1"):
        return Text(
            f"{host} is the container of {running[0].name} itself{told}",
            f"{host} est le conteneur de {running[0].name} lui-même{french}",
        ), right
    service = hosts.get(host)
    if service is None:
        if "." in host or host.startswith("host"):
            return None
        return Text(
            f"No service of the compose files is called {host}{told}",
            f"Aucun service des fichiers compose ne s'appelle {host}{french}",
        ), right
    port = SERVERS.get(service.program)
    if port is None or place.port in (None, port, *service.ports) or place.port not in service.published:
        return None
    return Text(
        f"{host} listens on {port}; {place.port} is only its published port on the host.",
        f"{host} écoute sur le port {port} ; {place.port} n'est que son port publié sur l'hôte.",
    ), f"{host}:{port}"


@rule(
    "logging/path-not-mounted", Severity.ERROR, on=KINDS, url="https://docs.docker.com/reference/compose-file/services/#volumes",
    title=Text("Log files that the agent cannot see", "Des fichiers de journaux que l'agent ne voit pas"),
    advice=Text(
        "The agent looks into its own container, finds nothing there and says nothing. Mount the folder (read-only), or the volume that the application writes to.",
        "L'agent regarde dans son propre conteneur, n'y trouve rien et ne dit rien. Montez le dossier (en lecture seule), ou le volume dans lequel l'application écrit.",
    ),
)  # fmt: skip
def path_not_mounted(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs the agent: a path that nothing is mounted at, above or below."""
    running = _running(source, project)
    if not running or any(not compose_services.settled(project, s) for s in running):
        return
    told: set[str] = set()
    for place in paths(source):
        if not place.text.startswith("/") or "$" in place.text:
            continue
        fixed = posixpath.dirname(re.split(r"[*?{\[]", place.text)[0] + "x")
        if fixed in told or any(_sees(project, service, place.text, fixed) for service in running):
            continue
        told.add(fixed)
        service = running[0]
        yield Hit(
            place.start, place.end,
            Text(
                f"Nothing is mounted at {place.text} in {service.name}.",
                f"Rien n'est monté en {place.text} dans {service.name}.",
            ),
            related=(_at(service),),
        )  # fmt: skip


def _sees(project: Project, service: Service, path: str, fixed: str) -> bool:
    if any(compose_services.covering(project, service, one) is not None for one in (fixed, path)):
        return True
    targets = [m.target for entry in compose_services.beside(project, service) for m in entry.mounts]
    # `/var/run` is `/run`, and a folder below the fixed part may be what is meant.
    aliases = {path.replace("/var/run/", "/run/"), path.replace("/run/", "/var/run/", 1)}
    return any(target in aliases or target.startswith(fixed.rstrip("/") + "/") for target in targets)


@rule(
    "logging/lost-positions", Severity.INFO, on="promtail", url="https://grafana.com/docs/loki/latest/send-data/promtail/configuration/#positions",
    title=Text("Positions that die with the container", "Des positions qui meurent avec le conteneur"),
    advice=Text(
        "Promtail notes there how far it has read. With each new container it starts over and sends everything again: Loki refuses what is too old, and keeps the rest twice.",
        "Promtail y note jusqu'où il a lu. À chaque nouveau conteneur il recommence et renvoie tout : Loki refuse ce qui est trop ancien et garde le reste en double.",
    ),
)  # fmt: skip
def lost_positions(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs Promtail: `positions.filename` in a folder that is no volume."""
    documents = source.parsed(yaml.parse)
    node = documents[0].get("positions", "filename") if documents else None
    running = [s for s in _running(source, project) if compose_services.settled(project, s)]
    path = text_of(node.value) if node is not None else ""
    if node is None or not running or not path.startswith("/"):
        return
    if all(compose_services.covering(project, service, path) is None for service in running):
        yield Hit(
            node.start, node.end,
            Text(f"{path} is in no volume of {running[0].name}.", f"{path} n'est dans aucun volume de {running[0].name}."),
            related=(_at(running[0]),),
        )  # fmt: skip


@rule(
    "logging/wrong-stage", Severity.WARNING, on="promtail", url="https://grafana.com/docs/loki/latest/send-data/promtail/stages/cri/",
    title=Text("A stage for another format of logs", "Une étape pour un autre format de journaux"),
    advice=Text(
        "With docker_sd_configs Promtail gets the lines from Docker's API, as the application wrote them: the stages `cri` and `docker` are for the files of a node, and match nothing here.",
        "Avec docker_sd_configs, Promtail reçoit les lignes par l'API de Docker, telles que l'application les a écrites : les étapes `cri` et `docker` sont faites pour les fichiers d'un nœud, et ne correspondent à rien ici.",
    ),
)  # fmt: skip
def wrong_stage(source: Source, project: Project) -> Iterator[Hit]:
    """A `cri` or `docker` stage in a job that discovers containers through Docker's API."""
    documents = source.parsed(yaml.parse)
    jobs = documents[0].get("scrape_configs") if documents else None
    for job in jobs.children() if jobs else ():
        stages = job.get("pipeline_stages") if job.get("docker_sd_configs") is not None else None
        for stage in stages.children() if stages else ():
            pair = stage.pair("cri") or stage.pair("docker")
            if pair is not None:
                yield Hit(
                    pair[0].start, pair[0].end,
                    Text(
                        f"Docker's API sends no lines in the format of {pair[0].scalar}.",
                        f"L'API de Docker n'envoie pas de lignes au format de {pair[0].scalar}.",
                    ),
                )  # fmt: skip


@rule(
    "logging/config-not-read", Severity.ERROR, on=tuple(CONFIGURATIONS), url="https://docs.docker.com/reference/compose-file/services/#volumes",
    title=Text("A configuration that the program does not read", "Une configuration que le programme ne lit pas"),
    advice=Text(
        "The container starts with the configuration of its image: none of what is written here holds.",
        "Le conteneur démarre avec la configuration de son image : rien de ce qui est écrit ici ne s'applique.",
    ),
)  # fmt: skip
def config_not_read(source: Source, project: Project) -> Iterator[Hit]:
    """The file is mounted at one path of the container, and the program reads another, empty one."""
    found = compose_services.misplaced(project, source.path, *CONFIGURATIONS[source.kind])
    if found is None:
        return
    service, mounted, read = found
    end = source.text.find("\n")
    yield Hit(
        0, end if end > 0 else len(source.text),
        Text(
            f"{service.name} has this file at {mounted}, and reads {read}.",
            f"{service.name} a ce fichier en {mounted}, mais lit {read}.",
        ),
        related=(_at(service),),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (unreachable_output, path_not_mounted, lost_positions, wrong_stage, config_not_read)
