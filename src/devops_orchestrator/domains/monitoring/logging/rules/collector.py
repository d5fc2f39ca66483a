"""Rules over OpenTelemetry collectors: pipelines and the components that they name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import compose_services
from devops_orchestrator.text import Text

CONFIGURATION = "https://opentelemetry.io/docs/collector/configuration/"
PARTS = ("receivers", "processors", "exporters")
# Exporters that a release took out: name → (first release without it, what takes its place).
REMOVED = {"logging": ((0, 111), "debug"), "jaeger": ((0, 86), "otlp")}


def _whole(source: Source, project: Project) -> Node | None:
    """The configuration where it stands alone; None where a collector puts several together."""
    documents = source.parsed(yaml.parse)
    if len(documents) != 1 or documents[0].kind != "map":
        return None
    folder = posixpath.dirname(source.path)
    if any(posixpath.dirname(path) == folder for path in project.of_kind("otel-collector") if path != source.path):
        return None
    for service, _, _ in compose_services.reading(project, source.path):
        if service.arguments.count("--config") > 1:
            return None
    return documents[0]


def _pipelines(top: Node) -> Iterator[tuple[str, str, Node]]:
    """(pipeline, part, node of a component's name) of what the pipelines name."""
    pipelines = top.get("service", "pipelines")
    for key, pipeline in pipelines.items() if pipelines else ():
        for part in PARTS:
            entries = pipeline.get(part)
            for entry in entries.children() if entries else ():
                yield key.scalar, part, entry


def _defined(top: Node, part: str) -> dict[str, Node]:
    """name → key of the components of one part."""
    entries = top.get(part)
    return {key.scalar: key for key, _ in entries.items()} if entries else {}


@rule(
    "logging/undefined-component", Severity.ERROR, on="otel-collector", url=CONFIGURATION,
    title=Text("A pipeline with a component that is not defined", "Un pipeline avec un composant non défini"),
    advice=Text(
        "The collector does not start: `references exporter … which is not configured`.",
        "Le collecteur ne démarre pas : `references exporter … which is not configured`.",
    ),
)  # fmt: skip
def undefined_component(source: Source, project: Project) -> Iterator[Hit]:
    """A receiver, processor or exporter of a pipeline that the file does not define; connectors are both ends."""
    top = _whole(source, project)
    if top is None:
        return
    connectors = set(_defined(top, "connectors"))
    for pipeline, part, node in _pipelines(top):
        known = set(_defined(top, part)) | (connectors if part != "processors" else set())
        name = node.scalar
        if not name or "$" in name or name in known:
            continue
        listed = ", ".join(sorted(known)) or "—"
        yield Hit(
            node.start, node.end,
            Text(
                f"The pipeline {pipeline} names {name}, and {part} define {listed}.",
                f"Le pipeline {pipeline} nomme {name}, et {part} définit {listed}.",
            ),
        )  # fmt: skip


@rule(
    "logging/unused-component", Severity.INFO, on="otel-collector", url=CONFIGURATION,
    title=Text("A component in no pipeline", "Un composant dans aucun pipeline"),
    advice=Text(
        "A component that no pipeline names is not even started: nothing is received or sent by it.",
        "Un composant qu'aucun pipeline ne nomme n'est même pas démarré : il ne reçoit et n'envoie rien.",
    ),
)  # fmt: skip
def unused_component(source: Source, project: Project) -> Iterator[Hit]:
    """A receiver, processor or exporter that is defined and that no pipeline names."""
    top = _whole(source, project)
    if top is None or not any(True for _ in _pipelines(top)):
        return
    for part in PARTS:
        used = {node.scalar for _, named, node in _pipelines(top) if named == part}
        for name, key in _defined(top, part).items():
            if name not in used:
                yield Hit(key.start, key.end, Text(f"No pipeline names {name}.", f"Aucun pipeline ne nomme {name}."))


@rule(
    "logging/removed-exporter", Severity.ERROR, on="otel-collector", url="https://github.com/open-telemetry/opentelemetry-collector/issues/11337",
    title=Text("An exporter that the collector no longer has", "Un exportateur que le collecteur n'a plus"),
    advice=Text(
        "The collector does not start: `unknown type`. `debug` replaces `logging` (0.111), `otlp` to Jaeger's own port replaces `jaeger` (0.86).",
        "Le collecteur ne démarre pas : `unknown type`. `debug` remplace `logging` (0.111), `otlp` vers le port de Jaeger remplace `jaeger` (0.86).",
    ),
)  # fmt: skip
def removed_exporter(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs a release of the collector that has it no more (`latest` is one)."""
    documents = source.parsed(yaml.parse)
    top = documents[0] if documents else None
    releases = [
        found for s, _, _ in compose_services.reading(project, source.path) if (found := _release(s.program, s.tag))
    ]
    if top is None or not releases:
        return
    for name, key in _defined(top, "exporters").items():
        kind = name.partition("/")[0]
        first, after = REMOVED.get(kind, ((99, 0), ""))
        if min(releases) < first:
            continue
        fix = None
        if kind == "logging":
            uses = [node for _, part, node in _pipelines(top) if part == "exporters" and node.scalar == name]
            places = [key, *uses]
            old = top.get("exporters", name, "loglevel")
            if old is None:
                fix = Fix(
                    tuple(source.edit(node.start, node.start + len("logging"), "debug") for node in places if node.text.startswith("logging", node.start)),
                    safe=False, title=Text("Use debug", "Utiliser debug"),
                    needs=Text("a collector of 0.86 or later", "un collecteur 0.86 ou plus récent"),
                )  # fmt: skip
        release = ".".join(str(number) for number in first)
        yield Hit(
            key.start, key.end,
            Text(f"{kind} is gone since {release}; {after} replaces it.", f"{kind} n'existe plus depuis la {release} ; {after} le remplace."), fix,
        )  # fmt: skip


LOCAL_SINCE = (0, 104)  # the release from which on a receiver without an address listens on localhost alone


@rule(
    "logging/local-receiver", Severity.ERROR, on="otel-collector", url="https://opentelemetry.io/docs/security/config-best-practices/#protect-against-denial-of-service-attacks",
    title=Text("A receiver that only its own container reaches", "Un récepteur joignable depuis son seul conteneur"),
    advice=Text(
        "Since 0.104 a receiver without `endpoint` listens on localhost: in a container nobody else gets there, and the applications say `connection refused`. `endpoint: 0.0.0.0:4317` opens it to the compose network.",
        "Depuis la 0.104, un récepteur sans `endpoint` écoute sur localhost : dans un conteneur, personne d'autre n'y accède, et les applications disent `connection refused`. `endpoint: 0.0.0.0:4317` l'ouvre au réseau compose.",
    ),
)  # fmt: skip
def local_receiver(source: Source, project: Project) -> Iterator[Hit]:
    """An OTLP protocol without an address, or with localhost, where compose runs a collector of 0.104 or later."""
    top = _whole(source, project)
    running = [s for s, _, _ in compose_services.reading(project, source.path)]
    releases = [found for s in running if (found := _release(s.program, s.tag))]
    if top is None or not releases or any(s.on_host for s in running):
        return
    receivers = top.get("receivers")
    for key, receiver in receivers.items() if receivers else ():
        protocols = receiver.get("protocols") if key.scalar.partition("/")[0] == "otlp" else None
        opened = (
            any(text_of(one.at("endpoint")).startswith("0.0.0.0:") for _, one in protocols.items())
            if protocols
            else False
        )
        for name, protocol in protocols.items() if protocols else ():
            node = protocol.get("endpoint")
            written = node.scalar if node is not None else ""
            if written.startswith(("localhost:", "127.0.0.1:")) or (node is None and min(releases) >= LOCAL_SINCE):
                place = node or name
                port = {"grpc": 4317, "http": 4318}.get(name.scalar, 4317)
                yield Hit(
                    place.start, place.end,
                    Text(
                        f"{key.scalar}/{name.scalar} listens on localhost of {running[0].name} alone (port {port}).",
                        f"{key.scalar}/{name.scalar} n'écoute que sur le localhost de {running[0].name} (port {port}).",
                    ),
                    severity=Severity.WARNING if opened else None,  # the other protocol may be the one in use
                )  # fmt: skip


def _release(program: str, tag: str) -> tuple[int, int] | None:
    """(major, minor) of a collector's image; `latest` is newer than all that is known here."""
    if not program.startswith("opentelemetry-collector"):
        return None
    if tag == "latest":
        return 98, 0
    parts = tag.removeprefix("v").split(".")
    return (int(parts[0]), int(parts[1])) if len(parts) > 1 and parts[0].isdigit() and parts[1].isdigit() else None


RULES: tuple[Rule, ...] = (undefined_component, unused_component, removed_exporter, local_receiver)
