"""Variables: typed, described, used; values that somebody declared."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import PurePosixPath

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import edits
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block, Document
from devops_orchestrator.project.terraform_modules import Module, module_of, modules, parsed
from devops_orchestrator.text import Text

_VARIABLES = "https://developer.hashicorp.com/terraform/language/values/variables"


@rule(
    "terraform/untyped-variable", Severity.INFO, on="terraform",
    title=Text("A variable without a type", "Variable sans type"),
    advice=Text(
        "Any value is taken: a list where a string was meant fails deep in a resource instead of at the door.",
        "Toute valeur est acceptée : une liste au lieu d'une chaîne échoue au fond d'une ressource et non à l'entrée.",
    ),
    url=_VARIABLES,
)  # fmt: skip
def untyped_variable(source: Source, project: Project) -> Iterator[Hit]:
    document = source.parsed(parsed)
    for block in document.blocks("variable") if not module_of(source.path, project).sample else ():
        if block.body.has("type"):
            continue
        fix = None
        if type_ := _type_of_default(block):
            change = hcl.insert_first(document, block, f"type = {type_}")
            if "description" in block.body.attributes:
                change = hcl.insert(document, block, f"type = {type_}", after="description")
            fix = Fix(
                edits(source, [change]), safe=False, title=Text(f"Give it the type {type_}", f"Lui donner le type {type_}"),
                needs=Text("Every value that is given must convert to it.", "Chaque valeur fournie doit s'y convertir."),
            )  # fmt: skip
        yield Hit(
            block.start, block.header_end, Text(f"{block.label} has no type.", f"{block.label} n'a pas de type."), fix
        )


def _type_of_default(block: Block) -> str | None:
    default = block.body.value("default")
    if default is None:
        return None
    if default.kind == "literal":
        return None if default.value is None else "bool" if isinstance(default.value, bool) else "number"
    return "string" if default.string is not None else None


@rule(
    "terraform/undescribed-variable", Severity.INFO, on="terraform",
    title=Text("A variable without a description", "Variable sans description"),
    advice=Text(
        "`terraform plan` asks for it by its bare name, and the module's documentation has an empty line.",
        "`terraform plan` la demande par son seul nom, et la documentation du module a une ligne vide.",
    ),
    url=_VARIABLES,
)  # fmt: skip
def undescribed_variable(source: Source, project: Project) -> Iterator[Hit]:
    for block in source.parsed(parsed).blocks("variable") if not module_of(source.path, project).sample else ():
        if not str(block.body.constant("description") or "").strip() and not (
            block.body.has("description") and block.body.constant("description") is None
        ):
            yield Hit(
                block.start,
                block.header_end,
                Text(f"{block.label} has no description.", f"{block.label} n'a pas de description."),
            )


@rule(
    "terraform/unused-variable", Severity.INFO, on="terraform",
    title=Text("A variable that nothing reads", "Variable jamais lue"),
    advice=Text(
        "Whoever sets it expects an effect, and there is none.",
        "Qui la renseigne s'attend à un effet, et il n'y en a pas.",
    ),
    url=_VARIABLES,
)  # fmt: skip
def unused_variable(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if not module.complete or module.sample:
        return
    # `var` alone hands all of them on; a validation reads its own variable, which does not count.
    if ("var",) in module.references:
        return
    if sum(source.parsed(parsed) is d for other in modules(project).values() for d in other.documents.values()) > 1:
        return  # one file copied or linked into several modules: each reads its part
    read = {r.path[1] for name, r in _reads(module) if len(r.path) > 1 and r.path[1] != name}
    for block in source.parsed(parsed).blocks("variable"):
        if block.label not in read:
            yield Hit(
                block.start,
                block.header_end,
                Text(f"Nothing reads var.{block.label}.", f"Rien ne lit var.{block.label}."),
            )


def _reads(module: Module) -> Iterator[tuple[str, hcl.Expression]]:
    """(the variable whose block it stands in, a reference to a variable)."""
    for document in module.documents.values():
        for block in document.blocks():
            own = block.label if block.type == "variable" else ""
            for reference in block.body.references:
                if reference.path[0] == "var":
                    yield own, reference


@rule(
    "terraform/unused-local", Severity.INFO, on="terraform",
    title=Text("A local value that nothing reads", "Valeur locale jamais lue"),
    advice=Text(
        "It is computed for nobody, and the next reader looks for its use.",
        "Elle est calculée pour personne, et le prochain lecteur en cherche l'usage.",
    ),
    url="https://developer.hashicorp.com/terraform/language/values/locals",
)  # fmt: skip
def unused_local(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if not module.complete or ("local",) in module.references:
        return
    read = {path[1] for path in module.references if path[0] == "local" and len(path) > 1}
    for block in source.parsed(parsed).blocks("locals"):
        for name, attribute in block.body.attributes.items():
            if name not in read:
                yield Hit(
                    attribute.start,
                    attribute.start + len(name),
                    Text(f"Nothing reads local.{name}.", f"Rien ne lit local.{name}."),
                )


@rule(
    "terraform/undeclared-reference", Severity.ERROR, on="terraform",
    title=Text("A reference to something that is not declared", "Référence à un élément non déclaré"),
    advice=Text("`terraform plan` stops here.", "`terraform plan` s'arrête ici."),
    url="https://developer.hashicorp.com/terraform/language/expressions/references",
)  # fmt: skip
def undeclared_reference(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if not module.complete or module.sample:
        return
    document = source.parsed(parsed)
    bound = _bound(document)
    known = {
        "var": frozenset(module.variables), "local": module.locals, "module": frozenset(module.named("module")),
        "data": frozenset(f"{p.block.label}.{p.block.name}" for p in module.blocks("data")),
    }  # fmt: skip
    for block in document.blocks():
        if block.type in ("moved", "removed", "import"):
            continue  # they may name what is gone
        scoped = {f"{b.label}.{b.name}" for b in block.body.walk() if b.type == "data"}
        for reference in block.body.references:
            root = reference.path[0]
            if root not in known or root in bound or len(reference.path) < (3 if root == "data" else 2):
                continue
            name = ".".join(reference.path[1:3]) if root == "data" else reference.path[1]
            if name in known[root] or name in scoped:
                continue
            near = get_close_matches(name, known[root], n=1)
            en = f"{root}.{name} is not declared in this module" + (f"; {root}.{near[0]} is." if near else ".")
            fr = f"{root}.{name} n'est pas déclaré dans ce module" + (f" ; {root}.{near[0]} l'est." if near else ".")
            yield Hit(reference.start, reference.end, Text(en, fr))


def _bound(document: Document) -> frozenset[str]:
    """Names that a `for` or a `dynamic` block gives to its entries."""
    names = {
        name for value in document.expressions() for node in value.walk() if node.kind == "for" for name in node.path
    }
    for block in document.walk():
        if block.type == "dynamic":
            names |= (
                {block.label, *(".".join(node.path) for node in iterator.walk())}
                if (iterator := block.body.value("iterator"))
                else {block.label}
            )
    return frozenset(names)


@rule(
    "terraform/undeclared-value", Severity.WARNING, on="terraform-vars",
    title=Text("A value for a variable that nobody declares", "Valeur pour une variable non déclarée"),
    advice=Text(
        "Terraform only warns and goes on with the default: the value that somebody chose has no effect.",
        "Terraform se contente d'avertir et garde la valeur par défaut : celle qui a été choisie n'a aucun effet.",
    ),
    url="https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files",
)  # fmt: skip
def undeclared_value(source: Source, project: Project) -> Iterator[Hit]:
    module = _module_for(source, project)
    document = source.parsed(parsed)
    if module is None or not module.complete or not module.variables:
        return
    declared = [name for name in document.attributes if name in module.variables]
    if len(declared) * 2 <= len(document.attributes):
        return  # values of some other module
    for name, attribute in document.attributes.items():
        if name in module.variables:
            continue
        near = get_close_matches(name, module.variables, n=1)
        related: tuple[Related, ...] = ()
        en, fr = f"{module.folder} declares no variable {name}", f"{module.folder} ne déclare pas de variable {name}"
        if near:
            place = module.variables[near[0]]
            line = place.document.text.count("\n", 0, place.block.start) + 1
            related = (Related(place.path, line, Text(f"perhaps {near[0]}", f"peut-être {near[0]}")),)
            en, fr = f"{en}; {near[0]} is the nearest", f"{fr} ; la plus proche est {near[0]}"
        yield Hit(attribute.start, attribute.start + len(name), Text(f"{en}.", f"{fr}."), related=related)


def _module_for(source: Source, project: Project) -> Module | None:
    """The module that a values file is for: the nearest folder above it that has one."""
    known = modules(project)
    for folder in PurePosixPath(source.path).parents:
        if str(folder) in known:
            return known[str(folder)]
    return None


RULES = (
    untyped_variable, undescribed_variable, unused_variable, unused_local, undeclared_reference, undeclared_value,
)  # fmt: skip
