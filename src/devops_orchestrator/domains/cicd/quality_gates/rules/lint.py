"""Lint steps that repair the code instead of judging it, and checks that may fail without anybody knowing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.formats import shell, workflow, yaml
from devops_orchestrator.formats.workflow import Job, Step, Workflow
from devops_orchestrator.project import checks, ci
from devops_orchestrator.project.checks import Check
from devops_orchestrator.text import Text

# Tool → (what makes it write, what makes it judge only).
_WRITES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "eslint": (("--fix",), ("--fix-dry-run",)), "stylelint": (("--fix",), ()), "oxlint": (("--fix",), ()), "prettier": (("--write", "-w"), ("--check", "-c", "--list-different", "-l")),
    "ruff check": (("--fix",), ("--exit-non-zero-on-fix", "--diff")), "rubocop": (("-a", "-A", "--autocorrect", "--autocorrect-all", "--auto-correct", "-x"), ()),
    "standardrb": (("--fix",), ()), "golangci-lint run": (("--fix",), ()), "cargo clippy": (("--fix",), ()), "gofmt": (("-w",), ()),
    "goimports": (("-w",), ()), "gofumpt": (("-w",), ()), "biome check": (("--write", "--apply", "--fix"), ()), "biome format": (("--write",), ()), "biome lint": (("--write", "--apply", "--fix"), ()),
    "next lint": (("--fix",), ()), "ng lint": (("--fix",), ()), "xo": (("--fix",), ()), "standard": (("--fix",), ()), "ecs check": (("--fix",), ()),
}  # fmt: skip
# Tools that write unless they are told to judge only.
_WRITES_BY_DEFAULT: dict[str, tuple[str, ...]] = {
    "black": ("--check", "--diff", "--version"), "ruff format": ("--check", "--diff"), "isort": ("--check", "--check-only", "-c", "--diff"), "cargo fmt": ("--check", "--version"),
    "dotnet format": ("--verify-no-changes",), "mix format": ("--check-formatted", "--dry-run"), "terraform fmt": ("-check", "--check"),
    "tofu fmt": ("-check", "--check"), "pint": ("--test", "--bail"),
}  # fmt: skip
_ADDED = {"black": "--check", "ruff format": "--check", "isort": "--check", "cargo fmt": "--check", "dotnet format": "--verify-no-changes", "mix format": "--check-formatted", "terraform fmt": "-check", "tofu fmt": "-check", "pint": "--test"}  # fmt: skip
_COMMITS = re.compile(
    r"git\s+(?:\S+\s+)*?(?:diff|status|commit|add|push|stash|ls-files|update-index)\b|gh\s+pr\s+create"
)
_COMMITTERS = re.compile(
    r"auto-commit|create-pull-request|autofix|commit-action|add-and-commit|pre-commit-ci|suggest|pr-push|commit"
)


def _fixes(check: Check) -> bool:
    """Whether a check writes files instead of failing."""
    if check.tool in _WRITES:
        write, judge = _WRITES[check.tool]
        return check.has(*write) and not check.has(*judge)
    return (
        check.tool in _WRITES_BY_DEFAULT
        and not check.has(*_WRITES_BY_DEFAULT[check.tool])
        and "-" not in check.words[1:]
    )


@rule(
    "quality-gates/fixing-check", Severity.WARNING, on="github-workflow",
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
    title=Text("A check that repairs instead of failing", "Un contrôle qui répare au lieu d'échouer"),
    advice=Text(
        "It corrects the job's copy of the code, which is thrown away, and is green: what it should have stopped is merged.",
        "Il corrige la copie du code du job, qui est jetée ensuite, et reste vert : ce qu'il devait arrêter est fusionné.",
    ),
)  # fmt: skip
def fixing_check(source: Source, project: Project) -> Iterator[Hit]:
    """`eslint --fix`, `prettier --write`, `black .`, `cargo fmt`… in CI, where nothing compares or commits the result."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        if _compares(job):
            continue
        for step in job.steps:
            script = step.script
            if script is None:
                continue
            folder = ci.folder((found, job), step) or "."
            for command, check in checks.of_script(script.plain, folder, project):
                if not _fixes(check):
                    continue
                yield Hit(
                    script.place(command.start), script.place(command.end - 1) + 1,
                    _writes(check), _judging(source, script, command, check), tuple(_places(check)),
                )  # fmt: skip


def _compares(job: Job) -> bool:
    """Whether the job looks at what was changed, or commits it."""
    return any(step.script and _COMMITS.search(step.script.plain) for step in job.steps) or any(
        step.uses and _COMMITTERS.search(step.uses.name) for step in job.steps
    )


def _writes(check: Check) -> Text:
    shown = " ".join([*check.tool.split(), *(word for word in check.words[1:] if word.startswith("-"))][:5])
    via = f" ({check.via[-1]})" if check.via else ""
    return Text(f"`{shown}`{via} rewrites the files and passes.", f"`{shown}`{via} réécrit les fichiers et réussit.")


