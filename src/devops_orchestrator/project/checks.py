"""What a shell command checks: tests, lint, types or format; through `uv run`, `npx`, `docker compose run` and package scripts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import shell
from devops_orchestrator.project.documents import read_json


@dataclass(frozen=True)
class Check:
    """A command that checks. `words` begin with its tool; `via` are the package scripts that led to it, as `file:line`."""

    kind: str  # test | lint | types | format
    tool: str
    words: tuple[str, ...]
    via: tuple[str, ...] = ()

    def has(self, *options: str) -> bool:
        """Whether one of these options is given (`--cov` also as `--cov=src`)."""
        return any(word == option or word.startswith(f"{option}=") for word in self.words for option in options)


@dataclass(frozen=True)
class ScriptText:
    """A script of package.json or composer.json, and its place (`package.json:12`)."""

    text: str
    place: str


_TOOLS: dict[str, tuple[str, ...]] = {
    "test": (
        "pytest", "py.test", "tox", "nox", "jest", "vitest", "mocha", "ava", "playwright test", "cypress run", "phpunit", "pest", "paratest",
        "rspec", "minitest", "ctest", "gotestsum", "ginkgo", "go test", "cargo test", "cargo nextest", "dotnet test", "mix test",
        "deno test", "bun test", "rails test", "rake test", "rake spec", "rake", "manage.py test", "artisan test", "mvn test",
        "mvn verify", "mvn install", "mvn package", "gradle test", "gradle check", "gradle build", "swift test", "flutter test", "ng test", "behave", "cucumber",
        "codecept run", "karma start", "react-scripts test", "trial", "unittest", "mix coveralls", "parallel_rspec",
    ),
    "lint": (
        "ruff check", "flake8", "pylint", "eslint", "biome lint", "biome check", "biome ci", "oxlint", "golangci-lint run", "go vet", "cargo clippy",
        "rubocop", "standardrb", "phpcs", "pint", "php-cs-fixer", "stylelint", "ktlint", "detekt", "next lint", "ng lint", "mix credo",
        "staticcheck", "xo", "standard", "revive", "ecs check", "ecs",
    ),
    "types": (
        "mypy", "pyright", "basedpyright", "ty check", "pyrefly check", "tsc", "vue-tsc", "phpstan", "psalm", "srb tc", "mix dialyzer",
        "astro check", "svelte-check", "sorbet", "nuxi typecheck", "dmypy run",
    ),
    "format": (
        "prettier", "black", "ruff format", "cargo fmt", "rustfmt", "gofmt", "goimports", "gofumpt", "isort", "dotnet format", "mix format",
        "terraform fmt", "tofu fmt", "biome format", "dprint", "yapf",
    ),
}  # fmt: skip
_KINDS = {name: kind for kind, names in _TOOLS.items() for name in names}
_SAME = {"mvnw": "mvn", "gradlew": "gradle", "vitest": "vitest", "python3": "python"}
_RUNNERS = {
    "uv": ("run",), "poetry": ("run",), "pdm": ("run",), "pipenv": ("run",), "hatch": ("run",), "rye": ("run",), "bundle": ("exec",),
    "pnpm": ("exec", "dlx"), "yarn": ("exec", "dlx"), "npm": ("exec",), "bun": ("x",), "composer": ("exec",), "coverage": ("run",), "symfony": ("run", "php"),
}  # fmt: skip
_BARE = frozenset(
    {"npx", "bunx", "uvx", "xvfb-run", "time", "sudo", "env", "exec", "command", "dotenv", "cross-env", "php", "nice"}
)
# Options of the runners that take a value as a word of its own.
_VALUED = frozenset(
    {"-w", "--workdir", "-e", "--env", "-u", "--user", "-f", "--file", "-p", "--profile", "--project", "--directory", "--with", "--python", "--group", "--extra", "--from", "--package", "--filter", "-C", "--cwd", "-c", "--prefix", "--entrypoint", "-v", "--volume", "--network", "--env-file", "--name"}
)  # fmt: skip
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
# Options by which a command runs in other packages of the workspace.
WIDE = frozenset({"-r", "--recursive", "--workspaces", "--workspace", "-ws", "--filter", "-w", "-F", "workspaces", "workspace", "--all", "-C", "--prefix", "--cwd"})  # fmt: skip
# Commands of the package managers that are no scripts.
_OWN = frozenset(
    {"install", "i", "ci", "add", "remove", "update", "exec", "dlx", "publish", "pack", "audit", "config", "cache", "store", "why", "list", "outdated", "link", "init", "create", "version", "login", "whoami", "x", "set", "self-update", "fetch", "import", "rebuild", "dedupe", "prune", "workspaces", "workspace", "global", "require", "dump-autoload", "validate"}
)  # fmt: skip


def package_scripts(project: Project) -> Mapping[str, Mapping[str, ScriptText]]:
    """Path of each package.json and composer.json → its scripts."""
    found: dict[str, dict[str, ScriptText]] = {}
    for path in project.repository.glob("package.json", "composer.json", "**/package.json", "**/composer.json"):
        text = project.repository.read(path)
        try:
            document = read_json(path, text) if text else None
        except ParseError:
            continue
        if document is None:
            continue
        for name, script in document.table("scripts").items():
            lines = (
                [script]
                if isinstance(script, str)
                else [line for line in script if isinstance(line, str)]
                if isinstance(script, list)
                else []
            )
            joined = "\n".join(re.sub(r"^@php\s+", "php ", line) for line in lines)
            joined = re.sub(r"(?m)^@(?=[\w:-])", "composer ", joined)
            found.setdefault(path, {})[name] = ScriptText(joined, document.at("scripts", name))
    return found


def of_script(script: str, folder: str, project: Project) -> Iterator[tuple[shell.Command, Check]]:
    """(command, check) of each command of a script that checks, followed through package scripts."""
    for command in shell.commands(script):
        for check in of_words(command.values, folder, project):
            yield command, check


def of_words(words: tuple[str, ...], folder: str, project: Project, depth: int = 0) -> Iterator[Check]:
    """The checks that one command runs."""
    bare = unwrapped(words)
    if not bare:
        return
    check = _check(bare)
    if check is not None:
        yield check
        return
    if depth > 4:
        return
    if WIDE & set(bare) and (name := _script_name(bare)):
        yield from _in_packages(name, project, depth)
        return
    script = script_of(bare, folder, project)
    if script is None:
        return
    arguments = bare[bare.index("--") + 1 :] if "--" in bare else ()
    commands = shell.commands(script.text)
    for command in commands:
        told = command.values + arguments if command is commands[-1] else command.values
        for below in of_words(told, folder, project, depth + 1):
            yield replace(below, via=(script.place, *below.via))


def _in_packages(name: str, project: Project, depth: int) -> Iterator[Check]:
    """The checks of a script that is run in other packages of the workspace (`pnpm -r run test`): those of all that have it."""
    for path, scripts in project.remembered(package_scripts).items():
        script = scripts.get(name) if path.endswith("package.json") else None
        for command in shell.commands(script.text) if script is not None else ():
            for below in of_words(command.values, posixpath.dirname(path) or ".", project, depth + 2):
                yield replace(below, via=(script.place if script else "", *below.via))


def script_of(words: tuple[str, ...], folder: str, project: Project) -> ScriptText | None:
    """The package script that a command runs (`npm run lint`, `pnpm test`, `composer test`)."""
    name = _script_name(words)
    if name is None or WIDE & set(words):
        return None
    manifest = "composer.json" if words[0] == "composer" else "package.json"
    path = posixpath.normpath(posixpath.join(folder, manifest))
    return project.remembered(package_scripts).get(path, {}).get(name)


def _script_name(words: tuple[str, ...]) -> str | None:
    if words[0] not in (*_MANAGERS, "composer") or len(words) < 2:
        return None
    rest = [word for word in words[1:] if not word.startswith("-")]
    if not rest:
        return None
    if rest[0] in ("run", "run-script"):
        return rest[1] if len(rest) > 1 else None
    if (
        rest[0] in _OWN
        or (words[0] == "npm" and rest[0] not in ("test", "t", "start"))
        or (words[0] == "bun" and rest[0] == "test")
    ):
        return None
    return {"t": "test"}.get(rest[0], rest[0])


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """A command without what only runs it: `uv run`, `npx`, `bundle exec`, `python -m`, `docker compose run --rm api`."""
    found = tuple(words)
    for _ in range(6):
        if not found:
            return ()
        name = found[0].rpartition("/")[2]
        name = re.sub(r"^(php|python|ruby)[\d._]+$", r"\1", _SAME.get(name, name))
        if name in ("python", "coverage") and "-m" in found[1:4]:
            found = found[found.index("-m") + 1 :]
        elif name in _RUNNERS and len(found) > 1 and (at := _verb(found, _RUNNERS[name])):
            found = _past_options(found[at + 1 :])
        elif name in _BARE:
            found = _past_options(found[1:])
        elif name in ("docker", "docker-compose", "podman", "podman-compose") and (at := _verb(found, ("run", "exec"))):
            found = _past_options(found[at + 1 :])[1:]
        elif re.fullmatch(r"[A-Z_][A-Z0-9_]*=\S*", found[0]):
            found = found[1:]
        else:
            return (name, *found[1:])
    return found


def _verb(words: tuple[str, ...], verbs: tuple[str, ...]) -> int:
    """The place of a runner's verb; 0 where another word that is no option comes first."""
    skip = False
    for place, word in enumerate(words[1:], 1):
        if skip:
            skip = False
        elif word in verbs:
            return place
        elif word in _VALUED:
            skip = True
        elif not word.startswith("-") and word != "compose":
            return 0
    return 0


