"""Rules on layers: the order that the cache needs, reproducible installs, and what stays in the final image."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker.rules.reading import (
    View,
    commands,
    copies_everything,
    installs,
    read_json,
    runs,
)
from devops_orchestrator.formats import shell
from devops_orchestrator.formats.dockerfile import Instruction, Stage
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

LAYERS = "https://docs.docker.com/build/cache/optimize/"
# Manifests of each manager, the lockfile first.
MANIFESTS: dict[str, tuple[str, ...]] = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json", "package.json", ".npmrc"),
    "pnpm": ("pnpm-lock.yaml", "package.json", "pnpm-workspace.yaml", ".npmrc"),
    "yarn": ("yarn.lock", "package.json", ".yarnrc.yml"),
    "bun": ("bun.lock", "bun.lockb", "package.json"),
    "pip": ("requirements.txt",),
    "uv": ("uv.lock", "pyproject.toml"),
    "poetry": ("poetry.lock", "pyproject.toml"),
    "pdm": ("pdm.lock", "pyproject.toml"),
    "pipenv": ("Pipfile.lock", "Pipfile"),
    "composer": ("composer.lock", "composer.json"),
    "bundle": ("Gemfile.lock", "Gemfile"),
    "go": ("go.sum", "go.mod"),
    "maven": ("pom.xml",),
}
# The folder that an install fills inside the working directory.
FILLED = {
    "npm": "node_modules",
    "pnpm": "node_modules",
    "yarn": "node_modules",
    "bun": "node_modules",
    "composer": "vendor",
    "uv": ".venv",
}


@rule(
    "docker/copy-before-install", Severity.WARNING, on="dockerfile", url=LAYERS,
    title=Text("The code is copied before the dependencies are installed", "Le code est copié avant l'installation des dépendances"),
    advice=Text(
        "Each change of any file throws away the layer of the dependencies: they are downloaded again in every build.",
        "La moindre modification d'un fichier invalide la couche des dépendances : elles sont téléchargées à nouveau à chaque build.",
    ),
)  # fmt: skip
def copy_before_install(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        whole: Instruction | None = None
        for item in stage.instructions:
            if copies_everything(item):
                whole = whole or item
            if item.name != "RUN" or whole is None:
                continue
            found = next(((c, m) for c in commands(item) if (m := installs(c))), None)
            if found is None or _manifests_before(stage, whole):
                continue
            command, manager = found
            yield Hit(
                whole.start, whole.end,
                Text(
                    f"The whole context is copied before `{_shown(command)}`: every change installs all dependencies again.",
                    f"Tout le contexte est copié avant `{_shown(command)}` : chaque modification réinstalle toutes les dépendances.",
                ),
                _reorder(view, stage, whole, item, command, manager),
                (Related(source.path, item.line, Text("the installation", "l'installation")),),
            )  # fmt: skip
            break


def _shown(command: shell.Command) -> str:
    return " ".join(command.values)[:60]


def _manifests_before(stage: Stage, whole: Instruction) -> bool:
    """Whether an install already stands before the copy: then the second one is the project's own."""
    before = [item for item in stage.instructions if item.start < whole.start]
    return any(installs(command) for _, command in runs(tuple(before)))


def _reorder(
    view: View, stage: Stage, whole: Instruction, run: Instruction, command: shell.Command, manager: str
) -> Fix | None:
    """Copy the manifests, install, then copy the rest: the copy of everything moves behind the RUN."""
    between = [i for i in stage.instructions if whole.start < i.start < run.start]
    if any(i.name not in ("ENV", "ARG", "LABEL") for i in between) or whole.flags or len(whole.operands) != 2:
        return None
    only_install = all(installs(c) or c.name in ("npm", "pip", "pip3", "corepack", "rm") for c in commands(run))
    names = _manifests(view, command, manager)
    if not names or not only_install or run.scripts == ():
        return None
    text, eol = view.source.text, newline(view.source.text)
    target = whole.operands[1].raw
    folder = target if target.endswith("/") or target == "." else target + "/"
    copy = f"COPY {' '.join(names)} {'./' if folder == '.' else folder}"
    moved = text[whole.start : whole.end]
    needs = _why_not_safe(view, manager, names)
    edits = (
        Edit(view.source.path, whole.start, whole.end, copy),
        Edit(view.source.path, run.end, run.end, f"{eol}{moved}"),
    )
    title = Text(
        "Copy the manifests, install, then copy the rest", "Copier les manifestes, installer, puis copier le reste"
    )
    return Fix(edits, safe=needs is None, title=title, needs=needs)


def _manifests(view: View, command: shell.Command, manager: str) -> list[str]:
    """The manifests that are in the context, or nothing where the command reads others."""
    known = set(view.context.files)
    names = [name for name in MANIFESTS[manager] if name in known] if manager in MANIFESTS else []
    if manager == "pip":
        named = [command.values[i + 1] for i, word in enumerate(command.values[:-1]) if word in ("-r", "--requirement")]
        names = [posixpath.normpath(name) for name in named if posixpath.normpath(name) in known]
        if len(names) != len(named) or any("/" in name for name in names):
            return []
    return sorted(names, key=lambda name: (name.endswith((".lock", "-lock.json", "-lock.yaml")), name))


def _why_not_safe(view: View, manager: str, names: list[str]) -> Text | None:
    """What a person has to check before the order is changed; None where nothing can differ."""
    read = view.project.repository.read
    root = view.context.path
    if manager in ("npm", "yarn", "pnpm", "bun"):
        data = read_json(read(posixpath.normpath(posixpath.join(root, "package.json"))))
        scripts = set(data.get("scripts", {})) & {"preinstall", "install", "postinstall", "prepare", "prepublish"}
        if scripts or "workspaces" in data or "pnpm-workspace.yaml" in names:
            return Text(
                "The installation runs scripts of the project or reads workspace members: copy what they read as well.",
                "L'installation exécute des scripts du projet ou lit des workspaces : copiez aussi ce qu'ils lisent.",
            )
    elif manager == "pip":
        lines = [
            line.strip()
            for name in names
            for line in (read(posixpath.normpath(posixpath.join(root, name))) or "").splitlines()
        ]
        if any(
            line.startswith(("-r", "-c", "-e", "--requirement", "--constraint", "--editable", ".", "/", "file:"))
            for line in lines
        ):
            return Text(
                "The requirements file reads other files of the project: copy them as well.",
                "Le fichier requirements lit d'autres fichiers du projet : copiez-les aussi.",
            )
    elif manager != "go":
        return Text(
            "The installation may read the project's own code: check that the build still succeeds.",
            "L'installation peut lire le code du projet : vérifiez que le build réussit toujours.",
        )
    elif "replace" in (read(posixpath.normpath(posixpath.join(root, "go.mod"))) or ""):
        return Text(
            "go.mod replaces a module by a folder: copy it as well.",
            "go.mod remplace un module par un dossier : copiez-le aussi.",
        )
    folder = FILLED.get(manager)
    if folder and not view.context.ignored(f"{folder}/x"):
        return Text(
            f"{folder} has to be in .dockerignore, or the later copy overwrites what was installed.",
            f"{folder} doit figurer dans .dockerignore, sinon la copie qui suit écrase ce qui vient d'être installé.",
        )
    return None


RULES = (copy_before_install,)