def _places(check: Check) -> Iterator[Related]:
    for place in check.via:
        path, _, line = place.rpartition(":")
        yield Related(path, int(line), Text("the script that it runs", "le script lancé"))


def _judging(source: Source, script: workflow.Script, command: shell.Command, check: Check) -> Fix | None:
    option = _ADDED.get(check.tool)
    if check.via or option is None or not script.placed or check.tool.split()[-1] not in command.values:
        return None
    word = next(word for word in command.words if word.value.rpartition("/")[2] == check.tool.split()[-1])
    at = script.place(word.end - 1) + 1
    added = f" -- {option}" if check.tool == "cargo fmt" and "--" not in command.values else f" {option}"
    where = script.place(command.end - 1) + 1 if check.tool == "cargo fmt" and "--" not in command.values else at
    return Fix(
        (source.edit(where, where, added),), False, Text(f"judge only ({option})", f"juger seulement ({option})"),
        Text("The check is red until the code is formatted: format and commit it once.", "Le contrôle sera rouge tant que le code n'est pas formaté : formatez-le et committez-le une fois."),
    )  # fmt: skip


@rule(
    "quality-gates/optional-check", Severity.WARNING, on="github-workflow",
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepscontinue-on-error",
    title=Text("A lint or type check that may fail", "Un lint ou une vérification de types qui peut échouer"),
    advice=Text(
        "The job is green whatever it finds, and nobody opens the log of a green job. Require it, or take it out.",
        "Le job est vert quoi qu'il trouve, et personne n'ouvre le journal d'un job vert. Exigez-le, ou retirez-le.",
    ),
)  # fmt: skip
def optional_check(source: Source, project: Project) -> Iterator[Hit]:
    """`continue-on-error: true` on a step that lints or checks types, or on its job, whose outcome no step reads."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        if any(step.uses and _COMMITTERS.search(step.uses.name) for step in job.steps):
            continue  # what it repairs is committed, what it cannot repair is judged elsewhere
        for step in job.steps:
            pair = step.node.pair("continue-on-error") or job.node.pair("continue-on-error")
            if pair is None or pair[1].value is not True or step.script is None or _read_later(found, step):
                continue
            folder = ci.folder((found, job), step) or "."
            told = [check for _, check in checks.of_script(step.script.plain, folder, project)]
            if not told or any(check.kind == "test" for check in told):
                continue  # of tests: github-actions/hidden-test-failure
            mapping = step.node if step.node.pair("continue-on-error") else job.node
            yield Hit(
                pair[0].start, pair[1].end,
                Text(f"{told[0].tool} in {job.id} may fail unseen.", f"{told[0].tool} dans {job.id} peut échouer sans que cela se voie."),
                Fix(
                    (source.edit(*yaml.remove_pair(mapping, "continue-on-error")),), False, Text("let it fail the job", "laisser le job échouer"),
                    Text("a check that passes today", "un contrôle qui passe aujourd'hui"),
                ),
            )  # fmt: skip


def _read_later(found: Workflow, step: Step) -> bool:
    """Whether something asks how the step went."""
    return bool(step.id) and bool(re.search(rf"steps\.{re.escape(step.id)}\.(?:outcome|conclusion)", found.root.text))


_URL = re.compile(r"^(?:https?://)?(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::|/|$)")
_PROBE = re.compile(r"https?://\S*/(?:health\w*|healthz|livez|readyz|ready|status|ping|up)(?:[/?]|$)", re.I)
_READ = (
    "-w",
    "--write-out",
    "-o",
    "-O",
    "--output",
    "--remote-name",
    "-I",
    "--head",
    "-T",
    "--remote-header-name",
    "-OL",
    "-LO",
    "-sO",
)


@rule(
    "quality-gates/unfailing-curl", Severity.WARNING, on=("github-workflow", "gitlab-ci"), url="https://curl.se/docs/manpage.html#-f",
    title=Text("A curl that cannot fail", "Un curl qui ne peut pas échouer"),
    advice=Text(
        "Without `--fail` curl succeeds on every answer of the server, a 500 included: the check is green while the application is down, the hook refused.",
        "Sans `--fail`, curl réussit quelle que soit la réponse du serveur, même une 500 : le contrôle est vert alors que l'application est en panne ou l'appel refusé.",
    ),
)  # fmt: skip
def unfailing_curl(source: Source, project: Project) -> Iterator[Hit]:
    """curl against a local or health address, or a POST, whose answer nothing looks at, without `-f`."""
    for script in _scripts(source):
        for command in shell.commands(script.plain):
            kind = _curl(command)
            if kind is None or not script.placed or _captured(script.plain, command):
                continue
            word = command.words[0]
            at = script.place(word.end - 1) + 1
            en, fr = (
                (
                    "asks whether it answers, and a 500 is an answer",
                    "demande si elle répond, et une 500 est une réponse",
                )
                if kind == "check"
                else ("sends it, and a refusal passes for success", "l'envoie, et un refus passe pour un succès")
            )
            target = next((w.value for w in command.words[1:] if "://" in w.value or _URL.match(w.value)), "")
            shown = re.sub(r"_{4,}", "…", target)[:70] or "…"
            yield Hit(
                script.place(command.start), script.place(command.end - 1) + 1,
                Text(f"curl {shown} {en}.", f"curl {shown} {fr}."),
                Fix(
                    (source.edit(at, at, " --fail"),), False, Text("fail on an HTTP error", "échouer sur une erreur HTTP"),
                    Text("The step then fails where the answer is 400 or above.", "L'étape échoue alors si la réponse est 400 ou plus."),
                ),
            )  # fmt: skip


def _scripts(source: Source) -> Iterator[workflow.Script]:
    if source.kind == "github-workflow":
        for _, step in source.parsed(workflow.parse).steps:
            if step.script is not None and step.node.at("continue-on-error") is not True:
                yield step.script
        return
    for document in source.parsed(yaml.parse)[-1:]:
        for _, job in document.items():
            lines = job.get("script") if job.kind == "map" else None
            for node in (lines.children() if lines.kind == "list" else (lines,)) if lines is not None else ():
                if node.kind == "scalar":
                    yield workflow.script_of(node)


def _curl(command: shell.Command) -> str | None:
    """`check` or `send`; None for another command, a download, and what tells failures already."""
    if command.name != "curl" or command.pipe or command.after == "||" or command.conditional:
        return None
    options = command.options
    if any(
        o in ("--fail", "--fail-with-body", "-f", *_READ) or o.startswith(("--write-out", "--output")) for o in options
    ):
        return None
    if any(re.fullmatch(r"-[a-zA-Z]*[fOoIw][a-zA-Z]*", o) for o in options):
        return None
    values = command.values[1:]
    if any(
        re.search(r"slack|discord|telegram|teams|mattermost|api\.github\.com|pushover|sentry|ntfy|gitter", v)
        for v in values
    ):
        return None
    posts = any(
        o in ("-d", "--data", "-F", "--form", "--data-raw", "--data-binary", "--json") or o.startswith("-d")
        for o in options
    )
    posts = posts or any(v.upper() in ("POST", "PUT", "-XPOST", "-XPUT") for v in values)
    if posts:
        return "send" if any("://" in v or re.search(r"_{4,}", v) for v in values) else None
    return "check" if any(_URL.match(v) or _PROBE.search(v) for v in values) else None


def _captured(script: str, command: shell.Command) -> bool:
    """Whether the answer is kept: in a variable, in a file, as a word of another command."""
    before = script[: command.start].rstrip(" \t")
    line_end = script.find("\n", command.end)
    rest = script[command.end : line_end if line_end >= 0 else len(script)].lstrip()
    return before.endswith(("$(", "`", "<(", "!", "(")) or rest.startswith((">", "1>", "||", "|", "2>&1 |", ")"))


@rule(
    "quality-gates/blind-wait", Severity.INFO, on="github-workflow", url="https://docs.docker.com/reference/cli/docker/compose/up/",
    title=Text("Waiting for a number of seconds", "Attendre un nombre de secondes"),
    advice=Text(
        "Too short on a slow day, too long on all others: wait until the service answers (`docker compose up --wait`, a loop on its health check).",
        "Trop court les jours lents, trop long les autres : attendez que le service réponde (`docker compose up --wait`, une boucle sur son health check).",
    ),
)  # fmt: skip
def blind_wait(source: Source, project: Project) -> Iterator[Hit]:
    """`sleep` of three seconds and more after something was started, outside of a loop."""
    for _, step in source.parsed(workflow.parse).steps:
        script = step.script
        if script is None or not script.placed:
            continue
        started = None
        for command in shell.commands(script.plain):
            words = command.values
            if (
                command.name in ("docker", "docker-compose", "podman") and {"-d", "--detach"} & set(words)
            ) or command.after == "&":
                started = None if "--wait" in words else command
            elif command.name == "sleep" and started is not None and not command.conditional and _seconds(words) >= 3:
                name = " ".join(started.values[:3])
                yield Hit(
                    script.place(command.start), script.place(command.end - 1) + 1,
                    Text(f"{' '.join(words)} stands for waiting until `{name}` is ready.", f"{' '.join(words)} tient lieu d'attente que `{name}` soit prêt."),
                )  # fmt: skip
                started = None


def _seconds(words: tuple[str, ...]) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m)?", words[1]) if len(words) == 2 else None
    return float(found[1]) * (60 if found[2] == "m" else 1) if found else 0.0
