"""Gates that cannot close: failures that are swallowed, and analyses that look at nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

CHECKS = (
    "pytest", "tox", "nox", "unittest", "ruff", "flake8", "pylint", "mypy", "pyright", "jest", "vitest", "mocha",
    "eslint", "tsc", "biome", "go test", "golangci-lint", "go vet", "mvn test", "mvn verify", "gradle test",
    "gradle check", "phpunit", "phpstan", "pest", "rspec", "rubocop", "cargo test", "cargo clippy", "dotnet test",
    "npm test", "npm run test", "npm run lint", "pnpm test", "pnpm lint", "yarn test", "yarn lint",
)  # fmt: skip
SWALLOWED = re.compile(r"\|\|\s*(?:true|:|exit 0)\s*(?:#.*)?$")


def _scripts(document: Node, kind: str) -> Iterator[Node]:
    """The scalars that hold shell lines."""
    if kind == "github-workflow":
        jobs = document.get("jobs")
        for _, job in jobs.items() if jobs else ():
            steps = job.get("steps")
            for step in steps.children() if steps else ():
                run = step.get("run")
                if run is not None:
                    yield run
        return
    for _, job in document.items():
        script = job.get("script") if job.kind == "map" else None
        if script is not None:
            yield from script.children() if script.kind == "list" else (script,)


def _check_in(line: str) -> str | None:
    """The check that a shell line runs, by its words (`npm run lint`, `./mvnw test`)."""
    words = line.replace("./mvnw", "mvn").replace("./gradlew", "gradle").split()
    for check in CHECKS:
        wanted = check.split()
        for start in range(len(words) - len(wanted) + 1):
            window = [word.rpartition("/")[2] for word in words[start : start + len(wanted)]]
            before = words[:start]
            if window == wanted and not any(word in ("echo", "install", "add", "which", "-v") for word in before):
                return check
    return None


@rule(
    "quality-gates/swallowed-failure", Severity.ERROR, on=("github-workflow", "gitlab-ci"),
    url="https://docs.github.com/en/actions/how-tos/write-workflows",
    title=Text("A check whose failure is swallowed", "Un contrôle dont l'échec est avalé"),
    advice=Text(
        "The job is green whatever the check says: it costs time and protects nobody.",
        "Le job est vert quoi que dise le contrôle : il coûte du temps et ne protège personne.",
    ),
)  # fmt: skip
def swallowed_failure(source: Source, project: Project) -> Iterator[Hit]:
    """A test, lint or type command that ends with `|| true`."""
    for document in source.parsed(yaml.parse)[-1:]:
        for node in _scripts(document, source.kind):
            offset = node.start
            for line in source.text[node.start : node.end].splitlines(keepends=True):
                bare = line.rstrip().rstrip("\"'")
                match = SWALLOWED.search(bare)
                check = _check_in(bare[: match.start()]) if match else None
                if match and check:
                    start, end = offset + match.start(), offset + len(bare)
                    keep = offset + len(bare[: match.start()].rstrip())
                    yield Hit(
                        start, end,
                        Text(f"The failure of {check} is swallowed.", f"L'échec de {check} est avalé."),
                        fix=Fix(
                            (source.edit(keep, end, ""),), safe=False,
                            title=Text("let the check fail the job", "laisser le contrôle faire échouer le job"),
                            needs=Text("a check that passes today", "un contrôle qui passe aujourd'hui"),
                        ),
                    )  # fmt: skip
                offset += len(line)


@rule(
    "quality-gates/allowed-failure", Severity.WARNING, on="gitlab-ci", url="https://docs.gitlab.com/ci/yaml/#allow_failure",
    title=Text("A check that may fail", "Un contrôle qui a le droit d'échouer"),
    advice=Text(
        "The merge request shows a warning that nobody reads. Require it, or take it out.",
        "La merge request affiche un avertissement que personne ne lit. Exigez-le, ou retirez-le.",
    ),
)  # fmt: skip
def allowed_failure(source: Source, project: Project) -> Iterator[Hit]:
    """`allow_failure: true` on a job that runs tests, lint or types."""
    for document in source.parsed(yaml.parse)[-1:]:
        for key, job in document.items():
            node = job.get("allow_failure") if job.kind == "map" else None
            if node is None or node.value is not True:
                continue
            script = job.get("script")
            lines = [str(entry.value) for entry in script.children()] if script is not None else []
            check = next((found for line in lines if (found := _check_in(line))), None)
            if check:
                yield Hit(
                    node.start, node.end,
                    Text(f"{key.value} runs {check} and may fail.", f"{key.value} lance {check} et peut échouer."),
                )  # fmt: skip