def _past_options(words: tuple[str, ...]) -> tuple[str, ...]:
    place = 0
    while place < len(words) and (words[place].startswith("-") or "=" in words[place].split("/")[0]):
        if words[place] == "--":
            return words[place + 1 :]
        place += 2 if words[place] in _VALUED else 1
    return words[place:]


def _check(words: tuple[str, ...]) -> Check | None:
    name = words[0].rpartition("/")[2]
    operands = [word for word in words[1:] if not word.startswith(("-", "+"))]
    if name == "mix" and operands:
        operands[0] = operands[0].partition(".")[0]
    if name in ("rails", "rake") and operands:
        operands[0] = re.sub(r"^test:.*", "test", operands[0])
    candidates = (
        [f"{name} {operand}" for operand in operands[:6]]
        if name in ("mvn", "gradle")
        else [f"{name} {operands[0]}"]
        if operands
        else []
    )
    for candidate in [*candidates, name]:
        tool = re.sub(r" \S*:(?=\w+$)", " ", candidate) if name in ("mvn", "gradle") else candidate
        if tool in _KINDS and not (tool == name and _needs_verb(name, operands)):
            if name in ("mvn", "gradle") and _skips_tests(words):
                return None
            return Check(_KINDS[tool], tool, words)
    return None


def _needs_verb(name: str, operands: list[str]) -> bool:
    """Whether the bare name is another command: `rake db:migrate` runs no tests."""
    if name == "rake":
        return bool(operands)
    return bool(operands) and operands[0] in ("install", "init", "--version", "init-config", "list-files")


