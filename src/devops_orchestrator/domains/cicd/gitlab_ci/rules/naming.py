"""What the jobs of a pipeline name in the repository: scripts, versions, hosts; and from which branches they deploy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.gitlab_ci.pipeline import REFERENCE, jobs, pipeline, whole
from devops_orchestrator.formats import shell, workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import called, checks
from devops_orchestrator.project.versions import IMAGES
from devops_orchestrator.text import Text

_MAKES = (
    "mkdir",
    "git",
    "tar",
    "unzip",
    "curl",
    "wget",
    "cp",
    "mv",
    "npx",
    "ln",
    "docker",
    "rsync",
    "helm",
    "apk",
    "apt-get",
)
_LINE = {"node": 1, "java": 1, "dotnet": 1, "bun": 1, "deno": 1, "python": 2, "go": 2, "php": 2, "ruby": 2, "elixir": 2}


def _lines(job: Node) -> Iterator[Node]:
    for name in ("before_script", "script"):
        found = job.get(name)
        for node in (found.children() if found.kind == "list" else (found,)) if found is not None else ():
            if node.kind == "scalar" and not node.alias:
                yield node


@rule(
    "gitlab-ci/missing-script", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#script",
    title=Text("A script that the repository does not have", "Un script que le dépôt n'a pas"),
    advice=Text("The job fails with `Missing script` or `No such file`.", "Le job échoue avec `Missing script` ou `No such file`."),
)  # fmt: skip
def missing_script(source: Source, project: Project) -> Iterator[Hit]:
    """Package scripts, make targets and files that a job's commands name and the repository has not."""
    document = pipeline(source)
    for _, job in jobs(document) if document is not None else ():
        folder: str | None = "."
        for node in _lines(job):
            script = workflow.script_of(node)
            for command in shell.commands(script.text):
                if command.name in ("cd", "pushd"):
                    target = command.words[1].value if len(command.words) > 1 else ""
                    folder = target.strip("/") if called.plain(target) and folder == "." else None
                    continue
                if folder is None or command.name in _MAKES or (folder != "." and not project.repository.below(folder)):
                    continue
                missing = called.missing(command.values, folder, project)
                if missing is None or not script.placed:
                    continue
                yield Hit(
                    script.place(command.start), script.place(command.end - 1) + 1,
                    Text(f"{missing[0]} is not in {missing[1]}.", f"{missing[0]} n'est pas dans {missing[1]}."),
                )  # fmt: skip


@rule(
    "gitlab-ci/runtime-mismatch", Severity.WARNING, on="gitlab-ci", url=REFERENCE + "#image",
    title=Text("CI tests another version than the project runs on", "La CI teste une autre version que celle du projet"),
    advice=Text(
        "A green job on another version says little about the one that is shipped; below the project's minimum nothing installs.",
        "Un job vert sur une autre version dit peu de celle qui est livrée ; sous le minimum du projet, rien ne s'installe.",
    ),
)  # fmt: skip
def runtime_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """The image of `default`, of the top or of a job that checks, below the project's least version or beside its exact one."""
    document = pipeline(source)
    if document is None:
        return
    places = [document.get("image"), document.get("default", "image")]
    places += [job.get("image") for _, job in jobs(document) if _checks(job, project)]
    for place in places:
        node = place.get("name") if place is not None and place.kind == "map" else place
        if node is None or node.kind != "scalar" or "$" in node.scalar or node.alias:
            continue
        base, _, tag = node.scalar.partition("@")[0].rpartition("/")[2].partition(":")
        version = re.match(r"v?(\d+(?:\.\d+)*)", tag)
        for component in project.components if version else ():
            runtime = component.runtime
            if (
                runtime is None
                or not runtime.version
                or base not in IMAGES.get(runtime.name, ())
                or runtime.name not in _LINE
                or _several(project, runtime.name)
            ):
                continue
            evidence = component.evidence.get("runtime", "")
            if version is None or not _differs(version[1], runtime.version, runtime.name, evidence):
                continue
            path, _, line = evidence.rpartition(":")
            yield Hit(
                node.start, node.end,
                Text(f"{node.scalar} here; the project says {runtime.name} {runtime.version} ({evidence}).", f"{node.scalar} ici ; le projet indique {runtime.name} {runtime.version} ({evidence})."),
                related=(Related(path, int(line), Text(f"{runtime.version} is said here", f"{runtime.version} est indiquée ici")),) if line.isdigit() else (),
            )  # fmt: skip
            break


def _several(project: Project, runtime: str) -> bool:
    return (
        len(
            {
                c.runtime.version
                for c in project.components
                if c.runtime and c.runtime.name == runtime and c.runtime.version
            }
        )
        > 1
    )


def _checks(job: Node, project: Project) -> bool:
    return any(next(checks.of_script(node.scalar, ".", project), None) is not None for node in _lines(job))


def _differs(ours: str, theirs: str, runtime: str, evidence: str) -> bool:
    one, other = ([int(n) for n in re.findall(r"\d+", text)] for text in (ours, theirs))
    length = min(len(one), len(other), _LINE[runtime])
    exact = re.search(r"(?:^|/)(?:\.[\w-]*version|\.nvmrc|\.tool-versions|Dockerfile[\w.-]*):", evidence)
    return one[:length] != other[:length] if exact else one[:length] < other[:length]


