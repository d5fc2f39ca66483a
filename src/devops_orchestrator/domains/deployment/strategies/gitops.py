"""GitOps: Argo CD Applications or Flux objects that deploy what the repository holds."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.deployment.strategies import kustomize
from devops_orchestrator.domains.deployment.strategies.kustomize import PRODUCTION
from devops_orchestrator.domains.deployment.strategies.params import StrategiesParams
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.template import render
from devops_orchestrator.text import Text

HOSTS = {"github": "https://github.com", "gitlab": "https://gitlab.com", "bitbucket": "https://bitbucket.org"}


@dataclass(frozen=True)
class Environment:
    """One place to deploy: the folder that is built, its namespace, the workloads in it."""

    name: str | None
    path: str
    namespace: str | None
    workloads: tuple[tuple[str, str, str], ...]  # (apiVersion, kind, name)
    scaled: tuple[str, ...]  # Deployments whose replicas something in the cluster changes
    placed: bool = True  # whether the objects say the namespace themselves
    owns_namespace: bool = False  # whether a Namespace object is among them

    @property
    def automatic(self) -> bool:
        """Production waits for somebody; everything else follows Git by itself."""
        return self.name is None or self.name not in PRODUCTION


def environments(project: Project, params: StrategiesParams) -> list[Environment]:
    """What there is to deploy: the outermost kustomizations, else charts, else folders of manifests."""
    roots = [root for root in kustomize.roots(project) if _is_application(root)]
    # Where there are overlays, a kustomization that builds on nothing is another way to install, not an environment.
    roots = [root for root in roots if root.below] or roots
    found = [_of_kustomization(root, len(roots) > 1) for root in roots]
    if not found:
        charts = sorted(posixpath.dirname(path) or "." for path in project.of_kind("helm-chart"))
        found = [Environment(None, folder, params.namespace, (), (), placed=False) for folder in charts[:1]]
    if not found:
        found = _folders(project, params)
    asked = set(params.environments)
    chosen = [e for e in found if e.name in asked or (e.name in PRODUCTION and asked & set(PRODUCTION))]
    return chosen if asked and chosen else found


def _is_application(root: kustomize.Kustomization) -> bool:
    """Whether a kustomization builds workloads, and is not itself GitOps or tooling."""
    mine = {m.path: m for m in kustomize.manifests(root.project)}
    return any(
        mine[path].object.kind in ("Deployment", "StatefulSet", "DaemonSet", "Rollout", "CronJob")
        for path in root.files
        if path in mine
    )


def _of_kustomization(root: kustomize.Kustomization, several: bool) -> Environment:
    files = set(root.files)
    inside = [m for m in kustomize.manifests(root.project) if m.path in files]
    items = [(m.object, kustomize.final_name(root, m.path, m.object.name)) for m in inside]
    kinds = ("Deployment", "StatefulSet", "DaemonSet", "Rollout")
    referenced = {i.at("spec", "workloadRef", "name") for i, _ in items if i.kind == "Rollout"}
    workloads = tuple(
        (i.api_version, i.kind, name)
        for i, name in items
        if i.kind in kinds and not (i.kind == "Deployment" and name in referenced)
    )
    scaled = _scaled(i for i, _ in items)
    written = next((i.namespace for i, _ in items if i.namespace), None)
    return Environment(
        posixpath.basename(root.folder) if several or root.below else None, root.folder, kustomize.namespace(root, written),
        workloads, scaled, owns_namespace=any(i.kind == "Namespace" for i, _ in items),
    )  # fmt: skip


def _scaled(objects: Iterable[Object]) -> tuple[str, ...]:
    """The Deployments that an autoscaler scales."""
    return tuple(
        str(item.at("spec", "scaleTargetRef", "name"))
        for item in objects
        if item.kind in ("HorizontalPodAutoscaler", "ScaledObject")
        and item.at("spec", "scaleTargetRef", "kind", default="Deployment") == "Deployment"
    )


def _folders(project: Project, params: StrategiesParams) -> list[Environment]:
    by_folder: dict[str, list[kustomize.Manifest]] = {}
    for manifest in kustomize.manifests(project):
        by_folder.setdefault(posixpath.dirname(manifest.path) or ".", []).append(manifest)
    found = []
    for folder, items in sorted(by_folder.items()):
        work = tuple(
            (m.object.api_version, m.object.kind, m.object.name)
            for m in items
            if m.object.kind in ("Deployment", "StatefulSet", "DaemonSet")
        )
        if work:
            written = next((m.object.namespace for m in items if m.object.namespace), None)
            owned = any(m.object.kind == "Namespace" for m in items)
            found.append(
                Environment(
                    None,
                    folder,
                    written or params.namespace,
                    work,
                    _scaled(m.object for m in items),
                    bool(written),
                    owned,
                )
            )
    return found[:1]


def create(params: StrategiesParams, project: Project) -> Creation:
    """The objects that make the cluster follow the repository."""
    found = environments(project, params)
    if not found:
        return Creation(
            Text("Nothing written.", "Rien n'a été écrit."),
            question=Text(
                "There is nothing to deploy yet: no kustomization, chart or manifest. The manifests come first (`devops do kubernetes/deployments`), then GitOps.",
                "Il n'y a encore rien à déployer : ni kustomization, ni chart, ni manifeste. Les manifestes d'abord (`devops do kubernetes/deployments`), le GitOps ensuite.",
            ),
            options=("devops do kubernetes/deployments",),
        )
    url = repository_url(project)
    if url is None:
        return Creation(
            Text("Nothing written.", "Rien n'a été écrit."),
            question=Text(
                "Which repository shall the cluster follow? This one has no remote: `git remote add origin URL`, then ask again.",
                "Quel dépôt le cluster doit-il suivre ? Celui-ci n'a pas de remote : `git remote add origin URL`, puis reposez la question.",
            ),
        )
    name = params.name or (project.vcs.slug or project.name).rpartition("/")[2]
    branch = project.vcs.default_branch or "main"
    if params.controller == "flux":
        return _flux(name, url, branch, found, project)
    return _argo_cd(name, url, branch, found, project)


def repository_url(project: Project) -> str | None:
    """The address over HTTPS of the repository's remote, or None."""
    if project.vcs.host in HOSTS and project.vcs.slug:
        return f"{HOSTS[project.vcs.host]}/{project.vcs.slug}.git"
    remote = (project.repository.git("remote", "get-url", "origin") or "").strip()
    matched = re.fullmatch(
        r"(?:ssh://)?(?:[\w.-]+@)?([\w.-]+\.[a-z]{2,})(?::\d+)?[:/](.+?)(?:\.git)?/?", remote.removeprefix("https://")
    )
    return f"https://{matched[1]}/{matched[2]}.git" if matched else None