def _skips_tests(words: tuple[str, ...]) -> bool:
    text = " ".join(words)
    return bool(re.search(r"-DskipTests(?!=false)|-Dmaven\.test\.skip(?!=false)|-x\s+\S*(?:test|check)\b", text))


_LANGUAGES = (
    ("python", r"pytest|py\.test|tox|nox|manage\.py|behave|trial|unittest|ruff|flake8|pylint|mypy|d?mypy|pyright|basedpyright|ty\b|pyrefly|black|isort|yapf"),
    ("javascript", r"jest|vitest|mocha|ava|playwright|cypress|deno|bun|ng\b|karma|react-scripts|eslint|biome|oxlint|stylelint|next|xo|standard$|tsc|vue-tsc|astro|svelte-check|nuxi|prettier|dprint"),
    ("go", r"go\b|gotestsum|ginkgo|golangci-lint|staticcheck|revive|gofmt|goimports|gofumpt"),
    ("php", r"phpunit|pest|paratest|artisan|codecept|phpcs|pint|php-cs-fixer|phpstan|psalm|ecs"),
    ("ruby", r"rspec|parallel_rspec|minitest|rails|rake|cucumber|rubocop|standardrb|srb|sorbet"),
    ("rust", r"cargo|rustfmt"), ("java", r"mvn|gradle|ktlint|detekt"), ("csharp", r"dotnet"), ("elixir", r"mix"),
)  # fmt: skip
_SIBLINGS = {"javascript": ("javascript", "typescript"), "java": ("java", "kotlin", "groovy", "scala")}


def languages(tool: str) -> tuple[str, ...]:
    """The languages (of a component) whose code a tool checks."""
    for language, pattern in _LANGUAGES:
        if re.match(rf"(?:{pattern})(?:\s|$)", tool):
            return _SIBLINGS.get(language, (language,))
    return ()
