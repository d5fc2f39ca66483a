"""What is written where it has no effect: workflow keys under `env`, variables on the wrong step, filters that keep the tested code out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import existing
from devops_orchestrator.domains.cicd.github_actions.rules import place
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Job, Step, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import checks
from devops_orchestrator.text import Text

_SYNTAX = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"
# Key → where it belongs.
_KEYS = {
    "timeout-minutes": ("the job or step", "le job ou l'étape"), "continue-on-error": ("the job or step", "le job ou l'étape"),
    "fail-fast": ("strategy", "strategy"), "max-parallel": ("strategy", "strategy"), "runs-on": ("the job", "le job"),
    "cancel-in-progress": ("concurrency", "concurrency"), "working-directory": ("the step, or defaults.run", "l'étape, ou defaults.run"),
    "retention-days": ("with", "with"), "fetch-depth": ("with", "with"), "persist-credentials": ("with", "with"), "node-version": ("with", "with"),
    "python-version": ("with", "with"), "go-version": ("with", "with"), "java-version": ("with", "with"), "php-version": ("with", "with"),
    "ruby-version": ("with", "with"), "cache-dependency-path": ("with", "with"),
}  # fmt: skip


@rule(
    "github-actions/misplaced-key", Severity.WARNING, on=("github-workflow", "github-action"),
    title=Text("A workflow key under env", "Une clé de workflow sous env"),
    advice=Text(
        "Under `env` it is only a variable of that name, which nothing reads: the limit or the setting is not in force.",
        "Sous `env`, ce n'est qu'une variable de ce nom, que rien ne lit : la limite ou le réglage n'est pas en vigueur.",
    ),
    url=f"{_SYNTAX}#env",
)  # fmt: skip
def misplaced_key(source: Source, project: Project) -> Iterator[Hit]:
    """`timeout-minutes`, `fail-fast` and their like under `env`."""
    found = source.parsed(workflow.parse)
    places = [found.root.get("env")]
    for group in found.groups:
        places += [group.get("env"), *(step.get("env") for step in (group.steps or found.actions))]
    for env in places:
        for key, value in env.items() if env is not None and env.kind == "map" and not env.alias else ():
            name = key.scalar
            if name not in _KEYS or f"env.{name}" in source.text:
                continue
            belongs = _KEYS[name]
            yield Hit(
                key.start, max(key.end, value.end),
                Text(f"{name} under env sets a variable and nothing else; it belongs under {belongs[0]}.", f"{name} sous env ne définit qu'une variable ; sa place est sous {belongs[1]}."),
            )  # fmt: skip


# Actions that install a runtime or fetch the code: they read none of the application's variables.
_SETUPS = re.compile(
    r"actions/(?:checkout|setup-\w+|cache(?:/\w+)?|upload-artifact|download-artifact)|astral-sh/setup-uv|pnpm/action-setup|oven-sh/setup-bun|shivammathur/setup-php|ruby/setup-ruby"
)
_CONNECTS = re.compile(
    r"(?:.*_)?(?:DATABASE|DB|REDIS|POSTGRES|PG|MYSQL|MONGO|MONGODB|RABBITMQ|AMQP|BROKER|CACHE|ELASTICSEARCH)(?:_.*)?_?(?:URL|URI|DSN|HOST|PORT|USER|PASSWORD|NAME|CONNECTION)"
)


@rule(
    "github-actions/misplaced-environment", Severity.WARNING, on="github-workflow",
    title=Text("A variable set on a step that does not read it", "Une variable posée sur une étape qui ne la lit pas"),
    advice=Text(
        "`env` of a step ends with the step: the tests run without it, on a default address or not at all.",
        "L'`env` d'une étape finit avec elle : les tests tournent sans la variable, sur une adresse par défaut ou pas du tout.",
    ),
    url=f"{_SYNTAX}#jobsjob_idstepsenv",
)  # fmt: skip
def misplaced_environment(source: Source, project: Project) -> Iterator[Hit]:
    """A variable of the application on a checkout, setup or cache step, while the step that tests lacks it."""
    found = source.parsed(workflow.parse)
    read = {name for component in project.components for name in component.environment}
    for job in found.jobs:
        testing = [step for step in job.steps if step.script and existing.tests(step.script.plain, project)]
        for step in job.steps if testing else ():
            env = step.get("env")
            if env is None or env.kind != "map" or step.uses is None or not _SETUPS.fullmatch(step.uses.name):
                continue
            for key, _ in env.items():
                name = key.scalar
                if name not in read and not _CONNECTS.fullmatch(name):
                    continue
                lacking = [other for other in testing if not _has(found, job, other, name)]
                if len(lacking) != len(testing) or any(
                    name in (other.script.text if other.script else "") for other in job.steps
                ):
                    continue
                node = lacking[0].script.node if lacking[0].script else key
                line = source.lines.place(node.start)[0]
                yield Hit(
                    key.start, key.end,
                    Text(f"{step.uses.name} does not read {name}; the tests (line {line}) run without it.", f"{step.uses.name} ne lit pas {name} ; les tests (ligne {line}) tournent sans elle."),
                    related=(Related(source.path, line, Text("the step that tests", "l'étape qui teste")),),
                )  # fmt: skip


def _has(found: Workflow, job: Job, step: Step, name: str) -> bool:
    return any(
        env is not None and env.get(name) is not None
        for env in (found.root.get("env"), job.get("env"), step.get("env"))
    )


# Language → the endings of its code.
_CODE = {
    "python": (".py",), "javascript": (".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"), "typescript": (".ts", ".tsx", ".vue", ".svelte", ".js"), "go": (".go",),
    "java": (".java",), "kotlin": (".kt",), "php": (".php",), "ruby": (".rb",), "rust": (".rs",), "csharp": (".cs",), "elixir": (".ex", ".exs"),
}  # fmt: skip


@rule(
    "github-actions/excluded-code", Severity.WARNING, on="github-workflow",
    title=Text("A path filter without the code that is tested", "Un filtre de chemins sans le code testé"),
    advice=Text(
        "A change of that code does not start the workflow: it is merged unseen, and the tests fail on somebody else's change.",
        "Un changement de ce code ne lance pas le workflow : il est fusionné sans être vu, et les tests échouent sur le changement d'un autre.",
    ),
    url=f"{_SYNTAX}#onpushpull_requestpull_request_targetpathspaths-ignore",
)  # fmt: skip
def excluded_code(source: Source, project: Project) -> Iterator[Hit]:
    """`paths` that match no source file of the component whose tests the workflow runs, or `paths-ignore` that match all."""
    found = source.parsed(workflow.parse)
    tested = [c for c in _tested(found, project) if _sources(c)]
    for event in ("push", "pull_request") if tested else ():
        settings = found.triggers.get(event)
        for key, negative in (("paths", False), ("paths-ignore", True)):
            node = settings.get(key) if settings is not None and settings.kind == "map" else None
            if node is None or node.kind != "list" or node.alias:
                continue
            for component in tested:
                code = _sources(component)
                if any(_starts(node, path, negative) for path in code):
                    continue
                shown = component.name if component.path == "." else component.path
                yield Hit(
                    node.start, node.end,
                    Text(f"No change of the code of {shown} ({code[0]}, …) starts this workflow on {event}, and it runs its tests.", f"Aucun changement du code de {shown} ({code[0]}, …) ne lance ce workflow sur {event}, et il lance ses tests."),
                    related=(Related(code[0], 1, Text("code that is tested", "du code testé")),),
                )  # fmt: skip
                break


def _starts(filters: Node, path: str, ignored: bool) -> bool:
    """Whether a change of a file starts the workflow: the last pattern that matches decides. Unsure is yes."""
    said = False
    for pattern in (child.scalar for child in filters.children()):
        bare = pattern.removeprefix("!")
        if set("$[+?{") & set(bare):
            return True
        if matches(path, bare):
            said = not pattern.startswith("!")
    return not said if ignored else said


def _tested(found: Workflow, project: Project) -> list[Component]:
    """The components whose own tests a job runs in their folder (those at the root, where there is no other)."""
    tested = []
    for job in found.jobs:
        for step in job.steps:
            folder = place.folder(found, job, step)
            if step.script is None or folder is None or any(c.name in ("cd", "pushd") for c in place.commands(step)):
                continue
            tools = [
                check.tool for _, check in checks.of_script(step.script.plain, folder, project) if check.kind == "test"
            ]
            languages = {language for tool in tools for language in checks.languages(tool)}
            for component in project.components:
                alone = folder != "." or len(project.components) == 1
                if component.path == folder and alone and component.language in languages and component not in tested:
                    tested.append(component)
    return tested


def _sources(component: Component) -> list[str]:
    endings = _CODE.get(component.language or "", ())
    return [
        path for path in component.files
        if path.endswith(endings) and not re.search(r"(^|/)(tests?|spec|__tests__|docs?|examples?|scripts?|\.[\w-]+)/|[._-](?:test|spec|config)\.|(^|/)(?:conftest|setup|test_\w+)\.py", path)
        and posixpath.basename(path)[0] != "."
    ] if endings else []  # fmt: skip
