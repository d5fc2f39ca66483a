"""Google Cloud resources with too many rights, or open to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block
from devops_orchestrator.text import Text

BASIC_ROLES = ("roles/owner", "roles/editor")


def _resources(source: Source, *types: str) -> Iterator[Block]:
    for block in source.parsed(hcl.parse).blocks("resource"):
        if block.label in types:
            yield block


@rule(
    "gcp/basic-role", Severity.WARNING, on="terraform", url="https://cloud.google.com/iam/docs/roles-overview#basic",
    title=Text("A role over the whole project", "Un rôle sur tout le projet"),
    advice=Text(
        "Owner and Editor cover thousands of permissions of every service. A predefined role for the one service is enough.",
        "Owner et Editor couvrent des milliers de permissions de tous les services. Un rôle prédéfini pour le service concerné suffit.",
    ),
)  # fmt: skip
def basic_role(source: Source, project: Project) -> Iterator[Hit]:
    """`roles/owner` or `roles/editor` in an IAM binding or member of a project, folder or organisation."""
    for block in source.parsed(hcl.parse).blocks("resource"):
        if not block.label.startswith("google_") or "_iam_" not in block.label:
            continue
        role = block.body.value("role")
        if role is not None and role.string in BASIC_ROLES:
            yield Hit(
                role.start, role.end,
                Text(f"{block.name} gives {role.string}.", f"{block.name} donne {role.string}."),
            )  # fmt: skip


@rule(
    "gcp/open-database", Severity.ERROR, on="terraform", url="https://cloud.google.com/sql/docs/postgres/configure-ip",
    title=Text("A database open to every address", "Une base ouverte à toutes les adresses"),
    advice=Text(
        "Everybody may try passwords. Use a private address, or the Cloud SQL Auth Proxy, which needs no open network.",
        "Tout le monde peut essayer des mots de passe. Utilisez une adresse privée, ou le Cloud SQL Auth Proxy, qui n'ouvre aucun réseau.",
    ),
)  # fmt: skip
def open_database(source: Source, project: Project) -> Iterator[Hit]:
    """An authorized network `0.0.0.0/0` of Cloud SQL."""
    for block in _resources(source, "google_sql_database_instance"):
        for inner in block.body.walk():
            value = inner.body.value("value") if inner.type == "authorized_networks" else None
            if value is not None and value.string in ("0.0.0.0/0", "::/0"):
                yield Hit(
                    value.start, value.end,
                    Text(f"{block.name} admits {value.string}.", f"{block.name} accepte {value.string}."),
                )  # fmt: skip


@rule(
    "gcp/bucket-object-acls", Severity.WARNING, on="terraform",
    url="https://cloud.google.com/storage/docs/uniform-bucket-level-access",
    title=Text("A bucket whose objects have rights of their own", "Un bucket dont les objets ont leurs propres droits"),
    advice=Text(
        "One object can be made public and no policy of the bucket shows it.",
        "Un objet peut être rendu public sans qu'aucune règle du bucket ne le montre.",
    ),
)  # fmt: skip
def bucket_object_acls(source: Source, project: Project) -> Iterator[Hit]:
    """A bucket without `uniform_bucket_level_access = true`."""
    document = source.parsed(hcl.parse)
    for block in _resources(source, "google_storage_bucket"):
        attribute = block.body.attributes.get("uniform_bucket_level_access")
        if attribute is not None and attribute.value.constant is not False:
            continue
        if attribute is not None:
            edit = (attribute.value.start, attribute.value.end, "true")
        else:
            edit = hcl.insert(document, block, "uniform_bucket_level_access = true")
        yield Hit(
            attribute.start if attribute else block.start, attribute.end if attribute else block.header_end,
            Text(f"{block.name} keeps rights on each object.", f"{block.name} garde des droits sur chaque objet."),
            fix=Fix(
                (source.edit(*edit),), safe=False,
                title=Text("rights on the bucket alone", "des droits sur le bucket seul"),
                needs=Text(
                    "nobody relies on an object's own rights; it cannot be taken back after 90 days",
                    "personne ne dépend des droits d'un objet ; irréversible après 90 jours",
                ),
            ),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (basic_role, open_database, bucket_object_acls)
