"""Logs that fill the disk, come too late, or die with their container."""

from __future__ import annotations

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
    """A service that always restarts (a server's, not a developer's) with the json-file driver and no `max-size`."""
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        for key, service in services.items() if services else ():
            if service.at("restart") not in ("always", "unless-stopped"):
                continue
            driver = service.at("logging", "driver", default="json-file")
            if driver == "json-file" and service.at("logging", "options", "max-size") is None:
                yield Hit(
                    key.start, key.end,
                    Text(f"The logs of {key.value} grow for ever.", f"Les journaux de {key.value} grossissent sans fin."),
                )  # fmt: skip


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


RULES: tuple[Rule, ...] = (no_rotation, no_logs_kept, buffered_output)
