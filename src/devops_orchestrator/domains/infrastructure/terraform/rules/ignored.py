"""What git keeps and what it leaves out: caches and states out, the lock file in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.infrastructure.terraform.gitignore import ignores
from devops_orchestrator.formats.lines import Lines, newline
from devops_orchestrator.project.terraform_modules import Module, module_of, parsed
from devops_orchestrator.text import Text

_LOCK = "https://developer.hashicorp.com/terraform/language/files/dependency-lock"
_OUT = (
    (".terraform/", ".terraform/x"),
    ("*.tfstate", "terraform.tfstate"),
    ("*.tfstate.*", "terraform.tfstate.backup"),
)


def _anchored(source: Source, project: Project) -> Module | None:
    """The root module that this file speaks for, or None."""
    module = module_of(source.path, project)
    return module if module.documents and source.path == module.anchor and module.root else None


def _place(source: Source) -> tuple[int, int]:
    block = next(source.parsed(parsed).blocks(), None)
    return (block.start, block.header_end) if block else (0, 0)


def _in(module: Module, name: str) -> str:
    return name if module.folder == "." else f"{module.folder}/{name}"


@rule(
    "terraform/missing-gitignore", Severity.WARNING, on="terraform",
    title=Text("States or caches are not ignored by git", "États ou caches non ignorés par git"),
    advice=Text(
        "A `git add .` publishes a state with its secrets, or hundreds of megabytes of providers.",
        "Un `git add .` publie un état avec ses secrets, ou des centaines de mégaoctets de providers.",
    ),
    url="https://github.com/github/gitignore/blob/main/Terraform.gitignore",
)  # fmt: skip
def missing_gitignore(source: Source, project: Project) -> Iterator[Hit]:
    module = _anchored(source, project)
    if module is None:
        return
    missing = [rule for rule, sample in _OUT if not ignores(project.repository, _in(module, sample))]
    if not missing:
        return
    start, end = _place(source)
    text = project.repository.read(".gitignore")
    eol = newline(text or "")
    before = "" if not text else ("" if text.endswith("\n") else eol) + eol
    added = before + "# Terraform" + eol + eol.join(missing) + eol
    at = len(text or "")
    fix = Fix(
        (Edit(".gitignore", at, at, added),),
        safe=True,
        title=Text("Add them to .gitignore", "Les ajouter à .gitignore"),
    )
    listed = ", ".join(missing)
    yield Hit(start, end, Text(f".gitignore does not leave out {listed}.", f".gitignore n'écarte pas {listed}."), fix)


@rule(
    "terraform/ignored-lock-file", Severity.WARNING, on="terraform",
    title=Text("The dependency lock file is ignored", "Fichier de verrou des dépendances ignoré"),
    advice=Text(
        "Each machine then chooses provider releases for itself, and their checksums are never compared.",
        "Chaque machine choisit alors ses versions de providers, et leurs sommes de contrôle ne sont jamais comparées.",
    ),
    url=_LOCK,
)  # fmt: skip
def ignored_lock_file(source: Source, project: Project) -> Iterator[Hit]:
    module = _anchored(source, project)
    found = ignores(project.repository, _in(module, ".terraform.lock.hcl")) if module else None
    if found is None:
        return
    file, number = found
    text = project.repository.read(file) or ""
    lines = Lines(text)
    start, end = _place(source)
    fix = None
    if "lock" in lines.line(number):  # a rule for it alone, not a wider one
        fix = Fix(
            (Edit(file, lines.start(number), lines.start(number + 1), ""),), safe=False,
            title=Text(f"Take it out of {file}", f"Le retirer de {file}"),
            needs=Text("Commit .terraform.lock.hcl afterwards.", "Versionnez ensuite .terraform.lock.hcl."),
        )  # fmt: skip
    yield Hit(
        start, end,
        Text(f"{file}:{number} keeps .terraform.lock.hcl out of git.", f"{file}:{number} exclut .terraform.lock.hcl de git."), fix,
        related=(Related(file, number, Text("this rule", "cette règle")),),
    )  # fmt: skip


_RUNS = re.compile(r"\b(?:terraform|tofu)\s+(?:-\S+\s+)*(?:init|plan|apply)\b")


@rule(
    "terraform/missing-lock-file", Severity.INFO, on="terraform",
    title=Text("The CI runs Terraform without a lock file", "La CI exécute Terraform sans fichier de verrou"),
    advice=Text(
        "Each run of the CI takes the newest provider release that fits, unseen and without a checksum to compare.",
        "Chaque exécution de la CI prend la dernière version compatible du provider, sans relecture ni somme de contrôle.",
    ),
    url=_LOCK,
)  # fmt: skip
def missing_lock_file(source: Source, project: Project) -> Iterator[Hit]:
    module = _anchored(source, project)
    if module is None or ".terraform.lock.hcl" in module.siblings or not module.required_providers:
        return
    runs = [path for path in project.of_kind("github-workflow", "gitlab-ci") if _mentions(project, path)]
    if not runs or ignores(project.repository, _in(module, ".terraform.lock.hcl")):
        return
    start, end = _place(source)
    yield Hit(
        start, end,
        Text(f"{runs[0]} runs Terraform, and there is no .terraform.lock.hcl.", f"{runs[0]} exécute Terraform, et .terraform.lock.hcl n'existe pas."),
    )  # fmt: skip


def _mentions(project: Project, path: str) -> bool:
    from devops_orchestrator.errors import ParseError
    from devops_orchestrator.formats import yaml

    text = project.repository.read(path) or ""
    if not _RUNS.search(text):
        return False
    try:
        documents = yaml.parse(text)
    except ParseError:
        return False
    return any(
        node.kind == "scalar" and _RUNS.search(_code(str(node.value)))
        for document in documents
        for node in document.walk()
    )


def _code(script: str) -> str:
    return "\n".join(line for line in script.split("\n") if not line.lstrip().startswith("#"))


RULES = (missing_gitignore, ignored_lock_file, missing_lock_file)
