"""Secrets: written down, shown, or handed on without the mark. A value is never repeated in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import edits
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block, Expression, key_of
from devops_orchestrator.project.terraform_modules import Module, module_of, parsed
from devops_orchestrator.text import Text

_URL = "https://developer.hashicorp.com/terraform/language/manage-sensitive-data"
SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|secret|secret_key|secret_access_key|access_token|auth_token|api_token|token|api_key|apikey|private_key|private_key_pem|client_secret|credentials)$"
)
# Shapes that only a real credential has.
_SHAPES = (
    (re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"), Text("an AWS access key", "une clé d'accès AWS")),
    (re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"), Text("a private key", "une clé privée")),
    (re.compile(r"\b(?:ghp|gho|ghs|github_pat)_[A-Za-z0-9_]{30,}"), Text("a GitHub token", "un jeton GitHub")),
    (re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}"), Text("a GitLab token", "un jeton GitLab")),
    (re.compile(r"\bxox[abp]-[A-Za-z0-9-]{10,}"), Text("a Slack token", "un jeton Slack")),
    (re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"), Text("a Google API key", "une clé d'API Google")),
)  # fmt: skip
_EXAMPLES = frozenset(("AKIAIOSFODNN7EXAMPLE",))


@rule(
    "terraform/hardcoded-secret", Severity.ERROR, on=("terraform", "terraform-vars"),
    title=Text("A secret in the code", "Secret dans le code"),
    advice=Text(
        "Everybody who reads the repository has it, and git keeps it after it is removed: it has to be revoked, not only deleted.",
        "Quiconque lit le dépôt le détient, et git le garde après suppression : il faut le révoquer, pas seulement l'effacer.",
    ),
    url=_URL,
)  # fmt: skip
def hardcoded_secret(source: Source, project: Project) -> Iterator[Hit]:
    for name, value, block in _named(source):
        text = value.string
        if text is None or not text.strip():
            continue
        shape = next(
            (what for pattern, what in _SHAPES if (found := pattern.search(text)) and found[0] not in _EXAMPLES), None
        )
        if shape is not None:
            yield _written(name, value, shape)
        elif SECRET_NAME.search(name.lower()) and _looks_secret(name, text, block):
            yield _written(name, value, Text("a secret", "un secret"))


def _written(name: str, value: Expression, what: Text) -> Hit:
    return Hit(
        value.start, value.end,
        Text(
            f"{name} holds {what.en} in clear text; it is not repeated here.",
            f"{name} contient {what.fr} en clair ; sa valeur n'est pas répétée ici.",
        ),
    )  # fmt: skip


def _named(source: Source) -> Iterator[tuple[str, Expression, Block | None]]:
    """(name, value, block around it) of every attribute and object entry; a variable's default is named by it."""
    document = source.parsed(parsed)
    for attribute in document.attributes.values():
        yield from _entries(attribute.name, attribute.value, None)
    for top in document.blocks():
        for block in (top, *top.body.walk()):
            for attribute in block.body.attributes.values():
                name = top.label if (top.type, attribute.name) == ("variable", "default") else attribute.name
                yield from _entries(name, attribute.value, top)


def _entries(name: str, value: Expression, block: Block | None) -> Iterator[tuple[str, Expression, Block | None]]:
    yield name, value, block
    for node in value.walk():
        for key, item in node.items:
            yield key_of(key) or "", item, block


def _looks_secret(name: str, text: str, block: Block | None) -> bool:
    """Not a name, a path or a switch: `secret = "db/password"` says where it is, not what."""
    if block is not None and block.type in ("output", "data", "check", "run"):
        return False
    if len(text) < 4 or re.search(r"[\s/]", text) or text.startswith(("arn:", "projects/", "$", "<", "{{")):
        return False
    if "password" in name.lower() or "passwd" in name.lower():
        return True
    # A secret of another name is told from a resource's name by its digits or its length.
    return bool(
        re.search(r"\d", text)
        and re.search(r"[A-Za-z]", text)
        and len(text) >= 12
        and not re.fullmatch(r"[a-z]+(?:[-_.][a-z0-9]+)+", text)
    )


