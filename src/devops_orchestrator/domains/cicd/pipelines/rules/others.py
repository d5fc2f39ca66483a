"""Travis and Azure pipelines, and package scripts: what is forgotten, too old, not there, or fetched from the network unseen."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import shell, yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.documents import read_json
from devops_orchestrator.text import Text


@rule(
    "pipelines/forgotten-travis", Severity.WARNING, on="travis", url="https://docs.travis-ci.com/user/migrate/open-source-repository-migration/",
    title=Text("A Travis file beside another CI", "Un fichier Travis à côté d'une autre CI"),
    advice=Text(
        "Two CIs with two truths: the one that is not watched still holds credentials and badges.",
        "Deux CI, deux vérités : celle que personne ne regarde garde pourtant des identifiants et des badges.",
    ),
)  # fmt: skip
def forgotten_travis(source: Source, project: Project) -> Iterator[Hit]:
    """`.travis.yml` in a repository that has another CI's files."""
    others = project.of_kind("github-workflow", "gitlab-ci", "circleci", "azure-pipelines", "jenkinsfile")
    if others:
        yield Hit(
            0, min(len(source.text), max(1, source.text.find("\n"))),
            Text(f"{others[0]} is there too.", f"{others[0]} est là aussi."),
            related=(Related(others[0], 1, Text("the other CI", "l'autre CI")),),
        )  # fmt: skip


# Key of a Travis file → the runtime that it sets up.
_TRAVIS = {
    "node_js": "node",
    "python": "python",
    "php": "php",
    "rvm": "ruby",
    "go": "go",
    "jdk": "java",
    "elixir": "elixir",
}


@rule(
    "pipelines/outgrown-runtime", Severity.WARNING, on="travis", url="https://docs.travis-ci.com/user/languages/",
    title=Text("CI on versions that the project no longer supports", "Une CI sur des versions que le projet ne gère plus"),
    advice=Text(
        "Below the least version that the project asks for, nothing installs: the builds fail, or have not run for a long time.",
        "Sous la version minimale du projet, rien ne s'installe : les builds échouent, ou ne tournent plus depuis longtemps.",
    ),
)  # fmt: skip
def outgrown_runtime(source: Source, project: Project) -> Iterator[Hit]:
    """Versions of a Travis file, all of which are below the least that the main component admits."""
    main = project.main
    if main is None or main.runtime is None or not main.runtime.version:
        return
    evidence = main.evidence.get("runtime", "")
    path, _, line = evidence.rpartition(":")
    for document in source.parsed(yaml.parse)[:1]:
        for key, runtime in _TRAVIS.items():
            node = document.get(key)
            if node is None or runtime != main.runtime.name:
                continue
            listed = list(node.children()) if node.kind == "list" else [node]
            told = [each for each in listed if re.fullmatch(r"v?\d+(\.[\dx]+)*", each.scalar)]
            if not told or any(not _below(each.scalar, main.runtime.version) for each in told):
                continue
            shown = ", ".join(each.scalar for each in told)
            yield Hit(
                told[0].start, told[-1].end,
                Text(f"{runtime} {shown} here; the project asks for {main.runtime.version} ({evidence}).", f"{runtime} {shown} ici ; le projet demande {main.runtime.version} ({evidence})."),
                related=(Related(path, int(line), Text(f"{main.runtime.version} is said here", f"{main.runtime.version} est indiquée ici")),) if line.isdigit() else (),
            )  # fmt: skip


def _below(version: str, least: str) -> bool:
    ours, theirs = ([int(n) for n in re.findall(r"\d+", text)] for text in (version, least))
    length = min(len(ours), len(theirs))
    return ours[:length] < theirs[:length]


_RETIRED = {
    "ubuntu-16.04": "ubuntu-24.04", "ubuntu-18.04": "ubuntu-24.04", "ubuntu-20.04": "ubuntu-24.04", "vs2017-win2016": "windows-2025", "windows-2019": "windows-2025",
    "macos-10.14": "macos-15", "macos-10.15": "macos-15", "macos-11": "macos-15", "macos-12": "macos-15", "macos-13": "macos-15",
}  # fmt: skip


