"""Rules over what containers do with their output: it fills the disk, comes too late, or goes nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import dockerfile, yaml
from devops_orchestrator.text import Text

DRIVERS = "https://docs.docker.com/engine/logging/drivers/json-file/"


@rule(
    "logging/no-rotation", Severity.INFO, on="compose", url=DRIVERS,
    title=Text("Logs without a limit", "Des journaux sans limite"),
    advice=Text(
        "Docker's default driver keeps everything for ever: the disk of a server fills up. `max-size` and `max-file` keep the last ones.",
        "Le pilote par défaut de Docker garde tout indéfiniment : le disque d'un serveur se remplit. `max-size` et `max-file` gardent les derniers.",
    ),
)  # fmt: skip
def no_rotation(source: Source, project: Project) -> Iterator[Hit]:
    """Services that always restart (a server's, not a developer's) with the json-file driver and no `max-size`."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        endless = [key for key, service in services.items() if _endless(service.value)] if services else []
        if endless:
            names = ", ".join(str(key.value) for key in endless)
            yield Hit(
                endless[0].start, endless[0].end,
                Text(f"The logs of {names} grow for ever.", f"Les journaux de {names} grossissent sans fin."),
            )  # fmt: skip


def _endless(service: object) -> bool:
    """Whether nothing limits a service's logs; what it merges from elsewhere counts."""
    if not isinstance(service, dict) or service.get("restart") not in ("always", "unless-stopped"):
        return False
    logging = service.get("logging") or {}
    if "extends" in service or not isinstance(logging, dict):
        return False
    options = logging.get("options") or {}
    return logging.get("driver", "json-file") == "json-file" and not (
        isinstance(options, dict) and "max-size" in options
    )