def _label(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "app"


def _argo_cd(name: str, url: str, branch: str, found: list[Environment], project: Project) -> Creation:
    name = _label(name)
    namespaces = sorted({e.namespace or name for e in found})
    values = {
        "app": name,
        "url": url,
        "branch": branch,
        "environments": found,
        "namespaces": namespaces,
        "environment": found[0],
    }
    single = len(found) == 1
    template = "argocd-application.yaml" if single else "argocd-applicationset.yaml"
    file = "application.yaml" if single else "applicationset.yaml"
    manual = [e.name for e in found if not e.automatic and e.name]
    places = ", ".join(e.path for e in found)
    steps = [
        Text(
            "Apply once, by hand: `kubectl apply -n argocd -f argocd/`; from then on Git decides.",
            "À appliquer une fois, à la main : `kubectl apply -n argocd -f argocd/` ; ensuite, c'est Git qui décide.",
        ),
    ]
    for place in manual:
        steps.append(
            Text(
                f"{place} waits for somebody: `argocd app diff {name}-{place}`, then `argocd app sync {name}-{place}`.",
                f"{place} attend une décision : `argocd app diff {name}-{place}`, puis `argocd app sync {name}-{place}`.",
            )
        )
    steps.append(
        Text(
            f"If {url} is private, give Argo CD read access: `argocd repo add {url}` with a deploy token.",
            f"Si {url} est privé, donnez à Argo CD un accès en lecture : `argocd repo add {url}` avec un jeton de déploiement.",
        )
    )
    steps += _migration(project)
    return Creation(
        Text(f"Argo CD follows {branch} for {places}.", f"Argo CD suit {branch} pour {places}."),
        files=(
            File("argocd/project.yaml", render(__package__, "argocd-project.yaml", **values)),
            File(f"argocd/{file}", render(__package__, template, **values)),
        ),
        next_steps=tuple(steps),
    )


def _flux(name: str, url: str, branch: str, found: list[Environment], project: Project) -> Creation:
    name = _label(name)
    files = []
    for environment in found:
        cluster = environment.name or "production"
        files.append(
            File(
                f"clusters/{cluster}/{name}.yaml",
                render(__package__, "flux.yaml", app=name, url=url, branch=branch, environment=environment),
            )
        )
    slug = project.vcs.slug or "OWNER/REPOSITORY"
    owner, _, repository = slug.rpartition("/")
    host = project.vcs.host if project.vcs.host in ("github", "gitlab") else None
    first = found[0].name or "production"
    bootstrap = (
        f"flux bootstrap {host} --owner={owner} --repository={repository} --branch={branch} --path=clusters/{first}"
        if host
        else f"flux bootstrap git --url={url} --branch={branch} --path=clusters/{first}"
    )
    places = ", ".join(e.path for e in found)
    return Creation(
        Text(f"Flux follows {branch} for {places}.", f"Flux suit {branch} pour {places}."),
        files=tuple(files),
        next_steps=(
            Text(
                f"Once per cluster: `{bootstrap}` installs Flux and makes it follow clusters/{first}.",
                f"Une fois par cluster : `{bootstrap}` installe Flux et lui fait suivre clusters/{first}.",
            ),
            Text(
                f"Follow: `flux get kustomizations --watch`; act now: `flux reconcile kustomization {name} --with-source`.",
                f"Suivre : `flux get kustomizations --watch` ; agir tout de suite : `flux reconcile kustomization {name} --with-source`.",
            ),
            Text(
                f"If {url} is private: `flux create secret git {name} --url={url}` and `secretRef` in the GitRepository.",
                f"Si {url} est privé : `flux create secret git {name} --url={url}` et `secretRef` dans le GitRepository.",
            ),
            *_namespaces(found),
            *_migration(project),
        ),
    )


def _namespaces(found: list[Environment]) -> list[Text]:
    """Flux makes no namespace: those that nothing in the repository creates."""
    missing = sorted({e.namespace for e in found if e.namespace and not e.owns_namespace})
    return [
        Text(
            f"Nothing in the repository creates the namespace {name}: `kubectl create namespace {name}` once.",
            f"Rien dans le dépôt ne crée le namespace {name} : `kubectl create namespace {name}`, une fois.",
        )
        for name in missing
    ]


def _migration(project: Project) -> list[Text]:
    command = next((c.migrate for c in project.deployable if c.migrate), None)
    if not command:
        return []
    return [
        Text(
            f"Migrations: run `{command}` as a Job before the new pods (annotation argocd.argoproj.io/hook: PreSync with Argo CD, a Kustomization "
            "that the application dependsOn with Flux), and only ever add to the schema: the former version still runs while it works.",
            f"Migrations : lancez `{command}` dans un Job avant les nouveaux pods (annotation argocd.argoproj.io/hook: PreSync avec Argo CD, une Kustomization "
            "dont l'application dépend — dependsOn — avec Flux), et ne faites qu'ajouter au schéma : l'ancienne version tourne encore pendant ce temps.",
        )
    ]
