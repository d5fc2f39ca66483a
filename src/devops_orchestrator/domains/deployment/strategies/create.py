"""Which strategy, by which controller, on which Deployment."""

from __future__ import annotations

from collections.abc import Mapping

from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Suggestion
from devops_orchestrator.domains.deployment.strategies import (
    bluegreen,
    canary,
    flagger,
    gitops,
    kustomize,
    rolling,
    workload,
)
from devops_orchestrator.domains.deployment.strategies.params import StrategiesParams
from devops_orchestrator.text import Text

# kind and API group of what shows that a controller is in use.
SHOWN_BY = (
    ("argo-rollouts", "argoproj.io", ("Rollout", "AnalysisTemplate", "ClusterAnalysisTemplate", "Experiment")),
    ("flagger", "flagger.app", ("Canary", "MetricTemplate")),
    ("argo-cd", "argoproj.io", ("Application", "ApplicationSet", "AppProject")),
    ("flux", "toolkit.fluxcd.io", ("GitRepository", "Kustomization", "HelmRelease", "OCIRepository")),
)


def suggest(project: Project) -> Mapping[str, Suggestion]:
    """Nothing: which controller the repository shows is weighed with the strategy that is asked for."""
    return {}


def shown(project: Project) -> dict[str, str]:
    """controller → the file that shows that it is in use."""
    found: dict[str, str] = {}
    for manifest in kustomize.manifests(project):
        for controller, group, kinds in SHOWN_BY:
            if manifest.object.kind in kinds and manifest.object.group.endswith(group):
                found.setdefault(controller, manifest.path)
    return found


def create(params: StrategiesParams, project: Project) -> Creation:
    """The files of the strategy that is asked for, or a question."""
    strategy = params.strategy or _implied(params)
    if strategy is None:
        return _which()
    if strategy == "gitops":
        return gitops.create(params.model_copy(update={"controller": _gitops_controller(params, project)}), project)
    several = [] if params.name else workload.ambiguous(project)
    if several:
        return Creation(
            Text("Nothing written.", "Rien n'a été écrit."),
            question=Text("Which Deployment is meant?", "De quel Deployment s'agit-il ?"),
            options=tuple(f"name={name}" for name in several),
        )
    targets = workload.find(project, params.name, params.environments, params.namespace)
    if not targets:
        return _no_deployment(params, project, strategy)
    controller = _delivery_controller(params, project)
    if strategy == "rolling":
        return rolling.create(targets)
    if controller == "flagger":
        return flagger.create(params, targets, weighted=strategy == "canary")
    if strategy == "blue-green":
        return bluegreen.create(params, targets)
    return canary.create(params, targets)


def _implied(params: StrategiesParams) -> str | None:
    """What the other parameters say of the strategy."""
    if params.controller in ("argo-cd", "flux"):
        return "gitops"
    if params.controller in ("argo-rollouts", "flagger") or params.steps or params.pause:
        return "canary"
    return None


def _gitops_controller(params: StrategiesParams, project: Project) -> str:
    if params.controller in ("argo-cd", "flux"):
        return params.controller
    found = shown(project)
    return "flux" if "flux" in found and "argo-cd" not in found else "argo-cd"


def _delivery_controller(params: StrategiesParams, project: Project) -> str:
    """Argo Rollouts or Flagger: asked for, of the family that is asked for, in use, else Argo Rollouts."""
    if params.controller in ("argo-rollouts", "flagger"):
        return params.controller
    if params.controller == "argo-cd":
        return "argo-rollouts"
    if params.controller == "flux":
        return "flagger"
    found = shown(project)
    return "flagger" if "flagger" in found and "argo-rollouts" not in found else "argo-rollouts"


def _which() -> Creation:
    return Creation(
        Text("Nothing written.", "Rien n'a été écrit."),
        question=Text(
            "Which strategy: canary (a growing share of the traffic), blue-green (two versions, one switch), rolling (pod by pod), gitops (the cluster follows Git)?",
            "Quelle stratégie : canary (une part croissante du trafic), blue-green (deux versions, une bascule), rolling (pod par pod), gitops (le cluster suit Git) ?",
        ),
        options=("strategy=canary", "strategy=blue-green", "strategy=rolling", "strategy=gitops"),
    )


def _no_deployment(params: StrategiesParams, project: Project, strategy: str) -> Creation:
    names = sorted({m.object.name for m in kustomize.manifests(project) if m.object.kind == "Deployment"})
    if params.name and names:
        return Creation(
            Text("Nothing written.", "Rien n'a été écrit."),
            question=Text(
                f"No Deployment is called {params.name}. Which one?",
                f"Aucun Deployment ne s'appelle {params.name}. Lequel ?",
            ),
            options=tuple(f"name={name}" for name in names),
        )
    if project.of_kind("helm-chart"):
        chart = project.of_kind("helm-chart")[0]
        return _question(
            f"The only Deployment is a template of {chart}: its names and ports are known once it is rendered. Put the {strategy} into the chart (`devops do kubernetes/helm`), or create plain manifests.",
            f"Le seul Deployment est un gabarit de {chart} : ses noms et ports ne sont connus qu'une fois rendus. Intégrez le {strategy} au chart (`devops do kubernetes/helm`), ou créez des manifestes simples.",
            "devops do kubernetes/helm", "devops do kubernetes/deployments",
        )  # fmt: skip
    if project.of_kind("compose"):
        file = project.of_kind("compose")[0]
        return _question(
            f"Only {file} is here. Docker Compose replaces a container in place: it has neither weights nor two versions side by side. What it allows is a second project "
            "(`docker compose -p green up -d`) behind a proxy that is switched by hand. A strategy needs a Deployment: Kubernetes manifests first?",
            f"Il n'y a ici que {file}. Docker Compose remplace un conteneur sur place : ni poids, ni deux versions côte à côte. Ce qu'il permet, c'est un second projet "
            "(`docker compose -p green up -d`) derrière un proxy que l'on bascule à la main. Une stratégie demande un Deployment : des manifestes Kubernetes d'abord ?",
            "devops do kubernetes/deployments",
        )  # fmt: skip
    return _question(
        f"A {strategy} is derived from a Deployment, and the repository has none. The plan would be: `kubernetes/deployments`, then `deployment/strategies`. Shall both be done?",
        f"Un déploiement {strategy} se dérive d'un Deployment, et le dépôt n'en a pas. Le plan serait : `kubernetes/deployments`, puis `deployment/strategies`. Faut-il faire les deux ?",
        "devops do kubernetes/deployments",
    )


def _question(en: str, fr: str, *options: str) -> Creation:
    return Creation(Text("Nothing written.", "Rien n'a été écrit."), question=Text(en, fr), options=options)
