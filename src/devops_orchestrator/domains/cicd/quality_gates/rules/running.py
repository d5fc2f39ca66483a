"""What the repository can check and no pipeline runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.formats import shell
from devops_orchestrator.project import checks, ci
from devops_orchestrator.project.ci import Ci
from devops_orchestrator.text import Text

_TEST_FILE = re.compile(
    r"(^|/)(?:tests?|spec|specs|__tests__|e2e|cypress)/.*\.\w+$|(^|/)test_\w+\.py$|_tests?\.(?:go|py|exs|rb|rs)$|_spec\.rb$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:Test|Tests|IT)\.(?:java|kt|php|cs|scala)$|(^|/)tests\.py$|\.feature$"
)
# Programs behind which anything may happen, told by the name of what they are asked for; and names that promise a check.
_RUNNERS = frozenset(
    [
        "make",
        "just",
        "task",
        "rake",
        "bazel",
        "bazelisk",
        "earthly",
        "dagger",
        "act",
        "nix",
        "nix-shell",
        "pants",
        "tilt",
        "skaffold",
        "turbo",
        "nx",
        "lerna",
        "moon",
        "mage",
        "invoke",
        "inv",
        "hatch",
        "vp",
        "wp-env",
        "mise",
        "devbox",
        "doit",
        "gulp",
        "grunt",
        "meson",
        "ninja",
        "cmake",
        "bin",
        "sbt",
        "lein",
        "ant",
        "buck",
    ]
)
_PROMISES = {
    "test": r"test|(?<!type)(?<!type-)(?<!type_)check|spec|\bci\b|verify|qa|all|cov|unit|e2e|integration|build|quality|run|affected",
    "lint": r"lint|check|style|format|fmt|\bci\b|verify|qa|all|quality|pre-?commit|prek|lefthook|sniff|cs|run|affected|test",
    "types": r"type|check|lint|tsc|\bci\b|verify|qa|all|quality|pre-?commit|prek|static|analy|stan|build|run|affected|test",
}
_HOOKS = frozenset({"pre-commit", "prek", "lefthook", "husky", "lint-staged", "trunk", "tox", "nox"})
_CHECKING_ACTIONS = re.compile(
    r"lint|check(?!out)|cypress|test|reviewdog|pre-commit|prek|phpstan|psalm|ruff|mypy|black|rubocop|wp-env|earthly|nix|bazel|dagger",
    re.I,
)
_WORDS = {
    "test": ("tests", "les tests"),
    "lint": ("the linter", "le linter"),
    "types": ("the type check", "la vérification de types"),
}


def _place(source: Source, evidence: str) -> tuple[int, int]:
    """The span of the line that an evidence names in this file; the first line with text otherwise."""
    path, _, line = evidence.rpartition(":")
    number = int(line) if path == source.path and line.isdigit() else 1
    while number < len(source.lines) and not source.lines.line(number).strip():
        number += 1
    text = source.lines.line(number)
    start = source.lines.start(number) + len(text) - len(text.lstrip())
    return start, source.lines.start(number) + max(len(text.rstrip()), 1)


def _tested(project: Project) -> Component | None:
    """The main component where it has tests, else the first one that has."""
    every = [c for c in (project.main, *project.components) if c is not None and c.test]
    return next((c for c in every if _test_file(c)), None)


def _test_file(component: Component) -> str | None:
    """A test of a component: the file that showed its test command, or one by its name."""
    evidence = component.evidence.get("test", "").rpartition(":")[0] or component.evidence.get("test", "")
    own = [path for path in component.files if _TEST_FILE.search(path)]
    return next((path for path in own if path == evidence), own[0] if own else None)


@rule(
    "quality-gates/no-pipeline", Severity.WARNING, on="manifest",
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
    title=Text("Tests that no pipeline runs", "Des tests qu'aucun pipeline ne lance"),
    advice=Text(
        "They are run when somebody thinks of it: a change that breaks them is merged, and found later by somebody else.",
        "Ils ne tournent que quand quelqu'un y pense : un changement qui les casse est fusionné, et découvert plus tard par un autre.",
    ),
)  # fmt: skip
def no_pipeline(source: Source, project: Project) -> Iterator[Hit]:
    """A repository with tests and without any CI file, told once, on the manifest of the component that has them."""
    component = _tested(project)
    if component is None or component.manifest != source.path or project.remembered(ci.read).files:
        return
    evidence = component.evidence.get("test", "")
    start, end = _place(source, evidence)
    test = _test_file(component) or ""
    yield Hit(
        start, end,
        Text(f"The repository has tests ({component.test}) and no CI: nothing runs them on a change.", f"Le dépôt a des tests ({component.test}) et aucune CI : rien ne les lance lors d'un changement."),
        related=(Related(test, 1, Text("a test", "un test")),) if test else (),
    )  # fmt: skip


@rule(
    "quality-gates/unrun-check", Severity.WARNING, on="manifest",
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
    title=Text("A check that CI leaves out", "Un contrôle que la CI oublie"),
    advice=Text(
        "The project declares it, and no job runs it: its failures come up on the machine of whoever runs it next.",
        "Le projet le déclare et aucun job ne le lance : ses échecs apparaissent sur la machine du prochain qui l'exécute.",
    ),
)  # fmt: skip
def unrun_check(source: Source, project: Project) -> Iterator[Hit]:
    """Tests, lint or type check of a component, in a repository whose CI runs others and not this one."""
    own = [c for c in project.components if c.manifest == source.path]
    if not own:
        return
    found = project.remembered(ci.read)
    if not found.files or found.unread or not found.scripts:
        return
    built = project.repository.glob("pom.xml", "build.gradle", "build.gradle.kts")
    for component in own[:1]:
        if component.language in ("javascript", "typescript") and (built or _builds(component, project)):
            continue  # Maven or Gradle may run its scripts
        for kind, command in (("test", component.test), ("lint", component.lint), ("types", component.typecheck)):
            if (
                command
                and _declared(component, kind, command, project)
                and not _is_run(found, component, kind, command, project)
            ):
                evidence = component.evidence.get({"types": "typecheck"}.get(kind, kind), "")
                start, end = _place(source, evidence)
                told = _WORDS[kind]
                yield Hit(
                    start, end,
                    Text(f"CI runs other checks and not {told[0]} of {component.name} (`{command}`).", f"La CI lance d'autres contrôles, mais pas {told[1]} de {component.name} (`{command}`)."),
                    related=_beside(found, component, project),
                    severity=Severity.WARNING if kind == "test" else Severity.INFO,
                )  # fmt: skip


def _beside(found: Ci, component: Component, project: Project) -> tuple[Related, ...]:
    """Where CI runs other checks: those of the component's folder, else the first ones."""
    places = [
        (run.folder != component.path, run.script.path, run.script.line)
        for run in ci.runs(found, project)
        if next(checks.of_words(run.command.values, run.folder or ".", project), None) is not None
    ]
    place = min(places, key=lambda each: each[0], default=(True, found.files[0], 1))
    return (Related(place[1], place[2], Text("the checks that run", "les contrôles lancés")),)


