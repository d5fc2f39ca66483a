"""Tools that a job installs: without a version, or in another one than the project's own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions.rules import place
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.shell import Argument, Command
from devops_orchestrator.formats.workflow import Job, Step
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project.documents import read_json, read_toml
from devops_orchestrator.text import Text

# What installs the rest, and what every machine brings: their newest version is meant.
_INSTALLERS = frozenset({"pip", "setuptools", "wheel", "npm", "corepack", "pipx", "virtualenv", "rubygems-update"})
_VALUED = frozenset({"-r", "--requirement", "-c", "--constraint", "-e", "--editable", "--index-url", "-i", "--extra-index-url", "--find-links", "-f", "-t", "--target", "--prefix", "--registry", "--root", "--features", "--version", "-v", "--git", "--tag", "--rev", "--branch", "--path", "--install-dir", "-n", "--bindir", "--source", "-j", "--jobs", "--target-dir", "--python"})  # fmt: skip


@rule(
    "github-actions/unpinned-tool", Severity.INFO, on=("github-workflow", "github-action"),
    title=Text("A tool installed in whatever version is newest", "Un outil installé dans la version du jour"),
    advice=Text(
        "The next release of the tool changes what the job finds, or breaks it, without a commit of yours; and what was just published runs with the job's secrets.",
        "La prochaine version de l'outil change le résultat du job, ou le casse, sans aucun commit de votre part ; et ce qui vient d'être publié s'exécute avec les secrets du job.",
    ),
    url="https://docs.github.com/en/actions/reference/security/secure-use",
)  # fmt: skip
def unpinned_tool(source: Source, project: Project) -> Iterator[Hit]:
    """`npm i -g`, `pip install`, `go install …@latest`, `cargo install`, `gem install` without a version; `version: latest` of a setup action."""
    found = source.parsed(workflow.parse)
    for group in found.groups:
        for step in group.steps:
            yield from _latest(step)
            script = step.script
            for command in place.commands(step) if script is not None and script.placed else ():
                for word, tool in _installed(command):
                    assert script is not None
                    pinned = _pin(project, tool)
                    also = (
                        (f"; the project has {pinned[0]} ({pinned[1]})", f" ; le projet a {pinned[0]} ({pinned[1]})")
                        if pinned
                        else ("", "")
                    )
                    path, _, line = pinned[1].rpartition(":") if pinned else ("", "", "")
                    yield Hit(
                        script.place(word.start), script.place(word.end - 1) + 1,
                        Text(f"{tool} is installed without a version{also[0]}.", f"{tool} est installé sans version{also[1]}."),
                        related=(Related(path, int(line), Text("the project's version", "la version du projet")),) if line.isdigit() else (),
                        severity=Severity.WARNING if pinned else None,
                    )  # fmt: skip


def _installed(command: Command) -> Iterator[tuple[Argument, str]]:
    """(word, tool) of each thing that a command installs without naming a version."""
    words = command.values
    name = command.name
    if name == "sudo" and len(words) > 1:
        inner = Command(command.words[1:], command.words[1].start, command.end, command.pipe)
        yield from _installed(inner)
        return
    if name in ("python", "python3") and words[1:3] == ("-m", "pip"):
        name, words = "pip", words[2:]
    if (
        "install" not in words
        and not (name in ("npm", "pnpm") and {"i", "add"} & set(words))
        and name not in ("yarn", "uv", "pipx")
    ):
        return
    rest = command.words[len(command.words) - len(words) + 1 :]
    operands = list(_operands(rest))
    values = [word.value for word in operands]
    if name in ("npm", "pnpm") and ({"-g", "--global"} & set(words)):
        yield from ((w, w.value) for w in operands[1:] if _npm_bare(w.value))
    elif name == "yarn" and values[:2] == ["global", "add"]:
        yield from ((w, w.value) for w in operands[2:] if _npm_bare(w.value))
    elif name in ("pip", "pip3", "pipx") or (name == "uv" and values[:2] in (["tool", "install"], ["pip", "install"])):
        if any(
            option in ("-r", "--requirement", "-e", "--editable", ".", "-c", "--constraint") or option.startswith("-r")
            for option in words
        ):
            return
        skip = 2 if name == "uv" else 1
        yield from (
            (w, w.value.split("[")[0])
            for w in operands[skip:]
            if re.fullmatch(r"[A-Za-z][\w.-]*(?:\[[\w,-]+\])?", w.value)
            and not w.value.endswith((".whl", ".gz", ".txt"))
            and w.value.split("[")[0].lower() not in _INSTALLERS
        )
    elif name == "go":
        yield from (
            (w, w.value.removesuffix("@latest").rpartition("/")[2]) for w in operands[1:] if w.value.endswith("@latest")
        )
    elif (
        name == "cargo"
        and not {"--version", "--path", "--git", "--locked-version", "--vers"} & {o.split("=")[0] for o in words}
        and "binstall" not in words
    ):
        yield from ((w, w.value) for w in operands[1:] if re.fullmatch(r"[a-z][\w-]*", w.value))
    elif name == "gem" and not {"-v", "--version"} & {o.split("=")[0] for o in words}:
        yield from (
            (w, w.value) for w in operands[1:] if re.fullmatch(r"[a-z][\w-]*", w.value) and w.value not in _INSTALLERS
        )


def _operands(words: tuple[Argument, ...]) -> Iterator[Argument]:
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.value in _VALUED:
            skip = True
        elif not word.value.startswith("-") and "_" * 4 not in word.value and "$" not in word.value:
            yield word


def _npm_bare(value: str) -> bool:
    return (
        bool(re.fullmatch(r"(?:@[\w.-]+/)?[\w.-]+", value))
        and value not in (*_INSTALLERS, ".")
        and not value.endswith(".tgz")
    )


def _pin(project: Project, tool: str) -> tuple[str, str] | None:
    """(what the project says, file:line) of a tool that it has in a fixed or bounded version."""
    for component in project.components:
        if component.package_manager == tool and component.package_manager_version:
            return f"{tool} {component.package_manager_version}", component.evidence.get(
                "package_manager_version"
            ) or component.evidence.get("package_manager", "")
        version = component.dependencies.get(tool)
        if version and re.search(r"\d", version) and component.manifest:
            line = _line(project, component.manifest, tool)
            return (f"{tool} {version}", f"{component.manifest}:{line}") if line else None
    return None


def _line(project: Project, path: str, name: str) -> int | None:
    text = project.repository.read(path) or ""
    found = re.search(rf"(?m)^.*(?<![\w-]){re.escape(name)}(?![\w-]).*\d", text)
    return text.count("\n", 0, found.start()) + 1 if found else None


# Setup action → (input, tool) where a word such as `latest` is written out; leaving it out is the same and is not told.
_INPUTS = {
    "goreleaser/goreleaser-action": "version", "golangci/golangci-lint-action": "version", "oven-sh/setup-bun": "bun-version", "pnpm/action-setup": "version",
    "astral-sh/setup-uv": "version", "shivammathur/setup-php": "php-version", "actions/setup-node": "node-version", "azure/setup-helm": "version",
    "azure/setup-kubectl": "version", "hashicorp/setup-terraform": "terraform_version", "denoland/setup-deno": "deno-version", "superfly/flyctl-actions/setup-flyctl": "version",
    "helm/kind-action": "version", "arduino/setup-protoc": "version", "bufbuild/buf-setup-action": "version", "extractions/setup-just": "just-version",
}  # fmt: skip


def _latest(step: Step) -> Iterator[Hit]:
    key = _INPUTS.get(step.uses.name) if step.uses else None
    node = step.inputs.get(key) if key else None
    if (
        step.uses is None
        or key is None
        or node is None
        or node.alias
        or node.scalar.lower() not in ("latest", "nightly", "canary", "edge", "node", "current")
    ):
        return
    yield Hit(
        node.start, node.end,
        Text(f"{key}: {node.scalar} of {step.uses.name} is another version from day to day.", f"{key}: {node.scalar} de {step.uses.name} change d'un jour à l'autre."),
    )  # fmt: skip


# Tools whose version the project may fix: action → (input, name).
_MANAGERS = {
    "pnpm/action-setup": ("version", "pnpm"),
    "oven-sh/setup-bun": ("bun-version", "bun"),
    "astral-sh/setup-uv": ("version", "uv"),
    "gradle/actions/setup-gradle": ("gradle-version", "gradle"),
}


@rule(
    "github-actions/tool-mismatch", Severity.WARNING, on=("github-workflow", "github-action"),
    title=Text("Another package manager than the project's", "Un autre gestionnaire de paquets que celui du projet"),
    advice=Text(
        "The lockfile is then read by a version that did not write it: the install is refused, or resolves something else than on your machines.",
        "Le lockfile est alors lu par une version qui ne l'a pas écrit : l'installation est refusée, ou donne autre chose que sur vos machines.",
    ),
    url="https://github.com/pnpm/action-setup#inputs",
)  # fmt: skip
def tool_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """The version of pnpm, bun or uv of a setup step, against `packageManager` or `required-version`."""
    found = source.parsed(workflow.parse)
    for group in found.groups:
        for step in group.steps:
            key, tool = _MANAGERS.get(step.uses.name if step.uses else "", ("", ""))
            node = step.inputs.get(key) if key else None
            value = _value(found, group, node) if node is not None else None
            said = _said(project, tool, step.input("package_json_file")) if value is not None else None
            if value is None or said is None or _within(value.scalar, said[0]):
                continue
            version, path, line = said
            fix = None
            if not value.alias and re.fullmatch(r"\d+\.\d+\.\d+", version):
                quote = source.text[value.start] if source.text[value.start] in "'\"" else ""
                fix = Fix(
                    (source.edit(value.start, value.end, f"{quote}{version}{quote}"),), False, Text(f"use {tool} {version}", f"utiliser {tool} {version}"),
                    Text("Or leave the input out: the setup action then reads the project's file.", "Ou retirez l'entrée : l'action lit alors le fichier du projet."),
                )  # fmt: skip
            yield Hit(
                value.start, value.end,
                Text(f"{tool} {value.scalar} here; {path}:{line} says {version}.", f"{tool} {value.scalar} ici ; {path}:{line} indique {version}."),
                fix, (Related(path, line, Text(f"{tool} {version}", f"{tool} {version}")),),
            )  # fmt: skip


def _value(found: workflow.Workflow, group: Job, node: Node) -> Node | None:
    """The version that an input has: itself, or the variable of the job or workflow that it names."""
    names = [name for e in workflow.expressions_in(node.scalar) for name in e.references]
    if not names:
        return node if re.fullmatch(r"v?\d+(\.\d+)*(\.x)?", node.scalar) else None
    if len(names) != 1 or not names[0].startswith("env.") or not re.fullmatch(r"\$\{\{\s*env\.\w+\s*\}\}", node.scalar):
        return None
    for env in (group.get("env"), found.root.get("env")):
        for key, value in env.items() if env is not None else ():
            if key.scalar.lower() == names[0][4:]:
                return value if re.fullmatch(r"v?\d+(\.\d+)*(\.x)?", value.scalar) else None
    return None


def _said(project: Project, tool: str, manifest: str) -> tuple[str, str, int] | None:
    """(version, file, line) that the project fixes for its package manager."""
    if tool == "gradle":
        return _gradle(project)
    if tool == "uv":
        for path in ("uv.toml", "pyproject.toml"):
            try:
                document = read_toml(path, project.repository.read(path) or "")
            except ParseError:
                continue
            keys = ("required-version",) if path == "uv.toml" else ("tool", "uv", "required-version")
            text = document.text(*keys)
            if text:
                return text, path, document.line(*keys)
        return None
    path = manifest or "package.json"
    try:
        read = read_json(path, project.repository.read(path) or "{}")
    except ParseError:
        return None
    name, _, version = (read.text("packageManager") or "").partition("@")
    return (version.partition("+")[0], path, read.line("packageManager")) if name == tool and version else None


def _gradle(project: Project) -> tuple[str, str, int] | None:
    """The major of Gradle that the one wrapper, else the one Dockerfile from a Gradle image, has."""
    wrappers = project.repository.glob("**/gradle-wrapper.properties", "gradle/wrapper/gradle-wrapper.properties")
    for paths, pattern in (
        (wrappers, r"gradle-(\d+)[\d.]*-(?:bin|all)"),
        (project.of_kind("dockerfile"), r"(?im)^FROM\s+(?:\S+/)?gradle:(\d+)"),
    ):
        found = [(path, match) for path in paths if (match := re.search(pattern, project.repository.read(path) or ""))]
        if len({match[1] for _, match in found}) == 1:
            path, match = found[0]
            return match[1], path, match.string.count("\n", 0, match.start()) + 1
    return None


def _within(value: str, wanted: str) -> bool:
    """Whether a version (as far as it is said) is the wanted one, or meets a constraint of uv."""
    numbers = [int(n) for n in re.findall(r"\d+", value)]
    if re.fullmatch(r"v?\d+(\.\d+)*", wanted):
        theirs = [int(n) for n in re.findall(r"\d+", wanted)]
        length = min(len(numbers), len(theirs))
        return numbers[:length] == theirs[:length]
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        return SpecifierSet(wanted).contains(value.removeprefix("v")) or len(numbers) < 3
    except InvalidSpecifier:
        return True