@rule(
    "pipelines/retired-pool", Severity.ERROR, on="azure-pipelines", url="https://learn.microsoft.com/azure/devops/pipelines/agents/hosted",
    title=Text("A hosted image that is gone", "Une image hébergée qui n'existe plus"),
    advice=Text("No agent takes the job: the run fails before its first step.", "Aucun agent ne prend le job : l'exécution échoue avant sa première étape."),
)  # fmt: skip
def retired_pool(source: Source, project: Project) -> Iterator[Hit]:
    """`vmImage` of a retired image."""
    for document in source.parsed(yaml.parse)[:1]:
        for mapping in document.walk():
            node = mapping.get("vmImage") if mapping.kind == "map" else None
            new = _RETIRED.get(node.scalar.lower()) if node is not None and node.kind == "scalar" else None
            if node is None or new is None or node.alias:
                continue
            quote = source.text[node.start] if source.text[node.start] in "'\"" else ""
            yield Hit(
                node.start, node.end,
                Text(f"{node.scalar} has been retired; {new} is its successor.", f"{node.scalar} a été retirée ; {new} lui succède."),
                Fix(
                    (source.edit(node.start, node.end, f"{quote}{new}{quote}"),), False, Text(f"run on {new}", f"exécuter sur {new}"),
                    Text("The tools that come with the image have other versions there.", "Les outils fournis avec l'image y ont d'autres versions."),
                ),
            )  # fmt: skip


@rule(
    "pipelines/unknown-dependency", Severity.ERROR, on="azure-pipelines", url="https://learn.microsoft.com/azure/devops/pipelines/process/stages#define-conditions",
    title=Text("A `dependsOn` of nothing", "Un `dependsOn` vers rien"),
    advice=Text("Azure refuses the whole pipeline.", "Azure refuse le pipeline entier."),
)  # fmt: skip
def unknown_dependency(source: Source, project: Project) -> Iterator[Hit]:
    """`dependsOn` that names no stage (or no job of the stage), where no template adds any."""
    for document in source.parsed(yaml.parse)[:1]:
        if document.get("parameters") is not None:
            continue  # a template: its jobs are among those of the file that names it
        for mapping in document.walk():
            for part, name in (("stages", "stage"), ("jobs", "job")):
                listed = mapping.get(part) if mapping.kind == "map" else None
                if listed is None or listed.kind != "list":
                    continue
                entries = [entry for entry in listed.children() if entry.kind == "map"]
                if any(
                    entry.get("template") is not None or any("${{" in key.scalar for key, _ in entry.items())
                    for entry in entries
                ):
                    continue
                known = {
                    str(entry.at(key))
                    for entry in entries
                    for key in (name, "deployment")
                    if entry.get(key) is not None
                }
                for entry in entries:
                    for node in _scalars(entry.get("dependsOn")):
                        if node.scalar and node.scalar not in known and "$" not in node.scalar:
                            shown = ", ".join(sorted(known))
                            yield Hit(
                                node.start, node.end,
                                Text(f"There is no {name} {node.scalar} (there are: {shown}).", f"Il n'y a pas de {name} {node.scalar} (il y a : {shown})."),
                            )  # fmt: skip


def _scalars(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return (
        [child for child in node.children() if child.kind == "scalar"]
        if node.kind == "list"
        else [node]
        if node.kind == "scalar"
        else []
    )


@rule(
    "pipelines/missing-template", Severity.ERROR, on="azure-pipelines", url="https://learn.microsoft.com/azure/devops/pipelines/process/templates",
    title=Text("A template that is not there", "Un modèle absent"),
    advice=Text("Azure refuses the whole pipeline.", "Azure refuse le pipeline entier."),
)  # fmt: skip
def missing_template(source: Source, project: Project) -> Iterator[Hit]:
    """`template:` of a file that is neither beside the pipeline nor at the root."""
    for document in source.parsed(yaml.parse)[:1]:
        for mapping in document.walk():
            node = mapping.get("template") if mapping.kind == "map" else None
            if (
                node is None
                or node.kind != "scalar"
                or "@" in node.scalar
                or "$" in node.scalar
                or not node.scalar.endswith((".yml", ".yaml"))
            ):
                continue
            here = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), node.scalar))
            path = node.scalar.lstrip("/") if node.scalar.startswith("/") else here
            if not project.repository.has(path):
                yield Hit(
                    node.start, node.end,
                    Text(f"{path} is not in the repository.", f"{path} n'est pas dans le dépôt."),
                )  # fmt: skip


_LIFECYCLE = ("preinstall", "install", "postinstall", "prepare", "prepublish", "prepublishOnly", "prepack", "postpack")


