"""Data that must survive: encryption, backups, protection against deletion; addresses that do not shift."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import edits
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Attribute, Block, Document, Expression
from devops_orchestrator.project.terraform_modules import module_of, parsed
from devops_orchestrator.text import Text

_DATABASES = ("aws_db_instance", "aws_rds_cluster")
_ENCRYPTED = {
    "aws_db_instance": "storage_encrypted", "aws_rds_cluster": "storage_encrypted", "aws_ebs_volume": "encrypted",
    "aws_efs_file_system": "encrypted", "aws_docdb_cluster": "storage_encrypted", "aws_neptune_cluster": "storage_encrypted",
}  # fmt: skip
# Made from something that decides for them.
_COPIES = (
    "replicate_source_db",
    "snapshot_identifier",
    "replication_source_identifier",
    "snapshot_id",
    "restore_to_point_in_time",
    "global_cluster_identifier",
)


@rule(
    "terraform/unencrypted-storage", Severity.ERROR, on="terraform",
    title=Text("Storage without encryption", "Stockage sans chiffrement"),
    advice=Text(
        "Disks, snapshots and replicas are in clear text, and it cannot be changed in place: Terraform would destroy and create anew. Copy a snapshot with encryption and restore from it.",
        "Disques, instantanés et réplicas sont en clair, et cela ne se change pas sur place : Terraform détruirait pour recréer. Copiez un instantané avec chiffrement, puis restaurez-le.",
    ),
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
)  # fmt: skip
def unencrypted_storage(source: Source, project: Project) -> Iterator[Hit]:
    for block in source.parsed(parsed).blocks("resource"):
        name = _ENCRYPTED.get(block.label)
        if name is None or any(block.body.has(copy) for copy in _COPIES):
            continue
        attribute = block.body.attributes.get(name)
        if attribute is not None and attribute.value.constant is not False:
            continue
        if (
            attribute is None
            and str(block.body.constant("engine")).startswith("aurora")
            and block.label == "aws_db_instance"
        ):
            continue
        start, end = _place(attribute, block)
        said = (
            Text(f"{name} is false.", f"{name} vaut false.")
            if attribute
            else Text(f"{name} is not set, and its default is false.", f"{name} est absent, et vaut false par défaut.")
        )
        yield Hit(start, end, said)


def _place(attribute: Attribute | None, block: Block) -> tuple[int, int]:
    return (attribute.start, attribute.end) if attribute else (block.start, block.header_end)


def _set(document: Document, block: Block, attribute: Attribute | None, name: str, value: str) -> hcl.Change:
    if attribute:
        return hcl.set_value(attribute, value)
    last = None
    for item in block.body.items:
        if isinstance(item, Block):
            break
        last = item.name
    return hcl.insert(document, block, f"{name} = {value}", after=last)


@rule(
    "terraform/unprotected-database", Severity.WARNING, on="terraform",
    title=Text("A database that one apply can delete", "Base qu'un seul apply peut supprimer"),
    advice=Text(
        "A renamed identifier or a wrong workspace plans a replacement, and nothing stops it.",
        "Un identifiant renommé ou un mauvais workspace planifie un remplacement, et rien ne l'arrête.",
    ),
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
)  # fmt: skip
def unprotected_database(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    for block in document.blocks("resource"):
        if block.label not in (*_DATABASES, "google_sql_database_instance") or block.body.has("replicate_source_db"):
            continue
        attribute = block.body.attributes.get("deletion_protection")
        if attribute is not None and attribute.value.constant is not False:
            continue
        if attribute is None and (block.label.startswith("google_") or _prevented(block) or _in_aurora(block)):
            continue  # Google's provider protects by default
        fix = Fix(
            edits(source, [_set(document, block, attribute, "deletion_protection", "true")]), safe=False,
            title=Text("Set deletion_protection = true", "Mettre deletion_protection = true"),
            needs=Text("To delete it on purpose, set it to false and apply first.", "Pour la supprimer volontairement, repassez d'abord à false et appliquez."),
        )  # fmt: skip
        start, end = _place(attribute, block)
        yield Hit(
            start,
            end,
            Text(
                f"{block.label}.{block.name} is not protected against deletion.",
                f"{block.label}.{block.name} n'est pas protégée contre la suppression.",
            ),
            fix,
        )


def _in_aurora(block: Block) -> bool:
    """An instance of a cluster: the cluster has the data and its settings."""
    return block.label == "aws_db_instance" and str(block.body.constant("engine")).startswith("aurora")


def _prevented(block: Block) -> bool:
    return any(b.body.constant("prevent_destroy") is True for b in block.body.blocks("lifecycle"))


@rule(
    "terraform/missing-backups", Severity.WARNING, on="terraform",
    title=Text("A database without backups", "Base sans sauvegardes"),
    advice=Text(
        "An aws_db_instance keeps none unless it is told to, a cluster one day: a mistake found the day after is final.",
        "Sans réglage, une aws_db_instance n'en garde aucune et un cluster un seul jour : une erreur vue le lendemain est définitive.",
    ),
    url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
)  # fmt: skip
def missing_backups(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    for block in document.blocks("resource"):
        if block.label == "google_sql_database_instance":
            yield from _google_backups(block)
        if block.label not in _DATABASES or block.body.has("replicate_source_db") or _in_aurora(block):
            continue
        attribute = block.body.attributes.get("backup_retention_period")
        if attribute is None and block.label == "aws_rds_cluster":
            continue  # one day by default
        if attribute is not None and attribute.value.constant != 0:
            continue
        fix = Fix(
            edits(source, [_set(document, block, attribute, "backup_retention_period", "7")]), safe=False,
            title=Text("Keep a week of backups", "Garder une semaine de sauvegardes"),
            needs=Text("The first time, the instance may be briefly unavailable; storage of backups is paid for.", "La première fois, brève indisponibilité possible ; le stockage des sauvegardes est facturé."),
        )  # fmt: skip
        start, end = _place(attribute, block)
        yield Hit(
            start,
            end,
            Text(
                f"{block.label}.{block.name} keeps no backup.",
                f"{block.label}.{block.name} ne garde aucune sauvegarde.",
            ),
            fix,
        )


def _google_backups(block: Block) -> Iterator[Hit]:
    settings = block.body.block("settings")
    if settings is None or block.body.has("master_instance_name"):
        return
    backup = settings.body.block("backup_configuration")
    if backup is None and any(b.type == "dynamic" for b in settings.body.blocks()):
        return
    value = backup.body.value("enabled") if backup else None
    if backup is None or value is None or value.constant is False:
        where = backup or block
        yield Hit(
            where.start,
            where.header_end,
            Text(
                f"{block.label}.{block.name} keeps no backup.",
                f"{block.label}.{block.name} ne garde aucune sauvegarde.",
            ),
        )


_STATEFUL = (
    "aws_dynamodb_table",
    "aws_efs_file_system",
    "google_storage_bucket",
    "aws_s3_bucket",
    "google_kms_crypto_key",
    "aws_elasticsearch_domain",
    "aws_opensearch_domain",
)


@rule(
    "terraform/destroyable-data", Severity.INFO, on="terraform",
    title=Text("Data without prevent_destroy", "Données sans prevent_destroy"),
    advice=Text(
        "A changed name plans a replacement of the resource, its content included; prevent_destroy turns that plan into an error.",
        "Un nom modifié planifie le remplacement de la ressource, contenu compris ; prevent_destroy transforme ce plan en erreur.",
    ),
    url="https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle",
)  # fmt: skip
def destroyable_data(source: Source, project: Project) -> Iterator[Hit]:
    if not module_of(source.path, project).root:
        return  # in a reusable module it would bind everybody who calls it
    document = source.parsed(parsed)
    for block in document.blocks("resource"):
        body = block.body
        if block.label not in _STATEFUL or any(b.body.has("prevent_destroy") for b in body.blocks("lifecycle")):
            continue
        if body.constant("force_destroy") is True or body.constant("deletion_protection_enabled") is True:
            continue
        lifecycle = body.block("lifecycle")
        if lifecycle is None:
            change = hcl.insert(document, block, "lifecycle {\n  prevent_destroy = true\n}")
        else:
            change = hcl.insert(document, lifecycle, "prevent_destroy = true")
        fix = Fix(
            edits(source, [change]), safe=False, title=Text("Add prevent_destroy", "Ajouter prevent_destroy"),
            needs=Text("`terraform destroy` of the environment fails until the line is taken out.", "`terraform destroy` de l'environnement échoue tant que la ligne est là."),
        )  # fmt: skip
        yield Hit(
            block.start,
            block.header_end,
            Text(
                f"{block.label}.{block.name} can be destroyed by a plan.",
                f"{block.label}.{block.name} peut être détruit par un plan.",
            ),
            fix,
        )


@rule(
    "terraform/count-over-list", Severity.INFO, on="terraform",
    title=Text("count over a list", "count sur une liste"),
    advice=Text(
        "Addresses are positions: taking the first entry out shifts the others, and Terraform destroys and creates them again.",
        "Les adresses sont des positions : retirer la première entrée décale les autres, que Terraform détruit et recrée.",
    ),
    url="https://developer.hashicorp.com/terraform/language/meta-arguments/for_each",
)  # fmt: skip
def count_over_list(source: Source, project: Project) -> Iterator[Hit]:
    for block in source.parsed(parsed).blocks("resource", "module", "data"):
        value = block.body.value("count")
        counted = _counted(value) if value else None
        if value is None or counted is None or not _indexed(block, source, counted):
            continue
        yield Hit(
            value.start,
            value.end,
            Text(
                f"for_each over {counted} keeps addresses when an entry goes.",
                f"for_each sur {counted} garde les adresses quand une entrée disparaît.",
            ),
        )


def _counted(value: Expression) -> str | None:
    """The list whose length is the count: `var.names` of `length(var.names)`."""
    inner = value.unwrapped
    if (
        inner.kind == "call"
        and inner.value == "length"
        and len(inner.parts) == 1
        and inner.parts[0].kind == "reference"
    ):
        path = inner.parts[0].path
        return ".".join(path) if path[0] in ("var", "local") else None
    return None


def _indexed(block: Block, source: Source, counted: str) -> bool:
    """Whether the block takes its entry by position."""
    for value in block.body.expressions():
        for node in value.walk():
            if node.kind == "index" and source.text[node.parts[0].start : node.parts[0].end] == counted:
                return True
            if (
                node.kind == "call"
                and node.value == "element"
                and source.text[node.parts[0].start : node.parts[0].end] == counted
            ):
                return True
    return False


RULES = (
    unencrypted_storage, unprotected_database, missing_backups, destroyable_data, count_over_list,
)  # fmt: skip
