"""Rules over where things are, and which release of a database they run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.project.database_releases import ended
from devops_orchestrator.project.terraform_modules import module_of, parsed
from devops_orchestrator.text import Text

ZONE = re.compile(r"([a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d)[a-z]")
ENGINES = {
    "postgres": "postgres", "aurora-postgresql": "postgres", "mysql": "mysql", "aurora-mysql": "mysql", "mariadb": "mariadb",
}  # fmt: skip


@rule(
    "aws/zone-outside-region", Severity.ERROR, on="terraform", url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
    title=Text("A zone of another region", "Une zone d'une autre région"),
    advice=Text("AWS refuses it at apply: `InvalidParameterValue`.", "AWS le refuse au moment de l'apply : `InvalidParameterValue`."),
)  # fmt: skip
def zone_outside_region(source: Source, project: Project) -> Iterator[Hit]:
    """A constant availability zone that is not in the region of the module's only AWS provider."""
    module = module_of(source.path, project)
    providers = [p for p in module.blocks("provider") if p.block.label == "aws"]
    region = module.constant(providers[0].block.body.value("region")) if len(providers) == 1 else None
    if not isinstance(region, str):
        return
    line = Lines(providers[0].document.text).place(providers[0].block.start)[0]
    for block in source.parsed(parsed).blocks("resource", "module", "data"):
        for name in ("availability_zone", "availability_zones", "azs"):
            value = block.body.value(name)
            for node in value.walk() if value is not None else ():
                found = ZONE.fullmatch(node.string or "")
                if found is not None and found[1] != region:
                    yield Hit(
                        node.start, node.end,
                        Text(f"{node.string} is not in {region}, the provider's region.", f"{node.string} n'est pas dans {region}, la région du provider."),
                        related=(Related(providers[0].path, line, Text("the provider", "le provider")),),
                    )  # fmt: skip


@rule(
    "aws/database-end-of-life", Severity.WARNING, on="terraform", url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html",
    title=Text("A database release without fixes", "Une version de base de données sans correctifs"),
    advice=Text(
        "Its project no longer mends it. RDS charges extended support for each vCPU and hour, and upgrades it by force at the end.",
        "Son projet ne la corrige plus. RDS facture le support étendu par vCPU et par heure, puis impose la mise à jour.",
    ),
)  # fmt: skip
def database_end_of_life(source: Source, project: Project) -> Iterator[Hit]:
    """`engine_version` of RDS and Aurora against the support of the database's own project."""
    module = module_of(source.path, project)
    for block in source.parsed(parsed).blocks("resource"):
        if block.label not in ("aws_db_instance", "aws_rds_cluster", "aws_rds_cluster_instance"):
            continue
        value = block.body.value("engine_version")
        engine = ENGINES.get(str(module.constant(block.body.value("engine"))), "")
        version = module.constant(value) if value is not None else None
        found = ended(engine, str(version)) if version is not None else None
        if value is not None and found is not None:
            yield Hit(
                value.start, value.end,
                Text(
                    f"{found.name} {found.version} gets no fixes since {found.end}; {found.next} and later do.",
                    f"{found.name} {found.version} n'est plus corrigé depuis le {found.end} ; {found.next} et suivants le sont.",
                ),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (zone_outside_region, database_end_of_life)
