"""Why a fact is what it is: the candidates with their evidence, what kind of place each one is, and the precedence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.core import kinds
from devops_orchestrator.core.project import Component
from devops_orchestrator.patterns import lazy
from devops_orchestrator.text import Text

# fact → where it is looked for, in the order of precedence. The ecosystems offer their candidates in this order.
PRECEDENCE: dict[str, Text] = {
    "language": Text(
        "the manifest of the folder; TypeScript where its sources or a tsconfig.json are there; the larger share of Java and Kotlin",
        "le manifeste du dossier ; TypeScript quand ses sources ou un tsconfig.json sont là ; la plus grande part entre Java et Kotlin",
    ),
    "framework": Text(
        "the runtime dependencies by their whole name, what builds pages before what serves them; then what the code imports",
        "les dépendances d'exécution, nom entier, ce qui construit les pages avant ce qui les sert ; puis ce que le code importe",
    ),
    "package_manager": Text(
        "the manifest's own field, then the lockfile nearest to the component, then the manifest's kind, then the language's own manager",
        "le champ du manifeste, puis le fichier de verrouillage le plus proche, puis le type de manifeste, puis le gestionnaire du langage",
    ),
    "runtime": Text(
        "the language's own version file, the manifest's constraint (its lower bound), .tool-versions and mise, the Dockerfile, CI files",
        "le fichier de version du langage, la contrainte du manifeste (sa borne basse), .tool-versions et mise, le Dockerfile, les fichiers de CI",
    ),
    "install": Text(
        "the package manager and its lockfile (a frozen install where there is one)",
        "le gestionnaire de paquets et son fichier de verrouillage (installation figée s'il existe)",
    ),
    "build": Text(
        "the manifest's scripts or build tool, then Makefile, justfile and Taskfile",
        "les scripts du manifeste ou l'outil de construction, puis Makefile, justfile et Taskfile",
    ),
    "test": Text(
        "the manifest's scripts, then test tools that are installed or configured, where there are tests; then task runners",
        "les scripts du manifeste, puis les outils de test installés ou configurés, s'il y a des tests ; puis les lanceurs de tâches",
    ),
    "lint": Text(
        "the manifest's scripts, then linters that are installed or configured, then task runners",
        "les scripts du manifeste, puis les linters installés ou configurés, puis les lanceurs de tâches",
    ),
    "typecheck": Text(
        "the manifest's scripts, then type checkers that are installed or configured, then task runners",
        "les scripts du manifeste, puis les vérificateurs de types installés ou configurés, puis les lanceurs de tâches",
    ),
    "start": Text(
        "Procfile and production scripts, the command of the component's image, the entry point found in the code",
        "le Procfile et les scripts de production, la commande de l'image du composant, le point d'entrée trouvé dans le code",
    ),
    "migrate": Text(
        "a release command of the Procfile, scripts named for it, the migration tool that is a dependency and has migrations",
        "la commande release du Procfile, les scripts prévus pour, l'outil de migration présent en dépendance avec des migrations",
    ),
    "port": Text(
        "the code and its configuration, then the Dockerfile (ENV that the code reads, EXPOSE), then the framework's documented default",
        "le code et sa configuration, puis le Dockerfile (variable ENV lue par le code, EXPOSE), puis la valeur par défaut documentée du framework",
    ),
    "health": Text(
        "routes that the code declares (healthz and health before ready, then ping and status), the framework's own, the image's HEALTHCHECK",
        "les routes que le code déclare (healthz et health avant ready, puis ping et status), celles du framework, le HEALTHCHECK de l'image",
    ),
    "metrics": Text(
        "an exporter that is a dependency and is really served by the code",
        "un exportateur présent en dépendance et réellement servi par le code",
    ),
    "services": Text(
        "drivers among the runtime dependencies, connection strings and configuration, what compose says that it depends on",
        "les pilotes parmi les dépendances d'exécution, les chaînes de connexion et la configuration, ce dont compose dit qu'il dépend",
    ),
    "environment": Text(
        "what the code reads; the example file where the framework reads its own configuration",
        "ce que le code lit ; le fichier d'exemple quand le framework lit sa propre configuration",
    ),
    "required_environment": Text(
        "what the code reads without a default", "ce que le code lit sans valeur par défaut"
    ),
    "processes": Text(
        "the Procfile, then worker and scheduler libraries that the code configures, then compose",
        "le Procfile, puis les bibliothèques de tâches que le code configure, puis compose",
    ),
    "output": Text(
        "the build tool's configuration, then its documented default",
        "la configuration de l'outil de construction, puis sa valeur par défaut documentée",
    ),
    "assets": Text("folders that the framework serves as they are", "les dossiers que le framework sert tels quels"),
    "writable": Text(
        "what the code or the framework writes to while it runs",
        "ce que le code ou le framework écrit pendant l'exécution",
    ),
    "entrypoint": Text(
        "production scripts, then the entry point found in the code",
        "les scripts de production, puis le point d'entrée trouvé dans le code",
    ),
}  # fmt: skip
FACTS = tuple(PRECEDENCE)
_MANY = ("services", "environment", "required_environment", "writable")

_TOOL_FILES = lazy(
    r"(^|/)(\.nvmrc|\.node-version|\.python-version|runtime\.txt|\.ruby-version|\.php-version|\.java-version|\.go-version|\.sdkmanrc|"
    r"rust-toolchain(\.toml)?|global\.json|\.tool-versions|\.?mise\.toml|system\.properties)$"
)
_LOCKS = lazy(r"(^|/)([\w.-]*lock(file)?(\.\w+)?|go\.sum|npm-shrinkwrap\.json)$")
_TASKS = lazy(
    r"(^|/)(GNUmakefile|[Mm]akefile|\.?[Jj]ustfile|[Tt]askfile\.ya?ml|Procfile|tox\.ini|noxfile\.py|Rakefile)$"
)
_CODE = lazy(r"\.(py|[cm]?[jt]sx?|go|rs|rb|ru|php|java|kt|kts|cs|fs|exs?|vue|svelte)$")
SOURCES: dict[str, Text] = {
    "code": Text("code", "code"),
    "manifest": Text("manifest", "manifeste"),
    "version file": Text("version file", "fichier de version"),
    "lockfile": Text("lockfile", "fichier de verrouillage"),
    "task file": Text("task file", "fichier de tâches"),
    "dockerfile": Text("Dockerfile", "Dockerfile"),
    "compose": Text("compose", "compose"),
    "ci": Text("CI file", "fichier de CI"),
    "configuration": Text("configuration", "configuration"),
    "convention": Text("convention, nothing in the repository says it", "convention, rien dans le dépôt ne le dit"),
}
_CI = ("github-workflow", "github-action", "gitlab-ci", "circleci", "azure-pipelines", "jenkinsfile")


@dataclass(frozen=True)
class Reason:
    """One candidate of a fact: its value, its evidence, the kind of place (a key of SOURCES), whether it won."""

    value: object
    evidence: str
    source: str
    won: bool


def source_of(evidence: str, component: Component) -> str:
    """The kind of place that an evidence is: a key of SOURCES."""
    if evidence.startswith("convention"):
        return "convention"
    path = re.sub(r":\d+$", "", evidence)
    if path == component.manifest:
        return "manifest"
    if _TOOL_FILES.search(path):
        return "version file"
    if _LOCKS.search(path):
        return "lockfile"
    if _TASKS.search(path):
        return "task file"
    kind = kinds.of_path(path)
    if kind in ("dockerfile", "compose"):
        return kind
    if kind in _CI:
        return "ci"
    return "code" if _CODE.search(path) else "configuration"


def reasons(component: Component, fact: str) -> list[Reason]:
    """The candidates of a fact, the one that won first; of a list, its values. Empty where nothing says it."""
    if fact == "processes":
        return [
            Reason(f"{one.name}: {one.command}", one.evidence, source_of(one.evidence, component), True)
            for one in component.processes
        ]
    if fact in _MANY:
        found = [(value, component.evidence[f"{fact}.{value}"]) for value in getattr(component, fact)]
        return [Reason(value, evidence, source_of(evidence, component), True) for value, evidence in found]
    seen: set[tuple[str, str]] = set()
    result: list[Reason] = []
    for candidate in component.candidates.get(fact, ()):
        value = shown(candidate.value)
        if (value, candidate.evidence) not in seen:
            seen.add((value, candidate.evidence))
            result.append(Reason(value, candidate.evidence, source_of(candidate.evidence, component), not result))
    return result


def shown(value: object) -> str:
    """A value as people read it (`python 3.12`)."""
    name, version = getattr(value, "name", None), getattr(value, "version", None)
    return f"{name} {version or ''}".strip() if name is not None else str(value)
