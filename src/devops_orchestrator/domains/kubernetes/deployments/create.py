"""Manifests for the components of a repository: a kustomize base and an overlay for each environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.core.specialist import Suggestion
from devops_orchestrator.domains.kubernetes.deployments import next_steps
from devops_orchestrator.domains.kubernetes.deployments.images import UNSET, Image
from devops_orchestrator.domains.kubernetes.deployments.params import DeploymentsParams
from devops_orchestrator.domains.kubernetes.deployments.workload import Workload, build, slug, suggested
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes, template, yaml
from devops_orchestrator.text import Text

ENVIRONMENTS = ("staging", "production")
KINDS = {
    "deployment": "Deployment", "statefulset": "StatefulSet", "daemonset": "DaemonSet", "job": "Job", "cronjob": "CronJob",
}  # fmt: skip


def suggest(project: Project) -> Mapping[str, Suggestion]:
    """Image, port and health route as the repository shows them."""
    return {name: Suggestion(value, evidence) for name, (value, evidence) in suggested(project).items()}


def create(params: DeploymentsParams, project: Project) -> Creation:
    """The manifests of the asked component, or of every component that runs, and what is left to do."""
    subject = _named(params.name, project) or project.main
    # A command-line program ends: as a Deployment it would be started again for ever.
    ends = subject is not None and subject.kind == "command"
    kind = params.kind or ("cronjob" if params.schedule else "job" if ends else "deployment")
    told = suggested(project).get("image")
    unsaid = params.image is None or (told is not None and params.image == told[0])
    if subject is not None and subject.kind == "library" and unsaid:
        return _nothing_runs(project)
    target, components = _components(params, project, kind)
    if target is not project.main:
        params = _without_suggestions(params, project)
    found = [build(one, project, params, kind, target=one is target) for one in components]
    existing = _existing(found, project)
    if existing:
        return _improve_instead(existing, found)
    root = _root(kind, project)
    files, edits = _write(found, root, params, project)
    return Creation(
        summary=_summary(found, root),
        files=tuple(files),
        edits=tuple(edits),
        next_steps=tuple(next_steps.of(found, root, environments(params, found, project), project)),
    )


def _nothing_runs(project: Project) -> Creation:
    """A repository of libraries, themes or plugins: which image is to run is not in it."""
    names = ", ".join(component.name for component in project.components)
    return Creation(
        Text("Nothing here runs by itself.", "Rien ici ne s'exécute seul."),
        question=Text(
            f"{names} is code that other programs use: there is no process to deploy. Which image should run, and on which port does it listen?",
            f"{names} est du code utilisé par d'autres programmes : il n'y a aucun processus à déployer. Quelle image doit s'exécuter, et sur quel port écoute-t-elle ?",
        ),
        options=tuple(component.name for component in project.components),
    )


def environments(params: DeploymentsParams, found: list[Workload], project: Project) -> list[tuple[str, str]]:
    """(environment, namespace): production has the plain name, the others their own beside it."""
    names = params.environments or ENVIRONMENTS
    base = params.namespace or (found[0].name if len(found) == 1 else slug(project.name))
    plain = next((name for name in names if name in ("production", "prod")), names[-1])
    return [(name, base if name == plain else f"{base}-{name}") for name in names]


def _components(
    params: DeploymentsParams, project: Project, kind: str
) -> tuple[Component | None, list[Component | None]]:
    """(the component that the request is about, those to write for)."""
    named = _named(params.name, project)
    target = named or project.main
    alone = named is not None or (params.name is not None and len(project.deployable) > 1)
    if alone or kind != "deployment" or not project.deployable:
        return target, [target]
    return target, list(project.deployable)


def _named(name: str | None, project: Project) -> Component | None:
    """The component of that name, or the one whose name begins it (`api-migrate`)."""
    if name is None:
        return None
    starts = (one for one in project.deployable if name.startswith(f"{slug(one.name)}-"))
    return project.component(name) or next(starts, None)


def _without_suggestions(params: DeploymentsParams, project: Project) -> DeploymentsParams:
    """What is known of the main component says nothing about another one."""
    told = {name: value for name, (value, _) in suggested(project).items() if getattr(params, name) == value}
    return params.model_copy(update=dict.fromkeys(told))


def _existing(found: list[Workload], project: Project) -> list[str]:
    """The manifests, elsewhere than where this room writes, that already hold these workloads."""
    wanted = {(KINDS[w.kind], name) for w in found for name in (w.name, w.component.name if w.component else w.name)}
    wanted |= {(KINDS[w.kind], slug(project.name)) for w in found if len(found) == 1}
    paths = []
    for path in project.of_kind("kubernetes"):
        if path.startswith("k8s/base/"):
            continue
        try:
            objects = kubernetes.objects(project.repository.read(path) or "")
        except ParseError:
            continue
        if any((one.kind, one.name) in wanted and one.pod and one.pod.containers for one in objects):
            paths.append(path)
    return paths


def _improve_instead(paths: list[str], found: list[Workload]) -> Creation:
    told = ", ".join(paths)
    name = found[0].name
    return Creation(
        summary=Text(
            f"{name} already has its manifests ({told}): they are improved, no second set is written.",
            f"{name} a déjà ses manifestes ({told}) : ils sont améliorés, aucun second jeu n'est écrit.",
        ),
        files=tuple(File(path, "") for path in paths),
    )


def _root(kind: str, project: Project) -> str:
    """`k8s`; a Job has a folder of its own beside a base, since it is run before a rollout and not with each apply."""
    base = project.repository.has("k8s/base/kustomization.yaml") and not project.repository.has("k8s/base/job.yaml")
    return "k8s/jobs" if kind == "job" and base else "k8s"


def _write(
    found: list[Workload], root: str, params: DeploymentsParams, project: Project
) -> tuple[list[File], list[Edit]]:
    files: list[File] = []
    edits: list[Edit] = []
    part_of = slug(project.name) if project.name else None
    base = f"{root}/base"
    single = len(found) == 1
    for workload in found:
        folder = base if single else f"{base}/{workload.name}"
        manifests = _manifests(workload, folder, project)
        files += manifests
        names = [PurePosixPath(file.path).name for file in manifests]
        _list(files, edits, f"{folder}/kustomization.yaml", names, part_of if single else None, project)
    if not single:
        _list(files, edits, f"{base}/kustomization.yaml", [w.name for w in found], part_of, project)
    reduced = [w.name for w in found if not w.explicit_replicas and w.spread and w.scaled_by is None]
    plain = environments(params, found, project)
    for environment, namespace in plain:
        files.append(
            File(
                f"{root}/overlays/{environment}/kustomization.yaml",
                template.render(
                    __package__, "overlay-kustomization.yaml", namespace=namespace, base="../../base",
                    single=[] if environment in ("production", "prod") else reduced, images=_tags(found),
                ),
                Text(f"what differs in {environment}", f"ce qui change en {environment}"),
            )
        )  # fmt: skip
    return files, edits


def _tags(found: list[Workload]) -> list[Image]:
    images = {w.image.name: w.image for w in found}
    return [Image(one.name, one.tag or (None if one.digest else UNSET), one.digest) for one in images.values()]


def _manifests(w: Workload, folder: str, project: Project) -> list[File]:
    """The files of one workload, in the order in which they are read."""
    pod = template.render(__package__, "pod.yaml", w=w).rstrip("\n")
    files = [
        File(
            f"{folder}/{w.kind}.yaml",
            template.render(__package__, f"{w.kind}.yaml", w=w, pod=pod),
            Text("the workload and its pods", "la charge de travail et ses pods"),
        )
    ]
    if w.served:
        files.append(_file(folder, "service.yaml", w, Text("its stable address", "son adresse stable")))
    files.append(
        _file(folder, "serviceaccount.yaml", w, Text("an identity without rights", "une identité sans droits"))
    )
    if w.spread:
        why = Text(
            "keeps pods up while nodes are drained", "garde des pods en service pendant la maintenance des nœuds"
        )
        files.append(_file(folder, "poddisruptionbudget.yaml", w, why))
    return files


def _file(folder: str, name: str, w: Workload, why: Text) -> File:
    return File(f"{folder}/{name}", template.render(__package__, name, w=w), why)


def _list(
    files: list[File], edits: list[Edit], path: str, names: list[str], part_of: str | None, project: Project
) -> None:
    """A kustomization that lists these resources; one that is there gets the entries that it lacks."""
    text = project.repository.read(path)
    if text is None:
        content = template.render(__package__, "kustomization.yaml", resources=names, part_of=part_of)
        files.append(File(path, content, Text("what belongs together", "ce qui va ensemble")))
        return
    try:
        documents = yaml.parse(text)
    except ParseError:
        return
    resources = documents[0].get("resources") if documents else None
    if resources is None or resources.kind != "list" or not list(resources.children()):
        return
    missing = [name for name in names if name not in resources.value]
    if missing:
        start, end, _ = yaml.append_item(resources, missing[0])
        edits.append(Edit(path, start, end, "".join(yaml.append_item(resources, name)[2] for name in missing)))


def _summary(found: list[Workload], root: str) -> Text:
    kind = KINDS[found[0].kind]
    names = ", ".join(w.name for w in found)
    return Text(
        f"{kind} of {names} under {root}/: a kustomize base and an overlay for each environment.",
        f"{kind} de {names} sous {root}/ : une base kustomize et un overlay par environnement.",
    )