@rule(
    "pipelines/unpinned-download", Severity.INFO, on="manifest", url="https://docs.npmjs.com/cli/commands/npx",
    title=Text("A script that runs whatever was published last", "Un script qui lance la dernière version parue"),
    advice=Text(
        "`npx` of a package that is no dependency downloads its newest version and runs it, outside of the lockfile; in `postinstall` on every install, in CI too.",
        "`npx` d'un paquet qui n'est pas une dépendance télécharge sa dernière version et l'exécute, hors du lockfile ; dans `postinstall`, à chaque installation, en CI aussi.",
    ),
)  # fmt: skip
def unpinned_download(source: Source, project: Project) -> Iterator[Hit]:
    """`npx x`, `pnpm dlx x`, `yarn dlx x`, `bunx x` in the scripts of package.json, where x is no dependency and has no version."""
    if posixpath.basename(source.path) != "package.json":
        return
    try:
        document = read_json(source.path, source.text)
    except ParseError:
        return
    known = _dependencies(source.path, project)
    for name, script in document.table("scripts").items():
        for command in shell.commands(script) if isinstance(script, str) else ():
            package = _downloaded(command.values)
            if (
                package is None
                or package in known
                or any(each.endswith(f"/{package}") or package in _BINARIES.get(each, ()) for each in known)
            ):
                continue
            line = document.line("scripts", name)
            text = source.lines.line(line)
            at = source.lines.start(line) + max(text.find(package), 0)
            yield Hit(
                at, at + len(package),
                Text(f"The script {name} downloads {package} and runs it: it is no dependency, and names no version.", f"Le script {name} télécharge {package} et l'exécute : ce n'est pas une dépendance, et aucune version n'est nommée."),
                severity=Severity.WARNING if name in _LIFECYCLE else None,
            )  # fmt: skip


# Package → the programs that it brings under another name.
_BINARIES = {
    "typescript": ("tsc", "tsserver"), "@playwright/test": ("playwright",), "@angular/cli": ("ng",), "@biomejs/biome": ("biome",), "@nestjs/cli": ("nest",), "@commitlint/cli": ("commitlint",),
    "npm-run-all": ("run-s", "run-p"), "npm-run-all2": ("run-s", "run-p"), "@vue/cli-service": ("vue-cli-service",), "@babel/cli": ("babel",), "webpack-cli": ("webpack",), "sequelize-cli": ("sequelize",),
    "@redocly/cli": ("redocly",), "@tailwindcss/cli": ("tailwindcss",), "tailwindcss": ("tailwind",), "@remix-run/dev": ("remix",), "@react-router/dev": ("react-router",), "@changesets/cli": ("changeset",), "@sentry/cli": ("sentry-cli",),
    "@storybook/cli": ("sb", "storybook"), "@typescript/native-preview": ("tsgo",), "rimraf": ("rimraf",), "@openapitools/openapi-generator-cli": ("openapi-generator-cli",), "@capacitor/cli": ("cap",), "@sveltejs/kit": ("svelte-kit",), "nuxt": ("nuxi",), "vite-plus": ("vp",),
    "simple-git-hooks": ("simple-git-hooks",), "@svgr/cli": ("svgr",), "@graphql-codegen/cli": ("graphql-codegen",), "prisma": ("prisma",), "@astrojs/check": ("astro-check",), "@wordpress/scripts": ("wp-scripts",), "@wordpress/env": ("wp-env",), "gulp-cli": ("gulp",), "grunt-cli": ("grunt",),
}  # fmt: skip


def _dependencies(path: str, project: Project) -> set[str]:
    """The packages of a manifest and of those above it (a workspace's root)."""
    known: set[str] = set()
    folder = posixpath.dirname(path)
    while True:
        above = posixpath.join(folder, "package.json")
        try:
            document = read_json(above, project.repository.read(above) or "{}")
        except ParseError:
            document = read_json(above, "{}")
        for table in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"):
            known |= set(document.table(table))
        if not folder:
            return known
        folder = posixpath.dirname(folder)


_PACKAGE = lazy(r"(?:@[\w.-]+/)?[a-z][\w.-]*")


def _downloaded(words: tuple[str, ...]) -> str | None:
    """The package that a command fetches without a version."""
    if words[0] in ("npx", "bunx"):
        rest = list(words[1:])
    elif words[0] in ("pnpm", "yarn") and words[1:2] == ("dlx",):
        rest = list(words[2:])
    else:
        return None
    if any(
        word in ("--no", "--no-install", "-p", "--package", "-c", "--call") or word.startswith("--package=")
        for word in rest
    ):
        return None
    package = next((word for word in rest if not word.startswith("-")), "")
    if package == "only-allow":
        return None  # it has to run before anything is installed
    return package if _PACKAGE.fullmatch(package) and not package.endswith((".js", ".ts", ".mjs")) else None