@rule(
    "logging/no-logs-kept", Severity.WARNING, on="compose", url="https://docs.docker.com/engine/logging/configure/",
    title=Text("Logs thrown away", "Des journaux jetés"),
    advice=Text(
        "When this service fails, nothing says why.", "Quand ce service tombera, rien ne dira pourquoi."
    ),
)  # fmt: skip
def no_logs_kept(source: Source, project: Project) -> Iterator[Hit]:
    """`logging.driver: none`."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        for key, service in services.items() if services else ():
            node = service.get("logging", "driver")
            if node is not None and node.value == "none":
                yield Hit(
                    node.start, node.end,
                    Text(f"{key.value} keeps no log.", f"{key.value} ne garde aucun journal."),
                )  # fmt: skip


@rule(
    "logging/buffered-output", Severity.WARNING, on="dockerfile", url="https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED",
    title=Text("Python's output is buffered", "La sortie de Python passe par un tampon"),
    advice=Text(
        "In a container Python writes its output in blocks: the last lines before a crash are lost, and the others come late.",
        "Dans un conteneur, Python écrit sa sortie par blocs : les dernières lignes avant un arrêt sont perdues, et les autres arrivent tard.",
    ),
)  # fmt: skip
def buffered_output(source: Source, project: Project) -> Iterator[Hit]:
    """A final stage on a Python image that sets no PYTHONUNBUFFERED and starts Python without `-u`."""
    read = source.parsed(dockerfile.parse)
    base = (read.base(read.final) or "").rpartition("/")[2].partition(":")[0]
    if base != "python":
        return
    lineage = read.lineage(read.final)
    pairs = [pair for stage in lineage for instruction in stage.of("ENV") for pair in instruction.pairs]
    starts = list(read.final.of("CMD", "ENTRYPOINT"))
    words = [word.value for instruction in starts for word in (instruction.json or instruction.words)]
    if any(pair.key == "PYTHONUNBUFFERED" for pair in pairs) or "-u" in words or not starts:
        return
    if not any(word.rpartition("/")[2].startswith("python") for word in words):
        return  # gunicorn and uvicorn flush their own logs
    first = starts[0]
    yield Hit(
        first.start, first.end,
        Text("PYTHONUNBUFFERED is not set.", "PYTHONUNBUFFERED n'est pas défini."),
        fix=Fix(
            (source.edit(first.start, first.start, "ENV PYTHONUNBUFFERED=1" + ("\r\n" if "\r\n" in source.text else "\n")),), safe=True,
            title=Text("set PYTHONUNBUFFERED=1", "définir PYTHONUNBUFFERED=1"),
        ),
    )  # fmt: skip


# The option of each driver that says where its server is.
ADDRESSES = ("fluentd-address", "gelf-address", "syslog-address", "loki-url", "splunk-url", "logstash-url")


@rule(
    "logging/driver-cannot-resolve", Severity.ERROR, on="compose", url="https://docs.docker.com/engine/logging/configure/",
    title=Text("A logging driver with a service's name", "Un pilote de journaux avec le nom d'un service"),
    advice=Text(
        "The Docker daemon sends the logs, from the host: it does not know the names of the compose network. The container does not start, or its logs are lost. Publish the port and name localhost.",
        "C'est le démon Docker qui envoie les journaux, depuis l'hôte : il ne connaît pas les noms du réseau compose. Le conteneur ne démarre pas, ou ses journaux sont perdus. Publiez le port et indiquez localhost.",
    ),
)  # fmt: skip
def driver_cannot_resolve(source: Source, project: Project) -> Iterator[Hit]:
    """The address of a logging driver whose host is a service of the file."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        known = {key.scalar for key, _ in services.items()} if services else set()
        seen: set[int] = set()
        for key, service in services.items() if services else ():
            for name in ADDRESSES:
                node = service.get("logging", "options", name)
                if node is None or node.kind != "scalar" or node.start in seen:
                    continue
                seen.add(node.start)
                found = re.match(r"(?:\w+://)?([^/:@\s]+)", node.scalar)
                if found is not None and found[1] in known:
                    yield Hit(
                        node.start, node.end,
                        Text(
                            f"{found[1]} is a service of this file: the daemon, which sends the logs of {key.value}, does not know it.",
                            f"{found[1]} est un service de ce fichier : le démon, qui envoie les journaux de {key.value}, ne le connaît pas.",
                        ),
                    )  # fmt: skip


# Image → (last day of support, what takes its place). Grafana's announcements of 2024 and 2025.
ENDED = {"promtail": ("2026-03-02", "Grafana Alloy"), "agent": ("2025-11-01", "Grafana Alloy")}


@rule(
    "logging/end-of-life-agent", Severity.INFO, on="compose", url="https://grafana.com/docs/loki/latest/send-data/promtail/",
    title=Text("A log agent that is no longer maintained", "Un agent de journaux qui n'est plus maintenu"),
    advice=Text(
        "No more fixes, not even for security. `alloy convert --source-format=promtail` translates the configuration.",
        "Plus aucun correctif, même de sécurité. `alloy convert --source-format=promtail` traduit la configuration.",
    ),
)  # fmt: skip
def end_of_life_agent(source: Source, project: Project) -> Iterator[Hit]:
    """The images of Promtail and of Grafana Agent."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        for _, service in services.items() if services else ():
            node = service.get("image")
            found = (
                re.match(r"(?:docker\.io/)?grafana/(promtail|agent)(?:[:@]|$)", node.scalar)
                if node is not None
                else None
            )
            if node is not None and found is not None:
                day, after = ENDED[found[1]]
                yield Hit(
                    node.start, node.end,
                    Text(
                        f"grafana/{found[1]} is no longer maintained since {day}; {after} replaces it.",
                        f"grafana/{found[1]} n'est plus maintenu depuis le {day} ; {after} le remplace.",
                    ),
                )  # fmt: skip


RULES: tuple[Rule, ...] = (no_rotation, no_logs_kept, buffered_output, driver_cannot_resolve, end_of_life_agent)
