"""What is joined by name and does not meet: workflows that wait for others, cache keys and paths, addresses of services, build stages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import existing
from devops_orchestrator.domains.cicd.github_actions.rules import place
from devops_orchestrator.domains.cicd.github_actions.rules.references import literals
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import dockerfile, workflow
from devops_orchestrator.formats.workflow import Job
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy
from devops_orchestrator.text import Text

_SYNTAX = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax"
_HASH = lazy(r"hashFiles\(\s*((?:'[^']*'\s*,?\s*)+)\)", re.I)


@rule(
    "github-actions/unknown-workflow", Severity.ERROR, on="github-workflow",
    title=Text("Waiting for a workflow that no file is called", "L'attente d'un workflow qui n'existe pas"),
    advice=Text(
        "`workflow_run` compares the `name` of workflows: with a name that none has, this one never starts, and nothing says so.",
        "`workflow_run` compare le `name` des workflows : avec un nom que personne ne porte, celui-ci ne démarre jamais, sans que rien ne le dise.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_run",
)  # fmt: skip
def unknown_workflow(source: Source, project: Project) -> Iterator[Hit]:
    """`workflow_run.workflows` names that no workflow of the repository has."""
    settings = source.parsed(workflow.parse).triggers.get("workflow_run")
    listed = settings.get("workflows") if settings is not None and settings.kind == "map" else None
    if listed is None:
        return
    names = set()
    for path in project.of_kind("github-workflow"):
        read = existing.read(project, path)
        names |= {str(read.root.at("name", default=path)), path} if read is not None else {path}
    for node in listed.children() if listed.kind == "list" else (listed,):
        if node.scalar and node.scalar not in names and not node.alias and not set("*?[{") & set(node.scalar):
            shown = ", ".join(sorted(name for name in names if "/" not in name)) or "-"
            yield Hit(
                node.start, node.end,
                Text(f"No workflow is called {node.scalar} (there are: {shown}).", f"Aucun workflow ne s'appelle {node.scalar} (il y a : {shown})."),
            )  # fmt: skip


@rule(
    "github-actions/empty-hash", Severity.WARNING, on=("github-workflow", "github-action"),
    title=Text("A cache key made of a file that is not there", "Une clé de cache faite d'un fichier absent"),
    advice=Text(
        "`hashFiles` of nothing is empty: the key never changes, and the cache keeps what the first run put into it.",
        "`hashFiles` sans fichier est vide : la clé ne change jamais, et le cache garde ce que la première exécution y a mis.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#hashfiles",
)  # fmt: skip
def empty_hash(source: Source, project: Project) -> Iterator[Hit]:
    """`hashFiles` in a cache key none of whose patterns matches a file, and that no earlier script of the job speaks of."""
    found = source.parsed(workflow.parse)
    for group in found.groups:
        for number, step in enumerate(group.steps):
            key = step.inputs.get("key")
            if step.uses is None or not step.uses.name.startswith("actions/cache") or key is None or key.alias:
                continue
            earlier = "\n".join(s.script.plain for s in group.steps[:number] if s.script)
            for match in _HASH.finditer(key.scalar):
                patterns = [text.strip().removeprefix("./") for text in re.findall(r"'([^']*)'", match[1])]
                wanted = [text for text in patterns if text and not text.startswith("!")]
                if (
                    not wanted
                    or any("$" in text or text.startswith(("/", "~", "..")) for text in wanted)
                    or _checked_out_below(group)
                ):
                    continue
                if project.repository.glob(*wanted) or any(posixpath.basename(text) in earlier for text in wanted):
                    continue
                if (
                    earlier
                    and any(re.search(r"lock|\.sum$|\.txt$", text) for text in wanted)
                    and re.search(r"\b(?:update|lock|install|tidy|freeze|compile|generate)\b", earlier)
                ):
                    continue  # the job may make the file itself
                at = source.text.find(match[0], key.start, key.end)
                start, end = (at, at + len(match[0])) if at >= 0 else (key.start, key.end)
                shown = ", ".join(wanted)
                yield Hit(
                    start, end,
                    Text(f"No file of the repository matches {shown}: this part of the key is empty.", f"Aucun fichier du dépôt ne correspond à {shown} : cette partie de la clé est vide."),
                )  # fmt: skip


def _checked_out_below(group: Job) -> bool:
    return any(
        s.uses and s.uses.name == "actions/checkout" and ({"path", "repository"} & set(s.inputs)) for s in group.steps
    )


# What is cached → the programs that fill it.
_FILLERS = (
    (r"\.npm(?:/|$)|npm-cache", r"npm|npx|yarn|pnpm|node|vp"), (r"\.cache/pip", r"pip3?|python3?|tox|nox|pre-commit|hatch|poetry|pipx|uv|pipenv"),
    (r"\.composer|\.cache/composer|composer/cache", r"composer|php|symfony"), (r"\.m2(?:/|$)", r"mvnw?|java|gradlew?|lein|sbt|clojure"),
    (r"\.gradle(?:/|$)", r"gradlew?"), (r"\.cargo/(?:registry|git)", r"cargo|rustup|cross|wasm-pack|maturin|trunk|tauri"), (r"go/pkg/mod|\.cache/go-build", r"go|golangci-lint|goreleaser|gotestsum|ko"),
    (r"\.cache/yarn|\.yarn/cache", r"yarn"), (r"\.bun(?:/|$)", r"bunx?"), (r"\.cache/uv", r"uvx?"), (r"\.nuget/packages", r"dotnet|nuget|msbuild"), (r"\.pub-cache", r"dart|flutter"),
)  # fmt: skip


@rule(
    "github-actions/unused-cache-path", Severity.WARNING, on="github-workflow",
    title=Text("A cache that nothing in the job fills", "Un cache que rien ne remplit dans le job"),
    advice=Text(
        "The folder is another package manager's: the cache stays empty, and what is really installed is downloaded on every run.",
        "Ce dossier est celui d'un autre gestionnaire de paquets : le cache reste vide, et ce qui est vraiment installé est retéléchargé à chaque fois.",
    ),
    url="https://github.com/actions/cache#usage",
)  # fmt: skip
def unused_cache_path(source: Source, project: Project) -> Iterator[Hit]:
    """`actions/cache` of a package manager's folder in a job none of whose commands is that manager's."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        names = {
            word.rpartition("/")[2] for step in job.steps for command in place.commands(step) for word in command.values
        }
        outside = any(
            step.uses and (step.uses.kind != "action" or not step.uses.name.startswith(("actions/", "shivammathur/")))
            for step in job.steps
        )
        opaque = names & {
            "make",
            "just",
            "task",
            "docker",
            "bash",
            "sh",
            "rake",
            "bazel",
            "nix",
            "earthly",
            "mise",
            "turbo",
            "nx",
        }
        if any("/" in c.words[0].value for s in job.steps for c in place.commands(s)):
            continue  # a script of the repository may do anything
        if outside or opaque or any(name.endswith((".sh", ".py")) for name in names) or not names:
            continue
        for step in job.steps:
            node = step.inputs.get("path")
            if (
                step.uses is None
                or step.uses.name not in ("actions/cache", "actions/cache/save")
                or node is None
                or "${{" in node.scalar
            ):
                continue
            lines = [line.strip() for line in node.scalar.splitlines() if line.strip()]
            wanted = [
                next((programs for folder, programs in _FILLERS if re.search(folder, line)), None) for line in lines
            ]
            if (
                not lines
                or None in wanted
                or any(re.fullmatch(programs or "", name) for programs in wanted for name in names)
            ):
                continue
            yield Hit(
                node.start, node.end,
                Text(f"Nothing in {job.id} writes to {lines[0]}.", f"Rien, dans {job.id}, n'écrit dans {lines[0]}."),
            )  # fmt: skip


