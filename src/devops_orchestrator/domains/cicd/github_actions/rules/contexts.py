"""Names inside a workflow: jobs of `needs`, outputs of jobs and steps, keys of a matrix, inputs of one's own workflows and actions."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions.existing import read
from devops_orchestrator.formats import shell, workflow
from devops_orchestrator.formats.workflow import Job, Step, Uses, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

_CONTEXTS = "https://docs.github.com/en/actions/reference/workflows-and-actions/contexts"
_REUSE = "https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows"
# Commands that write no outputs themselves: behind any other one, anything may be written.
_PLAIN = frozenset(
    [
        "echo",
        "printf",
        "cd",
        "mkdir",
        "rm",
        "cp",
        "mv",
        "ls",
        "cat",
        "git",
        "grep",
        "sed",
        "awk",
        "cut",
        "tr",
        "head",
        "tail",
        "sort",
        "date",
        "jq",
        "test",
        "[",
        "[[",
        "true",
        "false",
        "set",
        "export",
        "npm",
        "pnpm",
        "yarn",
        "pip",
        "apt-get",
        "sudo",
        "curl",
        "docker",
        "tar",
        "unzip",
        "exit",
        "sleep",
        "find",
        "wc",
        "local",
        "read",
        "shift",
    ]
)


@rule(
    "github-actions/unknown-job", Severity.ERROR, on="github-workflow",
    title=Text("A job that needs one that is not there", "Un job qui en attend un absent"),
    advice=Text("GitHub refuses the whole workflow: none of its jobs runs.", "GitHub refuse tout le workflow : aucun de ses jobs ne s'exécute."),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds",
)  # fmt: skip
def unknown_job(source: Source, project: Project) -> Iterator[Hit]:
    """`needs` that names no job of the file."""
    found = source.parsed(workflow.parse)
    jobs = found.root.get("jobs")
    known = {key.scalar.lower() for key, _ in jobs.items()} if jobs is not None else set()
    shown = ", ".join(job.id for job in found.jobs)
    for job in found.jobs:
        for node in job.needs:
            if node.scalar.lower() not in known and "${{" not in node.scalar:
                yield Hit(
                    node.start, node.end,
                    Text(f"{job.id} needs {node.scalar}; the jobs are: {shown}.", f"{job.id} attend {node.scalar} ; les jobs sont : {shown}."),
                )  # fmt: skip


@rule(
    "github-actions/unknown-output", Severity.ERROR, on=("github-workflow", "github-action"),
    title=Text("An output that nothing sets", "Une sortie que rien ne définit"),
    advice=Text(
        "It is empty, without an error: the condition is never true, the tag or version is missing.",
        "Elle est vide, sans erreur : la condition n'est jamais vraie, le tag ou la version manque.",
    ),
    url=_CONTEXTS,
)  # fmt: skip
def unknown_output(source: Source, project: Project) -> Iterator[Hit]:
    """`needs.x.outputs.y` and `steps.x.outputs.y` where the job, the step or its output is not there; unknown matrix keys."""
    found = source.parsed(workflow.parse)
    for group in found.groups:
        ids = {step.id.lower(): step for step in group.steps if step.id}
        for expression, references in _expressions(found, group.node):
            for name in references:
                parts = name.split(".")
                told = None
                if parts[0] == "needs" and len(parts) >= 2 and parts[1] != "*":
                    told = _of_need(found, group, parts)
                elif parts[0] == "steps" and len(parts) >= 2 and parts[1] != "*":
                    told = _of_step(ids, parts)
                elif parts[0] == "matrix" and len(parts) >= 2 and parts[1] != "*":
                    told = _of_matrix(group, parts[1])
                if told is not None:
                    yield Hit(expression[0], expression[1], told)


def _expressions(found: Workflow, node: Node) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
    """(place, references) of the expressions below a job; `if` is one without its braces."""
    for expression in found.expressions(node):
        yield (expression.start, expression.end), expression.references
    for mapping in node.walk():
        condition = mapping.get("if") if mapping.kind == "map" else None
        if condition is not None and condition.kind == "scalar" and "${{" not in condition.scalar:
            references = workflow.Expression(condition.scalar, condition.start, condition.end).references
            yield (condition.start, condition.end), references


def _of_need(found: Workflow, job: Job, parts: list[str]) -> Text | None:
    needed = [node.scalar.lower() for node in job.needs]
    name = parts[1]
    if name not in needed:
        shown = ", ".join(needed) or "-"
        return Text(
            f"{job.id} does not need {name}: its outputs are empty here (needs: {shown}).",
            f"{job.id} n'attend pas {name} : ses sorties sont vides ici (needs : {shown}).",
        )
    other = next((each for each in found.jobs if each.id.lower() == name), None)
    if other is None or len(parts) < 4 or parts[2] != "outputs" or parts[3] == "*":
        return None
    if other.uses is not None or any("${{" in key.scalar for key, _ in _pairs(other.get("outputs"))):
        return None
    known = {key.scalar.lower() for key, _ in _pairs(other.get("outputs"))}
    if parts[3] in known:
        return None
    shown = ", ".join(sorted(known)) or "-"
    return Text(
        f"The job {other.id} has no output {parts[3]} (it has: {shown}).",
        f"Le job {other.id} n'a pas de sortie {parts[3]} (il a : {shown}).",
    )


def _pairs(node: Node | None) -> Iterator[tuple[Node, Node]]:
    if node is not None:
        yield from node.items()


def _of_step(ids: dict[str, Step], parts: list[str]) -> Text | None:
    name = parts[1]
    step = ids.get(name)
    if step is None:
        shown = ", ".join(ids) or "-"
        return Text(
            f"No step of this job has the id {name} (ids: {shown}).",
            f"Aucune étape de ce job n'a l'id {name} (ids : {shown}).",
        )
    if len(parts) < 4 or parts[2] != "outputs" or step.script is None or parts[3] == "*":
        return None
    output = parts[3]
    if re.search(rf"(?<![\w-]){re.escape(output)}(?![\w-])", step.script.text, re.I) or (
        step.script.expressions and "GITHUB_OUTPUT" not in step.script.text
    ):
        return None
    if "${{" in step.script.text and re.search(r"^\s*echo\s+[\"']?\$\{\{", step.script.text, re.M):
        return None
    if (
        not all(command.name in _PLAIN for command in shell.commands(step.script.plain))
        or re.search(r"(?:cat|jq|tee)\b.*GITHUB_OUTPUT|\$\{?\w+\}?=", step.script.text)
        or step.shell
    ):
        return None
    return Text(
        f"The step {step.id} never writes {output} to $GITHUB_OUTPUT.",
        f"L'étape {step.id} n'écrit jamais {output} dans $GITHUB_OUTPUT.",
    )


def _of_matrix(job: Job, key: str) -> Text | None:
    matrix = job.get("strategy", "matrix")
    if job.get("runs-on") is None and job.uses is None:
        return None  # a composite action: the matrix would be its caller's
    if matrix is None:
        return Text(
            f"The job {job.id} has no matrix: matrix.{key} is empty.",
            f"Le job {job.id} n'a pas de matrice : matrix.{key} est vide.",
        )
    if matrix.kind != "map":
        return None
    known = {name.scalar.lower() for name, _ in matrix.items()} - {"include", "exclude"}
    include = matrix.get("include")
    if include is not None and include.kind != "list":
        return None
    for entry in include.children() if include is not None else ():
        if entry.kind != "map":
            return None
        known |= {name.scalar.lower() for name, _ in entry.items()}
    if key in known or "<<" in known:
        return None
    shown = ", ".join(sorted(known)) or "-"
    return Text(
        f"The matrix of {job.id} has no key {key} (it has: {shown}).",
        f"La matrice de {job.id} n'a pas de clé {key} (elle a : {shown}).",
    )


@rule(
    "github-actions/unknown-input", Severity.ERROR, on=("github-workflow", "github-action"),
    title=Text("An input that the called file does not declare, or lacks", "Une entrée que le fichier appelé ne déclare pas, ou qui manque"),
    advice=Text(
        "GitHub refuses a workflow that hands over an unknown input or secret or leaves out a required one; an action ignores it, and its default is used.",
        "GitHub refuse un workflow qui passe une entrée ou un secret inconnu, ou en omet un obligatoire ; une action l'ignore et prend sa valeur par défaut.",
    ),
    url=_REUSE,
)  # fmt: skip
def unknown_input(source: Source, project: Project) -> Iterator[Hit]:
    """`with` and `secrets` of a local reusable workflow or action, against what that file declares."""
    found = source.parsed(workflow.parse)
    for group in found.groups:
        if group.uses is not None and group.uses.kind == "local":
            yield from _called(group, group.uses, project)
        for step in group.steps:
            if step.uses is not None and step.uses.kind == "local":
                yield from _action(step, step.uses, project)


def _called(job: Job, uses: Uses, project: Project) -> Iterator[Hit]:
    path = posixpath.normpath(uses.text.partition("@")[0])
    called = read(project, path) if project.repository.has(path) else None
    if called is None or "workflow_call" not in called.triggers:
        return
    call = called.triggers["workflow_call"]
    for field in ("inputs", "secrets"):
        declared = call.get(field) if call is not None else None
        known = {key.scalar.lower(): value for key, value in _pairs(declared)}
        given = job.get("with" if field == "inputs" else "secrets")
        if given is not None and given.kind == "scalar":
            continue  # secrets: inherit
        yield from _compared(uses, path, field, given, known, called.root, strict=True)


def _action(step: Step, uses: Uses, project: Project) -> Iterator[Hit]:
    folder = posixpath.normpath(uses.text)
    path = next(
        (f"{folder}/{name}" for name in ("action.yml", "action.yaml") if project.repository.has(f"{folder}/{name}")),
        None,
    )
    called = read(project, path) if path else None
    if called is None or path is None:
        return
    known = {key.scalar.lower(): value for key, value in _pairs(called.root.get("inputs"))}
    given = step.get("with")
    own = {"args", "entrypoint"} if called.root.at("runs", "using") == "docker" else set()
    yield from _compared(uses, path, "inputs", given, known | dict.fromkeys(own, uses.node), called.root, strict=False)


def _compared(
    uses: Uses, path: str, field: str, given: Node | None, known: dict[str, Node], root: Node, *, strict: bool
) -> Iterator[Hit]:
    word = {"inputs": ("input", "d'entrée"), "secrets": ("secret", "de secret")}[field]
    place = (Related(path, 1, Text(f"its {field}", "ce qu'il déclare")),)
    names = {key.scalar.lower() for key, _ in _pairs(given)}
    for key, value in _pairs(given):
        if key.scalar.lower() not in known and "<<" not in names:
            shown = ", ".join(known) or "-"
            yield Hit(
                key.start, max(key.end, value.end),
                Text(f"{path} declares no {word[0]} {key.scalar} (it declares: {shown}).", f"{path} ne déclare pas {word[1]} {key.scalar} (il déclare : {shown})."),
                related=place, severity=None if strict else Severity.WARNING,
            )  # fmt: skip
    for name, declared in known.items():
        if (
            declared.kind == "map"
            and declared.at("required") is True
            and declared.get("default") is None
            and name not in names
            and "<<" not in names
        ):
            yield Hit(
                uses.node.start, uses.node.end,
                Text(f"{path} requires the {word[0]} {name}, which is not given.", f"{path} exige {name}, qui n'est pas fourni."),
                related=place, severity=None if strict else Severity.WARNING,
            )  # fmt: skip


@rule(
    "github-actions/moving-branch", Severity.WARNING, on=("github-workflow", "github-action"),
    title=Text("Code of a branch, as it is today", "Le code d'une branche, tel qu'il est aujourd'hui"),
    advice=Text(
        "Whoever can push to that branch changes what runs here, with this workflow's token and what it hands over, and no commit of yours shows it.",
        "Quiconque peut pousser sur cette branche change ce qui s'exécute ici, avec le jeton du workflow et ce qu'il transmet, sans qu'aucun de vos commits ne le montre.",
    ),
    url="https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions",
)  # fmt: skip
def moving_branch(source: Source, project: Project) -> Iterator[Hit]:
    """An action or workflow of another repository at `main`, `master` or another branch."""
    from devops_orchestrator.core import facts

    found = source.parsed(workflow.parse)
    known = facts.load("actions")
    for group in found.groups:
        for mapping, uses in ((group.node, group.uses), *((step.node, step.uses) for step in group.steps)):
            if (
                uses is None
                or uses.kind != "action"
                or uses.node.alias
                or uses.repository == "dtolnay/rust-toolchain"  # its branches are the toolchains
                or uses.ref not in ("main", "master", "develop", "dev", "trunk", "HEAD", "canary", "next")
            ):
                continue
            if (uses.repository in known and known[uses.repository].get("version")) or ("${{" in uses.text):
                continue
            secret = (
                any(name.startswith("secrets.") for e in found.expressions(mapping) for name in e.references)
                or mapping.at("secrets") == "inherit"
            )
            also = (" and is given secrets", " et reçoit des secrets") if secret else ("", "")
            yield Hit(
                uses.node.start, uses.node.end,
                Text(f"{uses.name} is whatever the branch {uses.ref} holds{also[0]}.", f"{uses.name} est ce que contient la branche {uses.ref}{also[1]}."),
            )  # fmt: skip
