"""Where the state is, who may write it, who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import edits
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block
from devops_orchestrator.project.terraform_modules import module_of, parsed
from devops_orchestrator.text import Text

_URL = "https://developer.hashicorp.com/terraform/language/backend"
_S3 = "https://developer.hashicorp.com/terraform/language/backend/s3"
_MIGRATE = Text(
    "Terraform or OpenTofu 1.10 or later everywhere, s3:PutObject and s3:DeleteObject on the .tflock key, then `terraform init -reconfigure`.",
    "Terraform ou OpenTofu 1.10 ou plus récent partout, s3:PutObject et s3:DeleteObject sur la clé .tflock, puis `terraform init -reconfigure`.",
)


@lru_cache(maxsize=64)
def _names(text: str) -> frozenset[str]:
    try:
        return frozenset(hcl.parse(text).attributes)
    except ParseError:
        return frozenset()


def _given_at_init(project: Project) -> frozenset[str]:
    """Names that partial configurations of the repository set (`-backend-config=FILE`)."""
    files = project.repository.glob("**/*.tfbackend", "**/*backend*.hcl", "**/backend*.conf", "**/*backend*.config")
    return frozenset(name for path in files for name in _names(project.repository.read(path) or ""))


def _backends(source: Source, kind: str) -> Iterator[Block]:
    for block in source.parsed(parsed).blocks("terraform"):
        yield from (b for b in block.body.blocks("backend") if b.label == kind)


@rule(
    "terraform/missing-backend", Severity.WARNING, on="terraform",
    title=Text("No backend: the state stays on one machine", "Pas de backend : l'état reste sur une machine"),
    advice=Text(
        "Whoever else runs apply starts from an empty state and creates everything a second time; a lost disk loses the state.",
        "Quiconque lance apply ailleurs part d'un état vide et crée tout une seconde fois ; un disque perdu emporte l'état.",
    ),
    url=_URL,
)  # fmt: skip
def missing_backend(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if not module.documents or source.path != module.anchor or not module.complete or not module.root or module.backend:
        return
    if not any(True for _ in module.blocks("resource", "module")) or project.repository.glob("**/terragrunt.hcl"):
        return
    block = next(source.parsed(parsed).blocks(), None)
    start, end = (block.start, block.header_end) if block else (0, 0)
    yield Hit(start, end, Text("This root module has no backend.", "Ce module racine n'a pas de backend."))


@rule(
    "terraform/local-backend", Severity.WARNING, on="terraform",
    title=Text("Local backend", "Backend local"),
    advice=Text(
        "The state is a file on one machine: no lock, no sharing, no history, and one `git add .` from being published.",
        "L'état est un fichier sur une machine : ni verrou, ni partage, ni historique, et à un `git add .` d'être publié.",
    ),
    url=_URL,
)  # fmt: skip
def local_backend(source: Source, project: Project) -> Iterator[Hit]:
    for block in _backends(source, "local"):
        if not module_of(source.path, project).root:
            continue
        yield Hit(
            block.start,
            block.header_end,
            Text("The state is kept in a local file.", "L'état est conservé dans un fichier local."),
        )


@rule(
    "terraform/unlocked-state", Severity.WARNING, on="terraform",
    title=Text("S3 state without a lock", "État S3 sans verrou"),
    advice=Text(
        "Two applies at once (a person and the CI) write over each other, and the state no longer says what exists.",
        "Deux apply simultanés (une personne et la CI) s'écrasent, et l'état ne dit plus ce qui existe.",
    ),
    url=_S3,
)  # fmt: skip
def unlocked_state(source: Source, project: Project) -> Iterator[Hit]:
    for block in _backends(source, "s3"):
        names = {*block.body.attributes, *_given_at_init(project)}
        off = block.body.constant("use_lockfile") is False
        if "dynamodb_table" in names or ("use_lockfile" in names and not off):
            continue
        document = source.parsed(parsed)
        attribute = block.body.attributes.get("use_lockfile")
        change = hcl.set_value(attribute, "true") if attribute else hcl.insert(document, block, "use_lockfile = true")
        fix = Fix(
            edits(source, [change]),
            safe=False,
            title=Text("Lock with use_lockfile", "Verrouiller avec use_lockfile"),
            needs=_MIGRATE,
        )
        yield Hit(block.start, block.header_end, Text("Nothing locks this state.", "Rien ne verrouille cet état."), fix)


@rule(
    "terraform/deprecated-lock-table", Severity.INFO, on="terraform",
    title=Text("Locking by DynamoDB is deprecated", "Le verrou par DynamoDB est déprécié"),
    advice=Text(
        "Since 1.10 the S3 backend locks by itself; dynamodb_table is deprecated and is one more table to pay for and to permit.",
        "Depuis la 1.10, le backend S3 verrouille de lui-même ; dynamodb_table est déprécié, et c'est une table de plus à payer et à autoriser.",
    ),
    url=_S3,
)  # fmt: skip
def deprecated_lock_table(source: Source, project: Project) -> Iterator[Hit]:
    for block in _backends(source, "s3"):
        attribute = block.body.attributes.get("dynamodb_table")
        if attribute is None:
            continue
        document = source.parsed(parsed)
        if "use_lockfile" in block.body.attributes:
            change = hcl.remove(document, attribute)
            title = Text("Remove dynamodb_table", "Retirer dynamodb_table")
        else:
            change = (attribute.start, attribute.end, "use_lockfile = true")
            title = Text("Replace it by use_lockfile", "Le remplacer par use_lockfile")
        fix = Fix(edits(source, [change]), safe=False, title=title, needs=_MIGRATE)
        yield Hit(
            attribute.start, attribute.end, Text("dynamodb_table is deprecated.", "dynamodb_table est déprécié."), fix
        )


@rule(
    "terraform/unencrypted-state", Severity.WARNING, on="terraform",
    title=Text("S3 state without encrypt", "État S3 sans encrypt"),
    advice=Text(
        "A state holds passwords in clear text. S3 encrypts new objects by itself since 2023, but a policy that demands the header refuses the write, and the bucket's own KMS key is not asked for.",
        "Un état contient des mots de passe en clair. S3 chiffre de lui-même depuis 2023, mais une politique qui exige l'en-tête refuse l'écriture, et la clé KMS du bucket n'est pas demandée.",
    ),
    url=_S3,
)  # fmt: skip
def unencrypted_state(source: Source, project: Project) -> Iterator[Hit]:
    for block in _backends(source, "s3"):
        attribute = block.body.attributes.get("encrypt")
        value = attribute.value.constant if attribute else None
        if (attribute is not None and value is not False) or (
            attribute is None and "encrypt" in _given_at_init(project)
        ):
            continue
        document = source.parsed(parsed)
        change = hcl.set_value(attribute, "true") if attribute else hcl.insert(document, block, "encrypt = true")
        fix = Fix(
            edits(source, [change]), safe=False, title=Text("Set encrypt = true", "Mettre encrypt = true"),
            needs=Text("`terraform init -reconfigure` on every machine.", "`terraform init -reconfigure` sur chaque machine."),
        )  # fmt: skip
        place = attribute or block
        end = attribute.end if attribute else block.header_end
        message = (
            Text("encrypt is false.", "encrypt vaut false.")
            if attribute
            else Text("The backend does not set encrypt = true.", "Le backend ne met pas encrypt = true.")
        )
        yield Hit(place.start, end, message, fix, severity=None if attribute else Severity.INFO)


@rule(
    "terraform/committed-state", Severity.ERROR, on="terraform",
    title=Text("A state file in the repository", "Fichier d'état dans le dépôt"),
    advice=Text(
        "It holds every secret that Terraform saw, in clear text and in git's history, and two branches make two truths of it.",
        "Il contient en clair, et dans l'historique git, chaque secret vu par Terraform, et deux branches en font deux vérités.",
    ),
    url="https://developer.hashicorp.com/terraform/language/state/sensitive-data",
)  # fmt: skip
def committed_state(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if not module.documents or source.path != module.anchor:
        return
    states = [name for name in module.siblings if name.endswith((".tfstate", ".tfstate.backup"))]
    if states:
        start, end = _start(source)
        prefix = "" if module.folder == "." else f"{module.folder}/"
        yield Hit(
            start, end,
            Text(f"{prefix}{states[0]} is in the repository.", f"{prefix}{states[0]} est dans le dépôt."),
            related=tuple(Related(prefix + name, 1, Text("state file", "fichier d'état")) for name in states),
        )  # fmt: skip


def _start(source: Source) -> tuple[int, int]:
    block = next(source.parsed(parsed).blocks(), None)
    return (block.start, block.header_end) if block else (0, 0)


RULES = (missing_backend, local_backend, unlocked_state, deprecated_lock_table, unencrypted_state, committed_state)