def _builds(component: Component, project: Project) -> bool:
    """Whether the component's own folder has a build of the JVM beside its package.json."""
    return any(
        project.repository.has(f"{component.path}/{name}") for name in ("pom.xml", "build.gradle", "build.gradle.kts")
    )


def _declared(component: Component, kind: str, command: str, project: Project) -> bool:
    """Whether the project itself says that it has the check: tests that exist, or a script by that name."""
    if kind == "test":
        return _test_file(component) is not None
    words = tuple(command.split())
    return checks.script_of(words, component.path, project) is not None


def _is_run(found: Ci, component: Component, kind: str, command: str, project: Project) -> bool:
    """Whether a pipeline runs the check, or something that may."""
    kinds = {check.kind for check in checks.of_words(tuple(command.split()), component.path, project)} | {kind}
    others = False
    told_there = bool(project.of_kind("github-workflow"))  # none at all: github-actions/tests-never-run
    own = checks.script_of(tuple(command.split()), component.path, project)
    for run in ci.runs(found, project):
        if not {"push", "pull_request", "merge_group", "workflow_call", "pull_request_target"} & run.script.events:
            continue
        told = list(checks.of_words(run.command.values, run.folder or ".", project))
        others = others or any(check.kind == "test" or kind != "test" or not told_there for check in told)
        if (
            own is not None
            and checks.script_of(checks.unwrapped(run.command.values) or ("",), run.folder or ".", project) == own
        ):
            return True
        if run.folder is None:
            if any(check.kind in kinds for check in told) or _may(run.command.values, kind, ".", project):
                return True
            continue
        within = run.folder in (component.path, ".") or component.path.startswith(f"{run.folder}/")
        within = within or _inside(run.folder, component, project)
        mine = [c for c in told if component.language in checks.languages(c.tool) or not checks.languages(c.tool)]
        if within and any(check.kind in kinds for check in mine):
            return True
        if (within or _names(run.command.values, component)) and _may(run.command.values, kind, run.folder, project):
            return True
        if _names(run.command.values, component) and re.search(_PROMISES[kind], " ".join(run.command.values[1:]), re.I):
            return True
    if any(_CHECKING_ACTIONS.search(use.partition("@")[0]) for use in found.uses if not use.startswith("actions/")):
        return True
    return not others


