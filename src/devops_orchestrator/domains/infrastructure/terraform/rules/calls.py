"""Rules over calls of modules of the repository, against what those modules declare; and over states that they share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform import constraints
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.hcl import Block
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.project.terraform_modules import Module, Place, local, module_of, modules, parsed
from devops_orchestrator.text import Text

_CALL = "https://developer.hashicorp.com/terraform/language/modules/configuration"
_META = frozenset(("source", "version", "providers", "count", "for_each", "depends_on"))


def _calls(source: Source, project: Project) -> Iterator[tuple[Block, str, Module | None]]:
    """(call, folder, module) of the calls of modules that are in the repository."""
    module = module_of(source.path, project)
    for block in source.parsed(parsed).blocks("module"):
        found = local(module, block, project)
        if found is not None:
            yield block, *found


def _where(place: Place, en: str, fr: str) -> tuple[Related, ...]:
    line = Lines(place.document.text).place(place.block.start)[0]
    return (Related(place.path, line, Text(en, fr)),)


@rule(
    "terraform/missing-module", Severity.ERROR, on="terraform",
    title=Text("A module that is not there", "Module absent"),
    advice=Text("`terraform init` stops here.", "`terraform init` s'arrête ici."),
    url="https://developer.hashicorp.com/terraform/language/modules/sources#local-paths",
)  # fmt: skip
def missing_module(source: Source, project: Project) -> Iterator[Hit]:
    """A `source` that is a path of the repository in which there is no Terraform file."""
    for block, folder, module in _calls(source, project):
        value = block.body.value("source")
        if (
            module is not None
            or value is None
            or any(n.endswith((".tf.json", ".tofu")) for n in project.repository.below(folder))
        ):
            continue
        there = bool(project.repository.below(folder))
        yield Hit(
            value.start, value.end,
            Text(
                f"{folder} has no Terraform file." if there else f"There is no folder {folder}.",
                f"{folder} n'a aucun fichier Terraform." if there else f"Il n'y a pas de dossier {folder}.",
            ),
        )  # fmt: skip


@rule(
    "terraform/unknown-argument", Severity.ERROR, on="terraform",
    title=Text("An argument that the module does not declare", "Argument que le module ne déclare pas"),
    advice=Text("`terraform plan` stops with `Unsupported argument`.", "`terraform plan` s'arrête sur `Unsupported argument`."),
    url=_CALL,
)  # fmt: skip
def unknown_argument(source: Source, project: Project) -> Iterator[Hit]:
    for block, folder, module in _calls(source, project):
        if module is None or not module.complete:
            continue
        for name, attribute in block.body.attributes.items():
            if name in _META or name in module.variables:
                continue
            near = get_close_matches(name, module.variables, n=1)
            yield Hit(
                attribute.start, attribute.start + len(name),
                Text(
                    f"{folder} declares no variable {name}" + (f"; it has {near[0]}." if near else "."),
                    f"{folder} ne déclare pas de variable {name}" + (f" ; il a {near[0]}." if near else "."),
                ),
                related=_where(module.variables[near[0]], "the variable", "la variable") if near else (),
            )  # fmt: skip


@rule(
    "terraform/missing-argument", Severity.ERROR, on="terraform",
    title=Text("A required variable of a module without a value", "Variable obligatoire d'un module sans valeur"),
    advice=Text("`terraform plan` stops with `Missing required argument`.", "`terraform plan` s'arrête sur `Missing required argument`."),
    url=_CALL,
)  # fmt: skip
def missing_argument(source: Source, project: Project) -> Iterator[Hit]:
    for block, folder, module in _calls(source, project):
        if module is None or not module.complete:
            continue
        for name, place in module.variables.items():
            if "default" in place.block.body.attributes or name in block.body.attributes:
                continue
            yield Hit(
                block.start, block.header_end,
                Text(
                    f"{block.label} gives no {name}, which {folder} requires.",
                    f"{block.label} ne donne pas {name}, que {folder} exige.",
                ),
                related=_where(place, "it has no default", "elle n'a pas de valeur par défaut"),
            )  # fmt: skip


@rule(
    "terraform/undeclared-output", Severity.ERROR, on="terraform",
    title=Text("An output that the module has not", "Sortie que le module n'a pas"),
    advice=Text("`terraform plan` stops with `Unsupported attribute`.", "`terraform plan` s'arrête sur `Unsupported attribute`."),
    url="https://developer.hashicorp.com/terraform/language/values/outputs#accessing-child-module-outputs",
)  # fmt: skip
def undeclared_output(source: Source, project: Project) -> Iterator[Hit]:
    """`module.x.y` where x is a module of the repository that declares no output y."""
    module = module_of(source.path, project)
    called = {place.block.label: place.block for place in module.blocks("module")}
    for block in source.parsed(parsed).blocks():
        if block.type in ("moved", "removed", "import"):
            continue
        for reference in block.body.references:
            path = [part for part in reference.path if not part.isdigit()]
            call = called.get(path[1]) if len(path) > 2 and path[0] == "module" else None
            found = local(module, call, project) if call is not None else None
            inner = found[1] if found is not None else None
            if call is None or inner is None or not inner.complete:
                continue
            if "for_each" in call.body.attributes or "count" in call.body.attributes:
                continue  # the next step may be a key
            outputs = inner.named("output")
            if path[2] in outputs:
                continue
            near = get_close_matches(path[2], outputs, n=1)
            yield Hit(
                reference.start, reference.end,
                Text(
                    f"{inner.folder} has no output {path[2]}" + (f"; it has {near[0]}." if near else "."),
                    f"{inner.folder} n'a pas de sortie {path[2]}" + (f" ; il a {near[0]}." if near else "."),
                ),
            )  # fmt: skip


@rule(
    "terraform/shared-state", Severity.ERROR, on="terraform",
    title=Text("Two root modules with one state", "Deux modules racines pour un seul état"),
    advice=Text(
        "Each apply sees the resources of the other as gone from the code, and plans to destroy them.",
        "Chaque apply voit les ressources de l'autre comme supprimées du code, et prévoit de les détruire.",
    ),
    url="https://developer.hashicorp.com/terraform/language/backend",
)  # fmt: skip
def shared_state(source: Source, project: Project) -> Iterator[Hit]:
    """Backends of two folders with the same constant bucket and key (or prefix), and no workspace prefix apart."""
    module = module_of(source.path, project)
    place = module.backend
    own = _state(place) if place is not None else None
    if place is None or own is None or place.path != source.path or module.sample:
        return
    for folder, other in sorted(modules(project).items()):
        if folder >= module.folder or other.sample or other.backend is None or _state(other.backend) != own:
            continue
        attribute = place.block.body.attributes.get("key") or place.block.body.attributes["prefix"]
        yield Hit(
            attribute.start, attribute.end,
            Text(
                f"{folder} keeps its state in {own[1]} at {own[2]} too.",
                f"{folder} garde aussi son état dans {own[1]} sous {own[2]}.",
            ),
            related=_where(other.backend, "the other backend", "l'autre backend"),
        )  # fmt: skip
        return


def _state(place: Place) -> tuple[str, str, str] | None:
    body = place.block.body
    bucket = body.constant("bucket") or body.constant("storage_account_name")
    key = body.constant("key") or body.constant("prefix")
    return (place.block.label, str(bucket), str(key)) if bucket and key else None


@rule(
    "terraform/version-conflict", Severity.ERROR, on="terraform",
    title=Text("A Terraform that the module refuses", "Une version de Terraform que le module refuse"),
    advice=Text(
        "`terraform init` stops with `Unsupported Terraform Core version` wherever that version is installed.",
        "`terraform init` s'arrête sur `Unsupported Terraform Core version` partout où cette version est installée.",
    ),
    url="https://developer.hashicorp.com/terraform/language/terraform#terraform-required_version",
)  # fmt: skip
def version_conflict(source: Source, project: Project) -> Iterator[Hit]:
    """`required_version` against `.terraform-version` and the setup-terraform step of the workflows."""
    module = module_of(source.path, project)
    for block in source.parsed(parsed).blocks("terraform") if not module.sample else ():
        value = block.body.value("required_version")
        parts = constraints.parse(value.string) if value is not None and value.string else None
        if value is None or not parts:
            continue
        for version, path, line in _installed(module, project):
            if not constraints.allows(parts, version):
                yield Hit(
                    value.start, value.end,
                    Text(f"{value.string} refuses {version}, which {path} installs.", f"{value.string} refuse {version}, que {path} installe."),
                    related=(Related(path, line, Text("the version that is installed", "la version installée")),),
                )  # fmt: skip
                break


def _installed(module: Module, project: Project) -> Iterator[tuple[str, str, int]]:
    """(version, file, line) of the Terraform that is installed for a module, where it is written whole."""
    for folder in (module.folder, "."):
        path = ".terraform-version" if folder == "." else f"{folder}/.terraform-version"
        text = (project.repository.read(path) or "").strip()
        if re.fullmatch(r"\d+\.\d+\.\d+", text):
            yield text, path, 1
            break
    roots = [one for one in modules(project).values() if one.root]
    if len(roots) != 1 or roots[0] is not module:
        return  # which module a job runs in is not told here
    for path in project.of_kind("github-workflow"):
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for node in (node for document in documents for node in document.walk()):
            uses = text_of(node.at("uses")) if node.kind == "map" else ""
            found = node.get("with", "terraform_version") if uses.startswith("hashicorp/setup-terraform@") else None
            version = found.scalar if found is not None else ""
            if found is not None and re.fullmatch(r"\d+\.\d+\.\d+", version):
                yield version, path, Lines(found.text).place(found.start)[0]


RULES = (missing_module, unknown_argument, missing_argument, undeclared_output, shared_state, version_conflict)