_URL = lazy(r"^[\w+]+://(?:[^@/\s]*@)?([a-z][\w-]*)(?::\d+)?(?:[/?]|$)")
_LOCAL = ("localhost", "docker", "host")


@rule(
    "gitlab-ci/unknown-host", Severity.ERROR, on="gitlab-ci", url="https://docs.gitlab.com/ci/services/#accessing-the-services",
    title=Text("A host that no service has", "Un hôte qu'aucun service ne porte"),
    advice=Text(
        "A service is reached by its alias or by the name of its image; another name is not resolved, and each connection fails.",
        "Un service se joint par son alias ou par le nom de son image ; un autre nom n'est pas résolu, et chaque connexion échoue.",
    ),
)  # fmt: skip
def unknown_host(source: Source, project: Project) -> Iterator[Hit]:
    """Hosts of URLs under `variables` of a job that has services, against the names that GitLab gives them."""
    document = pipeline(source)
    for name, job in jobs(document) if document is not None else ():
        services = job.get("services") or (document.get("services") if document is not None else None)
        known = _hosts(services)
        if not known:
            continue
        variables = job.get("variables")
        for _, node in variables.items() if variables is not None and variables.kind == "map" else ():
            url = (
                _URL.match(node.scalar)
                if node.kind == "scalar"
                and "$" not in node.scalar.partition("://")[2].rpartition("@")[2].partition("/")[0]
                else None
            )
            if (
                url is None
                or url[1] in known
                or url[1] in _LOCAL
                or "." in url[1]
                or node.scalar.startswith(("http://", "https://", "tcp://docker", "git", "ssh"))
            ):
                continue
            shown = ", ".join(sorted(known))
            yield Hit(
                node.start, node.end,
                Text(f"{name}: no service is called {url[1]} (there are: {shown}).", f"{name} : aucun service ne s'appelle {url[1]} (il y a : {shown})."),
                related=(Related(source.path, source.lines.place(services.start)[0], Text("the services", "les services")),) if services is not None else (),
            )  # fmt: skip


def _hosts(services: Node | None) -> set[str]:
    """The names of services: their aliases, and their images with `/` as `-` or `__`."""
    found: set[str] = set()
    for entry in services.children() if services is not None and services.kind == "list" else ():
        image = entry.get("name") if entry.kind == "map" else entry
        alias = entry.get("alias") if entry.kind == "map" else None
        if alias is not None:
            found |= set(re.split(r"[,\s]+", alias.scalar))
        if image is None or "$" in image.scalar:
            if alias is None:
                return set()
            continue
        bare = image.scalar.partition("@")[0]
        path = bare[: bare.rfind(":")] if ":" in bare.rpartition("/")[2] else bare
        found |= {path.replace("/", "-"), path.replace("/", "__"), path.rpartition("/")[2] if "/" not in path else path}
    return {name for name in found if name}


@rule(
    "gitlab-ci/deploy-anywhere", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#rules",
    title=Text("A deployment from every branch", "Un déploiement depuis toutes les branches"),
    advice=Text(
        "A job without `rules` runs in the pipeline of each branch: unfinished work goes out with its first push.",
        "Un job sans `rules` tourne dans le pipeline de chaque branche : un travail inachevé part dès son premier push.",
    ),
)  # fmt: skip
def deploy_anywhere(source: Source, project: Project) -> Iterator[Hit]:
    """A job that deploys without `rules`, `only` or `when: manual`, in a pipeline whose `workflow` lets every branch in."""
    document, found = pipeline(source), whole(source, project)
    if document is None or found is None or not found.seen:
        return
    limits = " ".join(str(each.at("workflow", "rules", default="")) for _, each in found.documents)
    if "COMMIT_BRANCH ==" in limits or "COMMIT_TAG" in limits or "COMMIT_REF_NAME ==" in limits:
        return
    for key, job in document.items():
        name = key.scalar
        if name.startswith(".") or job.kind != "map" or job.get("script") is None or job.get("extends") is not None:
            continue
        if (
            any(job.get(field) is not None for field in ("rules", "only", "except", "trigger"))
            or job.at("when") == "manual"
        ):
            continue
        environment = str(job.at("environment", "name", default=job.at("environment", default="")) or "")
        what = next(
            (
                told
                for node in _lines(job)
                for command in shell.commands(node.scalar)
                if (told := _deploys(command.values))
            ),
            None,
        )
        if what is None or "$" in environment or re.search(r"review|preview|test", f"{name} {environment}", re.I):
            continue
        yield Hit(
            key.start, key.end,
            Text(f"{name} deploys ({what}) from any branch: it has no rules.", f"{name} déploie ({what}) depuis n'importe quelle branche : il n'a pas de rules."),
        )  # fmt: skip


def _deploys(words: tuple[str, ...]) -> str | None:
    for wanted in (
        ("terraform", "apply"),
        ("tofu", "apply"),
        ("kubectl", "apply"),
        ("kubectl", "rollout"),
        ("helm", "upgrade"),
        ("flyctl", "deploy"),
        ("kamal", "deploy"),
        ("ansible-playbook",),
        ("serverless", "deploy"),
    ):
        if words[0] == wanted[0] and (len(wanted) == 1 or wanted[1] in words[1:4]) and "--dry-run=client" not in words:
            return " ".join(wanted)
    return None
