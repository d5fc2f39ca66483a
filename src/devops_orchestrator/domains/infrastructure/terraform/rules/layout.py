"""How the text is written: canonical format, spellings of older releases."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import canonical, difference, edits
from devops_orchestrator.formats.hcl import Expression
from devops_orchestrator.formats.hcl.layout import unwrapped
from devops_orchestrator.project.terraform_modules import parsed
from devops_orchestrator.text import Text


@rule(
    "terraform/interpolation-only", Severity.INFO, on=("terraform", "terraform-vars"),
    title=Text("A string that is nothing but one interpolation", "Chaîne réduite à une interpolation"),
    advice=Text(
        "Since Terraform 0.12 an expression stands by itself; quotes around it are read as a string by people, not by Terraform.",
        "Depuis Terraform 0.12, une expression se suffit ; les guillemets font croire à une chaîne alors que Terraform n'en voit pas.",
    ),
    url="https://developer.hashicorp.com/terraform/language/expressions/strings",
)  # fmt: skip
def interpolation_only(source: Source, project: Project) -> Iterator[Hit]:
    for value in source.parsed(parsed).expressions():
        for node in _outermost(source, value):
            inner = unwrapped(source.text, node)
            if inner is None:
                continue
            yield Hit(
                node.start, node.end,
                Text(f"{_short(source, node)} is the expression itself.", f"{_short(source, node)} est l'expression elle-même."),
                Fix(
                    edits(source, [(node.start, node.end, inner)]), safe=True,
                    title=Text("Take the quotes off", "Retirer les guillemets"),
                ),
            )  # fmt: skip


# Expressions that keep their meaning beside an operator without parentheses.
_CLOSED = frozenset(
    ("reference", "call", "literal", "template", "tuple", "object", "parens", "index", "attribute", "splat")
)
_TIGHT = frozenset(("operation", "conditional", "index", "attribute", "splat", "for"))


def _outermost(source: Source, value: Expression, parent: str = "") -> Iterator[Expression]:
    """Unwrappable strings, not those inside another; a key of an object would need parentheses instead."""
    if value.kind == "template" and len(value.parts) == 1 and unwrapped(source.text, value) is not None:
        if parent not in _TIGHT or value.parts[0].kind in _CLOSED:
            yield value
        return
    for part in value.parts:
        yield from _outermost(source, part, value.kind)
    for _, item in value.items:
        yield from _outermost(source, item)


def _short(source: Source, node: Expression) -> str:
    text = " ".join(source.text[node.start : node.end].split())
    return text if len(text) <= 60 else text[:57] + "..."


_COLLECTIONS = {"list": "tolist", "map": "tomap"}


@rule(
    "terraform/removed-function", Severity.ERROR, on="terraform",
    title=Text("A function that Terraform removed", "Fonction supprimée de Terraform"),
    advice=Text(
        "list() and map() are gone since Terraform 0.15: the plan fails. tolist([…]) and tomap({…}) give the same values.",
        "list() et map() n'existent plus depuis Terraform 0.15 : le plan échoue. tolist([…]) et tomap({…}) donnent les mêmes valeurs.",
    ),
    url="https://developer.hashicorp.com/terraform/language/functions/list",
)  # fmt: skip
def removed_function(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    for block in document.blocks():
        for value in block.body.expressions():
            # `type = list(string)` of a variable is a type, not a call.
            if block.type == "variable" and value is block.body.value("type"):
                continue
            for node in value.walk():
                if node.kind == "call" and node.value in _COLLECTIONS:
                    yield _removed(source, node)


def _removed(source: Source, node: Expression) -> Hit:
    name = str(node.value)
    texts = [source.text[part.start : part.end] for part in node.parts]
    fix: Fix | None = None
    nested = any(inner.kind == "call" and inner.value in _COLLECTIONS for part in node.parts for inner in part.walk())
    spread = source.text[node.start : node.end].rstrip(")").rstrip().endswith("...")
    if "\n" not in source.text[node.start : node.end] and not nested and not spread:
        new = None
        if name == "list":
            new = f"tolist([{', '.join(texts)}])"
        elif len(texts) % 2 == 0:
            pairs = ", ".join(
                f"({key}) = {value}" if not key.startswith('"') else f"{key} = {value}"
                for key, value in zip(texts[::2], texts[1::2], strict=True)
            )
            new = f"tomap({{ {pairs} }})" if pairs else "tomap({})"
        if new:
            title = Text(f"Write {_COLLECTIONS[name]}()", f"Écrire {_COLLECTIONS[name]}()")
            fix = Fix(edits(source, [(node.start, node.end, new)]), safe=True, title=title)
    return Hit(node.start, node.end, Text(f"{name}() does not exist any more.", f"{name}() n'existe plus."), fix)


_DEPRECATED = {
    ("data", "template_file"): ("templatefile()", "its provider is archived and has no build for Apple silicon", "son provider est archivé et n'a pas de version pour Apple Silicon"),
    ("data", "template_cloudinit_config"): ("data cloudinit_config", "its provider is archived", "son provider est archivé"),
    ("resource", "template_dir"): ("templatefile() and fileset()", "its provider is archived", "son provider est archivé"),
    ("resource", "null_resource"): ("terraform_data", "terraform_data is built in and needs no provider (Terraform 1.4)", "terraform_data est intégré et se passe de provider (Terraform 1.4)"),
}  # fmt: skip


@rule(
    "terraform/superseded-resource", Severity.INFO, on="terraform",
    title=Text("A resource that something built in replaces", "Ressource remplacée par une fonction intégrée"),
    advice=Text(
        "A provider that nobody maintains is one more thing that stops `terraform init` on a new machine.",
        "Un provider sans mainteneur finit par bloquer `terraform init` sur une nouvelle machine.",
    ),
    url="https://developer.hashicorp.com/terraform/language/resources/terraform-data",
)  # fmt: skip
def superseded_resource(source: Source, project: Project) -> Iterator[Hit]:
    for block in source.parsed(parsed).blocks("resource", "data"):
        if found := _DEPRECATED.get((block.type, block.label)):
            new, en, fr = found
            yield Hit(
                block.start, block.header_end,
                Text(f"{new} replaces {block.label}: {en}.", f"{new} remplace {block.label} : {fr}."),
                severity=Severity.INFO if block.label == "null_resource" else Severity.WARNING,
            )  # fmt: skip


@rule(
    "terraform/format", Severity.INFO, on=("terraform", "terraform-vars"),
    title=Text("Not in canonical format", "Format non canonique"),
    advice=Text(
        "Everybody's `terraform fmt` changes these lines, so they come back in every diff, and `terraform fmt -check` fails in CI.",
        "Le `terraform fmt` de chacun modifie ces lignes : elles reviennent dans chaque diff et `terraform fmt -check` échoue en CI.",
    ),
    url="https://developer.hashicorp.com/terraform/cli/commands/fmt",
)  # fmt: skip
def format_(source: Source, project: Project) -> Iterator[Hit]:
    changed = difference(source, canonical(source.text))
    if changed:
        count = len(changed)
        yield Hit(
            changed[0].start, changed[0].end,
            Text(
                f"`terraform fmt` changes {count} place{'s' if count > 1 else ''}, the first here.",
                f"`terraform fmt` modifie {count} endroit{'s' if count > 1 else ''}, dont celui-ci.",
            ),
            Fix(changed, safe=True, title=Text("Format the file", "Formater le fichier")),
        )  # fmt: skip


RULES = (interpolation_only, removed_function, superseded_resource, format_)
