"""deployment/strategies: canary, blue-green, rolling updates and GitOps."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.deployment.strategies.create import create, suggest
from devops_orchestrator.domains.deployment.strategies.params import StrategiesParams
from devops_orchestrator.domains.deployment.strategies.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="deployment/strategies",
    title=Text(en="Deployment strategies", fr="Stratégies de déploiement"),
    summary=Text(
        en="Canary, blue-green, rolling updates and GitOps, derived from the Deployment that exists: Argo Rollouts, Flagger, Argo CD, Flux",
        fr="Canary, blue-green, rolling update et GitOps, dérivés du Deployment existant : Argo Rollouts, Flagger, Argo CD, Flux",
    ),
    params=StrategiesParams,
    kinds=("kubernetes",),
    files=("**/rollout*.yaml", "**/canary*.yaml", "argocd/*.yaml", "clusters/**/*.yaml"),
    suggest=suggest,
    create=create,
    rules=RULES,
    examples=(
        Text(
            en="Canary at 10, 50 then 100 % with a 5 minute pause",
            fr="Implémenter un déploiement canary à 10, 50 puis 100 % avec 5 minutes de pause",
        ),
        Text(en="Blue-green with Argo Rollouts", fr="Implémenter blue-green avec Argo Rollouts"),
        Text(en="GitOps with Argo CD", fr="Mettre en place Argo CD"),
    ),
    after=("kubernetes/deployments",),
)