# Image → the schemes of the URLs by which it is reached, and its port.
_SERVERS = {
    "postgres": (r"postgres(?:ql)?(?:\+\w+)?|postgis|jdbc:postgresql|ecto", "5432"), "postgis": (r"postgres(?:ql)?(?:\+\w+)?|postgis|jdbc:postgresql", "5432"), "mysql": (r"mysql2?(?:\+\w+)?|jdbc:mysql", "3306"),
    "mariadb": (r"mysql2?(?:\+\w+)?|mariadb(?:\+\w+)?|jdbc:(?:mysql|mariadb)", "3306"), "redis": (r"rediss?", "6379"), "valkey": (r"rediss?|valkey", "6379"), "mongo": (r"mongodb", "27017"), "rabbitmq": (r"amqps?|pyamqp", "5672"), "nats": (r"nats", "4222"),
}  # fmt: skip
_URL = lazy(r"^([\w+:]+)://(?:[^@/\s]*@)?([\w.-]+)(?::(\d+))?(?:[/?]|$)")


@rule(
    "github-actions/service-address", Severity.ERROR, on="github-workflow",
    title=Text("An address at which no service listens", "Une adresse à laquelle aucun service n'écoute"),
    advice=Text(
        "On the runner itself a service is reached at localhost and the port that is published for it; from a job's container at the service's name and its own port.",
        "Sur le runner même, un service se joint sur localhost et le port publié pour lui ; depuis le conteneur d'un job, par le nom du service et son propre port.",
    ),
    url="https://docs.github.com/en/actions/tutorials/use-containerized-services/create-postgresql-service-containers",
)  # fmt: skip
def service_address(source: Source, project: Project) -> Iterator[Hit]:
    """URLs under `env` against the names and published ports of the job's services."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        services = dict(_published(job))
        if not services:
            continue
        contained = job.get("container") is not None
        for env in (job.get("env"), *(step.get("env") for step in job.steps)):
            for _, node in env.items() if env is not None and env.kind == "map" else ():
                told = (
                    _unreachable(node.scalar, services, contained)
                    if node.kind == "scalar" and "${{" not in node.scalar
                    else None
                )
                if told is not None:
                    line = source.lines.place(told[1].start)[0]
                    yield Hit(
                        node.start,
                        node.end,
                        told[0],
                        related=(Related(source.path, line, Text("the service", "le service")),),
                    )


def _published(job: Job) -> Iterator[tuple[str, tuple[Node, str, list[tuple[str, str]]]]]:
    """Service → (its place, image, published ports as (outside, inside)); ports that an expression or GitHub chooses are left out."""
    entries = job.get("services")
    for key, entry in entries.items() if entries is not None else ():
        image = entry.get("image") if entry.kind == "map" else entry
        ports = entry.get("ports") if entry.kind == "map" else None
        pairs = [str(node.scalar).partition(":") for node in ports.children()] if ports is not None else []
        if image is not None and image.kind == "scalar" and "$" not in image.scalar:
            yield key.scalar, (key, image.scalar, [(a, b.partition("/")[0]) for a, _, b in pairs if a.isdigit() and b])


def _unreachable(
    text: str, services: dict[str, tuple[Node, str, list[tuple[str, str]]]], contained: bool
) -> tuple[Text, Node] | None:
    url = _URL.match(text)
    if url is None:
        return None
    scheme, host, port = url[1], url[2], url[3]
    mine = [
        (name, *rest)
        for name, rest in services.items()
        if (known := _SERVERS.get(_base(rest[1]))) and re.fullmatch(known[0], scheme)
    ]
    if len(mine) != 1:
        return None
    name, key, image, ports = mine[0]
    own = _SERVERS[_base(image)][1]
    if contained:
        if host in ("localhost", "127.0.0.1"):
            return Text(
                f"From the job's container {name} is reached at {name}:{own}, not at {host}.",
                f"Depuis le conteneur du job, {name} se joint à {name}:{own}, pas à {host}.",
            ), key
        return None
    published = [outside for outside, inside in ports if inside == own]
    if host in services and host not in ("localhost", "127.0.0.1"):
        return Text(
            f"{host} is no name on the runner: the service is at localhost:{published[0] if published else own}.",
            f"{host} n'est pas un nom connu du runner : le service est sur localhost:{published[0] if published else own}.",
        ), key
    if host in ("localhost", "127.0.0.1") and published and (port or own) not in published:
        return Text(
            f"{name} is published on {published[0]}, the URL says {port or own}.",
            f"{name} est publié sur {published[0]}, l'URL indique {port or own}.",
        ), key
    return None


def _base(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


@rule(
    "github-actions/unknown-target", Severity.ERROR, on="github-workflow",
    title=Text("A build stage that the Dockerfile has not", "Une étape de build que le Dockerfile n'a pas"),
    advice=Text("The build fails: `target stage could not be found`.", "Le build échoue : `target stage could not be found`."),
    url="https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage",
)  # fmt: skip
def unknown_target(source: Source, project: Project) -> Iterator[Hit]:
    """`target` of docker/build-push-action (the matrix's values too) against the stages of the Dockerfile."""
    for job, step in source.parsed(workflow.parse).steps:
        target = step.inputs.get("target")
        if step.uses is None or step.uses.repository != "docker/build-push-action" or target is None:
            continue
        context, file = step.input("context") or ".", step.input("file")
        path = posixpath.normpath(file or posixpath.join(context, "Dockerfile"))
        if "${{" in f"{context}{file}" or not project.repository.has(path):
            continue
        try:
            parsed = dockerfile.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        names = [stage.name.lower() for stage in parsed.stages if stage.name]
        for node in literals(job, target):
            if (
                node.scalar
                and "${{" not in node.scalar
                and node.scalar.lower() not in names
                and not node.scalar.isdigit()
            ):
                shown = ", ".join(names) or "-"
                yield Hit(
                    node.start, node.end,
                    Text(f"{path} has no stage {node.scalar} (it has: {shown}).", f"{path} n'a pas d'étape {node.scalar} (il a : {shown})."),
                    related=(Related(path, 1, Text("the Dockerfile", "le Dockerfile")),),
                )  # fmt: skip
