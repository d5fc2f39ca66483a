"""Rules over where things are, which release of a database they run, and on which port a service is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.project.database_releases import ended
from devops_orchestrator.project.terraform_modules import module_of, parsed
from devops_orchestrator.text import Text

ZONE = re.compile(r"([a-z]+-[a-z]+\d+)-[a-z]")
RELEASE = re.compile(r"(POSTGRES|MYSQL)_(\d+(?:_\d+)?)")


@rule(
    "gcp/zone-outside-region", Severity.ERROR, on="terraform", url="https://cloud.google.com/compute/docs/regions-zones",
    title=Text("A default zone of another region", "Une zone par défaut d'une autre région"),
    advice=Text(
        "Resources without a place of their own end up in two regions, and those that must be together are refused at apply.",
        "Les ressources sans emplacement propre se retrouvent dans deux régions, et celles qui doivent être ensemble sont refusées au moment de l'apply.",
    ),
)  # fmt: skip
def zone_outside_region(source: Source, project: Project) -> Iterator[Hit]:
    """`zone` of a provider that is not in its own `region`."""
    module = module_of(source.path, project)
    for block in source.parsed(parsed).blocks("provider"):
        if block.label not in ("google", "google-beta"):
            continue
        value = block.body.value("zone")
        region, zone = module.constant(block.body.value("region")), module.constant(value)
        found = ZONE.fullmatch(str(zone))
        if value is not None and isinstance(region, str) and found is not None and found[1] != region:
            yield Hit(
                value.start, value.end,
                Text(f"{zone} is not in {region}.", f"{zone} n'est pas dans {region}."),
            )  # fmt: skip


@rule(
    "gcp/database-end-of-life", Severity.WARNING, on="terraform", url="https://cloud.google.com/sql/docs/db-versions",
    title=Text("A database release without fixes", "Une version de base de données sans correctifs"),
    advice=Text(
        "Its project no longer mends it; Cloud SQL charges extended support for it, and upgrades it by force at the end.",
        "Son projet ne la corrige plus ; Cloud SQL facture le support étendu, puis impose la mise à jour.",
    ),
)  # fmt: skip
def database_end_of_life(source: Source, project: Project) -> Iterator[Hit]:
    """`database_version` of Cloud SQL against the support of the database's own project."""
    module = module_of(source.path, project)
    for block in source.parsed(parsed).blocks("resource"):
        value = block.body.value("database_version") if block.label == "google_sql_database_instance" else None
        found = RELEASE.fullmatch(str(module.constant(value))) if value is not None else None
        if value is None or found is None:
            continue
        end = ended("postgres" if found[1] == "POSTGRES" else "mysql", found[2].replace("_", "."))
        if end is not None:
            yield Hit(
                value.start, value.end,
                Text(
                    f"{end.name} {end.version} gets no fixes since {end.end}; {end.next} and later do.",
                    f"{end.name} {end.version} n'est plus corrigé depuis le {end.end} ; {end.next} et suivants le sont.",
                ),
            )  # fmt: skip


@rule(
    "gcp/port-differs", Severity.WARNING, on="terraform", url="https://cloud.google.com/run/docs/configuring/services/containers#configure-port",
    title=Text("Cloud Run asks another port than the application's", "Cloud Run interroge un autre port que celui de l'application"),
    advice=Text(
        "The revision never becomes ready: `The user-provided container failed to start and listen on the port`.",
        "La révision ne devient jamais prête : `The user-provided container failed to start and listen on the port`.",
    ),
)  # fmt: skip
def port_differs(source: Source, project: Project) -> Iterator[Hit]:
    """`container_port` of the only Cloud Run service, where the only application has a fixed port and reads no PORT."""
    served = [c for c in project.deployable if c.kind == "service"]
    if len(served) != 1 or served[0].port is None or "PORT" in served[0].environment:
        return
    component = served[0]
    evidence = re.fullmatch(r"([^\s:]+):(\d+)", component.evidence.get("port", ""))
    module = module_of(source.path, project)
    types = ("google_cloud_run_service", "google_cloud_run_v2_service")
    services = [p for p in module.blocks("resource") if p.block.label in types]
    if evidence is None or len(services) != 1 or services[0].path != source.path:
        return
    for block in services[0].block.body.walk():
        value = block.body.value("container_port")
        port = module.constant(value) if value is not None else None
        if value is None or not isinstance(port, int) or port == component.port:
            continue
        yield Hit(
            value.start, value.end,
            Text(f"{component.name} listens on {component.port}, not on {port}.", f"{component.name} écoute sur {component.port}, pas sur {port}."),
            related=(Related(evidence[1], int(evidence[2]), Text("the application's port", "le port de l'application")),),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (zone_outside_region, database_end_of_life, port_differs)