@rule(
    "terraform/exposed-secret-variable", Severity.WARNING, on="terraform",
    title=Text("A secret variable without sensitive", "Variable secrète sans sensitive"),
    advice=Text(
        "Plans print its value: on screens, in CI logs, in comments of pull requests.",
        "Les plans affichent sa valeur : à l'écran, dans les journaux de CI, dans les commentaires de pull request.",
    ),
    url=_URL,
)  # fmt: skip
def exposed_secret_variable(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    for block in document.blocks("variable"):
        body = block.body
        kind = body.value("type")
        plain = kind is None or (kind.kind == "reference" and kind.path == ("string",)) or kind.string == "string"
        if not SECRET_NAME.search(block.label) or not plain or body.has("sensitive") or body.has("ephemeral"):
            continue
        change = hcl.insert(document, block, "sensitive = true", after=_last_simple(block))
        fix = Fix(
            edits(source, [change]), safe=False, title=Text("Mark it sensitive", "La marquer sensitive"),
            needs=Text("Outputs that are made from it need sensitive = true as well.", "Les sorties qui en dépendent demandent aussi sensitive = true."),
        )  # fmt: skip
        yield Hit(
            block.start, block.header_end,
            Text(f"{block.label} is shown in plans.", f"{block.label} apparaît dans les plans."), fix,
        )  # fmt: skip


def _last_simple(block: Block) -> str | None:
    """The last attribute before a nested block, so that the new line stays beside its like."""
    name = None
    for item in block.body.items:
        if isinstance(item, Block):
            break
        name = item.name
    return name


_SECRET_ATTRIBUTES = frozenset(
    [
        "password",
        "master_password",
        "auth_token",
        "secret_string",
        "secret_data",
        "private_key",
        "private_key_pem",
        "private_key_openssh",
        "secret_access_key",
        "secret",
        "client_secret",
        "primary_access_key",
        "connection_string",
        "result_secret",
    ]
)


@rule(
    "terraform/exposed-secret-output", Severity.WARNING, on="terraform",
    title=Text("A secret output without sensitive", "Sortie secrète sans sensitive"),
    advice=Text(
        "`terraform apply` prints it at the end, in CI logs too; an output of a sensitive variable without the mark stops the plan.",
        "`terraform apply` l'affiche à la fin, journaux de CI compris ; sans la marque, une sortie issue d'une variable sensible bloque le plan.",
    ),
    url="https://developer.hashicorp.com/terraform/language/values/outputs",
)  # fmt: skip
def exposed_secret_output(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    module = module_of(source.path, project)
    for block in document.blocks("output"):
        value = block.body.value("value")
        if value is None or block.body.has("sensitive") or block.body.has("ephemeral") or _unmarked(value):
            continue
        secret = next((r for r in value.references if _secret(r.path, module)), None)
        if secret is None:
            continue
        change = hcl.insert(document, block, "sensitive = true", after=_last_simple(block))
        fix = Fix(
            edits(source, [change]), safe=False, title=Text("Mark it sensitive", "La marquer sensitive"),
            needs=Text("Whoever reads it from the log reads it with `terraform output -raw` instead.", "Qui la lit dans le journal passera par `terraform output -raw`."),
        )  # fmt: skip
        name = ".".join(secret.path)
        yield Hit(value.start, value.end, Text(f"{block.label} shows {name}.", f"{block.label} affiche {name}."), fix)


def _unmarked(value: Expression) -> bool:
    """Whether the author takes the mark off on purpose, or only asks whether something is there."""
    return any(node.kind == "call" and node.value in ("nonsensitive", "length", "sha256") for node in value.walk())


def _secret(path: tuple[str, ...], module: Module) -> bool:
    if path[0] == "var" and len(path) > 1:
        place = module.variables.get(path[1])
        return place is not None and place.block.body.constant("sensitive") is True
    if len(path) < 3 or path[0] in ("local", "each", "module"):
        return False
    if path[0] == "random_password":
        return path[-1] in ("result", "bcrypt_hash")
    return path[-1] in _SECRET_ATTRIBUTES and "_" in (path[1] if path[0] == "data" else path[0])


RULES = (hardcoded_secret, exposed_secret_variable, exposed_secret_output)
