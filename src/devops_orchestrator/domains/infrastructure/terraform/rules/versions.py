"""Versions: of Terraform, of providers, of modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform import constraints, providers
from devops_orchestrator.domains.infrastructure.terraform.rules.edits import edits
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Expression
from devops_orchestrator.project.terraform_modules import Module, module_of, parsed
from devops_orchestrator.text import Text


@rule(
    "terraform/missing-required-version", Severity.WARNING, on="terraform",
    title=Text("No required_version", "required_version absent"),
    advice=Text(
        "A colleague with another release plans something else, or upgrades the state so that yours can no longer read it.",
        "Un collègue sur une autre version obtient un autre plan, ou met l'état à niveau et le rend illisible pour la vôtre.",
    ),
    url="https://developer.hashicorp.com/terraform/language/terraform#terraform-required_version",
)  # fmt: skip
def missing_required_version(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if source.path != _anchor(module) or not module.complete or module.sample:
        return
    if any("required_version" in place.block.body.attributes for place in module.blocks("terraform")):
        return
    document = source.parsed(parsed)
    block = next(document.blocks("terraform"), None)
    engine = providers.engine(project.repository)
    fix = None
    if block is not None:
        change = hcl.insert_first(document, block, f'required_version = "~> {engine.minor}"')
        fix = Fix(
            edits(source, [change]), safe=False, title=Text(f"Ask for {engine.title} ~> {engine.minor}", f"Exiger {engine.title} ~> {engine.minor}"),
            needs=Text(
                f"Everybody and the CI must run {engine.title} {engine.minor} or later.",
                f"Chacun, CI comprise, doit utiliser {engine.title} {engine.minor} ou plus récent.",
            ),
        )  # fmt: skip
    start, end = (block.start, block.header_end) if block else _first(source)
    yield Hit(
        start,
        end,
        Text(
            "Any release of Terraform may run this module.",
            "N'importe quelle version de Terraform peut exécuter ce module.",
        ),
        fix,
    )


def _anchor(module: Module) -> str | None:
    return module.anchor if module.documents else None


def _first(source: Source) -> tuple[int, int]:
    document = source.parsed(parsed)
    item = document.items[0] if document.items else None
    return (item.start, min(item.end, source.lines.end(source.lines.place(item.start)[0]))) if item else (0, 0)


@rule(
    "terraform/end-of-life-version", Severity.WARNING, on="terraform",
    title=Text("Only releases without fixes are allowed", "Versions sans correctifs imposées"),
    advice=Text(
        "A release past its end gets no security fixes and is left behind by the providers.",
        "Une version en fin de vie ne reçoit plus de correctifs de sécurité et les providers cessent de la prendre en charge.",
    ),
    url="https://endoflife.date/terraform",
)  # fmt: skip
def end_of_life_version(source: Source, project: Project) -> Iterator[Hit]:
    engine = providers.engine(project.repository).name
    for block in source.parsed(parsed).blocks("terraform"):
        value = block.body.value("required_version")
        parts = constraints.parse(value.string) if value and value.string else None
        if value is None or parts is None:
            continue
        names = (engine,) if engine == "opentofu" else ("terraform", "opentofu")
        if any(constraints.allows(parts, version) for name in names for version in providers.latest(name)):
            continue
        known = ", ".join(providers.supported(engine))
        title = "OpenTofu" if engine == "opentofu" else "Terraform"
        yield Hit(
            value.start, value.end,
            Text(
                f"{value.string} allows no {title} release that still gets fixes ({known}).",
                f"{value.string} n'autorise aucune version de {title} encore corrigée ({known}).",
            ),
        )  # fmt: skip


@lru_cache(maxsize=64)
def _locked(text: str) -> dict[str, str]:
    """provider address → version, of a lock file."""
    try:
        document = hcl.parse(text)
    except ParseError:
        return {}
    return {
        block.label.split("/", 1)[-1]: str(block.body.constant("version") or "")
        for block in document.blocks("provider")
    }


def _lock(module: Module, project: Project) -> dict[str, str]:
    name = ".terraform.lock.hcl" if module.folder == "." else f"{module.folder}/.terraform.lock.hcl"
    return _locked(project.repository.read(name) or "")


@rule(
    "terraform/unpinned-provider", Severity.WARNING, on="terraform",
    title=Text("A provider without a version", "Provider sans version"),
    advice=Text(
        "`terraform init` on a fresh machine takes the newest release, a new major with its removals too.",
        "Sur une machine neuve, `terraform init` prend la dernière version, y compris une majeure avec ses suppressions.",
    ),
    url="https://developer.hashicorp.com/terraform/language/providers/requirements",
)  # fmt: skip
def unpinned_provider(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if module.sample:
        return
    locked = _lock(module, project)
    for name, (place, _, value) in module.required_providers.items():
        if (
            place.path != source.path
            or name == "terraform"
            or (value.kind == "object" and value.get("version"))
            or value.string is not None
        ):
            continue
        attribute = place.block.body.attributes[name]
        address = (value.get("source").constant if value.get("source") else None) or f"hashicorp/{name}"  # type: ignore[union-attr]
        fix = _pin(source, value, locked.get(str(address)))
        yield Hit(
            attribute.start, attribute.equals - 1,
            Text(f"The provider {name} has no version constraint.", f"Le provider {name} n'a aucune contrainte de version."), fix,
        )  # fmt: skip
    if source.path == _anchor(module) and module.complete and module.root:
        yield from _undeclared_providers(source, module)


def _undeclared_providers(source: Source, module: Module) -> Iterator[Hit]:
    for name, place in module.named("provider").items():
        if name not in (*module.required_providers, "terraform") and "version" not in place.block.body.attributes:
            start, end = (place.block.start, place.block.header_end) if place.path == source.path else _first(source)
            yield Hit(
                start, end,
                Text(
                    f"The provider {name} is in no required_providers: neither its source nor its version is fixed.",
                    f"Le provider {name} n'est dans aucun required_providers : ni sa source ni sa version ne sont fixées.",
                ),
            )  # fmt: skip


def _pin(source: Source, value: Expression, version: str | None) -> Fix | None:
    """`~> major.minor` of the version in the lock file: what is installed stays what it is."""
    if value.kind != "object" or not version or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        return None
    floor = ".".join(version.split(".")[:2])
    last = value.items[-1][1].end if value.items else value.start + 1
    text = source.text
    if "\n" in text[value.start : value.end]:
        line = source.lines.place(value.items[-1][0].start if value.items else value.start)[0]
        indent = re.match(r"[ \t]*", source.lines.line(line))
        blanks = indent[0] if indent else ""
        change = (last, last, f'{_eol(text)}{blanks}version = "~> {floor}"')
    else:
        change = (last, last, f', version = "~> {floor}"' if value.items else f' version = "~> {floor}" ')
    title = Text(f"Pin to ~> {floor}, as locked", f"Fixer ~> {floor}, comme le fichier de verrou")
    return Fix(edits(source, [change]), safe=True, title=title)


def _eol(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


@rule(
    "terraform/unbounded-provider", Severity.WARNING, on="terraform",
    title=Text("A provider constraint without an upper bound", "Contrainte de provider sans borne haute"),
    advice=Text(
        "The next major release removes arguments that this module uses: it arrives with the next `init -upgrade` or lost lock file.",
        "La prochaine version majeure supprimera des arguments utilisés ici : elle arrive au prochain `init -upgrade` ou verrou perdu.",
    ),
    url="https://developer.hashicorp.com/terraform/language/expressions/version-constraints",
)  # fmt: skip
def unbounded_provider(source: Source, project: Project) -> Iterator[Hit]:
    module = module_of(source.path, project)
    if not module.root:
        return  # a reusable module leaves the upper bound to the root module that calls it
    locked = _lock(module, project)
    for name, (place, _, value) in module.required_providers.items():
        constraint = value.get("version") if value.kind == "object" else value
        text = constraint.string if constraint else None
        parts = constraints.parse(text) if text else None
        if place.path != source.path or constraint is None or not parts or constraints.bounded(parts):
            continue
        floor = next((part for part in parts if part.operator in (">=", ">", "~>")), None)
        major = floor.version[0] if floor else None
        source_value = value.get("source") if value.kind == "object" else None
        version = locked.get(str(source_value.constant if source_value else f"hashicorp/{name}"))
        fix = None
        if major is not None:
            top = int(version.split(".")[0]) if version else major
            change = (constraint.end - 1, constraint.end - 1, f", < {top + 1}.0.0")
            fix = Fix(
                edits(source, [change]), safe=version is not None, title=Text(f"Stay below {top + 1}.0.0", f"Rester sous {top + 1}.0.0"),
                needs=None if version else Text(
                    f"What runs today must be release {top}: see `terraform version` in the module.",
                    f"La version utilisée aujourd'hui doit être la {top} : voir `terraform version` dans le module.",
                ),
            )  # fmt: skip
        yield Hit(
            constraint.start, constraint.end,
            Text(f'"{text}" lets every later major release of {name} in.', f"« {text} » laisse entrer toute version majeure ultérieure de {name}."),
            fix,
        )  # fmt: skip


_BRANCHES = frozenset(("main", "master", "develop", "dev", "trunk", "HEAD"))
_GIT = re.compile(r"^(git::|git@|github\.com/|bitbucket\.org/|ssh://)|\.git($|\?|//)")
_REGISTRY = re.compile(r"^([a-z0-9.-]+\.[a-z]+/)?[\w-]+/[\w-]+/[\w-]+(//.*)?$")


@rule(
    "terraform/unpinned-module", Severity.WARNING, on="terraform",
    title=Text("A module without a version", "Module sans version"),
    advice=Text(
        "`terraform init` fetches what the author pushed last: the same code plans something else tomorrow.",
        "`terraform init` récupère le dernier envoi de l'auteur : le même code donnera demain un autre plan.",
    ),
    url="https://developer.hashicorp.com/terraform/language/modules/sources",
)  # fmt: skip
def unpinned_module(source: Source, project: Project) -> Iterator[Hit]:
    for block in source.parsed(parsed).blocks("module"):
        value = block.body.value("source")
        address = value.string if value else None
        if value is None or not address:
            continue
        if _GIT.search(address):
            ref = re.search(r"[?&]ref=([^&]+)", address)
            if ref is None:
                en, fr = (
                    f"{address} names no ref: it follows the default branch.",
                    f"{address} n'a pas de ref : il suit la branche par défaut.",
                )
            elif ref[1] in _BRANCHES:
                en, fr = f"ref={ref[1]} is a branch that moves.", f"ref={ref[1]} est une branche, qui avance."
            else:
                continue
        elif _REGISTRY.match(address) and not block.body.has("version"):
            en, fr = f"{address} has no version.", f"{address} n'a pas de version."
        else:
            continue
        yield Hit(value.start, value.end, Text(en, fr))


RULES = (missing_required_version, end_of_life_version, unpinned_provider, unbounded_provider, unpinned_module)