def _inside(folder: str, component: Component, project: Project) -> bool:
    """Whether a folder is a part of the component, and of no other one below it."""
    if component.path != "." and not folder.startswith(f"{component.path}/"):
        return False
    others = [c.path for c in project.components if c.path not in (".", component.path)]
    return not any(folder == path or folder.startswith(f"{path}/") for path in others)


def _may(words: tuple[str, ...], kind: str, folder: str, project: Project, depth: int = 0) -> bool:
    """Whether a command may run a check of this kind in a way that cannot be seen through."""
    if words[0] in ("docker", "docker-compose", "podman") and {"run", "exec"} & set(words[1:4]):
        return True  # whatever the container runs
    bare = checks.unwrapped(words)
    if not bare or any(True for _ in checks.of_words(words, folder, project)):
        return (bool(bare) and bare[0] in ("tox", "nox")) or (bool(bare) and bool(checks.WIDE & set(bare)))
    name, rest = bare[0], " ".join(bare)
    if name in _HOOKS:
        return kind != "test"
    asked = " ".join(word for word in bare[1:] if word not in ("run", "exec", "run-script"))
    promised = re.search(_PROMISES[kind], asked or name, re.I) is not None
    script = checks.script_of(bare, folder, project)
    if script is not None:
        return depth > 4 or any(
            _may(command.values, kind, folder, project, depth + 1) for command in shell.commands(script.text)
        )
    if name in ("npm", "pnpm", "yarn", "bun", "composer"):
        return promised and not {"install", "ci", "add", "i"} & set(bare[1:2])
    if name in _RUNNERS:
        if ci.make_recipe(words, folder, project) is not None:
            return False  # its own commands are looked at
        return promised or len(bare) == 1
    if name in ("docker", "docker-compose", "podman"):
        return bool(re.search(r"\s(?:run|exec)\s|exit-code-from|abort-on", rest))
    if ci.shell_script(words, folder, project) is not None:
        return False  # its own commands are looked at
    program = (
        words[0]
        if "/" in words[0]
        else next((w for w in words[1:] if re.search(r"\.(?:sh|py|js|mjs|cjs|ts|php|rb)$", w)), "")
    )
    return (
        bool(program)
        and re.search(_PROMISES[kind], program.rpartition("/")[2] + " " + " ".join(bare[1:]), re.I) is not None
    )


def _names(words: tuple[str, ...], component: Component) -> bool:
    """Whether a command names the component's folder, or its package."""
    wanted = {component.path, component.path.rpartition("/")[2]} if component.path != "." else set()
    return any(part in wanted for word in words[1:] for part in (word.strip("./"), *re.split(r"[=:]", word)))
